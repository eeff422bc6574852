"""Trying a delivery once more because somebody asks for it, and never twice what is there already."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DeliveryRow
from bot.domain.deliveries import State
from bot.services.boards import BOARD
from bot.services.deliveries import DAY_OPENING, LIVE, as_planned

PLANNED_ANEW = frozenset({BOARD, DAY_OPENING})
"""Kinds that are planned once more by themselves when something happens to what they show."""


async def try_again(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    """Make a failed or held delivery due.

    One that was refused at its only attempt has not arrived: it begins anew. Any other may have, so the dispatcher
    first looks for it in the history; without attempts it knows that somebody asked.
    """
    row.told_by_id = None
    if row.state == State.FAILED and row.attempts <= 1:
        await as_planned(session, row, now)
    else:
        row.state, row.reason, row.due_at, row.attempts = State.SENDING, None, now, 0
        row.failures = 0


async def is_overtaken(session: AsyncSession, row: DeliveryRow) -> bool:
    """Whether the same was planned once more since, and is there or on its way."""
    if row.kind not in PLANNED_ANEW:
        return False
    query = select(DeliveryRow.id).where(
        DeliveryRow.team_id == row.team_id,
        DeliveryRow.kind == row.kind,
        DeliveryRow.subject_id == row.subject_id,
        DeliveryRow.id > row.id,
        DeliveryRow.state.in_([*LIVE, State.SENT]),
    )
    return await session.scalar(query.limit(1)) is not None
