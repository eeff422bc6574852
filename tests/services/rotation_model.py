"""What a team may expect of its rotation, in the words of the issue and as plain values: no rule of the bot is used.

The model knows who is there when and what is to be done when; a `Look` is what the database and `/rotation show` say.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
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


def look(file: Path, shown: Iterable[DayTurns]) -> Look:
    """Read the database beside the bot's own engine."""
    connection = sqlite3.connect(file)
    try:
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
    finally:
        connection.close()


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
        earlier = [each for each in now.shown if each < day and each.isocalendar()[:2] == day.isocalendar()[:2]]
        same = [each for each in now.shown[max(earlier)] if each.duty == turn.duty] if earlier else []
        return turn.duty in self.weekly and any(each.member == turn.member for each in same)


def holders_are_there(model: Model, now: Look) -> None:
    """No coming turn is somebody's who is away or has left; a week's that runs stays with them while they belong."""
    for row in now.standing.values():
        day, person = model.day_of(row), model.member(row.member)
        if day is None or not model.is_open(day):
            continue
        there = person.belongs(day) if row.day < model.today else person.is_there(day)
        assert there, f"{person.name} has {row} but is not there on {day}"


def each_task_has_its_turns(model: Model, now: Look) -> None:
    """Every study day to come shows as many turns of each task as it needs, and no more stand for it."""
    for day, turns in now.shown.items():
        wanted = model.wanted(day, now.lectures.values())
        assert Counter(turn.task for turn in turns) == wanted, day
        standing = Counter(
            row.duty
            for row in now.standing.values()
            if row.day <= day <= row.last_day and (row.day >= model.today or (row.duty, None) in wanted)
        )
        for duty, count in standing.items():
            needed = sum(people for (each, _lecture), people in wanted.items() if each == duty)
            assert count <= needed, f"{count} turns of {duty} stand for {day}"


def skipped(now: Look, duty: str, day: date) -> set[int]:
    """Who skipped a duty on a day, for a lecture of that day, or for the week that it lies in."""
    rows = (row for row in now.rows.values() if row.state == "skipped" and row.duty == duty)
    lectures = {key for key, lecture in now.lectures.items() if lecture.day == day}
    return {row.member for row in rows if row.day <= day <= row.last_day or row.lecture_id in lectures}


def nobody_is_idle(model: Model, before: Look, now: Look) -> None:
    """The rule gives nobody a second duty, and leaves none to nobody, while somebody who can do it has none.

    Presenters come first: whoever is free because they skipped what came after is no reason against it.
    """
    for day, turns in now.shown.items():
        duties = Counter(turn.member for turn in turns)
        idle = {person.member for person in model.roster if person.is_there(day) and not duties[person.member]}
        by_rule = _given_by_rule(before, now, day)
        for member, count in duties.items() if model.is_open(day) else ():
            own = [turn for turn in turns if turn.member == member]
            given = [turn for turn in own if not turn.made or by_rule[turn.duty, turn.member]]
            if any(model.goes_on(now, turn, day) for turn in own):
                continue
            if member is None:
                assert not any(idle - skipped(now, turn.duty, day) for turn in own), f"{own} on {day}: {idle} are free"
            elif count > 1 and given:
                assert any(idle <= skipped(now, turn.duty, day) for turn in given), f"{given} on {day}: {idle} are free"
                assert any(turn.double or turn.made for turn in own), f"{own} on {day} does not say so"


def _given_by_rule(before: Look, now: Look, day: date) -> Counter:
    """Duties and members of the turns of a day that were given out in this step, to somebody else than before."""
    fresh = [row for row in now.rows.values() if row.id not in before.rows and row.state == "proposed"]
    fresh = [row for row in fresh if row.slot not in before.standing or before.standing[row.slot].member != row.member]
    return Counter((row.duty, row.member) for row in fresh if row.day == day)


def announced_days_are_made(model: Model, now: Look) -> None:
    """Whoever has a duty on a day that was announced has been given it."""
    for day in model.announced & now.shown.keys():
        if model.is_open(day) and model.is_study_day(day):
            planned = [turn for turn in now.shown[day] if turn.member is not None and not turn.made]
            assert not planned, f"{planned} on {day}, which was announced, is nobody's in the database"


def history_stays(model: Model, before: Look, now: Look) -> None:
    """No turn vanishes or becomes another; those of closed days do not change at all."""
    for row in before.rows.values():
        after = now.rows[row.id]
        same = (row.duty, row.member, row.day, row.made_at)
        assert (after.duty, after.member, after.day, after.made_at) == same, f"{row} has become {after}"
        assert after.unit == row.unit or after.unit == row.unit.replace("lecture:", "removed:"), after
        if row.last_day < model.today:
            assert (after.state, after.confirmed_at) == (row.state, row.confirmed_at), f"{row} has become {after}"


def confirmed_turns_stay(model: Model, before: Look, now: Look) -> None:
    """Whoever said yes, is there and does not skip it keeps their turn, as long as there is something to do."""
    for row in before.standing.values():
        after = now.standing.get(row.slot)
        day = None if now.rows[row.id].state == "skipped" else model.day_of(row if after is None else after)
        if row.confirmed_at is None or day is None or not model.is_open(day) or not _is_to_do(model, now, row, day):
            continue
        lecture = now.lectures.get(row.lecture_id or 0)
        day = day if lecture is None else lecture.day
        if model.member(row.member).is_there(day):
            assert after is not None, f"{row} was taken away"
            assert (after.member, after.confirmed_at) == (row.member, row.confirmed_at), f"{row} was given to {after}"


def _is_to_do(model: Model, now: Look, row: Row, day: date) -> bool:
    place = int(row.unit.partition("/")[2] or 1)
    if row.duty == "presenter":
        lecture = now.lectures.get(row.lecture_id or 0)
        return lecture is not None and place <= lecture.places
    if row.lecture_id is not None and row.lecture_id not in now.lectures:
        return False
    return row.duty == "moderator" or model.duties[row.duty].is_done(day)


def each_change_is_on_record(before: Look, now: Look) -> None:
    """The audit has a row for each turn that was made, and for each that ended without another in its place."""
    new = now.records[len(before.records) :]
    made = Counter(subject for _id, action, subject, *_rest in new if action in {"rotation.propose", "rotation.assign"})
    for slot, count in Counter(row.slot for row in now.rows.values() if row.id not in before.rows).items():
        assert made[f"turn:{slot[0]}:{slot[1]}"] == count, f"{slot} is not on record"
    for row in before.rows.values():
        if row.state != now.rows[row.id].state:
            assert new, f"{row} has become {now.rows[row.id]}, and nothing is on record"


def the_reason_is_private(now: Look) -> None:
    told = [line for line in now.dump if PRIVATE in line and not line.startswith('INSERT INTO "absence"')]
    assert not told, told


def news(days: Iterable[date], before: Look, now: Look) -> Iterator[str]:
    """What is shown otherwise than before, of days that both looks show."""
    for day in days:
        if day in before.shown and day in now.shown:
            was, is_now = who_does_what(before.shown[day]), who_does_what(now.shown[day])
            if was != is_now:
                yield f"{day}: shown {was - is_now}, happened {is_now - was}"
