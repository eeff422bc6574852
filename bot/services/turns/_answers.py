"""Until when those who were announced are to answer, and the word to the moderator about those who have not.

Works inside the transaction of whoever announces, or changes when answers are due.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DeliveryRow, StudyDayRow, TeamRow
from bot.domain.calendar import NoStudyDay
from bot.domain.deliveries import State
from bot.domain.schedules import ROTATION_ANNOUNCEMENT, announcement, answers_due
from bot.services.days import load_calendar
from bot.services.deliveries import plan
from bot.services.values import to_team

ROTATION_UNANSWERED: Final = "rotation.unanswered"
"""Kind of the message that tells who has not answered. Its subject is the day of the announcement."""


async def expect_answers(session: AsyncSession, team: TeamRow, now: datetime) -> None:
    """Bring the word about the latest announcement in step with the settings; what was told is not told again."""
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.team_id == team.id, DeliveryRow.kind == ROTATION_ANNOUNCEMENT)
        .where(DeliveryRow.first_tried_at.is_not(None))
        .order_by(DeliveryRow.first_tried_at.desc())
        .limit(1)
    )
    latest = await session.scalar(query)
    if latest is not None and latest.first_tried_at is not None:
        day = await session.get_one(StudyDayRow, latest.subject_id)
        await expect_answers_to(session, team, day, latest.first_tried_at, now)


async def expect_answers_to(
    session: AsyncSession, team: TeamRow, day: StudyDayRow, announced_at: datetime, now: datetime
) -> None:
    """Plan the word about those who do not answer what was announced on a day, or move it while it is planned."""
    if team.confirm_by is None:
        return
    calendar = await load_calendar(session, team)
    due_at = answers_due(team.confirm_by, calendar, announced_at)
    try:
        expires_at = announcement(to_team(team), calendar, day.date, due_at).expires_at
    except NoStudyDay:
        return
    query = select(DeliveryRow).where(
        DeliveryRow.team_id == team.id, DeliveryRow.kind == ROTATION_UNANSWERED, DeliveryRow.subject_id == day.id
    )
    planned = await session.scalar(query)
    if planned is not None and planned.state == State.PENDING:
        planned.due_at, planned.expires_at, planned.slot = due_at, expires_at, due_at.isoformat()
    elif planned is None and now < expires_at:
        await plan(
            session,
            team_id=team.id,
            kind=ROTATION_UNANSWERED,
            subject_id=day.id,
            due_at=due_at,
            expires_at=expires_at,
        )
