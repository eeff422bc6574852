"""The heartbeat: one APScheduler job that ticks. The database says what is due, the scheduler only when to look."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.jobs.backups import Backups
from bot.jobs.dispatch import Dispatcher
from bot.jobs.nightly import Nightly
from bot.jobs.pace import Pace
from bot.services.housekeeping import Housekeeping
from bot.services.outlook import Outlook

log = logging.getLogger(__name__)

TICK: Final = "tick"

MISSED: Final = 3
"""Intervals without a tick after which something is wrong."""
BACKUP: Final = "backup"
NIGHTLY: Final = "nightly"


class Heartbeat:
    """Ticks every `pace.interval` seconds, earlier when something falls due earlier, at once when woken."""

    def __init__(
        self, dispatcher: Dispatcher, outlook: Outlook, housekeeping: Housekeeping, clock: Clock, pace: Pace
    ) -> None:
        self._dispatcher = dispatcher
        self._outlook = outlook
        self._housekeeping = housekeeping
        self._clock = clock
        self._pace = pace
        self._ticking = False
        self._again = False
        self._due = clock.now()
        self._latest = datetime.max.replace(tzinfo=UTC)  # nobody knows what the clock said before the start
        self._told: Callable[[datetime, datetime], None] = lambda _began, _due: None
        self._still = asyncio.Event()
        self._still.set()
        self._watching: asyncio.Task[None] | None = None
        self._nightly: Nightly | None = None
        self.last_tick = time.monotonic()
        """When a tick last came to its end without an error, on the clock that nobody sets."""
        self.lag = 0.0
        """Seconds by which the last tick began later than it was due."""
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def tell(self, told: Callable[[datetime, datetime], None]) -> None:
        """Call this whenever a tick begins, with when it did and when it was due."""
        self._told = told

    def start(self) -> None:
        """Begin to tick, the first time at once. Needs the running loop."""
        self._scheduler.start()
        at_once = self._clock.now()
        # One that comes while another runs asks for one more and ends; APScheduler would leave it out with a warning.
        self._scheduler.add_job(
            self._tick, "interval", seconds=self._pace.interval, id=TICK, next_run_time=at_once, max_instances=2
        )
        if self._pace.watchdog is not None:
            self._watching = asyncio.get_running_loop().create_task(self._watch(self._pace.watchdog), name="watchdog")

    def nightly(self, nightly: Nightly) -> None:
        """Do the night's work each night."""
        self._nightly = nightly
        self._scheduler.add_job(nightly.run, "cron", hour=nightly.HOUR, minute=nightly.MINUTE, timezone=UTC, id=NIGHTLY)

    def back_up(self, backups: Backups) -> None:
        """Back up each night, and at once if the last night was missed."""
        missed = {"next_run_time": self._clock.now()} if backups.overdue else {}
        self._scheduler.add_job(
            backups.run, "cron", hour=backups.HOUR, minute=backups.MINUTE, timezone=UTC, id=BACKUP, **missed
        )

    async def stop(self) -> None:
        """Tick no more, and wait for the deliveries under way."""
        if not self._scheduler.running:
            return
        if self._watching is not None:
            self._watching.cancel()
        self._scheduler.pause()
        await self._still.wait()  # the scheduler would cancel a tick that is under way
        if self._nightly is not None:
            await self._nightly.stop()
        await self._dispatcher.stop()
        self.halt()

    def halt(self) -> None:
        """Beat no more, and cancel what is under way."""
        if self._scheduler.running:  # somebody else may have stopped it meanwhile
            self._scheduler.shutdown(wait=False)

    @property
    def healthy(self) -> bool:
        """Whether it ticks as it should."""
        return self._scheduler.running and time.monotonic() - self.last_tick < MISSED * self._pace.interval

    @property
    def stalled(self) -> bool:
        """Whether it has begun to tick and does not any more. Before Discord was reached, nothing ticks."""
        return self._scheduler.running and not self.healthy

    async def _watch(self, every: float) -> None:
        """Set the tick going again when it stalls: APScheduler waits by the wall clock, which may be set back."""
        while True:
            await asyncio.sleep(every)
            if not self.healthy:
                log.warning("No tick for %.0f s; looking now", time.monotonic() - self.last_tick)
                self.wake()

    def wake(self) -> None:
        """Look at the database now. While a tick runs, another one follows it."""
        if self._ticking:
            self._again = True
        else:
            self._tick_at(self._clock.now())

    def _tick_at(self, moment: datetime) -> None:
        if self._scheduler.running:
            self._due = moment
            self._scheduler.modify_job(TICK, next_run_time=moment)

    async def _tick(self) -> None:
        if self._ticking:
            self._again = True
            return
        self._ticking, self._again = True, False
        self._still.clear()
        began = self._clock.now()
        self.lag = max(0.0, (began - self._due).total_seconds())
        self._told(began, self._due)
        upcoming = began + timedelta(seconds=self._pace.interval)
        try:
            next_at = await self.tick()
            upcoming = min(upcoming, next_at or upcoming)
            self.last_tick = time.monotonic()
        except Exception:
            log.exception("The tick failed; the next one tries again")
        finally:
            self._still.set()
            # Not from inside the job: until it has ended, a run that is due at once finds it ticking.
            asyncio.get_running_loop().call_soon(self._ticked, upcoming)

    def _ticked(self, upcoming: datetime) -> None:
        self._ticking = False
        self._tick_at(self._clock.now() if self._again else upcoming)

    async def tick(self) -> datetime | None:
        """Look after the teams for which something is due, and start what is to be sent. When the next thing is due."""
        now = self._clock.now()
        if now < self._latest:
            await self._dispatcher.clock_set_back(now)
        self._latest = now
        view = await self._outlook.look(now)
        if view.plan:
            more = await self._housekeeping.step(now)
            self._again = self._again or more
            view = await self._outlook.look(now)
        if view.deliver or view.redraw:
            await self._dispatcher.dispatch()
        return view.next_at
