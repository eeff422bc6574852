"""A team gets quiet hours, or another zone: reminders follow, nothing is lost, nothing comes twice."""

import asyncio
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.db.tables import BoardRow, DeliveryRow, ScheduleRow, StudyDayRow
from bot.services.assignments import ASSIGNMENT_REMINDER, ASSIGNMENT_SUMMARY
from bot.services.housekeeping import Housekeeping
from tests.costly import costly
from tests.database import reading
from tests.services.assignment_team import A_SNOWFLAKE, Team, assignment_team
from tests.services.people import caller, seoul


@pytest.fixture
async def people(database_file):
    async with assignment_team(database_file) as team:
        await team.grow(2)
        yield team


async def put(team: Team, key: str, value: str) -> None:
    await team.services.teams.set(team.admin, key, value)


async def test_what_is_planned_leaves_the_night_and_comes_back_without_it(people):
    await people.add("2026-01-07 10:00", remind="3h, 30m")
    assert await people.pending() == ["2026-01-06T22:00:00+00:00-3h", "2026-01-07T00:30:00+00:00-30m"]
    await put(people, "quiet_hours", "23:00-08:00")
    assert await people.pending() == ["2026-01-06T14:00:00+00:00-3h", "2026-01-07T00:30:00+00:00-30m"]
    await put(people, "timezone", "Europe/Berlin")
    assert await people.pending() == ["2026-01-06T22:00:00+00:00-3h", "2026-01-07T00:30:00+00:00-30m"]
    await put(people, "timezone", "Asia/Seoul")
    await put(people, "quiet_hours", "off")
    assert await people.pending() == ["2026-01-06T22:00:00+00:00-3h", "2026-01-07T00:30:00+00:00-30m"]
    assert len(await people.pending(ASSIGNMENT_SUMMARY)) == 1


async def test_new_and_extended_deadlines_keep_clear_of_the_night_and_say_so(people):
    await put(people, "quiet_hours", "23:00-08:00")
    added = await people.services.assignments.add(people.admin, "과제", "2026-01-07 10:00", remind="3h, 30m")
    assert [f"{moment:%d %H:%M}" for moment in added.reminders] == ["06 23:00", "07 09:30"]
    changes = people.services.assignment_changes
    extended = await changes.extend(people.admin, 1, A_SNOWFLAKE, "2026-01-08 09:00")
    assert [f"{moment:%d %H:%M}" for moment in extended.reminders] == ["07 23:00", "08 08:30"]
    assert "2026-01-07T14:00:00+00:00-3h@1" in await people.pending()


async def test_what_is_late_waits_for_the_morning_unless_that_is_too_late(people):
    """The bot was down in the evening, and comes back at night."""
    await put(people, "quiet_hours", "23:00-08:00")
    await people.add("2026-01-07 10:00", remind="12h")
    await people.add("2026-01-07 07:00", remind="9h")
    (night,) = await people.at(seoul("2026-01-07 02:00"))
    assert "07:00" in night.text
    assert await people.at(seoul("2026-01-07 07:59")) == []
    (morning,) = await people.at(seoul("2026-01-07 08:00"))
    assert "10:00" in morning.text


async def test_the_last_reminder_which_is_meant_for_the_night_comes_late_in_it(people):
    await put(people, "quiet_hours", "23:00-08:00")
    await people.add("2026-01-07 10:00", remind="8h")
    assert len(await people.at(seoul("2026-01-07 03:00"))) == 1


async def test_what_was_told_in_the_evening_is_not_told_again_when_the_night_is_given_up(people):
    await put(people, "quiet_hours", "23:00-08:00")
    await people.add("2026-01-07 10:00", remind="3h, 30m")
    assert len(await people.at(seoul("2026-01-06 23:00"))) == 1
    people.clock.instant = seoul("2026-01-06 23:30")
    await put(people, "quiet_hours", "off")
    assert await people.at(seoul("2026-01-07 07:00")) == []
    assert len(await people.at(seoul("2026-01-07 09:30"))) == 1


async def test_what_is_due_already_is_not_lost_to_a_new_clock(people):
    """The bot was down at 07:00; the first thing that happens afterwards is a change."""
    await people.add("2026-01-07 10:00", remind="3h, 30m")
    people.clock.instant = seoul("2026-01-07 07:10")
    await put(people, "timezone", "Europe/Berlin")
    assert len(await people.at(people.clock.instant)) == 1


async def test_a_deadline_stays_at_its_moment_and_its_board_is_drawn_on_the_new_clock(people):
    await people.add("2026-01-07 10:00")
    await people.at(people.clock.instant)
    assert "2026-01-07 (수) 10:00" in str(people.channel.posts[0].blocks)
    await put(people, "timezone", "Europe/Berlin")
    await people.at(people.clock.instant + timedelta(seconds=5))
    assert "2026-01-07 (수) 02:00" in str(people.channel.edits[-1].blocks)
    async with reading(people.database) as session:
        board = (await session.scalars(select(BoardRow))).one()
    assert board.shown_version == board.version


async def planned_days(database, kind: str) -> list[tuple[object, int]]:
    query = select(DeliveryRow.due_at, StudyDayRow.date).join(StudyDayRow, StudyDayRow.id == DeliveryRow.subject_id)
    async with reading(database) as session:
        rows = await session.execute(query.where(DeliveryRow.kind == kind).order_by(DeliveryRow.due_at))
        return [(due_at, day.day) for due_at, day in rows]


async def test_a_clock_put_forward_over_the_evenings_question_asks_at_once(team, database):
    """19:00 in Seoul on Monday is 23:00 in Auckland, where Monday lasts until four."""
    await Housekeeping(database).step(seoul("2026-01-05 18:00"))
    await team.teams.set(caller(at="2026-01-05 19:00"), "timezone", "Pacific/Auckland")
    now = seoul("2026-01-05 19:00")
    assert await planned_days(database, "retro.prompt") == [(now, 5)]
    assert await planned_days(database, "rotation.announcement") == [(seoul("2026-01-05 18:00"), 5)]


async def test_a_clock_put_back_does_not_ask_twice(team, database):
    await Housekeeping(database).step(seoul("2026-01-05 21:00"))
    await team.teams.set(caller(at="2026-01-05 21:30"), "timezone", "Europe/Berlin")
    await Housekeeping(database).step(seoul("2026-01-06 06:00"))
    assert [day for _due, day in await planned_days(database, "retro.prompt")] == [5]


async def test_a_time_that_is_moved_to_earlier_today_begins_tomorrow(team, database):
    """That is a choice, not a clock: whoever makes it does not mean now."""
    await team.teams.set(caller(at="2026-01-05 20:00"), "retro_time", "19:00")
    assert await planned_days(database, "retro.prompt") == []


DAILY = ("retro.prompt", "rotation.announcement")
ZONES = ("Asia/Seoul", "Pacific/Auckland", "Europe/Berlin", "America/New_York", "Pacific/Honolulu")
CHANGES = st.one_of(
    st.tuples(st.just("timezone"), st.sampled_from(ZONES)),
    st.tuples(st.just("quiet_hours"), st.sampled_from(["off", "23:00-08:00", "20:00-10:00", "12:00-13:00"])),
    st.tuples(st.just("pass"), st.integers(1, 20).map(str)),
)


async def _live(file: Path, changes: list[tuple[str, str]]) -> tuple[list[str], list[tuple[str, int]]]:
    """Offsets of the reminders that were sent, and kinds and days of what each study day was to have once."""
    async with assignment_team(file) as team:
        await team.grow(1)
        await team.add("2026-01-08 15:00", remind="2d, 1d, 12h, 6h, 1h")
        for key, value in [*changes, ("pass", "100")]:
            if key != "pass":
                await put(team, key, value)
                continue
            end = team.clock.instant + timedelta(hours=int(value))
            while (due := await _next(team)) is not None and due <= end:
                await team.at(max(due, team.clock.instant))
            team.clock.instant = end
        async with reading(team.database) as session:
            sent = await session.scalars(
                select(DeliveryRow.slot).where(DeliveryRow.kind == ASSIGNMENT_REMINDER, DeliveryRow.state == "sent")
            )
            daily = await session.execute(
                select(DeliveryRow.kind, StudyDayRow.date)
                .join(StudyDayRow, StudyDayRow.id == DeliveryRow.subject_id)
                .where(DeliveryRow.kind.in_(DAILY))
            )
            return [slot.rpartition("-")[2] for slot in sent], [(kind, day.day) for kind, day in daily]


async def _next(team: Team) -> object:
    """When the bot next has a reminder to send or a day to ask."""
    reminder = select(DeliveryRow.due_at).where(DeliveryRow.kind == ASSIGNMENT_REMINDER, DeliveryRow.state == "pending")
    async with reading(team.database) as session:
        instants = [
            *await session.scalars(reminder),
            *await session.scalars(select(ScheduleRow.next_due_at).where(ScheduleRow.kind.in_(DAILY))),
        ]
    return min(instants, default=None)


@costly(5)
@given(st.lists(CHANGES, min_size=1, max_size=6))
def test_whatever_the_clock_does_each_reminder_comes_at_most_once_and_the_last_one_does(migrated_file, changes):
    with TemporaryDirectory() as folder:
        sent, daily = asyncio.run(_live(shutil.copy(migrated_file, Path(folder) / "a.sqlite3"), changes))
    assert max(Counter(sent).values()) == 1
    assert "1h" in sent
    assert max(Counter(daily).values()) == 1
    assert {(kind, day) for kind in DAILY for day in (6, 7)} <= set(daily)
