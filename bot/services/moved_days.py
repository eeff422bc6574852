"""When a date is no study day any more, what was planned for it moves to the next study day, and turns follow.

Works inside the transaction of whoever changed the calendar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, StudyDayRow, TeamRow, WrittenRow
from bot.domain.calendar import NoStudyDay, StudyCalendar
from bot.domain.team import Caller
from bot.domain.titles import lecture_label
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.days import ensure_day, load_calendar
from bot.services.moved_entries import move_entries
from bot.services.schedules import reschedule
from bot.services.turns import CALENDAR, begin_act, carry_turns, forget_idle, replan


@dataclass(frozen=True)
class Moved:
    """A lecture whose day changed: when it is studied and when it is presented now."""

    lecture: str
    study_date: date
    session_date: date


async def calendar_changed(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    *,
    day: date | None = None,
    changed: Sequence[LectureRow] = (),
) -> tuple[Moved, ...]:
    """After any change of the calendar: entries and lectures leave days off, turns and planned posts follow.

    So do the turns of lectures whose days were `changed` with it. `day`: the only date that is another than before.

    Raises InvalidInput when the current day, whose session or retrospectives have begun, would be no study day.
    """
    await session.flush()
    calendar = await load_calendar(session, team)
    today = calendar.date_at(caller.at)
    try:
        calendar.next_after(today)
        await _move_entries(session, team, caller, calendar)
        moved = await _move_lectures(session, team, caller, calendar, today)
    except NoStudyDay:
        raise InvalidInput(_("No study day would be left. Please leave at least one day to study.")) from None
    await _follow(session, team, caller, [*changed, *(lecture for lecture, _moved in moved)], day)
    await reschedule(session, team, caller.at)
    return tuple(told for _lecture, told in moved)


async def _follow(
    session: AsyncSession, team: TeamRow, caller: Caller, lectures: Sequence[LectureRow], day: date | None
) -> None:
    """Presenters go with their lectures; announced days, the next study day in place of one taken off, are in step."""
    act = await begin_act(session, team, CALENDAR, actor_id=caller.user_id, now=caller.at)
    carried = await carry_turns(session, team, act, lectures, cause=CALENDAR)
    await replan(session, team, act, cause=CALENDAR, carried=carried, changed=day)
    await forget_idle(session, act)


async def _move_entries(session: AsyncSession, team: TeamRow, caller: Caller, calendar: StudyCalendar) -> None:
    today = calendar.date_at(caller.at)
    rows = await session.scalars(
        select(StudyDayRow)
        .where(StudyDayRow.team_id == team.id, StudyDayRow.number.is_(None), StudyDayRow.date >= today)
        .order_by(StudyDayRow.date)
    )
    for row in [row for row in rows if not calendar.is_study_day(row.date)]:
        await _require_not_begun(session, row)
        target = await ensure_day(session, team, calendar.next_after(row.date))
        await move_entries(session, team, caller, row, target)


async def _require_not_begun(session: AsyncSession, row: StudyDayRow) -> None:
    written = await session.scalar(select(func.count()).where(WrittenRow.day_id == row.id))
    if row.session_started_at is not None or written:
        text = _("The session or the retrospectives of {day:day} have begun, so it stays a study day. Try it tomorrow.")
        raise InvalidInput(text, day=row.date)


async def _move_lectures(
    session: AsyncSession, team: TeamRow, caller: Caller, calendar: StudyCalendar, today: date
) -> list[tuple[LectureRow, Moved]]:
    """Lectures studied or presented from today on. A lecture is presented no earlier than it is studied."""
    query = select(LectureRow).where(LectureRow.team_id == team.id, LectureRow.session_date >= today)
    moved: list[tuple[LectureRow, Moved]] = []
    for lecture in (await session.scalars(query.order_by(LectureRow.id))).all():
        study, presented = _dates(lecture, calendar, today)
        if (study, presented) == (lecture.study_date, lecture.session_date):
            continue
        before = {"study_date": lecture.study_date, "session_date": lecture.session_date}
        lecture.study_date, lecture.session_date = study, presented
        audit.record(
            session,
            "lecture.move",
            f"lecture:{lecture.id}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            before=before,
            after={"study_date": study, "session_date": presented},
        )
        moved.append((lecture, Moved(lecture_label(lecture), study, presented)))
    return moved


def _dates(lecture: LectureRow, calendar: StudyCalendar, today: date) -> tuple[date, date]:
    """The two dates of a lecture on the calendar as it is now. Past dates and study days stay."""

    def on_study_day(day: date) -> date:
        return day if day < today or calendar.is_study_day(day) else calendar.next_after(day)

    study = on_study_day(lecture.study_date)
    presented = on_study_day(lecture.session_date)
    if study >= presented and lecture.study_date < lecture.session_date:
        presented = calendar.next_after(study)
    return study, presented
