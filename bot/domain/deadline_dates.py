"""The date in a deadline, as people write it; see `bot.domain.deadlines` for how it is meant."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final

import dateparser

from bot.domain.durations import Duration, read_duration
from bot.domain.timewords import WEEKDAY, WEEKDAY_NUMBERS

LONG_PAST: Final = timedelta(days=183)
"""A date without a year that is longer past than this is next year's: `1월 3일` in December."""


class Several(Enum):
    """What several dates mean."""

    FIRST_TO_COME = "the first that is still to come"
    ANY = "any of them may be meant"
    CONTRADICTION = "the text contradicts itself"


@dataclass(frozen=True)
class Dates:
    """Dates that a text may mean, in order of preference."""

    days: tuple[date, ...]
    several: Several = Several.FIRST_TO_COME


_NEAR: Final = {
    **dict.fromkeys(("오늘", "오늘밤", "금일", "today", "tonight", "endofday", "endoftheday", "eod"), 0),
    **dict.fromkeys(("내일", "명일", "낼", "내일밤", "낼밤", "tomorrow", "tmr", "tmrw", "tomorrownight"), 1),
    **dict.fromkeys(("모레", "내일모레", "낼모레", "dayaftertomorrow", "thedayaftertomorrow"), 2),
    **dict.fromkeys(("글피",), 3),
    **dict.fromkeys(("어제", "yesterday"), -1),
    **dict.fromkeys(("그제", "그저께"), -2),
}

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = r"(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_THIS: Final = r"이번|금|this"
_NEXT: Final = r"다음|담|next"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


_SPAN_AHEAD: Final = _compiled(
    r"(?:in|after|within)\s+(?P<in>.+)|(?P<later>.+?)\s*(?:뒤|후|이후|있다가|이따가|이내|안|from now|later)(?:에)?"
)
_BARE_SPAN: Final = _compiled(r"\d[^가-힣]*[a-z]")
_WEEK: Final = _compiled(
    rf"(?:(?:(?P<this>{_THIS})|(?P<next>{_NEXT})|(?P<after_next>다다음))\s*(?:주|week)\s*(?:on\s+)?(?P<day>{WEEKDAY})"
    rf"|(?P<english_day>{WEEKDAY})\s+(?:of\s+)?(?:(?P<english_this>this)|(?P<english_next>next))\s+week)"
)
_WEEKDAY: Final = _compiled(rf"(?:(?:이번|오는|this|this coming|coming)?\s*|(?P<next>{_NEXT})\s*)(?P<day>{WEEKDAY})")
_ABSOLUTE: Final = _compiled(
    r"(?:(?:(?P<year>\d{4})(?:\s*년\s*|[./-]\s?)|(?P<short_year>\d{2})\s*년\s*|(?P<which>올해|내년)\s*))?"
    r"(?P<month>\d{1,2})(?:\s*월\s*|[./-]\s?)(?P<day>\d{1,2})(?:\s*일|\.)?"
)
_YEAR_LAST: Final = _compiled(r"(?P<first>\d{1,2})[./-](?P<second>\d{1,2})[./-](?P<year>\d{4})")
_DAY_OF_MONTH: Final = _compiled(
    rf"(?:(?:(?P<this>{_THIS}|이)|(?P<next>{_NEXT}))\s*달\s*)?(?P<day>\d{{1,2}})일|(?:the\s+)?(?P<nth>\d{{1,2}})(?:st|nd|rd|th)"
)
_END_OF_MONTH: Final = _compiled(
    rf"(?:(?:(?:{_THIS}|이)\s*달|(?P<next>{_NEXT})\s*달|(?P<month>\d{{1,2}})월|월)\s*(?:말일?|마지막\s*날)|말일"
    rf"|end of (?:(?:the|this)\s+)?(?P<english_next>next\s+)?month)"
)
_NAMED_MONTH: Final = _compiled(rf"(?:{_DAY}\s*(?:of\s+)?{_MONTH}\.?|{_MONTH}\.?\s*{_DAY})(?:,?\s*(?P<year>\d{{4}}))?")
_WITH_WEEKDAY: Final = _compiled(
    rf"(?:\(?(?P<first>{WEEKDAY})\)?(?:,\s*|\s+)(?P<rest>.+)|(?P<before>.+?),?\s*\(?(?P<last>{WEEKDAY})\)?)"
)


def read_span(words: str) -> Duration | None:
    """`3일 뒤`, `in 2 hours`, `2h30m`: how much later than now. A bare `3일` is a date."""
    match = _SPAN_AHEAD.fullmatch(words)
    if match:
        return read_duration(match["in"] or match["later"])
    return read_duration(words) if _BARE_SPAN.fullmatch(words) else None


def read_dates(words: str, now: datetime, *, with_time: bool) -> Dates | None:
    """The dates that a text without its time of day may mean; None if none. `now` is the local time.

    ValueError for a date that does not exist. Without any words it is today or, if that is over, tomorrow;
    but only where a time was given.
    """
    today = now.date()
    if not words:
        return Dates((today, today + timedelta(days=1))) if with_time else None
    found = _first_reading(words, now)
    if found is not None:
        return found
    match = _WITH_WEEKDAY.fullmatch(words)
    dated = match and _first_reading(match["rest"] or match["before"], now)
    return dated and match and _on_weekday(dated, WEEKDAY_NUMBERS[match["first"] or match["last"]])


def _first_reading(words: str, now: datetime) -> Dates | None:
    for read in _READERS:
        found = read(words, now)
        if found is not None:
            return found
    return None


def _on_weekday(dated: Dates, weekday: int) -> Dates:
    """The date, if it is on this day of the week; if not, the text contradicts itself."""
    days = tuple(day for day in dated.days if day.weekday() == weekday)
    day = dated.days[0]
    if day in days or (days and dated.several is Several.ANY):
        return Dates(days[:1])
    nearest = day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)
    return Dates((day, nearest), Several.CONTRADICTION)


def _near(words: str, now: datetime) -> Dates | None:
    days = _NEAR.get(words.replace(" ", ""))
    return None if days is None else Dates((now.date() + timedelta(days=days),))


def _day_of_week(words: str, now: datetime) -> Dates | None:
    """`이번 주 금요일`, `friday next week`: of the week that begins on Monday."""
    match = _WEEK.fullmatch(words)
    if match is None:
        return None
    weeks = 2 if match["after_next"] else 1 if match["next"] or match["english_next"] else 0
    weekday = WEEKDAY_NUMBERS[match["day"] or match["english_day"]]
    return Dates((_monday(now) + timedelta(weeks=weeks, days=weekday),))


def _weekday(words: str, now: datetime) -> Dates | None:
    """`금요일` is today or the first to come, `다음 금요일` the one of next week."""
    match = _WEEKDAY.fullmatch(words)
    if match is None:
        return None
    weekday = WEEKDAY_NUMBERS[match["day"]]
    if match["next"]:
        return Dates((_monday(now) + timedelta(weeks=1, days=weekday),))
    first = now.date() + timedelta(days=(weekday - now.weekday()) % 7)
    return Dates((first, first + timedelta(weeks=1)))


def _monday(now: datetime) -> date:
    return now.date() - timedelta(days=now.weekday())


def _absolute(words: str, now: datetime) -> Dates | None:
    match = _ABSOLUTE.fullmatch(words)
    if match is None:
        return None
    month, day = int(match["month"]), int(match["day"])
    if match["which"]:
        return Dates((date(now.year + (match["which"] == "내년"), month, day),))
    year = int(match["year"] or 0) or 2000 + int(match["short_year"] or -2000)
    return Dates((date(year, month, day),)) if year else _without_year(month, day, now.date())


def _without_year(month: int, day: int, today: date) -> Dates:
    this_year = date(today.year, month, day)
    return Dates((this_year if this_year >= today - LONG_PAST else date(today.year + 1, month, day),))


def _year_last(words: str, _now: datetime) -> Dates | None:
    """`3/4/2026` is a date in March or in April, depending on who writes it."""
    match = _YEAR_LAST.fullmatch(words)
    if match is None:
        return None
    year, first, second = int(match["year"]), int(match["first"]), int(match["second"])
    possible = {(month, day) for month, day in ((first, second), (second, first)) if month <= 12}
    return Dates(tuple(sorted(date(year, month, day) for month, day in possible)), Several.ANY) if possible else None


def _day_of_month(words: str, now: datetime) -> Dates | None:
    """`28일` is the first to come of the months that have it, `다음 달 3일` of that month."""
    match = _DAY_OF_MONTH.fullmatch(words)
    if match is None:
        return None
    day = int(match["day"] or match["nth"])
    if match["this"] or match["next"]:
        month = months_later(now.date().replace(day=1), 1 if match["next"] else 0)
        return Dates((month.replace(day=day),))
    months = [months_later(now.date().replace(day=1), later) for later in range(4)]
    days = tuple(month.replace(day=day) for month in months if 1 <= day <= _length(month))
    return Dates(days) if days else None


def _end_of_month(words: str, now: datetime) -> Dates | None:
    match = _END_OF_MONTH.fullmatch(words)
    if match is None:
        return None
    if match["month"]:
        month = _without_year(int(match["month"]), 28, now.date()).days[0]
    else:
        later = 1 if match["next"] or match["english_next"] else 0
        month = months_later(now.date().replace(day=1), later)
    return Dates((month.replace(day=_length(month)),))


def _days_ahead(words: str, now: datetime) -> Dates | None:
    span = read_span(words)
    if span is None or span.minutes:
        return None
    return Dates((months_later(now.date(), span.months) + timedelta(days=span.days),))


def _named_month(words: str, now: datetime) -> Dates | None:
    """`3 December`, `Dec 3rd, 2026`: dateparser knows the names of the months, and is asked for nothing else."""
    match = _NAMED_MONTH.fullmatch(words)
    if match is None:
        return None
    found = dateparser.parse(
        words.replace("the ", ""),
        languages=["en"],
        settings={
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month"],
            "RELATIVE_BASE": now.replace(month=1, day=1),
            "PREFER_DATES_FROM": "future",
        },
    )
    if found is None:
        return None
    return Dates((found.date(),)) if match["year"] else _without_year(found.month, found.day, now.date())


_READERS: Final[tuple[Callable[[str, datetime], Dates | None], ...]] = (
    _near,
    _day_of_week,
    _weekday,
    _absolute,
    _year_last,
    _day_of_month,
    _end_of_month,
    _days_ahead,
    _named_month,
)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day. OverflowError beyond the year 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        raise OverflowError("too far ahead")
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, _length(first)))


def _length(month: date) -> int:
    return monthrange(month.year, month.month)[1]
