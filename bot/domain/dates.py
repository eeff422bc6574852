"""Dates and months for the calendar, as people write them.

2026-12-03   2026.12.3   12/3   12월 3일   오늘   내일   모레   today   tomorrow
2026-12      2026년 12월   12월   12   이번 달   다음 달   지난달   this month   next month   last month
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

_NEAR_DAYS: Final = {
    "어제": -1,
    "오늘": 0,
    "내일": 1,
    "모레": 2,
    "글피": 3,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
}
_NEAR_MONTHS: Final = {
    "지난달": -1,
    "이번달": 0,
    "다음달": 1,
    "다다음달": 2,
    "lastmonth": -1,
    "thismonth": 0,
    "nextmonth": 1,
}

_DATE: Final = re.compile(
    r"(?:(?P<year>\d{4})(?:년|[-./]))?(?P<month>\d{1,2})(?:월|[-./])(?P<day>\d{1,2})(?:일|\.)?"
    r"(?:\(?[월화수목금토일](?:요일)?\)?)?"
)
_MONTH: Final = re.compile(r"(?:(?P<year>\d{4})(?:년|[-./]))?(?P<month>\d{1,2})월?")

_HALF_A_YEAR: Final = 183

_JUST_OVER: Final = timedelta(days=31)
"""Whoever types a date that was this recently means it, not that of next year."""


class DateUnreadable(ValueError):
    """This is no date, or no month."""


def read_date(text: str, today: date, *, past: bool = False) -> date:
    """A date as typed. Without a year it is the next one from today on; with `past`, the one nearest to today.

    DateUnreadable for anything else, and for dates that do not exist.
    """
    compact = _compact(text)
    if compact in _NEAR_DAYS:
        return today + timedelta(days=_NEAR_DAYS[compact])
    match = _DATE.fullmatch(compact)
    if match is None:
        raise DateUnreadable(text)
    month, day = int(match["month"]), int(match["day"])
    if match["year"]:
        return _existing(int(match["year"]), month, day, text)
    earliest = today - timedelta(days=_HALF_A_YEAR) if past else today
    for year in range(earliest.year, earliest.year + 9):  # 29 February may be eight years away
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] and date(year, month, day) >= earliest:
            return date(year, month, day)
    raise DateUnreadable(text)


def read_coming_date(text: str, today: date) -> date:
    """As `read_date`, but without a year a date that is just over is that one: what wants one to come can say so."""
    nearest = read_date(text, today, past=True)
    return nearest if today - _JUST_OVER <= nearest <= today else read_date(text, today)


def read_month(text: str, today: date) -> date:
    """The first day of a month as typed; without a year it is the one nearest to today. DateUnreadable otherwise."""
    compact = _compact(text)
    if compact in _NEAR_MONTHS:
        return _month_after(today, _NEAR_MONTHS[compact])
    match = _MONTH.fullmatch(compact)
    if match is None or not 1 <= int(match["month"]) <= 12:
        raise DateUnreadable(text)
    if match["year"]:
        return _existing(int(match["year"]), int(match["month"]), 1, text)
    return next(
        month for month in (_month_after(today, step) for step in range(-5, 7)) if month.month == int(match["month"])
    )


def month_end(month: date) -> date:
    """The last day of the month that a date is in."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def _month_after(day: date, step: int) -> date:
    months = day.year * 12 + day.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)


def _existing(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DateUnreadable(text) from None
