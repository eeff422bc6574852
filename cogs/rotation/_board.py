"""`/rotation show`: the coming turns as boards that one takes in at a glance."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.duties import MODERATOR, PRESENTER
from bot.i18n import Language, _
from bot.services.rotation import DayTurns, Rotation, ShownTurn
from bot.ui.answers import NOBODY, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.people import person, together

CHARACTERS: Final = 2600
BYTES: Final = 8000
"""Of the days on a board: together with its title and legend it stays under 3,000 characters and 9,000 bytes."""

MOST_BOARDS: Final = 3
"""What does not fit into as many is given as a file."""

CONFIRMED: Final = "✅"
MADE: Final = "📌"
TROUBLE: Final = "⚠️"


class ShowCommand(commands.Cog):
    """`show` of the group `/rotation`."""

    _rotation: Rotation

    @app_commands.command(description=_("The next turns, exactly as they will happen"))
    @app_commands.describe(count=_("How many study days (5)"))
    async def show(self, interaction: Interaction, count: app_commands.Range[int, 1, 30] = 5) -> None:
        days = await self._rotation.show(caller_of(interaction), count)
        lang = reader(interaction)
        if not any(day.members for day in days):
            text = _("Nobody is on the roster yet, so there are no turns. Add people with /roster add.")
            await answer(interaction, lang(text))
            return
        pages = paged(days, lang)
        if pages is None or len(pages) > MOST_BOARDS:
            await answer(interaction, turns_text(days, lang), file_name="rotation.md")
            return
        await interaction.response.send_message(view=board(pages[0], lang), ephemeral=True, allowed_mentions=NOBODY)
        for page in pages[1:]:
            await interaction.followup.send(view=board(page, lang), ephemeral=True, allowed_mentions=NOBODY)


def paged(days: Sequence[DayTurns], lang: Language) -> list[list[DayTurns]] | None:
    """The days parted into boards. None if a single day is longer than a board."""
    pages: list[list[DayTurns]] = [[]]
    characters = size = 0
    for day in days:
        text = day_text(day, lang)
        if len(text) > CHARACTERS or len(text.encode()) > BYTES:
            return None
        characters, size = characters + len(text), size + len(text.encode())
        if characters > CHARACTERS or size > BYTES:
            pages.append([])
            characters, size = len(text), len(text.encode())
        pages[-1].append(day)
    return pages


def board(days: Sequence[DayTurns], lang: Language) -> discord.ui.LayoutView:
    """A board of some days, the weeks parted by a line; below them, what the signs mean."""
    view = discord.ui.LayoutView(timeout=None)
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(accent_color=discord.Color.blurple())
    container.add_item(discord.ui.TextDisplay("### " + lang(_("The next turns"))))
    for _week, of_week in groupby(days, key=lambda day: day.date.isocalendar()[:2]):
        container.add_item(discord.ui.Separator())
        for day in of_week:
            container.add_item(discord.ui.TextDisplay(day_text(day, lang)))
    legend = legend_text(days, lang)
    if legend:
        container.add_item(discord.ui.Separator(visible=False))
        container.add_item(discord.ui.TextDisplay(f"-# {legend}"))
    view.add_item(container)
    view.stop()
    return view


def turns_text(days: Sequence[DayTurns], lang: Language) -> str:
    """The days as a text, for a file."""
    legend = legend_text(days, lang)
    return "\n\n".join([*(day_text(day, lang) for day in days), *([legend] if legend else [])])


def day_text(day: DayTurns, lang: Language) -> str:
    """The day, and a line each for moderator, presenters and the team's own duties."""
    head = lang(_("**Day {number}** · {date:day}"), number=day.number, date=day.date)
    moderating = [turn for turn in day.turns if turn.duty.key == MODERATOR]
    presenting = [turn for turn in day.turns if turn.duty.key == PRESENTER]
    own = [turn for turn in day.turns if turn.duty.key not in {MODERATOR, PRESENTER}]
    lines = [head]
    if moderating:
        lines.append(lang(_("Moderator: {people}"), people=_people(moderating, lang)))
    if presenting:
        lines.append(lang(_("Presenting: {people}"), people=" · ".join(_by_lecture(presenting, lang))))
    lines += [_own(turns, lang) for turns in _grouped(own, lambda turn: turn.duty.key)]
    return "\n".join(lines)


def legend_text(days: Iterable[DayTurns], lang: Language) -> str:
    """What the signs on these days mean; empty where there is none."""
    turns = [turn for day in days for turn in day.turns]
    meanings = {
        CONFIRMED: (any(turn.confirmed for turn in turns), _("confirmed")),
        MADE: (any(_is_open(turn) for turn in turns), _("given out, not confirmed")),
        TROUBLE: (any(turn.double for turn in turns), _("a second duty that day: everybody else has one too")),
    }
    shown = [f"{sign} {lang(meaning)}" for sign, (is_there, meaning) in meanings.items() if is_there]
    if any(turn.member is None for turn in turns):
        shown.append(lang(_("Where nobody is there who could, a moderator can use /rotation assign.")))
    return " · ".join(shown)


def _is_open(turn: ShownTurn) -> bool:
    """Given out to somebody who has not said yes."""
    return turn.made and not turn.confirmed and turn.member is not None


def _grouped(turns: Iterable[ShownTurn], key: Callable[[ShownTurn], str]) -> list[list[ShownTurn]]:
    """Turns that belong together, also where nobody is there for one of them: those come last in a day."""
    groups: dict[str, list[ShownTurn]] = {}
    for turn in turns:
        groups.setdefault(key(turn), []).append(turn)
    return list(groups.values())


def _by_lecture(turns: Sequence[ShownTurn], lang: Language) -> Iterator[str]:
    """`5강 은우님 · 6강 지안님`; the lecture in bold."""
    for of_lecture in _grouped(turns, lambda turn: turn.duty.lecture or ""):
        yield f"**{escape_markdown(of_lecture[0].duty.lecture or '')}** {_people(of_lecture, lang)}"


def _own(turns: Sequence[ShownTurn], lang: Language) -> str:
    """`기록: 나래님`, of a duty for each lecture `질문: 5강 나래님 · 6강 다솜님`."""
    people = " · ".join(_by_lecture(turns, lang)) if turns[0].duty.lecture else _people(turns, lang)
    return lang(_("{duty}: {people}"), duty=escape_markdown(turns[0].duty.name), people=people)


def _people(turns: Sequence[ShownTurn], lang: Language) -> str:
    return together((_one(turn, lang) for turn in turns), lang)


def _one(turn: ShownTurn, lang: Language) -> str:
    if turn.member is None:
        return lang(_("⚠️ nobody"))
    sign = CONFIRMED if turn.confirmed else MADE if turn.made else ""
    signs = f"{sign}{TROUBLE if turn.double else ''}"
    return f"{person(turn.member, lang)} {signs}".strip()
