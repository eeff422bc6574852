"""Making a team: who may, and what it starts with. Works inside the transaction of whoever makes one."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import TeamRow
from bot.domain.settings import DEFAULTS
from bot.domain.team import Caller
from bot.errors import NotAllowed
from bot.i18n import _
from bot.services.team_settings import require_free_channel


def defaults_of(caller: Caller) -> dict[str, object]:
    """What a team that is made here and now has unless somebody chooses otherwise, by column."""
    columns = {column.key for column in inspect(TeamRow).columns}
    today = caller.at.astimezone(ZoneInfo(str(DEFAULTS["timezone"]))).date()
    values = {key: value for key, value in DEFAULTS.items() if key in columns}
    return {**values, "study_channel_id": caller.channel_ids[-1], "start_date": today}


async def new_team(session: AsyncSession, caller: Caller, name: str, changes: Mapping[str, object]) -> TeamRow:
    """Make a team. Raises InvalidInput for a channel that another team studies in."""
    columns = {column.key for column in inspect(TeamRow).columns}
    values = {**defaults_of(caller), **{key: value for key, value in changes.items() if key in columns}}
    if "start_date" not in changes:
        values["start_date"] = caller.at.astimezone(ZoneInfo(str(values["timezone"]))).date()
    team = TeamRow(guild_id=caller.guild_id, name=name, start_set_at=caller.at, next_close_at=caller.at, **values)
    await require_free_channel(session, None, values["study_channel_id"])
    session.add(team)
    await session.flush()
    return team


def require_manage_guild(caller: Caller) -> None:
    """Raises NotAllowed without Manage Server."""
    if not caller.manage_guild:
        raise NotAllowed(_("Setting up a team needs the Manage Server permission. Please ask a server admin."))
