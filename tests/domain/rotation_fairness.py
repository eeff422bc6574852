"""What a team expects of a plan, in the words of the rule and counted by hand.

Nothing here asks the code under test, but for the reason that it gives.
"""

from collections import Counter, defaultdict
from datetime import date
from itertools import groupby
from operator import attrgetter

from bot.domain.duties import PRESENTER, Order, Slot, Turn, shared_unit, week_of
from bot.domain.rotation import PlannedTurn, ReasonKind
from tests.domain.rotation_worlds import World, made


def assert_fair(world: World, planned: list[PlannedTurn]) -> None:
    """Every turn of the plan is the one that the rule asks for, given what the world tells."""
    ledger = Ledger(world)
    of_plan = {today: list(turns) for today, turns in groupby(planned, key=attrgetter("day"))}
    for today in sorted({turn.day for turn in world.turns} | of_plan.keys()):
        turns = [turn for turn in world.turns if turn.day == today]
        ledger.begin(today)
        if today in of_plan:
            ledger.check(of_plan[today], turns)
            turns = made(of_plan[today])
        ledger.close(turns)


class Ledger:
    """Who had how many turns of what, who waited since when, and whose the week's duties are."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.counted: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.last: dict[tuple[str, int], date] = {}
        self.first_seen: dict[int, date] = {}
        self.there_before: set[int] = set()
        self.there: set[int] = set()
        self.weekly: dict[Slot, int] = {}
        self.orders: dict[str, Order] = {}
        self.skippers = {(skip.duty, skip.member_id) for skip in self.world.skips}
        self.places = {member.member_id: place for place, member in enumerate(world.roster)}
        there = {turn.day: self.world.present_on(turn.day) for turn in world.turns}
        self.to_come = [turn for turn in world.turns if turn.member_id in there[turn.day]]

    def begin(self, today: date) -> None:
        self.today, self.there = today, self.world.present_on(today)
        self.to_come = [turn for turn in self.to_come if turn.day > today]
        self.booked_by_duty: dict[str, Counter[int]] = {}
        for order in sorted(self.world.orders, key=lambda order: order.since):
            if order.since <= today and self.orders.get(order.duty) != order and self._is_latest(order, today):
                self.orders[order.duty] = order
                self.counted[order.duty].clear()
                self.last = {key: day for key, day in self.last.items() if key[0] != order.duty}

    def _is_latest(self, order: Order, today: date) -> bool:
        begun = [other for other in self.world.orders if other.duty == order.duty and other.since <= today]
        return max(reversed(begun), key=lambda other: other.since) == order

    def turns(self, duty: str, member_id: int) -> int:
        """Counted turns before this day: whoever appears counts at least the least of those there both days."""
        own = self.counted[duty][member_id]
        if member_id in self.there_before:
            return own
        return max(own, min((self.counted[duty][each] for each in self.there & self.there_before), default=0))

    def booked(self, duty: str, member_id: int) -> int:
        """Turns on later days at which the member is there, up to an order that makes them no longer count."""
        if duty not in self.booked_by_duty:
            orders = [each.since for each in self.world.orders if each.duty == duty and each.since > self.today]
            anew = min(orders, default=date.max)
            booked = (turn.member_id for turn in self.to_come if turn.duty == duty and turn.day < anew)
            self.booked_by_duty[duty] = Counter(booked)
        return self.booked_by_duty[duty][member_id]

    def since(self, duty: str, member_id: int) -> date:
        """The day of the last turn, else on which one first appeared, or the duty began anew."""
        seen = self.first_seen.get(member_id, self.today)
        began = self.orders[duty].since if duty in self.orders else seen
        return self.last.get((duty, member_id), max(seen, began))

    def owes(self, duty: str, member_id: int) -> bool:
        """Skipped a turn, and had none since; an order makes everybody even."""
        if (duty, member_id) not in self.skippers:
            return False
        began = self.orders[duty].since if duty in self.orders else date.min
        since = self.last.get((duty, member_id), began)
        return any(
            (skip.duty, skip.member_id) == (duty, member_id) and since <= skip.day < self.today
            for skip in self.world.skips
        )

    def skipped(self, slot: Slot) -> set[int]:
        return {
            skip.member_id
            for skip in self.world.skips
            if skip.duty == slot.duty and (skip.day == self.today or shared_unit(skip.unit) == shared_unit(slot.unit))
        }

    def check(self, planned: list[PlannedTurn], turns: list[Turn]) -> None:
        """The turns of one day, in the order in which they are given out, those made before them."""
        fixed = self._fixed(planned, turns)
        on_duty = list(fixed.items())
        presenting = {turn.reason.kind for turn in planned if turn.slot.duty == PRESENTER}
        exactly = presenting.isdisjoint({ReasonKind.EVEN_MODERATORS, ReasonKind.DOUBLE})
        for turn in planned:
            assert turn.held == (
                turn.slot in fixed and turn.slot not in {each.slot for each in turns if self._stays(each)}
            )
            if turn.slot in fixed:
                reason = ReasonKind.NOBODY if fixed[turn.slot] is None else ReasonKind.ASSIGNED
                assert (turn.member_id, turn.reason.kind) == (fixed[turn.slot], reason)
                continue
            self._check_choice(turn, on_duty, exactly=exactly or turn.slot.duty != PRESENTER)
            if turn.member_id is not None:
                on_duty.append((turn.slot, turn.member_id))

    def _fixed(self, planned: list[PlannedTurn], turns: list[Turn]) -> dict[Slot, int | None]:
        """Turns made for this day, and the week's duties of whoever is still in the team."""
        in_team = {member.member_id for member in self.world.roster if member.belongs_on(self.today)}
        this_week = {turn.slot: self._week_holder(turn.slot) for turn in planned if week_of(turn.slot.unit)}
        return {slot: self._if_there(slot, who) for slot, who in this_week.items() if who in in_team} | {
            turn.slot: turn.member_id for turn in turns if self._stays(turn)
        }

    def _week_holder(self, slot: Slot) -> int | None:
        """Whose a week's duty is since an earlier day of the week, or else was made to be on a later one."""
        to_come = [turn for turn in self.to_come if turn.slot == slot]
        return self.weekly.get(slot, min(to_come, key=attrgetter("day")).member_id if to_come else None)

    def _if_there(self, slot: Slot, who: int | None) -> int | None:
        """A week that was given out before is theirs also while they are away; one to come is nobody's until then."""
        return who if slot in self.weekly or who in self.there else None

    def _stays(self, turn: Turn) -> bool:
        return turn.settled or turn.member_id in self.there

    def _check_choice(self, turn: PlannedTurn, on_duty: list[tuple[Slot, int | None]], *, exactly: bool) -> None:
        duty, unit = turn.slot.duty, shared_unit(turn.slot.unit)
        beside = {who for slot, who in on_duty if slot.duty == duty and shared_unit(slot.unit) == unit}
        able = self.there - self.skipped(turn.slot) - beside
        if not able:
            assert turn.member_id is None
            assert turn.reason.kind is ReasonKind.NOBODY
            return
        busy = [who for _, who in on_duty]
        today = Counter([who for slot, who in on_duty if slot.duty == duty and not self._is_held(slot)])
        rested = able.difference(busy)
        least_busy = 0 if rested else min(map(busy.count, able))
        free = rested or {who for who in able if busy.count(who) == least_busy}
        assert turn.member_id in free, "somebody less busy that day could do it"
        assert (turn.reason.kind is ReasonKind.DOUBLE) == (least_busy > 0)
        turns = {who: self.turns(duty, who) + self.booked(duty, who) + today[who] for who in free}
        fewest = min(turns.values())
        assert turns[turn.member_id] == fewest, "somebody free has fewer turns"
        if exactly:
            tied = [who for who in free if turns[who] == fewest]
            assert turn.member_id == min(tied, key=lambda who: self._rank(duty, who, today[who])), "somebody is before"

    def _rank(self, duty: str, member_id: int, today: int) -> tuple[bool, int, int]:
        """Among those with equally few turns: who skipped, who waited longest, who comes first in the order."""
        first = self.orders[duty].members if duty in self.orders else ()
        place = first.index(member_id) if member_id in first else len(first) + self.places[member_id]
        waited = 0 if today else max((self.today - self.since(duty, member_id)).days, 0)
        return not (self.owes(duty, member_id) and not today), -waited, place

    def _is_held(self, slot: Slot) -> bool:
        return slot in self.weekly

    def close(self, turns: list[Turn]) -> None:
        """Enter what was done on this day. A day without a turn leaves no trace."""
        if not turns:
            return
        for duty in {*self.counted, *(turn.duty for turn in turns)}:
            self.counted[duty] |= Counter({who: self.turns(duty, who) for who in self.there})
        for who in self.there:
            self.first_seen.setdefault(who, self.today)
        self.there_before = self.there
        for turn in turns:
            self.counted[turn.duty][turn.member_id] += 1
            self.last[turn.duty, turn.member_id] = self.today
            if week_of(turn.unit):
                self.weekly[turn.slot] = turn.member_id
