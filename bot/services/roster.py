"""The roster: who is in the team, and how pages call them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AuditRow, MemberRow, MembershipRow, TeamRow
from bot.domain.markdown_line import one_line
from bot.domain.team import Caller, Member
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import Message, _
from bot.services import audit
from bot.services.absences import AwayDays, away_days, end_absences
from bot.services.days import close_ended_days, load_calendar
from bot.services.rotation import (
    HandedOver,
    NamedDuty,
    close_requests_of,
    ended_requests,
    give_back,
    hand_over,
    load_names,
)
from bot.services.teams import changing_team_of, find_member, member_named, require_moderator, roster, team_of
from bot.services.turns import made_on
from bot.services.values import to_member

NAME_LIMIT = 32


@dataclass(frozen=True)
class RosterEntry:
    """A member, their duties on the coming study day, and when they are away, now or later."""

    member: Member
    day: date
    duties: tuple[NamedDuty, ...]
    away: tuple[AwayDays, ...] = ()


@dataclass(frozen=True)
class Departure:
    """Who has left the roster, what became of their turns, and whether nobody is left."""

    member: Member
    handed_over: tuple[HandedOver, ...]
    was_last: bool


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
        calendar = await load_calendar(session, team)
        day = calendar.day_for_entry(caller.at)
        today = calendar.date_at(caller.at)
        made, names = await made_on(session, team, day), await load_names(session, team)
        return [
            RosterEntry(
                to_member(row),
                day,
                tuple(names.duty(turn.duty, turn.unit) for turn in made.of(row.id)),
                await away_days(session, row, today),
            )
            for row in await roster(session, team)
        ]

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
    async def leave(self, session: AsyncSession, caller: Caller) -> Departure:
        """Leave by oneself; nobody is held, not even the last one. Raises NotAllowed for somebody who is not there."""
        team = await changing_team_of(session, caller)
        row = await find_member(session, team, caller.user_id)
        if row is None:
            raise NotAllowed(_("You are not on the roster, so there is nothing to leave."))
        self._wake()
        return await depart(session, team, caller, row, action="roster.leave")

    @writes
    async def remove(self, session: AsyncSession, caller: Caller, user_id: int) -> Departure:
        """Take somebody off the roster. What they wrote stays. Raises InvalidInput for the last one."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        return await self._remove(session, team, caller, user_id)

    @writes
    async def remove_member(self, session: AsyncSession, caller: Caller, member_id: int) -> Departure:
        """`remove` from a button, which may stand in any channel: the team is the member's. Raises NotFound."""
        member = await session.get(MemberRow, member_id)
        team = None if member is None else await session.get_one(TeamRow, member.team_id)
        if member is None or team is None or not team.is_of(caller.guild_id):
            raise NotFound(_("This person is not on the roster. A moderator can add them with /roster add."))
        await require_moderator(session, team, caller)
        await close_ended_days(session, team, caller.at)
        return await self._remove(session, team, caller, member.user_id)

    async def _remove(self, session: AsyncSession, team: TeamRow, caller: Caller, user_id: int) -> Departure:
        row = await member_named(session, team, user_id)
        if len(await roster(session, team)) == 1:
            text = _("{name} is the only one on the roster. Add somebody with /roster add first.")
            raise InvalidInput(text, name=row.name)
        self._wake()
        return await depart(session, team, caller, row, action="roster.remove")

    @writes
    async def rename(self, session: AsyncSession, caller: Caller, user_id: int, name: str) -> Member:
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        row = await member_named(session, team, user_id)
        before, row.name = row.name, await _free_name(session, team, name, user_id)
        audit.record_row(session, caller, "roster.rename", row, before={"name": before}, after={"name": row.name})
        self._wake()
        return to_member(row)

    async def _join(
        self, session: AsyncSession, team: TeamRow, caller: Caller, user_id: int, name: str, *, action: str
    ) -> Member:
        present = await find_member(session, team, user_id)
        if present is not None:
            text = _("{name} is on the roster already. A moderator can change the name with /roster rename.")
            raise InvalidInput(text, name=present.name)
        joined = await enroll(session, team, caller, user_id, name, action=action)
        self._wake()
        return joined


async def enroll(
    session: AsyncSession, team: TeamRow, caller: Caller, user_id: int, name: str, *, action: str
) -> Member:
    """Put somebody on the roster who is not there. Raises InvalidInput for a name that cannot be theirs."""
    free = await _free_name(session, team, name, user_id)
    row = await session.scalar(select(MemberRow).where(MemberRow.team_id == team.id, MemberRow.user_id == user_id))
    if row is None:
        row = MemberRow(team_id=team.id, user_id=user_id, name=free)
        session.add(row)
    row.name, row.gone_since = free, None
    await session.flush()
    today = (await load_calendar(session, team)).date_at(caller.at)
    await end_absences(session, team, caller, row, today)  # whoever comes back is there
    session.add(MembershipRow(member_id=row.id, since=today))
    audit.record_row(session, caller, action, row, after={"name": free})
    # a duty that nobody was there for may be theirs now
    await hand_over(session, team, row, "joined", cause="joined", actor_id=caller.user_id, now=caller.at)
    return to_member(row)


async def depart(session: AsyncSession, team: TeamRow, caller: Caller, row: MemberRow, *, action: str) -> Departure:
    """Take a member off the roster; the turns they had are given to others, and what they were asked is at an end."""
    await close_requests_of(session, team, row, actor_id=caller.user_id, now=caller.at)
    today = (await load_calendar(session, team)).date_at(caller.at)
    span = await session.scalar(
        select(MembershipRow).where(MembershipRow.member_id == row.id, MembershipRow.until.is_(None))
    )
    if span is not None:
        span.until = today
    audit.record_row(session, caller, action, row, before={"name": row.name})
    handed_over = await hand_over(session, team, row, "left", cause="left", actor_id=caller.user_id, now=caller.at)
    return Departure(to_member(row), handed_over, was_last=not await roster(session, team))


async def restore_member(session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow) -> Message:
    """Somebody who has left is on the roster as if they had not; turns go back to them unless changed since."""
    row = await session.get_one(MemberRow, audit.subject_id(change))
    last = select(MembershipRow).where(MembershipRow.member_id == row.id).order_by(MembershipRow.id.desc()).limit(1)
    (await session.scalars(last)).one().until = None
    await give_back(session, team, caller, change)
    text = _("{name} is on the roster again, as before. Turns that nobody has changed since are theirs again.")
    if await ended_requests(session, row, change.at):
        text = _(
            "{name} is on the roster again, as before. Turns that nobody has changed since are theirs again. "
            "What was asked about turns and has ended stays so; ask again where it is needed."
        )
    return Message(text, {"name": row.name})


async def _free_name(session: AsyncSession, team: TeamRow, name: str, user_id: int) -> str:
    """The name without 님, if nobody else in the team has it (also of those who left: pages still name them)."""
    clean = read_name(name)
    query = select(MemberRow).where(MemberRow.team_id == team.id, MemberRow.user_id != user_id)
    taken = {row.name.casefold() for row in await session.scalars(query)}
    if clean.casefold() in taken:
        raise InvalidInput(_("{name} is already taken in this team. Please choose another name."), name=clean)
    return clean


def read_name(name: str) -> str:
    """A name as it is kept. Raises InvalidInput for one that nobody can read, or that is too long."""
    clean = one_line(name).removesuffix("님").strip()
    if not any(character.isprintable() for character in clean) or len(clean) > NAME_LIMIT:
        raise InvalidInput(_("A name has 1 to {limit} characters. Please choose another."), limit=NAME_LIMIT)
    return clean
