"""`/rotation balance`: turns of each duty by person, as bars."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.i18n import Language, _
from bot.pictures.bars import DutyBars, bars_alt, bars_picture
from bot.services.rotation.balance import Balance, DutyBalance
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.people import person
from bot.ui.pictures import answer_with_picture, takes_pictures
from bot.ui.rotation import duty_text

TITLE: Final = _("Turns so far")

LONGEST_BAR: Final = 20
"""Blocks of the longest bar in words; where somebody had more turns, all are shortened alike."""


class BalanceCommand(commands.Cog):
    """`balance` of the group `/rotation`."""

    _balance: Balance

    @app_commands.command(description=_("How many turns of each duty everybody has had, and who is next"))
    @app_commands.describe(member=_("Whose turns (everybody's on the roster)"), text=_("In words instead of a picture"))
    async def balance(
        self, interaction: Interaction, member: discord.Member | discord.User | None = None, text: bool = False
    ) -> None:
        duties = await self._balance.show(caller_of(interaction), None if member is None else member.id)
        lang = reader(interaction)
        if not duties:
            nobody = _("Nobody is on the roster yet, so there are no turns. Add people with /roster add.")
            await answer(interaction, lang(nobody))
        elif text or not takes_pictures(interaction):
            await answer(interaction, balance_text(duties, lang), file_name="balance.md")
        else:
            bars = [_bars(duty, lang) for duty in duties]
            draw, alt = partial(bars_picture, lang(TITLE), bars, lang), bars_alt(lang(TITLE), bars, lang)
            await answer_with_picture(interaction, balance_head(duties, lang), draw, alt, "balance")


def _bars(balance: DutyBalance, lang: Language) -> DutyBars:
    counts = tuple((member.name, count) for member, count in balance.counts)
    return DutyBars(balance.duty.name or duty_text(balance.duty, lang), counts, balance.average)


def balance_head(duties: Sequence[DutyBalance], lang: Language) -> str:
    """What stands above the picture: who is next, and how to read it in words."""
    lines = [f"### {lang(TITLE)}", *_next_line(duties, lang)]
    return "\n".join([*lines, *_notes(lang), "-# " + lang(_("In words: /rotation balance text:True"))])


def balance_text(duties: Sequence[DutyBalance], lang: Language) -> str:
    """The bars in words, a paragraph for each duty."""
    paragraphs = ["\n".join(_duty_lines(duty, lang)) for duty in duties]
    return "\n".join([f"**{lang(TITLE)}**", *paragraphs, *_next_line(duties, lang), *_notes(lang)])


def _duty_lines(balance: DutyBalance, lang: Language) -> Iterator[str]:
    yield lang(_("**{duty}** (average {average})"), duty=duty_text(balance.duty, lang), average=_short(balance.average))
    most = max((count for _member, count in balance.counts), default=0)
    for member, count in balance.counts:
        blocks = "█" * (count if most <= LONGEST_BAR else -(-count * LONGEST_BAR // most))
        yield f"{blocks} {count} {person(member, lang)}".strip()


def _next_line(duties: Sequence[DutyBalance], lang: Language) -> Iterator[str]:
    """`다음 차례: 모더레이터 가온님 · 발표자 나래님`"""
    coming = [
        lang(_("{duty} {name}"), duty=duty_text(duty.duty, lang), name=escape_markdown(duty.next.name))
        for duty in duties
        if duty.next is not None
    ]
    if coming:
        yield lang(_("Next: {turns}"), turns=" · ".join(coming))


def _notes(lang: Language) -> Iterator[str]:
    yield "-# " + lang(_("Whoever joins or comes back is counted as having as many turns as the least of the others."))


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
