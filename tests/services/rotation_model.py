"""What a team may expect of its rotation, in the words of the issue and as plain values: no rule of the bot is used.

The model knows who is there when and what is to be done when; a `Look` is what the database and `/rotation show` say.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bot.services.rotation import DayTurns

ONE_DAY = timedelta(days=1)
HOLIDAYS = {date(2026, 2, day) for day in (16, 17, 18)} | {date(2026, 3, 2)}
"""Lunar new year, in the second week of the tests' team, and the day in place of 1 March."""

STANDING = ("proposed", "assigned")
PRIVATE = "a reason that is nobody's business"

Slot = tuple[str, str]
"""Duty and unit."""


@dataclass(frozen=True)
class Row:
    """A turn in the database."""

    id: int
    duty: str
    unit: str
    day: date
    lecture_id: int | None
    member: int
    state: str
    act: int | None
    made_at: str
    confirmed_at: str | None

    @property
    def slot(self) -> Slot:
        return self.duty, self.unit

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    @property
    def last_day(self) -> date:
        """The last date of its week; of any other turn its day."""
        kind, _, key = self.unit.partition("/")[0].partition(":")
        return date.fromisoformat(key) + 6 * ONE_DAY if kind == "week" else self.day

    @property
    def is_weekly(self) -> bool:
        return self.unit.startswith("week:")


@dataclass(frozen=True)
class Shown:
    """A turn as `/rotation show` has it."""

    duty: str
    lecture: str | None
    member: int | None
    made: bool
    confirmed: bool
    double: bool

    @property
    def task(self) -> tuple[str, str | None]:
        return self.duty, self.lecture


@dataclass(frozen=True)
class Lecture:
    day: date
    label: str
    places: int


@dataclass(frozen=True)
class Look:
    """Everything as it is after a step."""

    rows: dict[int, Row]
    shown: dict[date, tuple[Shown, ...]]
    lectures: dict[int, Lecture]
    acts: dict[int, tuple[str, str | None]]
    records: list[tuple]
    dump: list[str]

    @property
    def standing(self) -> dict[Slot, Row]:
        return {row.slot: row for row in self.rows.values() if row.stands}


def as_shown(turns: DayTurns) -> tuple[Shown, ...]:
    return tuple(
        Shown(
            turn.duty.key,
            turn.duty.lecture,
            None if turn.member is None else turn.member.id,
            turn.made,
            turn.confirmed,
            turn.double,
        )
        for turn in turns.turns
    )


def who_does_what(turns: Iterable[Shown]) -> Counter:
    return Counter((turn.duty, turn.lecture, turn.member) for turn in turns)


def dump(file: Path) -> list[str]:
    """All that the database holds."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def look(file: Path, shown: Iterable[DayTurns]) -> Look:
    """Read the database beside the bot's own engine."""
    with closing(sqlite3.connect(file)) as connection:
        turns = connection.execute(
            "SELECT id, duty, unit, date, lecture_id, member_id, state, act_id, made_at, confirmed_at FROM turn"
        )
        rows = {row[0]: Row(*row[:3], date.fromisoformat(row[3]), *row[4:]) for row in turns}
        lectures = {
            key: Lecture(date.fromisoformat(day), number, 0 if kind == "event" else readers)
            for key, day, number, kind, readers in connection.execute(
                "SELECT id, session_date, number, kind, readers FROM lecture"
            )
        }
        acts = {
            key: (kind, undone)
            for key, kind, undone in connection.execute("SELECT id, kind, undone_at FROM rotation_act")
        }
        records = connection.execute("SELECT id, action, subject, before, after, actor_id FROM audit").fetchall()
        return Look(
            rows, {day.date: as_shown(day) for day in shown}, lectures, acts, records, list(connection.iterdump())
        )


@dataclass
class Person:
    member: int
    name: str
    spans: list[tuple[date, date | None]] = field(default_factory=list)
    away: list[tuple[date, date | None, frozenset[int]]] = field(default_factory=list)

    def belongs(self, day: date) -> bool:
        return any(since <= day and (until is None or day < until) for since, until in self.spans)

    def is_there(self, day: date) -> bool:
        away = (
            since <= day and (until is None or day < until) and (not weekdays or day.weekday() in weekdays)
            for since, until, weekdays in self.away
        )
        return self.belongs(day) and not any(away)

    def end_absences(self, first_day_back: date) -> None:
        self.away = [
            (since, first_day_back if until is None or until > first_day_back else until, weekdays)
            for since, until, weekdays in self.away
            if since < first_day_back
        ]


@dataclass
class OwnDuty:
    per: str
    people: int
    since: date
    until: date | None = None

    def is_done(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass
class Model:
    """Who is there when, which days are studied, and what was announced. People by Discord user."""

    people: dict[int, Person] = field(default_factory=dict)
    duties: dict[str, OwnDuty] = field(default_factory=dict)
    set_days: dict[date, bool] = field(default_factory=dict)
    begun: set[date] = field(default_factory=set)
    announced: set[date] = field(default_factory=set)
    weekly: set[str] = field(default_factory=set)
    """Duties that are, or once were, done for a week."""
    today: date = date.min

    def is_study_day(self, day: date) -> bool:
        usual = day.weekday() < 5 and day not in HOLIDAYS
        return self.set_days.get(day, usual)

    def next_day(self, after: date) -> date:
        day = after + ONE_DAY
        while not self.is_study_day(day):
            day += ONE_DAY
        return day

    @property
    def entry_day(self) -> date:
        """Today, or on a day off the next study day."""
        return self.next_day(self.today - ONE_DAY)

    @property
    def roster(self) -> list[Person]:
        return [person for person in self.people.values() if any(until is None for _since, until in person.spans)]

    @property
    def away(self) -> list[int]:
        """Users of those on the roster who are away, or will be."""
        return [
            user
            for user, person in self.people.items()
            if person in self.roster
            and any(until is None or until > self.today for _since, until, _days in person.away)
        ]

    def member(self, member: int | None) -> Person:
        return next(person for person in self.people.values() if person.member == member)

    def is_open(self, day: date) -> bool:
        """A day still to come, whose session has not begun."""
        return day >= self.today and day not in self.begun

    def wanted(self, day: date, lectures: Iterable[Lecture]) -> Counter:
        """How many people each task of a day needs."""
        presented = [lecture for lecture in lectures if lecture.day == day and lecture.places]
        wanted: Counter = Counter({("moderator", None): 1})
        wanted.update({("presenter", lecture.label): lecture.places for lecture in presented})
        for key, duty in self.duties.items():
            for label in [lecture.label for lecture in presented] if duty.per == "lecture" else [None]:
                wanted[key, label] += duty.people if duty.is_done(day) else 0
        return +wanted

    def day_of(self, row: Row) -> date | None:
        """The day to come on which a turn is done; of a week the first, also where that was taken off. None: never."""
        day = max(row.day, self.today) if row.is_weekly else row.day
        days = (day + step * ONE_DAY for step in range((row.last_day - day).days + 1))
        return next((day for day in days if day >= self.today and self.is_study_day(day)), None)

    def goes_on(self, now: Look, turn: Shown, day: date) -> bool:
        """Whether it is a week's turn, given out on an earlier day that is shown."""
        earlier = [each for each in now.shown if 0 < (day - each).days < 7]  # a week may begin on any weekday
        same = [each for each in now.shown[max(earlier)] if each.duty == turn.duty] if earlier else []
        return turn.duty in self.weekly and any(each.member == turn.member for each in same)
