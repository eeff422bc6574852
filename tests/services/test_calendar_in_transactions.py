"""A transaction reads its team's calendar once, and again where it has changed what the calendar is made of."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database
from bot.db.tables import CalendarDayRow, MemberRow, TeamRow
from bot.services import Services
from bot.services.days import ensure_day, freeze, load_calendar
from tests.costly import costly
from tests.database import writing
from tests.services.people import MONDAY, caller

FIRST = date(2026, 1, 5)


@pytest.fixture(scope="module")
def team_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("calendar") / "study-bot.sqlite3")

    async def found() -> None:
        database = Database(f"sqlite+aiosqlite:///{file}")
        await Services.over(database, lambda: None).teams.setup(caller(at=MONDAY), "스터디", {})
        await database.dispose()

    asyncio.run(found())
    return file


Deed = Callable[[AsyncSession, TeamRow, date], Awaitable[None]]


async def be_off(session: AsyncSession, team: TeamRow, day: date) -> None:
    found = await session.scalar(select(CalendarDayRow).where(CalendarDayRow.date == day))
    if found is None:
        session.add(CalendarDayRow(team_id=team.id, date=day, studied=False, label="쉬는 날"))
    else:
        found.studied = not found.studied


async def be_as_ever(session: AsyncSession, _team: TeamRow, day: date) -> None:
    found = await session.scalar(select(CalendarDayRow).where(CalendarDayRow.date == day))
    if found is not None:
        await session.delete(found)


async def close(session: AsyncSession, team: TeamRow, day: date) -> None:
    freeze(session, team, await ensure_day(session, team, day), day.day, "", at=MONDAY + timedelta(days=1))


async def reopen(session: AsyncSession, team: TeamRow, day: date) -> None:
    (await ensure_day(session, team, day)).number = None


async def start(_session: AsyncSession, team: TeamRow, day: date) -> None:
    team.start_date = day


async def start_anew(_session: AsyncSession, team: TeamRow, day: date) -> None:
    team.start_set_at = MONDAY + timedelta(days=day.day)


async def choose_weekdays(_session: AsyncSession, team: TeamRow, day: date) -> None:
    team.weekdays = "024" if day.day % 2 else "12345"


async def write_something_else(session: AsyncSession, team: TeamRow, day: date) -> None:
    session.add(MemberRow(team_id=team.id, user_id=day.toordinal(), name=f"{day} {len(session.new)}"))


async def flush(session: AsyncSession, _team: TeamRow, _day: date) -> None:
    await session.flush()


DEEDS = (be_off, be_as_ever, close, reopen, start, start_anew, choose_weekdays, write_something_else, flush)
DAYS = st.integers(0, 9).map(lambda number: FIRST + timedelta(days=number))


@costly(30)
@given(st.lists(st.tuples(st.sampled_from(DEEDS), DAYS), unique_by=lambda each: (each[0].__name__, each[1])))
def test_it_is_always_the_one_that_would_be_read_now(team_file, deeds: list[tuple[Deed, date]]):
    asyncio.run(compare(team_file, deeds))


async def compare(file: Path, deeds: list[tuple[Deed, date]]) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        async with AsyncSession(database.writer) as session:
            team = (await session.scalars(select(TeamRow))).one()
            for deed, day in deeds:
                await deed(session, team, day)
                kept = await load_calendar(session, team)
                session.info.clear()
                assert kept == await load_calendar(session, team), deed.__name__
    finally:
        await database.dispose()


async def test_it_is_read_once(team, database):
    asked = []
    async with writing(database) as session:
        row = (await session.scalars(select(TeamRow))).one()
        event.listen(database.writer.sync_engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        for number in range(3):
            await write_something_else(session, row, FIRST + timedelta(days=number))
            await session.flush()
            await load_calendar(session, row)
    assert len([statement for statement in asked if "FROM calendar_day" in statement]) == 1
