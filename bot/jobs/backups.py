"""The nightly copy of the database. A night that was missed is made up for at the next start."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.db.backup import newest, prune, take
from bot.errors import BackupUnusable

log = logging.getLogger(__name__)

OVERDUE: Final = timedelta(days=1)
RECENT: Final = timedelta(hours=1)


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

    async def run(self) -> bool:
        """Take a copy and let the oldest ones go. A copy that cannot be taken is logged; the older ones then stay."""
        try:
            copy = await asyncio.to_thread(take, self._database, self._folder, self._clock.now())
            await asyncio.to_thread(prune, self._folder, self.keep)
        except (OSError, BackupUnusable):
            log.exception("No backup was made tonight in %s", self._folder)
        else:
            log.info("Backup %s", copy.name)
            return True
        return False
