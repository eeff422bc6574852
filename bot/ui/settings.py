"""A team's settings in words, wherever they are told."""

from collections.abc import Mapping
from datetime import time
from typing import Final

from babel import Locale

from bot.domain.team import Team
from bot.i18n import Language, Message, _
from bot.ui.moments import offsets_told

MEANINGS: Final[Mapping[str, str]] = {
    "language": _("language of the team's posts and pages"),
    "timezone": _("time zone"),
    "moderator_role": _("role of the moderators, besides Manage Server"),
    "reminder_channel": _("where reminders go"),
    "retro_channel": _("where retrospectives are asked for"),
    "journal_channel": _("where the page of each day is posted once the day is over"),
    "mod_channel": _("where moderators are told things"),
    "log_channel": _("where every change is told"),
    "session_time": _("when the peer session begins"),
    "session_minutes": _("how many minutes the peer session is to take"),
    "announce_time": _("when the next duties are announced"),
    "confirm_by": _("until when the next on duty are to answer"),
    "moderator_per": _("how long somebody moderates: a day or a week"),
    "due_time": _("when the deadlines of today and tomorrow are told, on study days"),
    "retro_time": _("when retrospectives are asked for"),
    "nudge_time": _("when those who have not written yet are reminded"),
    "digest": _("when the week's digest comes, on its last study day"),
    "streaks": _("whether /retro streak counts days in a row"),
    "cutoff": _("when a study day ends"),
    "reminders": _("when an assignment is reminded of, before its deadline"),
    "quiet_hours": _("when nobody is reminded at night; the last reminder of a deadline comes all the same"),
    "carry_days": _("after how many study days a further question without an answer is to be decided on"),
}

NAMES: Final[Mapping[str, Mapping[object, str]]] = {
    "language": {"ko": "한국어", "en": "English"},
    "moderator_per": {"day": _("a day"), "week": _("a week")},
    "streaks": {True: _("on"), False: _("off")},
}
"""How values that are kept as codes are shown. A language is called as its speakers call it."""


def setting_line(team: Team, key: str, lang: Language) -> str:
    """`retro_time`: 21:00 (when retrospectives are asked for)."""
    return f"- `{key}` **{setting_value(team, key, lang)}** · {lang(MEANINGS[key])}"


def setting_value(team: Team, key: str, lang: Language) -> str:
    """A team's setting as people write it."""
    if key == "timezone":
        return team.zone.key
    return told(key, getattr(team, f"{key}_id" if key.endswith("_channel") or key == "moderator_role" else key), lang)


MENTIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("reminder_channel", "retro_channel", "journal_channel", "mod_channel", "log_channel"), "<#{}>"),
    "moderator_role": "<@&{}>",
}


def told(key: str, value: object, lang: Language) -> str:
    """The value of a setting as people write it."""
    if key in NAMES:
        return lang(NAMES[key][value])
    if value in {None, "", 0}:
        return lang(_("off"))
    if key == "carry_days":
        return lang(_("{count} study days"), count=value)
    if key == "reminders":
        return offsets_told(str(value), lang)
    if isinstance(value, time):
        return lang.render(Message("{time:time}", {"time": value}))
    return MENTIONS.get(key, "{}").format(value)


def weekdays_told(digits: str, lang: Language) -> str:
    """`월 화 수 목 금`."""
    return " ".join(lang.weekday(int(digit)) for digit in digits)


def country_told(code: str | None, lang: Language) -> str:
    """`대한민국`; of a part of a country (`US-CA`), the code after it."""
    if code is None:
        return lang(_("off"))
    name = Locale(lang.code).territories.get(code.split("-")[0])
    return code if name is None else name if len(code) == 2 else f"{name} ({code})"
