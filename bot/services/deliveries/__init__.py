"""The outbox: planning messages, taking due ones, and recording what became of them.

Planning works inside the transaction of whoever plans. A row is never deleted; each change of state is one commit.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import BoardRow, DeliveryRow, TeamRow
from bot.domain.deliveries import Delivery, Lane, State, planned_instant
from bot.services.deliveries._due import (
    BESIDE,
    CONTENTS,
    IS_LIVE,
    LANES,
    NEXT,
    as_it_was_planned,
    may_post,
    to_delivery,
)
from bot.services.deliveries._notice import UNDELIVERED, notice_of
from bot.services.deliveries._planning import DAY_OPENING, Planned, cancel, open_thread, plan, plan_all, thread_of
from bot.services.deliveries._states import LIVE, UNSENT, as_planned, give_back, mark_shown

__all__ = [
    "DAY_OPENING",
    "LIVE",
    "UNDELIVERED",
    "UNSENT",
    "Deliveries",
    "Planned",
    "as_planned",
    "cancel",
    "mark_shown",
    "may_post",
    "open_thread",
    "plan",
    "plan_all",
    "thread_of",
]


FAR_BACK: Final = timedelta(days=1)
"""How far back a message is looked for when the clock does not tell when it was tried."""


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
        found = await session.execute(LANES, {"now": now, "busy": taken, "free": free})
        return [Lane(team_id, name) for team_id, name in found]

    @reads
    async def due(self, session: AsyncSession, lane: Lane, now: datetime) -> Delivery | None:
        """What is to be sent next in a lane: what is under way already, then what is due longest."""
        found = (await session.execute(NEXT, {"now": now, "team": lane.team_id, "lane": lane.name})).one_or_none()
        return None if found is None else to_delivery(*found)

    @reads
    async def beside(self, session: AsyncSession, delivery: Delivery, now: datetime) -> Sequence[Delivery]:
        """What else of its kind is due in its lane and for the same person, has not been tried, and is of use still."""
        values = {
            "now": now,
            "team": delivery.team_id,
            "lane": delivery.lane,
            "kind": delivery.kind,
            "user": delivery.user_id,
            "id": delivery.id,
        }
        found = [to_delivery(*each) for each in await session.execute(BESIDE, values)]
        return [each for each in found if each.expires_at is None or each.expires_at > now]

    @reads
    async def contents(self, session: AsyncSession, delivery_id: int) -> Sequence[Delivery]:
        """What is in a message under way, as it was planned: the delivery itself, and those merged into it."""
        return [as_it_was_planned(*each) for each in await session.execute(CONTENTS, {"id": delivery_id})]

    @writes
    async def begin(
        self,
        session: AsyncSession,
        delivery_id: int,
        payload: str,
        channel_id: int,
        now: datetime,
        *,
        merged: Collection[int] = (),
    ) -> bool:
        """The post is composed and about to be sent: from here on it may have arrived.

        The texts of those `merged` are in it, so they are not sent by themselves.

        False if it is not to be sent any more, or not now: after it was taken it was cancelled or moved, or its team
        paused.
        """
        row = await session.get_one(DeliveryRow, delivery_id)
        going = await session.scalar(select(TeamRow.id).where(TeamRow.id == row.team_id, may_post(now)))
        if row.state not in LIVE or row.due_at > now or going is None:
            return False
        others = [await session.get_one(DeliveryRow, each) for each in merged]
        if any(other.state != State.PENDING for other in others):
            return False
        for other in others:
            other.state, other.reason, other.merged_into_id = State.SKIPPED, "merged", delivery_id
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
        """It is there, so its payload need not be kept. `message_id` is None if it was deleted meanwhile.

        A board remembers its message, the channel and the version.
        `unfinished` says why what should follow the message, its thread, could not be made.
        """
        row = await session.get_one(DeliveryRow, delivery_id)
        row.state, row.message_id, row.reason, row.payload = State.SENT, message_id, unfinished, None
        if board_version is not None:
            board = await session.get_one(BoardRow, row.subject_id)
            board.message_id, board.channel_id = message_id, row.channel_id
            mark_shown(board, board_version)

    @writes
    async def retry(self, session: AsyncSession, delivery_id: int, due_at: datetime, *, failures: int = 0) -> None:
        """Try again at `due_at`. What is `sending` stays so, because it may have arrived; what is pending, too.

        `failures`: how many more times it did not get through while others did.
        """
        row = await session.get_one(DeliveryRow, delivery_id)
        row.due_at = due_at
        if row.state == State.PENDING:
            row.attempts += 1  # those that were sent, `begin` has counted
        else:
            row.failures += failures

    @writes
    async def clock_set_back(self, session: AsyncSession, now: datetime) -> None:
        """What was tried at an instant that is still to come is due now, and looked for a long way back.

        The clock was ahead, or what it said could not be. What it put off untried waits no longer than was planned.
        """
        ahead = update(DeliveryRow).where(IS_LIVE, DeliveryRow.first_tried_at > now)
        await session.execute(ahead.values(due_at=now, first_tried_at=now - FAR_BACK))
        untried = DeliveryRow.attempts > 0, DeliveryRow.first_tried_at.is_(None)
        for row in await session.scalars(select(DeliveryRow).where(IS_LIVE, DeliveryRow.due_at > now, *untried)):
            row.due_at = max(now, planned_instant(row.slot))
        await session.execute(update(BoardRow).where(BoardRow.redraw_at > now).values(redraw_at=now))

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
        await as_planned(session, row, now)
        return True

    @writes
    async def renew(self, session: AsyncSession, delivery_id: int, now: datetime) -> None:
        """History said that it has not arrived: it is composed anew. How often it was tried is not forgotten."""
        row = await session.get_one(DeliveryRow, delivery_id)
        attempts, failures = row.attempts, row.failures
        if row.state in LIVE:
            await as_planned(session, row, now)
            row.attempts, row.failures = attempts, failures

    @writes
    async def overtake(self, session: AsyncSession, delivery_ids: Collection[int]) -> None:
        """A later one of their kind goes out in their place."""
        await session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(delivery_ids), DeliveryRow.state == State.PENDING)
            .values(state=State.SKIPPED, reason="overtaken")
        )

    @writes
    async def close(self, session: AsyncSession, delivery_id: int, state: State, reason: str, now: datetime) -> None:
        """It ends here, unless it has ended already: skipped, failed or held, and why.

        Moderators are told of what failed or is held, in a message planned with it. What was merged into a message that
        is not there has not ended with it.
        """
        row = await session.get_one(DeliveryRow, delivery_id)
        if row.state not in LIVE:
            return
        row.state, row.reason = state, reason
        if state is not State.HELD:
            await give_back(session, row, now)
        if state in UNSENT and row.kind != UNDELIVERED:  # that the message itself failed would be told without end
            row.told_by_id = await notice_of(session, row, now)
