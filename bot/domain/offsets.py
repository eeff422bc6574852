"""How long before a deadline its reminders come, as lists such as `3d, 3h, 30m` or `3일, 3시간, 30분`."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from bot.domain.durations import read_duration

MOST_OFFSETS: Final = 10
LONGEST_OFFSET: Final = timedelta(days=60)

_NONE: Final = frozenset({"", "none", "off", "no", "없음", "끔", "-"})
_BEFORE: Final = re.compile(r"\s*(?:전(?:에)?|before)$")


class OffsetsUnreadable(ValueError):
    """This is no list of offsets: `part` is what could not be read, was too long, or was one too many."""

    def __init__(self, part: str) -> None:
        super().__init__(f"not an offset before a deadline: {part!r}")
        self.part = part


def parse_offsets(text: str) -> tuple[timedelta, ...]:
    """Offsets before a deadline, longest first, each once; none for an empty text, `없음`, `none` or `off`.

    OffsetsUnreadable for anything else, for more than `MOST_OFFSETS`, and for one of nothing or over `LONGEST_OFFSET`.
    """
    cleaned = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if cleaned in _NONE:
        return ()
    offsets = sorted({_offset(part.strip()) for part in re.split(r"[,;/、]", cleaned)}, reverse=True)
    if len(offsets) > MOST_OFFSETS:
        raise OffsetsUnreadable(format_offsets(offsets[MOST_OFFSETS:]))
    return tuple(offsets)


def _offset(part: str) -> timedelta:
    duration = read_duration(_BEFORE.sub("", part))
    if duration is None or duration.months:
        raise OffsetsUnreadable(part)
    offset = timedelta(days=duration.days, minutes=duration.minutes)
    if not timedelta() < offset <= LONGEST_OFFSET:
        raise OffsetsUnreadable(part)
    return offset


def format_offsets(offsets: Iterable[timedelta]) -> str:
    """The list that `parse_offsets` reads: `3d, 1d12h, 30m`. Offsets are whole minutes."""
    return ", ".join(_compact(offset) for offset in offsets)


def _compact(offset: timedelta) -> str:
    minutes = offset.seconds // 60
    parts = {"d": offset.days, "h": minutes // 60, "m": minutes % 60}
    return "".join(f"{amount}{unit}" for unit, amount in parts.items() if amount)
