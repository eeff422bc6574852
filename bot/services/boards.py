"""Boards: messages that are edited in place when what they show has changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import BoardRow, DeliveryRow, GuildRow, TeamRow
from bot.domain.deliveries import State
from bot.services.deliveries import LIVE, Planned, mark_shown, may_post, plan, plan_all

BOARD = "board"
"""Kind of the delivery that posts a board for the first time; its subject is the board."""

_BOARD: Final = select(BoardRow).where(
    BoardRow.team_id == bindparam("team_id"),
    BoardRow.kind == bindparam("kind"),
    BoardRow.subject_id == bindparam("subject_id"),
)


@dataclass(frozen=True)
class Board:
    """A board: `kind` says who draws it, `subject_id` of what. `message_id` is None until it is posted.

    `user_id`: for this person alone. Its `channel_id` is then None until it is posted.
    """

    id: int
    team_id: int
    guild_id: int
    kind: str
    subject_id: int
    channel_id: int | None
    message_id: int | None
    version: int
    user_id: int | None = None


async def touch(
    session: AsyncSession,
    team: TeamRow,
    kind: str,
    subject_id: int,
    channel_id: int | None,
    now: datetime,
    *,
    user_id: int | None = None,
    thread_of_day_id: int | None = None,
    expires_at: datetime | None = None,
) -> None:
    """What a board shows has changed. Its first touch plans its first post, the others ask for a new drawing.

    A board that could not be posted, or whose channel is gone, is tried again, in the channel given now. With `user_id`
    it is a direct message to that person, with `thread_of_day_id` in the thread of that day, and `channel_id` is None.
    From `expires_at` on it is not posted any more.
    """
    board = await session.scalar(_BOARD, {"team_id": team.id, "kind": kind, "subject_id": subject_id})
    if board is None:
        board = BoardRow(
            team_id=team.id,
            kind=kind,
            subject_id=subject_id,
            channel_id=channel_id,
            user_id=user_id,
            version=1,
            shown_version=0,
        )
        session.add(board)
        await session.flush()
        await _plan_post(session, board, now, expires_at=expires_at, thread_of_day_id=thread_of_day_id)
        return
    board.version += 1
    board.redraw_at = board.redraw_at or now
    if board.message_id is None and not await _is_planned(session, board):
        board.channel_id, board.user_id = channel_id, user_id
        await _plan_post(
            session,
            board,
            now,
            offset=f"v{board.version}",
            expires_at=expires_at,
            thread_of_day_id=thread_of_day_id,
        )


async def post_from(
    session: AsyncSession, team: TeamRow, kind: str, channel_id: int, moments: Mapping[int, datetime]
) -> None:
    """Plan the first posts of boards that nobody has touched yet, many at once: subject → when it is posted."""
    rows = {
        subject_id: BoardRow(
            team_id=team.id, kind=kind, subject_id=subject_id, channel_id=channel_id, version=1, shown_version=0
        )
        for subject_id in moments
    }
    session.add_all(rows.values())
    await session.flush()
    await plan_all(
        session,
        [
            Planned(team.id, BOARD, row.id, moments[subject_id], channel_id=channel_id)
            for subject_id, row in rows.items()
        ],
    )


async def redraw_post(session: AsyncSession, post: DeliveryRow, now: datetime) -> None:
    """Have a message drawn again that was posted to stay as it was: from now on the drawer of its kind says what it is.

    As a board its subject is the delivery. Nothing is done about one that is not there, now or later.
    """
    if post.state != State.SENT or post.channel_id is None or post.message_id is None:
        return
    board = await session.scalar(_BOARD, {"team_id": post.team_id, "kind": post.kind, "subject_id": post.id})
    if board is None:
        board = BoardRow(
            team_id=post.team_id,
            kind=post.kind,
            subject_id=post.id,
            channel_id=post.channel_id,
            message_id=post.message_id,
            version=1,
            shown_version=1,
        )
        session.add(board)
    board.version += 1
    board.redraw_at = board.redraw_at or now


async def _plan_post(
    session: AsyncSession,
    board: BoardRow,
    now: datetime,
    *,
    offset: str = "",
    expires_at: datetime | None = None,
    thread_of_day_id: int | None = None,
) -> None:
    """Plan the board's message. If it is for one person, that decides, not the channel where it last was."""
    await plan(
        session,
        team_id=board.team_id,
        kind=BOARD,
        subject_id=board.id,
        due_at=now,
        expires_at=expires_at,
        offset=offset,
        channel_id=board.channel_id,
        user_id=board.user_id,
        thread_of_day_id=thread_of_day_id,
    )


async def _is_planned(session: AsyncSession, board: BoardRow) -> bool:
    query = select(DeliveryRow.id).where(
        DeliveryRow.team_id == board.team_id, DeliveryRow.kind == BOARD, DeliveryRow.subject_id == board.id
    )
    return await session.scalar(query.where(DeliveryRow.state.in_(LIVE)).limit(1)) is not None


class Boards:
    """What the dispatcher asks of the boards."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reads
    async def get(self, session: AsyncSession, board_id: int) -> Board:
        row = await session.get_one(BoardRow, board_id)
        team = await session.get_one(TeamRow, row.team_id)
        return _to_board(row, team.guild_id)

    @reads
    async def to_redraw(
        self, session: AsyncSession, now: datetime, busy: Collection[int] = frozenset()
    ) -> Sequence[Board]:
        """Posted boards that lag behind what they should show, of guilds we are in and teams that are not paused.

        None of the `busy` teams.
        """
        query = (
            select(BoardRow, TeamRow.guild_id)
            .join(TeamRow, TeamRow.id == BoardRow.team_id)
            .join(GuildRow, GuildRow.id == TeamRow.guild_id)
            .where(BoardRow.redraw_at <= now, BoardRow.message_id.is_not(None), GuildRow.present)
            .where(may_post(now), BoardRow.team_id.not_in(busy))
            .order_by(BoardRow.redraw_at)
            .limit(50)
        )
        return [_to_board(row, guild_id) for row, guild_id in await session.execute(query)]

    @writes
    async def drawn(self, session: AsyncSession, board_id: int, version: int) -> None:
        mark_shown(await session.get_one(BoardRow, board_id), version)

    @writes
    async def postpone(self, session: AsyncSession, board_id: int, until: datetime) -> None:
        """Draw it again at `until`."""
        row = await session.get_one(BoardRow, board_id)
        row.redraw_at = until

    @writes
    async def give_up(self, session: AsyncSession, board_id: int, *, channel_gone: bool) -> None:
        """Do nothing until it is touched again; if its channel is gone, it is then posted anew."""
        row = await session.get_one(BoardRow, board_id)
        row.redraw_at = None
        if channel_gone:
            row.message_id = None

    @writes
    async def lost(self, session: AsyncSession, board_id: int, now: datetime) -> None:
        """Somebody deleted the message: post the board anew, unless it was a message of its own kind."""
        row = await session.get_one(BoardRow, board_id)
        deleted, row.message_id, row.redraw_at = row.message_id, None, None
        post = await session.get(DeliveryRow, row.subject_id)
        if post is None or (post.kind, post.message_id) != (row.kind, deleted):
            await _plan_post(session, row, now, offset=f"after-{deleted}")  # its first may be of the same instant


def _to_board(row: BoardRow, guild_id: int) -> Board:
    return Board(
        id=row.id,
        team_id=row.team_id,
        guild_id=guild_id,
        kind=row.kind,
        subject_id=row.subject_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        version=row.version,
        user_id=row.user_id,
    )
