"""Deadlines of a team's assignments. Works inside the transaction of whoever asks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, TeamRow
from bot.domain.calendar import StudyCalendar


async def due_until_tomorrow(
    session: AsyncSession, team: TeamRow, calendar: StudyCalendar, now: datetime
) -> Sequence[AssignmentRow]:
    """What is still to be handed in today or tomorrow, the earliest first; the days end at the cut-off."""
    end = calendar.ends_at(calendar.date_at(now) + timedelta(days=1))
    query = (
        select(AssignmentRow)
        .where(AssignmentRow.team_id == team.id, AssignmentRow.removed_at.is_(None))
        .where(AssignmentRow.due_at > now, AssignmentRow.due_at < end)
        .order_by(AssignmentRow.due_at, AssignmentRow.number)
    )
    return (await session.scalars(query)).all()
