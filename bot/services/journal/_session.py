"""The sessions of some days as their pages tell of them. Works inside the transaction of whoever asks."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AttendanceRow, LectureRow, StudyDayRow, TeamRow
from bot.domain.attendance import Attendance
from bot.domain.day_record import SessionFacts, SessionTime
from bot.services.days import load_calendar
from bot.services.journal._grouped import grouped
from bot.services.session.course import SessionTimes, steps_by_day, times_of


async def load_session_facts(
    session: AsyncSession, team: TeamRow, days: Collection[StudyDayRow], presented: Mapping[date, Sequence[LectureRow]]
) -> Mapping[int, SessionFacts]:
    """Counts of who came, minutes, or what there was instead; reasons are not read."""
    ids = [day.id for day in days]
    calendar, steps = await load_calendar(session, team), await steps_by_day(session, ids)
    came = select(AttendanceRow.day_id, AttendanceRow.state).where(AttendanceRow.day_id.in_(ids))
    states = grouped(await session.execute(came), lambda row: row.day_id)
    return {
        day.id: _facts(
            day,
            Counter(Attendance(row.state) for row in states[day.id]),
            times_of(team, day, presented[day.date], steps[day.id], calendar.ends_at(day.date)),
        )
        for day in days
    }


def _facts(day: StudyDayRow, counts: Counter[Attendance], times: SessionTimes) -> SessionFacts:
    whole = times.whole
    taken = None if whole is None else whole.taken
    return SessionFacts(
        present=counts[Attendance.PRESENT],
        late=counts[Attendance.LATE],
        absent=counts[Attendance.ABSENT],
        began_at=day.session_started_at,
        whole=None if whole is None or taken is None else SessionTime("", whole.planned, taken),
        parts=tuple(SessionTime(name, slot.planned, slot.taken or 0) for name, slot in times.parts),
        instead=day.session_instead or "",
    )
