"""What the rule is for: each promise by itself, in worlds where nothing else interferes."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.domain.duties import MODERATOR, PRESENTER, Duty, Order, Per, Skip, Turn
from tests.domain.rotation_worlds import (
    FIRST,
    LENGTH,
    World,
    any_rosters,
    any_size,
    day,
    everybody,
    made,
    own_duties,
    span,
    worlds,
)

always_there = any_rosters(belonging=st.just((span(),)))
numbers = st.integers(0, 9_999)
one_duty = st.sampled_from(
    [World((), [[]]), World((), [[1]], ()), World((), [[1, 1]], ()), World((), [[], [1], [1] * 3], ())]
)
"""A moderator every day, or nothing but presenters."""


def by_day(planned):
    return [(today, list(turns)) for today, turns in groupby(planned, key=lambda turn: turn.day)]


def of(duty, planned):
    return [turn for turn in planned if turn.slot.duty == duty]


# Nobody is met by a pile of turns


@given(one_duty, any_rosters())
def test_whoever_joins_or_returns_has_at_most_one_turn_more_from_then_on_than_somebody_who_stayed(world, roster):
    """As long as all those stay who were there on the day before and the day of coming."""
    world = replace(world, roster=roster)
    before, since = set(), {}
    for today, turns in by_day(world.plan()):
        there = world.present_on(today)
        since = {who: kept for who, kept in since.items() if {who, *kept[0]} <= there}
        since |= {who: (before & there, Counter()) for who in there - before if before & there}
        for _, had in since.values():
            had.update(turn.member_id for turn in turns)
        assert all(had[who] <= 1 + max(had[other] for other in stayed) for who, (stayed, had) in since.items())
        before = there


# Whoever skipped comes first next time


BOOKED = World(
    everybody(3),
    [[]],
    turns=tuple(Turn(MODERATOR, f"day:{day(n)}", day(n), member_id) for n, member_id in ((0, 1), (3, 0))),
)
"""Whoever would skip on the day between has a turn made for them on the day after."""


@given(worlds(), numbers)
@example(BOOKED, 1)
def test_whoever_skipped_comes_before_all_with_as_many_turns_when_they_are_next_free(world, number):
    """And the only other who may come before them then skipped as well. A turn made for them before is one, too."""
    world = replace(world, orders=(), length=40)
    given_out = [turn for turn in world.plan() if turn.candidates and turn.member_id is not None]
    assume(given_out)
    turn = given_out[number % len(given_out)]
    skip = Skip(turn.slot.duty, turn.slot.unit, turn.day, turn.member_id)
    for later in of(skip.duty, replace(world, skips=(*world.skips, skip)).plan()):
        if later.day > skip.day and later.member_id == skip.member_id:
            break
        if later.day > skip.day and (skipper := free(later).get(skip.member_id)):
            chosen = free(later)[later.member_id]
            assert chosen.turns < skipper.turns or chosen.owes
            break


def free(turn):
    """Those of the least busy who took part in a choice."""
    able = [candidate for candidate in turn.candidates if not candidate.skipped]
    duties = min((candidate.duties_today for candidate in able), default=0)
    return {candidate.member_id: candidate for candidate in able if candidate.duties_today == duties}


@given(any_size, st.sampled_from([World((), [[]]), World((), [[1]], ())]), st.integers(0, 98))
def test_with_nobody_away_and_one_turn_a_day_whoever_skipped_has_the_next_turn(size, world, number):
    world = replace(world, roster=everybody(size), length=100)
    turn = world.plan()[number]
    skip = Skip(turn.slot.duty, turn.slot.unit, turn.day, turn.member_id)
    planned = replace(world, skips=(skip,)).plan()
    assert planned[number].member_id != turn.member_id
    assert planned[number + 1].member_id == turn.member_id


# After an order the first turns go in that order

simple_patterns = st.lists(st.integers(0, 6).map(lambda number: [1] * number), min_size=1, max_size=6)


@given(any_size, simple_patterns, st.integers(0, 40), st.randoms(use_true_random=False))
def test_after_an_order_everybody_presents_once_in_it(size, pattern, number, random):
    order = Order(PRESENTER, day(number), tuple(random.sample(range(size), size)))
    planned = World(everybody(size), pattern, orders=(order,), length=80).plan()
    presenters = [turn.member_id for turn in of(PRESENTER, planned) if turn.day >= order.since]
    assert tuple(presenters[:size]) == order.members[: len(presenters)]


@given(any_size, simple_patterns, st.integers(0, 40), st.randoms(use_true_random=False))
def test_after_an_order_the_first_in_it_who_is_free_and_had_no_turn_moderates(size, pattern, number, random):
    assume(all(len(lectures) < size for lectures in pattern))
    order = Order(MODERATOR, day(number), tuple(random.sample(range(size), size)))
    waiting = list(order.members)
    for today, turns in by_day(World(everybody(size), pattern, orders=(order,), length=80).plan()):
        presenting = {turn.member_id for turn in of(PRESENTER, turns)}
        if today >= order.since and (able := [who for who in waiting if who not in presenting]):
            assert [turn.member_id for turn in of(MODERATOR, turns)] == able[:1]
            waiting.remove(able[0])


# Weekly duties

any_days_off = st.lists(st.frozensets(st.integers(0, 6)), max_size=8).map(
    lambda weeks: frozenset(7 * number + weekday for number, off in enumerate(weeks * 5) for weekday in off)
)
"""Any days of any weeks; the weeks come again after some."""

weekly = st.builds(Duty, st.just("duty:1"), st.just(Per.WEEK), st.integers(1, 3), st.integers(0, 6))


@given(any_size, st.integers(0, 6), any_days_off)
def test_a_week_with_a_study_day_has_its_turn_once_on_the_first_of_them(size, first_weekday, off):
    world = World(everybody(size), [[]], (Duty("duty:1", Per.WEEK, 1, first_weekday),), off=off)
    dates = [today.day for today in world.days]
    weeks = groupby(dates, key=lambda today: (today - FIRST - timedelta(days=first_weekday)).days // 7)
    assert [turn.day for turn in made(world.plan())] == [next(days) for _, days in weeks]


@given(always_there, st.tuples(weekly, own_duties), any_days_off)
def test_a_weeks_duty_is_the_same_persons_on_all_its_days(roster, duties, off):
    world = World(roster, [[1], [1, 2]], duties, off=off, length=100)
    for turns in by_slot(of("duty:1", world.plan())).values():
        held = [turn for turn in turns if turn.held]
        given_out = [turn for turn in turns if turn.member_id is not None and not turn.held]
        assert len(given_out) <= 1
        assert [turn.member_id for turn in held] == [turn.member_id for turn in given_out] * len(held)


@given(always_there, weekly, any_days_off, any_days_off, st.integers(0, LENGTH - 1))
def test_a_weeks_duty_survives_days_taken_off_after_it_was_given_out(roster, duty, off, off_as_well, number):
    world = World(roster, [[]], (duty,), off=off)
    turns, today = made(world.plan(0, number)), world.days[number].day
    changed = replace(world, off=off | off_as_well, turns=tuple(turns))
    planned = changed.plan(sum(each.day < today for each in changed.days))
    holders = {turn.slot: turn.member_id for turn in turns}
    still = [turn for turn in planned if turn.slot in holders]
    assert all(turn.held and turn.member_id == holders[turn.slot] for turn in still)


def by_slot(planned):
    slots = {}
    for turn in planned:
        slots.setdefault(turn.slot, []).append(turn)
    return slots
