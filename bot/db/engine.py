"""The database: one writer, a second engine for readers, and units of work that cannot be half-cancelled.

A unit of work runs as a whole on the thread of its connection (`bot.db.connection`), so within one nothing but the
session is awaited.

What each connection is told: `isolation_level=None` hands BEGIN to us, BEGIN IMMEDIATE takes the write lock before
anything is read, WAL lets readers go on meanwhile, `synchronous=FULL` keeps a commit through a power cut,
`secure_delete` leaves nothing in the file of what was taken away.
"""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.db.connection import connect, connection_of

P = ParamSpec("P")
T = TypeVar("T")

_afterwards: ContextVar[list[Callable[[], None]] | None] = ContextVar("afterwards", default=None)
"""What is to be done once the write transaction that asked for it is committed; None outside of one."""

_rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)


def create_engine(url: str, *, readonly: bool = False, foreign_keys: bool = True) -> AsyncEngine:
    """An engine whose connections follow the rules above. Migrations ask for `foreign_keys=False`."""
    database = make_url(url).database or ""
    pragmas = [
        "busy_timeout=10000",
        *([] if readonly else ["journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"]),
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        f"query_only={'ON' if readonly else 'OFF'}",
    ]
    engine = create_async_engine(
        url,
        async_creator=lambda: connect(database, pragmas),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=4 if readonly else 1,
        max_overflow=0,
        pool_reset_on_return=None,  # whatever runs on a connection leaves no transaction open
        pool_timeout=60,
        hide_parameters=True,  # an error is logged, and what people wrote, or who they are, is not
    )
    begin = "BEGIN" if readonly else "BEGIN IMMEDIATE"

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


Work = Callable[[AsyncSession], Awaitable[T]]
"""What is to be done in a transaction, with the session that it is given."""


class Database:
    """The two engines over one file."""

    def __init__(self, url: str) -> None:
        self.writer = create_engine(url)
        self.reader = create_engine(url, readonly=True)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def write(self, work: Work[T]) -> T:
        """Do the work in one transaction: its end commits, raising rolls back."""
        return await self._uncancelled(self._write(work))

    async def read(self, work: Work[T]) -> T:
        """Do the work in a consistent view that cannot write."""
        return await self._uncancelled(_unit(self.reader, work))

    async def _write(self, work: Work[T]) -> T:
        rehearsed, calls = _rehearsing.get(), list[Callable[[], None]]()

        async def write(session: AsyncSession) -> T:
            done = await work(session)
            if not rehearsed:
                await session.commit()
            return done

        token = _afterwards.set(calls)
        try:
            done = await _unit(self.writer, write)
        finally:
            _afterwards.reset(token)
        if not rehearsed:
            for call in calls:
                call()
        return done

    async def checkpoint(self) -> None:
        """Bring what was committed into the file itself and empty the log beside it, as far as readers allow."""
        async with self.writer.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).close()  # in no transaction

    async def _uncancelled(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end even if the caller is cancelled, and let the caller go only then.

        A transaction cancelled in the middle can leave SQLite's write lock held.
        """
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise

    async def dispose(self) -> None:
        """Close the connections, once what is under way has ended: its connection would stay open."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self.reader.dispose()
        await self.writer.dispose()


@contextmanager
def rehearsal() -> Iterator[None]:
    """Whatever is written here comes out as it would, and is rolled back: the preview of an act is the act itself."""
    token = _rehearsing.set(True)
    try:
        yield
    finally:
        _rehearsing.reset(token)


def afterwards(call: Callable[[], None]) -> None:
    """Call once the write transaction under way here is committed, at once if there is none.

    Whoever is called then finds in the database what was written; before, a reader sees nothing of it.
    """
    calls = _afterwards.get()
    if calls is None:
        call()
    else:
        calls.append(call)


async def _unit(engine: AsyncEngine, work: Work[T]) -> T:
    """Do the work as a whole on the thread of a connection; what it has not committed is rolled back."""

    async def unit() -> T:
        session = AsyncSession(connection, expire_on_commit=False)
        try:
            return await work(session)
        finally:
            await session.close()

    async with engine.connect() as connection:
        return await (await connection_of(connection)).run(unit())


class UsesDatabase(Protocol):
    """What `writes` and `reads` need of a service."""

    @property
    def database(self) -> Database: ...


Service = TypeVar("Service", bound=UsesDatabase)
Method = Callable[Concatenate[Service, AsyncSession, P], Awaitable[T]]
Bound = Callable[Concatenate[Service, P], Coroutine[Any, Any, T]]


def writes(method: Method[Service, P, T]) -> Bound[Service, P, T]:
    """Make a service method one write transaction; it is given the session, callers do not see it."""

    @functools.wraps(method)
    async def transaction(self: Service, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.database.write(lambda session: method(self, session, *args, **kwargs))

    return transaction


def reads(method: Method[Service, P, T]) -> Bound[Service, P, T]:
    """Make a service method one read-only transaction."""

    @functools.wraps(method)
    async def transaction(self: Service, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.database.read(lambda session: method(self, session, *args, **kwargs))

    return transaction
