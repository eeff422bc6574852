"""Which study days have a page, and which of them is meant. Works inside the transaction of whoever asks."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import exists, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import (
    AnonymousRetrospectiveRow,
    AnswerRow,
    LectureRow,
    MinutesRow,
    QuestionRow,
    RetrospectiveRow,
    RoundtableRow,
    StudyDayRow,
    TeamRow,
)
from bot.domain.calendar import NoStudyDay, StudyCalendar
from bot.domain.dates import DateUnreadable, read_date
from bot.domain.team import StudyDay
from bot.domain.titles import day_title
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.days import load_calendar

_ENTRIES: Final = (QuestionRow, AnswerRow, MinutesRow, RoundtableRow, RetrospectiveRow, AnonymousRetrospectiveRow)

_NUMBERED: Final = re.compile(r"(?:day)?(?P<number>\d{1,5})(?:일차)?(?:·.*)?", re.IGNORECASE)
"""`27`, `Day27`, and what the list of days shows when it is sent as it stands: `Day27 · 11/24 화 · NLP 5강`."""


async def study_days(
    session: AsyncSession, team: TeamRow, calendar: StudyCalendar, now: datetime
) -> Sequence[StudyDay]:
    """Every study day up to the one that entries belong to now, the latest first: never none.

    `id` is 0 where a day has no row, which means that nobody used it.
    """
    query = select(StudyDayRow).where(StudyDayRow.team_id == team.id)
    rows = {row.date: row for row in await session.scalars(query)}
    lectures = await _studied(session, team)
    closed = {day for day, row in rows.items() if row.number is not None}
    dates = closed.union(calendar.between(calendar.start, calendar.day_for_entry(now)))
    return [_study_day(day, rows.get(day), calendar, lectures.get(day, ())) for day in sorted(dates, reverse=True)]


async def _studied(session: AsyncSession, team: TeamRow) -> dict[date, list[LectureRow]]:
    query = select(LectureRow).where(LectureRow.team_id == team.id).order_by(LectureRow.id)
    found: dict[date, list[LectureRow]] = {}
    for row in await session.scalars(query):
        found.setdefault(row.study_date, []).append(row)
    return found


def _study_day(day: date, row: StudyDayRow | None, calendar: StudyCalendar, lectures: Sequence[LectureRow]) -> StudyDay:
    if row is not None and row.number is not None:
        title = row.title or "" if row.closed else day_title(lectures)
        return StudyDay(row.id, day, row.number, title, closed=row.closed)
    return StudyDay(0 if row is None else row.id, day, calendar.number(day), day_title(lectures), closed=False)


async def closed_days(session: AsyncSession, team: TeamRow) -> Mapping[date, int]:
    """Closed days → their numbers; those before a start that was moved are no longer on the calendar."""
    rows = await session.execute(select(StudyDayRow.date, StudyDayRow.number).where(StudyDayRow.team_id == team.id))
    return {day: number for day, number in rows if number is not None}


def day_before(calendar: StudyCalendar, closed: Collection[date], day: date) -> date | None:
    """The study day before one; None before the first."""
    planned = calendar.previous_before(day)
    return max((*_days(planned), *(each for each in closed if each < day)), default=None)


def day_after(calendar: StudyCalendar, closed: Collection[date], day: date) -> date | None:
    """The study day after one; None where the calendar has none."""
    try:
        planned = calendar.next_after(day)
    except NoStudyDay:
        planned = None
    return min((*_days(planned), *(each for each in closed if each > day)), default=None)


def _days(day: date | None) -> tuple[date, ...]:
    return () if day is None else (day,)


async def days_with_content(session: AsyncSession, team: TeamRow) -> Collection[date]:
    """The dates on which a lecture is studied or presented, or to which something was written."""
    written = or_(*(exists().where(table.day_id == StudyDayRow.id) for table in _ENTRIES))
    dates = union(
        select(LectureRow.study_date).where(LectureRow.team_id == team.id),
        select(LectureRow.session_date).where(LectureRow.team_id == team.id),
        select(StudyDayRow.date).where(
            StudyDayRow.team_id == team.id, or_(written, StudyDayRow.session_instead.is_not(None))
        ),
    )
    return set(await session.scalars(dates))


async def day_meant(session: AsyncSession, team: TeamRow, now: datetime, typed: str | None) -> StudyDay:
    """The day that somebody names by its number or date, or the usual one. Raises what `find_day` raises."""
    calendar = await load_calendar(session, team)
    days = await study_days(session, team, calendar, now)
    today = calendar.date_at(now)
    if typed is None:
        return usual_day(days, today, await days_with_content(session, team))
    return find_day(typed, days, today, calendar.start)


def usual_day(days: Sequence[StudyDay], today: date, with_content: Collection[date]) -> StudyDay:
    """The day that is meant when none is said: today, or on a day off the latest one that something stands on.

    If nothing was written yet, the latest study day; before the first one, that.
    """
    if days[0].date == today:
        return days[0]
    past = [day for day in days if day.date < today]
    return next((day for day in past if day.date in with_content), past[0] if past else days[0])


def find_day(typed: str, days: Sequence[StudyDay], today: date, start: date) -> StudyDay:
    """The day of a typed number (the latest, where a moved start gave it out twice) or date.

    Raises NotFound for a day without a page, InvalidInput for what is neither, both saying what to do.
    """
    match = _NUMBERED.fullmatch("".join(typed.split()))
    if match:
        return _numbered(int(match["number"]), days)
    try:
        wanted = read_date(typed, today, past=True)
    except DateUnreadable:
        text = _("I cannot tell which day {text} is. Choose one from the list, or write Day27 or 2026-12-03.")
        raise InvalidInput(text, text=typed[:100]) from None
    found = next((day for day in days if day.date == wanted), None)
    if found is None:
        raise _without_page(wanted, days[0], start)
    return found


def _numbered(number: int, days: Sequence[StudyDay]) -> StudyDay:
    found = next((day for day in days if day.number == number), None)
    if found is None:
        text = _("There is no Day {number}. The latest is Day {latest} ({day:day}); choose one from the list.")
        raise NotFound(text, number=number, latest=days[0].number, day=days[0].date)
    return found


def _without_page(wanted: date, latest: StudyDay, start: date) -> NotFound:
    if wanted > latest.date:
        text = _("{wanted:day} has not come yet, so it has no page. The latest is Day {latest} ({day:day}).")
        return NotFound(text, wanted=wanted, latest=latest.number, day=latest.date)
    if wanted < start:
        text = _("{wanted:day} was before Day 1 ({start:day}), so it has no page. Choose a day from the list.")
        return NotFound(text, wanted=wanted, start=start)
    return NotFound(_("{wanted:day} was no study day, so it has no page. Choose a day from the list."), wanted=wanted)
