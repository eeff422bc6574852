"""The real process, `python -m bot run`, against the loopback Discord."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.wire.discord_server import DiscordServer

ROOT = Path(__file__).parents[2]
READY: Path | None = None
"""A database for whoever has none yet; None lets the process make its own, as at its first start."""


class BotProcess:
    """A running bot. `output` is what it has logged so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.output = ""
        self._line = asyncio.Event()
        self._reading = asyncio.ensure_future(self._read())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code, negative for a death by signal."""
        if self.running:
            self._process.send_signal(how)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for the end; the exit code."""
        code = await asyncio.wait_for(self._process.wait(), 30)
        await self._reading
        return code

    async def logged(self, text: str) -> None:
        """Wait until a log line says something."""
        async with asyncio.timeout(30):
            while text not in self.output:
                self._line.clear()
                await self._line.wait()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.output += line.decode()
            self._line.set()


def environment(server: DiscordServer, database: Path, **more: str) -> dict[str, str]:
    """Settings for a process that talks to the loopback server."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith(("DISCORD_", "DATABASE_", "LOG_"))},
        "DISCORD_TOKEN": server.token,
        "DISCORD_API_URL": server.api_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "BACKUP_KEEP": "0",
        "PYTHONPATH": str(ROOT),
        **more,
    }


async def start(env: dict[str, str], cwd: Path, *arguments: str, module: str = "bot") -> BotProcess:
    """Start `python -m bot …` in a folder of its own, so that no `.env` is read."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *(arguments or ("run",)),
        env=env, cwd=cwd, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    return BotProcess(process)


@asynccontextmanager
async def running(
    server: DiscordServer, database: Path, *, module: str = "bot", **more: str
) -> AsyncIterator[BotProcess]:
    """A connected bot; it is stopped at the end if the test has not done so."""
    _make_ready(database)
    bot = await start(environment(server, database, **more), database.parent, module=module)
    try:
        await server.connected()
        yield bot
    finally:
        if bot.running:
            await bot.stop(signal.SIGKILL)


def _make_ready(database: Path) -> None:
    if READY is not None and not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(READY, database)


async def eventually(condition: Callable[[], object], *, within: float = 60.0) -> None:
    """Wait until something outside of the loopback server is so, such as a state in the database of another process."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  # another process tells nobody when it commits
            await asyncio.sleep(0.05)
