"""`/setup`: a team in a panel with clicks only, or in one line."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.team import Team
from bot.i18n import Language, _
from bot.i18n import language as to_language
from bot.services.setup import TeamSetup
from bot.services.teams import Setup, Teams
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.permissions import greet
from bot.ui.setup import open_panel

if TYPE_CHECKING:
    from bot.client import StudyBot


class SetupCog(commands.Cog):
    def __init__(self, teams: Teams, team_setup: TeamSetup) -> None:
        self._teams = teams
        self._setup = team_setup

    @app_commands.command(description=_("Set up the team of this channel, or change its settings"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(
        language=_("Language of the team's posts and pages (Korean)"),
        timezone=_("Time zone, e.g. Asia/Seoul"),
        study_channel=_("Where the team studies (this channel)"),
        reminder_channel=_("Where reminders go (the study channel)"),
        retro_channel=_("Where retrospectives are asked for (the study channel)"),
        journal_channel=_("Where the page of each day is posted once the day is over (nowhere)"),
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
        typed = {
            "language": language, "timezone": timezone, "start": start, "country": country,
            "session_time": session_time, "retro_time": retro_time,
        }  # fmt: skip
        picked = {
            "study_channel_id": study_channel, "reminder_channel_id": reminder_channel,
            "retro_channel_id": retro_channel, "journal_channel_id": journal_channel,
            "mod_channel_id": mod_channel, "moderator_role_id": moderator_role,
        }  # fmt: skip
        ids = {column: item.id for column, item in picked.items() if item is not None}
        if not ids and not any(typed.values()):
            await open_panel(interaction, self._setup)
            return
        planned = await self._teams.plan_setup(caller, {key: text for key, text in typed.items() if text}, ids)
        await interaction.response.defer(ephemeral=True, thinking=True)
        channels = [item for item in picked.values() if isinstance(item, discord.TextChannel)]
        if planned.creates and study_channel is None:
            channels.insert(0, channel_here(interaction))
        warnings = await greet(interaction, channels, lang, team_lang=to_language(planned.language))
        name = interaction.guild.name if interaction.guild else caller.name
        done = await self._teams.setup(caller, name, planned.changes)
        await answer(interaction, "\n\n".join([summary(done, lang), *warnings]))


def channel_here(interaction: Interaction) -> Any:
    """The channel the command was used in; of a thread, the channel it belongs to."""
    return getattr(interaction.channel, "parent", None) or interaction.channel


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
        _next(done, lang),
    ]  # fmt: skip
    return "\n".join(lines)


def _next(done: Setup, lang: Language) -> str:
    if done.created:
        return lang(_("Next: put the team on the roster with /roster add, or let everybody use /roster join."))
    return lang(_("/settings show in {channel} changes all of this."), channel=f"<#{done.team.study_channel_id}>")


def session_line(team: Team, lang: Language) -> list[str]:
    if team.session_time is None:
        return []
    return [lang(_("- Peer session {session:time}"), session=team.session_time)]


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(SetupCog(bot.services.teams, bot.services.team_setup))
