"""Turns per person and duty as bars: a row for each person, a column for each duty.

    duties = [DutyBars("발표", (("가온", 4), ("나래", 3)), 3.5), …]
    picture = bars_picture("당번 횟수", duties, lang)    bytes of a PNG file
    text = bars_alt("당번 횟수", duties, lang)           at most 1,024 characters

The title and the duties' names are already in the reader's language.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from bot.i18n import Language, _
from bot.pictures import palette
from bot.pictures._alt import as_alt
from bot.pictures.lettering import Style, drawable, width
from bot.pictures.sheet import MARGIN, WIDTH, Box, Mark, Panel, Sheet, png, words_left, words_right

MOST_COLUMNS: Final = 3
"""Duties beside each other; more of them stand below."""

TITLE: Final = Style(58, bold=True)
DUTY: Final = Style(38, bold=True)
AVERAGE: Final = Style(29)
NAME: Final = Style(36, bold=True)
COUNT: Final = Style(33, bold=True)

_HEAD: Final = 126
_DUTY_HEAD: Final = 84
_ROW: Final = 66
_BAR: Final = 38
_MOST_NAME: Final = 300
_GAP: Final = 40
_COUNT_ROOM: Final = 96
_BLOCK_GAP: Final = 26


@dataclass(frozen=True)
class DutyBars:
    """One duty: pairs of a name and how many turns, in the order to be shown, and the average of the team.

    Somebody who is missing here but has turns of another duty (a departed member, say) gets an empty row.
    """

    duty: str
    counts: tuple[tuple[str, int], ...]
    average: float


def bars_picture(title: str, duties: Sequence[DutyBars], lang: Language) -> bytes:
    """Bars as the bytes of a PNG file, 1,600 pixels wide."""
    return png(bars_sheet(title, duties, lang))


def bars_alt(title: str, duties: Sequence[DutyBars], lang: Language) -> str:
    """What the bars show, in words, for those who do not see them; at most 1,024 characters."""
    lines = [
        lang(_("{duty} (average {average}): "), duty=duty.duty, average=_one_decimal(duty.average))
        + ", ".join(f"{name} {count}" for name, count in duty.counts)
        for duty in duties
    ]
    return as_alt([title, *lines])


def bars_sheet(title: str, duties: Sequence[DutyBars], lang: Language) -> Sheet:
    """Where everything stands."""
    names = list(dict.fromkeys(name for duty in duties for name, _count in duty.counts))
    head = Box(MARGIN, 30, WIDTH - MARGIN, _HEAD)
    marks: list[Mark] = [words_left(title, TITLE, palette.INK, head, 92)]
    top = _HEAD
    for number, block in enumerate(_blocks(duties)):
        box = Box(MARGIN, top, WIDTH - MARGIN, top + _DUTY_HEAD + len(names) * _ROW + 16)
        marks += _block(block, names, box, lang, first=number * len(_blocks(duties)[0]))
        top = box.bottom + _BLOCK_GAP
    return Sheet(WIDTH, top + 8, palette.GROUND, tuple(marks))


def _blocks(duties: Sequence[DutyBars]) -> list[Sequence[DutyBars]]:
    """Duties in rows of at most three, as even as possible: four stand two by two."""
    rows = -(-len(duties) // MOST_COLUMNS)
    columns = -(-len(duties) // rows) if rows else 0
    return [duties[begin : begin + columns] for begin in range(0, len(duties), columns or 1)]


def _block(duties: Sequence[DutyBars], names: Sequence[str], box: Box, lang: Language, *, first: int) -> Iterator[Mark]:
    """The names on the left, and a column of bars for each of the duties. `first` is the place of the first of all."""
    yield Panel(box, palette.CARD, palette.EDGE, 2, radius=20)
    inner = box.inset(30, 0)
    name_width = min(_MOST_NAME, max((width(drawable(name), NAME) for name in names), default=0))
    rows = [_row(inner, number) for number in range(len(names))]
    for number, (name, row) in enumerate(zip(names, rows, strict=True)):
        if number:
            yield Panel(Box(inner.left, row.top, inner.right, row.top + 2), palette.FAINT_CARD)
        room = Box(inner.left, row.top, inner.left + name_width, row.bottom)
        yield words_left(name, NAME, palette.INK, room, row.top + 46)
    left = inner.left + name_width + _GAP
    column_width = (inner.right - left + _GAP) // len(duties)
    for number, duty in enumerate(duties):
        column = Box(left + number * column_width, box.top, left + (number + 1) * column_width - _GAP, box.bottom)
        counts = [dict(duty.counts).get(name) for name in names]
        yield from _column(duty, counts, column, lang, palette.BARS[(first + number) % len(palette.BARS)])


def _row(block: Box, number: int) -> Box:
    top = block.top + _DUTY_HEAD + number * _ROW
    return Box(block.left, top, block.right, top + _ROW)


def _column(duty: DutyBars, counts: Sequence[int | None], column: Box, lang: Language, colour: str) -> Iterator[Mark]:
    """A duty's heading, its bars from zero on, and a line at the average."""
    yield from _heading(duty, column, lang, colour)
    most = max(chain((1, duty.average), (count for count in counts if count is not None)))
    scale = (column.width - _COUNT_ROOM - 8) / most
    for number, count in enumerate(counts):
        if count is not None:
            yield from _bar(count, round(count * scale), round(most * scale), _row(column, number), colour)
    at = column.left + round(duty.average * scale)
    for number in range(len(counts)):
        row = _row(column, number)
        yield Panel(Box(at - 4, row.top + 8, at + 4, row.bottom - 6), palette.CARD)
        yield Panel(Box(at - 2, row.top + 8, at + 1, row.bottom - 6), palette.MUTED, radius=1)


def _heading(duty: DutyBars, column: Box, lang: Language, colour: str) -> Iterator[Mark]:
    """The duty's name, and at the right the average; the name gives way."""
    baseline = column.top + 56
    average = lang(_("average {average}"), average=_one_decimal(duty.average))
    half = Box(column.left + column.width // 2, column.top, column.right, column.top + _DUTY_HEAD)
    words = words_right(average, AVERAGE, palette.MUTED, half, baseline)
    yield words
    room = Box(column.left, column.top, words.x - 16, column.top + _DUTY_HEAD)
    yield words_left(duty.duty, DUTY, colour, room, baseline)


def _bar(count: int, length: int, longest: int, row: Box, colour: str) -> Iterator[Mark]:
    """A bar on the track that the longest one fills, and the count at the right edge."""
    top = row.top + (_ROW - _BAR) // 2 + 1
    yield Panel(Box(row.left, top, row.left + longest, top + _BAR), palette.FAINT_CARD, radius=10)
    if length:
        yield Panel(Box(row.left, top, row.left + length, top + _BAR), colour, radius=min(10, length // 2))
    room = Box(row.right - _COUNT_ROOM, row.top, row.right, row.bottom)
    yield words_right(str(count), COUNT, palette.INK if count else palette.MUTED, room, row.top + 45)


def _one_decimal(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
