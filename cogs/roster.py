"""`/roster`: who is in the team."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.deliveries import Delivery
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import Language, _, language
from bot.jobs.posts import Button, Post, Skip
from bot.services.departures import GONE, Departures
from bot.services.roster import Departure, Roster, RosterEntry
from bot.ui.answers import answer
from bot.ui.away import away_days_text
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import PersistentButton
from bot.ui.rotation import duty_text, handed_over_lines
from bot.ui.undo import Act, ask_first

if TYPE_CHECKING:
    from bot.client import StudyBot


REMOVE = _("Take {name} off the roster? What they wrote stays.")
REMOVED = _("{name} is off the roster. What they wrote stays.")
LEAVE = _("Leave the roster, {name}? What you wrote stays, and you can come back with /roster join.")
LEFT = _("You have left the roster, {name}. What you wrote stays; you can come back with /roster join.")


class RosterCog(commands.GroupCog, group_name="roster", group_description=_("Who is in the team")):
    def __init__(self, roster: Roster, departures: Departures) -> None:
        self._roster = roster
        self._departures = departures

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Direct messages say nothing of who is in a server: also those can write them who have left."""
        if interaction.guild_id is not None:
            await self._departures.seen(interaction.guild_id, interaction.user.id, interaction.created_at)

    @app_commands.command(description=_("Add somebody to the team"))
    @app_commands.describe(member=_("Whom"), name=_("How pages call them"))
    async def add(self, interaction: Interaction, member: discord.Member, name: str) -> None:
        if member.bot:
            raise InvalidInput(_("A bot cannot be on the roster. Please choose a person."))
        added = await self._roster.add(caller_of(interaction), member.id, name)
        lang = reader(interaction)
        await answer(interaction, lang(_("{name} is on the roster now."), name=escape_markdown(added.name)))

    @app_commands.command(description=_("Join the team yourself"))
    @app_commands.describe(name=_("How pages call you (your name here)"))
    async def join(self, interaction: Interaction, name: str | None = None) -> None:
        joined = await self._roster.join(caller_of(interaction), name)
        lang = reader(interaction)
        text = _("Welcome, {name}. You are on the roster now; /today shows the day at a glance.")
        await answer(interaction, lang(text, name=escape_markdown(joined.name)))

    @app_commands.command(description=_("Leave the team; what you wrote stays"))
    async def leave(self, interaction: Interaction) -> None:
        await ask_first(
            interaction,
            Act(self._roster.leave, partial(departed_text, LEAVE), partial(departed_text, LEFT), _("Leave")),
        )

    @app_commands.command(description=_("Take somebody off the roster; what they wrote stays"))
    @app_commands.describe(member=_("Whom"))
    async def remove(self, interaction: Interaction, member: discord.Member | discord.User) -> None:
        await ask_first(interaction, removing(partial(self._roster.remove, user_id=member.id)))

    @app_commands.command(description=_("Change how pages call somebody"))
    @app_commands.describe(member=_("Whom"), name=_("How pages call them"))
    async def rename(self, interaction: Interaction, member: discord.Member, name: str) -> None:
        renamed = await self._roster.rename(caller_of(interaction), member.id, name)
        lang = reader(interaction)
        await answer(interaction, lang(_("Pages now say {name}."), name=escape_markdown(renamed.name)))

    async def compose_gone(self, delivery: Delivery) -> Post | Skip:
        """Tell moderators of somebody who has left the server."""
        gone = await self._departures.notice(delivery)
        if isinstance(gone, str):
            return Skip(gone)
        lang, name = language(gone.team.language), escape_markdown(gone.member.name)
        text = _(
            "{name} has left this server. Until they are back they have no duties and are not pinged. "
            "What they wrote stays."
        )
        button = Button(
            lang(_("Take {name} off the roster"), name=gone.member.name),
            f"roster:remove:{gone.member.id}:{delivery.id}",
            "danger",
        )
        return Post(channel_id=gone.team.mod_channel_id, text=lang(text, name=name), buttons=(button,))

    @app_commands.command(name="list", description=_("Everybody on the roster, in its order"))
    async def show(self, interaction: Interaction) -> None:
        entries = await self._roster.entries(caller_of(interaction))
        await answer(interaction, roster_text(entries, reader(interaction)))


def removing(remove: Callable[[Caller], Awaitable[Departure]]) -> Act[Departure]:
    return Act(remove, partial(departed_text, REMOVE), partial(departed_text, REMOVED), _("Take them off"))


def departed_text(text: str, departure: Departure, lang: Language) -> str:
    """That somebody has left or would leave, and whose their turns are then."""
    lines = [lang(text, name=escape_markdown(departure.member.name))]
    if departure.was_last:
        lines.append(lang(_("Nobody is left on the roster, so nobody has duties until somebody joins.")))
    elif departure.handed_over:
        lines += [lang(_("Their turns:")), *handed_over_lines(departure.handed_over, lang)]
    return "\n".join(lines)


def roster_text(entries: Sequence[RosterEntry], lang: Language) -> str:
    """The roster, a line each: who has a duty on the coming study day, and who is away when."""
    if not entries:
        return lang(_("Nobody is on the roster yet. Everybody can use /roster join."))
    head = lang(_("**Roster** ({count})"), count=len(entries))
    return "\n".join([head, *(_line(number, entry, lang) for number, entry in enumerate(entries, 1))])


def _line(number: int, entry: RosterEntry, lang: Language) -> str:
    duties = ", ".join(duty_text(duty, lang) for duty in entry.duties)
    duty = lang(_(" · {day:day} {duties}"), day=entry.day, duties=duties) if duties else ""
    away = "".join(lang(_(" · away {days}"), days=away_days_text(days, lang)) for days in entry.away)
    return f"{number}. {escape_markdown(entry.member.name)} (<@{entry.member.user_id}>){duty}{away}"


class RemoveButton(PersistentButton, template=r"roster:remove:(?P<member>\d+):\d+"):
    """Under the notice that somebody has left the server."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        roster: Roster = client.services.roster
        await ask_first(interaction, removing(partial(roster.remove_member, member_id=self.number("member"))))


async def setup(bot: "StudyBot") -> None:
    cog = RosterCog(bot.services.roster, bot.services.departures)
    await bot.add_cog(cog)
    bot.add_dynamic_items(RemoveButton)
    bot.dispatcher.compose(GONE, cog.compose_gone)
