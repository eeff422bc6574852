"""Messages that are due, many of them in each channel.

They are round tables of the session. What somebody has asked for is owed one by one, however late; kinds that catch up
(reminders, prompts) would rightly merge after an outage, and then a message fewer would be no loss.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete

from bot.db.engine import Database
from bot.db.schema import migrate
from bot.db.tables import RoundtableRow, ScheduleRow, TeamRow
from bot.domain.team import Caller
from bot.services import Services
from bot.services.days import day_of_entry
from bot.services.deliveries import Planned, plan_all
from bot.services.session_posts import ROUNDTABLE
from tests.database import writing
from tests.wire.discord_server import Channel, DiscordServer


@dataclass(frozen=True)
class Due:
    """One message: its first line is nowhere else. `number` is its place in its channel."""

    channel: Channel
    number: int

    @property
    def line(self) -> str:
        return f"{self.channel.name} {self.number}번째 질문"


async def due_messages(
    server: DiscordServer, database_file: Path, channels: int, each: int, *, later: timedelta = timedelta(0)
) -> list[Due]:
    """`channels` guilds with a team and a channel, `each` messages in every one of them, a second apart.

    They are due at once, or only so much later.
    """
    url = f"sqlite+aiosqlite:///{database_file}"
    await migrate(url)
    database = Database(url)
    services = Services.over(database, lambda: None)
    due = []
    for number in range(channels):
        guild = server.add_guild(f"스터디 {number}")
        channel = server.add_channel(guild, f"study{number}")
        person = server.add_person(guild, f"사람 {number}")
        now = server.world.now()
        caller = Caller(guild.id, (channel.id,), person.id, person.name, True, frozenset(), now)
        setup = await services.teams.setup(caller, guild.name, {"session_time": None, "country": None})
        messages = [Due(channel, place) for place in range(each)]
        await _plan(database, setup.team.id, messages, now - timedelta(seconds=each) + later)
        due += messages
    await database.dispose()
    return due


async def _plan(database: Database, team_id: int, messages: list[Due], first: datetime) -> None:
    async with writing(database) as session:
        await session.execute(delete(ScheduleRow))  # nothing else is to fall due meanwhile, whatever the hour
        day = await day_of_entry(session, await session.get_one(TeamRow, team_id), first)
        tables = [RoundtableRow(day_id=day.id, prompt=message.line, opened_at=first) for message in messages]
        session.add_all(tables)
        await session.flush()
        await plan_all(
            session,
            [
                Planned(
                    team_id, ROUNDTABLE, table.id, first + timedelta(seconds=message.number),
                    channel_id=message.channel.id,
                )
                for table, message in zip(tables, messages, strict=True)
            ],
        )  # fmt: skip
