"""Who does which duty on which day: presenters per lecture, a moderator per day, chosen so that a team trusts it.

Each turn goes by the rule of `bot.domain.choice`. Presenters come first, in the order of the lectures, then the
moderator and the team's own duties are chosen from the rest; `bot.domain.evenness` says when, among those with equally
few turns, somebody is kept free to moderate. Turns that were already made stay and count, those of later days at once;
`bot.domain.standings` says what is counted. All of it follows from the roster and the turns alone: planning a week at
once and planning it day by day give the same turns.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from operator import attrgetter

from bot.domain.choice import Candidate, Choice, Chooser, Reason, ReasonKind, choose
from bot.domain.duties import MODERATOR, PRESENTER, Order, RosterMember, Skip, Slot, Turn, shared_unit, week_of
from bot.domain.evenness import EVEN, evenly, unevenness
from bot.domain.standings import Standings

__all__ = [
    "Candidate",
    "Choice",
    "Chooser",
    "DayToPlan",
    "PlannedTurn",
    "Reason",
    "ReasonKind",
    "choose",
    "plan",
    "plan_day",
]


@dataclass(frozen=True)
class DayToPlan:
    """A day and what is to be done on it, in the order in which it is given out."""

    day: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class PlannedTurn:
    """Who does a duty, and why they. `member_id` is None if nobody is there who could.

    A `held` turn is a week's that is given out on another day. `candidates` are those it was chosen from.
    """

    slot: Slot
    day: date
    member_id: int | None
    reason: Reason
    held: bool = False
    candidates: tuple[Candidate, ...] = ()


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
    ordered = sorted(turns, key=attrgetter("day", "duty", "unit", "member_id"))
    made = {day: list(of_day) for day, of_day in groupby(ordered, key=attrgetter("day"))}
    to_plan = {day.day: day for day in days}
    planner = _Planner(Standings(roster, orders), ordered, skips, chooser)
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

    def __init__(self, standings: Standings, turns: Sequence[Turn], skips: Iterable[Skip], chooser: Chooser) -> None:
        self._standings = standings
        self._chooser = chooser
        self._booked = [turn for turn in turns if standings.is_present(turn.member_id, turn.day)]
        self._weekly = {turn.slot: turn for turn in self._booked if week_of(turn.unit)}
        self._skips: defaultdict[str, list[Skip]] = defaultdict(list)
        for skip in sorted(skips, key=attrgetter("day")):
            self._skips[skip.duty].append(skip)

    def plan_day(self, day: DayToPlan, made: Sequence[Turn]) -> list[PlannedTurn]:
        self._booked = [turn for turn in self._booked if turn.day > day.day]
        kept = [turn for turn in made if turn.settled or self._standings.is_present(turn.member_id, day.day)]
        slots = tuple(dict.fromkeys((*day.slots, *(turn.slot for turn in kept))))
        kept.sort(key=lambda turn: slots.index(turn.slot))
        today = self._with_presenters(_Today(day.day, self, kept, self._held(day, kept)), slots)
        planned = today.give_out(slots, self._chooser)
        self.record(day.day, today.turns)
        return planned

    def record(self, day: date, turns: Sequence[Turn]) -> None:
        self._weekly |= {turn.slot: turn for turn in turns if week_of(turn.unit)}
        self._standings.record(day, turns)

    def candidates(self, duty: str, day: date) -> list[Candidate]:
        """Everybody present, before anything is given out on the day."""
        booked = self._booked_later(duty, day)
        last_skip = {skip.member_id: skip.day for skip in self._skips[duty] if skip.day < day}
        candidates = []
        for member_id, turns in self._standings.counted(duty, day).items():
            waited = max((day - self._standings.waiting_since(duty, member_id, day)).days, 0)
            owes = member_id in last_skip and self._standings.owes(duty, member_id, last_skip[member_id])
            candidates.append(Candidate(member_id, turns + booked[member_id], waited, duties_today=0, owes=owes))
        return candidates

    def skipped(self, slot: Slot, day: date) -> set[int]:
        """Who does not do this duty on this day, because they skipped it."""
        unit = shared_unit(slot.unit)
        return {skip.member_id for skip in self._skips[slot.duty] if skip.day == day or shared_unit(skip.unit) == unit}

    def _booked_later(self, duty: str, day: date) -> Counter[int]:
        """Turns of a duty already given for later days, by member; not those after an order that begins it anew."""
        return Counter(
            turn.member_id
            for turn in self._booked
            if turn.duty == duty and not self._standings.begins_anew(duty, day, turn.day)
        )

    def _held(self, day: DayToPlan, kept: Iterable[Turn]) -> dict[Slot, int | None]:
        """Whose the week's duties are that were given out on another day of the week.

        Nobody's before that day if they are away: the week is given already, from then on.
        """
        elsewhere = set(day.slots) - {turn.slot for turn in kept}
        given = [self._weekly[slot] for slot in day.slots if slot in elsewhere and slot in self._weekly]
        held: dict[Slot, int | None] = {}
        for turn in given:
            if self._standings.belongs(turn.member_id, day.day):
                there = turn.day <= day.day or self._standings.is_present(turn.member_id, day.day)
                held[turn.slot] = turn.member_id if there else None
        return held

    def _with_presenters(self, today: "_Today", slots: Sequence[Slot]) -> "_Today":
        """The day with its presenters: by the rule, or others where that keeps the moderator's turns more even."""
        presenting = [slot for slot in slots if slot.duty == PRESENTER]
        moderator = next((slot for slot in slots if slot.duty == MODERATOR and not today.is_planned(slot)), None)
        today.give_out(presenting, self._chooser)
        if not presenting or moderator is None:
            return today
        uneven = today.unevenness(presenting[0], moderator, self._chooser)
        if uneven == EVEN or self._standings.in_first_round(PRESENTER, today.day):
            return today
        evened = today.anew()
        evened.give_out(presenting, evenly(evened.candidates(moderator)))
        is_better = evened.unevenness(presenting[0], moderator, self._chooser) < uneven
        return evened if is_better else today


class _Today:
    """One day while its duties are given out."""

    def __init__(self, day: date, planner: _Planner, kept: Sequence[Turn], held: Mapping[Slot, int | None]) -> None:
        self.day = day
        self.turns = list(kept)
        self._planner = planner
        self._begun_with = (kept, held)
        self._before: dict[str, list[Candidate]] = {}
        self._planned: dict[Slot, PlannedTurn] = {}
        self._on_duty: defaultdict[int, list[Slot]] = defaultdict(list)
        made = Reason(ReasonKind.ASSIGNED)
        for turn in kept:
            self._plan(PlannedTurn(turn.slot, day, turn.member_id, made))
        for slot, member_id in held.items():
            reason = Reason(ReasonKind.NOBODY) if member_id is None else made
            self._plan(PlannedTurn(slot, day, member_id, reason, held=True))

    def anew(self) -> "_Today":
        """The same day with nothing given out yet."""
        return _Today(self.day, self._planner, *self._begun_with)

    def is_planned(self, slot: Slot) -> bool:
        return slot in self._planned

    def give_out(self, slots: Iterable[Slot], chooser: Chooser) -> list[PlannedTurn]:
        """The turns of these slots; those that nobody had are given out now."""
        for slot in slots:
            if slot not in self._planned:
                self._give_out(slot, chooser)
        return [self._planned[slot] for slot in slots]

    def _give_out(self, slot: Slot, chooser: Chooser) -> None:
        candidates = self.candidates(slot)
        choice = chooser([candidate for candidate in candidates if not candidate.skipped])
        if choice is None:
            self._plan(PlannedTurn(slot, self.day, None, Reason(ReasonKind.NOBODY), candidates=candidates))
            return
        self._plan(PlannedTurn(slot, self.day, choice.member_id, choice.reason, candidates=candidates))
        self.turns.append(Turn(slot.duty, slot.unit, self.day, choice.member_id))

    def _plan(self, turn: PlannedTurn) -> None:
        self._planned[turn.slot] = turn
        if turn.member_id is not None:
            self._on_duty[turn.member_id].append(turn.slot)

    def candidates(self, slot: Slot) -> tuple[Candidate, ...]:
        """Everybody present, with the turns given out today already counted."""
        if slot.duty not in self._before:
            self._before[slot.duty] = self._planner.candidates(slot.duty, self.day)
        skipped = self._planner.skipped(slot, self.day)
        changed = self._on_duty.keys() | skipped
        return tuple(
            self._as_of_now(each, slot, skipped) if each.member_id in changed else each
            for each in self._before[slot.duty]
        )

    def _as_of_now(self, before: Candidate, slot: Slot, skipped: Collection[int]) -> Candidate:
        """Somebody who has a duty today already, or skipped this one."""
        on_duty = self._on_duty.get(before.member_id, ())
        same = [other for other in on_duty if other.duty == slot.duty]
        turns = len([other for other in same if not self._planned[other].held])
        beside = bool(same) and shared_unit(slot.unit) in [shared_unit(other.unit) for other in same]
        return Candidate(
            before.member_id,
            before.turns + turns,
            0 if turns else before.waited_days,
            len(on_duty),
            on_duty[0].duty if on_duty else None,
            skipped=beside or before.member_id in skipped,
            owes=before.owes and not turns,
        )

    def unevenness(self, presenter: Slot, moderator: Slot, chooser: Chooser) -> tuple[int, int]:
        """How even the day would end, with the moderator that the rule will choose."""
        moderating = self.candidates(moderator)
        choice = chooser([candidate for candidate in moderating if not candidate.skipped])
        moderated = {candidate.member_id: candidate.turns for candidate in moderating}
        if choice is not None:
            moderated[choice.member_id] += 1
        return unevenness({each.member_id: each.turns for each in self.candidates(presenter)}, moderated)
