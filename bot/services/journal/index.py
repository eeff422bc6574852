"""What has become of each day of the study."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.domain.calendar import DayOff, DayOffKind, StudyCalendar
from bot.domain.journal_weeks import week_of_study
from bot.domain.team import Caller, StudyDay
from bot.services.days import load_calendar
from bot.services.journal._days import days_with_content, study_days
from bot.services.teams import team_of


class Standing(Enum):
    """What a day is. LATE: it is over and open again; MISSING: it is over and nothing was written on it."""

    CLOSED = "closed"
    OPEN = "open"
    LATE = "late"
    MISSING = "missing"
    HOLIDAY = "holiday"
    OFF = "off"


@dataclass(frozen=True)
class IndexedDay:
    """A day of the study. `day` is None for a day off; `label` is the holiday's name or what the team wrote."""

    date: date
    week: int
    standing: Standing
    day: StudyDay | None = None
    label: str = ""


class JournalIndex:
    """`/journal index`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def index(self, session: AsyncSession, caller: Caller) -> tuple[IndexedDay, ...]:
        """Every day from the first to today, the latest first; of the days off, those that fall on a study weekday."""
        team = await team_of(session, caller)
        calendar = await load_calendar(session, team)
        today = calendar.date_at(caller.at)
        days = await study_days(session, team, calendar, caller.at)
        written = await days_with_content(session, team)
        first = min(calendar.start, *(day.date for day in days))
        studied = [_studied(day, today, written, first) for day in days if day.date <= today]
        taken = {each.date for each in studied}
        off = [each for each in _days_off(calendar, first, today) if each.date not in taken]
        return tuple(sorted((*studied, *off), key=lambda each: each.date, reverse=True))


def _studied(day: StudyDay, today: date, written: Collection[date], first: date) -> IndexedDay:
    over = day.date < today
    if over and day.date not in written:
        standing = Standing.MISSING
    elif day.closed:
        standing = Standing.CLOSED
    else:
        standing = Standing.LATE if over else Standing.OPEN
    return IndexedDay(day.date, week_of_study(day.date, first), standing, day)


def _days_off(calendar: StudyCalendar, first: date, today: date) -> list[IndexedDay]:
    dates = (first + timedelta(days=step) for step in range((today - first).days + 1))
    reasons = ((day, calendar.day_off_reason(day)) for day in dates)
    return [_off(day, reason, first) for day, reason in reasons if reason is not None and _is_told(reason)]


def _is_told(reason: DayOff) -> bool:
    return reason.kind in {DayOffKind.HOLIDAY, DayOffKind.TEAM}


def _off(day: date, reason: DayOff, first: date) -> IndexedDay:
    standing = Standing.HOLIDAY if reason.kind is DayOffKind.HOLIDAY else Standing.OFF
    return IndexedDay(day, week_of_study(day, first), standing, label=reason.label)
