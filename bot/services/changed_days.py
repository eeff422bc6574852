"""A single date made a study day or a day off, and what that led to.

Works inside the transaction of whoever changes the calendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AuditRow, CalendarDayRow, LectureRow, StudyDayRow, TeamRow
from bot.domain.calendar import DayOffKind, StudyCalendar
from bot.domain.team import Caller
from bot.domain.titles import lecture_label
from bot.errors import InvalidInput
from bot.i18n import Message, _
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.moved_days import Moved, calendar_changed
from bot.services.moved_entries import move_back

LABEL_LIMIT = 60


@dataclass(frozen=True)
class CalendarChange:
    """What a change of the calendar led to: today or the coming study day with its number, and what moved."""

    today: date
    next_day: date
    next_number: int
    moved: tuple[Moved, ...] = ()
    changed: date | None = None


async def require_open(session: AsyncSession, team: TeamRow, day: date, today: date) -> None:
    """Raises InvalidInput for a date that is past or closed: its page stays as it is."""
    closed = await session.scalar(
        select(StudyDayRow.number).where(StudyDayRow.team_id == team.id, StudyDayRow.date == day)
    )
    if day < today or closed is not None:
        text = _("{day:day} is over, and its page stays as it is. Give a date from {first:day} on.")
        raise InvalidInput(text, day=day, first=today if closed is None else today + timedelta(days=1))


async def take_off(
    session: AsyncSession, team: TeamRow, caller: Caller, calendar: StudyCalendar, day: date, label: str | None
) -> CalendarChange:
    """Make a date a day off. Raises InvalidInput if it is off anyway."""
    reason = calendar.day_off_reason(day)
    if reason is not None and reason.kind is not DayOffKind.TEAM:
        raise InvalidInput(_("{day:day} is no study day anyway. To study on it, use /calendar on."), day=day)
    is_extra = day in calendar.extra and not _usually_studied(calendar, day)
    return await _set(session, team, caller, day, studied=None if is_extra else False, label=label)


async def study_on(
    session: AsyncSession, team: TeamRow, caller: Caller, calendar: StudyCalendar, day: date, label: str | None
) -> CalendarChange:
    """Make a date an extra study day, or take back a day off. Raises InvalidInput if it is a study day anyway."""
    if day < calendar.start:
        text = _("{day:day} is before Day 1 ({start:day}). Move the start with /calendar start first.")
        raise InvalidInput(text, day=day, start=calendar.start)
    if calendar.is_study_day(day) and day not in calendar.extra:
        raise InvalidInput(_("{day:day} is a study day already. To take it off, use /calendar off."), day=day)
    studied = None if _usually_studied(calendar, day) else True
    return await _set(session, team, caller, day, studied=studied, label=label)


async def outcome(
    session: AsyncSession, team: TeamRow, caller: Caller, moved: tuple[Moved, ...], changed: date | None = None
) -> CalendarChange:
    """Where the team stands after a change."""
    calendar = await load_calendar(session, team)
    day = calendar.day_for_entry(caller.at)
    return CalendarChange(calendar.date_at(caller.at), day, calendar.number(day), moved, changed)


def _usually_studied(calendar: StudyCalendar, day: date) -> bool:
    """What weekdays and holidays say, without what the team set for the date."""
    usual = StudyCalendar(calendar.zone, calendar.start, calendar.weekdays, holidays=calendar.holidays)
    return usual.is_study_day(day)


async def _set(
    session: AsyncSession, team: TeamRow, caller: Caller, day: date, *, studied: bool | None, label: str | None
) -> CalendarChange:
    """`studied` None puts the date back to what weekdays and holidays say."""
    clean = _clean_label(label)
    before = await _put(session, team, day, None if studied is None else {"studied": studied, "label": clean})
    moved = await calendar_changed(session, team, caller, day=day)
    audit.record(
        session,
        "calendar.day",
        f"day:{day}",
        team_id=team.id,
        actor_id=caller.user_id,
        at=caller.at,
        before=before,
        after=None if studied is None else {"studied": studied, "label": clean},
    )
    return await outcome(session, team, caller, moved, changed=day)


async def _put(
    session: AsyncSession, team: TeamRow, day: date, facts: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Set a date, or with None leave it to weekdays and holidays. Returns what was set before."""
    row = await session.scalar(
        select(CalendarDayRow).where(CalendarDayRow.team_id == team.id, CalendarDayRow.date == day)
    )
    before = None if row is None else {"studied": row.studied, "label": row.label}
    if row is not None:
        await session.delete(row)
        await session.flush()
    if facts is not None:
        session.add(CalendarDayRow(team_id=team.id, date=day, **facts))
    return before


def changed_date(change: AuditRow) -> date:
    """The date that a change was about, from the record of it."""
    return date.fromisoformat(change.subject.partition(":")[2])


async def restore_day(session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow) -> Message:
    """Put a date back to what it was, and what had moved because of it: lectures, unless they moved again since, and
    entries, unless somebody has touched them.

    Raises InvalidInput for a date that is over, and where what happens on it has begun.
    """
    day = changed_date(change)
    await require_open(session, team, day, (await load_calendar(session, team)).date_at(caller.at))
    await _put(session, team, day, audit.kept(change) or None)
    await session.flush()
    lectures = await _moved_back(session, team, change)
    await move_back(session, team, caller, change)
    put = [_dates(lecture) for lecture in lectures]
    await calendar_changed(session, team, caller, day=day, changed=lectures)
    lectures = [lecture for lecture, dates in zip(lectures, put, strict=True) if _dates(lecture) == dates]
    if lectures:
        text = _("{day:day} is again what it was, and what had moved is back: {lectures}")
        return Message(text, {"day": day, "lectures": ", ".join(map(lecture_label, lectures))})
    return Message(_("{day:day} is again what it was."), {"day": day})


async def _moved_back(session: AsyncSession, team: TeamRow, change: AuditRow) -> list[LectureRow]:
    moves = select(AuditRow).where(AuditRow.team_id == team.id, AuditRow.action == "lecture.move")
    back: dict[int, LectureRow] = {}
    same = moves.where(AuditRow.at == change.at, AuditRow.actor_id == change.actor_id)
    for move in await session.scalars(same.order_by(AuditRow.id.desc())):  # over several days off, the way back
        row = await session.get(LectureRow, audit.subject_id(move))
        if row is not None and _dates(row) == audit.became(move):
            before = audit.kept(move)
            row.study_date = date.fromisoformat(before["study_date"])
            row.session_date = date.fromisoformat(before["session_date"])
            back[row.id] = row
    return list(back.values())


def _dates(row: LectureRow) -> dict[str, str]:
    return {"study_date": row.study_date.isoformat(), "session_date": row.session_date.isoformat()}


def _clean_label(label: str | None) -> str:
    clean = " ".join((label or "").split())
    if len(clean) > LABEL_LIMIT:
        raise InvalidInput(_("The label is too long. Please use at most {limit} characters."), limit=LABEL_LIMIT)
    return clean
