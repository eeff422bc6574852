"""Where everybody stands in a rotation: turns counted, and days waited, as the days pass.

*Counted turns* are the turns one has had, but whoever appears on a day (present, and not present on the last day that
had a turn) counts at least as many as the least of those who were there both days, so that nobody returns to a pile of
turns. An order begins a duty anew. A day without a turn leaves no trace.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from bot.domain.duties import Order, RosterMember, Turn


class Standings:
    """Counts that grow with each day recorded; the days ascend."""

    def __init__(self, roster: Sequence[RosterMember], orders: Iterable[Order] = ()) -> None:
        self._roster = {member.member_id: member for member in roster}
        self._to_come = sorted(orders, key=lambda order: order.since)[::-1]  # of two of a day, the later holds
        self._orders: dict[str, Order] = {}
        self._turns: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._last_day: defaultdict[str, dict[int, date]] = defaultdict(dict)
        self._appeared: dict[int, date] = {}
        self._present_before: frozenset[int] = frozenset()
        self._present: tuple[date, list[int]] = (date.min, [])

    def belongs(self, member_id: int, day: date) -> bool:
        member = self._roster.get(member_id)
        return member is not None and member.belongs_on(day)

    def is_present(self, member_id: int, day: date) -> bool:
        member = self._roster.get(member_id)
        return member is not None and member.present_on(day)

    def counted(self, duty: str, day: date) -> dict[int, int]:
        """Counted turns of everybody present on the next day, before anything is given out on it.

        In the order in which the duty goes round: the order of the roster, unless another was set.
        """
        self._begin(day)
        turns = self._turns[duty]
        present = self._present_on(day)
        least = min((turns[member_id] for member_id in present if member_id in self._present_before), default=0)
        counts = {
            member_id: turns[member_id] if member_id in self._present_before else max(turns[member_id], least)
            for member_id in present
        }
        order = self._orders.get(duty)
        if order is None:
            return counts
        first = [member_id for member_id in order.members if member_id in counts]
        return {member_id: counts[member_id] for member_id in dict.fromkeys((*first, *counts))}

    def waiting_since(self, duty: str, member_id: int, day: date) -> date:
        """The day of the last turn of the duty, or on which one first appeared or the duty began anew."""
        last = self._last_day[duty].get(member_id)
        if last is not None:
            return last
        order = self._orders.get(duty)
        appeared = self._appeared.get(member_id, day)
        return appeared if order is None else max(appeared, order.since)

    def owes(self, duty: str, member_id: int, skipped: date) -> bool:
        """Whether somebody who skipped a turn of the duty on a day has had none since, nor the duty begun anew."""
        order = self._orders.get(duty)
        settled = date.min if order is None else order.since
        return self._last_day[duty].get(member_id, settled) <= skipped

    def in_first_round(self, duty: str, day: date) -> bool:
        """Whether an order was set, and somebody present on the next day has had no turn since."""
        counts = self.counted(duty, day)
        return duty in self._orders and 0 in counts.values()

    def begins_anew(self, duty: str, after: date, until: date) -> bool:
        """Whether an order begins the duty anew later than one day and not later than another."""
        return any(order.duty == duty and after < order.since <= until for order in self._to_come)

    def record(self, day: date, turns: Sequence[Turn]) -> None:
        """Take in the turns of a day, which is later than all before."""
        if not turns:
            return
        self._begin(day)
        present = self._present_on(day)
        appearing = [member_id for member_id in present if member_id not in self._present_before]
        for duty in {*self._turns, *(turn.duty for turn in turns)} if appearing else ():
            counted = self.counted(duty, day)
            self._turns[duty].update({each: counted[each] - self._turns[duty][each] for each in appearing})
        for member_id in appearing:
            self._appeared.setdefault(member_id, day)
        self._present_before = frozenset(present)
        for turn in turns:
            self._turns[turn.duty][turn.member_id] += 1
            self._last_day[turn.duty][turn.member_id] = day

    def _present_on(self, day: date) -> list[int]:
        """Who is there, in roster order; remembered, because it is asked for every duty of a day."""
        if self._present[0] != day:
            self._present = (day, [member_id for member_id, member in self._roster.items() if member.present_on(day)])
        return self._present[1]

    def _begin(self, day: date) -> None:
        """Let the orders take hold that begin on this day at the latest."""
        while self._to_come and self._to_come[-1].since <= day:
            order = self._to_come.pop()
            self._orders[order.duty] = order
            self._turns[order.duty].clear()
            self._last_day[order.duty].clear()
