"""Closing a day's page, with what is missing on it, and opening it again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, writes
from bot.db.tables import StudyDayRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.markdown import is_blank, one_line
from bot.domain.team import Caller, StudyDay
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.days import (
    ensure_day,
    freeze,
    lectures_presented,
    lectures_studied,
    load_calendar,
    title_of,
    to_study_day,
)
from bot.services.gaps import Gap, PageDay, find_gaps, find_hand_ins
from bot.services.journal._days import day_meant
from bot.services.retro import load_due
from bot.services.teams import changing_team_of, require_moderator
from bot.services.turns import duties_on

REASON_LIMIT = 300


@dataclass(frozen=True)
class Readiness:
    """What the page of a day lacks.

    `current`: what is written now is written to this day. Of the retrospectives only their number is told, and whether
    the reader's own is missing: the name of the last one who has not written would give away who wrote anonymously.
    """

    day: StudyDay
    current: bool
    gaps: tuple[Gap, ...]
    written: int
    members: int
    own_missing: bool

    @property
    def complete(self) -> bool:
        return not self.gaps and self.written >= self.members


@dataclass(frozen=True)
class Reopened:
    """A day that is open again, and until when (in the team's zone)."""

    readiness: Readiness
    until: datetime


class JournalClosing:
    """`/journal close` and `/journal reopen`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def close(self, session: AsyncSession, caller: Caller, typed: str | None, reason: str | None) -> Readiness:
        """Close a day if its page is complete or a reason is given; else say what is missing, and leave it open.

        Whether it was closed, `day.closed` says. Raises InvalidInput for a day that is closed, has not come, or whose
        session is going on.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        calendar = await load_calendar(session, team)
        row = await _row(session, team, caller, typed)
        day = await to_study_day(session, team, row)
        _require_closable(row, day, calendar, caller)
        reason = _read_reason(reason)
        readiness = await _readiness(session, team, caller, calendar, row)
        if readiness.complete or reason:
            reason = None if readiness.complete else reason
            title = await title_of(session, team, row.date)
            freeze(session, team, row, day.number, title, at=caller.at, actor_id=caller.user_id, reason=reason)
            readiness = await _readiness(session, team, caller, calendar, row)
        return readiness

    @writes
    async def reopen(self, session: AsyncSession, caller: Caller, typed: str | None, reason: str | None) -> Reopened:
        """Let a closed day be written to until the next cut-off. Raises InvalidInput for one that is open."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        calendar = await load_calendar(session, team)
        row = await _row(session, team, caller, typed)
        if not row.closed:
            day = await to_study_day(session, team, row)
            raise InvalidInput(_("Day {number} is open. Close it with /journal close."), number=day.number)
        before = {"title": row.title, "reason": row.close_reason}
        row.reopened_at, row.close_reason = caller.at, None
        audit.record(
            session,
            "day.reopen",
            f"day:{row.date}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            before=before,
            reason=_read_reason(reason),
        )
        until = calendar.ends_at(calendar.date_at(caller.at)).astimezone(calendar.zone)
        return Reopened(await _readiness(session, team, caller, calendar, row), until)


async def _row(session: AsyncSession, team: TeamRow, caller: Caller, typed: str | None) -> StudyDayRow:
    return await ensure_day(session, team, (await day_meant(session, team, caller.at, typed)).date)


def _require_closable(row: StudyDayRow, day: StudyDay, calendar: StudyCalendar, caller: Caller) -> None:
    if row.closed:
        text = _("Day {number} is closed already. A moderator can open it again with /journal reopen.")
        raise InvalidInput(text, number=day.number)
    if row.date > calendar.date_at(caller.at):
        text = _("Day {number} ({day:day}) has not come yet. It can be closed on its day.")
        raise InvalidInput(text, number=day.number, day=row.date)
    if row.session_started_at is not None and row.session_ended_at is None and _is_current(row, calendar, caller):
        raise InvalidInput(_("The session is still going on. End it with /session end, then close the day."))


def _is_current(row: StudyDayRow, calendar: StudyCalendar, caller: Caller) -> bool:
    return row.date == calendar.date_at(caller.at)


def _read_reason(typed: str | None) -> str | None:
    """One line. Raises InvalidInput for one that is longer than a page's line should be."""
    if typed is None or is_blank(typed):
        return None
    reason = one_line(typed)
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(_("A reason has at most {limit} characters. Please shorten it."), limit=REASON_LIMIT)
    return reason


async def _readiness(
    session: AsyncSession, team: TeamRow, caller: Caller, calendar: StudyCalendar, row: StudyDayRow
) -> Readiness:
    day = PageDay(
        row,
        await lectures_studied(session, team, row.date),
        await lectures_presented(session, team, row.date, row.date),
        await duties_on(session, team, row.date),
    )
    due = await load_due(session, team, row)
    return Readiness(
        day=await to_study_day(session, team, row),
        current=_is_current(row, calendar, caller) and not row.closed,
        gaps=(
            *await find_gaps(session, day),
            *await find_hand_ins(session, team, calendar, row.date, caller.user_id),
        ),
        written=len(due.written),
        members=due.people,
        own_missing=not row.closed and any(member.user_id == caller.user_id for member in due.missing),
    )
