"""`/team`: several teams in one server."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.team import Team
from bot.i18n import Language, _, language
from bot.services.guild_teams import Contents, GuildTeams, Listed
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton, persistent
from bot.ui.permissions import greet
from bot.ui.references import TeamRef

if TYPE_CHECKING:
    from bot.client import StudyBot

MOST_BUTTONS = 25


@app_commands.default_permissions(manage_guild=True)
class TeamCog(commands.GroupCog, group_name="team", group_description=_("The teams of this server")):
    def __init__(self, teams: GuildTeams) -> None:
        self._teams = teams

    @app_commands.command(description=_("A further team in this server, with a study channel of its own"))
    @app_commands.describe(name=_("What the team is called"), channel=_("Where it studies (this channel)"))
    async def create(self, interaction: Interaction, name: str, channel: discord.TextChannel | None = None) -> None:
        caller, lang = caller_of(interaction), reader(interaction)
        place: Any = channel or getattr(interaction.channel, "parent", None) or interaction.channel
        code = await self._teams.check_new(caller, name, place.id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        warnings = await greet(interaction, [place], lang, team_lang=language(code))
        team = await self._teams.create(caller, name, place.id)
        await answer(interaction, "\n\n".join([created_text(team, lang), *warnings]))

    @app_commands.command(name="list", description=_("The teams of this server, and those that can be restored"))
    async def show(self, interaction: Interaction) -> None:
        found, lang = await self._teams.list(caller_of(interaction)), reader(interaction)
        await answer(interaction, "\n".join(list_lines(found, lang)), view=restore_view(found, lang))

    @app_commands.command(description=_("Call a team something else"))
    @app_commands.describe(team=_("Which team"), name=_("Its new name"))
    async def rename(self, interaction: Interaction, team: TeamRef, name: str) -> None:
        renamed, lang = await self._teams.rename(caller_of(interaction), team, name), reader(interaction)
        await answer(interaction, lang(_("The team is called {name} from now on."), name=escape_markdown(renamed.name)))

    @app_commands.command(description=_("Remove a team with all that belongs to it; it can be restored for 24 hours"))
    @app_commands.describe(team=_("Which team"))
    async def remove(self, interaction: Interaction, team: TeamRef) -> None:
        contents, lang = await self._teams.contents(caller_of(interaction), team), reader(interaction)
        view = persistent(lang(_("Remove the team")), f"team:remove:{team}")
        await answer(interaction, contents_text(contents, lang), view=view)


def created_text(team: Team, lang: Language) -> str:
    """That it is there, and what comes next."""
    channel = _channel(team)
    day_one = _("Day 1 is {day:day}, the retrospective is asked for at {time:time}.")
    change = _("In {channel}, /settings show changes all of it and puts people on the roster.")
    lines = [
        lang(_("The team {name} is ready in {channel}."), name=escape_markdown(team.name), channel=channel),
        lang(day_one, day=team.start, time=team.retro_time),
        lang(change, channel=channel),
    ]
    return "\n".join(lines)


def list_lines(found: Sequence[Listed], lang: Language) -> Iterator[str]:
    if not found:
        yield lang(_("There is no team here yet. A server admin can make one with /setup."))
    for item in found:
        name = escape_markdown(item.team.name)
        if item.until is None:
            text = _("- **{name}** · {channel} · {count} people")
            yield lang(text, name=name, channel=_channel(item.team), count=item.members)
        else:
            yield lang(_("- ~~{name}~~ · removed, can be restored until {until:moment}"), name=name, until=item.until)


def restore_view(found: Sequence[Listed], lang: Language) -> discord.ui.View | None:
    """A button for each team that can be had back."""
    removed = [item.team for item in found if item.until is not None][:MOST_BUTTONS]
    if not removed:
        return None
    view = discord.ui.View(timeout=None)
    for team in removed:
        label = lang(_("Restore {name}"), name=team.name)
        view.add_item(discord.ui.Button(label=label[:80], custom_id=f"team:restore:{team.id}"))
    view.stop()  # dynamic items answer
    return view


def contents_text(contents: Contents, lang: Language) -> str:
    """What goes with the team, and what happens then."""
    counts = (
        (_("{count} people on the roster"), contents.members),
        (_("{count} study days"), contents.days),
        (_("{count} lectures"), contents.lectures),
        (_("{count} questions"), contents.questions),
        (_("{count} assignments"), contents.assignments),
        (_("{count} retrospectives"), contents.retrospectives),
        (_("{count} entries of minutes"), contents.minutes),
    )
    gone = [f"- {lang(text, count=count)}" for text, count in counts if count]
    name, channel = escape_markdown(contents.team.name), _channel(contents.team)
    return "\n".join(
        [
            lang(_("**Removing {name}** ({channel}) takes with it:"), name=name, channel=channel),
            *(gone or ["- " + lang(_("nothing but its settings"))]),
            lang(_("Nothing is sent for it any more. It can be restored for 24 hours, then all of it is deleted.")),
        ]
    )


def _channel(team: Team) -> str:
    return f"<#{team.study_channel_id}>"


def teams_of(interaction: Interaction) -> GuildTeams:
    client: Any = interaction.client
    service: GuildTeams = client.services.guild_teams
    return service


class RemoveButton(PersistentButton, template=r"team:remove:(?P<team>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        teams = teams_of(interaction)
        contents = await teams.contents(caller_of(interaction), self.number("team"))
        await interaction.response.send_modal(RemoveForm(teams, contents.team, reader(interaction)))


class RemoveForm(Form):
    """The name of the team, typed by whoever means it."""

    def __init__(self, teams: GuildTeams, team: Team, lang: Language) -> None:
        super().__init__(lang(_("Remove the team")))
        self._teams = teams
        self._team_id = team.id
        self._name = self.field(
            lang(_("Type the name of the team")), placeholder=team.name, long=False, limit=100
        )  # fmt: skip

    async def submitted(self, interaction: Interaction) -> None:
        removed = await self._teams.remove(caller_of(interaction), self._team_id, self._name.value)
        lang = reader(interaction)
        text = _("{name} is removed. Until {until:moment} it can be restored here, or with /team list.")
        view = persistent(lang(_("Restore it")), f"team:restore:{self._team_id}", discord.ButtonStyle.primary)
        await answer(interaction, lang(text, name=escape_markdown(removed.team.name), until=removed.until), view=view)


class RestoreButton(PersistentButton, template=r"team:restore:(?P<team>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        team = await teams_of(interaction).restore(caller_of(interaction), self.number("team"))
        lang = reader(interaction)
        text = _("{name} is back in {channel}, as it was. What fell due meanwhile is told late.")
        await answer(interaction, lang(text, name=escape_markdown(team.name), channel=_channel(team)))


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(TeamCog(bot.services.guild_teams))
    bot.add_dynamic_items(RemoveButton, RestoreButton)
