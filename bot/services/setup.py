"""Setting a team up, or anew, in one go: what a panel has collected is saved at once, or nothing of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import GuildRow, ScheduleRow, TeamRow
from bot.domain.schedules import RETRO_PROMPT
from bot.domain.team import Caller, Member, Team
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import _
from bot.services.days import close_ended_days
from bot.services.new_teams import defaults_of, new_team, require_manage_guild
from bot.services.roster import NAME_LIMIT, enroll, read_name
from bot.services.team_settings import change_team, require_free_channel, require_real_role
from bot.services.teams import find_member, find_team, require_moderator, roster
from bot.services.values import to_member, to_team

TRIES: Final = 100
"""How many people of one name there may be."""


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be put on the roster, under the first of these names that is free, or with a number after it."""

    user_id: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """What somebody has chosen in a panel, by column of the team. Without a `team_id` a team is made."""

    team_id: int | None
    changes: Mapping[str, object]
    people: tuple[Newcomer, ...] = ()


@dataclass(frozen=True)
class Present:
    """What a panel starts from: a team as it is, or the defaults of a new one. `manages`: has Manage Server."""

    team_id: int | None
    name: str
    columns: Mapping[str, object]
    members: tuple[Member, ...]
    manages: bool


@dataclass(frozen=True)
class Saved:
    """What was saved, who came onto the roster, and when the team is first asked something (in its zone)."""

    team: Team
    created: bool
    joined: tuple[Member, ...]
    first_prompt: datetime | None


class TeamSetup:
    """The panel of `/setup` and `/settings show`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def present(self, session: AsyncSession, caller: Caller, guild_name: str) -> Present:
        """The caller's team, for its moderators; where there is none, a new one, for whoever has Manage Server."""
        team = await find_team(session, caller)
        if team is None:
            require_manage_guild(caller)
            return Present(None, guild_name, defaults_of(caller), (), manages=True)
        await require_moderator(session, team, caller)
        columns = {column.key: getattr(team, column.key) for column in inspect(TeamRow).columns}
        members = tuple(to_member(row) for row in await roster(session, team))
        return Present(team.id, team.name, columns, members, caller.manage_guild)

    @reads
    async def check(self, session: AsyncSession, caller: Caller, chosen: Chosen) -> None:
        """Raise what `save` would raise, before anything is posted."""
        team = await _changed_team(session, caller, chosen)
        require_real_role(caller, chosen.changes)
        wanted = chosen.changes.get("study_channel_id", caller.channel_ids[-1] if team is None else None)
        await require_free_channel(session, team, wanted)

    @writes
    async def save(self, session: AsyncSession, caller: Caller, name: str, chosen: Chosen) -> Saved:
        """Make or change the team, and put people on its roster.

        Raises NotAllowed for whoever may not, InvalidInput for a channel that another team studies in.
        """
        await session.merge(GuildRow(id=caller.guild_id, present=True, left_at=None))
        team = await _changed_team(session, caller, chosen)
        created = team is None
        if team is None:
            team = await new_team(session, caller, name, chosen.changes)
        else:
            await close_ended_days(session, team, caller.at)
        if created or chosen.changes:
            action = "team.create" if created else "team.setup"
            await change_team(session, team, caller, chosen.changes, action=action)
        joined = [await _join(session, team, caller, person) for person in chosen.people]
        self._wake()
        there = tuple(member for member in joined if member is not None)
        return Saved(to_team(team), created, there, await _first_prompt(session, team))


async def _changed_team(session: AsyncSession, caller: Caller, chosen: Chosen) -> TeamRow | None:
    """The team that is to change, or None where one is to be made. Raises NotAllowed for whoever may not."""
    if chosen.team_id is None:
        require_manage_guild(caller)
        if await find_team(session, caller) is not None:
            raise InvalidInput(_("Somebody has set up a team here meanwhile. Open it with /settings show."))
        return None
    team = await session.get(TeamRow, chosen.team_id)
    if team is None or not team.is_of(caller.guild_id):
        raise NotFound(_("This team is not there any more. /team list shows those of this server."))
    await require_moderator(session, team, caller)
    if "study_channel_id" in chosen.changes and not caller.manage_guild:
        raise NotAllowed(_("Moving a team to another study channel needs Manage Server. Please ask a server admin."))
    return team


async def _join(session: AsyncSession, team: TeamRow, caller: Caller, person: Newcomer) -> Member | None:
    """Put somebody on the roster, unless they have come meanwhile."""
    if await find_member(session, team, person.user_id) is not None:
        return None
    names = [name for name in person.names if _is_usable(name)]
    for number in range(1, TRIES):
        for name in names:
            tried = name if number == 1 else f"{name[: NAME_LIMIT - 2]}{number}"
            try:
                return await enroll(session, team, caller, person.user_id, tried, action="roster.add")
            except InvalidInput:
                continue
    raise InvalidInput(_("{name} cannot be a name on the roster. Add them with /roster add."), name=person.names[0])


def _is_usable(name: str) -> bool:
    try:
        read_name(name)
    except InvalidInput:
        return False
    return True


async def _first_prompt(session: AsyncSession, team: TeamRow) -> datetime | None:
    query = select(ScheduleRow.next_due_at).where(ScheduleRow.team_id == team.id, ScheduleRow.kind == RETRO_PROMPT)
    due = await session.scalar(query)
    return None if due is None else due.astimezone(to_team(team).zone)
