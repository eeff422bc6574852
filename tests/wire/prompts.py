"""Evening prompts that are due, for tests that kill the process while it posts them."""

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
from tests.wire.discord_server import Channel, DiscordServer


async def due_prompts(server: DiscordServer, database_file: Path, count: int) -> list[Channel]:
    """`count` teams, each with a channel of its own and a prompt that is due now."""
    url = f"sqlite+aiosqlite:///{database_file}"
    await migrate(url)
    database = Database(url)
    services = Services.over(database, lambda: None)
    now = datetime.now(UTC) - timedelta(minutes=1)  # noqa: TID251  # the real process runs by the real clock
    channels = []
    for number in range(count):
        guild = server.add_guild(f"스터디 {number}")
        channel = server.add_channel(guild, "study")
        person = server.add_person(guild, f"사람 {number}")
        caller = Caller(guild.id, (channel.id,), person.id, person.name, True, frozenset(), now)
        setup = await services.teams.setup(caller, guild.name, {"session_time": None})
        await services.roster.join(caller, None)
        async with database.write() as session:
            day = await day_of_entry(session, await session.get_one(TeamRow, setup.team.id), now)
            await plan(session, team_id=setup.team.id, kind=RETRO_PROMPT, subject_id=day.id, due_at=now)
        channels.append(channel)
    await database.dispose()
    return channels
