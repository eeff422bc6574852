"""Telling changes in a team's log channel: those of a minute as one message, each once.

Works inside the transaction of whoever asks.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AuditRow, DeliveryRow, TeamRow
from bot.domain.deliveries import State
from bot.services.deliveries import plan

LOG: Final = "admin.log"
"""Kind of the delivery; its subject is the last change that was told before."""

COLLECTED: Final = timedelta(minutes=1)

UNTOLD: Final = (
    TeamRow.log_channel_id.is_not(None),
    AuditRow.team_id == TeamRow.id,
    AuditRow.id > TeamRow.logged_audit_id,
)
"""A team with a log channel has changes that nobody has planned to tell."""


async def latest_change(session: AsyncSession, team: TeamRow) -> int:
    """Id of a team's last change; 0 if there is none."""
    return await session.scalar(select(func.max(AuditRow.id)).where(AuditRow.team_id == team.id)) or 0


async def plan_log(session: AsyncSession, team: TeamRow, now: datetime) -> None:
    """Plan the message that tells what is untold, unless one is about to come that is not composed yet."""
    latest = await latest_change(session, team)
    if team.log_channel_id is None or latest <= team.logged_audit_id:
        return
    coming = select(DeliveryRow.id).where(
        DeliveryRow.team_id == team.id,
        DeliveryRow.kind == LOG,
        DeliveryRow.state == State.PENDING,
        DeliveryRow.reason.is_(None),
    )
    if await session.scalar(coming.limit(1)) is None:
        await plan(session, team_id=team.id, kind=LOG, subject_id=team.logged_audit_id, due_at=now + COLLECTED)
    team.logged_audit_id = latest
