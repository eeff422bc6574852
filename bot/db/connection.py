"""A connection on whose thread a whole transaction can run.

SQLite has no asynchronous interface. aiosqlite gives each connection a thread and hands it one step after another: a
dozen statements are some hundred changes of threads, which take longer than SQLite itself. Here the thread is handed
the coroutine that does them all, and each step within it is taken at once.
"""

import contextvars
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")


class Connection(aiosqlite.Connection):
    """aiosqlite's connection, which also runs coroutines on its thread."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)  # of its own iteration, which SQLAlchemy does not use
        self._thread.daemon = True  # one that was not closed does not keep the process from ending
        self._unit_on: int | None = None

    async def run(self, unit: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end on the thread; its result, or what it raises.

        It may wait for this connection only. Raises RuntimeError if it waits for anything else.
        """
        done: T = await self._execute(contextvars.copy_context().run, self._to_the_end, unit)
        return done

    def _to_the_end(self, unit: Coroutine[Any, Any, T]) -> T:
        self._unit_on = threading.get_ident()
        try:
            unit.send(None)
            unit.close()  # its session rolls back
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            self._unit_on = None
            if self._conn.in_transaction:  # a commit that fails leaves it open, and SQLAlchemy takes it for ended
                self._conn.rollback()
        raise RuntimeError("a transaction waits for something else than its session")

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Every step of a statement comes along here: within a unit it is taken, otherwise it is queued."""
        if self._unit_on == threading.get_ident():
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


async def connection_of(connection: AsyncConnection) -> Connection:
    """The one below SQLAlchemy's."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, Connection)
    return driver


async def connect(database: str, pragmas: Iterable[str]) -> Connection:
    """Open a file; transactions are begun and ended by whoever uses it."""

    def opened() -> sqlite3.Connection:
        opened = sqlite3.connect(database, isolation_level=None)
        for pragma in pragmas:
            opened.execute(f"PRAGMA {pragma}")
        return opened

    connection = Connection(opened)
    await connection
    return connection
