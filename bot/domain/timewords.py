"""Times of day and days of the week, as people write them in Korean and English.

21:00   21시   21시 30분   오후 9시 반   9pm   9:30 p.m.   정오   자정   noon   midnight
월-금   월~금   월,수,금   월수금   평일   주말   매일   mon-fri   Mon, Wed   weekdays   every day
"""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

WEEKDAY_NUMBERS: Final = {
    **{name: number for number, name in enumerate("월화수목금토일")},
    **{f"{name}요일": number for number, name in enumerate("월화수목금토일")},
    **{f"{name}욜": number for number, name in enumerate("월화수목금토일")},
    **dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), range(7), strict=True)),
    **dict(zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), range(7), strict=True)),
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
"""Every name of a day of the week, lower case, to its number; Monday is 0."""

WEEKDAY: Final = (
    r"(?:[월화수목금토일](?:요일|욜)?|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?"
    r"|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?![a-z])"
)
"""Pattern of one day of the week; `WEEKDAY_NUMBERS` knows every match."""

_WEEKDAY_SETS: Final = {
    **dict.fromkeys(("평일", "weekdays", "weekday"), range(5)),
    **dict.fromkeys(("주말", "weekends", "weekend"), range(5, 7)),
    **dict.fromkeys(("매일", "daily", "everyday", "every day"), range(7)),
}

_HALF: Final = {"오전": 0, "새벽": 0, "아침": 0, "am": 0, "오후": 12, "저녁": 12, "밤": 12, "낮": 12, "pm": 12}
"""Which half of the day a word names, as the hours to add."""

TIME_OF_DAY: Final = (
    r"(?:(?:(?P<half>오전|오후|새벽|아침|저녁|밤|낮)\s*)?"
    r"(?:(?P<hour>\d{1,2})\s*시(?!간)(?:\s*(?:(?P<minute>\d{1,2})\s*분|(?P<half_past>반)))?"
    r"|(?P<clock_hour>\d{1,2}):(?P<clock_minute>\d{2})(?::00)?(?!\d|:))"
    r"(?:\s*(?P<meridiem>[ap])\.?m\b\.?)?"
    r"|(?P<english_hour>\d{1,2})\s*(?P<english_meridiem>[ap])\.?m\b\.?"
    r"|(?P<word>정오|자정|noon\b|midnight\b))"
)
"""Pattern of a time of day; give its match to `hours_of`."""

_TIME_OF_DAY = re.compile(TIME_OF_DAY, re.ASCII)


@dataclass(frozen=True)
class ClockReading:
    """A time of day as minutes after the midnight that begins the date; 1440 is the midnight that ends it.

    `other` is the second meaning of an hour which may be either half of the day (`6시`, `12시`).
    """

    minutes: int
    other: int | None = None


def read_clock(match: re.Match[str]) -> ClockReading:
    """What a match of `TIME_OF_DAY` says. ValueError for hours and minutes that no clock shows."""
    word = match["word"]
    if word:
        return ClockReading(12 * 60 if word in {"정오", "noon"} else 24 * 60)
    hour = int(match["hour"] or match["clock_hour"] or match["english_hour"])
    minute = 30 if match["half_past"] else int(match["minute"] or match["clock_minute"] or 0)
    latest = 12 if match["english_hour"] else 24
    if minute > 59 or hour > latest or (hour == 24 and minute):
        raise ValueError(f"no such time: {match[0]}")
    letter = match["meridiem"] or match["english_meridiem"]
    half = match["half"] or (f"{letter}m" if letter else None)
    if half:
        return _in_half(half, hour, minute, match[0])
    if match["hour"] and 1 <= hour <= 12:
        return ClockReading(hour * 60 + minute, (hour + 12) * 60 + minute)
    return ClockReading(hour * 60 + minute)


def _in_half(half: str, hour: int, minute: int, text: str) -> ClockReading:
    added = _HALF[half]
    if hour > 12:
        if hour == 24 or not added:
            raise ValueError(f"no such time: {text}")
        return ClockReading(hour * 60 + minute)
    if half == "밤":
        return _at_night(hour, minute)
    if half == "낮" and hour in {10, 11}:
        added = 0
    return ClockReading((hour % 12 + added) * 60 + minute)


def _at_night(hour: int, minute: int) -> ClockReading:
    """`밤 9시` is 21:00 and `밤 12시` ends the date; `밤 1시` may be the night before the date or the one after."""
    if hour == 12:
        return ClockReading(24 * 60 + minute)
    if 1 <= hour <= 5:
        return ClockReading(hour * 60 + minute, (hour + 24) * 60 + minute)
    return ClockReading((hour + 12 if hour else 24) * 60 + minute)


def parse_time(text: str) -> time:
    """A time of day for a setting: `9시` is 09:00, `자정` and `24:00` are 00:00. ValueError if unreadable."""
    match = _TIME_OF_DAY.fullmatch(" ".join(text.casefold().split()))
    if match is None:
        raise ValueError(f"not a time of day: {text!r}")
    minutes = read_clock(match).minutes % (24 * 60)
    return time(minutes // 60, minutes % 60)


def parse_weekdays(text: str) -> frozenset[int]:
    """Days of the week, Monday 0: a list, ranges (`월-수, 금`; `금-월` goes over Sunday) or a word. ValueError else."""
    cleaned = " ".join(text.casefold().split())
    if cleaned in _WEEKDAY_SETS:
        return frozenset(_WEEKDAY_SETS[cleaned])
    parts = [part for part in re.split(r"[,/·\s]+", re.sub(r"\s*(?:[-~–]|\bto\b)\s*", "-", cleaned)) if part != "and"]
    return frozenset().union(*(_weekdays_of(part) for part in parts)) if any(parts) else _refuse(text)


def _weekdays_of(part: str) -> frozenset[int]:
    if re.fullmatch(r"[월화수목금토일]{2,7}", part):
        return frozenset(WEEKDAY_NUMBERS[name] for name in part)
    names = part.split("-")
    if len(names) > 2 or not all(name in WEEKDAY_NUMBERS for name in names):
        _refuse(part)
    first, last = WEEKDAY_NUMBERS[names[0]], WEEKDAY_NUMBERS[names[-1]]
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


def _refuse(text: str) -> frozenset[int]:
    raise ValueError(f"not days of the week: {text!r}")
