"""Teams: making one, changing its settings, and finding the one that a command belongs to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import GuildRow, MemberRow, MembershipRow, TeamRow
from bot.domain.settings import DEFAULTS
from bot.domain.team import CHANNELS, Caller, Member, Team
from bot.errors import NotAllowed, NotFound
from bot.i18n import _
from bot.services.days import close_ended_days, load_calendar
from bot.services.new_teams import new_team, require_manage_guild
from bot.services.team_settings import (
    Setting,
    change_team,
    read_option,
    read_typed,
    require_free_channel,
    require_real_role,
)
from bot.services.turns import duties_on
from bot.services.values import to_team

_TEAMS_IN: Final = (
    select(TeamRow).where(TeamRow.guild_id == bindparam("guild_id"), TeamRow.removed_at.is_(None)).order_by(TeamRow.id)
)
_PRESENT: Final = MembershipRow.until.is_(None)
_OWN: Final = (
    select(MemberRow.team_id)
    .join(MembershipRow, MembershipRow.member_id == MemberRow.id)
    .where(MemberRow.user_id == bindparam("user_id"), _PRESENT)
)
_ROSTER: Final = (
    select(MemberRow)
    .join(MembershipRow, MembershipRow.member_id == MemberRow.id)
    .where(MemberRow.team_id == bindparam("team_id"), _PRESENT)
    .order_by(MemberRow.id)
)
_MEMBER: Final = _ROSTER.where(MemberRow.user_id == bindparam("user_id")).limit(1)


async def team_of(session: AsyncSession, caller: Caller) -> TeamRow:
    """The team of the channel (or of the thread's parent), else the caller's only team, else the guild's only one.

    Raises NotFound if there is none, or if it cannot be told which one.
    """
    team = await find_team(session, caller)
    if team is None:
        raise NotFound(_("There is no team here yet. A server admin can make one with /setup."))
    return team


async def changing_team_of(session: AsyncSession, caller: Caller) -> TeamRow:
    """`team_of` for a transaction that writes: days whose cut-off has passed are closed first."""
    team = await team_of(session, caller)
    await close_ended_days(session, team, caller.at)
    return team


async def find_team(session: AsyncSession, caller: Caller) -> TeamRow | None:
    """The team that a button names; else the one that studies in the channel; else one that uses it in another way, or
    is the caller's, if only one is.

    None where there is no team. Raises NotFound if it cannot be told which of several is meant.
    """
    if caller.team_id is not None:
        return await _named_team(session, caller.team_id)
    in_guild = await teams_in(session, caller.guild_id)
    here = [team for team in in_guild if team.study_channel_id in caller.channel_ids]
    if here:
        return here[0]
    own_ids = set(await session.scalars(_OWN, {"user_id": caller.user_id}))
    own = [team for team in in_guild if team.id in own_ids]
    near = [team for team in in_guild if _other_channels(team) & set(caller.channel_ids)]
    of_both = [team for team in near if team in own or is_moderator(team, caller)]
    for teams in (of_both, own, near, in_guild):
        if len(teams) == 1:
            return teams[0]
    if in_guild:
        raise NotFound(_("This server has several teams. Use the command in your team's channel."))
    return None


async def _named_team(session: AsyncSession, team_id: int) -> TeamRow:
    """The team that a button in somebody's direct messages is for."""
    team = await session.get(TeamRow, team_id)
    if team is None or team.removed_at is not None:
        raise NotFound(_("This belongs to a team that is no longer here. A server admin knows more."))
    return team


async def teams_in(session: AsyncSession, guild_id: int) -> Sequence[TeamRow]:
    """The teams of a guild, without those that were removed."""
    return (await session.scalars(_TEAMS_IN, {"guild_id": guild_id})).all()


def _other_channels(team: TeamRow) -> set[int | None]:
    return {getattr(team, name) for name in CHANNELS[1:]}


async def roster(session: AsyncSession, team: TeamRow) -> list[MemberRow]:
    """Present members in roster order."""
    return list((await session.scalars(_ROSTER, {"team_id": team.id})).unique())


async def member_of(session: AsyncSession, team: TeamRow, caller: Caller) -> MemberRow:
    """The caller on the roster. Raises NotAllowed with the way in for anybody else."""
    row = await find_member(session, team, caller.user_id)
    if row is None:
        raise NotAllowed(_("You are not on the roster yet. Join with /roster join."))
    return row


async def find_member(session: AsyncSession, team: TeamRow, user_id: int) -> MemberRow | None:
    """A present member by Discord user."""
    return await session.scalar(_MEMBER, {"team_id": team.id, "user_id": user_id})


async def member_named(session: AsyncSession, team: TeamRow, user_id: int) -> MemberRow:
    """A present member whom somebody else named. Raises NotFound with what to do."""
    row = await find_member(session, team, user_id)
    if row is None:
        raise NotFound(_("This person is not on the roster. A moderator can add them with /roster add."))
    return row


def is_moderator(team: TeamRow, caller: Caller) -> bool:
    """Manage Server, or the team's moderator role."""
    return caller.manage_guild or team.moderator_role_id in caller.role_ids


async def moderator_today(session: AsyncSession, team: TeamRow, caller: Caller) -> Member | None:
    """Whose turn it is to moderate on the study day of the caller's instant, as `/rotation show` says it.

    Also before that day's turns are made: the first day of a team was never announced.
    """
    day = (await load_calendar(session, team)).day_for_entry(caller.at)
    return (await duties_on(session, team, day)).moderator


async def moderates(session: AsyncSession, team: TeamRow, caller: Caller) -> bool:
    """Whether the caller moderates, for good or today."""
    if is_moderator(team, caller):
        return True
    moderator = await moderator_today(session, team, caller)
    return moderator is not None and moderator.user_id == caller.user_id


async def require_moderator(session: AsyncSession, team: TeamRow, caller: Caller, *, today: bool = False) -> None:
    """Raises NotAllowed unless the caller moderates; with `today`, today's moderator may too."""
    if is_moderator(team, caller):
        return
    moderator = await moderator_today(session, team, caller) if today else None
    if moderator is None:
        raise NotAllowed(_("Only moderators can do this. Please ask one of them."))
    if moderator.user_id != caller.user_id:
        calendar = await load_calendar(session, team)
        day, text = calendar.day_for_entry(caller.at), _("Only moderators can do this. Today's moderator is {name}.")
        if day != calendar.date_at(caller.at):
            text = _("Only moderators can do this. On the next study day, {day:day}, that is {name}.")
        raise NotAllowed(text, name=moderator.name, day=day)


class Standing(Enum):
    """What somebody is to the team of a channel."""

    NO_TEAM = "no team"
    GUEST = "guest"
    MEMBER = "member"
    TODAYS_MODERATOR = "today's moderator"
    MODERATOR = "moderator"


async def standing_of(session: AsyncSession, team: TeamRow, caller: Caller) -> Standing:
    """What somebody is to a team."""
    if is_moderator(team, caller):
        return Standing.MODERATOR
    if await moderates(session, team, caller):
        return Standing.TODAYS_MODERATOR
    return Standing.GUEST if await find_member(session, team, caller.user_id) is None else Standing.MEMBER


@dataclass(frozen=True)
class Setup:
    """What `/setup` did."""

    team: Team
    created: bool


@dataclass(frozen=True)
class PlannedSetup:
    """What `/setup` is going to do: the columns it changes, and the language the team will have."""

    changes: Mapping[str, object]
    language: str
    creates: bool


class Teams:
    """`/setup` and `/settings`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def find(self, session: AsyncSession, caller: Caller) -> Team | None:
        """The caller's team, or None where there is none yet."""
        row = await find_team(session, caller)
        return None if row is None else to_team(row)

    @reads
    async def get(self, session: AsyncSession, team_id: int) -> Team:
        return to_team(await session.get_one(TeamRow, team_id))

    @reads
    async def show(self, session: AsyncSession, caller: Caller) -> Team:
        return to_team(await team_of(session, caller))

    @reads
    async def standing(self, session: AsyncSession, caller: Caller) -> Standing:
        """What the caller is here. Raises NotFound if it cannot be told which of several teams is meant."""
        team = await find_team(session, caller)
        return Standing.NO_TEAM if team is None else await standing_of(session, team, caller)

    @reads
    async def plan_setup(
        self, session: AsyncSession, caller: Caller, typed: Mapping[str, str], columns: Mapping[str, object]
    ) -> PlannedSetup:
        """Read what was typed (by option) and raise what `setup` would raise, before anything is posted.

        `columns` are values that need no reading, such as channel ids.
        """
        require_manage_guild(caller)
        team = await find_team(session, caller)
        zone = ZoneInfo(str(DEFAULTS["timezone"]) if team is None else team.timezone)
        today = caller.at.astimezone(zone).date()
        read = [read_option(option, text, today) for option, text in typed.items()]
        changes = {**{setting.column: setting.value for setting in read}, **columns}
        require_real_role(caller, changes)
        await require_free_channel(session, team, changes.get("study_channel_id"))
        if team is None:
            await require_free_channel(session, None, changes.get("study_channel_id", caller.channel_ids[-1]))
        language = changes.get("language", DEFAULTS["language"] if team is None else team.language)
        return PlannedSetup(changes, str(language), creates=team is None)

    @writes
    async def setup(self, session: AsyncSession, caller: Caller, name: str, changes: Mapping[str, object]) -> Setup:
        """Create the guild's team, or change what is given. `changes` maps columns to values already read.

        Raises NotAllowed without Manage Server, InvalidInput for a channel that another team studies in.
        """
        require_manage_guild(caller)
        await session.merge(GuildRow(id=caller.guild_id, present=True, left_at=None))
        team = await find_team(session, caller)
        created = team is None
        if team is None:
            team = await new_team(session, caller, name, changes)
        else:
            await close_ended_days(session, team, caller.at)
        await change_team(session, team, caller, changes, action="team.create" if created else "team.setup")
        self._wake()
        return Setup(to_team(team), created)

    @reads
    async def check_setting(self, session: AsyncSession, caller: Caller, key: str, text: str) -> Setting:
        """Raise what `set` would raise, before anything is posted."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        return read_typed(key, text)

    @writes
    async def set(self, session: AsyncSession, caller: Caller, key: str, text: str) -> Team:
        """Change one setting as typed. Raises InvalidInput saying what would fit."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        setting = read_typed(key, text)
        await change_team(session, team, caller, {setting.column: setting.value}, action="settings.set")
        self._wake()
        return to_team(team)
