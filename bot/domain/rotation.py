"""Who does which duty on which day: presenters per lecture, a moderator per day, chosen so that a team trusts it.

The rule, for one duty of one day, among those present that day who have not skipped it:

1. nobody gets a second duty of the day while somebody present has fewer duties that day;
2. then the fewest counted turns of this duty, turns already given for later days among them;
3. then the longest wait, in days since the last turn of this duty, or since one first appeared;
4. then the order of the roster, or the one that was set.

Presenters come first, in the order of the lectures, then the moderator and the team's own duties are chosen from the
rest; `bot.domain.evenness` says when, among those with equally few turns, somebody is kept free to moderate. Turns that
were already made stay and count. *Counted turns* are the turns one has had, but whoever appears on a day (present, and
not present on the last day that had a turn) counts at least as many as the least of those who were there both days, so
that nobody returns to a pile of turns. All of it follows from the roster and the turns alone: planning a week at once
and planning it day by day give the same turns.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import groupby, pairwise
from operator import attrgetter

from bot.domain.duties import MODERATOR, PRESENTER, Order, RosterMember, Skip, Slot, Turn, shared_unit, week_of
from bot.domain.evenness import Field, evened
from bot.domain.standings import Standings


class ReasonKind(Enum):
    """What settled a choice."""

    ASSIGNED = "assigned"
    ONLY_ONE = "only one"
    FEWEST_TURNS = "fewest turns"
    LONGEST_WAIT = "longest wait"
    ROSTER_ORDER = "roster order"
    EVEN_MODERATORS = "even moderators"
    DOUBLE = "double"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Reason:
    """What settled a choice, with the counted turns and the days waited of whoever was chosen.

    ONLY_ONE: nobody else was free. EVEN_MODERATORS: others, with equally few turns, are kept free to moderate.
    DOUBLE: the team is too small, everybody has a duty that day already. NOBODY: nobody is there who could.
    """

    kind: ReasonKind
    turns: int = 0
    waited_days: int = 0


@dataclass(frozen=True)
class Candidate:
    """Somebody present, as one choice sees them. `duty_today` is the first duty they have that day."""

    member_id: int
    turns: int
    waited_days: int
    duties_today: int
    duty_today: str | None = None
    skipped: bool = False


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
    """Who does a duty, and why they. `member_id` is None if nobody is there who could.

    A `held` turn is a week's that was given out on an earlier day. `candidates` are those it was chosen from.
    """

    slot: Slot
    day: date
    member_id: int | None
    reason: Reason
    held: bool = False
    candidates: tuple[Candidate, ...] = ()


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
    skips: Iterable[Skip] = (),
    orders: Iterable[Order] = (),
    chooser: Chooser = choose,
) -> list[PlannedTurn]:
    """Every turn of the given days, in their order: those already made, and those that the rule gives out.

    `roster` is everybody who ever belonged to the team, in roster order; `turns` is every turn made so far, of past
    days and of days to come. A turn made for somebody who is not there that day is given out again, unless it is
    settled. ValueError unless the days ascend.
    """
    if any(later.day <= earlier.day for earlier, later in pairwise(days)):
        raise ValueError("the days to plan must ascend")
    ordered = sorted(turns, key=attrgetter("day"))
    made = {day: list(of_day) for day, of_day in groupby(ordered, key=attrgetter("day"))}
    to_plan = {day.day: day for day in days}
    planner = _Planner(Standings(roster, orders), ordered, tuple(skips), chooser)
    planned: list[PlannedTurn] = []
    for day in sorted(made.keys() | to_plan.keys()):
        if day in to_plan:
            planned += planner.plan_day(to_plan[day], made.get(day, []))
        else:
            planner.record(day, made[day])
    return planned


def plan_day(day: DayToPlan, roster: Sequence[RosterMember], turns: Iterable[Turn] = ()) -> list[PlannedTurn]:
    """Every turn of one day; see `plan`."""
    return plan([day], roster, turns)


class _Planner:
    """Goes through the days, and knows what was given out on those before and is booked on those after."""

    def __init__(self, standings: Standings, turns: Sequence[Turn], skips: Sequence[Skip], chooser: Chooser) -> None:
        self.standings = standings
        self.skips = skips
        self.chooser = chooser
        self._booked = [turn for turn in turns if standings.is_present(turn.member_id, turn.day)]
        self._weekly: dict[Slot, int] = {}

    def plan_day(self, day: DayToPlan, made: Sequence[Turn]) -> list[PlannedTurn]:
        kept = [turn for turn in made if turn.settled or self.standings.is_present(turn.member_id, day.day)]
        held = {
            slot: member_id
            for slot in day.slots
            if (member_id := self._weekly.get(slot)) is not None and self.standings.belongs(member_id, day.day)
        }
        today = _Today(day.day, self, kept, held)
        slots = tuple(dict.fromkeys((*day.slots, *(turn.slot for turn in kept))))
        planned = today.plan(slots)
        self.record(day.day, today.turns)
        return planned

    def record(self, day: date, turns: Sequence[Turn]) -> None:
        self._weekly |= {turn.slot: turn.member_id for turn in turns if week_of(turn.unit)}
        self.standings.record(day, turns)

    def booked(self, duty: str, after: date) -> Counter[int]:
        """Turns of a duty already given for later days, by member."""
        self._booked = [turn for turn in self._booked if turn.day > after]
        return Counter(
            turn.member_id
            for turn in self._booked
            if turn.duty == duty and not self.standings.begins_anew(duty, after, turn.day)
        )

    def skipped(self, slot: Slot, day: date) -> set[int]:
        """Who does not do this duty on this day, because they skipped it."""
        unit = shared_unit(slot.unit)
        return {
            skip.member_id
            for skip in self.skips
            if skip.duty == slot.duty and (skip.day == day or shared_unit(skip.unit) == unit)
        }


class _Today:
    """One day while its duties are given out."""

    def __init__(self, day: date, planner: _Planner, kept: Iterable[Turn], held: dict[Slot, int]) -> None:
        self.day = day
        self.turns = list(kept)
        self._planner = planner
        self._held = held
        self._made = {turn.slot: turn.member_id for turn in self.turns}

    def plan(self, slots: Sequence[Slot]) -> list[PlannedTurn]:
        """In the order of the slots; presenters, who come first, are looked at once more before the others follow."""
        presenting = [slot for slot in slots if slot.duty == PRESENTER]
        planned = {slot: self._give_out(slot) for slot in presenting}
        moderator = next((slot for slot in slots if slot.duty == MODERATOR), None)
        if moderator is not None and moderator not in self._made and moderator not in self._held:
            planned |= self._even_out(list(planned.values()), moderator)
        for slot in slots:
            if slot not in planned:
                planned[slot] = self._give_out(slot)
        return [planned[slot] for slot in slots]

    def _give_out(self, slot: Slot) -> PlannedTurn:
        if slot in self._made:
            return PlannedTurn(slot, self.day, self._made[slot], Reason(ReasonKind.ASSIGNED))
        if slot in self._held:
            return PlannedTurn(slot, self.day, self._held[slot], Reason(ReasonKind.ASSIGNED), held=True)
        candidates = self._candidates(slot)
        choice = self._planner.chooser([candidate for candidate in candidates if not candidate.skipped])
        if choice is None:
            return PlannedTurn(slot, self.day, None, Reason(ReasonKind.NOBODY), candidates=candidates)
        self.turns.append(Turn(slot.duty, slot.unit, self.day, choice.member_id))
        return PlannedTurn(slot, self.day, choice.member_id, choice.reason, candidates=candidates)

    def _candidates(self, slot: Slot) -> tuple[Candidate, ...]:
        """Everybody present, with the turns given out today already counted."""
        standings = self._planner.standings
        duties = self._duties_today()
        of_this = Counter(turn.member_id for turn in self.turns if turn.duty == slot.duty)
        booked = self._planner.booked(slot.duty, self.day)
        skipped = self._planner.skipped(slot, self.day) | self._beside(slot)
        return tuple(
            Candidate(
                member_id,
                turns + of_this[member_id] + booked[member_id],
                0 if of_this[member_id] else standings.waited_days(slot.duty, member_id, self.day),
                len(duties.get(member_id, ())),
                duties[member_id][0] if member_id in duties else None,
                skipped=member_id in skipped,
            )
            for member_id, turns in standings.counted(slot.duty, self.day).items()
        )

    def _duties_today(self) -> dict[int, list[str]]:
        duties: dict[int, list[str]] = {}
        for turn in self.turns:
            duties.setdefault(turn.member_id, []).append(turn.duty)
        for slot, member_id in self._held.items():
            duties.setdefault(member_id, []).append(slot.duty)
        return duties

    def _beside(self, slot: Slot) -> set[int]:
        """Who does another place of the same unit: two places are for two people."""
        unit = shared_unit(slot.unit)
        return {
            turn.member_id
            for turn in self.turns
            if turn.duty == slot.duty and turn.unit != slot.unit and shared_unit(turn.unit) == unit
        }

    def _even_out(self, presenting: Sequence[PlannedTurn], moderator: Slot) -> dict[Slot, PlannedTurn]:
        """Presenters in place of others with equally few turns, where that keeps the moderators even."""
        given = [turn for turn in presenting if turn.candidates and turn.member_id is not None]
        if not given or any(turn.reason.kind is ReasonKind.DOUBLE for turn in given):
            return {}
        before = {candidate.member_id: candidate for candidate in given[0].candidates}
        chosen = [turn.member_id for turn in given if turn.member_id is not None]
        moderating = self._candidates(moderator)
        busy = self._duties_today().keys() - set(chosen)
        field = Field(
            presented={member_id: candidate.turns for member_id, candidate in before.items()},
            moderated={candidate.member_id: candidate.turns for candidate in moderating},
            waited={candidate.member_id: candidate.waited_days for candidate in moderating},
            may_present=frozenset(each.member_id for each in before.values() if not each.skipped) - busy,
            may_moderate=frozenset(each.member_id for each in moderating if not each.skipped) - busy,
        )
        changed = {}
        for turn, member_id in zip(given, evened(field, chosen), strict=True):
            if member_id != turn.member_id:
                reason = Reason(ReasonKind.EVEN_MODERATORS, before[member_id].turns, before[member_id].waited_days)
                changed[turn.slot] = PlannedTurn(turn.slot, self.day, member_id, reason, candidates=turn.candidates)
        for slot, turn in changed.items():
            self.turns = [made for made in self.turns if made.slot != slot]
            if turn.member_id is not None:
                self.turns.append(Turn(slot.duty, slot.unit, self.day, turn.member_id))
        return changed
