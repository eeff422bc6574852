"""The board of an assignment: planned with it, redrawn when something of it changes.

Works inside the transaction of whoever asks.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, BoardRow, DeliveryRow, TeamRow
from bot.domain.deliveries import State
from bot.services import boards
from bot.services.deliveries import cancel
from bot.services.reminders import ASSIGNMENT_BOARD

SHOWN_AHEAD: Final = timedelta(days=7)
"""How long before its deadline the board of an imported assignment is posted, unless something happens to it sooner."""


async def show_board(session: AsyncSession, team: TeamRow, row: AssignmentRow, now: datetime) -> None:
    """Post the board, or draw it anew. One that was to be posted later is posted now."""
    await boards.touch(session, team, ASSIGNMENT_BOARD, row.id, _channel_id(team), now)
    board = await _board_of(session, row)
    if board is not None and board.message_id is None:
        await session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.kind == boards.BOARD, DeliveryRow.subject_id == board.id)
            .where(DeliveryRow.state == State.PENDING, DeliveryRow.due_at > now)
            .values(due_at=now)
        )


async def show_boards_in_time(
    session: AsyncSession, team: TeamRow, rows: Sequence[AssignmentRow], now: datetime
) -> None:
    """Post the boards of new assignments a while before their deadlines, so that many do not come at once."""
    moments = {row.id: max(now, row.due_at - SHOWN_AHEAD) for row in rows}
    await boards.post_from(session, team, ASSIGNMENT_BOARD, _channel_id(team), moments)


def _channel_id(team: TeamRow) -> int:
    return team.reminder_channel_id or team.study_channel_id


async def close_board(session: AsyncSession, team: TeamRow, row: AssignmentRow, now: datetime) -> None:
    """Let the board say that its assignment was removed; one not yet posted never is."""
    board = await _board_of(session, row)
    if board is None:
        return
    await cancel(session, team_id=team.id, kind=boards.BOARD, subject_id=board.id, reason="the assignment was removed")
    if board.message_id is not None or await _is_under_way(session, board):
        await show_board(session, team, row, now)


async def _is_under_way(session: AsyncSession, board: BoardRow) -> bool:
    """Whether the board's message may have arrived already."""
    query = select(DeliveryRow.id).where(DeliveryRow.kind == boards.BOARD, DeliveryRow.subject_id == board.id)
    return await session.scalar(query.where(DeliveryRow.state == State.SENDING).limit(1)) is not None


async def _board_of(session: AsyncSession, row: AssignmentRow) -> BoardRow | None:
    query = select(BoardRow).where(BoardRow.team_id == row.team_id, BoardRow.kind == ASSIGNMENT_BOARD)
    return await session.scalar(query.where(BoardRow.subject_id == row.id))
