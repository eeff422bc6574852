"""The index of the days, the latest first; what a message has no room for is in a file."""

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import discord
from discord.utils import escape_markdown

from bot.i18n import Language, _
from bot.services.journal.index import IndexedDay, Standing
from bot.ui.answers import MESSAGE_LIMIT

_STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.CLOSED: _("closed"),
    Standing.OPEN: _("still open"),
    Standing.LATE: _("late: over, and open again"),
    Standing.MISSING: _("missing: nothing was written"),
    Standing.HOLIDAY: _("holiday"),
    Standing.OFF: _("day off"),
}

_MARKS: Final[Mapping[Standing, str]] = {
    Standing.CLOSED: "●",
    Standing.OPEN: "○",
    Standing.LATE: "◐",
    Standing.MISSING: "✕",
    Standing.HOLIDAY: "·",
    Standing.OFF: "·",
}

_ROOM: Final = MESSAGE_LIMIT - 100
"""Characters for the days; what is left is for the line that tells of the file."""


def index_text(days: Sequence[IndexedDay], lang: Language) -> str:
    """As many of the latest days as a message takes."""
    if not days:
        return lang(_("The study has not begun, so there is no day yet."))
    lines = list(_lines(days, lang))
    whole = "\n".join(lines)
    if len(whole) <= MESSAGE_LIMIT:
        return whole
    while len("\n".join(lines)) > _ROOM:
        lines.pop()
    return "\n".join([*lines, "-# " + lang(_("Earlier days are in the file."))])


def index_file(days: Sequence[IndexedDay], lang: Language) -> discord.File | None:
    """All days, where a message does not take them."""
    whole = "\n".join(_lines(days, lang))
    if len(whole) <= MESSAGE_LIMIT:
        return None
    return discord.File(io.BytesIO(f"{whole}\n".encode()), "index.md")


def _lines(days: Sequence[IndexedDay], lang: Language) -> Iterator[str]:
    yield " · ".join(_counts(days, lang))
    for week, in_week in groupby(days, key=lambda each: each.week):
        yield "**" + lang(_("Week {number}"), number=week) + "**"
        yield from (f"{_MARKS[each.standing]} {_day(each, lang)}" for each in in_week)


def _counts(days: Sequence[IndexedDay], lang: Language) -> Iterator[str]:
    """How many days there are of each kind."""
    found = [each.standing for each in days]
    short = {
        Standing.CLOSED: _("closed: {count}"),
        Standing.OPEN: _("open: {count}"),
        Standing.LATE: _("late: {count}"),
        Standing.MISSING: _("missing: {count}"),
    }
    for standing, text in short.items():
        if count := found.count(standing):
            yield lang(text, count=count)


def _day(each: IndexedDay, lang: Language) -> str:
    standing, label = lang(_STANDINGS[each.standing]), escape_markdown(each.label)
    if each.day is None:
        return " · ".join(filter(None, (lang.day(each.date), standing, label)))
    number = lang(_("Day {number}"), number=each.day.number)
    return " · ".join(filter(None, (number, lang.day(each.date), standing, escape_markdown(each.day.title))))
