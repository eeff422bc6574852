"""The peer session: thread, minutes, round table."""

from collections.abc import Callable

from bot.db.engine import Database


class Session:
    """`/session`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake
