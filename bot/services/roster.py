"""The roster: who is in the team, and how pages call them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import MemberRow, MembershipRow, TeamRow, TurnRow
from bot.domain.markdown_line import one_line
from bot.domain.team import Caller, Member
from bot.errors import InvalidInput, NotAllowed
from bot.i18n import _
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.teams import changing_team_of, find_member, member_named, require_moderator, roster, team_of
from bot.services.values import to_member

NAME_LIMIT = 32


@dataclass(frozen=True)
class RosterEntry:
    """A member, and their duties on the coming study day."""

    member: Member
    day: date
    duties: tuple[str, ...]


class Roster:
    """`/roster`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def list(self, session: AsyncSession, caller: Caller) -> Sequence[Member]:
        """Present members in roster order."""
        return [to_member(row) for row in await roster(session, await team_of(session, caller))]

    @reads
    async def entries(self, session: AsyncSession, caller: Caller) -> Sequence[RosterEntry]:
        """Present members in roster order, with their duties of the coming study day."""
        team = await team_of(session, caller)
        day = (await load_calendar(session, team)).day_for_entry(caller.at)
        duties: dict[int, list[str]] = {}
        turns = select(TurnRow).where(
            TurnRow.team_id == team.id, TurnRow.date == day, TurnRow.state.in_(["proposed", "assigned"])
        )
        for turn in await session.scalars(turns.order_by(TurnRow.id)):
            duties.setdefault(turn.member_id, []).append(turn.duty)
        people = await roster(session, team)
        return [RosterEntry(to_member(row), day, tuple(dict.fromkeys(duties.get(row.id, ())))) for row in people]

    @writes
    async def add(self, session: AsyncSession, caller: Caller, user_id: int, name: str) -> Member:
        """Put somebody on the roster; somebody who was there before comes back with their history."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        return await self._join(session, team, caller, user_id, name, action="roster.add")

    @writes
    async def join(self, session: AsyncSession, caller: Caller, name: str | None) -> Member:
        """Join by oneself; without a name, the one shown in Discord."""
        team = await changing_team_of(session, caller)
        return await self._join(session, team, caller, caller.user_id, name or caller.name, action="roster.join")

    @writes
    async def leave(self, session: AsyncSession, caller: Caller) -> Member:
        team = await changing_team_of(session, caller)
        row = await find_member(session, team, caller.user_id)
        if row is None:
            raise NotAllowed(_("You are not on the roster, so there is nothing to leave."))
        return await self._depart(session, team, caller, row, action="roster.leave")

    @writes
    async def remove(self, session: AsyncSession, caller: Caller, user_id: int) -> Member:
        """Take somebody off the roster. What they wrote stays."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        row = await member_named(session, team, user_id)
        return await self._depart(session, team, caller, row, action="roster.remove")

    @writes
    async def rename(self, session: AsyncSession, caller: Caller, user_id: int, name: str) -> Member:
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        row = await member_named(session, team, user_id)
        before, row.name = row.name, await _free_name(session, team, name, user_id)
        self._record(session, team, caller, "roster.rename", row, before={"name": before}, after={"name": row.name})
        return to_member(row)

    async def _join(
        self, session: AsyncSession, team: TeamRow, caller: Caller, user_id: int, name: str, *, action: str
    ) -> Member:
        present = await find_member(session, team, user_id)
        if present is not None:
            text = _("{name} is on the roster already. A moderator can change the name with /roster rename.")
            raise InvalidInput(text, name=present.name)
        free = await _free_name(session, team, name, user_id)
        row = await session.scalar(select(MemberRow).where(MemberRow.team_id == team.id, MemberRow.user_id == user_id))
        if row is None:
            row = MemberRow(team_id=team.id, user_id=user_id, name=free)
            session.add(row)
        row.name = free
        await session.flush()
        today = (await load_calendar(session, team)).date_at(caller.at)
        session.add(MembershipRow(member_id=row.id, since=today))
        self._record(session, team, caller, action, row, after={"name": free})
        return to_member(row)

    async def _depart(
        self, session: AsyncSession, team: TeamRow, caller: Caller, row: MemberRow, *, action: str
    ) -> Member:
        span = await session.scalar(
            select(MembershipRow).where(MembershipRow.member_id == row.id, MembershipRow.until.is_(None))
        )
        if span is not None:
            span.until = (await load_calendar(session, team)).date_at(caller.at)
        self._record(session, team, caller, action, row, before={"name": row.name})
        return to_member(row)

    def _record(
        self,
        session: AsyncSession,
        team: TeamRow,
        caller: Caller,
        action: str,
        row: MemberRow,
        *,
        before: audit.Facts | None = None,
        after: audit.Facts | None = None,
    ) -> None:
        audit.record(
            session,
            action,
            f"member:{row.id}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            before=before,
            after=after,
        )
        self._wake()


async def _free_name(session: AsyncSession, team: TeamRow, name: str, user_id: int) -> str:
    """The name without 님, if nobody else in the team has it (also of those who left: pages still name them)."""
    clean = one_line(name).removesuffix("님").strip()
    if not any(character.isprintable() for character in clean) or len(clean) > NAME_LIMIT:
        raise InvalidInput(_("A name has 1 to {limit} characters. Please choose another."), limit=NAME_LIMIT)
    query = select(MemberRow).where(MemberRow.team_id == team.id, MemberRow.user_id != user_id)
    taken = {row.name.casefold() for row in await session.scalars(query)}
    if clean.casefold() in taken:
        raise InvalidInput(_("{name} is already taken in this team. Please choose another name."), name=clean)
    return clean
