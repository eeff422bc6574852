"""Databases with very many teams. One is set up as a person would; the others are its copies."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.db.engine import Database
from bot.db.schema import migrate
from bot.domain.team import Caller
from bot.services import Services
from bot.services.deliveries import Planned, plan_all
from tests.database import writing

KIND = "bench.message"
FIRST_GUILD = 10_000
CHANNEL_OF_GUILD = 1_000_000


def many_teams(file: Path, teams: int, each: int, *, first: datetime, members: int = 0) -> None:
    """`teams` teams in as many guilds, with `each` deliveries a second apart, the first of them at `first`."""
    asyncio.run(_first_team(file, each, first, members))
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TEMP TABLE number AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                           f" WHERE i < {teams - 1}) SELECT i FROM n")  # fmt: skip
        # Nothing of the day is to fall due meanwhile, whatever the hour.
        connection.execute("UPDATE schedule SET next_due_at = datetime(next_due_at, '+7 days')")
        connection.execute("UPDATE team SET next_close_at = datetime(next_close_at, '+7 days')")
        _copy(connection, "guild", id=f"{FIRST_GUILD} + i")
        _copy(connection, "team", id="1 + i", guild_id=f"{FIRST_GUILD} + i",
              study_channel_id=f"{CHANNEL_OF_GUILD} + i")  # fmt: skip
        _copy(connection, "member", id=f"id + {members} * i", team_id="1 + i")
        _copy(connection, "membership", id="NULL", member_id=f"member_id + {members} * i")
        _copy(connection, "schedule", id="NULL", team_id="1 + i")
        _copy(connection, "delivery", id="NULL", team_id="1 + i", nonce="lower(hex(randomblob(10)))",
              channel_id=f"{CHANNEL_OF_GUILD} + i", lane=f"'channel:' || ({CHANNEL_OF_GUILD} + i)")  # fmt: skip
    connection.close()


def _copy(connection: sqlite3.Connection, table: str, **changed: str) -> None:
    """Copy every row once for each number, with these columns changed, where the table has them."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(column, f"original.{column}") for column in columns)
    connection.execute(f"INSERT INTO {table} SELECT {values} FROM {table} AS original, number")


async def _first_team(file: Path, each: int, first: datetime, members: int) -> None:
    url = f"sqlite+aiosqlite:///{file}"
    await migrate(url)
    database = Database(url)
    at = datetime.now(UTC)  # noqa: TID251  # the scheduler beside it runs by the real clock
    caller = Caller(FIRST_GUILD, (CHANNEL_OF_GUILD,), 1, "가온", True, frozenset(), at)
    services = Services.over(database, lambda: None)
    setup = await services.teams.setup(caller, "스터디", {})
    for number in range(members):
        await services.roster.add(caller, 1 + number, f"사람{number}")
    async with writing(database) as session:
        await plan_all(
            session,
            [
                Planned(
                    setup.team.id, KIND, number, first + timedelta(seconds=number), channel_id=CHANNEL_OF_GUILD
                )
                for number in range(each)
            ],
        )  # fmt: skip
    await database.dispose()
