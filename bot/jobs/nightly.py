"""What is done once a night, besides the backup: teams of servers that are long gone, and members who left theirs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.clock import Clock
from bot.jobs.pace import Gate
from bot.services.departures import Departures
from bot.services.purge import Purge

log = logging.getLogger(__name__)

PER_SECOND: Final = 10.0
"""Members asked for: a fifth of what Discord takes, so that messages and commands have the rest."""

IsMember = Callable[[int, int], Awaitable[bool | None]]
"""Whether a user is in a guild, by their ids; None if nobody can tell now."""


class Nightly:
    HOUR, MINUTE = 19, 10
    """When it runs, in UTC: ten past four at night in Seoul, after the cut-off of the day and before the backup."""

    def __init__(self, purge: Purge, departures: Departures, is_member: IsMember, clock: Clock, gate: Gate) -> None:
        self._purge = purge
        self._departures = departures
        self._is_member = is_member
        self._clock = clock
        self._gate = gate
        self._stopping = False
        self._rests = asyncio.Event()
        self._rests.set()

    async def run(self) -> None:
        """Neither work waits for the other to succeed; the next night tries again."""
        self._rests.clear()
        try:
            await self._work()
        finally:
            self._rests.set()

    async def stop(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._stopping = True
        await self._rests.wait()

    async def _work(self) -> None:
        for work in (self._delete_forsaken, self._look_for_members):
            try:
                await work()
            except Exception:
                log.exception("The night's work was not done: %s", work.__name__)

    async def _delete_forsaken(self) -> None:
        await self._purge.run(self._clock.now())

    async def _look_for_members(self) -> None:
        for seat in await self._departures.seats():
            if self._stopping:
                return
            await self._gate.turn()
            present = await self._is_member(seat.guild_id, seat.user_id)
            if present is not None and present == seat.gone:
                await self._departures.note(seat.member_id, not present, self._clock.now())
