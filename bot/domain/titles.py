"""What lectures are called: one lecture (`NLP 5강`), and a day after the lectures studied on it (`NLP 5~6강`)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Protocol

from bot.domain.markdown_line import one_line

_NUMBERED: Final = re.compile(r"(?P<before>\D*)(?P<number>\d{1,6})(?P<after>\D*)")


class NamedLecture(Protocol):
    """What a title needs to know of a lecture. Each of the three may be empty."""

    @property
    def course(self) -> str: ...

    @property
    def number(self) -> str:
        """As the team writes it: `5강`."""

    @property
    def title(self) -> str: ...


@dataclass(frozen=True)
class _Unit:
    """A number with what is written around it; `order` is None when there is not exactly one number."""

    text: str
    before: str = ""
    after: str = ""
    order: int | None = None


def lecture_label(lecture: NamedLecture, *, with_course: bool = True) -> str:
    """`NLP 5강` or `5강`; the title where a lecture has no number."""
    parts = (one_line(lecture.course) if with_course else "", _number_or_title(lecture))
    return " ".join(part for part in parts if part)


def lecture_heading(lecture: NamedLecture, *, with_course: bool = True) -> str:
    """`NLP 5강. Transformer` or `5강. Transformer`."""
    label, title = lecture_label(lecture, with_course=with_course), one_line(lecture.title)
    return f"{label.removesuffix('.')}. {title}" if one_line(lecture.number) and title else label


def _number_or_title(lecture: NamedLecture) -> str:
    return one_line(lecture.number) or one_line(lecture.title)


def day_title(lectures: Iterable[NamedLecture]) -> str:
    """The title of a day: `NLP 5~6강`, `1, 3강`, `1~2, 4강`, `NLP 5강, CV 1강`. Empty without lectures.

    Courses stand in the order in which they first come, numbers of a course from low to high. Two numbers that follow
    each other are a range. What is not one number with something around it (`5-1강`) stands as it is written.
    """
    courses: dict[str, list[str]] = {}
    for lecture in lectures:
        courses.setdefault(one_line(lecture.course), []).append(_number_or_title(lecture))
    titles = (f"{course} {_joined(numbers)}".strip() for course, numbers in courses.items())
    return ", ".join(title for title in titles if title)


def _joined(texts: Sequence[str]) -> str:
    """Units that are written alike are joined to one list: `1~2, 4강`."""
    units = [_unit(text) for text in dict.fromkeys(texts) if text]
    alike: dict[tuple[str, str, bool, str], list[_Unit]] = {}
    for unit in units:
        numbered = unit.order is not None
        alike.setdefault((unit.before, unit.after, numbered, "" if numbered else unit.text), []).append(unit)
    return ", ".join(_list_of(group) for group in alike.values())


def _unit(text: str) -> _Unit:
    match = _NUMBERED.fullmatch(text)
    if match is None:
        return _Unit(text)
    return _Unit(text, match["before"], match["after"], int(match["number"]))


def _list_of(units: Sequence[_Unit]) -> str:
    if len(units) == 1:
        return units[0].text
    numbers = sorted({unit.order for unit in units if unit.order is not None})
    return f"{units[0].before}{', '.join(_ranges(numbers))}{units[0].after}"


def _ranges(numbers: Sequence[int]) -> Iterable[str]:
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        values = [number for _, number in run]
        yield str(values[0]) if len(values) == 1 else f"{values[0]}~{values[-1]}"
