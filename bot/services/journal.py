"""The journal of a day."""

from collections.abc import Callable

from bot.db.engine import Database


class Journal:
    """`/journal`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake
