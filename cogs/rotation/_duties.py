"""`/rotation add`, `/rotation remove` and `/rotation order`: a team's own duties, and how a duty goes round."""

from functools import partial
from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.deliveries import Delivery
from bot.domain.duties import Per
from bot.i18n import Language, _, language
from bot.jobs.posts import Post, Skip
from bot.services.rotation.duties import AddedDuty, Duties, FreedTurn, NewDuty, NewOrder, RemovedDuty
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.people import person
from bot.ui.references import DutyRef
from bot.ui.rotation import duty_text
from bot.ui.undo import Act, ask_first
from cogs.rotation._texts import shown_name

HOW_OFTEN = [
    app_commands.Choice(name=locale_str(_("every study day")), value="day"),
    app_commands.Choice(name=locale_str(_("every week")), value="week"),
    app_commands.Choice(name=locale_str(_("for each lecture")), value="lecture"),
]
WEEKDAYS = [
    app_commands.Choice(name=locale_str(name), value=number)
    for number, name in enumerate(
        (
            *(_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday")),
            *(_("Saturday"), _("Sunday")),
        )
    )
]


class DutyCommands(commands.Cog):
    """Commands of the group `/rotation`."""

    _duties: Duties

    @app_commands.command(description=_("Add a duty of your team's own, such as keeping the record"))
    @app_commands.describe(
        name=_("What it is called"),
        per=_("How often it is done"),
        people=_("How many do it together (1)"),
        weekday=_("For a weekly duty: on which day its weeks begin (Monday)"),
    )
    @app_commands.choices(per=HOW_OFTEN)
    @app_commands.choices(weekday=WEEKDAYS)
    async def add(
        self,
        interaction: Interaction,
        name: str,
        per: Literal["day", "week", "lecture"],
        people: app_commands.Range[int, 1, 5] = 1,
        weekday: int | None = None,
    ) -> None:
        new = NewDuty(name, Per(per), people, weekday)
        added = await self._duties.add(caller_of(interaction), new)
        await answer(interaction, added_text(added, reader(interaction)))

    @app_commands.command(description=_("Remove a duty of your team's own; what was done stays in the history"))
    @app_commands.describe(duty=_("Which duty"))
    async def remove(self, interaction: Interaction, duty: DutyRef) -> None:
        remove = partial(self._duties.remove, key=duty)
        await ask_first(interaction, Act(remove, sure_text, removed_text, _("Remove")))

    @app_commands.command(description=_("Set who is next, or the order in which a duty goes round; it begins anew"))
    @app_commands.describe(
        duty=_("Which duty"),
        order=_("People in their order: mention them, or names with commas between; the others follow"),
        next=_("Who is next (the first in the order)"),
    )
    async def order(
        self,
        interaction: Interaction,
        duty: DutyRef,
        order: str | None = None,
        next: discord.Member | None = None,  # noqa: A002  # what people type
    ) -> None:
        next_id = None if next is None else next.id
        new = await self._duties.order(caller_of(interaction), duty, order, next_id)
        await answer(interaction, order_text(new, reader(interaction)))

    async def compose_duty_removed(self, delivery: Delivery) -> Post | Skip:
        """That a duty is no more, to those who were announced for it."""
        removed = await self._duties.removed(delivery.team_id, delivery.subject_id)
        if not removed.told:
            return Skip("nobody was announced for this duty")
        lang = language(removed.team.language)
        text = _("**{duty}** is no duty any more. You need not do it: {turns}")
        mentions = tuple(dict.fromkeys(turn.member.user_id for turn in removed.told))
        pings = " ".join(f"<@{user_id}>" for user_id in mentions)
        said = lang(text, duty=escape_markdown(removed.duty.name), turns=freed_text(removed.told, lang))
        return Post(channel_id=removed.team.reminder_channel_id, text=f"{said}\n{pings}", mentions=mentions)


def added_text(added: AddedDuty, lang: Language) -> str:
    """What the duty is, from when on, and who does it first."""
    often = {
        Per.DAY: _("{people} every study day"),
        Per.WEEK: _("{people} every week, from {weekday} on"),
        Per.LECTURE: _("{people} for each lecture"),
    }
    how = lang(often[added.per], people=added.people, weekday=lang.weekday(added.first_weekday))
    text = _("**{duty}** is a duty now: {how}, beginning on {date:day} (Day {number}).")
    duty = escape_markdown(added.duty.name)
    lines = [lang(text, duty=duty, how=how, date=added.since, number=added.number)]
    people = [lang(_("{name}"), name=shown_name(turn.member)) for turn in added.first if turn.member is not None]
    if people:
        lines.append(lang(_("First: {names}"), names=", ".join(people)))
    if len(people) < len(added.first):
        lines.append(lang(_("⚠️ There are not enough people on the roster for it. Add some with /roster add.")))
    return "\n".join(lines)


def order_text(new: NewOrder, lang: Language) -> str:
    """How the duty goes round now, and whose its next turns are."""
    duty = duty_text(new.duty, lang)
    people = " → ".join(person(member, lang) for member in new.members)
    lines = [lang(_("**{duty}**, from {date:day} on: {people}"), duty=duty, date=new.since, people=people)]
    if new.turns:
        lines.append(lang(_("The next turns, exactly as they will happen:")))
    for turn in new.turns:
        text = _("- {date:day} {duty}: {name} (given out before)") if turn.made else _("- {date:day} {duty}: {name}")
        lines.append(lang(text, date=turn.date, duty=duty_text(turn.duty, lang), name=shown_name(turn.member)))
    if not new.is_first_next:
        text = _("⚠️ {name} does not come first: they have a turn already, or another duty that day.")
        lines.append(lang(text, name=shown_name(new.members[0])))
    if not new.turns:
        lines.append(lang(_("There is nothing to do yet: the order holds as soon as a lecture is added.")))
    return "\n".join(lines)


def sure_text(removed: RemovedDuty, lang: Language) -> str:
    """Asks before a duty goes: who need not do it then, and whether the team is told."""
    return _gone_text(_("Remove the duty **{duty}**? What was done stays in the history."), removed, lang)


def removed_text(removed: RemovedDuty, lang: Language) -> str:
    """What is no more, who need not do it, and whether the team is told."""
    return _gone_text(_("**{duty}** is no duty any more. What was done stays in the history."), removed, lang)


def _gone_text(text: str, removed: RemovedDuty, lang: Language) -> str:
    lines = [lang(text, duty=escape_markdown(removed.duty.name))]
    if removed.freed:
        lines.append(lang(_("Turns that fall away: {turns}"), turns=freed_text(removed.freed, lang)))
    if removed.told:
        lines.append(lang(_("The day was announced before, so the team is told of the change.")))
    return "\n".join(lines)


def freed_text(freed: tuple[FreedTurn, ...], lang: Language) -> str:
    return ", ".join(lang(_("{date:day} {name}"), date=turn.date, name=shown_name(turn.member)) for turn in freed)
