"""Members who are not in the server any more: noticed at night, told to the moderators once, and left in peace.

Nothing tells the bot of it when it happens: that would need the intent for members. That they are back is noticed as
soon as they do something.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, afterwards, reads, writes
from bot.db.tables import GuildRow, MemberRow, MembershipRow, TeamRow
from bot.domain.deliveries import Delivery
from bot.domain.team import Member, Team
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.deliveries import plan
from bot.services.rotation import close_requests_of, hand_over
from bot.services.values import to_member, to_team

GONE: Final = "roster.gone"
"""Kind of the delivery that tells moderators of it; its subject is the member."""

NOBODY: Final = 0
"""Who acts where the program does."""

_IS_GONE: Final = MemberRow.gone_since.is_not(None)


@dataclass(frozen=True)
class Seat:
    """A place on a roster. `gone`: its member was not in the server when somebody last looked."""

    member_id: int
    guild_id: int
    user_id: int
    gone: bool


@dataclass(frozen=True)
class Gone:
    """A member of a team's roster who has left the server."""

    team: Team
    member: Member


class Departures:
    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake
        self._gone: set[tuple[int, int]] = set()
        self._gone_read = False

    @reads
    async def seats(self, session: AsyncSession) -> Sequence[Seat]:
        """Everybody on the rosters of the servers that the bot is in."""
        query = (
            select(MemberRow.id, TeamRow.guild_id, MemberRow.user_id, _IS_GONE)
            .join(TeamRow, TeamRow.id == MemberRow.team_id)
            .join(GuildRow, GuildRow.id == TeamRow.guild_id)
            .join(MembershipRow, MembershipRow.member_id == MemberRow.id)
            .where(MembershipRow.until.is_(None), GuildRow.present, TeamRow.removed_at.is_(None))
            .order_by(MemberRow.id)
        )
        return [Seat(*row) for row in await session.execute(query)]

    async def seen(self, guild_id: int, user_id: int, now: datetime) -> None:
        """Somebody does something in a server, so they are there. Nearly always that is known, and nothing is asked."""
        if not self._gone_read:
            self._gone |= await self._all_gone()
            self._gone_read = True
        if (guild_id, user_id) in self._gone:
            self._gone.discard((guild_id, user_id))  # whoever is found to have left meanwhile is put in again
            for member_id in await self._marked(guild_id, user_id):
                await self.note(member_id, False, now)

    @reads
    async def _all_gone(self, session: AsyncSession) -> set[tuple[int, int]]:
        """Server and user of everybody who counts as gone."""
        query = select(TeamRow.guild_id, MemberRow.user_id).join(MemberRow, MemberRow.team_id == TeamRow.id)
        return {(guild_id, user_id) for guild_id, user_id in await session.execute(query.where(_IS_GONE))}

    @reads
    async def _marked(self, session: AsyncSession, guild_id: int, user_id: int) -> Sequence[int]:
        """A person's members in the teams of a server that count as gone from it."""
        query = (
            select(MemberRow.id)
            .join(TeamRow, TeamRow.id == MemberRow.team_id)
            .where(TeamRow.guild_id == guild_id, MemberRow.user_id == user_id, _IS_GONE)
        )
        return (await session.scalars(query)).all()

    @writes
    async def note(self, session: AsyncSession, member_id: int, gone: bool, now: datetime) -> None:
        """Keep that a member has left the server, or is back. From then on, or until then, they count as away.

        Coming turns are given to others, what they asked or were asked is at an end, and moderators are told in the
        morning; of a return nobody is.
        """
        row = await session.get(MemberRow, member_id)
        if row is None or gone == (row.gone_since is not None):
            return
        team = await session.get_one(TeamRow, row.team_id)
        calendar = await load_calendar(session, team)
        today = calendar.date_at(now)
        morning = max(now, calendar.moment(today, team.due_time or team.announce_time))
        if gone:
            await close_requests_of(session, team, row, actor_id=None, now=now, tell_at=morning)
        row.gone_since = today if gone else None
        action = "roster.gone" if gone else "roster.seen"
        audit.record(session, action, f"member:{row.id}", team_id=team.id, actor_id=None, at=now)
        await hand_over(session, team, row, "away", cause="away" if gone else "back", actor_id=NOBODY, now=now)
        if gone:
            await plan(session, team_id=team.id, kind=GONE, subject_id=row.id, due_at=morning)
            left = (team.guild_id, row.user_id)
            afterwards(lambda: self._gone.add(left))
        self._wake()

    @reads
    async def notice(self, session: AsyncSession, delivery: Delivery) -> Gone | str:
        """Whom moderators are told of, or why nobody."""
        team = await session.get_one(TeamRow, delivery.team_id)
        row = await session.get_one(MemberRow, delivery.subject_id)
        if row.gone_since is None:
            return "they are back"
        return Gone(to_team(team), to_member(row))
