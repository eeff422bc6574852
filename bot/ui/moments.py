"""Moments as people are shown them, and how one is read while it is typed."""

from datetime import date, datetime, timedelta
from typing import Any

from discord import app_commands

from bot.domain.offsets import parse_offsets
from bot.i18n import Language, Message, _
from bot.services.assignments import Assignments
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.references import CHOICES


def time_left(due: datetime, now: datetime) -> Message:
    """`3시간 뒤`, `in 1 day 12 hours`: the time from now until then in its two largest units, to the minute."""
    minutes = round((due - now).total_seconds() / 60)
    if minutes < 1:
        return Message(_("very soon"))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [_amount(days, _("1 day"), _("{count} days")), _amount(hours, _("1 hour"), _("{count} hours"))]
    if not days:
        parts.append(_amount(minutes, _("1 minute"), _("{count} minutes")))
    told = [part for part in parts if part is not None]
    if len(told) == 1:
        return Message(_("in {time}"), {"time": told[0]})
    return Message(_("in {first} {second}"), {"first": told[0], "second": told[1]})


def offsets_told(offsets: str, lang: Language) -> str:
    """`3일, 1일 12시간, 30분`: how long before a deadline, where a team keeps `3d, 1d12h, 30m`."""
    return ", ".join(_length(offset, lang) for offset in parse_offsets(offsets))


def _length(time: timedelta, lang: Language) -> str:
    hours, minutes = divmod(time.seconds // 60, 60)
    parts = [
        _amount(time.days, _("1 day"), _("{count} days")),
        _amount(hours, _("1 hour"), _("{count} hours")),
        _amount(minutes, _("1 minute"), _("{count} minutes")),
    ]
    return " ".join(lang.render(part) for part in parts if part is not None)


def _amount(count: int, one: str, many: str) -> Message | None:
    if count == 0:
        return None
    return Message(one) if count == 1 else Message(many, {"count": count})


def full_moment(moment: datetime, lang: Language) -> str:
    """`2026-12-03 (목) 18:00`: the year too, for a deadline somebody is about to set."""
    return f"{full_day(moment, lang)} {moment:%H:%M}"


def full_day(day: date, lang: Language) -> str:
    """`2026-12-03 (목)`."""
    return f"{day:%Y-%m-%d} ({lang.weekday(day.weekday())})"


def reading_label(due: datetime, now: datetime, lang: Language) -> str:
    """`2026-12-03 (목) 18:00 · 3일 뒤`."""
    return f"{full_moment(due, lang)} · {lang.render(time_left(due, now))}"


async def readings(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """What a time as typed so far may mean, for an autocompleted option; its value is exact."""
    client: Any = interaction.client
    assignments: Assignments = client.services.assignments
    caller, lang = caller_of(interaction), reader(interaction)
    found = await assignments.readings(caller, typed.strip() or lang(_("tomorrow 23:59")))
    return [
        app_commands.Choice(name=reading_label(due, caller.at, lang), value=due.isoformat(timespec="minutes"))
        for due in found[:CHOICES]
    ]
