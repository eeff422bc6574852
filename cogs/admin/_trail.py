"""How `/admin audit` tells of changes, a line each."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from discord.utils import escape_markdown

from bot.i18n import Language, _, language
from bot.jobs.posts import Post, TextFile
from bot.services.admin.trail import Change, Untold
from bot.ui.answers import MESSAGE_LIMIT


def trail_text(changes: Sequence[Change], lang: Language) -> str:
    """The latest first."""
    if not changes:
        return lang(_("Nothing was changed in that time."))
    head = lang(_("**Changes** ({count}, the latest first)"), count=len(changes))
    return "\n".join([head, *(" · ".join(_parts(change, lang)) for change in changes)])


def log_post(untold: Untold) -> Post:
    """What is told in the log channel; more than a message holds comes as a file."""
    lang = language(untold.team.language)
    text = "\n".join(" · ".join(_parts(_without_words(change), lang)) for change in untold.changes)
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
    known = {key: value for key, value in json.loads(facts).items() if key != "text"}
    return json.dumps(known, ensure_ascii=False) if known else None


def _parts(change: Change, lang: Language) -> Iterator[str]:
    yield lang(_("{at:moment}"), at=change.at)
    yield f"<@{change.actor_id}>" if change.actor_id else lang(_("nobody named"))
    yield f"`{change.action}` {escape_markdown(change.member or change.subject)}"
    if change.before is not None or change.after is not None:
        yield " → ".join(f"`{_plain(facts)}`" for facts in (change.before, change.after) if facts is not None)
    if change.reason:
        yield lang(_("because: {reason}"), reason=escape_markdown(_plain(change.reason)))


def _plain(text: str) -> str:
    """On one line, and within marks of code."""
    return " ".join(text.split()).replace("`", "ˋ")
