"""`/away` and `/back`: out of the rotations and pings, and there again."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.i18n import Language, _
from bot.services.absences import Absences, Gone, NewAbsence, Returned
from bot.ui.answers import answer
from bot.ui.away import away_days_text
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.rotation import duty_text, handed_over_lines

if TYPE_CHECKING:
    from bot.client import StudyBot


class AwayCog(commands.Cog):
    def __init__(self, absences: Absences) -> None:
        self._absences = absences

    @app_commands.command(description=_("Be away: out of the rotations and pings"))
    @app_commands.rename(since="from")
    @app_commands.describe(
        since=_("First day, e.g. 12/3 (today); alone it is this one day"),
        until=_("Last day, e.g. 12/5 (until /back)"),
        weekdays=_("Only these days of the week, e.g. mon,wed"),
        reason=_("Why; stored for you alone, nobody else is shown it"),
        member=_("Somebody else, for moderators (you)"),
    )
    async def away(
        self,
        interaction: Interaction,
        since: str | None = None,
        until: str | None = None,
        weekdays: str | None = None,
        reason: str | None = None,
        member: discord.Member | None = None,
    ) -> None:
        new = NewAbsence(since, until, weekdays, reason, None if member is None else member.id)
        gone = await self._absences.away(caller_of(interaction), new)
        await answer(interaction, away_text(gone, reader(interaction)))

    @app_commands.command(description=_("Be there again: ends your absences, also those to come"))
    @app_commands.describe(member=_("Somebody else, for moderators (you)"))
    async def back(self, interaction: Interaction, member: discord.Member | None = None) -> None:
        returned = await self._absences.back(caller_of(interaction), None if member is None else member.id)
        await answer(interaction, back_text(returned, reader(interaction)))


def away_text(gone: Gone, lang: Language) -> str:
    """The days, whose the turns are now, and how to come back."""
    text = _("You are away: {days}. Meanwhile you get no duties and no pings.")
    if not gone.own:
        text = _("{name} is away: {days}. Meanwhile they get no duties and no pings.")
    lines = [lang(text, days=away_days_text(gone.days, lang), name=escape_markdown(gone.member.name))]
    if not gone.studied:
        lines.append(lang(_("There is no study day among them, so nothing changes. Are the dates right?")))
    if gone.begun is not None:
        lines.append(lang(_("Today's session has begun, so today's duties stay as they are.")))
    if gone.handed_over:
        lines += [lang(_("The turns in that time:")), *handed_over_lines(gone.handed_over, lang)]
    for day, duty in gone.kept:
        text = _("- {duty}: yours for the week from {day:day}, so it stays. /rotation substitute finds somebody.")
        lines.append(lang(text, duty=duty_text(duty, lang), day=day))
    if gone.reason is not None:
        lines.append(lang(_("Only you are shown the reason: {reason}"), reason=escape_markdown(gone.reason)))
    lines.append(lang(_("Back sooner? Use /back.")) if gone.own else lang(_("Back sooner? Use /back with the member.")))
    return "\n".join(lines)


def back_text(returned: Returned, lang: Language) -> str:
    """From when on one is there again, and the absences that ended."""
    text = _("Welcome back, {name}. From {since:day} on you are in the rotations and pings again.")
    if not returned.own:
        text = _("From {since:day} on {name} is in the rotations and pings again.")
    head = lang(text, name=escape_markdown(returned.member.name), since=returned.since)
    ended = [lang(_("- ended: {days}"), days=away_days_text(days, lang)) for days in returned.ended]
    return "\n".join([head, *ended, lang(_("Turns that were given to others stay with them."))])


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(AwayCog(bot.services.absences))
