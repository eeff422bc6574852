"""Dispatch: a task for each lane that has something due, which sends one delivery after the other.

So a lane keeps its order, and one that waits, for the limit of its channel or in an outage, keeps nobody else waiting.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby

from bot.clock import Clock
from bot.domain.deliveries import Delivery, Lane
from bot.jobs.pace import Gate, Pace
from bot.jobs.posts import Announcer, LoggedOut
from bot.jobs.redrawing import Drawer, Redrawer
from bot.jobs.sending import Composer, Sender
from bot.services.boards import BOARD, Board, Boards
from bot.services.deliveries import Deliveries

log = logging.getLogger(__name__)

LANES = 256
"""Lanes at once. A channel takes a message a second, so these can fill the gate while most of them wait."""

BOARDS = "boards"
"""Lane of a team's boards that are redrawn; no delivery has it."""


@dataclass
class Running:
    """A lane under way. `again`: a tick has come since it last looked, so it looks once more before it ends."""

    task: asyncio.Task[None]
    again: bool = False


class Dispatcher:
    """Knows who is next. `wake` asks the heartbeat for another tick."""

    def __init__(
        self,
        deliveries: Deliveries,
        boards: Boards,
        announcer: Announcer,
        clock: Clock,
        pace: Pace,
        rng: random.Random | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._boards = boards
        self._clock = clock
        self._gate = Gate(pace.per_second)
        chance = rng or random.Random()  # noqa: S311  # spreads retries, keeps no secret
        self._sender = Sender(deliveries, announcer, clock, pace, self._gate, chance)
        self._redrawer = Redrawer(boards, announcer, clock, pace, self._gate, chance)
        self._sender.composers[BOARD] = self._redrawer.first_post
        self._running: dict[Lane, Running] = {}
        self._crowded = False
        self._wake: Callable[[], None] = lambda: None
        self._log_out: Callable[[], None] = lambda: None
        self._stopping = False

    def compose(self, kind: str, composer: Composer) -> None:
        """Register what says the text of a kind of delivery."""
        self._sender.composers[kind] = composer

    def draw(self, kind: str, drawer: Drawer) -> None:
        """Register what draws a kind of board."""
        self._redrawer.drawers[kind] = drawer

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of deliveries and of boards that somebody says the text of."""
        return frozenset(self._sender.composers) | self.boards

    @property
    def boards(self) -> frozenset[str]:
        """Kinds of boards that somebody draws."""
        return frozenset(self._redrawer.drawers)

    def connect(self, *, wake: Callable[[], None], log_out: Callable[[], None]) -> None:
        """`wake` asks for another tick, `log_out` stops the process because the token is no longer valid."""
        self._wake, self._log_out = wake, log_out

    async def dispatch(self) -> None:
        """Start a task for each lane that has something due and none under way."""
        for running in self._running.values():
            running.again = True
        now, busy = self._clock.now(), list(self._running)  # before reading: a lane may finish what is read as due
        free = max(0, LANES - len(busy))  # boards are among the busy, and are not counted
        lanes = await self._deliveries.lanes(now, busy, free)
        boards = await self._boards.to_redraw(now, [lane.team_id for lane in busy if lane.name == BOARDS])
        if self._stopping:
            return
        for lane in lanes:
            self._start(lane, self._send_all(lane))
        for team_id, of_team in groupby(
            sorted(boards, key=lambda board: board.team_id), key=lambda board: board.team_id
        ):
            self._start(Lane(team_id, BOARDS), self._redraw_all(list(of_team)))
        self._crowded = len(lanes) == free

    def _start(self, lane: Lane, work: Coroutine[None, None, None]) -> None:
        name = f"deliver-{lane.team_id}-{lane.name}"
        task = asyncio.get_running_loop().create_task(self._run(lane, work), name=name)
        self._running[lane] = Running(task)

    async def clock_set_back(self, now: datetime) -> None:
        """Take up what was tried while the clock was ahead; it would wait, and keep its lane waiting, until then."""
        await self._deliveries.clock_set_back(now)

    async def finished(self) -> None:
        """Wait until what is under way now has nothing more to send."""
        if self._running:
            await asyncio.wait([running.task for running in self._running.values()])

    async def stop(self) -> None:
        """Finish the messages that are being sent, and begin no other: the next start takes them up."""
        self._stopping = True
        self._gate.close()
        await self.finished()

    async def _run(self, lane: Lane, work: Coroutine[None, None, None]) -> None:
        recorded = True
        try:
            await work
        except Exception:
            recorded = (
                False  # nothing has changed in the database: it waits for the next tick, or it would go in circles
            )
            told = {"lane": lane.name, "team": lane.team_id}
            log.exception("Cannot record what became of lane %(lane)r of team %(team)s", told)
        finally:
            del self._running[lane]
            if recorded and (not self._crowded or len(self._running) <= LANES // 2):
                self._wake()  # what it put off falls due, what waited for it can go, others have room

    async def _send_all(self, lane: Lane) -> None:
        running = self._running[lane]
        while not self._stopping:
            running.again = False
            delivery = await self._deliveries.due(lane, self._clock.now())
            if delivery is not None:
                put_off = partial(self._sender.put_off, delivery)
                await self._guarded(self._sender.deliver(delivery), put_off, "delivery", delivery)
            elif not running.again:
                return

    async def _redraw_all(self, boards: Sequence[Board]) -> None:
        for board in boards:
            if not self._stopping:
                put_off = partial(self._redrawer.put_off, board)
                await self._guarded(self._redrawer.redraw(board), put_off, "board", board)

    async def _guarded(
        self, work: Awaitable[None], put_off: Callable[[], Awaitable[None]], what: str, item: Delivery | Board
    ) -> None:
        """One bad item never holds up another: its defect is logged, and it is tried again after a long while."""
        try:
            await work
        except LoggedOut:
            self._stopping = True
            self._log_out()
        except Exception:
            told = {what: item.id, "kind": item.kind, "team": item.team_id}
            log.exception(f"Defect in {what} %({what})s (%(kind)s)", told)  # noqa: G004  # `what` is a word of ours
            await put_off()
