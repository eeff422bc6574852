"""Copies of the database, taken while it is used, and looking into one before it is trusted.

A copy is a single file without a journal beside it, complete as of one instant: SQLite's backup interface in one step
(a stepped one starts again at each write and may never end).
"""

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.db.schema import known_revisions
from bot.errors import BackupUnusable

PREFIX: Final = "study-bot-"
SUFFIX: Final = ".sqlite3"
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_JOURNALS: Final = ("-wal", "-shm")
_COUNTED: Final = {
    "team": "teams",
    "member": "members",
    "study_day": "study days",
    "question": "questions",
    "assignment": "assignments",
    "delivery": "messages",
}
"""What tells a person whether it is the right backup: table → its word."""

_NUMBERED: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"


@dataclass(frozen=True)
class Inspection:
    """What a database file holds. `bytes` is its size, `rows` the number of rows of each table."""

    path: Path
    bytes: int
    revision: str
    rows: dict[str, int]


def take(database: Path, folder: Path, now: datetime) -> Path:
    """Copy the database into the folder, which is made if needed, and return the copy, named after the instant in UTC.

    The copy has its name only once it is whole and on the disk. Raises BackupUnusable if there is no database.
    """
    if not database.exists():
        raise BackupUnusable(f"There is no database at {database} to back up.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"{PREFIX}{now.astimezone(UTC).strftime(_STAMP)}{SUFFIX}"
    _copy(database, target)
    return target


def put_back(backup: Path, database: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database; the caller holds the database's lock. The one before is kept.

    New rows have ids that none had before, so that a button of a row that is not there any more finds nothing.
    Returns where the one before now lies (None if there was none). Raises BackupUnusable, with nothing changed, if the
    backup is damaged.
    """
    inspect(backup)
    fresh = _beside(database, ".new")
    _copy(backup, fresh)
    _give_ids_from(fresh, int(now.timestamp()))
    aside = _set_aside(database, now)
    for journal in _JOURNALS:
        _beside(database, journal).unlink(missing_ok=True)
    fresh.replace(database)
    return aside


def _give_ids_from(path: Path, number: int) -> None:
    """Let new rows of every table have ids above a number. The seconds since 1970 are above any that was given.

    Which ids were given after the backup nobody knows who has lost the database. That needs no knowing: what a study
    team does does not come once a second, year in, year out.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute(_NUMBERED).fetchall():
            given = connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = ?", (name,)).fetchone()[0]
            connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, max(number, given or 0)))


def _set_aside(database: Path, now: datetime) -> Path | None:
    """Copy the files of the database as they are: it may be damaged, which is why somebody restores."""
    if not database.exists():
        return None
    aside = _beside(database, f".before-{now.astimezone(UTC).strftime(_STAMP)}")
    for ending in ("", "-wal"):
        if (file := _beside(database, ending)).exists():
            shutil.copy2(file, _beside(aside, ending))
    return aside


def prune(folder: Path, keep: int) -> Sequence[Path]:
    """Delete all but the newest `keep` backups; those deleted. Files of other names are left alone."""
    old = taken(folder)[:-keep]
    for path in old:
        path.unlink()
    return old


def taken(folder: Path) -> Sequence[Path]:
    """The backups in a folder, oldest first."""
    return sorted(path for path in folder.glob(f"{PREFIX}*{SUFFIX}") if _instant(path) is not None)


def newest(folder: Path) -> datetime | None:
    """When the newest backup in the folder was taken (UTC); None if there is none."""
    paths = taken(folder)
    return _instant(paths[-1]) if paths else None


def inspect(path: Path) -> Inspection:
    """Read a database file through: its pages, its references, its revision, its rows.

    Raises BackupUnusable, saying what is wrong, if it is damaged, not ours, or made by a newer program.
    """
    if not path.is_file():
        raise BackupUnusable(f"There is no file {path}.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return _read_through(path, connection)
    except sqlite3.Error as error:
        raise BackupUnusable(f"{path} is damaged or not a database ({error}).") from None


def described(found: Inspection) -> str:
    """One line for whoever runs the process."""
    counts = ", ".join(f"{found.rows.get(table, 0)} {name}" for table, name in _COUNTED.items())
    return f"whole, {found.bytes / 1_000_000:.1f} MB, schema {found.revision}; {counts}"


def _read_through(path: Path, connection: sqlite3.Connection) -> Inspection:
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise BackupUnusable(f"{path} is damaged ({verdict}).")
    if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupUnusable(f"{path} is damaged (a row of {broken[0]} points nowhere).")
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    if "alembic_version" not in tables:
        raise BackupUnusable(f"{path} is not a database of study-bot.")
    (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("none",)
    if revision not in known_revisions():
        raise BackupUnusable(f"{path} was made by a newer study-bot (revision {revision}). Update study-bot.")
    ours = sorted(name for name in tables if name != "alembic_version" and not name.startswith("sqlite_"))
    rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in ours}  # noqa: S608
    return Inspection(path, path.stat().st_size, revision, rows)


def _copy(source: Path, target: Path) -> None:
    """Copy a database to a file that appears at once and whole, readable by its owner alone."""
    partial = _beside(target, ".part")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _instant(path: Path) -> datetime | None:
    stamp = path.name.removeprefix(PREFIX).removesuffix(SUFFIX)
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
