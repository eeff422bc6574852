"""Telling moderators of what could not be delivered, once and together."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DeliveryRow
from bot.domain.deliveries import State
from bot.services.deliveries._planning import plan

UNDELIVERED = "admin.undelivered"
"""The message that tells moderators what could not be delivered."""

COLLECTED = timedelta(minutes=1)
"""How long failures are collected before moderators are told, so that ten are one message."""

TOLD_EVERY = timedelta(hours=1)
"""How long moderators are left alone after they were told of failures; what fails meanwhile comes together."""


async def notice_of(session: AsyncSession, row: DeliveryRow, now: datetime) -> int | None:
    """Id of the message that will tell moderators of a failure: the one being collected, or else a new one.

    Its composer leaves a reason on it; what fails from then on belongs to the next one.
    """
    notices = DeliveryRow.team_id == row.team_id, DeliveryRow.kind == UNDELIVERED
    collecting = (
        select(DeliveryRow.id).where(*notices).where(DeliveryRow.state == State.PENDING, DeliveryRow.reason.is_(None))
    )
    found = await session.scalar(collecting)
    if found is None:
        latest = await session.scalar(select(func.max(DeliveryRow.due_at)).where(*notices))
        due_at = now + COLLECTED if latest is None else max(now + COLLECTED, latest + TOLD_EVERY)
        await plan(session, team_id=row.team_id, kind=UNDELIVERED, subject_id=row.id, due_at=due_at)
        found = await session.scalar(collecting)
    return found
