"""What time alone brings about: days end, schedules fall due."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, writes
from bot.db.tables import GuildRow, MetaRow, TeamRow
from bot.services.days import close_ended_days
from bot.services.holiday_notices import plan_holiday_notices
from bot.services.schedules import CHUNK, materialise


class Housekeeping:
    """Asked by every tick, in short transactions."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @writes
    async def step(self, session: AsyncSession, now: datetime) -> bool:
        """One chunk of what is due. True if there may be more."""
        ended = (await session.scalars(select(TeamRow).where(TeamRow.next_close_at <= now).limit(CHUNK))).all()
        for team in ended:
            await close_ended_days(session, team, now)
            await plan_holiday_notices(session, team, now)  # the holidays themselves may be other ones since an update
        return await materialise(session, now) or len(ended) == CHUNK

    @writes
    async def guild_seen(self, session: AsyncSession, guild_id: int, present: bool) -> None:
        """The bot is in a guild, or was removed from it; deliveries wait while it is not."""
        await session.merge(GuildRow(id=guild_id, present=present))

    @writes
    async def remember(self, session: AsyncSession, key: str, value: str) -> None:
        """Keep something the program wants to know after a restart."""
        await session.merge(MetaRow(key=key, value=value))

    @writes
    async def recall(self, session: AsyncSession, key: str) -> str | None:
        """What was kept under a key."""
        row = await session.get(MetaRow, key)
        return None if row is None else row.value
