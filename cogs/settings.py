"""`/settings`: what the team has chosen, and choosing anew."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.settings import READERS
from bot.errors import InvalidInput
from bot.i18n import _, language
from bot.services.setup import TeamSetup
from bot.services.team_settings import Setting
from bot.services.teams import Standing, Teams
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.permissions import greet
from bot.ui.settings import setting_line
from bot.ui.setup import open_panel

if TYPE_CHECKING:
    from bot.client import StudyBot


class SettingsCog(commands.GroupCog, group_name="settings", group_description=_("What the team has chosen")):
    def __init__(self, teams: Teams, team_setup: TeamSetup) -> None:
        self._teams = teams
        self._setup = team_setup

    @app_commands.command(description=_("Every setting of the team; moderators can change them there"))
    async def show(self, interaction: Interaction) -> None:
        caller, lang = caller_of(interaction), reader(interaction)
        team = await self._teams.show(caller)
        if await self._teams.standing(caller) is Standing.MODERATOR:
            await open_panel(interaction, self._setup)
            return
        head = lang(_("**Settings of {team}**"), team=discord.utils.escape_markdown(team.name))
        lines = [setting_line(team, key, lang) for key in READERS]
        foot = lang(_("Moderators change them here with /settings show."))
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


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(SettingsCog(bot.services.teams, bot.services.team_setup))
