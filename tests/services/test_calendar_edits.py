"""Whatever a team does to its calendar, in whatever order, while days pass."""

import asyncio
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import DeliveryRow, StudyDayRow, TeamRow
from bot.domain.calendar import ONE_DAY, StudyCalendar
from bot.domain.holidays import HOLIDAY_NOTICE, NOTICE, taken_off
from bot.errors import UserError
from bot.services import Services
from bot.services.days import load_calendar
from bot.services.holiday_notices import dates_told
from bot.services.housekeeping import Housekeeping
from tests.costly import costly
from tests.database import reading
from tests.services.people import ADMIN, caller, seoul

BEGIN = seoul("2026-01-26 09:00")
"""Three weeks before Seollal, so that notices fall due on the way."""

nearby = st.integers(-3, 30)
"""Days from today."""

EDITS = st.one_of(
    st.tuples(st.sampled_from(["off", "on", "study", "rest"]), nearby),
    st.tuples(st.just("start"), st.integers(-60, 60)),
    st.tuples(st.just("weekdays"), st.sampled_from(["mon-fri", "mon-sun", "tue,thu", "sat", "mon-sat"])),
    st.tuples(st.just("country"), st.sampled_from(["KR", "US", "off"])),
    st.tuples(st.just("cutoff"), st.sampled_from(["00:00", "04:00", "12:00"])),
    st.tuples(st.just("timezone"), st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/Los_Angeles"])),
    st.tuples(st.just("announce_time"), st.sampled_from(["08:00", "18:00", "23:30"])),
    st.tuples(st.just("pass"), st.integers(1, 24 * 9)),
)
"""An edit of the calendar, or hours that pass."""


@dataclass
class World:
    """A team, its clock, and what has been seen of closed days."""

    database: Database
    services: Services
    now: datetime = BEGIN
    closed: dict[date, int] = field(default_factory=dict)
    started_anew: datetime = BEGIN

    async def do(self, what: str, value: object) -> None:
        """One edit, refused or not, or time that passes."""
        if what == "pass":
            self.now += timedelta(hours=int(str(value)))
            while await Housekeeping(self.database).step(self.now):
                pass
            return
        with suppress(UserError):
            await self._edit(what, value)

    async def _edit(self, what: str, value: object) -> None:
        admin, calendar = caller(ADMIN, at=self.now), self.services.calendar
        if what in {"off", "on", "start", "study", "rest"}:
            day = (await self.calendar()).date_at(self.now) + int(str(value)) * ONE_DAY
            if what == "start":
                await calendar.start(admin, day.isoformat())
                self.started_anew = self.now
            elif what == "study":
                await self.services.holidays.study(admin, 1, day)
            elif what == "rest":
                await self.services.holidays.rest(admin, 1, day, day + 2 * ONE_DAY)
            else:
                await getattr(calendar, what)(admin, day.isoformat(), None)
        elif what == "weekdays":
            await calendar.weekdays(admin, str(value))
        elif what == "country":
            await calendar.holidays(admin, str(value))
        else:
            await self.services.teams.set(admin, what, str(value))

    async def calendar(self) -> StudyCalendar:
        async with reading(self.database) as session:
            return await load_calendar(session, await session.get_one(TeamRow, 1))

    async def closed_days_keep_their_numbers(self) -> None:
        async with reading(self.database) as session:
            rows = (await session.scalars(select(StudyDayRow).where(StudyDayRow.number.is_not(None)))).all()
        closed = {row.date: row.number for row in rows}
        assert self.closed.items() <= closed.items()
        self.closed = closed

    async def numbers_go_on_after_the_last_closed_day(self) -> None:
        """Unless Day 1 was moved since; then they are counted from there."""
        async with reading(self.database) as session:
            since = select(StudyDayRow).where(StudyDayRow.closed_at > self.started_anew)
            last = await session.scalar(since.order_by(StudyDayRow.date.desc()).limit(1))
        calendar = await self.calendar()
        if last is None:
            assert calendar.number(calendar.next_after(date.min)) == 1
        elif last.date >= calendar.start:
            assert calendar.number(calendar.next_after(last.date)) == last.number + 1

    async def numbers_to_come_go_up_by_one(self) -> None:
        calendar = await self.calendar()
        today = calendar.date_at(self.now)
        numbers = [calendar.number(day) for day in calendar.between(today, today + 60 * ONE_DAY)]
        assert all(second == first + 1 for first, second in pairwise(numbers))

    async def each_holiday_is_told_of_once(self) -> None:
        async with reading(self.database) as session:
            rows = (await session.scalars(select(DeliveryRow).where(DeliveryRow.kind == HOLIDAY_NOTICE))).all()
            announce_time = (await session.get_one(TeamRow, 1)).announce_time
        told = [day for row in rows for day in _span(*dates_told(row.subject_id, row.slot))]
        assert len(told) == len(set(told))
        calendar = await self.calendar()
        assert {day for day in _soon(calendar, self.now, announce_time) if taken_off(calendar, day)} <= set(told)


def _span(first: date, last: date) -> list[date]:
    return [first + step * ONE_DAY for step in range((last - first).days + 1)]


def _soon(calendar: StudyCalendar, now: datetime, announce_time: time) -> list[date]:
    """The dates after today whose notice is due by now, were they holidays."""
    today = calendar.date_at(now)
    coming = _span(today + ONE_DAY, today + NOTICE)
    return [day for day in coming if calendar.moment(day - NOTICE, announce_time) <= now]


async def play(file: Path, edits: list[tuple[str, object]]) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}")
    world = World(database, Services.over(database, lambda: None))
    try:
        await world.services.teams.setup(caller(ADMIN, at=BEGIN), "스터디", {})
        for what, value in edits:
            await world.do(what, value)
            await world.closed_days_keep_their_numbers()
            await world.numbers_go_on_after_the_last_closed_day()
            await world.numbers_to_come_go_up_by_one()
            await world.each_holiday_is_told_of_once()
    finally:
        await database.dispose()


@costly(25)
@given(st.lists(EDITS, min_size=1, max_size=10))
def test_numbers_and_notices_hold_under_any_edits(migrated_file, edits):
    with TemporaryDirectory() as folder:
        asyncio.run(play(Path(shutil.copy(migrated_file, folder)), edits))
