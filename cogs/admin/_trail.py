"""How `/admin audit` tells of changes, a line each."""

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import discord
from discord.utils import escape_markdown

from bot.i18n import Language, _, language
from bot.jobs.posts import Post, TextFile
from bot.services.actions import ACTIONS, BY_ITSELF
from bot.services.admin.trail import Change, Changes, Untold
from bot.ui.answers import MESSAGE_LIMIT, answer
from bot.ui.callers import Interaction, reader
from bot.ui.pages import open_pages, pages_of
from bot.ui.undo import UndoList

WORDS: Final = frozenset({"text", "note"})
"""Facts that are what somebody wrote."""

INWARD: Final = frozenset(
    {
        *("attachment_id", "attachment_channel_id", "attachment_message_id", "assignment_id"),
        *("turns", "created_at", "course", "entries"),
    }
)
"""Facts that are kept so that a change can be taken back, and tell nobody anything."""

INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
TIME: Final = re.compile(r"(\d\d:\d\d):00")

PEOPLE: Final = frozenset({"member", "owner"})
"""Facts that are a member."""

SHOWN: Final = 60
"""Characters of a value on a page; the file has all of it."""


async def show_trail(interaction: Interaction, changes: Changes, lang: Language) -> None:
    """The latest first, page by page; with all of it as a file, and with what can still be taken back."""
    listed = changes.listed
    if not listed:
        await answer(interaction, lang(_("Nothing was changed in that time.")))
        return
    head = lang(_("**Changes** ({count}, the latest first)"), count=len(listed))
    lines = [_line(change, lang, shown=SHOWN) for change in listed]

    def more() -> list[discord.ui.Item[Any]]:
        chosen: list[discord.ui.Item[Any]] = [WholeButton(listed, lang)]
        return [*chosen, UndoList(changes.undoable, lang)] if changes.undoable else chosen

    await open_pages(interaction, pages_of([head, *lines]), more)


class WholeButton(discord.ui.Button[Any]):
    """All the changes, uncut, as a file."""

    def __init__(self, changes: Sequence[Change], lang: Language) -> None:
        super().__init__(label=lang(_("As a file")))
        self._changes = changes

    async def callback(self, interaction: Interaction) -> None:
        lang = reader(interaction)
        text = "\n".join(_line(change, lang) for change in self._changes)
        file = discord.File(io.BytesIO(text.encode()), "audit.md")
        await answer(interaction, lang(_("Everything that was changed, the latest first.")), file=file)


def log_post(untold: Untold) -> Post:
    """What is told in the log channel; more than a message holds comes as a file."""
    lang = language(untold.team.language)
    text = "\n".join(_line(_without_words(change), lang) for change in untold.changes)
    if len(text) <= MESSAGE_LIMIT:
        return Post(channel_id=untold.channel_id, text=text)
    head = lang(_("{count} changes are in the file."), count=len(untold.changes))
    return Post(channel_id=untold.channel_id, text=head, file=TextFile("changes.md", text))


def _without_words(change: Change) -> Change:
    """What people wrote, and took back, stays with the record: nobody can take it out of a channel again."""
    before, after = (_facts_but_words(facts) for facts in (change.before, change.after))
    return replace(change, before=before, after=after)


def _facts_but_words(facts: str | None) -> str | None:
    if facts is None:
        return None
    known = {key: value for key, value in json.loads(facts).items() if key not in WORDS}
    return json.dumps(known, ensure_ascii=False) if known else None


def _line(change: Change, lang: Language, *, shown: int | None = None) -> str:
    return " · ".join(_parts(change, lang, shown))


def _parts(change: Change, lang: Language, shown: int | None) -> Iterator[str]:
    yield lang(_("{at:moment}"), at=change.at)
    nobody = change.actor_id is None and change.action not in BY_ITSELF
    unnamed = _("nobody named") if nobody else _("the bot")
    yield f"<@{change.actor_id}>" if change.actor_id else lang(unnamed)
    words = lang(ACTIONS[change.action]) if change.action in ACTIONS else change.action
    yield f"**{words}** {escape_markdown(change.member or change.subject)}"
    yield from _facts(change, lang, shown)
    if change.reason:
        yield lang(_("because: {reason}"), reason=escape_markdown(_plain(change.reason, shown)))


def _read(facts: str | None) -> dict[str, object]:
    read: dict[str, object] = {} if facts is None else json.loads(facts)
    return read


def _facts(change: Change, lang: Language, shown: int | None) -> Iterator[str]:
    """`retro_time` 21:00 → 22:00: what has changed; of what came or went, what it was."""
    before, after = _read(change.before), _read(change.after)
    for key in (key for key in before | after if key not in INWARD):
        values = [facts[key] for facts in (before, after) if key in facts]
        if values not in ([None], [""]) and (len(values) == 1 or values[0] != values[1]):
            yield f"`{key}` " + " → ".join(_value(key, value, change, lang, shown) for value in values)


def _value(key: str, value: object, change: Change, lang: Language, shown: int | None) -> str:
    """A fact as people read it."""
    if value in (None, ""):
        return "–"
    if key.endswith("_channel_id"):
        return f"<#{value}>"
    if key.endswith("_role_id"):
        return f"<@&{value}>"
    if key in PEOPLE and isinstance(value, int):
        value = change.people.get(value, value)
    if key == "undone" and value in ACTIONS:
        value = lang(ACTIONS[str(value)])
    return escape_markdown(_plain(_when(str(value), change, lang), shown))


def _when(text: str, change: Change, lang: Language) -> str:
    """Instants are kept in UTC, and are told in the team's zone as that of the change is; anything else as it is."""
    if INSTANT.fullmatch(text):
        return lang(_("{at:moment}"), at=datetime.fromisoformat(text).astimezone(change.at.tzinfo))
    if DAY.fullmatch(text):
        return lang.day(date.fromisoformat(text))
    time = TIME.fullmatch(text)
    return text if time is None else time[1]


def _plain(text: str, shown: int | None) -> str:
    """On one line; on a page no longer than it has room for."""
    line = " ".join(text.split())
    return line if shown is None or len(line) <= shown else line[: shown - 1] + "…"
