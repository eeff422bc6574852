"""How what was written, and how many days in a row, are told to one person."""

from collections.abc import Iterable

from discord.utils import escape_markdown

from bot.domain.discord_text import clean
from bot.domain.retro import Reflection
from bot.domain.streaks import Streak
from bot.i18n import Language, _
from bot.services.retro import Entries, Entry, Streaks


def entries_text(entries: Entries, lang: Language) -> str:
    """The retrospectives of a day, one after the other, each answer under its question."""
    head = lang(_("**Day {number} retrospectives** · {day:day}"), number=entries.day.number, day=entries.day.date)
    if entries.entries:
        return "\n\n".join([head, *(_entry_text(entry, lang) for entry in entries.entries)])
    if entries.of is None:
        return f"{head}\n" + lang(_("Nobody has written for the team yet. Write the first with /retro write."))
    nothing = _("{name} has written nothing by name for the team. It may be anonymous, or for their own page.")
    return f"{head}\n" + lang(nothing, name=escape_markdown(entries.of))


def _entry_text(entry: Entry, lang: Language) -> str:
    author = lang(_("Anonymous")) if entry.author is None else lang(_("{name}"), name=escape_markdown(entry.author))
    marks = [lang(_("edited"))] if entry.edited else []
    marks += [lang(_("only you see this"))] if entry.private else []
    head = " · ".join([f"**{author}**", *marks])
    return "\n".join([head, *reflection_lines(entry.reflections)])


def reflection_lines(reflections: Iterable[Reflection]) -> list[str]:
    """Each answer as it was typed, quoted, under its question."""
    lines: list[str] = []
    for reflection in reflections:
        lines += [f"*{escape_markdown(reflection.question)}*"] if reflection.question else []
        lines += [f"> {line}".rstrip() for line in clean(reflection.text).split("\n")]
    return lines


def streaks_text(streaks: Streaks, lang: Language) -> str:
    """One's own days in a row, and the team's, which is silent about who and when."""
    lines = [_own_text(streaks.own, lang)]
    if streaks.team.current > 1:
        together = _("The team: everybody who was there has written, {count} study days in a row.")
        lines.append(lang(together, count=streaks.team.current))
    lines.append(lang(_("-# Holidays, days away and days you skip do not end a run.")))
    return "\n".join(lines)


def _own_text(own: Streak, lang: Language) -> str:
    if own.current == 0:
        first = _("Your next retrospective is day one of a new run.")
        return lang(first) if own.longest == 0 else f"{lang(first)} {_longest(own, lang)}"
    counted = _("You have written 1 study day in a row.") if own.current == 1 else None
    text = lang(counted or _("You have written {count} study days in a row."), count=own.current)
    return text if own.longest == own.current else f"{text} {_longest(own, lang)}"


def _longest(own: Streak, lang: Language) -> str:
    return lang(_("Your longest run: {count}."), count=own.longest)
