"""Migrations: up to date in one step, the same as the tables, and a newer database is refused."""

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.db.engine import create_engine
from bot.db.lock import exclusive
from bot.db.schema import migrate
from bot.db.tables import Base
from bot.errors import AlreadyRunning, SchemaTooNew

ONCE = "sqlite_autoincrement"


def url_of(path):
    return f"sqlite+aiosqlite:///{path}"


async def test_the_migrations_make_exactly_the_tables(tmp_path):
    await migrate(url_of(tmp_path / "a.sqlite3"))
    engine = create_engine(url_of(tmp_path / "a.sqlite3"))
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), Base.metadata)
        )
    await engine.dispose()
    assert differences == []


async def test_migrating_twice_changes_nothing(tmp_path):
    path = tmp_path / "a.sqlite3"
    dumps = []
    for _ in range(2):
        await migrate(url_of(path))
        with sqlite3.connect(path) as connection:
            dumps.append(list(connection.iterdump()))
    assert dumps[0] == dumps[1]


async def test_a_database_of_a_newer_program_is_refused_untouched(tmp_path):
    path = tmp_path / "a.sqlite3"
    await migrate(url_of(path))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(SchemaTooNew, match="newer study-bot"):
        await migrate(url_of(path))
    assert path.read_bytes() == before


def test_the_schema_can_be_taken_back(aged):
    aged.up()
    aged.down("base")
    tables = {name for (name,) in aged.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"alembic_version", "sqlite_sequence"}


def test_every_table_whose_rows_are_numbered_gives_a_number_once(migrated_file):
    """A version that copies one (batch mode) says `table_kwargs={"sqlite_autoincrement": True}`, or this is lost."""
    with sqlite3.connect(migrated_file) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    numbered = {table.name for table in Base.metadata.tables.values() if "id" in table.columns} - {"guild"}
    assert numbered == {name for name, sql in made.items() if "AUTOINCREMENT" in sql}
    assert numbered == {name for name, table in Base.metadata.tables.items() if table.kwargs.get(ONCE)}


def test_an_anonymous_retrospective_has_no_row_number_that_tells_the_order(migrated_file):
    with sqlite3.connect(migrated_file) as connection:
        for table in ("anonymous_retrospective", "anonymous_reflection", "retrospective_written", "retrospective_pass"):
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                connection.execute(f"SELECT rowid FROM {table}")


def test_the_lock_is_held_by_one_and_free_afterwards(tmp_path):
    database = tmp_path / "deep" / "a.sqlite3"
    with exclusive(database), pytest.raises(AlreadyRunning, match="in use"), exclusive(database):
        pass
    with exclusive(database):
        pass
