"""Redrawing one board in place, as its feature draws it now."""

import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.deliveries import Delivery
from bot.jobs.pace import Gate, Pace
from bot.jobs.posts import UNKNOWN_CHANNEL, Ambiguous, Announcer, Deleted, Post, Refused, TryAgain
from bot.services.boards import Board, Boards

log = logging.getLogger(__name__)

Drawer = Callable[[Board], Awaitable[Post]]


class Redrawer:
    """Knows when a board is drawn again; drawers know what it shows."""

    def __init__(
        self,
        boards: Boards,
        announcer: Announcer,
        clock: Clock,
        pace: Pace,
        gate: Gate,
        rng: random.Random,
    ) -> None:
        self._boards = boards
        self._announcer = announcer
        self._clock = clock
        self._pace = pace
        self._gate = gate
        self._rng = rng
        self.drawers: dict[str, Drawer] = {}
        self._drawn: dict[int, datetime] = {}
        self._in_vain: dict[int, int] = {}

    async def first_post(self, delivery: Delivery) -> Post:
        """The composer of the delivery that posts a board for the first time."""
        return await self._drawing(await self._boards.get(delivery.subject_id))

    async def redraw(self, board: Board) -> None:
        """Draw it, unless that was done a moment ago: then what comes meanwhile is drawn together."""
        if board.message_id is None or board.channel_id is None:
            return
        last = self._drawn.get(board.id)
        delay = timedelta(seconds=self._pace.board_delay)
        if last is not None and last <= self._clock.now() < last + delay:
            await self._boards.postpone(board.id, last + delay)
            return
        await self._gate.turn()
        post = await self._drawing(board)
        in_vain = self._in_vain.pop(board.id, 0)
        try:
            await self._announcer.edit(board.guild_id, board.channel_id, board.message_id, post)
        except Deleted:
            await self._boards.lost(board.id, self._clock.now())
        except Refused as error:
            told = {"board": board.id, "kind": board.kind, "team": board.team_id, "error": error}
            log.warning("Board %(board)s (%(kind)s) cannot be drawn: %(error)s", told)
            await self._boards.give_up(board.id, channel_gone=error.code == UNKNOWN_CHANNEL)
        except (TryAgain, Ambiguous) as error:
            seconds = error.seconds if isinstance(error, TryAgain) else self._pace.pause(in_vain, self._rng)
            self._in_vain[board.id] = in_vain + 1
            await self._boards.postpone(board.id, self._later(seconds))
        else:
            await self._boards.drawn(board.id, board.version)
        finally:
            self._drawn[board.id] = self._clock.now()  # counted from its start, the next could reach Discord sooner

    async def put_off(self, board: Board) -> None:
        """Something of ours is defect; that takes longer to mend than Discord."""
        await self._boards.postpone(board.id, self._later(self._pace.longest_retry))

    async def _drawing(self, board: Board) -> Post:
        post = await self.drawers[board.kind](board)
        return replace(post, board_version=board.version, user_id=board.user_id)

    def _later(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)
