"""Rows in every table, made from the tables themselves: one that is added later takes part without being named here.

What is numbered 1 belongs to team 1, and what is numbered 2 to team 2.
"""

import sqlite3
from contextlib import closing

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
        if name not in {"alembic_version", "sqlite_sequence"}
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
