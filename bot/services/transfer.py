"""Everything of a database as JSON, and back into an empty one: to move house, or to keep.

Rows come as they are in the tables, so nothing has to be named here that a feature adds. What the process remembers of
itself stays behind. `docs/export.md` describes the file.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, BinaryIO, Final

from sqlalchemy import Boolean, Column, Date, Integer, MetaData, Table, Text, Time, delete, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.schema import known_revisions
from bot.db.tables import Base, MetaRow, TeamRow
from bot.db.types import UtcDateTime
from bot.errors import TransferRefused

FORMAT: Final = "study-bot/data"
VERSION: Final = 1
ROWS: Final = 500
"""Rows written or read in one go."""

Progress = Callable[[int, int], None]
_LEFT_OUT: Final = frozenset({MetaRow.__tablename__})
_SEQUENCES: Final = Table(
    "sqlite_sequence", MetaData(), Column("name", Text, primary_key=True), Column("seq", Integer, nullable=False)
)
"""How far the ids of each table have come: those of deleted rows are given to nobody else there either."""


class Transfer:
    """`study-bot export` and `study-bot import`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reads
    async def revision(self, session: AsyncSession) -> str:
        """Raise TransferRefused if the tables are not those of this program."""
        found = str(await session.scalar(text("SELECT version_num FROM alembic_version")))
        if found != known_revisions()[0]:
            raise TransferRefused("The database is not up to date. Run study-bot migrate first.")
        return found

    @reads
    async def dump(self, session: AsyncSession, out: BinaryIO, progress: Progress = lambda _done, _all: None) -> None:
        """Write all rows of all tables, as they stand at one moment."""
        head = {"format": FORMAT, "version": VERSION, "revision": known_revisions()[0]}
        _write(out, json.dumps(head, indent=1).removesuffix("\n}") + ',\n "tables": {')
        tables = _tables()
        for done, table in enumerate(tables, start=1):
            _write(out, ("," if done > 1 else "") + f"\n  {json.dumps(table.name)}: [")
            first = True
            async for row in _rows(session, table):
                _write(out, ("\n   " if first else ",\n   ") + json.dumps(row, ensure_ascii=False))
                first = False
            _write(out, "]" if first else "\n  ]")
            progress(done, len(tables))
        _write(out, "\n }\n}\n")

    @writes
    async def load(self, session: AsyncSession, source: BinaryIO, progress: Progress = lambda _done, _all: None) -> int:
        """Read rows into an empty database, all or none; how many. Raises TransferRefused with what is wrong."""
        if await session.scalar(select(func.count()).select_from(TeamRow)):
            raise TransferRefused("The database is not empty. Import into a new one (DATABASE_URL).")
        tables = _read_tables(source)
        await session.execute(text("PRAGMA defer_foreign_keys = ON"))
        count = 0
        for done, table in enumerate(_tables(), start=1):
            rows = [_decoded(table, row) for row in tables.get(table.name, [])]
            if table is _SEQUENCES:
                await session.execute(delete(table))  # the rows before have begun them
            else:
                count += len(rows)
            for at in range(0, len(rows), ROWS):
                await _insert(session, table, rows[at : at + ROWS])
            progress(done, len(_tables()))
        if (await session.execute(text("PRAGMA foreign_key_check"))).first() is not None:
            raise TransferRefused("The file is damaged: some of its rows lead nowhere.")
        return count


def _tables() -> list[Table]:
    return [*(table for table in Base.metadata.sorted_tables if table.name not in _LEFT_OUT), _SEQUENCES]


async def _rows(session: AsyncSession, table: Table) -> AsyncIterator[Mapping[str, object]]:
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS)
    async for row in await session.stream(query):
        yield {name: _encoded(value) for name, value in row._mapping.items()}  # noqa: SLF001  # its public name


def _encoded(value: object) -> object:
    return value.isoformat() if isinstance(value, date | time) else value


async def _insert(session: AsyncSession, table: Table, rows: list[dict[str, object]]) -> None:
    try:
        await session.execute(insert(table), rows)
    except IntegrityError as error:
        raise TransferRefused(f"The file is damaged: two rows of {table.name} exclude each other.") from error


def _write(out: BinaryIO, text: str) -> None:
    out.write(text.encode())


# Reading


def _read_tables(source: BinaryIO) -> Mapping[str, list[Mapping[str, object]]]:
    try:
        data = json.load(source)
    except (ValueError, RecursionError) as error:
        raise TransferRefused("The file is no JSON.") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise TransferRefused("The file is no export of a database (study-bot export data.json).")
    _require_version(data)
    tables = data.get("tables")
    names = {table.name for table in _tables()}
    if not isinstance(tables, dict) or not all(_is_rows(rows) for rows in tables.values()):
        raise TransferRefused("The file is damaged: it has no tables.")
    if unknown := set(tables) - names:
        raise TransferRefused(f"The file has tables that are not known here: {', '.join(sorted(unknown))}.")
    return tables


def _require_version(data: Mapping[str, object]) -> None:
    if data.get("version") != VERSION or data.get("revision") != known_revisions()[0]:
        raise TransferRefused(
            f"The file is of revision {data.get('revision')}, this program of {known_revisions()[0]}. "
            "Import with the version of study-bot that exported, then update."
        )


def _is_rows(rows: object) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _decoded(table: Table, row: Mapping[str, object]) -> dict[str, object]:
    if set(row) != {column.name for column in table.columns}:
        raise TransferRefused(f"The file is damaged: a row of {table.name} has other columns.")
    return dict(_values(table, row))


def _values(table: Table, row: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for column in table.columns:
        value = row[column.name]
        try:
            yield column.name, None if value is None else _value(column, value)
        except (TypeError, ValueError) as error:
            raise TransferRefused(f"The file is damaged: {table.name}.{column.name} cannot be {value!r}.") from error


def _value(column: Column[Any], value: object) -> object:
    for kind, read in _READERS:
        if isinstance(column.type, kind):
            return read(value)
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("a number expected")
    return value


def _iso(kind: type[date | time]) -> Callable[[Any], object]:
    return kind.fromisoformat


_READERS: Final[tuple[tuple[type, Callable[[Any], object]], ...]] = (
    (UtcDateTime, _iso(datetime)),
    (Date, _iso(date)),
    (Time, _iso(time)),
    (Boolean, lambda value: bool(_whole(value))),
    (Integer, _whole),
)
