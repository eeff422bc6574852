"""A burst of deliveries over the wire. Figures of one run; nothing about time is asserted."""

import asyncio
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.bench.conftest import Tell
from tests.bench.lag import Lags, Wait, quantile
from tests.wire.chaos.lives import states
from tests.wire.chaos.plan import due_messages
from tests.wire.chaos.tally import count
from tests.wire.discord_server import DiscordServer
from tests.wire.process import environment, eventually, start

PER_SECOND = 50
"""What Discord takes of one bot."""

CHANNELS, EACH = 500, 10


def test_a_burst_of_deliveries_over_the_wire(benchmark, tmp_path: Path, tell: Tell) -> None:
    """The real process against the loopback Discord with its limits; a loop's lag is measured inside the process."""
    drained = benchmark.pedantic(lambda: asyncio.run(drain(tmp_path)), rounds=1)
    tell(f"{CHANNELS * EACH:,} due deliveries in {CHANNELS} channels, over the wire:")
    tell(f"  {drained.share:.1%} of Discord's {PER_SECOND} a second, with {drained.cores:.0%} of a core")
    tell(f"  others wait for the bot's loop meanwhile {spread([wait.seconds for wait in drained.waits])}")
    tell(f"  without waiting for a processor: {spread([wait.own for wait in drained.waits])}")


def spread(seconds: list[float]) -> str:
    p50, p99, most = (quantile(seconds, share) * 1000 for share in (0.5, 0.99, 1))
    return f"{p50:.1f} ms (p50), {p99:.1f} ms (p99), {most:.0f} ms at most"


@dataclass(frozen=True)
class Drained:
    """`share` of what Discord takes; `cores` that the bot kept busy; `waits` of others for its loop."""

    share: float
    cores: float
    waits: list[Wait]


async def drain(folder: Path) -> Drained:
    database, lags = folder / "bot.sqlite3", folder / "lags.json"
    async with DiscordServer() as server:
        planned = await due_messages(server, database, CHANNELS, EACH, later=timedelta(days=1))
        env = environment(server, database, LAGS=str(lags), LOG_LEVEL="WARNING")
        bot = await start(env, folder, module="tests.bench.measured_bot")
        await bot.logged("ready")
        fall_due(database)
        await eventually(lambda: states(database) == {"sent": len(planned)}, within=600)
        assert await bot.stop() == 0, bot.output
        assert count(server, planned).delivered == len(planned)
        first, *_, last = sorted(call.answered_at for call in server.requests_to("POST", r"/channels/\d+/messages"))
    seen = Lags.load(lags)
    share = (len(planned) - 1) / (last - first) / PER_SECOND
    return Drained(share, seen.busy / (last - first), seen.between(first, last))


def fall_due(database: Path) -> None:
    """Everything at once, in a bot that is there and has nothing else to do."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE delivery SET due_at = datetime()")
    connection.close()
