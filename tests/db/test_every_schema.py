"""Every schema there ever was, with data in it: brought up to date, taken back, and brought up to date again.

The rows are made from the tables themselves, so that a table added later takes part without being named here.
"""

import sqlite3
from contextlib import closing

import pytest
from alembic import command

from bot.db.schema import config, known_revisions

ROWS = (1, 2)
MADE = {
    "DATE": "2026-01-0{n}",
    "DATETIME": "2026-01-0{n} 09:00:00.000000",
    "TIME": "09:0{n}:00.000000",
    "TEXT": "글{n}",
    "VARCHAR": "글{n}",
}
"""Declared type → a value that the program could have written."""
KNOWN = {"weekdays": "01234", "timezone": "Asia/Seoul", "language": "ko", "reminders": "1d"}
"""What a migration may read."""


def tables(connection):
    """Tables, each after those it refers to."""
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        if name != "alembic_version"
    ]
    refers = {name: parents(connection, name) - {name} for name in names}
    ordered = []
    while len(ordered) < len(names):
        ordered += [name for name in names if name not in ordered and refers[name] <= set(ordered)]
    return ordered


def parents(connection, table):
    return {row[2] for row in connection.execute(f"PRAGMA foreign_key_list({table})")}


def value(column, n):
    """What row `n` has in a column: the same in every table, so that references meet."""
    _, name, declared, *_ = column
    made = KNOWN.get(name) or MADE.get(declared.split("(")[0])
    return n if made is None else made.format(n=n)


def fill(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for table in tables(connection):
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            marks = ", ".join("?" * len(columns))
            for n in ROWS:
                row = [value(column, n) for column in columns]
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)


def counts(path):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables(connection)
        }


@pytest.mark.parametrize("revision", sorted(known_revisions()))
def test_data_of_any_age_goes_up_and_down_and_loses_nothing(revision, tmp_path):
    path = tmp_path / "a.sqlite3"
    alembic = config(f"sqlite+aiosqlite:///{path}")
    command.upgrade(alembic, revision)
    fill(path)
    before = counts(path)
    assert set(before.values()) == {len(ROWS)}
    command.upgrade(alembic, "head")
    after = counts(path)
    assert {table for table, rows in before.items() if after.get(table, 0) < rows} == set()
    command.downgrade(alembic, revision)
    assert counts(path) == before
    command.upgrade(alembic, "head")
    assert counts(path) == after
