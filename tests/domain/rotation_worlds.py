"""Teams as hypothesis draws them: who is there when, what is to be done, and what people settled by hand.

Everything is drawn as a short pattern and repeated, so that a world of 200 study days costs little to draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import count, cycle, islice

from hypothesis import strategies as st

from bot.domain.duties import (
    DAILY_MODERATOR,
    MODERATOR,
    PRESENTER,
    Absence,
    Duty,
    Order,
    Per,
    Presented,
    RosterMember,
    Skip,
    Span,
    Turn,
    slots_of_day,
)
from bot.domain.rotation import Chooser, DayToPlan, PlannedTurn, choose, plan

FIRST = date(2026, 2, 2)  # a Monday
LENGTH = 200
"""Study days of a world."""

SEASON = 290
"""Calendar days on which something may happen; most worlds are over by then."""


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def span(since: int = 0, until: int | None = None) -> Span:
    return Span(day(since), None if until is None else day(until))


def made(planned: Sequence[PlannedTurn]) -> list[Turn]:
    """The turns of a plan, as they become history."""
    return [
        Turn(turn.slot.duty, turn.slot.unit, turn.day, turn.member_id)
        for turn in planned
        if turn.member_id is not None and not turn.held
    ]


@dataclass(frozen=True)
class World:
    """All that the rotation is told, of so many study days.

    `weekdays` have study, except on the days `off` (counted from the first); `pattern` has the readers of each lecture
    day by day, 0 for an event, and begins again at its end. `turns` are those already made, also of days to come.
    """

    roster: tuple[RosterMember, ...]
    pattern: Sequence[Sequence[int]] = ((1,),)
    duties: tuple[Duty, ...] = (DAILY_MODERATOR,)
    turns: tuple[Turn, ...] = ()
    skips: tuple[Skip, ...] = ()
    orders: tuple[Order, ...] = ()
    weekdays: Sequence[int] = range(7)
    off: frozenset[int] = frozenset()
    length: int = LENGTH

    @cached_property
    def days(self) -> list[DayToPlan]:
        study = (day(number) for number in count() if number not in self.off)
        dates = islice((each for each in study if each.weekday() in self.weekdays), self.length)
        return [
            DayToPlan(today, slots_of_day(today, lectures_of(number, readers), self.duties))
            for number, (today, readers) in enumerate(zip(dates, cycle(self.pattern), strict=False))
        ]

    def plan(self, since: int = 0, until: int | None = None, *, chooser: Chooser = choose) -> list[PlannedTurn]:
        """The turns from one study day up to another."""
        days = self.days[since:until]
        return plan(days, self.roster, self.turns, skips=self.skips, orders=self.orders, chooser=chooser)

    def present_on(self, today: date) -> set[int]:
        return {member.member_id for member in self.roster if member.present_on(today)}


def lectures_of(number: int, readers: Sequence[int]) -> list[Presented]:
    return [Presented(number * 10 + place, "lecture" if each else "event", each) for place, each in enumerate(readers)]


# Who is there


def in_season(longest: int):
    """Two days, the second up to so many days after the first."""
    return st.tuples(st.integers(0, SEASON), st.integers(1, longest)).map(lambda drawn: (drawn[0], sum(drawn)))


away_for_some_days = in_season(40).map(lambda days: Absence(span(*days)))
away_for_a_day = st.integers(0, SEASON).map(lambda number: Absence(span(number, number + 1)))
away_on_weekdays = st.builds(
    Absence,
    st.one_of(st.just(span()), in_season(SEASON).map(lambda days: span(*days))),
    st.frozensets(st.integers(0, 6), min_size=1, max_size=3),
)
absences = st.lists(st.one_of(away_for_some_days, away_for_a_day, away_on_weekdays), max_size=3)
belonging = st.one_of(
    st.just((span(),)),
    st.integers(0, SEASON).map(lambda since: (span(since),)),
    st.integers(0, SEASON).map(lambda until: (span(0, until),)),
    in_season(60).map(lambda gone: (span(0, gone[0]), span(gone[1]))),
)


any_size = st.one_of(st.integers(1, 8), st.integers(1, 30))


@st.composite
def any_rosters(draw, sizes=any_size, belonging=belonging, absences=absences):
    """A few habits, each of them that of some members, who go away a few days after one another."""
    habits = draw(st.lists(st.tuples(belonging, absences), max_size=4))
    kinds = draw(st.lists(st.integers(0, len(habits)), min_size=(size := draw(sizes)), max_size=size))
    return tuple(
        RosterMember(member_id, (span(),))
        if kind == len(habits)
        else RosterMember(member_id, habits[kind][0], tuple(later(away, 2 * member_id) for away in habits[kind][1]))
        for member_id, kind in enumerate(kinds)
    )


rosters = any_rosters()


def later(away: Absence, days: int) -> Absence:
    until = away.span.until
    delay = timedelta(days=days)
    return replace(away, span=Span(away.span.since + delay, None if until is None else until + delay))


def everybody(size: int) -> tuple[RosterMember, ...]:
    """A team that is there all along."""
    return tuple(RosterMember(member_id, (span(),)) for member_id in range(size))


# What is to be done

readers = st.sampled_from([1, 1, 1, 2, 3, 0])
lecture_patterns = st.lists(
    st.one_of(st.lists(readers, max_size=2), st.lists(readers, max_size=2), st.lists(readers, max_size=6)),
    min_size=1,
    max_size=6,
)
"""For each day the readers of each lecture, seldom of many; an event has none."""

own_duties = st.builds(
    Duty,
    st.just("duty"),
    st.sampled_from(Per),
    st.integers(1, 3),
    st.integers(0, 6),
    st.one_of(st.just(span()), in_season(SEASON).map(lambda days: span(*days))),
)


@st.composite
def any_duties(draw):
    own = draw(st.lists(own_duties, max_size=2))
    moderator = draw(st.sampled_from([DAILY_MODERATOR] * 3 + [Duty(MODERATOR, Per.WEEK)]))
    return (moderator, *(replace(duty, key=f"duty:{number}") for number, duty in enumerate(own)))


duties = any_duties()


# What people settled by hand


@st.composite
def chosen_slots(draw, world, most):
    """A few slots of any days, each once, with somebody for it."""
    days, members = world.days, world.roster
    places = st.tuples(st.integers(0, len(days) - 1), st.integers(0, 9), st.integers(0, len(members) - 1))
    by_slot = {}
    for number, place, member in draw(st.lists(places, max_size=most)):
        if slots := days[number].slots:
            slot = slots[place % len(slots)]
            by_slot[slot] = (slot.duty, slot.unit, days[number].day, members[member].member_id)
    return list(by_slot.values())


@st.composite
def orders(draw, world):
    ids = [member.member_id for member in world.roster]
    drawn = st.builds(
        Order,
        st.sampled_from([PRESENTER, *(duty.key for duty in world.duties)]),
        st.integers(0, SEASON).map(day),
        st.lists(st.sampled_from(ids), min_size=1, unique=True).map(tuple),
    )
    return tuple(draw(st.lists(drawn, max_size=2)))


weekdays_of_study = st.sampled_from([range(5), range(5), range(7), (0, 2, 4), (5, 6), (3,)])
days_off = st.frozensets(st.integers(0, SEASON), max_size=12)


@st.composite
def worlds(draw, rosters=rosters, patterns=lecture_patterns, duties=duties, by_hand=True):
    of_team = draw(duties)
    world = World(draw(rosters), draw(patterns), of_team, weekdays=draw(weekdays_of_study), off=draw(days_off))
    if not by_hand:
        return world
    return replace(
        world,
        turns=tuple(Turn(*chosen) for chosen in draw(chosen_slots(world, 8))),
        skips=tuple(Skip(*chosen) for chosen in draw(chosen_slots(world, 8))),
        orders=draw(orders(world)),
    )
