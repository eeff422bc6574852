"""The heartbeat: one APScheduler job that ticks. The database says what is due, the scheduler only when to look."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.jobs.backups import HOUR, MINUTE, Backups
from bot.jobs.dispatch import Dispatcher, Pace
from bot.services.deliveries import Deliveries
from bot.services.housekeeping import Housekeeping

log = logging.getLogger(__name__)

TICK: Final = "tick"
BACKUP: Final = "backup"


class Heartbeat:
    """Ticks every `pace.interval` seconds, earlier when something falls due earlier, at once when woken."""

    def __init__(
        self, dispatcher: Dispatcher, deliveries: Deliveries, housekeeping: Housekeeping, clock: Clock, pace: Pace
    ) -> None:
        self._dispatcher = dispatcher
        self._deliveries = deliveries
        self._housekeeping = housekeeping
        self._clock = clock
        self._pace = pace
        self._ticking = False
        self._again = False
        self._still = asyncio.Event()
        self._still.set()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin to tick, the first time at once. Needs the running loop."""
        self._scheduler.start()
        self._scheduler.add_job(
            self._tick, "interval", seconds=self._pace.interval, id=TICK, next_run_time=self._clock.now()
        )

    def nightly(self, backups: Backups) -> None:
        """Back up each night, and at once if the last night was missed."""
        missed = {"next_run_time": self._clock.now()} if backups.overdue else {}
        self._scheduler.add_job(backups.run, "cron", hour=HOUR, minute=MINUTE, timezone=UTC, id=BACKUP, **missed)

    async def stop(self) -> None:
        """Tick no more, and wait for the deliveries under way."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        await self._still.wait()  # the scheduler would cancel a tick that is under way
        await self._dispatcher.stop()
        if self._scheduler.running:  # somebody else may have stopped it meanwhile
            self._scheduler.shutdown(wait=False)

    def wake(self) -> None:
        """Look at the database now. While a tick runs, another one follows it."""
        if self._ticking:
            self._again = True
        else:
            self._tick_at(self._clock.now())

    def _tick_at(self, moment: datetime) -> None:
        if self._scheduler.running:
            self._scheduler.modify_job(TICK, next_run_time=moment)

    async def _tick(self) -> None:
        self._ticking, self._again = True, False
        self._still.clear()
        began = self._clock.now()
        upcoming = began + timedelta(seconds=self._pace.interval)
        try:
            await self.tick()
            upcoming = await self._next(began)  # also what fell due while it ticked
        except Exception:
            log.exception("The tick failed; the next one tries again")
        finally:
            self._still.set()
            # Not from inside the job: until it has ended, APScheduler would skip a run that is due at once.
            asyncio.get_running_loop().call_soon(self._ticked, upcoming)

    def _ticked(self, upcoming: datetime) -> None:
        self._ticking = False
        self._tick_at(self._clock.now() if self._again else upcoming)

    async def tick(self) -> None:
        """Close days that ended, plan what the schedules ask for, and start the due deliveries."""
        while await self._housekeeping.step(self._clock.now()):
            pass
        await self._dispatcher.dispatch()

    async def _next(self, now: datetime) -> datetime:
        latest = now + timedelta(seconds=self._pace.interval)
        due = await self._deliveries.next_due(now)
        return latest if due is None else min(latest, due)
