"""`python -m tests.bench.measured_bot run`: the bot, and in it somebody who watches how long others wait.

What was seen is written to the file that LAGS names, once it has stopped; without LAGS it only says when it is ready.
"""

import asyncio
import os
from pathlib import Path

from bot.cli import main
from bot.client import StudyBot
from tests.bench.lag import Lags

lags = Lags()
set_up = StudyBot.setup_hook
tasks = []


async def set_up_and_watch(bot: StudyBot) -> None:
    await set_up(bot)
    tasks.append(asyncio.ensure_future(watch_once_ready(bot)))


async def watch_once_ready(bot: StudyBot) -> None:
    await bot.wait_until_ready()
    print("ready", flush=True)
    if "LAGS" in os.environ:
        await lags.watch()


if __name__ == "__main__":
    StudyBot.setup_hook = set_up_and_watch
    try:
        main()
    finally:
        if "LAGS" in os.environ:
            lags.save(Path(os.environ["LAGS"]))
