"""Every schema there ever was, with data in it: brought up to date, taken back, and brought up to date again."""

import pytest

from bot.db.schema import known_revisions
from tests.db.every_table import ROWS, counts, fill


@pytest.mark.parametrize("revision", sorted(known_revisions()))
def test_data_of_any_age_goes_up_and_down_and_loses_nothing(revision, aged):
    aged.up(revision)
    fill(aged.path)
    before = counts(aged.path)
    assert set(before.values()) == {len(ROWS)}
    aged.up()
    after = counts(aged.path)
    assert {table for table, rows in before.items() if after.get(table, 0) < rows} == set()
    aged.down(revision)
    assert counts(aged.path) == before
    aged.up()
    assert counts(aged.path) == after
