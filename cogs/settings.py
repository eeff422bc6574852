"""`/settings`: what the team has chosen, and choosing anew."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.settings import READERS
from bot.domain.team import Team
from bot.errors import InvalidInput
from bot.i18n import Language, Message, _, language
from bot.services.team_settings import Setting
from bot.services.teams import Teams
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.permissions import greet

if TYPE_CHECKING:
    from bot.client import StudyBot

MEANINGS: Mapping[str, str] = {
    "language": _("language of the team's posts and pages"),
    "timezone": _("time zone"),
    "moderator_role": _("role of the moderators, besides Manage Server"),
    "reminder_channel": _("where reminders go"),
    "retro_channel": _("where retrospectives are asked for"),
    "journal_channel": _("where journals go"),
    "mod_channel": _("where moderators are told things"),
    "session_time": _("when the peer session begins"),
    "session_minutes": _("how many minutes the peer session is to take"),
    "announce_time": _("when the next duties are announced"),
    "confirm_by": _("until when the next on duty are to answer"),
    "moderator_per": _("how long somebody moderates: a day or a week"),
    "due_time": _("when the deadlines of today and tomorrow are told, on study days"),
    "retro_time": _("when retrospectives are asked for"),
    "nudge_time": _("when those who have not written yet are reminded"),
    "digest": _("when the week's digest comes, on its last study day"),
    "streaks": _("whether /retro streak counts days in a row"),
    "cutoff": _("when a study day ends"),
    "reminders": _("when an assignment is reminded of, before its deadline"),
    "quiet_hours": _("when nobody is reminded at night; the last reminder of a deadline comes all the same"),
    "carry_days": _("after how many study days a further question without an answer is to be decided on"),
}

NAMES: Mapping[str, Mapping[object, str]] = {
    "language": {"ko": "한국어", "en": "English"},
    "moderator_per": {"day": _("a day"), "week": _("a week")},
    "streaks": {True: _("on"), False: _("off")},
}
"""How values that are kept as codes are shown. A language is called as its speakers call it."""


class SettingsCog(commands.GroupCog, group_name="settings", group_description=_("What the team has chosen")):
    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    @app_commands.command(description=_("Every setting of the team"))
    async def show(self, interaction: Interaction) -> None:
        team = await self._teams.show(caller_of(interaction))
        lang = reader(interaction)
        head = lang(_("**Settings of {team}**"), team=discord.utils.escape_markdown(team.name))
        lines = [setting_line(team, key, lang) for key in READERS]
        foot = lang(_("Change one with /settings set; days and holidays with /calendar."))
        await answer(interaction, "\n".join([head, *lines, "", foot]))

    @app_commands.command(name="set", description=_("Change one setting"))
    @app_commands.describe(key=_("Which setting"), value=_("The new value, e.g. 21:00, #reminders or off"))
    @app_commands.choices(key=[app_commands.Choice(name=key, value=key) for key in READERS])
    async def change(self, interaction: Interaction, key: str, value: str) -> None:
        caller, lang = caller_of(interaction), reader(interaction)
        setting = await self._teams.check_setting(caller, key, value)
        channels = [] if setting.value is None else chosen_channels(interaction, setting, value)
        await interaction.response.defer(ephemeral=True, thinking=True)
        before = await self._teams.show(caller)
        warnings = await greet(interaction, channels, lang, team_lang=language(before.language))
        team = await self._teams.set(caller, key, value)
        saved = [lang(_("Saved.")), setting_line(team, key, lang)]
        if key == "timezone":
            saved.append(lang(_("Deadlines stay at the same moment; they are now shown on the new clock.")))
        await answer(interaction, "\n\n".join(["\n".join(saved), *warnings]))


def chosen_channels(interaction: Interaction, setting: Setting, typed: str) -> list[Any]:
    """The channel that a setting names, to be tried before it is saved. Raises InvalidInput if there is none such.

    A role is looked up too; it needs no trying.
    """
    guild = interaction.guild
    if guild is None or not setting.column.endswith("_id") or not isinstance(setting.value, int):
        return []
    if setting.column == "moderator_role_id":
        if guild.get_role(setting.value) is None:
            raise InvalidInput(_("This server has no role {text}. Mention it, e.g. @mods, or write off."), text=typed)
        return []
    channel = guild.get_channel(setting.value)
    if not isinstance(channel, discord.TextChannel):
        raise InvalidInput(_("{text} is no text channel here. Mention one, e.g. #reminders, or write off."), text=typed)
    return [channel]


def setting_line(team: Team, key: str, lang: Language) -> str:
    """`retro_time`: 21:00 (when retrospectives are asked for)."""
    return f"- `{key}` **{setting_value(team, key, lang)}** · {lang(MEANINGS[key])}"


def setting_value(team: Team, key: str, lang: Language) -> str:
    """A setting as people write it."""
    if key in NAMES:
        return lang(NAMES[key][getattr(team, key)])
    if key == "timezone":
        return team.zone.key
    if key.endswith("_channel"):
        channel_id: int = getattr(team, f"{key}_id")
        return f"<#{channel_id}>"
    if key == "moderator_role":
        return f"<@&{team.moderator_role_id}>" if team.moderator_role_id else lang(_("off"))
    value = getattr(team, key)
    return lang(_("off")) if value in {None, "", 0} else _told(key, value, lang)


def _told(key: str, value: object, lang: Language) -> str:
    if key == "carry_days":
        return lang(_("{count} study days"), count=value)
    if key in {"reminders", "quiet_hours", "session_minutes"}:
        return str(value)
    return lang.render(Message("{time:time}", {"time": value}))


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(SettingsCog(bot.services.teams))
