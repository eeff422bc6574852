"""Lengths of time as people write them in Korean and English.

3일   3시간   30분   1시간 30분   한 시간 반   이틀   일주일   2주   3개월
3d   2h30m   3 days   an hour   half an hour   1 week and 2 days
"""

import re
from dataclasses import dataclass
from typing import Final

_KOREAN_NUMBERS: Final = ["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"]
_ENGLISH_NUMBERS: Final = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_NUMBERS: Final = {
    **{name: number for number, name in enumerate(_KOREAN_NUMBERS, start=1)},
    **{name: number for number, name in enumerate(_ENGLISH_NUMBERS, start=1)},
    "a": 1,
    "an": 1,
}

_KOREAN_DAYS: Final = ["하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "여드레", "아흐레", "열흘"]
_DAYS_WITH_A_NAME: Final = {
    **{name: number for number, name in enumerate(_KOREAN_DAYS, start=1)},
    "일주일": 7,
    "보름": 15,
}

_UNITS: Final = {
    "months": r"개월|달|months?",
    "weeks": r"주일|주|weeks?|wks?|w",
    "days": r"일|days?|d",
    "hours": r"시간|hours?|hrs?|h",
    "minutes": r"분|minutes?|mins?|m",
}

_PIECE: Final = re.compile(
    r"(?:(?P<named>" + "|".join(_DAYS_WITH_A_NAME) + r")|(?P<half_hour>half an hour|반\s*시간)"
    r"|(?P<number>\d{1,5}|(?:" + "|".join(_KOREAN_NUMBERS) + r")|(?:an?|" + "|".join(_ENGLISH_NUMBERS) + r")(?=\s))\s*"
    r"(?:" + "|".join(f"(?P<{unit}>{names})" for unit, names in _UNITS.items()) + r")(?![a-z])"
    r"(?P<and_half>\s*반)?)(?:\s*and\b)?\s*",
    re.ASCII,
)


@dataclass(frozen=True)
class Duration:
    """A length of time; months and days are those of the calendar, minutes are elapsed time."""

    months: int = 0
    days: int = 0
    minutes: int = 0


def read_duration(text: str) -> Duration | None:
    """The length of time that a text in lower case consists of, None if it is none."""
    months = days = minutes = position = 0
    while position < len(text):
        piece = _PIECE.match(text, position)
        if piece is None or (piece["and_half"] and not piece["hours"]):
            return None
        position = piece.end()
        amount = _NUMBERS.get(piece["number"]) or int(piece["number"] or 0)
        months += amount if piece["months"] else 0
        days += _DAYS_WITH_A_NAME.get(piece["named"], 0) + _of(piece, {"weeks": 7, "days": 1}, amount)
        minutes += _of(piece, {"hours": 60, "minutes": 1}, amount)
        minutes += 30 if piece["half_hour"] or piece["and_half"] else 0
    return Duration(months, days, minutes) if position else None


def _of(piece: re.Match[str], units: dict[str, int], amount: int) -> int:
    return sum(size * amount for unit, size in units.items() if piece[unit])
