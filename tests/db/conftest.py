"""A database file of any age."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from bot.db.schema import config


class Aged:
    """A database that a test takes to a revision, fills as the program of that time did, and takes elsewhere."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.alembic = config(f"sqlite+aiosqlite:///{path}")

    def up(self, revision: str = "head") -> None:
        command.upgrade(self.alembic, revision)

    def down(self, revision: str) -> None:
        command.downgrade(self.alembic, revision)

    def run(self, script: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(script)

    def rows(self, query: str) -> list[tuple]:
        with closing(sqlite3.connect(self.path)) as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            return connection.execute(query).fetchall()


@pytest.fixture
def aged(tmp_path) -> Aged:
    return Aged(tmp_path / "a.sqlite3")
