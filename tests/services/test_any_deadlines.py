"""Whatever moderators do to a deadline, in whatever order: each reminder reaches exactly those it is for, once."""

import asyncio
import shutil
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.submissions import Changes
from bot.errors import UserError
from tests.costly import costly
from tests.services.assignment_team import A_SNOWFLAKE, MORNING, Team, assignment_team, people

SIZE = 3
OFFSETS = {"1d": timedelta(days=1), "3h": timedelta(hours=3)}
who = st.integers(0, SIZE - 1)
hours = st.integers(1, 40)

ACTS = st.one_of(
    st.tuples(st.just("move"), hours, who),
    st.tuples(st.just("remind"), st.sampled_from([1, 2, 3]), who),
    st.tuples(st.just("extend"), st.integers(-10, 30), who),
    st.tuples(st.just("take back"), hours, who),
    st.tuples(st.just("excuse"), hours, who),
    st.tuples(st.just("submit"), hours, who),
    st.tuples(st.just("withdraw"), hours, who),
    st.tuples(st.just("pass"), st.integers(1, 30), who),
)
"""What happens, with a number of hours (from now, or for more time from the deadline), and to whom."""


@dataclass
class World:
    """The team, and what the rule says of it: written down anew here, without the program."""

    team: Team
    due: datetime = MORNING + timedelta(hours=30)
    offsets: frozenset[str] = frozenset(OFFSETS)
    until: dict[int, datetime] = field(default_factory=dict)
    excused: set[int] = field(default_factory=set)
    done: set[int] = field(default_factory=set)
    deadlines: int = 0
    moments: set[datetime] = field(default_factory=set)
    expected: Counter[tuple[datetime, int]] = field(default_factory=Counter)
    pinged: Counter[tuple[datetime, int]] = field(default_factory=Counter)

    def own_due(self, number: int) -> datetime:
        return max(self.due, self.until.get(number, self.due))

    async def do(self, what: str, amount: int, number: int) -> None:
        if what == "pass":
            for _hour in range(amount):
                await self.next_hour()
            return
        with suppress(UserError):
            await self._do(what, amount, number)

    async def _do(self, what: str, amount: int, number: int) -> None:
        changes, admin, now = self.team.services.assignment_changes, self.team.admin, self.team.clock.instant
        then, user = now + timedelta(hours=amount), A_SNOWFLAKE + number
        if what == "move":
            await changes.edit(admin, 1, Changes(due=then.isoformat()))
            self.due = then
        elif what == "remind":
            offsets = list(OFFSETS)[amount - 1 :] if amount < 3 else []
            await changes.edit(admin, 1, Changes(remind=", ".join(offsets) or "off"))
            self.offsets = frozenset(offsets)
        elif what == "extend":
            until = self.due + timedelta(hours=amount)
            await changes.extend(admin, 1, user, until.isoformat())
            self.until[number] = until
        elif what == "take back":
            await changes.extend(admin, 1, user, "off")
            self.until.pop(number)
        elif what == "excuse":
            await changes.excuse(admin, 1, user)
            self.excused ^= {number}
        elif what == "submit":
            await self.team.submit(number, 1)
            self.done.add(number)
        else:
            await self.team.services.assignments.withdraw(self.team.member(number), 1)
            self.done.discard(number)

    async def next_hour(self) -> None:
        """An hour passes; the bot looks where something was ever meant to be sent, which makes the test quick."""
        now = self.team.clock.instant = self.team.clock.instant + timedelta(hours=1)
        dues = [self.own_due(number) for number in range(SIZE)]
        self.moments |= {due - before for due in [self.due, *dues] for before in OFFSETS.values()}
        for number in set(range(SIZE)) - self.excused - self.done:
            times = {self.own_due(number) - OFFSETS[offset] for offset in self.offsets}
            self.expected.update([(now, number)] if now in times else [])
        if now in self.moments:
            for post in await self.team.at(now):
                self.pinged.update((now, number) for number in people(post))
        if self.due == now:
            await self.team.at(now + timedelta(minutes=1))
            self.team.clock.instant = now
            self.deadlines += len(self.excused) < SIZE  # a deadline for nobody is not told of


async def live(file: Path, acts: list[tuple[str, int, int]]) -> World:
    async with assignment_team(file) as team:
        await team.grow(SIZE)
        world = World(team)
        await team.services.assignments.add(team.moderator, "과제", world.due.isoformat(), remind="1d, 3h")
        for what, amount, number in acts:
            await world.do(what, amount, number)
        await world.do("pass", 30, 0)
        await team.at(team.clock.instant)
        return world


@costly(15)
@given(st.lists(ACTS, min_size=2, max_size=12))
@example([("excuse", 1, number) for number in range(SIZE)])
def test_each_reminder_reaches_those_it_is_for_once_and_each_deadline_has_one_summary(migrated_file, acts):
    with TemporaryDirectory() as folder:
        world = asyncio.run(live(shutil.copy(migrated_file, Path(folder) / "a.sqlite3"), acts))
    assert world.pinged == world.expected
    assert sum("마감됐어요" in post.text for post in world.team.channel.posts) == world.deadlines
