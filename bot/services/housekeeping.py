"""What time alone brings about: days end, schedules fall due. And what the program remembers of itself."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import GuildRow, MetaRow, ScheduleRow, TeamRow
from bot.services.change_log import UNTOLD, plan_log
from bot.services.days import close_ended_days, load_calendar
from bot.services.holiday_notices import plan_holiday_notices
from bot.services.journal.publishing import plan_publication
from bot.services.schedules import materialise

log = logging.getLogger(__name__)

CHUNK = 100
"""Teams that are looked after before what is due is sent."""

AILING = timedelta(minutes=10)
"""How long a team is left alone after looking after it has failed."""


class Housekeeping:
    """Asked by every tick that finds something due, in short transactions."""

    def __init__(self, database: Database, *, publishes: bool = False) -> None:
        self.database = database
        self._publishes = publishes
        self._ailing: dict[int, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Look after the teams for which something is due, `CHUNK` of them. True if there may be more.

        Each in a transaction of its own: a defect in one is logged, and delays none of the others.
        """
        self._ailing = {team: until for team, until in self._ailing.items() if now < until <= now + AILING}
        teams = await self._due(now, self._ailing.keys())
        for team_id in teams:
            try:
                await self._look_after(team_id, now)
            except Exception:
                log.exception("Cannot look after team %(team)s", {"team": team_id})
                self._ailing[team_id] = now + AILING
        return len(teams) == CHUNK

    @reads
    async def _due(self, session: AsyncSession, now: datetime, ailing: Collection[int]) -> Sequence[int]:
        ended = select(TeamRow.id).where(TeamRow.next_close_at <= now, TeamRow.id.not_in(ailing))
        planned = select(ScheduleRow.team_id).where(ScheduleRow.next_due_at <= now, ScheduleRow.team_id.not_in(ailing))
        untold = select(TeamRow.id).where(*UNTOLD, TeamRow.id.not_in(ailing)).distinct()
        return (await session.scalars(ended.union(planned, untold).limit(CHUNK))).all()

    @writes
    async def _look_after(self, session: AsyncSession, team_id: int, now: datetime) -> None:
        team = await session.get_one(TeamRow, team_id)
        if team.next_close_at <= now:
            await close_ended_days(session, team, now)
            if self._publishes:
                await plan_publication(session, team, await load_calendar(session, team), now)
            await plan_holiday_notices(session, team, now)  # the holidays themselves may be other ones since an update
        await materialise(session, team, now)
        await plan_log(session, team, now)

    @writes
    async def guild_seen(self, session: AsyncSession, guild_id: int, present: bool, now: datetime) -> None:
        """The bot is in a guild, or was removed from it, which is then not later for being told again.

        Deliveries wait while it is not there.
        """
        known = await session.get(GuildRow, guild_id)
        since = now if known is None or known.left_at is None else known.left_at
        await session.merge(GuildRow(id=guild_id, present=present, left_at=None if present else since))

    @reads
    async def guilds(self, session: AsyncSession) -> set[int]:
        """Ids of the guilds that the bot was in when it last heard of them."""
        return set(await session.scalars(select(GuildRow.id).where(GuildRow.present)))

    @writes
    async def guilds_are(self, session: AsyncSession, guild_ids: Collection[int], now: datetime) -> None:
        """These are all guilds that the bot is in: it may have been removed from others while it was down."""
        known = set(await session.scalars(select(GuildRow.id).where(GuildRow.present)))
        left = known - set(guild_ids)
        await session.execute(update(GuildRow).where(GuildRow.id.in_(left)).values(present=False, left_at=now))

    @writes
    async def remember(self, session: AsyncSession, key: str, value: str) -> None:
        """Keep something the program wants to know after a restart."""
        await session.merge(MetaRow(key=key, value=value))

    @writes
    async def recall(self, session: AsyncSession, key: str) -> str | None:
        """What was kept under a key."""
        row = await session.get(MetaRow, key)
        return None if row is None else row.value
