"""A week as a picture: who took part on which day, and what was counted; and in words, for whoever does not see it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.domain.retro_week import Week, WeekDay
from bot.i18n import Language, _
from bot.pictures import palette
from bot.pictures._alt import as_alt
from bot.pictures.lettering import Style, drawable, width
from bot.pictures.sheet import MARGIN, WIDTH, Box, Mark, Panel, Sheet, png, words_centred, words_left

TITLE: Final = Style(58, bold=True)
WEEKDAY: Final = Style(36, bold=True)
DATE: Final = Style(28)
NAME: Final = Style(36, bold=True)
LABEL: Final = Style(34, bold=True)
COUNT: Final = Style(34, bold=True)
NOTE: Final = Style(28)

_TITLE_BASELINE: Final = 92
_TOP: Final = 126
_HEAD: Final = 104
_ROW: Final = 64
_COUNT_ROW: Final = 84
_DOT: Final = 34
_LITTLE_DOT: Final = 12
_BAR: Final = 12
_MOST_NAME: Final = 330
_PAD: Final = 30
_GAP: Final = 24
_NOTE_HEIGHT: Final = 56


@dataclass(frozen=True)
class _Measure:
    """What is counted per day, of how many (the longest bar is the most of that), and the colour of its bars."""

    label: str
    count: Callable[[WeekDay], int]
    whole: Callable[[WeekDay], int]
    colour: str
    as_share: bool = False

    def shown(self, day: WeekDay) -> str:
        return f"{self.count(day)}/{self.whole(day)}" if self.as_share else str(self.count(day))


_MEASURES: Final = (
    _Measure(_("Looked back"), lambda day: day.written, lambda day: day.people, palette.BARS[0], as_share=True),
    _Measure(_("Questions"), lambda day: day.asked, lambda day: day.asked, palette.BARS[1]),
    _Measure(_("Answered"), lambda day: day.answered, lambda day: day.asked, palette.BARS[2]),
    _Measure(_("Handed in"), lambda day: day.handed_in, lambda day: day.handed_in, palette.BARS[3]),
)


def week_picture(week: Week, lang: Language) -> bytes:
    """A week as the bytes of a PNG file, 1,600 pixels wide."""
    return png(week_sheet(week, lang))


def week_alt(week: Week, lang: Language) -> str:
    """A week in words, a line for each day; at most 1,024 characters."""
    return as_alt(week_lines(week, lang))


def week_lines(week: Week, lang: Language) -> list[str]:
    """Everything that the picture shows, in words."""
    names = {member.id: member.name for member in week.members}
    lines = [_title(week, lang)]
    for day in week.days:
        counts = ", ".join(f"{lang(measure.label)} {measure.shown(day)}" for measure in _MEASURES)
        people = ", ".join(name for member_id, name in names.items() if member_id in day.took_part)
        took_part = lang(_("took part: {names}"), names=people or lang(_("nobody by name")))
        lines.append(f"{lang.day(day.date)} {lang(_('Day {n}'), n=day.number)}: {counts}, {took_part}")
    return lines


def _title(week: Week, lang: Language) -> str:
    return lang(_("The week of {dates}"), dates=week_dates(week, lang))


def week_dates(week: Week, lang: Language) -> str:
    """`2/9 월~2/13 금`."""
    first, last = week.days[0].date, week.days[-1].date
    return lang(_("{since:day}") if first == last else _("{since:day} to {last:day}"), since=first, last=last)


def week_sheet(week: Week, lang: Language) -> Sheet:
    """Where everything stands."""
    people = Box(MARGIN, _TOP, WIDTH - MARGIN, _TOP + _HEAD + len(week.members) * _ROW + 14)
    counts = Box(MARGIN, people.bottom + _GAP, WIDTH - MARGIN, people.bottom + _GAP + len(_MEASURES) * _COUNT_ROW + 20)
    note = Box(MARGIN, counts.bottom + 8, WIDTH - MARGIN, counts.bottom + 8 + _NOTE_HEIGHT)
    columns = _Columns.of(week, people, lang)
    head = Box(MARGIN, 30, WIDTH - MARGIN, _TOP)
    marks: list[Mark] = [words_left(_title(week, lang), TITLE, palette.INK, head, _TITLE_BASELINE)]
    marks += _people(week, people, columns, lang)
    marks += _counts(week, counts, columns, lang)
    marks += _note(note, lang)
    return Sheet(WIDTH, note.bottom + 20, palette.GROUND, tuple(marks))


@dataclass(frozen=True)
class _Columns:
    """The left column with the names, and one for each day."""

    names: tuple[int, int]
    days: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, week: Week, card: Box, lang: Language) -> "_Columns":
        labels = [width(lang(measure.label), LABEL) for measure in _MEASURES]
        names = [width(drawable(member.name), NAME) for member in week.members]
        left = card.left + _PAD
        right = left + min(_MOST_NAME, max((*labels, *names)))
        room = card.right - _PAD - right
        edges = [right + room * number // len(week.days) for number in range(len(week.days) + 1)]
        return cls((left, right), tuple(pairwise(edges)))


def _people(week: Week, card: Box, columns: _Columns, lang: Language) -> Iterator[Mark]:
    """The days above, and a row for each person: a dot on each day on which they took part."""
    yield Panel(card, palette.CARD, palette.EDGE, 2, radius=20)
    for day, (left, right) in zip(week.days, columns.days, strict=True):
        room = Box(left, card.top + 8, right, card.top + _HEAD)
        yield words_centred(lang.day(day.date), WEEKDAY, palette.INK, room, card.top + 50)
        yield words_centred(lang(_("Day {n}"), n=day.number), DATE, palette.MUTED, room, card.top + 86)
    for number, member in enumerate(week.members):
        top = card.top + _HEAD + number * _ROW
        yield Panel(Box(card.left + _PAD, top, card.right - _PAD, top + 2), palette.FAINT_CARD)
        room = Box(columns.names[0], top, columns.names[1], top + _ROW)
        yield words_left(member.name, NAME, palette.INK, room, top + 45)
        for day, column in zip(week.days, columns.days, strict=True):
            yield _dot(column, top, took_part=member.id in day.took_part)


def _dot(column: tuple[int, int], top: int, *, took_part: bool) -> Panel:
    size = _DOT if took_part else _LITTLE_DOT
    left, above = (column[0] + column[1] - size) // 2, top + 1 + (_ROW - size) // 2
    box = Box(left, above, left + size, above + size)
    return Panel(box, palette.ACCENT if took_part else palette.EDGE, radius=size // 2)


def _counts(week: Week, card: Box, columns: _Columns, lang: Language) -> Iterator[Mark]:
    """A row for each thing that is counted: its number on each day, and below it a bar of that length."""
    yield Panel(card, palette.CARD, palette.EDGE, 2, radius=20)
    for number, measure in enumerate(_MEASURES):
        top = card.top + 8 + number * _COUNT_ROW
        if number:
            yield Panel(Box(card.left + _PAD, top, card.right - _PAD, top + 2), palette.FAINT_CARD)
        room = Box(columns.names[0], top, columns.names[1], top + _COUNT_ROW)
        yield words_left(lang(measure.label), LABEL, measure.colour, room, top + 54)
        most = max(1, *(max(measure.count(day), measure.whole(day)) for day in week.days))
        for day, (left, right) in zip(week.days, columns.days, strict=True):
            cell = Box(left, top, right, top + _COUNT_ROW)
            colour = palette.INK if measure.count(day) else palette.MUTED
            yield words_centred(measure.shown(day), COUNT, colour, cell, top + 46)
            yield from _bar(measure.count(day), most, cell, measure.colour)


def _bar(count: int, most: int, cell: Box, colour: str) -> Iterator[Mark]:
    """In the middle of its cell, on a track that the largest count fills."""
    track = Box(cell.left + 24, cell.top + 60, cell.right - 24, cell.top + 60 + _BAR)
    yield Panel(track, palette.FAINT_CARD, radius=_BAR // 2)
    length = track.width * count // most
    if length:
        yield Panel(Box(track.left, track.top, track.left + length, track.bottom), colour, radius=min(6, length // 2))


def _note(room: Box, lang: Language) -> Iterator[Mark]:
    """What a dot means, and what it does not count."""
    size = _DOT - 8
    top = room.top + (room.height - size) // 2
    yield Panel(Box(room.left + _PAD, top, room.left + _PAD + size, top + size), palette.ACCENT, radius=size // 2)
    words = Box(room.left + _PAD + size + 14, room.top, room.right - _PAD, room.bottom)
    text = lang(_("Something stands on the day's page under their name; anonymous and private texts do not count."))
    yield words_left(text, NOTE, palette.MUTED, words, room.top + 38)
