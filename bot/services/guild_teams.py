"""`/team`: the teams of one server. Only whoever has Manage Server makes, renames and removes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import (
    AnonymousRetrospectiveRow,
    AssignmentRow,
    GuildRow,
    LectureRow,
    MemberRow,
    MembershipRow,
    MinutesRow,
    QuestionRow,
    RetrospectiveRow,
    StudyDayRow,
    TeamRow,
)
from bot.domain.markdown_line import one_line
from bot.domain.references import Reference
from bot.domain.team import Caller, Team
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services import audit
from bot.services.audit import UNDO
from bot.services.new_teams import new_team, require_manage_guild
from bot.services.team_settings import change_team, require_free_channel
from bot.services.teams import teams_in
from bot.services.values import to_team

NAME_LIMIT: Final = 32

TAKEN_OVER: Final = ("language", "timezone", "country", "moderator_role_id")
"""What a further team of a server has from the one before it, until somebody changes it."""


@dataclass(frozen=True)
class Listed:
    """A team of a server, how many are on its roster, and until when it can be had back if it was removed."""

    team: Team
    members: int
    until: datetime | None = None


@dataclass(frozen=True)
class Contents:
    """What goes with a team when it is removed: how many of each."""

    team: Team
    members: int
    days: int
    lectures: int
    questions: int
    assignments: int
    retrospectives: int
    minutes: int


class GuildTeams:
    """`/team`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def list(self, session: AsyncSession, caller: Caller) -> Sequence[Listed]:
        """The server's teams, then those that were removed and can be had back."""
        require_manage_guild(caller)
        live = [Listed(to_team(row), await _members(session, row)) for row in await teams_in(session, caller.guild_id)]
        query = select(TeamRow).where(TeamRow.guild_id == caller.guild_id, TeamRow.removed_at > caller.at - UNDO)
        removed = [
            Listed(to_team(row), await _members(session, row), _until(row))
            for row in await session.scalars(query.order_by(TeamRow.id))
        ]
        return [*live, *removed]

    @reads
    async def choices(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[Reference]:
        """The server's teams whose name fits what is typed."""
        require_manage_guild(caller)
        rows = await teams_in(session, caller.guild_id)
        return [Reference(row.id, row.name) for row in rows if typed.strip().casefold() in row.name.casefold()]

    @reads
    async def check_new(self, session: AsyncSession, caller: Caller, name: str, channel_id: int) -> str:
        """Raise what `create` would raise, before anything is posted. The language that the team will have."""
        require_manage_guild(caller)
        await _free_name(session, caller, name, None)
        await require_free_channel(session, None, channel_id)
        return str((await _taken_over(session, caller)).get("language", "ko"))

    @writes
    async def create(self, session: AsyncSession, caller: Caller, name: str, channel_id: int) -> Team:
        """Make a further team. Language, zone, holidays and moderator role are those of the latest one.

        Raises InvalidInput for a name or a channel that another team of the server has.
        """
        require_manage_guild(caller)
        await session.merge(GuildRow(id=caller.guild_id, present=True, left_at=None))
        free = await _free_name(session, caller, name, None)
        chosen = {**await _taken_over(session, caller), "study_channel_id": channel_id}
        row = await new_team(session, caller, free, chosen)
        await change_team(session, row, caller, chosen, action="team.create")
        self._wake()
        return to_team(row)

    @writes
    async def rename(self, session: AsyncSession, caller: Caller, team_id: int, name: str) -> Team:
        """Call a team something else. Raises InvalidInput for a name that another team of the server has."""
        row = await _live(session, caller, team_id)
        before, row.name = row.name, await _free_name(session, caller, name, row)
        audit.record_row(session, caller, "team.rename", row, before={"name": before}, after={"name": row.name})
        return to_team(row)

    @reads
    async def contents(self, session: AsyncSession, caller: Caller, team_id: int) -> Contents:
        """What would go with a team."""
        return await _contents(session, await _live(session, caller, team_id))

    @writes
    async def remove(self, session: AsyncSession, caller: Caller, team_id: int, typed: str) -> Listed:
        """Remove a team whose name was typed: from now on nothing is sent for it, and after `UNDO` it is deleted.

        Raises InvalidInput for another name.
        """
        row = await _live(session, caller, team_id)
        if one_line(typed).casefold() != row.name.casefold():
            text = _("That is not the name of the team. Nothing was removed. To remove it, type: {name}")
            raise InvalidInput(text, name=row.name)
        row.removed_at = caller.at
        audit.record_row(session, caller, "team.remove", row, before={"name": row.name})
        return Listed(to_team(row), await _members(session, row), _until(row))

    @writes
    async def restore(self, session: AsyncSession, caller: Caller, team_id: int) -> Team:
        """Have a removed team back, with all that belongs to it; what fell due meanwhile is told late.

        Raises NotFound when it is too late, InvalidInput when another team has taken its channel or its name.
        """
        require_manage_guild(caller)
        row = await session.get(TeamRow, team_id)
        if row is None or row.guild_id != caller.guild_id or (row.removed_at and _is_over(row, caller.at)):
            raise NotFound(_("This team cannot be restored any more: it was removed more than 24 hours ago."))
        if row.removed_at is None:
            raise InvalidInput(_("{name} is there already."), name=row.name)
        await require_free_channel(session, row, row.study_channel_id)
        await _free_name(session, caller, row.name, row)
        row.removed_at = None
        audit.record_row(session, caller, "team.restore", row, after={"name": row.name})
        self._wake()
        return to_team(row)


async def _live(session: AsyncSession, caller: Caller, team_id: int) -> TeamRow:
    """A team of the caller's server. Raises NotFound for any other, NotAllowed without Manage Server."""
    require_manage_guild(caller)
    row = await session.get(TeamRow, team_id)
    if row is None or not row.is_of(caller.guild_id):
        raise NotFound(_("This team is not there any more. /team list shows those of this server."))
    return row


async def _free_name(session: AsyncSession, caller: Caller, name: str, own: TeamRow | None) -> str:
    """The name in one line, if no other team of the server has it."""
    clean = one_line(name)
    if not any(character.isprintable() for character in clean) or len(clean) > NAME_LIMIT:
        raise InvalidInput(_("A team's name has 1 to {limit} characters. Please choose another."), limit=NAME_LIMIT)
    others = [row for row in await teams_in(session, caller.guild_id) if row is not own]
    if clean.casefold() in {row.name.casefold() for row in others}:
        raise InvalidInput(_("There is a team {name} here already. Please choose another name."), name=clean)
    return clean


async def _taken_over(session: AsyncSession, caller: Caller) -> Mapping[str, object]:
    rows = await teams_in(session, caller.guild_id)
    return {column: getattr(rows[-1], column) for column in TAKEN_OVER} if rows else {}


def _until(row: TeamRow) -> datetime | None:
    """Until when a removed team can be had back, on its own clock."""
    return None if row.removed_at is None else (row.removed_at + UNDO).astimezone(to_team(row).zone)


def _is_over(row: TeamRow, now: datetime) -> bool:
    return row.removed_at is not None and row.removed_at + UNDO <= now


async def _members(session: AsyncSession, row: TeamRow) -> int:
    return await _count(session, _present(row))


def _present(row: TeamRow) -> Select[int]:
    query = select(func.count()).select_from(MemberRow).join(MembershipRow, MembershipRow.member_id == MemberRow.id)
    return query.where(MemberRow.team_id == row.id, MembershipRow.until.is_(None))


async def _count(session: AsyncSession, query: Select[int]) -> int:
    return await session.scalar(query) or 0


async def _contents(session: AsyncSession, row: TeamRow) -> Contents:
    def of_team(table: type[LectureRow | QuestionRow | AssignmentRow]) -> Select[int]:
        return select(func.count()).select_from(table).where(table.team_id == row.id)

    def of_days(table: type[RetrospectiveRow | AnonymousRetrospectiveRow | MinutesRow]) -> Select[int]:
        joined = select(func.count()).select_from(table).join(StudyDayRow, StudyDayRow.id == table.day_id)
        return joined.where(StudyDayRow.team_id == row.id)

    retrospectives = [await _count(session, of_days(each)) for each in (RetrospectiveRow, AnonymousRetrospectiveRow)]
    days = select(func.count()).select_from(StudyDayRow).where(StudyDayRow.team_id == row.id)
    return Contents(
        team=to_team(row),
        members=await _members(session, row),
        days=await _count(session, days),
        lectures=await _count(session, of_team(LectureRow)),
        questions=await _count(session, of_team(QuestionRow)),
        assignments=await _count(session, of_team(AssignmentRow)),
        retrospectives=sum(retrospectives),
        minutes=await _count(session, of_days(MinutesRow)),
    )
