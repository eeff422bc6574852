"""`demo`: the team in the middle of Day 27, in the browser, while simulated time runs."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from simcord.preview import Preview

from bot.demo.browser import LOCALE, take_turns, translate_commands
from bot.demo.clockwork import Clockwork
from bot.demo.day27 import DATE, DAY27
from bot.demo.history import EARLIER, SETUP
from bot.demo.simulation import simulated
from bot.demo.stage import ZONE, Stage, found_server, moment_of

ENTRANCE: Final = moment_of(DATE, "16:30")
"""When the browser comes in: the session is in full swing, and the evening is still to come."""

GUIDE: Final = """
  {url}

Day 27 of an invented team of seven, 16:30 in Seoul; {pace}
Pick whom you are at the top of the page, then try:
  /today   /rotation show   /question list   /journal show   /help
  /ask, or the buttons below a board of questions
The others go on without you: at 17:25 the session ends and tomorrow's duties are announced, at 20:59 those who have not
handed in are reminded, at 21:00 the retrospective is asked for. The page shows one channel: not the session's thread,
nor what the bot writes to one person alone.
Ctrl-C ends it.
"""


async def run_live(*, speed: float, port: int, write: Callable[[str], None]) -> None:
    """Show the demo until Ctrl-C, SIGTERM, or the end of the session in the browser. Leaves nothing behind.

    `speed` is how many simulated seconds pass in a second; port 0 takes a free one.
    """
    # APScheduler reports a cancelled tick as an error; what fails in a tick, the heartbeat itself reports.
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
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
    async with played_until(ENTRANCE) as stage, preview_of(stage, port) as preview:
        turn = asyncio.Lock()
        take_turns(preview, turn)
        await preview.show(stage.latest())
        pace = f"a second here is {speed:g} there." if speed else "time stands still."
        write(GUIDE.format(url=preview.url, pace=pace).strip("\n"))
        to_come = (step for step in DAY27.steps if moment_of(DATE, step.at) >= ENTRANCE)
        await _until_closed(preview, Clockwork(stage, preview, turn, speed, to_come))


@asynccontextmanager
async def played_until(moment: datetime) -> AsyncIterator[Stage]:
    """The team at an instant of Day 27, over a database that is deleted afterwards."""
    with TemporaryDirectory(prefix="study-bot-demo-") as place:
        async with simulated(Path(place) / "demo.sqlite3", moment_of(SETUP.date, "08:55")) as env:
            stage = found_server(env)
            for chapter in (SETUP, *EARLIER, DAY27):
                await stage.play(chapter, until=moment)
            await stage.until(moment)
            yield stage


def preview_of(stage: Stage, port: int = 0) -> Preview:
    """The study channel in the browser, for every member and, last, for whoever looks after the server."""
    translate_commands(stage.env)
    operator, *members = stage.people.values()
    viewers = [*members, operator]
    return stage.env.preview(
        stage.channel, viewers=viewers, layout="channel", locale=LOCALE, timezone=ZONE.key, port=port
    )


async def _until_closed(preview: Preview, clockwork: Clockwork) -> None:
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
