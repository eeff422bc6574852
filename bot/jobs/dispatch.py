"""Dispatch: take what is due, ask the feature what to post, post it, record what became of it.

A task for each channel, so that a channel's messages keep their order and one bad channel holds up nobody else. Before
any second attempt the channel's history is read for the message: it may have arrived although nobody said so.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from bot.clock import Clock
from bot.domain.deliveries import HISTORY_UNREADABLE, Delivery, State
from bot.jobs.posts import Ambiguous, Announcer, Deleted, LoggedOut, Post, Refused, SendError, Skip, TryAgain
from bot.services.boards import BOARD, Board, Boards
from bot.services.deliveries import BATCH, Deliveries

log = logging.getLogger(__name__)

Composer = Callable[[Delivery], Awaitable[Post | Skip]]
Drawer = Callable[[Board], Awaitable[Post]]
PutOff = Callable[[datetime], Awaitable[None]]

IN_FLIGHT = 10
UNKNOWN_CHANNEL = 10003
HISTORY_MARGIN = timedelta(minutes=2)
"""How much further back than the first attempt the history is read: clocks differ."""

RESENT_UNSEEN = frozenset({"assignment.reminder"})
"""Kinds that are sent again when history cannot be read: better twice than never. All others are held."""


@dataclass(frozen=True)
class Pace:
    """How often and how long. Seconds."""

    interval: float = 5.0
    board_delay: float = 2.0
    send_timeout: float = 30.0
    first_retry: float = 2.0
    longest_retry: float = 300.0


class Dispatcher:
    """Knows when and exactly once; composers know what."""

    def __init__(self, deliveries: Deliveries, boards: Boards, announcer: Announcer, clock: Clock, pace: Pace) -> None:
        self._deliveries = deliveries
        self._boards = boards
        self._announcer = announcer
        self._clock = clock
        self._pace = pace
        self._composers: dict[str, Composer] = {BOARD: self._compose_board}
        self._drawers: dict[str, Drawer] = {}
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._drawn: dict[int, datetime] = {}
        self._wake: Callable[[], None] = lambda: None
        self._log_out: Callable[[], None] = lambda: None
        self._stopping = False

    def compose(self, kind: str, composer: Composer) -> None:
        """Register what says the text of a kind of delivery."""
        self._composers[kind] = composer

    def draw(self, kind: str, drawer: Drawer) -> None:
        """Register what draws a kind of board."""
        self._drawers[kind] = drawer

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of deliveries and of boards that somebody says the text of."""
        return frozenset({*self._composers, *self._drawers})

    def connect(self, *, wake: Callable[[], None], log_out: Callable[[], None]) -> None:
        """`wake` asks for another tick, `log_out` stops the process because the token is no longer valid."""
        self._wake, self._log_out = wake, log_out

    async def dispatch(self) -> None:
        """Start a task for each team that has something due and none under way."""
        now = self._clock.now()
        busy = frozenset(self._busy)  # before reading: while we read, a lane may finish what was read as due
        due = sorted(await self._deliveries.due(now, busy), key=lambda delivery: delivery.team_id)
        lanes: dict[int, Lane] = {
            team_id: Lane(list(deliveries)) for team_id, deliveries in groupby(due, key=lambda item: item.team_id)
        }
        for board in await self._boards.to_redraw(now, busy):
            lanes.setdefault(board.team_id, Lane([])).boards.append(board)
        if self._stopping:
            return
        for team_id, lane in lanes.items():
            task = asyncio.get_running_loop().create_task(self._drain(team_id, lane), name=f"deliver-{team_id}")
            self._busy[team_id] = task
        if len(due) == BATCH:
            self._wake()  # other teams may have something due behind these

    async def finished(self) -> None:
        """Wait until what is under way, and what was taken together with it, is done."""
        tasks = list(self._busy.values())
        if tasks:
            await asyncio.wait(tasks)

    async def stop(self) -> None:
        """Finish the message of each team that is being sent, and begin no other: the next start takes them up."""
        self._stopping = True
        await self.finished()

    async def _drain(self, team_id: int, lane: "Lane") -> None:
        try:
            async with self._slots:
                await self._work_through(lane)
            self._wake()  # the tick comes after this task has ended
        except Exception:
            log.exception("Cannot record what became of the deliveries of team %s", team_id)
        finally:
            del self._busy[team_id]

    async def _work_through(self, lane: "Lane") -> None:
        for delivery in lane.deliveries:
            if not self._stopping:
                put_off = partial(self._deliveries.retry, delivery.id)
                await self._guarded(self._deliver(delivery), put_off, f"delivery {delivery.id} ({delivery.kind})")
        for board in lane.boards:
            if not self._stopping:
                put_off = partial(self._boards.postpone, board.id)
                await self._guarded(self._redraw(board), put_off, f"board {board.id} ({board.kind})")

    async def _guarded(self, work: Awaitable[None], put_off: PutOff, what: str) -> None:
        """One bad item never holds up another: its defect is logged, and it is tried again after a long while."""
        try:
            await work
        except LoggedOut:
            self._stopping = True
            self._log_out()
        except Exception:
            log.exception("Defect in %s", what)
            await put_off(self._later(self._pace.longest_retry))

    async def _deliver(self, delivery: Delivery) -> None:
        if delivery.state is State.SENDING:
            await self._resume(delivery)
            return
        if self._expired(delivery):
            await self._deliveries.close(delivery.id, State.SKIPPED, "expired", self._clock.now())
            return
        post = await self._composed(delivery)
        if isinstance(post, Skip):
            await self._deliveries.close(delivery.id, State.SKIPPED, post.reason, self._clock.now())
        elif post is not None:
            await self._address(delivery, _addressed(delivery, post))

    async def _composed(self, delivery: Delivery) -> Post | Skip | None:
        """What to post; None if its composer has a defect, which is logged, and the delivery is put off."""
        try:
            return await self._composers[delivery.kind](delivery)
        except Exception:
            log.exception("Cannot compose delivery %s (%s)", delivery.id, delivery.kind)
            await self._deliveries.retry(delivery.id, self._later(self._pace.longest_retry))
            return None

    async def _address(self, delivery: Delivery, post: Post) -> None:
        """The first attempt. Where a direct message goes is asked first: while that fails, nothing was sent."""
        if post.user_id is None:
            await self._attempt(delivery, post, _channel(delivery, post))
            return
        try:
            channel_id = await self._announcer.open_direct(post.user_id)
        except Refused as error:
            await self._refused(delivery, post, error)
        except (TryAgain, Ambiguous) as error:
            await self._put_off(delivery, error)
        else:
            await self._attempt(delivery, post, channel_id)

    def _expired(self, delivery: Delivery) -> bool:
        return delivery.expires_at is not None and delivery.expires_at <= self._clock.now()

    async def _resume(self, delivery: Delivery) -> None:
        """A second attempt: look whether the first one arrived, and only if not send the same again."""
        if delivery.payload is None or delivery.channel_id is None or delivery.first_tried_at is None:
            raise ValueError(f"delivery {delivery.id} is under way without a payload")
        post = Post.from_json(delivery.payload)
        since = delivery.first_tried_at - HISTORY_MARGIN
        try:
            found = await self._announcer.find(delivery.guild_id, delivery.channel_id, post, since)
        except Refused as error:
            gone = delivery.asked_for and error.code == UNKNOWN_CHANNEL  # and its messages with it
            if delivery.kind not in RESENT_UNSEEN and not gone:
                reason = f"{HISTORY_UNREADABLE} ({error})"
                await self._deliveries.close(delivery.id, State.HELD, reason, self._clock.now())
                return
            found = None
        except (TryAgain, Ambiguous) as error:
            await self._put_off(delivery, error)
            return
        if found is not None:
            await self._finish(delivery, post, delivery.channel_id, found)
        elif self._expired(delivery):
            await self._deliveries.close(delivery.id, State.SKIPPED, "expired", self._clock.now())
        elif delivery.asked_for:
            await self._deliveries.renew(delivery.id, self._clock.now())
        else:
            await self._attempt(delivery, post, delivery.channel_id)

    async def _attempt(self, delivery: Delivery, post: Post, channel_id: int) -> None:
        if not await self._deliveries.begin(delivery.id, post.to_json(), channel_id, self._clock.now()):
            return  # cancelled while it waited behind others
        try:
            message_id = await self._announcer.send(delivery.guild_id, channel_id, post, delivery.nonce)
        except Deleted:
            await self._deliveries.sent(delivery.id, None, post.board_version)
        except Refused as error:
            await self._refused(delivery, post, error)
        except (TryAgain, Ambiguous) as error:
            await self._put_off(delivery, error)
        else:
            await self._finish(delivery, post, channel_id, message_id)

    async def _refused(self, delivery: Delivery, post: Post, error: Refused) -> None:
        """It fails, unless it was for one person and names a channel for that case.

        From the commit that begins the other attempt on, payload and channel are those of the fallback, so that a
        restart looks for it and sends it there; before that commit, the person is asked, and refuses, once more.
        """
        log.warning("Delivery %s (%s) refused: %s", delivery.id, delivery.kind, error)
        if post.user_id is None or post.fallback_channel_id is None:
            await self._deliveries.close(delivery.id, State.FAILED, str(error), self._clock.now())
            return
        instead = replace(post, user_id=None, fallback_channel_id=None)
        await self._attempt(delivery, instead, post.fallback_channel_id)

    async def _finish(self, delivery: Delivery, post: Post, channel_id: int, message_id: int) -> None:
        try:
            await self._announcer.finish(delivery.guild_id, channel_id, message_id, post)
        except (TryAgain, Ambiguous) as error:
            await self._put_off(delivery, error)
            return
        except (Refused, Deleted) as error:
            log.warning("Delivery %s (%s) is posted, but not finished: %s", delivery.id, delivery.kind, error)
            await self._deliveries.sent(delivery.id, message_id, post.board_version, unfinished=str(error))
            return
        await self._deliveries.sent(delivery.id, message_id, post.board_version)

    async def _put_off(self, delivery: Delivery, error: SendError) -> None:
        """Again after what Discord asked for, or after a pause that doubles with each attempt."""
        doubled = self._pace.first_retry * 2 ** min(delivery.attempts, 16)
        seconds = error.seconds if isinstance(error, TryAgain) else min(doubled, self._pace.longest_retry)
        log.info("Delivery %s (%s): %s; again in %.1f s", delivery.id, delivery.kind, error, seconds)
        await self._deliveries.retry(delivery.id, self._later(seconds))

    def _later(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)

    async def _compose_board(self, delivery: Delivery) -> Post:
        board = await self._boards.get(delivery.subject_id)
        return await self._drawing(board)

    async def _drawing(self, board: Board) -> Post:
        post = await self._drawers[board.kind](board)
        return replace(post, board_version=board.version, user_id=board.user_id)

    async def _redraw(self, board: Board) -> None:
        if board.message_id is None or board.channel_id is None:
            return
        last = self._drawn.get(board.id)
        if last is not None and (earliest := last + timedelta(seconds=self._pace.board_delay)) > self._clock.now():
            await self._boards.postpone(board.id, earliest)
            return
        self._drawn[board.id] = self._clock.now()
        post = await self._drawing(board)
        try:
            await self._announcer.edit(board.guild_id, board.channel_id, board.message_id, post)
        except Deleted:
            await self._boards.lost(board.id, self._clock.now())
        except Refused as error:
            log.warning("Board %s (%s) cannot be drawn: %s", board.id, board.kind, error)
            await self._boards.give_up(board.id, channel_gone=error.code == UNKNOWN_CHANNEL)
        except (TryAgain, Ambiguous) as error:
            seconds = error.seconds if isinstance(error, TryAgain) else self._pace.first_retry
            await self._boards.postpone(board.id, self._later(seconds))
        else:
            await self._boards.drawn(board.id, board.version)


@dataclass(frozen=True)
class Lane:
    """What one team has due, in order."""

    deliveries: list[Delivery]
    boards: list[Board] = field(default_factory=list)


def _addressed(delivery: Delivery, post: Post) -> Post:
    """To whom, or where: the delivery says, and what it leaves open, its composer."""
    if delivery.user_id is not None:
        return replace(post, user_id=delivery.user_id)
    if delivery.channel_id is not None:
        return replace(post, channel_id=delivery.channel_id, user_id=None)
    return post


def _channel(delivery: Delivery, post: Post) -> int:
    if post.channel_id is None:
        raise ValueError(f"delivery {delivery.id} ({delivery.kind}) has no channel")
    return post.channel_id
