"""What the database promises: no lost update, no half-cancelled transaction, instants that stay instants."""

import asyncio
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from bot.db.engine import Database, afterwards, writes
from bot.db.tables import MetaRow, TeamRow
from bot.db.types import UtcDateTime

SEOUL = timezone(timedelta(hours=9))


@pytest.fixture
async def database(database_file):
    database = Database(f"sqlite+aiosqlite:///{database_file}")
    yield database
    await database.dispose()


class Counter:
    def __init__(self, database):
        self.database = database

    @writes
    async def increase(self, session):
        row = await session.get(MetaRow, "count") or MetaRow(key="count", value="0")
        await asyncio.sleep(0)
        row.value = str(int(row.value) + 1)
        session.add(row)

    @writes
    async def fail(self, session):
        session.add(MetaRow(key="half", value="changed"))
        await session.flush()
        raise RuntimeError("no")


async def value(database, key):
    async with database.read() as session:
        return await session.scalar(select(MetaRow.value).where(MetaRow.key == key))


async def test_no_update_is_lost_when_many_write_at_once(database):
    counter = Counter(database)
    await asyncio.gather(*(counter.increase() for _ in range(50)))
    assert await value(database, "count") == "50"


async def test_what_raises_leaves_nothing_behind(database):
    with pytest.raises(RuntimeError):
        await Counter(database).fail()
    assert await value(database, "half") is None


async def test_a_cancelled_caller_leaves_a_whole_transaction_and_an_open_database(database):
    counter = Counter(database)
    for _ in range(20):
        task = asyncio.ensure_future(counter.increase())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await counter.increase()
    assert await value(database, "count") == "21"


async def test_a_reader_cannot_write(database):
    with pytest.raises(OperationalError, match="readonly"):
        async with database.read() as session:
            await session.execute(text("INSERT INTO meta (key, value) VALUES ('a', 'b')"))


async def test_a_row_that_points_nowhere_is_refused(database):
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await session.execute(text("INSERT INTO study_day (team_id, date) VALUES (99, '2026-01-05')"))


async def test_an_error_tells_nothing_of_what_was_to_be_written(database):
    with pytest.raises(IntegrityError) as failed:
        async with database.write() as session:
            session.add_all([MetaRow(key="k", value="secret"), MetaRow(key="k", value="secret too")])
    assert "secret" not in "".join(traceback.format_exception(failed.value))


@pytest.mark.parametrize("pragma", [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
async def test_the_writer_keeps_what_is_committed(database, pragma):
    name, expected = pragma
    async with database.write() as session:
        assert await session.scalar(text(f"PRAGMA {name}")) == expected


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_comes_back_as_the_same_instant_in_utc(moment):
    column = UtcDateTime()
    stored = column.process_bind_param(moment, None)
    assert stored.tzinfo is None
    back = column.process_result_value(stored, None)
    assert (back, back.tzinfo) == (moment.astimezone(UTC), UTC)


async def test_a_naive_datetime_is_refused_on_its_way_in(database):
    with pytest.raises((ValueError, StatementError), match="naive"):
        async with database.write() as session:
            await session.execute(select(TeamRow).where(TeamRow.next_close_at < datetime(2026, 1, 5)))  # noqa: DTZ001


async def test_what_is_called_afterwards_finds_what_was_written(database):
    seen = []

    async def look() -> None:
        async with database.read() as session:
            seen.append(await session.scalar(select(MetaRow.value)))

    async with database.write() as session:
        session.add(MetaRow(key="k", value="v"))
        afterwards(lambda: seen.append(asyncio.ensure_future(look())))
        assert seen == []
    await seen.pop()
    assert seen == ["v"]


async def test_nothing_is_called_after_a_transaction_that_was_rolled_back(database):
    seen = []

    async def fail() -> None:
        async with database.write():
            afterwards(lambda: seen.append("called"))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await fail()
    assert seen == []
    afterwards(lambda: seen.append("at once"))
    assert seen == ["at once"]


async def test_connections_are_closed_once_what_is_under_way_has_ended(database_file):
    """Also what its caller no longer waits for; a connection that is out would stay open."""
    database, told, go_on = Database(f"sqlite+aiosqlite:///{database_file}"), asyncio.Event(), asyncio.Event()

    class Slow(Counter):
        @writes
        async def write(self, session):
            session.add(MetaRow(key="slow", value="written"))
            told.set()
            await go_on.wait()

    writing = asyncio.ensure_future(Slow(database).write())
    await told.wait()
    writing.cancel()
    closing = asyncio.ensure_future(database.dispose())
    await asyncio.sleep(0)
    assert not closing.done()
    go_on.set()
    await closing
    assert database._writer.pool.checkedout() == 0
    again = Database(f"sqlite+aiosqlite:///{database_file}")
    assert await value(again, "slow") == "written"
    await again.dispose()
