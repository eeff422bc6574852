"""Whatever moderators do to a deadline while Discord fails: no reminder comes twice, nor to whom it is not for."""

import asyncio
import shutil
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.submissions import Changes
from bot.errors import UserError
from bot.jobs.posts import Ambiguous, ServerError, TryAgain
from tests.costly import costly
from tests.services.assignment_team import A_SNOWFLAKE, MORNING, Team, assignment_team, people

SIZE = 3
DUE = MORNING + timedelta(hours=5)
MORE_TIME = DUE + timedelta(hours=5)
OUTAGES = {
    "lost": (Ambiguous("reset"), False),
    "arrived": (Ambiguous("reset"), True),
    "5xx": (ServerError("502"), False),
    "429": (TryAgain(40), False),
    "well": (None, True),
}
EDITS = {
    "move": Changes(due=(DUE + timedelta(hours=3)).isoformat()),
    "move back": Changes(due=DUE.isoformat()),
    "remind once": Changes(remind="30m"),
    "remind": Changes(remind="3h, 2h, 30m"),
}
WHAT = (*EDITS, "remove", "undo", "excuse", "submit", "withdraw", "extend", "pause", "resume")
STEPS = st.tuples(
    st.sampled_from(WHAT),
    st.integers(0, SIZE - 1),
    st.one_of(st.just("well"), st.sampled_from(list(OUTAGES))),
    st.sampled_from([1, 1, 2, 4, 30, 60]),
)
"""What is done, to whom, how Discord is then, and after how many minutes the bot looks."""


@dataclass
class World:
    """The team, whom a reminder is for, and what was wrong with a message when it came to be there."""

    team: Team
    excused: set[int] = field(default_factory=set)
    done: set[int] = field(default_factory=set)
    removed: int | None = None
    due: datetime = DUE
    wrong: list[str] = field(default_factory=list)

    async def do(self, what: str, number: int) -> None:
        with suppress(UserError):
            await self._do(what, number)

    def discord_is(self, how: str) -> None:
        self.team.channel.error, self.team.channel.arrives = OUTAGES[how]

    async def look(self, minutes: float) -> None:
        """Time passes, and the bot looks at its end."""
        for post in await self.team.at(self.team.clock.instant + timedelta(minutes=minutes)):
            if self.removed is not None:
                self.wrong.append(f"removed: {post.text}")
            if not any(f"<t:{int(due.timestamp())}:" in post.text for due in (self.due, MORE_TIME)):
                self.wrong.append(f"moved: {post.text}")
            if strangers := set(people(post)) & (self.done | self.excused):
                self.wrong.append(f"{strangers}: {post.text}")

    async def _do(self, what: str, number: int) -> None:
        changes, admin = self.team.services.assignment_changes, self.team.admin
        if what in EDITS:
            edited = await changes.edit(admin, 1, EDITS[what])
            self.due = edited.after.due
        elif what == "excuse":
            await changes.excuse(admin, 1, A_SNOWFLAKE + number)
            self.excused ^= {number}
        elif what == "extend":
            await changes.extend(admin, 1, A_SNOWFLAKE + number, MORE_TIME.isoformat())
        elif what == "submit":
            await self.team.submit(number, 1)
            self.done.add(number)
        elif what == "withdraw":
            await self.team.services.assignments.withdraw(self.team.member(number), 1)
            self.done.discard(number)
        else:
            await self._do_to_all(what)

    async def _do_to_all(self, what: str) -> None:
        services, admin = self.team.services, self.team.admin
        if what == "remove":
            await services.assignment_changes.remove(admin, 1)
            self.removed = await services.undo.change_of(admin)
        elif what == "undo" and self.removed is not None:
            await services.undo.undo(admin, self.removed)
            self.removed = None
        elif what == "pause":
            await services.admin.pause(admin)
        elif what == "resume":
            await services.admin.resume(admin)


async def live(file: Path, outage: str, steps: list[tuple[str, int, str, int]]) -> tuple[World, int]:
    """The world after a reminder was sent into an outage and all this happened, and how often people were reminded of
    one more assignment, which nothing happened to."""
    async with assignment_team(file) as team:
        await team.grow(SIZE)
        world = World(team)
        await team.services.assignments.add(team.moderator, "과제", DUE.isoformat(), remind="3h, 2h, 30m")
        await world.look(119)
        world.discord_is(outage)
        await world.look(1)
        for what, number, how, minutes in steps:
            await world.do(what, number)
            world.discord_is(how)
            await world.look(minutes)
        world.discord_is("well")
        await world.do("resume", 0)
        await world.look(7)
        await world.look(60)
        due = team.clock.instant + timedelta(hours=2)
        added = await team.services.assignments.add(team.admin, "다음", due.isoformat()[:16] + "+00:00", remind="1h")
        last = await team.at(due - timedelta(minutes=59))
        return world, sum(f":{added.assignment.id}:" in str(post.buttons) for post in last)


@costly(8)
@given(st.sampled_from(list(OUTAGES)), st.lists(STEPS, min_size=1, max_size=4))
def test_whatever_fails_meanwhile_no_reminder_comes_twice_or_to_whom_it_is_not_for(migrated_file, outage, steps):
    with TemporaryDirectory() as folder:
        world, last = asyncio.run(live(shutil.copy(migrated_file, Path(folder) / "a.sqlite3"), outage, steps))
    buttons = Counter(post.buttons[0].custom_id for post in world.team.channel.posts if post.mentions)
    assert world.wrong == []
    assert not buttons or max(buttons.values()) == 1
    assert last == 1
