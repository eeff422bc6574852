"""Duties, the units they are done for, who may do them, and the turns that were made.

A duty is done per lecture, per day or per week. One unit of it (`lecture:17`, `day:2026-11-24`, `week:2026-11-23`)
is one turn; where several people do it together, each further place is a unit of its own (`lecture:17/2`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

PRESENTER: Final = "presenter"
MODERATOR: Final = "moderator"

KINDS_WITHOUT_PRESENTER: Final = frozenset({"event"})

MOST_PEOPLE: Final = 5
"""How many may do a team's own duty together."""

MOST_READERS: Final = 3
"""How many may present a paper together."""


class Per(StrEnum):
    """How often a duty falls to somebody."""

    DAY = "day"
    WEEK = "week"
    LECTURE = "lecture"


@dataclass(frozen=True)
class Span:
    """Days from `since` on; `until` is the first day no longer in it, None for no end."""

    since: date
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Absence:
    """Days on which somebody is away: every day of the span, or only some weekdays of it (Monday is 0)."""

    span: Span
    weekdays: frozenset[int] = frozenset()

    def __contains__(self, day: date) -> bool:
        return day in self.span and (not self.weekdays or day.weekday() in self.weekdays)


@dataclass(frozen=True)
class RosterMember:
    """Somebody who is or was in the team, with the spans of belonging to it and the absences meanwhile."""

    member_id: int
    spans: tuple[Span, ...]
    away: tuple[Absence, ...] = ()

    def belongs_on(self, day: date) -> bool:
        return any(day in span for span in self.spans)

    def present_on(self, day: date) -> bool:
        return self.belongs_on(day) and not any(day in absence for absence in self.away)


@dataclass(frozen=True)
class Duty:
    """A duty of a team. Its weeks begin on `first_weekday`; it is done on the days of `span`."""

    key: str
    per: Per
    people: int = 1
    first_weekday: int = 0
    span: Span = Span(date.min)


DAILY_MODERATOR: Final = Duty(MODERATOR, Per.DAY)


@dataclass(frozen=True)
class Presented:
    """A lecture as the rotation sees it; `readers` people present it."""

    lecture_id: int
    kind: str = "lecture"
    readers: int = 1

    @property
    def places(self) -> range:
        return range(1, (0 if self.kind in KINDS_WITHOUT_PRESENTER else self.readers) + 1)


@dataclass(frozen=True)
class Slot:
    """One duty for one unit, to be done by one member."""

    duty: str
    unit: str


@dataclass(frozen=True)
class Turn:
    """One member doing one duty on one day for one unit; of a week, `day` is the day on which it begins.

    A `settled` turn stays whatever becomes of the member: its session has begun.
    """

    duty: str
    unit: str
    day: date
    member_id: int
    settled: bool = field(default=False, compare=False)

    @property
    def slot(self) -> Slot:
        return Slot(self.duty, self.unit)


@dataclass(frozen=True)
class Skip:
    """A turn that was not taken: it does not count, and the member is not given this duty on that day again."""

    duty: str
    unit: str
    day: date
    member_id: int


@dataclass(frozen=True)
class Order:
    """From a day on a duty goes round in this order of members, and turns before that day no longer count."""

    duty: str
    since: date
    members: tuple[int, ...]


def _placed(unit: str, place: int) -> str:
    return unit if place == 1 else f"{unit}/{place}"


def lecture_unit(lecture_id: int, place: int = 1) -> str:
    return _placed(f"lecture:{lecture_id}", place)


def day_unit(day: date, place: int = 1) -> str:
    return _placed(f"day:{day.isoformat()}", place)


def week_unit(day: date, first_weekday: int = 0, place: int = 1) -> str:
    """The unit of the week in which a day lies; weeks begin on `first_weekday`."""
    begins = day - timedelta(days=(day.weekday() - first_weekday) % 7)
    return _placed(f"week:{begins.isoformat()}", place)


@lru_cache(maxsize=1024)
def shared_unit(unit: str) -> str:
    """What all places of a unit have in common: `lecture:17` for `lecture:17/2`."""
    return unit.partition("/")[0]


def lecture_id_of(unit: str) -> int | None:
    """17 for the unit `lecture:17` and its further places; None for a unit of another kind."""
    kind, _, key = shared_unit(unit).partition(":")
    return int(key) if kind == "lecture" else None


def week_of(unit: str) -> Span | None:
    """The seven days of a weekly unit; None for a unit of another kind."""
    kind, _, key = shared_unit(unit).partition(":")
    if kind != "week":
        return None
    begins = date.fromisoformat(key)
    return Span(begins, begins + timedelta(days=7))


def slots_of_day(
    day: date, lectures: Iterable[Presented], duties: Sequence[Duty] = (DAILY_MODERATOR,)
) -> tuple[Slot, ...]:
    """What is to be done on a study day, in the order in which it is given out.

    Each lecture's presenters first, in the order of the lectures, then the duties as they come: the moderator, then the
    team's own. A weekly duty is a slot of each day of its week.
    """
    given = [lecture for lecture in lectures if lecture.places]
    slots = [Slot(PRESENTER, lecture_unit(each.lecture_id, place)) for each in given for place in each.places]
    for duty in duties:
        if day in duty.span:
            slots += [Slot(duty.key, unit) for unit in _units(duty, day, given)]
    return tuple(slots)


def _units(duty: Duty, day: date, lectures: Collection[Presented]) -> list[str]:
    places = range(1, duty.people + 1)
    if duty.per is Per.LECTURE:
        return [lecture_unit(lecture.lecture_id, place) for lecture in lectures for place in places]
    if duty.per is Per.WEEK:
        return [week_unit(day, duty.first_weekday, place) for place in places]
    return [day_unit(day, place) for place in places]
