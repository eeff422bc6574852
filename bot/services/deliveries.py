"""The outbox: planning messages, taking due ones, and recording what became of them.

Planning works inside the transaction of whoever plans. A row is never deleted; each change of state is one commit.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVarTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Exists,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.db.engine import Database, reads, writes
from bot.db.tables import BoardRow, DeliveryRow, GuildRow, StudyDayRow, TeamRow
from bot.db.types import UtcDateTime
from bot.domain.deliveries import PATIENCE, Delivery, Lane, State

Ts = TypeVarTuple("Ts")

DAY_OPENING = "day.opening"
"""The first message of a day's thread. The thread has the message's id."""

UNDELIVERED = "admin.undelivered"
"""The message that tells moderators what could not be delivered."""

COLLECTED = timedelta(minutes=1)
"""How long failures are collected before moderators are told, so that ten are one message."""

TOLD_EVERY = timedelta(hours=1)
"""How long moderators are left alone after they were told of failures; what fails meanwhile comes together."""

LIVE = (State.PENDING, State.SENDING)
UNSENT = (State.FAILED, State.HELD)
IS_LIVE = DeliveryRow.state.in_([literal_column("'pending'"), literal_column("'sending'")])
"""Word for word the condition of the partial indexes, or they are not used."""


async def plan(
    session: AsyncSession,
    *,
    team_id: int,
    kind: str,
    subject_id: int,
    due_at: datetime,
    expires_at: datetime | None = None,
    offset: str = "",
    channel_id: int | None = None,
    user_id: int | None = None,
    thread_of_day_id: int | None = None,
) -> None:
    """Plan one message. Planning the same again (team, kind, subject, instant and offset) does nothing, unless it was
    cancelled: then it is planned once more, as when a deadline is moved away and back.

    `thread_of_day_id` sends it into that day's thread; it waits until the thread is there. `user_id` sends it to that
    person alone, in place of a channel.
    """
    planned = Planned(
        team_id, kind, subject_id, due_at, expires_at, offset, channel_id, user_id, thread_of_day_id=thread_of_day_id
    )
    await plan_all(session, [planned])


@dataclass(frozen=True)
class Planned:
    """A message to be planned; see `plan`."""

    team_id: int
    kind: str
    subject_id: int
    due_at: datetime
    expires_at: datetime | None = None
    offset: str = ""
    channel_id: int | None = None
    user_id: int | None = None
    thread_of_day_id: int | None = None


async def plan_all(session: AsyncSession, planned: Sequence[Planned]) -> None:
    """Plan many messages as `plan` does one, in one statement."""
    if not planned:
        return
    inserted = insert(DeliveryRow)
    fresh = inserted.excluded
    await session.execute(
        inserted.on_conflict_do_update(
            index_elements=["team_id", "kind", "subject_id", "slot"],
            set_={"state": State.PENDING, "reason": None, "due_at": fresh.due_at, "expires_at": fresh.expires_at},
            where=DeliveryRow.state == State.CANCELLED,
        ),
        [_values(each) for each in planned],
    )


def _values(planned: Planned) -> dict[str, object]:
    return {
        "team_id": planned.team_id,
        "kind": planned.kind,
        "subject_id": planned.subject_id,
        "slot": planned.due_at.isoformat() + (f"-{planned.offset}" if planned.offset else ""),
        "lane": _lane(planned),
        "due_at": planned.due_at,
        "expires_at": planned.expires_at,
        "state": State.PENDING,
        "attempts": 0,
        "nonce": secrets.token_urlsafe(15),
        "channel_id": planned.channel_id,
        "placed": planned.channel_id is not None,
        "user_id": planned.user_id,
        "thread_of_day_id": planned.thread_of_day_id,
    }


def _lane(planned: Planned) -> str:
    """Direct messages are one lane: Discord minds a bot that opens many of their channels at once."""
    if planned.user_id is not None:
        return "direct"
    if planned.channel_id is not None:
        return f"channel:{planned.channel_id}"
    return "" if planned.thread_of_day_id is None else f"day:{planned.thread_of_day_id}"


async def open_thread(session: AsyncSession, team: TeamRow, day: StudyDayRow, now: datetime) -> None:
    """Plan the day's opening message, from which its thread is made, unless that was done before."""
    planned = await session.scalar(
        select(DeliveryRow.id).where(
            DeliveryRow.team_id == team.id,
            DeliveryRow.kind == DAY_OPENING,
            DeliveryRow.subject_id == day.id,
            DeliveryRow.state.in_([*LIVE, State.SENT]),
        )
    )
    if planned is None:
        await plan(session, team_id=team.id, kind=DAY_OPENING, subject_id=day.id, due_at=now)


async def thread_of(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> int | None:
    """The thread of a day, if it was made. It has the id of the day's opening message."""
    query = select(DeliveryRow.message_id).where(
        DeliveryRow.team_id == team.id, DeliveryRow.kind == DAY_OPENING, DeliveryRow.subject_id == day.id
    )
    made = query.where(DeliveryRow.state == State.SENT, DeliveryRow.reason.is_(None))
    return await session.scalar(made.order_by(DeliveryRow.id.desc()).limit(1))


async def cancel(session: AsyncSession, *, team_id: int, kind: str, subject_id: int, reason: str) -> None:
    """Cancel what is planned and not yet under way."""
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.team_id == team_id, DeliveryRow.kind == kind, DeliveryRow.subject_id == subject_id)
        .where(DeliveryRow.state == State.PENDING)
        .values(state=State.CANCELLED, reason=reason)
    )


def not_paused(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """That a team is not paused at an instant. A pause with an end is over by itself."""
    return or_(TeamRow.paused_since.is_(None), TeamRow.paused_until <= now)


def as_planned(row: DeliveryRow, now: datetime) -> None:
    """Let a delivery that certainly has not arrived begin anew: it is composed again, for wherever it goes then."""
    row.state, row.reason, row.due_at, row.attempts = State.PENDING, None, now, 0
    row.failures = 0
    row.payload = row.first_tried_at = None
    if not row.placed:
        row.channel_id = None


def mark_shown(board: BoardRow, version: int) -> None:
    """The board shows this version; if it is the latest there is nothing to redraw."""
    board.shown_version = version
    if version >= board.version:
        board.redraw_at = None


NOW: Final = bindparam("now", type_=UtcDateTime())


def _thread_of_its_day() -> ScalarSelect[int | None]:
    """Where a delivery for a day's thread goes: the thread, which has the id of the day's opening message.

    Where Discord refused the message or its thread, the channel of the opening: better there than nowhere.
    """
    opening = aliased(DeliveryRow)
    made = and_(opening.state == State.SENT, opening.reason.is_(None))
    return (
        select(case((made, opening.message_id), else_=opening.channel_id))
        .where(opening.kind == DAY_OPENING, opening.subject_id == DeliveryRow.thread_of_day_id)
        .where(opening.team_id == DeliveryRow.team_id, opening.state.in_([State.SENT, State.FAILED, State.HELD]))
        .order_by(opening.slot.desc())
        .limit(1)
        .scalar_subquery()
    )


_THREAD: Final = _thread_of_its_day()


def _held_back() -> Exists:
    """Whether a message before it in its lane may be there or not, and is tried again later."""
    first = aliased(DeliveryRow)
    return (
        exists()
        .where(first.team_id == DeliveryRow.team_id, first.lane == DeliveryRow.lane, first.due_at > NOW)
        .where(first.state == literal_column("'sending'"), first.failures < PATIENCE)
    )


def _takeable(query: Select[*Ts]) -> Select[*Ts]:
    """Of the live deliveries those that are due, of guilds we are in and teams that are not paused, whose thread is
    there, and that nothing before them in their lane holds back."""
    has_place = or_(DeliveryRow.thread_of_day_id.is_(None), _THREAD.is_not(None), DeliveryRow.expires_at <= NOW)
    return (
        query.join(TeamRow, TeamRow.id == DeliveryRow.team_id)
        .join(GuildRow, GuildRow.id == TeamRow.guild_id)
        .where(IS_LIVE, DeliveryRow.due_at <= NOW, GuildRow.present, not_paused(NOW), has_place, ~_held_back())
    )


_LANE: Final = tuple_(DeliveryRow.team_id, DeliveryRow.lane)
_LANES: Final = (
    _takeable(select(DeliveryRow.team_id, DeliveryRow.lane))
    .where(_LANE.not_in(bindparam("busy", expanding=True)))
    .group_by(DeliveryRow.team_id + literal_column("0"), DeliveryRow.lane)  # or it reads all lanes in their order
    .order_by(func.max(DeliveryRow.state).desc(), func.min(DeliveryRow.due_at))
    .limit(bindparam("free"))
)
_NEXT: Final = (
    _takeable(select(DeliveryRow, TeamRow.guild_id, _THREAD))
    .where(DeliveryRow.team_id == bindparam("team"), DeliveryRow.lane == bindparam("lane"))
    .order_by(DeliveryRow.state.desc(), DeliveryRow.due_at, DeliveryRow.id)
    .limit(1)
)
"""Made once: each message asks them, and making them takes longer than answering."""


class Deliveries:
    """What the dispatcher asks of the outbox."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reads
    async def lanes(self, session: AsyncSession, now: datetime, busy: Collection[Lane], free: int) -> Sequence[Lane]:
        """Lanes that have something to be sent now, those with a message under way first, then whoever waits longest.

        None of the `busy` ones: however much one lane has due, the others do not wait behind it.
        """
        taken = [(lane.team_id, lane.name) for lane in busy]
        found = await session.execute(_LANES, {"now": now, "busy": taken, "free": free})
        return [Lane(team_id, name) for team_id, name in found]

    @reads
    async def due(self, session: AsyncSession, lane: Lane, now: datetime) -> Delivery | None:
        """What is to be sent next in a lane: what is under way already, then what is due longest."""
        found = (await session.execute(_NEXT, {"now": now, "team": lane.team_id, "lane": lane.name})).one_or_none()
        return None if found is None else _to_delivery(*found)

    @writes
    async def begin(
        self, session: AsyncSession, delivery_id: int, payload: str, channel_id: int, now: datetime
    ) -> bool:
        """The post is composed and about to be sent: from here on it may have arrived.

        False if it is not to be sent any more, or not now: after it was taken it was cancelled or moved, or its team
        paused.
        """
        row = await session.get_one(DeliveryRow, delivery_id)
        going = await session.scalar(select(TeamRow.id).where(TeamRow.id == row.team_id, not_paused(now)))
        if row.state not in LIVE or row.due_at > now or going is None:
            return False
        row.state, row.payload, row.channel_id = State.SENDING, payload, channel_id
        row.attempts += 1
        row.first_tried_at = row.first_tried_at or now
        return True

    @writes
    async def sent(
        self,
        session: AsyncSession,
        delivery_id: int,
        message_id: int | None,
        board_version: int | None = None,
        *,
        unfinished: str | None = None,
    ) -> None:
        """It is there. `message_id` is None if it was deleted meanwhile.

        A board remembers its message, the channel and the version.
        `unfinished` says why what should follow the message, its thread, could not be made.
        """
        row = await session.get_one(DeliveryRow, delivery_id)
        row.state, row.message_id, row.reason = State.SENT, message_id, unfinished
        if board_version is not None:
            board = await session.get_one(BoardRow, row.subject_id)
            board.message_id, board.channel_id = message_id, row.channel_id
            mark_shown(board, board_version)

    @writes
    async def retry(self, session: AsyncSession, delivery_id: int, due_at: datetime, *, failures: int = 0) -> None:
        """Try again at `due_at`. What is `sending` stays so, because it may have arrived; what is pending, too.

        `failures`: how many more times Discord answered a 5xx to this message while it took others.
        """
        row = await session.get_one(DeliveryRow, delivery_id)
        row.due_at = due_at
        row.failures += failures
        if row.state == State.PENDING:
            row.attempts += 1  # those that were sent, `begin` has counted

    @writes
    async def thread_gone(self, session: AsyncSession, delivery_id: int, reason: str, now: datetime) -> bool:
        """Somebody deleted the thread it was for: it goes to the thread's channel, as all that comes after it.

        False if it was not for a thread, or was sent to the channel already.
        """
        row = await session.get_one(DeliveryRow, delivery_id)
        opening = await session.scalar(
            select(DeliveryRow).where(
                DeliveryRow.team_id == row.team_id,
                DeliveryRow.kind == DAY_OPENING,
                DeliveryRow.subject_id == row.thread_of_day_id,
                DeliveryRow.message_id == row.channel_id,
            )
        )
        if opening is None:
            return False
        opening.reason = reason
        as_planned(row, now)
        return True

    @writes
    async def renew(self, session: AsyncSession, delivery_id: int, now: datetime) -> None:
        """History said that it has not arrived: it is composed anew."""
        row = await session.get_one(DeliveryRow, delivery_id)
        if row.state in LIVE:
            as_planned(row, now)

    @writes
    async def close(self, session: AsyncSession, delivery_id: int, state: State, reason: str, now: datetime) -> None:
        """It ends here, unless it has ended already: skipped, failed or held, and why.

        Moderators are told of what failed or is held, in a message planned with it.
        """
        row = await session.get_one(DeliveryRow, delivery_id)
        if row.state not in LIVE:
            return
        row.state, row.reason = state, reason
        if state in UNSENT and row.kind != UNDELIVERED:  # that the message itself failed would be told without end
            row.told_by_id = await _notice(session, row, now)


async def _notice(session: AsyncSession, row: DeliveryRow, now: datetime) -> int | None:
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


def _to_delivery(row: DeliveryRow, guild_id: int, thread_id: int | None) -> Delivery:
    return Delivery(
        id=row.id,
        team_id=row.team_id,
        guild_id=guild_id,
        kind=row.kind,
        subject_id=row.subject_id,
        slot=row.slot,
        due_at=row.due_at,
        expires_at=row.expires_at,
        state=State(row.state),
        attempts=row.attempts,
        first_tried_at=row.first_tried_at,
        payload=row.payload,
        nonce=row.nonce,
        channel_id=row.channel_id or thread_id,
        user_id=row.user_id,
        failures=row.failures,
    )
