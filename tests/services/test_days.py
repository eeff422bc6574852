"""Study days as rows: which day an entry belongs to, and what stays once a day is closed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import LectureRow, StudyDayRow, TeamRow
from bot.domain.team import StudyDay
from bot.services.days import close_ended_days, day_of_entry, ensure_day, to_study_day
from tests.database import reading, writing
from tests.services.people import MONDAY, caller, seoul

TUESDAY, FRIDAY = date(2026, 1, 6), date(2026, 1, 9)


async def study_lecture(database, number: str, day: date, course: str = "NLP") -> None:
    async with writing(database) as session:
        team_id = await session.scalar(select(TeamRow.id))
        following = day + timedelta(days=1)
        session.add(
            LectureRow(
                team_id=team_id, course=course, number=number, title="제목", kind="lecture",
                study_date=day, session_date=following, created_at=MONDAY,
            )
        )  # fmt: skip


async def the_day(database, day: date) -> StudyDay:
    async with writing(database) as session:
        team = await session.scalar(select(TeamRow))
        return await to_study_day(session, team, await ensure_day(session, team, day))


async def close_by(database, moment: str) -> None:
    """Time passes, and something is written."""
    async with writing(database) as session:
        await close_ended_days(session, await session.scalar(select(TeamRow)), seoul(moment))


async def day_at(database, moment: str) -> date:
    async with writing(database) as session:
        return (await day_of_entry(session, await session.scalar(select(TeamRow)), seoul(moment))).date


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-01-06 01:30", date(2026, 1, 5)),
        ("2026-01-06 03:59", date(2026, 1, 5)),
        ("2026-01-06 04:00", TUESDAY),
        ("2026-01-10 01:30", FRIDAY),
        ("2026-01-10 10:00", date(2026, 1, 12)),
        ("2026-01-12 03:00", date(2026, 1, 12)),
        ("2026-02-17 10:00", date(2026, 2, 19)),
    ],
)
async def test_the_small_hours_belong_to_the_day_before_and_days_off_to_the_next_study_day(team, database, moment, day):
    assert await day_at(database, moment) == day


async def test_a_day_is_titled_after_the_lectures_studied_on_it(team, database):
    assert (await the_day(database, TUESDAY)).title == ""
    await study_lecture(database, "5강", TUESDAY)
    await study_lecture(database, "6강", TUESDAY)
    await study_lecture(database, "7강", FRIDAY)
    tuesday = await the_day(database, TUESDAY)
    assert (tuesday.number, tuesday.title, tuesday.closed) == (2, "NLP 5~6강", False)


async def test_a_closed_day_keeps_its_number_and_title_whatever_changes(team, database):
    await study_lecture(database, "5강", TUESDAY)
    await close_by(database, "2026-01-07 09:00")
    closed = await the_day(database, TUESDAY)
    assert (closed.number, closed.title, closed.closed) == (2, "NLP 5강", True)
    later = caller(at="2026-01-07 10:00")
    await team.calendar.start(later, "2025-12-01")
    await team.calendar.weekdays(later, "월수금")
    await team.calendar.holidays(later, "US")
    await study_lecture(database, "6강", TUESDAY)
    assert await the_day(database, TUESDAY) == closed


async def test_the_days_after_a_closed_one_count_on_from_it(team, database):
    await close_by(database, "2026-01-07 09:00")
    await team.calendar.weekdays(caller(at="2026-01-07 10:00"), "수목")
    assert (await the_day(database, date(2026, 1, 7))).number == 3
    assert (await the_day(database, date(2026, 1, 14))).number == 5
    assert (await the_day(database, TUESDAY)).number == 2


async def test_a_new_start_renumbers_the_days_that_are_not_closed(team, database):
    """The same command closes Monday and Tuesday, with their old numbers, before it moves the start."""
    changed = await team.calendar.start(caller(at="2026-01-07 10:00"), "2025-12-01")
    wednesday = 26  # 23 weekdays in December but Christmas, 1 January off, and two days before the 7th
    assert changed.next_number == wednesday
    assert (await the_day(database, date(2026, 1, 7))).number == wednesday
    assert (await the_day(database, TUESDAY)).number == 2
    await close_by(database, "2026-01-09 09:00")
    assert (await the_day(database, date(2026, 1, 8))).number == wednesday + 1
    assert (await the_day(database, FRIDAY)).number == wednesday + 2


async def test_a_day_that_ends_earlier_than_planned_is_closed_then(team, database):
    await team.teams.set(caller(at="2026-01-05 10:00"), "cutoff", "12:00")
    tuesday_morning = caller(at="2026-01-06 09:00")
    await team.teams.set(tuesday_morning, "retro_time", "22:00")
    assert not (await the_day(database, date(2026, 1, 5))).closed
    await team.teams.set(tuesday_morning, "cutoff", "04:00")
    await close_by(database, "2026-01-06 09:01")
    assert (await the_day(database, date(2026, 1, 5))).closed
    assert not (await the_day(database, TUESDAY)).closed


async def test_days_close_whether_they_were_used_or_not_and_only_once(team, database):
    await close_by(database, "2026-01-12 09:00")
    await close_by(database, "2026-01-12 10:00")
    await close_by(database, "2026-01-13 02:00")
    await close_by(database, "2026-01-13 09:00")
    async with reading(database) as session:
        rows = (await session.scalars(select(StudyDayRow).order_by(StudyDayRow.date))).all()
    assert [(row.date.day, row.number) for row in rows] == [(5, 1), (6, 2), (7, 3), (8, 4), (9, 5), (12, 6)]
    assert [row.closed_at for row in rows] == [*[seoul("2026-01-12 09:00")] * 5, seoul("2026-01-13 09:00")]
