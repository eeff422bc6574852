"""A reminder is on its way when what it reminds of is changed: nobody is told what does not hold, nobody twice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.domain.submissions import Changes
from bot.jobs.posts import Ambiguous, Refused, SendError, TryAgain
from tests.services.assignment_team import A_SNOWFLAKE, DEADLINE, Team, assignment_team

DUE = DEADLINE - timedelta(hours=3)
SOON = DUE + timedelta(minutes=1)
"""When the bot tries again: before the reminder is late."""


@pytest.fixture
async def team(database_file):
    async with assignment_team(database_file) as team:
        await team.grow(2)
        yield team


@dataclass(frozen=True)
class Answer:
    """What came of the first attempt: Discord's answer, whether the message is there, and what becomes of the row where
    its reminder still holds, and where it does not."""

    error: SendError | None
    arrives: bool
    kept: str
    called_off: str


ANSWERS = {
    "arrived": Answer(None, True, "sent", "sent"),
    "arrived unseen": Answer(Ambiguous("reset"), True, "sent", "sent"),
    "lost": Answer(Ambiguous("reset"), False, "sent", "skipped"),
    "not taken yet": Answer(TryAgain(5), False, "sent", "skipped"),
    "refused": Answer(Refused(50013, "Missing Permissions"), False, "failed", "failed"),
}
"""A killed process leaves the same row behind as a lost answer: each `team.at` begins with a new dispatcher."""


async def remove(team: Team) -> None:
    await team.services.assignment_changes.remove(team.admin, 1)


async def edit(team: Team, **changes: str) -> None:
    await team.services.assignment_changes.edit(team.admin, 1, Changes(**changes))


async def move(team: Team) -> None:
    await edit(team, due="2026-01-08 23:59")


async def move_and_back(team: Team) -> None:
    await move(team)
    await edit(team, due="2026-01-06 23:59")


async def switch_off(team: Team) -> None:
    await edit(team, remind="1h")


async def excuse_all(team: Team) -> None:
    for number in range(2):
        await team.services.assignment_changes.excuse(team.admin, 1, A_SNOWFLAKE + number)


async def hand_in(team: Team) -> None:
    for number in range(2):
        await team.submit(number, 1)


async def rename(team: Team) -> None:
    await edit(team, title="다른 제목")


async def remove_and_undo(team: Team) -> None:
    await remove(team)
    undo = team.services.undo
    await undo.undo(team.admin, await undo.change_of(team.admin))


async def pause_and_resume(team: Team) -> None:
    """In between the bot looks, and sends nothing."""
    await team.services.admin.pause(team.admin)
    before = len(team.channel.posts)
    await team.at(DUE + timedelta(seconds=30))
    assert len(team.channel.posts) == before
    await team.services.admin.resume(team.admin)


async def remove_team_and_restore(team: Team) -> None:
    (listed,) = await team.services.guild_teams.list(team.admin)
    await team.services.guild_teams.remove(team.admin, listed.team.id, "스터디")
    before = len(team.channel.posts)
    await team.at(DUE + timedelta(seconds=30))
    assert len(team.channel.posts) == before
    await team.services.guild_teams.restore(team.admin, listed.team.id)


async def another_channel(team: Team) -> None:
    await team.services.teams.set(team.admin, "reminder_channel", "123456789012345678")


async def add_another(team: Team) -> None:
    await edit(team, remind="3h, 1h")


Change = Callable[[Team], Awaitable[None]]
CALLED_OFF: list[Change] = [remove, move, switch_off, excuse_all, hand_in]
KEPT: list[Change] = [
    move_and_back, rename, add_another, remove_and_undo, pause_and_resume, remove_team_and_restore, another_channel,
]  # fmt: skip


def named(change: Change) -> str:
    return change.__name__


UNSURE = ("arrived unseen", "lost")
"""The answers after which it is looked for; after the other ones it does not matter what is changed."""

CASES = [
    *((remove, answer) for answer in ANSWERS),
    *((change, answer) for change in CALLED_OFF[1:] for answer in (*UNSURE, "not taken yet")),
    *((change, answer) for change in KEPT for answer in UNSURE),
]


@pytest.mark.parametrize(
    ("change", "answer"), [pytest.param(*case, id=f"{named(case[0])}-{case[1]}") for case in CASES]
)
async def test_what_people_see_of_a_reminder_that_is_changed_while_it_is_on_its_way(team, change, answer):
    came = ANSWERS[answer]
    await team.add(remind="3h")
    await team.at(DUE - timedelta(minutes=1))  # what else is due by then goes before it
    team.channel.error, team.channel.arrives = came.error, came.arrives
    await team.at(DUE)
    team.channel.error = None
    await change(team)
    await team.at(SOON)
    await team.at(SOON + timedelta(hours=1))
    state = came.called_off if change in CALLED_OFF else came.kept
    assert (await team.reminders())[0][0] == state
    assert len([post for post in team.channel.posts if post.mentions]) == (state == "sent")


@pytest.mark.parametrize("change", [*CALLED_OFF, *(each for each in KEPT if each is not pause_and_resume)], ids=named)
async def test_what_people_see_of_a_reminder_that_is_changed_while_it_waits_to_be_sent(team, change):
    """It falls due during a pause, as it may in an outage or while what is before it in its lane is tried again."""
    await team.add(remind="3h")
    await team.at(DUE - timedelta(minutes=1))
    await team.services.admin.pause(team.admin)
    await team.at(DUE)
    await change(team)
    await team.at(SOON)
    await team.services.admin.resume(team.admin)
    await team.at(SOON)
    assert len([post for post in team.channel.posts if post.mentions]) == (change not in CALLED_OFF)


@pytest.mark.parametrize("waiting", [True, False], ids=["waiting", "lost"])
@pytest.mark.parametrize(("change", "told"), [(switch_off, 1), (rename, 1), (move, 0), (remove, 0)])
async def test_how_a_deadline_went_is_told_once_although_it_is_changed_before_that_was_sent(
    team, change, told, waiting
):
    await team.add(remind="3h")
    over = DEADLINE + timedelta(minutes=1)
    await team.at(over - timedelta(minutes=1))
    if waiting:
        await team.services.admin.pause(team.admin)
    else:
        team.channel.error, team.channel.arrives = Ambiguous("reset"), False
    await team.at(over)
    team.channel.error = None
    await change(team)
    if waiting:
        await team.services.admin.resume(team.admin)
    for later in (timedelta(minutes=1), timedelta(hours=1)):
        await team.at(over + later)
    assert sum("마감됐어요" in post.text for post in team.channel.posts) == told
