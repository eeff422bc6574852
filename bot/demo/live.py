"""`demo`: the team in the middle of Day 27, in the browser, while simulated time runs."""

import asyncio
import logging
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from simcord.backend.errors import BackendError, SetupError
from simcord.preview import Preview

from bot.demo.day27 import DATE, DAY27
from bot.demo.history import EARLIER, SETUP
from bot.demo.simulation import simulated
from bot.demo.stage import ZONE, Stage, found_server, moment_of
from bot.demo.steps import Step

log = logging.getLogger(__name__)

ENTRANCE: Final = moment_of(DATE, "16:30")
"""When the browser comes in: the session is in full swing, and the evening is still to come."""

TICK: Final = 1.0
"""Seconds between two moves of simulated time."""

GUIDE: Final = """
  {url}

Day 27 of an invented team of seven, 16:30 in Seoul; {pace}
Pick whom you are at the top of the page, then try:
  /today   /rotation show   /question list   /journal show   /help
  /ask, or the buttons below a board of questions
The others go on without you: at 18:00 tomorrow's duties are announced, at 20:59 those who have not handed in are
reminded, at 21:00 the retrospective is asked for. The session's thread is not shown here: the page shows one channel.
Ctrl-C ends it.
"""


async def run_live(*, speed: float, port: int, write: Callable[[str], None]) -> None:
    """Show the demo until Ctrl-C, SIGTERM, or the end of the session in the browser. Leaves nothing behind.

    `speed` is how many simulated seconds pass in a second; port 0 takes a free one.
    """
    showing = asyncio.ensure_future(_show(speed, port, write))
    with _ended_by_signals(showing), suppress(asyncio.CancelledError):
        await showing


@contextmanager
def _ended_by_signals(task: asyncio.Future[None]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM cancel a task, so that it cleans up after itself."""
    loop = asyncio.get_running_loop()
    names = (signal.SIGINT, signal.SIGTERM)
    for name in names:
        loop.add_signal_handler(name, task.cancel)
    try:
        yield
    finally:
        for name in names:
            loop.remove_signal_handler(name)


async def _show(speed: float, port: int, write: Callable[[str], None]) -> None:
    write("Playing the team's days up to now …")
    with TemporaryDirectory(prefix="study-bot-demo-") as place:
        async with simulated(Path(place) / "demo.sqlite3") as env:
            await env.advance_time((moment_of(SETUP.date, "08:55") - env.now()).total_seconds())
            stage = found_server(env)
            for chapter in (SETUP, *EARLIER, DAY27):
                await stage.play(chapter, until=ENTRANCE)
            await stage.until(ENTRANCE)
            viewers = list(stage.people.values())
            async with env.preview(
                stage.channel,
                viewers=[*viewers[1:], viewers[0]],
                layout="channel",
                locale="ko",
                timezone=ZONE.key,
                port=port,
            ) as preview:
                turn = asyncio.Lock()
                _take_turns(preview, turn)
                pace = f"a second is {speed:g} there." if speed else "time stands still."
                write(GUIDE.format(url=preview.url, pace=pace).strip("\n"))
                await _until_closed(preview, _Clockwork(stage, preview, turn, speed))


async def _until_closed(preview: Preview, clockwork: "_Clockwork") -> None:
    """Let time run until somebody ends the session in the browser. Raises what makes time stop."""
    running = asyncio.ensure_future(clockwork.run())
    closing = asyncio.ensure_future(preview.wait_closed())
    try:
        done, _ = await asyncio.wait({running, closing}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (running, closing):
            task.cancel()
        await asyncio.gather(running, closing, return_exceptions=True)


def _take_turns(preview: Preview, turn: asyncio.Lock) -> None:
    """Let what is done in the browser wait for the clockwork, as the simulated Discord does one thing at a time.

    Time that moved on in between makes nobody's click stale: what is clicked is looked up again anyway.
    """
    act = preview._action  # noqa: SLF001  # simcord offers no other way in

    async def in_turn(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with turn:
            page = preview._pages.get(context_id or "")  # noqa: SLF001  # as above
            if page is not None and isinstance(body, Mapping) and "published_revision" in body:
                body = {**body, "published_revision": page.revision}
            return await act(context_id, body)

    vars(preview)["_action"] = in_turn


class _Clockwork:
    """Moves simulated time on, and the people who are not in the browser with it."""

    def __init__(self, stage: Stage, preview: Preview, turn: asyncio.Lock, speed: float) -> None:
        self._stage = stage
        self._preview = preview
        self._turn = turn
        self._speed = speed
        self._steps = deque(_later(DAY27.steps))
        self._shown = self._fingerprint()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            async with self._turn:
                await self._move(self._stage.env.now() + timedelta(seconds=self._speed * TICK))
                await self._refresh()

    async def _move(self, target: datetime) -> None:
        while self._steps and moment_of(DATE, self._steps[0].at) <= target:
            step = self._steps.popleft()
            await self._stage.until(moment_of(DATE, step.at))
            await self._perform(step)
        await self._stage.until(target)

    async def _perform(self, step: Step) -> None:
        """Do a step if it still can be done: whoever is in the browser may have been first."""
        try:
            await self._stage.perform(step)
        except (SetupError, BackendError, ValueError) as error:
            log.info("%s at %s was left out: %s", step.command or step.button, step.at, error)

    async def _refresh(self) -> None:
        """Show what is new. Pages are left alone while nothing is, so that nobody is disturbed while typing."""
        current = self._fingerprint()
        if current != self._shown:
            await self._preview.refresh()
            self._shown = current

    def _fingerprint(self) -> tuple[tuple[int, str | None], ...]:
        """Changes when a message in the channel is posted, edited or deleted."""
        messages = self._stage.env.backend.messages.get(self._stage.channel.id, {}).values()
        return tuple((message.id, message.edited_timestamp) for message in messages)


def _later(steps: Iterable[Step]) -> Iterator[Step]:
    """What has not been done when the browser comes in."""
    return (step for step in steps if moment_of(DATE, step.at) >= ENTRANCE)
