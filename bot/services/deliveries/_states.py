"""What becomes of a row, inside the transaction of whoever changes it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import BoardRow, DeliveryRow
from bot.domain.deliveries import State

LIVE = (State.PENDING, State.SENDING)
UNSENT = (State.FAILED, State.HELD)


async def as_planned(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    """Let a delivery that certainly has not arrived begin anew: it is composed again, for wherever it goes then.

    So do those whose texts were in its message.
    """
    await give_back(session, row, now)
    row.state, row.reason, row.due_at, row.attempts = State.PENDING, None, now, 0
    row.failures = 0
    row.payload = row.first_tried_at = None
    if not row.placed:
        row.channel_id = None


async def give_back(session: AsyncSession, row: DeliveryRow, now: datetime) -> None:
    """Let those whose texts were in its message, which certainly is not there, go out by themselves."""
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.merged_into_id == row.id, DeliveryRow.state == State.SKIPPED)
        .values(state=State.PENDING, reason=None, due_at=now, merged_into_id=None)
    )


def mark_shown(board: BoardRow, version: int) -> None:
    """The board shows this version; if it is the latest there is nothing to redraw."""
    board.shown_version = version
    if version >= board.version:
        board.redraw_at = None
