"""Every schema there ever was, with data in it: brought up to date, taken back, and brought up to date again."""

import pytest
from alembic import command

from bot.db.schema import config, known_revisions
from tests.db.every_table import ROWS, counts, fill


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
