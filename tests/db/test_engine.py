"""What the database promises: no lost update, no half-cancelled transaction, instants that stay instants."""

import asyncio
import threading
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from bot.db.engine import Database, afterwards, rehearsal, writes
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
        row.value = str(int(row.value) + 1)
        session.add(row)

    @writes
    async def fail(self, session):
        session.add(MetaRow(key="half", value="changed"))
        await session.flush()
        raise RuntimeError("no")


async def value(database, key):
    return await database.read(lambda session: session.scalar(select(MetaRow.value).where(MetaRow.key == key)))


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
    for turns in range(20):
        task = asyncio.ensure_future(counter.increase())
        for _ in range(1 + turns % 5):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await counter.increase()
    assert await value(database, "count") == "21"


async def test_a_reader_cannot_write(database):
    with pytest.raises(OperationalError, match="readonly"):
        await database.read(lambda session: session.execute(text("INSERT INTO meta (key, value) VALUES ('a', 'b')")))


async def test_a_row_that_points_nowhere_is_refused(database):
    row = text("INSERT INTO study_day (team_id, date) VALUES (99, '2026-01-05')")
    with pytest.raises(IntegrityError):
        await database.write(lambda session: session.execute(row))


async def test_an_error_tells_nothing_of_what_was_to_be_written(database):
    async def twice(session):
        session.add_all([MetaRow(key="k", value="secret"), MetaRow(key="k", value="secret too")])

    with pytest.raises(IntegrityError) as failed:
        await database.write(twice)
    assert "secret" not in "".join(traceback.format_exception(failed.value))


@pytest.mark.parametrize("pragma", [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
async def test_the_writer_keeps_what_is_committed(database, pragma):
    name, expected = pragma
    assert await database.write(lambda session: session.scalar(text(f"PRAGMA {name}"))) == expected


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_comes_back_as_the_same_instant_in_utc(moment):
    column = UtcDateTime()
    stored = column.process_bind_param(moment, None)
    assert stored.tzinfo is None
    back = column.process_result_value(stored, None)
    assert (back, back.tzinfo) == (moment.astimezone(UTC), UTC)


async def test_a_naive_datetime_is_refused_on_its_way_in(database):
    ended = select(TeamRow).where(TeamRow.next_close_at < datetime(2026, 1, 5))  # noqa: DTZ001
    with pytest.raises((ValueError, StatementError), match="naive"):
        await database.read(lambda session: session.execute(ended))


async def test_what_is_called_afterwards_finds_what_was_written(database):
    seen = []

    async def write(session):
        session.add(MetaRow(key="k", value="v"))
        afterwards(lambda: seen.append(asyncio.ensure_future(value(database, "k"))))
        assert seen == []

    await database.write(write)
    assert await seen.pop() == "v"


async def test_nothing_is_called_after_a_transaction_that_was_rolled_back(database):
    seen = []

    async def fail(_session):
        afterwards(lambda: seen.append("called"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.write(fail)
    assert seen == []
    afterwards(lambda: seen.append("at once"))
    assert seen == ["at once"]


async def test_nothing_that_is_only_rehearsed_is_kept_or_told_of(database):
    seen = []

    async def write(session):
        session.add(MetaRow(key="k", value="v"))
        afterwards(lambda: seen.append("called"))
        await session.flush()
        return await session.scalar(select(MetaRow.value))

    with rehearsal():
        assert await database.write(write) == "v"
    assert (seen, await value(database, "k")) == ([], None)


async def test_what_is_called_afterwards_is_called_also_for_a_caller_who_has_gone(database):
    seen, writing = [], Held(database, calls=lambda: seen.append("called"))
    await writing.begun()
    writing.task.cancel()
    writing.go_on()
    with pytest.raises(asyncio.CancelledError):
        await writing.task
    assert (seen, await value(database, "held")) == (["called"], "written")


async def test_connections_are_closed_once_what_is_under_way_has_ended(database_file):
    """Also what its caller no longer waits for; a connection that is out would stay open."""
    database = Database(f"sqlite+aiosqlite:///{database_file}")
    writing = Held(database)
    await writing.begun()
    writing.task.cancel()
    closing = asyncio.ensure_future(database.dispose())
    await asyncio.sleep(0)
    assert not closing.done()
    writing.go_on()
    await closing
    assert database.writer.pool.checkedout() == 0
    again = Database(f"sqlite+aiosqlite:///{database_file}")
    assert await value(again, "held") == "written"
    await again.dispose()


class Held:
    """A transaction that is held up on its thread until it is told to go on."""

    def __init__(self, database, calls=lambda: None):
        self._loop = asyncio.get_running_loop()
        self._begun, self._go_on = asyncio.Event(), threading.Event()
        self._calls = calls
        self.task = asyncio.ensure_future(database.write(self._write))

    async def begun(self):
        await self._begun.wait()

    def go_on(self):
        self._go_on.set()

    async def _write(self, session):
        session.add(MetaRow(key="held", value="written"))
        afterwards(self._calls)
        self._loop.call_soon_threadsafe(self._begun.set)
        assert self._go_on.wait(timeout=30)


async def test_the_loop_goes_on_while_a_transaction_is_held_up(database):
    writing = Held(database)
    await writing.begun()
    assert await value(database, "held") is None
    writing.go_on()
    await writing.task
    assert await value(database, "held") == "written"


async def test_a_transaction_that_waits_for_something_else_is_a_defect_and_changes_nothing(database):
    async def wait(session):
        session.add(MetaRow(key="half", value="changed"))
        await session.flush()
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits for something else"):
        await database.write(wait)
    assert await value(database, "half") is None
    await Counter(database).increase()


async def test_a_commit_that_fails_holds_up_nobody_else(database):
    async def lead_nowhere(session):
        await session.execute(text("PRAGMA defer_foreign_keys = ON"))  # so that it is seen at the commit
        await session.execute(text("INSERT INTO study_day (team_id, date) VALUES (99, '2026-01-05')"))

    with pytest.raises(IntegrityError):
        await database.write(lead_nowhere)
    await Counter(database).increase()
    assert await value(database, "count") == "1"


async def test_a_result_is_streamed_within_a_transaction(database):
    async def count(session):
        session.add_all(MetaRow(key=str(number), value="") for number in range(200))
        await session.flush()
        return len([row async for row in await session.stream(select(MetaRow.key))])

    assert await database.write(count) == 200
