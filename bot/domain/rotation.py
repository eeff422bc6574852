"""Who does which duty on which day: presenters per lecture, a moderator per day, chosen so that a team trusts it.

The rule, for one duty of one day, among those present that day:

1. nobody gets a second duty of the day while somebody present has fewer duties that day;
2. then the fewest counted turns of this duty;
3. then the longest wait, in days since the last turn of this duty, or since one first appeared;
4. then the order of the roster.

Presenters come first, in the order of the lectures, the moderator is chosen from the rest. Turns that are already
assigned stay and count. *Counted turns* are the turns one has had, but whoever appears on a day (present, and not
present on the last day that had a turn) counts at least as many as the least of those who were there both days, so
that nobody returns to a pile of turns. All of it follows from the roster and the turns alone: planning a week at once
and planning it day by day give the same turns.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Final

PRESENTER: Final = "presenter"
MODERATOR: Final = "moderator"

KINDS_WITHOUT_PRESENTER: Final = frozenset({"event"})


@dataclass(frozen=True)
class Span:
    """Days from `since` on; `until` is the first day no longer in it, None for no end."""

    since: date
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class RosterMember:
    """Somebody who is or was in the team, with the spans of belonging to it and of being away meanwhile."""

    member_id: int
    spans: tuple[Span, ...]
    away: tuple[Span, ...] = ()

    def belongs_on(self, day: date) -> bool:
        return any(day in span for span in self.spans)

    def present_on(self, day: date) -> bool:
        return self.belongs_on(day) and not any(day in span for span in self.away)


@dataclass(frozen=True)
class Slot:
    """One duty for one unit, to be done by one member."""

    duty: str
    unit: str


@dataclass(frozen=True)
class Turn:
    """One member doing one duty on one day for one unit: `lecture:17`, or `day:2026-11-24`."""

    duty: str
    unit: str
    day: date
    member_id: int

    @property
    def slot(self) -> Slot:
        return Slot(self.duty, self.unit)


class ReasonKind(Enum):
    """What settled a choice."""

    ASSIGNED = "assigned"
    ONLY_ONE = "only one"
    FEWEST_TURNS = "fewest turns"
    LONGEST_WAIT = "longest wait"
    ROSTER_ORDER = "roster order"
    DOUBLE = "double"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Reason:
    """What settled a choice, with the counted turns and the days waited of whoever was chosen.

    ONLY_ONE: nobody else was free. DOUBLE: the team is too small, everybody has a duty that day already.
    NOBODY: nobody is present.
    """

    kind: ReasonKind
    turns: int = 0
    waited_days: int = 0


@dataclass(frozen=True)
class Candidate:
    """Somebody present, as one choice sees them."""

    member_id: int
    turns: int
    waited_days: int
    duties_today: int


@dataclass(frozen=True)
class Choice:
    member_id: int
    reason: Reason


Chooser = Callable[[Sequence[Candidate]], Choice | None]


@dataclass(frozen=True)
class DayToPlan:
    """A day and what is to be done on it, in the order in which it is given out."""

    day: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class PlannedTurn:
    """Who does a duty, and why they. `member_id` is None if nobody is present that day."""

    slot: Slot
    day: date
    member_id: int | None
    reason: Reason


def lecture_unit(lecture_id: int) -> str:
    return f"lecture:{lecture_id}"


def day_unit(day: date) -> str:
    return f"day:{day.isoformat()}"


def slots_of_day(day: date, lectures: Iterable[tuple[int, str]]) -> tuple[Slot, ...]:
    """The slots of a study day from the (id, kind) of the lectures presented: a presenter each, then a moderator."""
    presented = [lecture_id for lecture_id, kind in lectures if kind not in KINDS_WITHOUT_PRESENTER]
    presenters = [Slot(PRESENTER, lecture_unit(lecture_id)) for lecture_id in presented]
    return (*presenters, Slot(MODERATOR, day_unit(day)))


def choose(candidates: Sequence[Candidate]) -> Choice | None:
    """The rule of this module. Candidates come in roster order; None if there are none."""
    if not candidates:
        return None
    duties = min(candidate.duties_today for candidate in candidates)
    able = [candidate for candidate in candidates if candidate.duties_today == duties]
    ranked = sorted(able, key=lambda candidate: (candidate.turns, -candidate.waited_days))
    chosen = ranked[0]
    kind = ReasonKind.DOUBLE if duties else _what_settled(ranked)
    return Choice(chosen.member_id, Reason(kind, chosen.turns, chosen.waited_days))


def _what_settled(ranked: Sequence[Candidate]) -> ReasonKind:
    if len(ranked) == 1:
        return ReasonKind.ONLY_ONE
    first, second = ranked[:2]
    if first.turns < second.turns:
        return ReasonKind.FEWEST_TURNS
    return ReasonKind.LONGEST_WAIT if first.waited_days > second.waited_days else ReasonKind.ROSTER_ORDER


def plan(
    days: Sequence[DayToPlan],
    roster: Sequence[RosterMember],
    turns: Iterable[Turn] = (),
    *,
    chooser: Chooser = choose,
) -> list[PlannedTurn]:
    """Every turn of the given days, in their order: those already made, and those that the rule gives out.

    `roster` is everybody who ever belonged to the team, in roster order; `turns` is every turn made so far, of past
    days and of days to come. A turn made for somebody who no longer belongs to the team that day is given out again.
    A turn made for a day later than one that is being planned counts from its own day on. ValueError unless the days
    ascend.
    """
    if any(later.day <= earlier.day for earlier, later in pairwise(days)):
        raise ValueError("the days to plan must ascend")
    ordered = sorted(turns, key=attrgetter("day"))
    made = {day: list(of_day) for day, of_day in groupby(ordered, key=attrgetter("day"))}
    to_plan = {day.day: day for day in days}
    standings = _Standings(roster)
    planned: list[PlannedTurn] = []
    for day in sorted(made.keys() | to_plan.keys()):
        if day in to_plan:
            planned += _plan_day(to_plan[day], made.get(day, []), standings, chooser)
        else:
            standings.record(day, made[day])
    return planned


def plan_day(day: DayToPlan, roster: Sequence[RosterMember], turns: Iterable[Turn] = ()) -> list[PlannedTurn]:
    """Every turn of one day; see `plan`."""
    return plan([day], roster, turns)


def _plan_day(day: DayToPlan, made: Sequence[Turn], standings: "_Standings", chooser: Chooser) -> list[PlannedTurn]:
    kept = [turn for turn in made if standings.belongs(turn.member_id, day.day)]
    assigned = {turn.slot: turn.member_id for turn in kept}
    today = _Today(day.day, standings, kept)
    planned = []
    for slot in dict.fromkeys((*day.slots, *assigned)):
        if slot in assigned:
            planned.append(PlannedTurn(slot, day.day, assigned[slot], Reason(ReasonKind.ASSIGNED)))
        else:
            planned.append(today.give_out(slot, chooser))
    standings.record(day.day, today.turns)
    return planned


class _Today:
    """One day while its duties are given out."""

    def __init__(self, day: date, standings: "_Standings", kept: Iterable[Turn]) -> None:
        self.day = day
        self.turns = list(kept)
        self._standings = standings

    def give_out(self, slot: Slot, chooser: Chooser) -> PlannedTurn:
        choice = chooser(self._candidates(slot.duty))
        if choice is None:
            return PlannedTurn(slot, self.day, None, Reason(ReasonKind.NOBODY))
        self.turns.append(Turn(slot.duty, slot.unit, self.day, choice.member_id))
        return PlannedTurn(slot, self.day, choice.member_id, choice.reason)

    def _candidates(self, duty: str) -> list[Candidate]:
        """Everybody present, with the turns given out today already counted."""
        duties = Counter(turn.member_id for turn in self.turns)
        of_this = Counter(turn.member_id for turn in self.turns if turn.duty == duty)
        counted = self._standings.counted(duty, self.day)
        return [
            Candidate(
                member_id,
                turns + of_this[member_id],
                0 if of_this[member_id] else self._standings.waited_days(duty, member_id, self.day),
                duties[member_id],
            )
            for member_id, turns in counted.items()
        ]


@dataclass
class _Standings:
    """Where everybody stands after the days recorded so far; a day without a turn leaves no trace."""

    roster: Sequence[RosterMember]
    _turns: Counter[tuple[str, int]] = field(default_factory=Counter)
    _last_day: dict[tuple[str, int], date] = field(default_factory=dict)
    _appeared: dict[int, date] = field(default_factory=dict)
    _present_before: frozenset[int] = frozenset()

    def belongs(self, member_id: int, day: date) -> bool:
        return any(member.member_id == member_id and member.belongs_on(day) for member in self.roster)

    def present(self, day: date) -> list[int]:
        return [member.member_id for member in self.roster if member.present_on(day)]

    def counted(self, duty: str, day: date) -> dict[int, int]:
        """Counted turns of everybody present on the next day, in roster order, before anything is given out on it."""
        present = self.present(day)
        stayed = [self._turns[duty, member_id] for member_id in present if member_id in self._present_before]
        least = min(stayed, default=0)
        appeared = [member_id for member_id in present if member_id not in self._present_before]
        counts = {member_id: self._turns[duty, member_id] for member_id in present}
        return counts | {member_id: max(counts[member_id], least) for member_id in appeared}

    def waited_days(self, duty: str, member_id: int, day: date) -> int:
        since = self._last_day.get((duty, member_id)) or self._appeared.get(member_id, day)
        return (day - since).days

    def record(self, day: date, turns: Sequence[Turn]) -> None:
        """Take in the turns of a day, which is later than all before."""
        if not turns:
            return
        duties = {duty for duty, _ in self._turns} | {turn.duty for turn in turns}
        for duty in duties:
            for member_id, counted in self.counted(duty, day).items():
                self._turns[duty, member_id] = counted
        for member_id in self.present(day):
            self._appeared.setdefault(member_id, day)
        self._present_before = frozenset(self.present(day))
        for turn in turns:
            self._turns[turn.duty, turn.member_id] += 1
            self._last_day[turn.duty, turn.member_id] = day
