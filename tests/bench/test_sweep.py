"""What a sweep costs: with nothing due, and with very much. Figures and ratios of one run; none is asserted."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SystemClock
from bot.db.engine import Database
from bot.domain.deliveries import Delivery
from bot.jobs.dispatch import Dispatcher
from bot.jobs.heartbeat import Heartbeat
from bot.jobs.pace import Pace
from bot.jobs.posts import Post
from bot.services.boards import Boards
from bot.services.deliveries import Deliveries
from bot.services.housekeeping import Housekeeping
from bot.services.outlook import Outlook
from tests.bench.conftest import Tell
from tests.bench.lag import Lags
from tests.bench.many import KIND, many_teams
from tests.wire.chaos.lives import states

DUE_JOBS = 10_000
FEW, MANY = 100, 10_000
EACH = 10


def now() -> datetime:
    return SystemClock().now()


@pytest.fixture(scope="module")
def measured() -> dict[object, float]:
    """Of this run, for the ratios."""
    return {}


@pytest.mark.parametrize("teams", [FEW, MANY])
def test_an_idle_sweep(benchmark, tmp_path: Path, tell: Tell, measured, teams: int) -> None:
    """What a tick costs every five seconds while everything that is planned lies ahead."""
    many_teams(tmp_path / "many.sqlite3", teams, EACH, first=now() + timedelta(days=1))
    with asyncio.Runner() as runner:
        bench = runner.run(Bench.over(tmp_path / "many.sqlite3"))
        runner.run(bench.heartbeat.tick())
        benchmark(lambda: runner.run(bench.heartbeat.tick()))
        runner.run(bench.database.dispose())
    measured[teams] = benchmark.stats.stats.median
    tell(f"an idle sweep with {teams:,} teams, {teams * EACH:,} planned deliveries: {measured[teams] * 1000:.2f} ms")
    if teams == MANY and FEW in measured:
        tell(f"  with {MANY // FEW} times as much planned it takes {measured[MANY] / measured[FEW]:.2f} times as long")


class Bench:
    """A dispatcher whose messages are there at once, so that only its own cost is seen."""

    def __init__(self, file: Path) -> None:
        self.database = Database(f"sqlite+aiosqlite:///{file}")
        self.fired, self.done = 0, asyncio.Event()
        pace, clock = Pace(per_second=None), SystemClock()
        deliveries, boards = Deliveries(self.database), Boards(self.database)
        self.dispatcher = Dispatcher(deliveries, boards, self, clock, pace)
        self.dispatcher.compose(KIND, self.compose)
        self.heartbeat = Heartbeat(self.dispatcher, Outlook(self.database), Housekeeping(self.database), clock, pace)
        self.dispatcher.connect(wake=self.heartbeat.wake, log_out=lambda: None)

    @classmethod
    async def over(cls, file: Path) -> "Bench":
        return cls(file)

    async def compose(self, delivery: Delivery) -> Post:
        return Post(text="안녕하세요")

    async def send(self, guild_id: int, channel_id: int, post: Post, nonce: str) -> int:
        self.fired += 1
        if self.fired == DUE_JOBS:
            self.done.set()
        return self.fired

    async def finish(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        """No thread follows."""


def test_ten_thousand_due_at_once(benchmark, tmp_path: Path, tell: Tell, measured) -> None:
    """Each is composed, begun, sent and recorded; Discord and its limits are left out."""
    many_teams(tmp_path / "many.sqlite3", DUE_JOBS, 1, first=now() - timedelta(minutes=1))
    lags = benchmark.pedantic(lambda: asyncio.run(fire(tmp_path / "many.sqlite3")), rounds=1)
    measured["ours"] = lags.longest
    tell(f"{DUE_JOBS:,} due at once, without Discord's limits: {all_of_it(benchmark, lags)}")


def test_ten_thousand_due_at_once_in_apschedulers_own_store(benchmark, tmp_path: Path, tell: Tell, measured) -> None:
    """Each is started and taken out of the store; what it would do is left out."""
    with asyncio.Runner() as runner:
        jobs = runner.run(stored_jobs(tmp_path / "jobs.sqlite3"))
        lags = benchmark.pedantic(lambda: runner.run(jobs.fire()), rounds=1)
        runner.run(jobs.stop())
    tell(f"{DUE_JOBS:,} due at once in APScheduler's SQLAlchemyJobStore: {all_of_it(benchmark, lags)}")
    if "ours" in measured:
        tell(f"  there others wait {lags.longest / measured['ours']:.0f} times as long")


def all_of_it(benchmark: Any, lags: Lags) -> str:
    return f"{benchmark.stats.stats.total:.1f} s, in which others wait {lags.longest * 1000:,.0f} ms at most"


async def fire(file: Path) -> Lags:
    bench, lags = Bench(file), Lags()
    async with lags.watching():
        bench.heartbeat.start()
        await bench.done.wait()
        await bench.dispatcher.finished()
    await bench.heartbeat.stop()
    await bench.database.dispose()
    assert states(file) == {"sent": DUE_JOBS}
    return lags


class Jobs:
    """The scheduler's own store with as many jobs, each due once."""

    def __init__(self, scheduler: AsyncIOScheduler) -> None:
        self.scheduler = scheduler

    async def fire(self) -> Lags:
        lags = Lags()
        async with lags.watching():
            self.scheduler.resume()
            await all_fired.wait()
        return lags

    async def stop(self) -> None:
        self.scheduler.shutdown()


async def stored_jobs(file: Path) -> Jobs:
    store = SQLAlchemyJobStore(f"sqlite:///{file}")
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": store}, job_defaults={"misfire_grace_time": None})
    scheduler.start(paused=True)
    due = now() - timedelta(minutes=1)
    for number in range(DUE_JOBS):
        scheduler.add_job(job, "date", run_date=due, id=str(number))
    return Jobs(scheduler)


fired = itertools.count(1)
all_fired = asyncio.Event()


async def job() -> None:
    """What the store calls by its name; it keeps nothing else."""
    if next(fired) == DUE_JOBS:
        all_fired.set()
