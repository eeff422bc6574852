"""What it costs to look after very many teams that rest. Figures and ratios of one run; none is asserted."""

import asyncio
import os
import sqlite3
import time
from dataclasses import astuple, dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from tests.bench.conftest import Tell
from tests.bench.many import FIRST_GUILD, many_teams
from tests.wire.discord_server import DiscordServer
from tests.wire.process import BotProcess, environment, start

FEW, MANY, MEMBERS, DELIVERIES = 100, 10_000, 10, 10
SETTLED, WATCHED = 10.0, 30.0
"""Seconds after the start that are left out, and those that are looked at."""


@dataclass(frozen=True)
class Resting:
    """Seconds from the start to ready, resident megabytes, and the share of a core."""

    start: float
    resident: float
    core: float


@pytest.fixture(scope="module")
def measured() -> dict[int, Resting]:
    """Of this run, for the ratios."""
    return {}


@pytest.mark.parametrize("teams", [FEW, MANY])
def test_a_bot_at_rest(benchmark, tmp_path: Path, tell: Tell, measured, teams: int) -> None:
    """Everything that is planned lies ahead, and nobody says anything."""
    tomorrow = SystemClock().now() + timedelta(days=1)
    many_teams(tmp_path / "bot.sqlite3", teams, DELIVERIES, first=tomorrow, members=MEMBERS)
    resting = measured[teams] = benchmark.pedantic(lambda: asyncio.run(rest(tmp_path, teams)), rounds=1)
    tell(
        f"{teams:,} teams of {MEMBERS}: ready after {resting.start:.1f} s, {resting.resident:.0f} MB,"
        f" {resting.core:.2%} of a core at rest"
    )
    if teams == MANY and FEW in measured:
        start, resident, core = (many / few for many, few in zip(*map(astuple, (resting, measured[FEW])), strict=True))
        tell(f"  with {MANY // FEW} times as many teams {start:.1f}, {resident:.1f} and {core:.1f} times as much")


async def rest(folder: Path, teams: int) -> Resting:
    database = folder / "bot.sqlite3"
    async with DiscordServer() as server:
        settle_in(database, [server.add_guild(f"스터디 {number}").id for number in range(teams)])
        env = environment(server, database, LOG_LEVEL="WARNING")
        since = time.monotonic()
        bot = await start(env, folder, module="tests.bench.measured_bot")
        await bot.logged("ready")
        ready = time.monotonic() - since
        await asyncio.sleep(SETTLED)
        worked = processor_seconds(bot)
        await asyncio.sleep(WATCHED)
        resting = Resting(ready, resident_megabytes(bot), (processor_seconds(bot) - worked) / WATCHED)
        assert await bot.stop() == 0, bot.output
        return resting


def settle_in(database: Path, guilds: list[int]) -> None:
    """The teams are those of the loopback Discord's guilds."""
    numbered = [(guild, FIRST_GUILD + number) for number, guild in enumerate(guilds)]
    with sqlite3.connect(database) as connection:
        connection.executemany("UPDATE guild SET id = ? WHERE id = ?", numbered)
        connection.executemany("UPDATE team SET guild_id = ? WHERE guild_id = ?", numbered)
    connection.close()


def processor_seconds(bot: BotProcess) -> float:
    fields = Path(f"/proc/{bot.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(bot: BotProcess) -> float:
    status = Path(f"/proc/{bot.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
