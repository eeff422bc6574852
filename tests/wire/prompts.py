"""Evening prompts and a reminder that are due, for tests of the process that posts them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.db.engine import Database
from bot.db.schema import migrate
from bot.db.tables import TeamRow
from bot.domain.schedules import RETRO_PROMPT
from bot.domain.team import Caller
from bot.services import Services
from bot.services.days import day_of_entry
from bot.services.deliveries import plan
from tests.database import writing
from tests.wire.discord_server import Channel, DiscordServer, User


async def due_prompts(server: DiscordServer, database_file: Path, count: int) -> list[Channel]:
    """`count` teams, each with a channel of its own and a prompt that is due now."""
    return [channel for channel, _ in await _plan(server, database_file, count, direct=False)]


async def due_direct_prompts(server: DiscordServer, database_file: Path, count: int) -> list[tuple[Channel, User]]:
    """`count` teams, each with a channel and a person to whom alone a prompt is due now."""
    return await _plan(server, database_file, count, direct=True)


async def _plan(server: DiscordServer, database_file: Path, count: int, *, direct: bool) -> list[tuple[Channel, User]]:
    url = f"sqlite+aiosqlite:///{database_file}"
    await migrate(url)
    database = Database(url)
    services = Services.over(database, lambda: None)
    now = datetime.now(UTC) - timedelta(minutes=1)  # noqa: TID251  # the real process runs by the real clock
    teams = []
    for number in range(count):
        guild = server.add_guild(f"스터디 {number}")
        channel = server.add_channel(guild, "study")
        person = server.add_person(guild, f"사람 {number}")
        caller = Caller(guild.id, (channel.id,), person.id, person.name, True, frozenset(), now)
        setup = await services.teams.setup(caller, guild.name, {"session_time": None})
        await services.roster.join(caller, None)
        async with writing(database) as session:
            day = await day_of_entry(session, await session.get_one(TeamRow, setup.team.id), now)
            user_id = person.id if direct else None
            await plan(
                session, team_id=setup.team.id, kind=RETRO_PROMPT, subject_id=day.id, due_at=now, user_id=user_id
            )
        teams.append((channel, person))
    await database.dispose()
    return teams


async def due_reminder(server: DiscordServer, database_file: Path) -> tuple[Channel, Callable[[], Awaitable[None]]]:
    """A team with an assignment of which somebody is to be reminded now, and how to remove it."""
    url = f"sqlite+aiosqlite:///{database_file}"
    await migrate(url)
    database = Database(url)
    services = Services.over(database, lambda: None)
    now = datetime.now(UTC)  # noqa: TID251  # the real process runs by the real clock
    guild = server.add_guild("스터디")
    channel, person = server.add_channel(guild, "study"), server.add_person(guild, "민아")
    caller = Caller(guild.id, (channel.id,), person.id, person.name, True, frozenset(), now - timedelta(minutes=2))
    await services.teams.setup(caller, guild.name, {"session_time": None})
    await services.roster.join(caller, None)
    due = now.replace(second=0, microsecond=0) + timedelta(hours=1)
    added = await services.assignments.add(caller, "과제", due.isoformat(), remind="1h")

    async def remove() -> None:
        await services.assignment_changes.remove(replace(caller, at=now), added.assignment.id)
        await database.dispose()

    return channel, remove
