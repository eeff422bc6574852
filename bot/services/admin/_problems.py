"""Deliveries that did not go as planned, as moderators are shown them. Inside the transaction of whoever asks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, BoardRow, DeliveryRow, LectureRow, TeamRow
from bot.domain.deliveries import State, planned_instant
from bot.domain.titles import lecture_label
from bot.domain.undelivered import LATE_REASONS, Cause, Problem, cause_of
from bot.services.boards import BOARD
from bot.services.deliveries import LIVE, UNSENT
from bot.services.questions import LECTURE_BOARD

OFTEN: Final = 3
"""Attempts after which moderators are shown that a message does not get on."""
LONG: Final = timedelta(minutes=10)
"""Time after which they are shown it however few attempts there were."""


async def unsent(session: AsyncSession, team: TeamRow, since: datetime) -> list[DeliveryRow]:
    """What failed or is held, the latest first."""
    return await _latest(session, team, since, DeliveryRow.state.in_(UNSENT))


async def without_thread(session: AsyncSession, team: TeamRow, since: datetime) -> list[DeliveryRow]:
    """What was sent, but what was to follow could not be made."""
    return await _latest(session, team, since, DeliveryRow.state == State.SENT, DeliveryRow.reason.is_not(None))


async def late(session: AsyncSession, team: TeamRow, since: datetime) -> list[DeliveryRow]:
    """What was skipped because it was late; not what there was nothing to say about."""
    reasons = or_(*(DeliveryRow.reason.startswith(reason) for reason in LATE_REASONS))
    return await _latest(session, team, since, DeliveryRow.state == State.SKIPPED, reasons)


async def not_getting_on(session: AsyncSession, team: TeamRow, since: datetime, now: datetime) -> list[DeliveryRow]:
    """What was tried again and again, and still is; or was tried long ago, and nobody could look what became of it."""
    often = DeliveryRow.state.in_(LIVE) & (DeliveryRow.attempts >= OFTEN)
    sent = (DeliveryRow.state == State.SENDING) & (DeliveryRow.attempts > 0)
    return await _latest(session, team, since, often | (sent & (DeliveryRow.first_tried_at <= now - LONG)))


async def boards_standing_still(session: AsyncSession, team: TeamRow) -> tuple[Problem, ...]:
    """Boards that Discord did not let be drawn again; they are, with their next change."""
    query = select(BoardRow).where(
        BoardRow.team_id == team.id,
        BoardRow.message_id.is_not(None),
        BoardRow.redraw_at.is_(None),
        BoardRow.shown_version < BoardRow.version,
    )
    boards = (await session.scalars(query.order_by(BoardRow.id))).all()
    return tuple([await _standing_still(session, board) for board in boards])


async def _standing_still(session: AsyncSession, board: BoardRow) -> Problem:
    return Problem(
        id=board.id,
        kind=board.kind,
        subject=await _subject(session, board.kind, board.subject_id),
        planned=None,
        state=State.SENT,
        cause=Cause.BOARD,
        channel_id=None if board.user_id is not None else board.channel_id,
        user_id=board.user_id,
        over=False,
    )


async def _latest(
    session: AsyncSession, team: TeamRow, since: datetime, *conditions: ColumnElement[bool]
) -> list[DeliveryRow]:
    query = select(DeliveryRow).where(DeliveryRow.team_id == team.id, DeliveryRow.due_at > since, *conditions)
    return list(await session.scalars(query.order_by(DeliveryRow.due_at.desc(), DeliveryRow.id.desc())))


async def problems_of(
    session: AsyncSession, team: TeamRow, rows: Sequence[DeliveryRow], now: datetime
) -> tuple[Problem, ...]:
    """Deliveries with what they are about, in their order."""
    boards = select(BoardRow).where(BoardRow.id.in_([row.subject_id for row in rows if row.kind == BOARD]))
    shown = {board.id: (board.kind, board.subject_id) for board in await session.scalars(boards)}
    problems: list[Problem] = []
    for row in rows:
        kind, subject_id = shown.get(row.subject_id, (BOARD, 0)) if row.kind == BOARD else (row.kind, row.subject_id)
        problem = Problem(
            id=row.id,
            kind=kind,
            subject=await _subject(session, kind, subject_id),
            planned=planned_instant(row.slot).astimezone(ZoneInfo(team.timezone)),
            state=State(row.state),
            cause=cause_of(State(row.state), row.reason),
            channel_id=None if row.user_id is not None else row.channel_id,
            user_id=row.user_id,
            over=row.expires_at is not None and row.expires_at <= now,
        )
        problems.append(problem)
    return tuple(problems)


async def _subject(session: AsyncSession, kind: str, subject_id: int) -> str | None:
    """`A3 Attention` or `NLP 5강`; None where kind and time say enough."""
    if kind.startswith("assignment.") and (assignment := await session.get(AssignmentRow, subject_id)) is not None:
        return f"A{assignment.number} {assignment.title}"
    if kind == LECTURE_BOARD and (lecture := await session.get(LectureRow, subject_id)) is not None:
        return lecture_label(lecture)
    return None
