"""Study days as rows: made on first use, frozen at the cut-off. Works inside the transaction of whoever asks."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain, groupby
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.db.tables import CalendarDayRow, LectureRow, StudyDayRow, TeamRow
from bot.domain.calendar import ClosedDay, CountryUnknown, StudyCalendar, public_holidays
from bot.domain.team import StudyDay
from bot.domain.titles import day_title
from bot.services import audit
from bot.services.journal_posts import plan_page
from bot.services.session_posts import end_forgotten

_CALENDARS: Final = "calendars"
"""Where a session keeps the calendars that were read in it, until it writes what they are made of."""

_CALENDAR_DAYS: Final = select(CalendarDayRow).where(CalendarDayRow.team_id == bindparam("team_id"))
_LAST_CLOSED: Final = (
    select(StudyDayRow)
    .where(StudyDayRow.team_id == bindparam("team_id"), StudyDayRow.number.is_not(None))
    .where(StudyDayRow.closed_at > bindparam("start_set_at"))
    .order_by(StudyDayRow.date.desc())
    .limit(1)
)
_DAY: Final = select(StudyDayRow).where(
    StudyDayRow.team_id == bindparam("team_id"), StudyDayRow.date == bindparam("date")
)
_STUDIED: Final = (
    select(LectureRow)
    .where(LectureRow.team_id == bindparam("team_id"), LectureRow.study_date == bindparam("date"))
    .order_by(LectureRow.id)
)
_PRESENTED: Final = (
    select(LectureRow)
    .where(LectureRow.team_id == bindparam("team_id"))
    .where(LectureRow.session_date.between(bindparam("first"), bindparam("last")))
    .order_by(LectureRow.id)
)


async def load_calendar(session: AsyncSession, team: TeamRow) -> StudyCalendar:
    """The team's calendar as it stands now; it is read again only if it may have changed in this transaction."""
    if _writes_days(session.sync_session):
        await session.flush()
    calendars: dict[tuple[object, ...], StudyCalendar] = session.info.setdefault(_CALENDARS, {})
    settings = (team.id, team.timezone, team.start_date, team.weekdays, team.cutoff, team.country, team.language)
    made_of = (*settings, team.start_set_at)
    if made_of not in calendars:
        calendars[made_of] = await _read_calendar(session, team)
    return calendars[made_of]


def _writes_days(session: Session) -> bool:
    """Whether the session has something to write that a calendar is made of, beside the team's settings.

    These are written as rows only, never by a statement.
    """
    return any(
        isinstance(row, CalendarDayRow | StudyDayRow) for row in chain(session.new, session.dirty, session.deleted)
    )


@event.listens_for(Session, "after_flush")
def _forget_calendars(session: Session, _context: object) -> None:
    if _writes_days(session):
        session.info.pop(_CALENDARS, None)


async def _read_calendar(session: AsyncSession, team: TeamRow) -> StudyCalendar:
    days = (await session.scalars(_CALENDAR_DAYS, {"team_id": team.id})).all()
    return StudyCalendar(
        zone=ZoneInfo(team.timezone),
        start=team.start_date,
        weekdays=frozenset(int(digit) for digit in team.weekdays),
        cutoff=team.cutoff,
        holidays=_holidays(team),
        off={day.date: day.label for day in days if not day.studied},
        extra={day.date: day.label for day in days if day.studied},
        last_closed=await _last_closed(session, team),
    )


def _holidays(team: TeamRow) -> dict[date, str]:
    """Holidays from the year of the start on; ten years are longer than anybody studies."""
    if team.country is None:
        return {}
    first = team.start_date.year
    try:
        return dict(public_holidays(team.country, first, first + 9, team.language))
    except CountryUnknown:
        return {}


async def _last_closed(session: AsyncSession, team: TeamRow) -> ClosedDay | None:
    row = await session.scalar(_LAST_CLOSED, {"team_id": team.id, "start_set_at": team.start_set_at})
    return None if row is None or row.number is None else ClosedDay(row.date, row.number)


async def row_of_day(session: AsyncSession, team: TeamRow, day: date) -> StudyDayRow | None:
    """The row of a study day; None before its first use."""
    return await session.scalar(_DAY, {"team_id": team.id, "date": day})


async def ensure_day(session: AsyncSession, team: TeamRow, day: date) -> StudyDayRow:
    """The row of a study day, made if this is its first use."""
    row = await row_of_day(session, team, day)
    if row is None:
        row = StudyDayRow(team_id=team.id, date=day)
        session.add(row)
        await session.flush()
    return row


async def day_of_entry(session: AsyncSession, team: TeamRow, at: datetime) -> StudyDayRow:
    """The day that an entry made at this instant belongs to: today, or on a day off the next study day."""
    calendar = await load_calendar(session, team)
    return await open_day(session, team, calendar, calendar.day_for_entry(at))


async def open_day(session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: date) -> StudyDayRow:
    """The row of a study day, or where it was closed before its cut-off, of the next one."""
    row = await ensure_day(session, team, day)
    return await ensure_day(session, team, calendar.next_after(day)) if row.closed else row


async def to_study_day(session: AsyncSession, team: TeamRow, row: StudyDayRow) -> StudyDay:
    """Number and title: the frozen ones of a closed day, else what calendar and lectures say now."""
    if row.closed and row.number is not None:
        return StudyDay(row.id, row.date, row.number, row.title or "", closed=True)
    number = number_of(row, await load_calendar(session, team))
    return StudyDay(row.id, row.date, number, await title_of(session, team, row.date), closed=False)


def number_of(row: StudyDayRow, calendar: StudyCalendar) -> int:
    """The frozen number of a day, else the calendar's; 0 for a day off."""
    if row.number is not None:
        return row.number
    return calendar.number(row.date) if calendar.is_study_day(row.date) else 0


async def title_of(session: AsyncSession, team: TeamRow, day: date) -> str:
    return day_title(await lectures_studied(session, team, day))


async def lectures_studied(session: AsyncSession, team: TeamRow, day: date) -> Sequence[LectureRow]:
    return (await session.scalars(_STUDIED, {"team_id": team.id, "date": day})).all()


async def lectures_presented(session: AsyncSession, team: TeamRow, first: date, last: date) -> Sequence[LectureRow]:
    """Lectures presented from one date to another, both included, in the order in which they were added."""
    return (await session.scalars(_PRESENTED, {"team_id": team.id, "first": first, "last": last})).all()


async def close_ended_days(session: AsyncSession, team: TeamRow, now: datetime) -> None:
    """Freeze every study day whose cut-off has passed, whether it was used or not. Cheap when there is none.

    A session that nobody ended is ended with what it has.
    """
    if now < team.next_close_at:
        return
    calendar = await load_calendar(session, team)
    today = calendar.date_at(now)
    ended = [day for day in calendar.between(await _first_open(session, team), today) if calendar.ends_at(day) <= now]
    if ended:
        titles = await _titles(session, team, ended[0], ended[-1])
        for day in ended:
            row = await ensure_day(session, team, day)
            if await end_forgotten(session, team, row, now, day_ends=calendar.ends_at(day)):
                audit.record(session, "session.end", f"day:{day}", team_id=team.id, actor_id=None, at=now)
            ends = calendar.ends_at(day)
            # Not what was before the team, nor the latest of those looked after before, which is among them again.
            if ends >= team.start_set_at and (row.number is None or ends >= team.next_close_at):
                await plan_page(session, team, row, ends=ends)
            if row.number is None:
                freeze(session, team, row, calendar.number(day), titles.get(day, ""), at=now)
    await _close_reopened(session, team, calendar, now)
    team.next_close_at = calendar.ends_at(today)


async def _titles(session: AsyncSession, team: TeamRow, first: date, last: date) -> dict[date, str]:
    query = select(LectureRow).where(LectureRow.team_id == team.id, LectureRow.study_date.between(first, last))
    rows = (await session.scalars(query.order_by(LectureRow.study_date, LectureRow.id))).all()
    return {day: day_title(lectures) for day, lectures in groupby(rows, key=lambda row: row.study_date)}


async def _first_open(session: AsyncSession, team: TeamRow) -> date:
    last = await session.scalar(
        select(StudyDayRow.date)
        .where(StudyDayRow.team_id == team.id, StudyDayRow.number.is_not(None))
        .order_by(StudyDayRow.date.desc())
        .limit(1)
    )
    return team.start_date if last is None else max(last, team.start_date)


async def _close_reopened(session: AsyncSession, team: TeamRow, calendar: StudyCalendar, now: datetime) -> None:
    """Days that were opened again close with the day on which that was."""
    query = select(StudyDayRow).where(StudyDayRow.team_id == team.id, StudyDayRow.reopened_at.is_not(None))
    for row in await session.scalars(query):
        over = row.reopened_at is not None and calendar.ends_at(calendar.date_at(row.reopened_at)) <= now
        if over and row.number is not None:
            freeze(session, team, row, row.number, await title_of(session, team, row.date), at=now)


def freeze(
    session: AsyncSession,
    team: TeamRow,
    row: StudyDayRow,
    number: int,
    title: str,
    *,
    at: datetime,
    actor_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Close a day. One that is closed again keeps the instant of the first time, by which numbers are counted."""
    row.number, row.title, row.reopened_at = number, title, None
    row.closed_at = row.closed_at or at
    row.close_reason = reason
    facts = {"number": number, "title": title}
    audit.record(
        session,
        "day.close",
        f"day:{row.date}",
        team_id=team.id,
        actor_id=actor_id,
        at=at,
        after=facts,
        reason=reason,
    )
