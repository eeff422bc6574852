"""The nightly backup, in simulated time."""

import logging
from datetime import timedelta

import pytest

from bot.db.backup import newest, taken
from bot.demo.clock import SimulatedClock
from bot.demo.simulation import simulated
from bot.jobs.backups import Backups
from tests.study_team import MONDAY


@pytest.fixture
def backups(database_file, tmp_path):
    return Backups(database_file, tmp_path / "backups", 3, SimulatedClock())


async def test_a_copy_is_made_each_night_and_the_oldest_go(backups, database_file, tmp_path):
    async with simulated(database_file, MONDAY, backups=backups) as env:
        await env.advance_time(5 * 86400)
        ended = env.now()
    stamps = [path.name for path in taken(tmp_path / "backups")]
    assert len(stamps) == 3
    assert all("T1930" in stamp for stamp in stamps)
    assert ended - newest(tmp_path / "backups") < timedelta(days=1)


async def test_a_night_that_was_missed_is_made_up_for_at_the_start_and_no_other(backups, database_file, tmp_path):
    for starts in (1, 2):
        async with simulated(database_file, MONDAY, backups=backups) as env:
            await env.advance_time(60 * starts)
        assert len(taken(tmp_path / "backups")) == 1


async def test_a_copy_that_cannot_be_made_is_logged_and_the_older_ones_stay(backups, database_file, tmp_path, caplog):
    await backups.run()
    database_file.rename(tmp_path / "elsewhere.sqlite3")
    with caplog.at_level(logging.ERROR):
        await backups.run()
    assert "No backup was made" in caplog.text
    assert len(taken(tmp_path / "backups")) == 1
