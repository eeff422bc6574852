"""A week that a team looks back on: what was written, who took part, what was tried out, and what is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.calendar import NoStudyDay, StudyCalendar
from bot.domain.team import Member, StudyDay, Team

EXPERIMENT_LIMIT = 150
"""Characters of an experiment: one thing, in a sentence."""


class Verdict(StrEnum):
    """What is to become of an experiment."""

    KEEP = "keep"
    CHANGE = "change"
    DROP = "drop"


@dataclass(frozen=True)
class Experiment:
    """What the team tries out in the week from `week`, a Monday, on; and how many say what of it."""

    id: int
    week: date
    text: str
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)

    @property
    def most(self) -> Verdict | None:
        """What most say; None while nobody has said anything, and for a tie."""
        ranked = sorted(self.verdicts.items(), key=lambda pair: -pair[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            return None
        return ranked[0][0]


@dataclass(frozen=True)
class Said:
    """An answer of the week. `author` is None for an anonymous one."""

    author: str | None
    day: date
    text: str


@dataclass(frozen=True)
class OpenAction:
    """Something that somebody took on and that is not over."""

    text: str
    owner: str | None
    due: date | None


@dataclass(frozen=True)
class WeekDay:
    """A study day of the week: how many have looked back, of how many, and what was going on.

    `took_part` are the members under whose name something stands on the day's page. Whoever only wrote anonymously or
    for themselves is not among them: a row of those who have written would say who the anonymous ones are.
    """

    date: date
    number: int
    written: int = 0
    people: int = 0
    asked: int = 0
    answered: int = 0
    handed_in: int = 0
    took_part: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Week:
    """A team's week up to its last study day. `answers` are those that the team may read, by question.

    `tried` is this week's experiment and `chosen` the next one's; `together` says on how many study days in a row
    everybody who was there has written, 0 where the team does not count.
    """

    team: Team
    last: StudyDay
    days: tuple[WeekDay, ...]
    members: tuple[Member, ...]
    answers: tuple[tuple[str, tuple[Said, ...]], ...] = ()
    actions: tuple[OpenAction, ...] = ()
    tried: Experiment | None = None
    chosen: Experiment | None = None
    together: int = 0

    @property
    def written(self) -> int:
        return sum(day.written for day in self.days)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def is_last_of_week(calendar: StudyCalendar, day: date) -> bool:
    """Whether no other study day follows in a date's week, from Monday to Sunday."""
    try:
        return monday_of(calendar.next_after(day)) != monday_of(day)
    except NoStudyDay:
        return True


def next_week(calendar: StudyCalendar, day: date) -> date:
    """The Monday of the next week with a study day. NoStudyDay if there is none."""
    sunday = monday_of(day) + timedelta(days=6)
    return monday_of(calendar.next_after(sunday))


def by_question(answers: Sequence[tuple[str, Said]], first: Sequence[str]) -> tuple[tuple[str, tuple[Said, ...]], ...]:
    """Answers under their questions: those asked now come first, then others in the order in which they appear."""
    questions = dict.fromkeys((*first, *(question for question, _said in answers)))
    grouped = ((asked, tuple(said for question, said in answers if question == asked)) for asked in questions)
    return tuple((asked, said) for asked, said in grouped if said)
