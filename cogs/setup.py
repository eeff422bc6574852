"""`/setup`: a team in one command."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.settings import SettingUnreadable, read_country, read_setting, read_start
from bot.domain.team import Team
from bot.i18n import Language, _
from bot.services.teams import Setup, Teams, setting_refused
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.permissions import greet

if TYPE_CHECKING:
    from bot.client import StudyBot


class SetupCog(commands.Cog):
    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    @app_commands.command(description=_("Set up the team of this channel, or change its settings"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(
        language=_("Language of the team's posts and pages (Korean)"),
        timezone=_("Time zone, e.g. Asia/Seoul"),
        study_channel=_("Where the team studies (this channel)"),
        reminder_channel=_("Where reminders go (the study channel)"),
        retro_channel=_("Where retrospectives are asked for (the study channel)"),
        journal_channel=_("Where journals go (the study channel)"),
        mod_channel=_("Where moderators are told things (the study channel)"),
        moderator_role=_("Role of the team's moderators, besides Manage Server"),
        start=_("Day 1, e.g. 2026-12-03 (today)"),
        country=_("Whose public holidays are days off, e.g. KR"),
        session_time=_("When the peer session begins (16:00)"),
        retro_time=_("When retrospectives are asked for (21:00)"),
    )
    @app_commands.choices(
        language=[app_commands.Choice(name="한국어", value="ko"), app_commands.Choice(name="English", value="en")]
    )
    async def setup(
        self,
        interaction: Interaction,
        language: str | None = None,
        timezone: str | None = None,
        study_channel: discord.TextChannel | None = None,
        reminder_channel: discord.TextChannel | None = None,
        retro_channel: discord.TextChannel | None = None,
        journal_channel: discord.TextChannel | None = None,
        mod_channel: discord.TextChannel | None = None,
        moderator_role: discord.Role | None = None,
        start: str | None = None,
        country: str | None = None,
        session_time: str | None = None,
        retro_time: str | None = None,
    ) -> None:
        caller, lang = caller_of(interaction), reader(interaction)
        typed = {"timezone": timezone, "session_time": session_time, "retro_time": retro_time, "language": language}
        channels = {
            "study_channel_id": study_channel,
            "reminder_channel_id": reminder_channel,
            "retro_channel_id": retro_channel,
            "journal_channel_id": journal_channel,
            "mod_channel_id": mod_channel,
        }
        changes = read_options(typed, start=start, country=country)
        changes |= {key: channel.id for key, channel in channels.items() if channel is not None}
        if moderator_role is not None:
            changes["moderator_role_id"] = moderator_role.id
        await self._teams.check_setup(caller, changes)
        await interaction.response.defer(ephemeral=True, thinking=True)
        named = [channel for channel in channels.values() if channel is not None]
        warnings = await greet(interaction, named or [interaction.channel], lang)
        name = interaction.guild.name if interaction.guild else caller.name
        done = await self._teams.setup(caller, name, changes)
        await answer(interaction, "\n\n".join([summary(done, lang), *warnings]))


def read_options(typed: Mapping[str, str | None], *, start: str | None, country: str | None) -> dict[str, object]:
    """Options as typed into columns and values. Raises InvalidInput for the first that does not fit."""
    changes: dict[str, object] = {}
    try:
        for key, text in typed.items():
            if text is not None:
                column, value = read_setting(key, text)
                changes[column] = value
        if start is not None:
            changes["start_date"] = read_start(start)
        if country is not None:
            changes["country"] = read_country(country)
    except SettingUnreadable as error:
        raise setting_refused(error) from None
    return changes


def summary(done: Setup, lang: Language) -> str:
    """What the team is now, and the next step."""
    team = done.team
    head = _("The team is ready.") if done.created else _("The settings are saved.")
    lines = [
        lang(head),
        "",
        lang(_("- Study channel: {channel}"), channel=f"<#{team.study_channel_id}>"),
        lang(_("- Day 1: {day:day} ({zone})"), day=team.start, zone=team.zone.key),
        *session_line(team, lang),
        lang(_("- Tomorrow's duties {announce:time}, retrospective {retro:time}"),
             announce=team.announce_time, retro=team.retro_time),
        "",
        lang(_("Next: put the team on the roster with /roster add, or let everybody use /roster join.")),
    ]  # fmt: skip
    return "\n".join(lines)


def session_line(team: Team, lang: Language) -> list[str]:
    if team.session_time is None:
        return []
    return [lang(_("- Peer session {session:time}"), session=team.session_time)]


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(SetupCog(bot.services.teams))
