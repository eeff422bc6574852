"""Retrospectives."""

from collections.abc import Callable

from bot.db.engine import Database


class Retro:
    """`/retro`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake
