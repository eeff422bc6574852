"""What the marks of a month mean; only those that occur in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.month import Month
from bot.i18n import Language, _
from bot.pictures import palette
from bot.pictures._cell import MODERATOR_SIGN, Look, look_of
from bot.pictures.lettering import Style, width
from bot.pictures.sheet import Box, Mark, Panel, Words, words_centred

TEXT: Final = Style(26)
SIGN: Final = Style(22, bold=True)
_SIDE: Final = 32
_GAP: Final = 34


@dataclass(frozen=True)
class _Swatch:
    meaning: str
    fill: str
    outline: str | None = None
    sign: str = ""


def legend(month: Month, lang: Language, room: Box) -> Iterator[Mark]:
    """One line of swatches with their meaning, from left to right."""
    left = room.left
    baseline = room.top + 33
    for swatch in _swatches(month):
        box = Box(left, room.top + 8, left + _SIDE, room.top + 8 + _SIDE)
        yield Panel(box, swatch.fill, swatch.outline, 3 if swatch.outline else 0, radius=9)
        if swatch.sign:
            yield words_centred(swatch.sign, SIGN, palette.ACCENT_INK, box, box.top + 24)
        text = lang(swatch.meaning)
        yield Words(text, box.right + 10, baseline, TEXT, palette.MUTED, room)
        left = box.right + 10 + width(text, TEXT) + _GAP


def _swatches(month: Month) -> Iterator[_Swatch]:
    looks = {look_of(day) for day in month.days}
    turns = [turn for day in month.days for turn in day.turns]
    if any(day.date == month.today for day in month.days):
        yield _Swatch(_("Today"), palette.CARD, palette.ACCENT)
    if any(day.moderator for day in month.days):
        yield _Swatch(_("Moderator"), palette.ACCENT_SOFT, sign=MODERATOR_SIGN)
    if any(turn.planned for turn in turns):
        yield _Swatch(_("Planned (thin)"), palette.CARD, palette.ACCENT_EDGE)
    if Look.CLOSED in looks:
        yield _Swatch(_("Over"), palette.EDGE)
    if any(day.extra for day in month.days):
        yield _Swatch(_("Extra study day"), palette.EXTRA_SOFT, palette.EXTRA)
    if Look.HOLIDAY in looks:
        yield _Swatch(_("Public holiday"), palette.HOLIDAY_SOFT, palette.HOLIDAY)
    if Look.TEAM_OFF in looks:
        yield _Swatch(_("Team day off"), palette.TEAM_OFF_SOFT, palette.TEAM_OFF)
