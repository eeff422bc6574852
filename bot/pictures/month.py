"""A month as a picture, a row for each week and a cell for each day; and in words, for those who do not see it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from babel.dates import format_skeleton

from bot.domain.month import CalendarDay, Month, MonthTurn
from bot.i18n import Language, _
from bot.pictures import palette
from bot.pictures._alt import as_alt
from bot.pictures._cell import Look, cell, height_of, lines_of, look_of, weekday_colour
from bot.pictures._legend import legend
from bot.pictures.lettering import Style
from bot.pictures.sheet import MARGIN, WIDTH, Box, Mark, Sheet, png, words_centred, words_left, words_right

GAP: Final = 8
TITLE: Final = Style(58, bold=True)
SUMMARY: Final = Style(31)
WEEKDAY: Final = Style(28, bold=True)

_TITLE_BASELINE: Final = 92
_WEEKDAY_BASELINE: Final = 160
_GRID_TOP: Final = 178
_LEGEND_HEIGHT: Final = 44
_LOWEST_ROW: Final = 126

_BUSY: Final = 100
_LABELLED: Final = 70
_QUIET: Final = 42
"""Weights of columns: weekdays on which the team never studies need little room."""


def month_picture(month: Month, lang: Language) -> bytes:
    """A month as the bytes of a PNG file, 1,600 pixels wide."""
    return png(month_sheet(month, lang))


def month_name(month: Month, lang: Language) -> str:
    """`2026년 1월` or `January 2026`."""
    return str(format_skeleton("yMMMM", month.first, locale=lang.code))


def month_sheet(month: Month, lang: Language) -> Sheet:
    """Where everything stands."""
    columns = _columns(month)
    weeks = _weeks(month)
    rows = [_Row.of(week, columns, lang) for week in weeks]
    tops = list(accumulate((row.height + GAP for row in rows), initial=_GRID_TOP))
    key = Box(MARGIN, tops[-1] + 16, WIDTH - MARGIN, tops[-1] + 16 + _LEGEND_HEIGHT)
    marks = [*_head(month, lang), *_weekdays(columns, lang)]
    for row, top in zip(rows, tops, strict=False):
        marks += row.marks(columns, top, month, lang)
    marks += legend(month, lang, key)
    return Sheet(WIDTH, key.bottom + 32, palette.GROUND, tuple(marks))


def _weeks(month: Month) -> list[list[CalendarDay | None]]:
    """The days in rows of seven, with None for days of other months."""
    before: list[CalendarDay | None] = [None] * month.first.weekday()
    days = [*before, *month.days]
    days += [None] * (-len(days) % 7)
    return [days[begin : begin + 7] for begin in range(0, len(days), 7)]


def _columns(month: Month) -> list[tuple[int, int]]:
    """The left and right edge of each weekday's column."""
    weights = [_weight([day for day in month.days if day.date.weekday() == weekday]) for weekday in range(7)]
    room = WIDTH - 2 * MARGIN + GAP
    edges = [MARGIN + room * sofar // sum(weights) for sofar in accumulate(weights, initial=0)]
    return [(left, right - GAP) for left, right in pairwise(edges)]


def _weight(days: Sequence[CalendarDay]) -> int:
    if any(day.number for day in days):
        return _BUSY
    return _QUIET if all(look_of(day) is Look.QUIET for day in days) else _LABELLED


def _head(month: Month, lang: Language) -> Iterator[Mark]:
    title = Box(MARGIN, 30, WIDTH // 2, 110)
    yield words_left(month_name(month, lang), TITLE, palette.INK, title, _TITLE_BASELINE)
    room = Box(WIDTH // 2, 30, WIDTH - MARGIN, 110)
    yield words_right(summary(month, lang), SUMMARY, palette.MUTED, room, _TITLE_BASELINE)


def summary(month: Month, lang: Language) -> str:
    """`학습일 20일 · Day1–Day20`, or that there is none."""
    numbers = [day.number for day in month.study_days if day.number]
    if not numbers:
        return lang(_("No study day in this month."))
    text = _("{count} study days · Day {first}–{last}") if len(numbers) > 1 else _("1 study day · Day {first}")
    return lang(text, count=len(numbers), first=numbers[0], last=numbers[-1])


def _weekdays(columns: Sequence[tuple[int, int]], lang: Language) -> Iterator[Mark]:
    for weekday, (left, right) in enumerate(columns):
        room = Box(left, _WEEKDAY_BASELINE - 30, right, _GRID_TOP)
        colour = weekday_colour(weekday, palette.MUTED)
        yield words_centred(lang.weekday(weekday), WEEKDAY, colour, room, _WEEKDAY_BASELINE)


@dataclass(frozen=True)
class _Row:
    """A week with the lines of its cells; all cells of a row are as high as the fullest."""

    days: Sequence[CalendarDay | None]
    height: int

    @classmethod
    def of(cls, days: Sequence[CalendarDay | None], columns: Sequence[tuple[int, int]], lang: Language) -> "_Row":
        needed = [
            height_of(lines_of(day, lang, right - left))
            for day, (left, right) in zip(days, columns, strict=True)
            if day
        ]
        return cls(days, max(_LOWEST_ROW, *needed))

    def marks(self, columns: Sequence[tuple[int, int]], top: int, month: Month, lang: Language) -> Iterator[Mark]:
        for day, (left, right) in zip(self.days, columns, strict=True):
            if day is not None:
                box = Box(left, top, right, top + self.height)
                yield from cell(day, lines_of(day, lang, box.width), box, lang, today=day.date == month.today)


def month_alt(month: Month, lang: Language) -> str:
    """A month in words, at most 1,024 characters: what is to come first, then the days off, then what is over."""
    head = f"{month_name(month, lang)}: {summary(month, lang)}"
    coming = [day for day in month.study_days if not day.closed and day.date >= month.today]
    over = [day for day in month.study_days if day not in coming]
    days = [*_with_turns(coming, month, lang), *_days_off(month, lang), *_with_turns(over, month, lang)]
    return as_alt([head, *days])


def _with_turns(days: Iterable[CalendarDay], month: Month, lang: Language) -> Iterator[str]:
    """A line for today, and for each day that has a turn or is an extra one."""
    for day in days:
        today = [lang(_("today"))] if day.date == month.today else []
        extra = [day.label or lang(_("extra day"))] if day.extra else []
        parts = [*today, *extra, *turn_texts(day, lang)]
        if parts:
            yield f"{lang.day(day.date)} {lang(_('Day {n}'), n=day.number)}: {', '.join(parts)}"


def _days_off(month: Month, lang: Language) -> Iterator[str]:
    off = [(day.date, day.off.label) for day in month.days if day.off and look_of(day) is not Look.QUIET]
    if off:
        days = ", ".join(f"{lang.day(day)} {label}".strip() for day, label in off)
        yield lang(_("Days off: {days}"), days=days)


def turn_texts(day: CalendarDay, lang: Language) -> list[str]:
    """`가온 moderates`, `5강 나래`, and at the end those only planned: `planned: 6강 다솜, 서기 라온`."""
    made = [_turn_text(turn, day, lang) for turn in day.turns if not turn.planned]
    planned = [_turn_text(turn, day, lang) for turn in day.turns if turn.planned]
    return [*made, lang(_("planned: {turns}"), turns=", ".join(planned))] if planned else made


def _turn_text(turn: MonthTurn, day: CalendarDay, lang: Language) -> str:
    if turn == day.moderator:
        return lang(_("{name} moderates"), name=turn.name)
    return f"{turn.label} {turn.name}".strip()
