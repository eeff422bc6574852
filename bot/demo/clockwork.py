"""Simulated time that runs while somebody watches, and the people who live in it."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from simcord.backend.errors import BackendError, SetupError
from simcord.preview import Preview

from bot.demo.day27 import DATE
from bot.demo.stage import Stage, moment_of
from bot.demo.steps import Step

log = logging.getLogger(__name__)

TICK: Final = 1.0
"""Seconds between two moves of simulated time."""

MOST_TICKS: Final = 5
"""Ticks made up for at once, when the machine was slow."""


class Clockwork:
    """Moves simulated time on by `speed` seconds a second, and with it the steps that are still to come.

    It holds the turn while it does so. Time moves by whole ticks: at the usual speed it then stands at a full minute,
    and nothing falls due within the next seconds, for which simcord would wait.
    """

    def __init__(self, stage: Stage, preview: Preview, turn: asyncio.Lock, speed: float, steps: Iterable[Step]) -> None:
        self._stage = stage
        self._preview = preview
        self._turn = turn
        self._speed = speed
        self._steps = deque(steps)
        self._shown: object = None

    async def run(self) -> None:
        """Run until it is cancelled."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(TICK)
            ticks = min(max(round((loop.time() - last) / TICK), 1), MOST_TICKS)
            last = loop.time()
            async with self._turn:
                await self._move(self._stage.env.now() + timedelta(seconds=self._speed * TICK * ticks))
                await self._show_what_is_new()

    async def _move(self, target: datetime) -> None:
        try:
            while self._steps and moment_of(DATE, self._steps[0].at) <= target:
                step = self._steps.popleft()
                await self._stage.until(moment_of(DATE, step.at))
                await self._perform(step)
            await self._stage.until(target)
        except TimeoutError as error:
            log.info("The machine is slow, time goes on with the next tick: %s", error)

    async def _perform(self, step: Step) -> None:
        """Do a step if it still can be done: whoever is in the browser may have been first."""
        try:
            await self._stage.perform(step)
        except (SetupError, BackendError, ValueError) as error:
            log.info("%s at %s was left out: %s", step.command or step.button, step.at, error)

    async def _show_what_is_new(self) -> None:
        """Pages are left alone while nothing is new, so that nobody is disturbed while typing."""
        messages = self._stage.env.backend.messages[self._stage.channel.id].values()
        current = [(message.id, message.edited_timestamp) for message in messages]
        if current != self._shown:
            self._shown = current
            await self._preview.refresh()
            await self._preview.show(self._stage.latest())
