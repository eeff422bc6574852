"""The nightly copy of the database. A night that was missed is made up for at the next start."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.db.backup import newest, prune, take, taken
from bot.errors import BackupUnusable

log = logging.getLogger(__name__)

OVERDUE: Final = timedelta(days=1)
RECENT: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Copy:
    """A backup that was taken; `kept` is how many there are with it."""

    name: str
    bytes: int
    kept: int


class Backups:
    """Keeps the newest `keep` copies of a database in a folder."""

    HOUR, MINUTE = 19, 30
    """When it runs, in UTC: half past four at night in Seoul, after the cut-off of the day."""

    def __init__(self, database: Path, folder: Path, keep: int, clock: Clock) -> None:
        self._database = database
        self._folder = folder
        self.keep = keep
        self._clock = clock

    @property
    def overdue(self) -> bool:
        """The last copy is older than a day, or there is none."""
        last = newest(self._folder)
        return last is None or self._clock.now() - last >= OVERDUE

    @property
    def recent(self) -> bool:
        """The last copy is less than `RECENT` old: a new one would only let the oldest go."""
        last = newest(self._folder)
        return last is not None and self._clock.now() - last < RECENT

    async def run(self) -> Copy | None:
        """Take a copy and let the oldest ones go. None for one that cannot be taken, which is logged: then all stay."""
        try:
            copy = await asyncio.to_thread(self._take)
        except (OSError, BackupUnusable):
            log.exception("No backup was made tonight in %s", self._folder)
            return None
        log.info("Backup %s", copy.name)
        return copy

    def _take(self) -> Copy:
        path = take(self._database, self._folder, self._clock.now())
        prune(self._folder, self.keep)
        return Copy(path.name, path.stat().st_size, len(taken(self._folder)))
