"""A team that is deleted leaves nothing; servers that are long gone are deleted at night, and no others."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.db.engine import Database
from bot.db.tables import GuildRow, TeamRow
from bot.services.audit import UNDO
from bot.services.housekeeping import Housekeeping
from bot.services.purge import GRACE, Purge, delete_team
from tests.database import reading, writing
from tests.db.every_table import counts, fill
from tests.services.people import MONDAY

KEPT = {"meta", "guild"}
"""Tables of the program itself."""

ANOTHER = {"id": "NULL", "name": "name || '2'", "study_channel_id": "study_channel_id + 70"}
"""What two teams do not share."""


@pytest.fixture
async def database(database_file):
    """Two teams with a row in every table; each has a server of its own, with the team's number as its id."""
    fill(database_file)
    with closing(sqlite3.connect(database_file)) as connection, connection:
        connection.execute("UPDATE team SET removed_at = NULL")
    database = Database(f"sqlite+aiosqlite:///{database_file}")
    for guild in (1, 2):
        await Housekeeping(database).guild_seen(guild, present=True, now=MONDAY)
    yield database
    await database.dispose()


async def test_a_deleted_team_leaves_no_row_and_another_team_all_of_its_own(database, database_file):
    async with writing(database) as session:
        await delete_team(session, 1)
    assert {name: count for name, count in counts(database_file).items() if count != 1} == dict.fromkeys(KEPT, 2)
    assert await teams(database) == [2]


async def teams(database) -> list[int]:
    async with reading(database) as session:
        return list(await session.scalars(select(TeamRow.id).order_by(TeamRow.id)))


async def test_a_server_that_removed_the_bot_is_deleted_thirty_days_later(database):
    keeper, purge = Housekeeping(database), Purge(database)
    await keeper.guild_seen(1, present=False, now=MONDAY)
    await purge.run(MONDAY + GRACE - timedelta(seconds=1))
    assert await teams(database) == [1, 2]
    await purge.run(MONDAY + GRACE)
    assert await teams(database) == [2]
    async with reading(database) as session:
        assert list(await session.scalars(select(GuildRow.id))) == [2]


async def test_a_removed_team_is_deleted_once_it_cannot_be_had_back(database):
    async with writing(database) as session:
        await session.execute(update(TeamRow).where(TeamRow.id == 2).values(removed_at=MONDAY))
    await Purge(database).run(MONDAY + UNDO - timedelta(seconds=1))
    assert await teams(database) == [1, 2]
    await Purge(database).run(MONDAY + UNDO)
    assert await teams(database) == [1]


async def test_what_an_old_button_of_a_deleted_team_names_is_nobody_elses(database, database_file):
    """`team:restore:2` and `retro:write:2` stand in messages that nobody takes away."""
    async with writing(database) as session:
        await delete_team(session, 2)
    numbered = set(counts(database_file)) - KEPT
    with closing(sqlite3.connect(database_file)) as connection, connection:
        given = dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))
        assert {name for name in numbered if "id" in columns(connection, name)} == set(given)
        fresh = ", ".join(ANOTHER.get(name, name) for name in columns(connection, "team"))
        connection.execute(f"INSERT INTO team SELECT {fresh} FROM team")
    assert set(given.values()) == {2}
    assert await teams(database) == [1, 3]


def columns(connection, table):
    return [column for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")]


async def test_being_told_once_more_of_a_removal_does_not_begin_the_grace_anew(database):
    for later in (timedelta(), timedelta(days=29)):
        await Housekeeping(database).guild_seen(1, present=False, now=MONDAY + later)
    await Purge(database).run(MONDAY + GRACE)
    assert await teams(database) == [2]


async def test_a_server_that_invites_the_bot_again_finds_everything(database):
    keeper, purge = Housekeeping(database), Purge(database)
    await keeper.guild_seen(1, present=False, now=MONDAY)
    await keeper.guild_seen(1, present=True, now=MONDAY + GRACE - timedelta(days=1))
    await purge.run(MONDAY + GRACE + timedelta(days=100))
    assert await teams(database) == [1, 2]


async def test_a_server_that_removed_the_bot_while_it_was_down_has_its_grace_from_then_on(database):
    await Housekeeping(database).guilds_are([2], MONDAY)
    await Purge(database).run(MONDAY + GRACE - timedelta(days=1))
    assert await teams(database) == [1, 2]
    await Purge(database).run(MONDAY + GRACE)
    assert await teams(database) == [2]


async def test_a_defect_with_one_team_delays_no_other(database, monkeypatch, caplog):
    async def broken(session, team_id):
        if team_id == 1:
            raise RuntimeError("defect")
        await delete_team(session, team_id)

    monkeypatch.setattr("bot.services.purge.delete_team", broken)
    for guild in (1, 2):
        await Housekeeping(database).guild_seen(guild, present=False, now=MONDAY)
    await Purge(database).run(MONDAY + GRACE)
    assert await teams(database) == [1]
    assert "Cannot delete team 1" in caplog.text
