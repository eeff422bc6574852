"""The session of a day as its page tells of it. Works inside the transaction of whoever asks."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AttendanceRow, StudyDayRow, TeamRow
from bot.domain.attendance import Attendance
from bot.domain.day_record import SessionFacts, SessionTime
from bot.services.session.course import session_times


async def load_session_facts(session: AsyncSession, team: TeamRow, day_id: int) -> SessionFacts:
    """Counts of who came, minutes, or what there was instead; reasons are not read."""
    day = await session.get(StudyDayRow, day_id)
    if day is None:
        return SessionFacts()
    states = await session.scalars(select(AttendanceRow.state).where(AttendanceRow.day_id == day.id))
    counts = Counter(Attendance(state) for state in states)
    times = await session_times(session, team, day)
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
