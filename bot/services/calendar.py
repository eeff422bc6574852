"""Study days, days off, and the month."""

from collections.abc import Callable

from bot.db.engine import Database


class Calendar:
    """`/calendar`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake
