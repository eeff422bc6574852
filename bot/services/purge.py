"""Deleting a team with all that belongs to it; and doing so for servers that removed the bot, and for removed teams.

Both can be had back for a while, and are deleted in the night after it.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AbsenceRow, GuildRow, MemberRow, MembershipRow, TeamRow
from bot.services.audit import UNDO

log = logging.getLogger(__name__)

GRACE: Final = timedelta(days=30)
"""How long after the bot was removed from a server its teams can still be had back, by inviting it again."""


async def delete_team(session: AsyncSession, team_id: int) -> None:
    """Delete a team and every row that hangs off it, also its record of changes. It cannot be taken back.

    Most rows go by themselves (ON DELETE CASCADE); those that hang off members alone are named here. Members are
    referred to from everywhere, so the constraints are looked at only when the transaction is committed.
    """
    await session.execute(text("PRAGMA defer_foreign_keys = ON"))
    members = select(MemberRow.id).where(MemberRow.team_id == team_id)
    for table in (MembershipRow, AbsenceRow):
        await session.execute(delete(table).where(table.member_id.in_(members)))
    await session.execute(delete(TeamRow).where(TeamRow.id == team_id))


class Purge:
    """Run each night."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def run(self, now: datetime) -> None:
        """Delete teams removed `UNDO` ago, and those of servers that removed the bot `GRACE` ago, each by itself.

        A server with an outage has not removed it. A defect with one team is logged, and delays none of the others.
        """
        for team_id in await self._removed(now - UNDO):
            await self._try_to_delete(team_id, "it was removed")
        for team_id in await self._forsaken(now - GRACE):
            await self._try_to_delete(team_id, f"its server removed the bot {GRACE.days} days ago")
        await self._forget_guilds(now - GRACE)

    async def _try_to_delete(self, team_id: int, why: str) -> None:
        try:
            await self._delete(team_id)
        except Exception:
            log.exception("Cannot delete team %(team)s", {"team": team_id})
        else:
            log.info("Deleted team %(team)s: %(why)s", {"team": team_id, "why": why})

    @reads
    async def _removed(self, session: AsyncSession, until: datetime) -> Sequence[int]:
        return (await session.scalars(select(TeamRow.id).where(TeamRow.removed_at <= until))).all()

    @reads
    async def _forsaken(self, session: AsyncSession, until: datetime) -> Sequence[int]:
        query = select(TeamRow.id).join(GuildRow, GuildRow.id == TeamRow.guild_id).where(GuildRow.left_at <= until)
        return (await session.scalars(query)).all()

    @writes
    async def _delete(self, session: AsyncSession, team_id: int) -> None:
        await delete_team(session, team_id)

    @writes
    async def _forget_guilds(self, session: AsyncSession, until: datetime) -> None:
        """Those in which no team is left."""
        with_team = select(TeamRow.guild_id)
        await session.execute(delete(GuildRow).where(GuildRow.left_at <= until, GuildRow.id.not_in(with_team)))
