"""Backups: whole while people write, checked before they are trusted, put back without losing what was there."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.db.backup import inspect, newest, prune, put_back, take, taken
from bot.db.engine import Database
from bot.db.tables import AuditRow, MetaRow
from bot.errors import BackupUnusable
from tests.database import reading, writing

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


@pytest.fixture
async def database(database_file):
    database = Database(f"sqlite+aiosqlite:///{database_file}")
    yield database
    await database.dispose()


async def write_pair(database, number):
    """Two rows of two tables in one transaction: a copy that has one has the other."""
    async with writing(database) as session:
        session.add(MetaRow(key=f"k{number}", value="값"))
        session.add(AuditRow(action="test", subject=f"n:{number}", at=NOW))


async def test_a_backup_taken_under_writes_is_whole_and_restores_to_one_instant(database, database_file, tmp_path):
    written, enough = 0, 60

    async def keep_writing():
        nonlocal written
        while written < enough:
            await write_pair(database, written)
            written += 1

    writer = asyncio.ensure_future(keep_writing())
    copies = []
    while not writer.done():
        before = written
        at = NOW + timedelta(minutes=len(copies))
        copy = await asyncio.to_thread(take, database_file, tmp_path / "backups", at)
        copies.append((before, copy, written))
    await writer
    assert any(0 < before < after < enough for before, _, after in copies)  # some were taken in the middle of it
    for before, copy, after in copies:
        rows = inspect(copy).rows
        assert before <= rows["meta"] == rows["audit"] <= after + 1
        assert not copy.with_name(copy.name + "-wal").exists()
    await database.dispose()

    middle = copies[len(copies) // 2][1]
    aside = put_back(middle, database_file, NOW)
    assert inspect(database_file).rows == inspect(middle).rows
    assert inspect(aside).rows["meta"] == enough


AUDIT = "INSERT INTO audit (action, subject, at) VALUES ('test', 'n:1', '2026-01-05 03:00:00.000000')"
DUTY = """
INSERT INTO duty (team_id, name, per, people, first_weekday, since) VALUES (1, '기록', 'day', 1, 0, '2026-01-05')
"""


def new_ids(path):
    """The ids of two new rows; of one table there was a row before, of the other there was none."""
    with closing(sqlite3.connect(path)) as connection, connection:
        return [connection.execute(statement).lastrowid for statement in (AUDIT, DUTY)]


@pytest.mark.parametrize("lost", [False, True])
async def test_no_id_is_given_again_after_a_restore(database, database_file, tmp_path, lost):
    """Buttons of rows that were made after the backup still stand in Discord."""
    await write_pair(database, 1)
    await database.dispose()
    copy = take(database_file, tmp_path / "backups", NOW)
    given = [new_ids(database_file)]
    for hours in (1, 2):
        if lost:  # and nobody can say which ids it gave
            database_file.unlink()
        put_back(copy, database_file, NOW + timedelta(hours=hours))
        given.append(new_ids(database_file))
    audits, duties = zip(*given, strict=True)
    assert list(audits) == sorted(set(audits))
    assert list(duties) == sorted(set(duties))


async def test_what_is_restored_can_be_written_to_again(database, database_file, tmp_path):
    await write_pair(database, 1)
    copy = take(database_file, tmp_path / "backups", NOW)
    await write_pair(database, 2)
    await database.dispose()
    put_back(copy, database_file, NOW)
    again = Database(f"sqlite+aiosqlite:///{database_file}")
    await write_pair(again, 3)
    async with reading(again) as session:
        assert await session.scalar(select(func.count()).select_from(MetaRow)) == 2
    await again.dispose()


def test_a_damaged_database_can_be_replaced(database_file, tmp_path):
    copy = take(database_file, tmp_path / "backups", NOW)
    database_file.write_bytes(b"nothing that one could read")
    aside = put_back(copy, database_file, NOW)
    assert inspect(database_file).rows == inspect(copy).rows
    assert aside.read_bytes() == b"nothing that one could read"


def damaged(path):
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def foreign(path):
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipe (id INTEGER)")


def newer(path):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def orphaned(path):
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO schedule (team_id, kind, local_time, next_due_at) VALUES (99, 'x', '21:00', '2026-01-01')"
        )


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (damaged, "damaged"),
        (foreign, "not a database of study-bot"),
        (newer, "newer study-bot"),
        (orphaned, "points nowhere"),
        (lambda path: path.write_text("사진"), "damaged or not a database"),
        (lambda path: path.unlink(), "no file"),
    ],
)
def test_a_backup_that_cannot_be_trusted_is_refused_and_nothing_is_changed(harm, said, database_file, tmp_path):
    bad = shutil.copy(database_file, tmp_path / "bad.sqlite3")
    harm(bad)
    before = database_file.read_bytes()
    with pytest.raises(BackupUnusable, match=said):
        put_back(bad, database_file, NOW)
    assert database_file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir() if "before" in path.name or ".new" in path.name) == []


def test_only_the_newest_are_kept_and_other_files_are_left_alone(database_file, tmp_path):
    folder = tmp_path / "backups"
    assert newest(folder) is None
    copies = [take(database_file, folder, NOW + timedelta(days=day)) for day in (3, 1, 2, 0)]
    note = folder / "study-bot-before-the-move.sqlite3"
    note.write_text("mine")
    assert prune(folder, 2) == [copies[3], copies[1]]
    assert taken(folder) == [copies[2], copies[0]]
    assert newest(folder) == NOW + timedelta(days=3)
    assert note.exists()


def test_a_backup_is_for_its_owner_alone(database_file, tmp_path):
    copy = take(database_file, tmp_path / "backups", NOW)
    assert copy.stat().st_mode & 0o077 == 0


def test_no_database_is_no_backup(tmp_path):
    with pytest.raises(BackupUnusable, match="no database"):
        take(tmp_path / "none.sqlite3", tmp_path / "backups", NOW)
    assert not (tmp_path / "none.sqlite3").exists()
