"""One day of the month: its date and number, and below them a line for each thing to know of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Final

from bot.domain.calendar import DayOffKind
from bot.domain.month import CalendarDay, MonthTurn
from bot.i18n import Language, _
from bot.pictures import palette
from bot.pictures.lettering import Style, fit, width, wrap
from bot.pictures.sheet import Box, Mark, Panel, Words, words_centred, words_left, words_right

PAD: Final = 14
HEAD: Final = 64
LINE: Final = 48
_BASELINE: Final = 34
"""Of a line's text, below its top."""

MOST_LINES: Final = 5
"""Lines below the date; what is more is counted: +2."""

MOST_REASON_LINES: Final = 3

DATE: Final = Style(37, bold=True)
TODAY: Final = Style(33, bold=True)
NUMBER: Final = Style(28, bold=True)
LABEL: Final = Style(30, bold=True)
NAME: Final = Style(33, bold=True)
PLANNED_NAME: Final = Style(33)
LECTURE: Final = Style(30)
MODERATOR_SIGN: Final = "★"


class Look(Enum):
    """What kind of day a cell stands for."""

    QUIET = "no study day, as every week"
    HOLIDAY = "public holiday"
    TEAM_OFF = "team day off"
    CLOSED = "over"
    OPEN = "study day"


@dataclass(frozen=True)
class _Colours:
    card: str
    edge: str
    ink: str


_COLOURS: Final = {
    Look.QUIET: _Colours(palette.GROUND, palette.FAINT_CARD, palette.MUTED),
    Look.HOLIDAY: _Colours(palette.HOLIDAY_SOFT, palette.HOLIDAY_SOFT, palette.HOLIDAY),
    Look.TEAM_OFF: _Colours(palette.TEAM_OFF_SOFT, palette.TEAM_OFF_SOFT, palette.TEAM_OFF),
    Look.CLOSED: _Colours(palette.FAINT_CARD, palette.FAINT_CARD, palette.MUTED),
    Look.OPEN: _Colours(palette.CARD, palette.EDGE, palette.INK),
}


class LineKind(Enum):
    """What a line of a cell says."""

    REASON = "why it is no study day"
    EXTRA = "an extra study day"
    MODERATOR = "who moderates"
    TURN = "who presents a lecture, or does another duty"
    MORE = "how many lines had no room"


@dataclass(frozen=True)
class Line:
    """A line of a cell, not yet shortened. `label` stands before the text of a turn."""

    kind: LineKind
    text: str
    label: str = ""
    planned: bool = False


def look_of(day: CalendarDay) -> Look:
    if day.number:
        return Look.CLOSED if day.closed else Look.OPEN
    if day.off is not None and day.off.kind is DayOffKind.HOLIDAY:
        return Look.HOLIDAY
    return Look.TEAM_OFF if day.off is not None and day.off.kind is DayOffKind.TEAM else Look.QUIET


def lines_of(day: CalendarDay, lang: Language, room: int) -> list[Line]:
    """What a cell of a width says, from top to bottom."""
    if not day.number:
        return [Line(LineKind.REASON, text) for text in _reason(day, lang, room - 2 * PAD)]
    lines = [Line(LineKind.EXTRA, day.label or lang(_("extra day")))] if day.extra else []
    if day.moderator is not None:
        lines.append(Line(LineKind.MODERATOR, day.moderator.name, planned=day.moderator.planned))
    lines += _turn_lines(day.presenters + day.duties)
    if len(lines) <= MOST_LINES:
        return lines
    more = len(lines) - MOST_LINES + 1
    return [*lines[: MOST_LINES - 1], Line(LineKind.MORE, f"+{more}")]


def _reason(day: CalendarDay, lang: Language, room: int) -> list[str]:
    if look_of(day) is Look.QUIET or day.off is None:
        return []
    return wrap(day.off.label or lang(_("day off")), LABEL, room, MOST_REASON_LINES)


def _turn_lines(turns: tuple[MonthTurn, ...]) -> Iterator[Line]:
    """Turns of one label, one after the other, share a line: a paper and its readers."""
    for (label, planned), together in groupby(turns, key=lambda turn: (turn.label, turn.planned)):
        names = ", ".join(turn.name for turn in together if turn.name)
        yield Line(LineKind.TURN, names, label, planned)


def height_of(lines: list[Line]) -> int:
    """Pixels that a cell with these lines needs."""
    return HEAD + len(lines) * LINE + (PAD if lines else 0)


def cell(day: CalendarDay, lines: list[Line], box: Box, lang: Language, *, today: bool) -> Iterator[Mark]:
    """Everything that is drawn for a day, inside its box."""
    look = look_of(day)
    colours = _COLOURS[look]
    yield Panel(box, colours.card, palette.ACCENT if today else colours.edge, 5 if today else 2, radius=16)
    yield from _head(day, box, lang, today=today)
    for number, line in enumerate(lines):
        top = box.top + HEAD + number * LINE
        room = Box(box.left + PAD, top, box.right - PAD, top + LINE)
        yield from _line(line, room, colours.ink, faded=look is Look.CLOSED)


def _head(day: CalendarDay, box: Box, lang: Language, *, today: bool) -> Iterator[Mark]:
    """The date, on a disc if it is today, and the number of a study day."""
    look = look_of(day)
    baseline = box.top + 47
    date_room = Box(box.left + PAD, box.top + 8, box.left + PAD + 52, box.top + HEAD)
    if today:
        disc = Box(date_room.left, box.top + 12, date_room.left + 48, box.top + 60)
        yield Panel(disc, palette.ACCENT, radius=24)
        yield words_centred(str(day.date.day), TODAY, palette.CARD, disc, baseline - 1)
    else:
        yield words_left(str(day.date.day), DATE, _date_colour(day, look), date_room, baseline)
    if day.number:
        room = Box(date_room.right, box.top + 8, box.right - PAD, box.top + HEAD)
        colour = palette.MUTED if look is Look.CLOSED else palette.ACCENT
        yield words_right(lang(_("Day {n}"), n=day.number), NUMBER, colour, room, baseline - 2)


def _date_colour(day: CalendarDay, look: Look) -> str:
    """As on Korean calendars: Sundays and holidays red, Saturdays blue."""
    if look in {Look.HOLIDAY, Look.TEAM_OFF}:
        return _COLOURS[look].ink
    return weekday_colour(day.date.weekday(), _COLOURS[look].ink)


def weekday_colour(weekday: int, usual: str) -> str:
    """Red for Sunday, blue for Saturday; Monday is 0."""
    return {5: palette.SATURDAY, 6: palette.HOLIDAY}.get(weekday, usual)


def _line(line: Line, room: Box, ink: str, *, faded: bool) -> Iterator[Mark]:
    baseline = room.top + _BASELINE
    match line.kind:
        case LineKind.REASON:
            yield words_left(line.text, LABEL, ink, room, baseline)
        case LineKind.MORE:
            yield words_left(line.text, LABEL, palette.MUTED, room, baseline)
        case LineKind.EXTRA:
            yield from chip(line.text, LABEL, palette.EXTRA, room, fill=palette.EXTRA_SOFT)
        case LineKind.MODERATOR:
            yield from moderator_chip(line, room, faded=faded)
        case LineKind.TURN:
            yield from _turn(line, room, baseline, faded=faded)


def moderator_chip(line: Line, room: Box, *, faded: bool = False) -> Iterator[Mark]:
    """The moderator's name, marked: filled once the turn is made, only outlined while it is planned."""
    text = f"{MODERATOR_SIGN} {line.text}"
    if line.planned:
        yield from chip(text, PLANNED_NAME, palette.MUTED, room, outline=palette.ACCENT_EDGE)
    elif faded:
        yield from chip(text, NAME, palette.MUTED, room, fill=palette.EDGE)
    else:
        yield from chip(text, NAME, palette.ACCENT_INK, room, fill=palette.ACCENT_SOFT)


def chip(
    text: str, style: Style, colour: str, room: Box, *, fill: str | None = None, outline: str | None = None
) -> Iterator[Mark]:
    """A text on a pill as wide as the text."""
    inner = Box(room.left + 12, room.top, room.right - 12, room.bottom)
    words = words_left(text, style, colour, inner, room.top + _BASELINE)
    right = inner.left + width(words.text, style) + 12
    yield Panel(Box(room.left, room.top + 1, right, room.bottom - 4), fill, outline, 2 if outline else 0, radius=21)
    yield words


def _turn(line: Line, room: Box, baseline: int, *, faded: bool) -> Iterator[Words]:
    """`5강 가온`. Where both do not fit, the label gives way first, down to two fifths of the line."""
    name_style = PLANNED_NAME if line.planned else NAME
    ink = palette.MUTED if line.planned or faded else palette.INK
    gap = 9 if line.text and line.label else 0
    label_width = min(width(fit(line.label, LECTURE, room.width), LECTURE), room.width * 2 // 5 if gap else room.width)
    name = fit(line.text, name_style, room.width - gap - label_width)
    label = fit(line.label, LECTURE, room.width - gap - width(name, name_style))
    yield Words(label, room.left, baseline, LECTURE, palette.MUTED, room)
    if name:
        left = room.left + width(label, LECTURE) + (gap if label else 0)
        yield Words(name, left, baseline, name_style, ink, room)
