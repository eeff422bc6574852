"""Changing a team's settings, wherever it is done: `/setup`, `/settings`, `/calendar`.

Works inside the transaction of whoever changes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import TeamRow
from bot.domain.settings import SettingUnreadable, read_country, read_setting, read_start, read_weekdays
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.change_log import latest_change
from bot.services.moved_days import Moved, calendar_changed
from bot.services.reminders import follow_clock
from bot.services.schedules import ask_for_days, awaited_days


@dataclass(frozen=True)
class Setting:
    """One setting, read from what somebody typed: the column it is kept in, and its value."""

    column: str
    value: object


def read_typed(key: str, text: str) -> Setting:
    """A setting of `/settings set` as typed. Raises InvalidInput saying what would fit."""
    try:
        return Setting(*read_setting(key, text))
    except KeyError:
        raise InvalidInput(_("There is no setting called {key}. /settings show lists them."), key=key) from None
    except SettingUnreadable as error:
        raise setting_refused(error) from None


def read_option(option: str, text: str, today: date) -> Setting:
    """An option of `/setup`, or a setting, as typed. Raises InvalidInput saying what would fit."""
    try:
        if option == "start":
            return Setting("start_date", read_start(text, today))
        if option == "country":
            return Setting("country", read_country(text))
        if option == "weekdays":
            return Setting("weekdays", read_weekdays(text))
    except SettingUnreadable as error:
        raise setting_refused(error) from None
    return read_typed(option, text)


async def change_team(
    session: AsyncSession, team: TeamRow, caller: Caller, changes: Mapping[str, object], *, action: str
) -> tuple[Moved, ...]:
    """Put new values into the team's columns; what is planned follows. Returns the lectures that changed their day."""
    await require_free_channel(session, team, changes.get("study_channel_id"))
    require_real_role(caller, changes)
    before = {column: getattr(team, column) for column in changes}
    awaited = await awaited_days(session, team) if "timezone" in changes else {}
    for column, value in changes.items():
        setattr(team, column, value)
    if "start_date" in changes:
        team.start_set_at = caller.at
    if changes.keys() & {"timezone", "cutoff"}:
        team.next_close_at = caller.at  # a day may end earlier than it was going to
    if "log_channel_id" in changes and before["log_channel_id"] is None:
        team.logged_audit_id = await latest_change(session, team)  # what was before it is not told
    moved = await calendar_changed(session, team, caller)
    await ask_for_days(session, team, awaited, caller.at)
    if changes.keys() & {"timezone", "quiet_hours"}:
        await follow_clock(session, team, caller.at)
    audit.record(
        session,
        action,
        f"team:{team.id}",
        team_id=team.id,
        actor_id=caller.user_id,
        at=caller.at,
        before=before,
        after=dict(changes),
    )
    return moved


async def require_free_channel(session: AsyncSession, team: TeamRow | None, channel_id: object) -> None:
    """Raises InvalidInput if another team studies in the channel."""
    if channel_id is None:
        return
    other = await session.scalar(
        select(TeamRow).where(TeamRow.study_channel_id == channel_id, TeamRow.removed_at.is_(None))
    )
    if other is not None and other is not team:
        raise InvalidInput(_("{team} already studies in that channel. Choose another channel."), team=other.name)


def require_real_role(caller: Caller, changes: Mapping[str, object]) -> None:
    """Raises InvalidInput for @everyone as the moderators' role; its id is the server's."""
    if changes.get("moderator_role_id") == caller.guild_id:
        raise InvalidInput(_("@everyone would make everybody a moderator. Choose a role that only moderators have."))


_REFUSALS: Mapping[str, str] = {
    "language": _("{text} is not a language I speak. Choose ko or en."),
    "timezone": _("I do not know the time zone {text}. Use a name such as Asia/Seoul or Europe/Berlin."),
    "time": _("I cannot read {text} as a time. Write it like 21:00."),
    "session_minutes": _("I cannot read {text} as the length of a session. Write minutes from 10 to 480, e.g. 60."),
    "cutoff": _("A study day cannot end at {text}. Choose a time between 00:00 and 12:00, e.g. 04:00."),
    "switch": _("This can be on or off, not {text}."),
    "moderator_per": _("Somebody moderates for a day or a week, not {text}. Write day or week."),
    "reminders": _("I cannot read {text} as times before a deadline. Write them like 3d, 3h, 30m."),
    "quiet_hours": _("I cannot read {text} as quiet hours. Write them like 23:00-08:00, or off."),
    "carry_days": _("I cannot read {text} as study days. Write a number from 1 to 60, e.g. 5, or off."),
    "weekdays": _("I cannot read {text} as days of the week. Write them like mon-fri or mon,wed,fri."),
    "channel": _("{text} is not a channel I can see. Mention it, e.g. #reminders, or write off."),
    "role": _("{text} is not a role of this server. Mention it, e.g. @mods, or write off."),
    "country": _("I do not know the public holidays of {text}. Use a country code such as KR, or off."),
    "date": _("I cannot read {text} as a date. Write it like 2026-12-03, 12/3 or tomorrow."),
    "start": _("{text} is too far away for Day 1. Choose a date from two years ago up to a year from now."),
    "month": _("I cannot read {text} as a month. Write it like 2026-12 or 12."),
}


def setting_refused(error: SettingUnreadable) -> InvalidInput:
    """The refusal of a value that does not fit, with an example that does."""
    return InvalidInput(_REFUSALS[error.kind], text=error.text)
