"""What people type for an assignment, as values; every refusal says what would do."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.db.tables import TeamRow
from bot.domain.assignments import (
    DeadlineAmbiguous,
    DeadlineError,
    DeadlinePast,
    DeadlineUnreadable,
    OffsetsUnreadable,
    format_offsets,
    parse_offsets,
    read_deadline,
)
from bot.domain.team import Caller
from bot.domain.web_addresses import has_credentials, is_web_address
from bot.errors import InvalidInput
from bot.i18n import _

TITLE_LIMIT: Final = 100
LINK_LIMIT: Final = 400
TEXT_LIMIT: Final = 1000
"""Characters of a title, a link, and of a description or note: together they fit into one message."""


def title_of(typed: str) -> str:
    """A title on one line."""
    title = " ".join(typed.split())
    if not 1 <= len(title) <= TITLE_LIMIT:
        raise InvalidInput(_("A title has 1 to {limit} characters. Please give another."), limit=TITLE_LIMIT)
    return title


def link_of(typed: str | None) -> str | None:
    """An address on the web; None for none."""
    link = (typed or "").strip()
    if not link:
        return None
    if len(link) > LINK_LIMIT:
        raise InvalidInput(_("A link has at most {limit} characters. Please give a shorter one."), limit=LINK_LIMIT)
    if not is_web_address(link):
        raise InvalidInput(_("This is not a link I can use. It begins with https://, e.g. https://github.com/…"))
    if has_credentials(link):
        raise InvalidInput(_("Leave out what stands before the @ in the link: everybody who sees it could log in."))
    return link


def text_of(typed: str | None) -> str | None:
    """A description or a note; None for none."""
    text = (typed or "").strip()
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(_("That text is longer than {limit} characters. Please shorten it."), limit=TEXT_LIMIT)
    return text or None


def offsets_of(typed: str) -> str:
    """Times before a deadline in their usual form, `1d, 3h`; empty for none."""
    try:
        return format_offsets(parse_offsets(typed))
    except OffsetsUnreadable:
        message = _("I cannot read {text} as times to remind before the deadline. Write them like 3d, 3h, 30m, or off.")
        raise InvalidInput(message, text=typed) from None


def deadline_of(team: TeamRow, caller: Caller, typed: str) -> datetime:
    """A deadline as typed, in UTC, to the minute as it is shown."""
    zone = ZoneInfo(team.timezone)
    try:
        return _to_the_minute(read_deadline(typed, now=caller.at, zone=zone), caller.at)
    except DeadlinePast as error:
        message = _("{due:moment} is already past. Give a time to come, e.g. tomorrow 23:59.")
        raise InvalidInput(message, due=error.when) from None
    except DeadlineAmbiguous as error:
        first, second = error.candidates[:2]
        example = f"{second:%Y-%m-%d %H:%M}"
        raise InvalidInput(_which(first, second), text=typed, first=first, second=second, example=example) from None
    except DeadlineUnreadable:
        message = _("I cannot read {text} as a deadline. Write it like tomorrow 23:59, fri 18:00 or 2026-12-03 18:00.")
        raise InvalidInput(message, text=typed) from None


def _which(first: datetime, second: datetime) -> str:
    """How a deadline with two meanings is refused: half a day apart it is the hour that was unclear, else the date."""
    if second - first <= timedelta(days=1) and first.time() != second.time():
        return _("{text} may be {first:moment} or {second:moment}. Write which one, e.g. 18:00 or 6 pm.")
    return _("{text} may be {first:moment} or {second:moment}. Write the whole date, e.g. {example}.")


def readings_of(team: TeamRow, caller: Caller, typed: str) -> Sequence[datetime]:
    """What a deadline as typed so far may mean, in the team's zone; nothing while it cannot be read."""
    zone = ZoneInfo(team.timezone)
    try:
        readings: Sequence[datetime] = [read_deadline(typed, now=caller.at, zone=zone)]
    except DeadlineAmbiguous as error:
        readings = error.candidates
    except DeadlineError:
        return []
    return [_to_the_minute(reading, caller.at).astimezone(zone) for reading in readings]


def _to_the_minute(due: datetime, now: datetime) -> datetime:
    """Without the seconds, which nobody sees, unless that would put it into the past."""
    minute = due.replace(second=0, microsecond=0)
    return minute if minute > now else due
