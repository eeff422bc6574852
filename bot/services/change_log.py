"""Telling changes in a team's log channel: those of a minute as one message, each once.

Works inside the transaction of whoever asks.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AuditRow, DeliveryRow, TeamRow
from bot.domain.deliveries import Delivery, State
from bot.services.deliveries import plan

LOG: Final = "admin.log"
"""Kind of the delivery; its subject is the last change that was told before."""

COLLECTED: Final = timedelta(minutes=1)

COMPLETE: Final = "complete"
"""Reason of a message that is composed: what is changed from then on is another one's."""

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
    last = await session.scalar(select(DeliveryRow).where(*_of(team)).order_by(DeliveryRow.id.desc()).limit(1))
    if last is None or last.state != State.PENDING or last.reason is not None:
        await plan(session, team_id=team.id, kind=LOG, subject_id=team.logged_audit_id, due_at=now + COLLECTED)
    team.logged_audit_id = latest


async def untold_by(session: AsyncSession, team: TeamRow, delivery: Delivery) -> Sequence[AuditRow]:
    """The changes that a message tells, the oldest first, also when it is composed anew: those before the next one's.

    From here on it is complete; its reason says so, and what is changed afterwards is another one's.
    """
    own = await session.get_one(DeliveryRow, delivery.id)
    later = select(func.min(DeliveryRow.subject_id)).where(*_of(team), DeliveryRow.id > own.id)
    until = await session.scalar(later)
    if until is None:
        until = await latest_change(session, team) if own.reason is None else team.logged_audit_id
        own.reason, team.logged_audit_id = COMPLETE, until
    query = select(AuditRow).where(AuditRow.team_id == team.id, AuditRow.id > own.subject_id, AuditRow.id <= until)
    return (await session.scalars(query.order_by(AuditRow.id))).all()


def _of(team: TeamRow) -> tuple[ColumnElement[bool], ...]:
    return DeliveryRow.team_id == team.id, DeliveryRow.kind == LOG
