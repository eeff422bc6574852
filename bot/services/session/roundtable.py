"""Closing a round table: from then on everybody sees what the others said."""

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import RoundtableRow, StudyDayRow, TeamRow
from bot.domain.session import Replies, RoundTable
from bot.domain.team import Caller
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.session._minutes import replies_of
from bot.services.session._roundtable import roundtable_of
from bot.services.session_posts import REPLIES, post, show_agenda
from bot.services.teams import changing_team_of, require_moderator
from bot.services.turns import members
from bot.services.values import to_team


class RoundTables:
    """The *Close* of a round table."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def close(self, session: AsyncSession, caller: Caller, roundtable_id: int) -> int:
        """Show what everybody said, in the thread of the day, and take no more. Returns how many have replied.

        Raises InvalidInput if it is closed already.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        row = await roundtable_of(session, team, caller, roundtable_id)
        row.closed_at = caller.at
        day = await session.get_one(StudyDayRow, row.day_id)
        ends = (await load_calendar(session, team)).ends_at(day.date)
        await post(session, team, day, REPLIES, row.id, caller.at, expires_at=ends)
        audit.record(
            session,
            "session.close",
            f"roundtable:{row.id}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
        )
        await session.flush()
        await show_agenda(session, team, caller.at)
        self._wake()
        return len(await replies_of(session, row.id))

    @reads
    async def replies(self, session: AsyncSession, roundtable_id: int) -> Replies:
        """A closed round table with what everybody said."""
        row = await session.get_one(RoundtableRow, roundtable_id)
        day = await session.get_one(StudyDayRow, row.day_id)
        team = await session.get_one(TeamRow, day.team_id)
        names = {member.user_id: member.name for member in (await members(session, team)).values()}
        return Replies(to_team(team), RoundTable(row.prompt, await replies_of(session, row.id)), names)
