"""Deadlines as people type them, in Korean and English.

    내일 23:59   오늘 자정   12월 3일 오후 6시   다음 주 금요일까지   금 18:00   3일 뒤   12.3(목) 18시
    tomorrow 6pm   fri 18:00   in 3 days   next friday   3 December 6pm   2026-12-03 18:00   2026-12-03T18:00+09:00

How it is meant:

* A date without a time is 23:59 of that date. `자정`, `midnight` and `24:00` end the date: `오늘 자정` is tonight.
* `오늘` is the calendar date in the team's zone, also at one in the morning.
* `금요일` is the first to come, `다음 금요일` and `next friday` are in the week after this one, from Monday on.
* `3일 뒤` and `in 3 days` are at this time of day, three dates later; hours and minutes are elapsed time.
* `6시`, which may be either half of the day, is ambiguous unless only one of the two is still to come.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.deadline_dates import Dates, Several, months_later, read_dates, read_span
from bot.domain.timewords import TIME_OF_DAY, ClockReading, read_clock

END_OF_DATE: Final = ClockReading(23 * 60 + 59)
LONGEST_TEXT: Final = 100

FARTHEST: Final = timedelta(days=36525)
"""How far ahead a deadline may be: near the end of the calendar no reminder could be computed."""

_ISO: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.(?:\d{3}|\d{6}))?)?\s?(?:Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE | re.ASCII,
)
_DISCORD_TIME: Final = re.compile(r"<t:(\d{1,12})(?::[a-z])?>", re.IGNORECASE | re.ASCII)
_TIME: Final = re.compile(r"(?<![\d:.])" + TIME_OF_DAY, re.ASCII)
_LEADING: Final = re.compile(r"^(?:(?:by|until|till|due|on|at)\s+)+")
_TRAILING: Final = re.compile(r"(?:\s*(?:까지(?:요|예요|입니다)?|마감))+[.!]?$")
_WITHIN: Final = re.compile(r"\s*(?:안에|안으로|중에|중으로|내로)$")
_CONNECTING: Final = re.compile(r"^(?:\s|,|에\b|(?:at|on|by)\b)+|(?:\s|,|에|(?<![a-z])(?:at|on|by))+$")


class DeadlineError(ValueError):
    """What was typed cannot be a deadline."""


class DeadlineUnreadable(DeadlineError):
    """Nobody can tell what `text` means."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a deadline: {text!r}")
        self.text = text


class DeadlinePast(DeadlineError):
    """It is clear, and over: `when` is in the team's zone."""

    def __init__(self, when: datetime) -> None:
        super().__init__(f"already past: {when.isoformat()}")
        self.when = when


class DeadlineAmbiguous(DeadlineError):
    """It may mean several things: `candidates`, earliest first, in the team's zone."""

    def __init__(self, candidates: Sequence[datetime]) -> None:
        super().__init__("it may mean " + " or ".join(candidate.isoformat() for candidate in candidates))
        self.candidates = tuple(candidates)


def read_deadline(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The deadline that a text means, in UTC, later than `now` (aware: the timestamp of the interaction).

    DeadlineUnreadable, DeadlinePast or DeadlineAmbiguous, and nothing else whatever the text is.
    """
    if now.tzinfo is None:
        raise TypeError("now needs its time zone")
    cleaned = " ".join(unicodedata.normalize("NFKC", text).split())
    if not cleaned or len(cleaned) > LONGEST_TEXT:
        raise DeadlineUnreadable(text)
    try:
        found = _read(cleaned, now.astimezone(zone), zone)
    except DeadlineError:
        raise
    except (ValueError, OverflowError) as error:
        raise DeadlineUnreadable(text) from error
    if found is None or found - now > FARTHEST:
        raise DeadlineUnreadable(text)
    return found


def _read(cleaned: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    exact = _exact(cleaned, zone)
    if exact is not None:
        return _ahead(exact, now, zone)
    words = _LEADING.sub("", _TRAILING.sub("", cleaned.casefold()))
    span = read_span(words)
    if span is not None:
        date_then = months_later(now.date(), span.months) + timedelta(days=span.days)
        then = datetime.combine(date_then, now.time().replace(fold=0), zone) if date_then != now.date() else now
        return _ahead(then.astimezone(UTC) + timedelta(minutes=span.minutes), now, zone)
    rest, clock = _split_time(_WITHIN.sub("", words))
    dates = read_dates(rest, now.replace(tzinfo=None), with_time=clock is not None)
    return None if dates is None else _decide(dates, clock or END_OF_DATE, now, zone)


def _exact(cleaned: str, zone: ZoneInfo) -> datetime | None:
    """ISO with a time, or a timestamp copied from Discord."""
    stamp = _DISCORD_TIME.fullmatch(cleaned)
    if stamp:
        return datetime.fromtimestamp(int(stamp[1]), UTC)
    if not _ISO.fullmatch(cleaned) or cleaned[11:13] == "24":
        return None
    moment = datetime.fromisoformat(cleaned.replace(" ", "T", 1).replace(" ", "").upper())
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _split_time(words: str) -> tuple[str, ClockReading | None]:
    """A text without its time of day, and the time. ValueError for a time that no clock shows."""
    match = _TIME.search(words)
    if match is None:
        return _CONNECTING.sub("", words), None
    before, after = (_CONNECTING.sub("", part) for part in (words[: match.start()], words[match.end() :]))
    return f"{before} {after}".strip(), read_clock(match)


def _decide(dates: Dates, clock: ClockReading, now: datetime, zone: ZoneInfo) -> datetime:
    """The one moment that is still to come; on the first of the dates that has any."""
    readings = [clock.minutes] if clock.other is None else [clock.minutes, clock.other]
    choices = [dates.days] if dates.several is not Several.FIRST_TO_COME else [(day,) for day in dates.days]
    moments: list[datetime] = []
    for days in choices:
        moments = sorted(_moment(day, minutes, zone) for day in days for minutes in readings)
        ahead = [moment.astimezone(zone) for moment in moments if moment > now]
        if len(ahead) > 1 or (ahead and dates.several is Several.CONTRADICTION):
            raise DeadlineAmbiguous(ahead)
        if ahead:
            return ahead[0].astimezone(UTC)
    raise DeadlinePast(moments[-1].astimezone(zone))


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _ahead(moment: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    if moment <= now:
        raise DeadlinePast(moment.astimezone(zone))
    return moment
