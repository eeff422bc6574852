"""A database written as JSON and read into an empty one: the same rows, the same pages to the byte; all or nothing."""

import io
import json
import shutil

import pytest

from bot.db.engine import Database
from bot.errors import TransferRefused
from bot.services import Services
from bot.services.transfer import Transfer
from tests.services.people import ADMIN, GAON, NARAE, caller, dump
from tests.services.test_journal_exporting import NOW, exported, lived  # noqa: F401  # a fixture

PAGES = [(ADMIN, False), (GAON, True), (NARAE, True)]


@pytest.fixture
async def empty(tmp_path, migrated_file):
    """Another database, at the latest schema."""
    file = shutil.copy(migrated_file, tmp_path / "other.sqlite3")
    database = Database(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.dispose()


async def written(database: Database) -> bytes:
    out = io.BytesIO()
    await Transfer(database).dump(out)
    return out.getvalue()


async def without_memory(file) -> list[str]:
    """All rows but those in which the process remembers something of itself."""
    return sorted(line for line in await dump(file) if 'INTO "meta"' not in line)


async def test_what_was_exported_is_imported_with_the_same_pages_to_the_byte(
    lived, database, database_file, empty, tmp_path  # noqa: F811
):  # fmt: skip
    data = await written(database)
    told = []
    count = await Transfer(empty).load(io.BytesIO(data), lambda done, of: told.append((done, of)))
    tables = json.loads(data)["tables"]
    assert tables.pop("sqlite_sequence")
    assert count == sum(len(rows) for rows in tables.values()) > 20
    assert told[-1][0] == told[-1][1]
    there = Services.over(empty, lambda: None)
    for who, own in PAGES:
        for form in ("html", "zip"):
            mine = await exported(lived, caller(who, at=NOW), form, own=own)
            assert await exported(there, caller(who, at=NOW), form, own=own) == mine
    assert "나래의 비밀" in (await there.journal.page(caller(NARAE, at=NOW), "1", own=True)).text
    assert await without_memory(tmp_path / "other.sqlite3") == await without_memory(database_file)
    assert await written(empty) == data


async def test_a_database_that_is_not_empty_is_not_written_to(lived, database, database_file):  # noqa: F811
    before = await dump(database_file)
    with pytest.raises(TransferRefused, match="not empty"):
        await Transfer(database).load(io.BytesIO(await written(database)))
    assert await dump(database_file) == before


def _lose_team(data):
    data["tables"]["team"] = []


def _double_member(data):
    data["tables"]["member"].append(data["tables"]["member"][0])


DAMAGE = {
    "is no JSON": None,
    "no export of a database": lambda data: data.update(format="study-bot/journal"),
    "of revision 0001": lambda data: data.update(revision="0001"),
    "of revision": lambda data: data.update(version=2),
    "has no tables": lambda data: data.update(tables=[1]),
    "not known here: secrets": lambda data: data["tables"].update(secrets=[]),
    "a row of team has other columns": lambda data: data["tables"]["team"][0].pop("name"),
    "team.start_date cannot be 'soon'": lambda data: data["tables"]["team"][0].update(start_date="soon"),
    "team.name cannot be 7": lambda data: data["tables"]["team"][0].update(name=7),
    "member.user_id cannot be '1; DROP'": lambda data: data["tables"]["member"][0].update(user_id="1; DROP"),
    "rows of member exclude each other": _double_member,
    "lead nowhere": _lose_team,
}


async def test_a_damaged_file_is_refused_with_what_is_wrong_and_changes_nothing(
    lived, database, empty, tmp_path  # noqa: F811
):  # fmt: skip
    whole, before = await written(database), await dump(tmp_path / "other.sqlite3")
    for message, damage in DAMAGE.items():
        data = json.loads(whole)
        if damage is not None:
            damage(data)
        source = whole[:-100] if damage is None else json.dumps(data).encode()
        with pytest.raises(TransferRefused, match=message):
            await Transfer(empty).load(io.BytesIO(source))
        assert await dump(tmp_path / "other.sqlite3") == before, message
    await Transfer(empty).load(io.BytesIO(whole))
