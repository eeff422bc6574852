"""What holds for any team over 200 study days; and that rules which are wrong do not hold it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain import rotation
from bot.domain.choice import choose
from bot.domain.duties import Absence, RosterMember, Skip, Span, week_of
from tests.costly import costly
from tests.domain.rotation_fairness import assert_fair
from tests.domain.rotation_worlds import LENGTH, World, made, span, worlds


def fairness(planner, **phases):
    """The property test of a planner."""

    @settings(database=None, report_multiple_bugs=False, **phases)
    @given(worlds())
    def holds(world):
        planned = planner(world)
        slots = [slot for today in world.days for slot in today.slots]
        assert [turn.slot for turn in planned] == slots[: len(planned)]
        assert_fair(world, planned)

    return holds


test_every_slot_is_given_once_to_whoever_the_rule_asks_for = fairness(World.plan)


# Wrong rules


def most_turns_first(candidates):
    able = [candidate for candidate in candidates if not candidate.duties_today] or candidates
    return choose([max(able, key=lambda candidate: candidate.turns)]) if able else None


def longest_wait_only(candidates):
    return choose([replace(candidate, turns=0) for candidate in candidates])


def fewest_turns_only(candidates):
    return choose([replace(candidate, waited_days=0) for candidate in candidates])


def whoever_is_on_duty_already(candidates):
    return choose([replace(candidate, duties_today=0) for candidate in candidates])


def forgetting_who_skipped(candidates):
    return choose([replace(candidate, owes=False) for candidate in candidates])


def with_chooser(chooser):
    return lambda world: world.plan(chooser=chooser)


def ignoring(**what):
    return lambda world: replace(world, **what).plan()


def ignoring_absences(world):
    return replace(world, roster=tuple(replace(member, away=()) for member in world.roster)).plan()


def ignoring_departures(world):
    return replace(world, roster=tuple(replace(member, spans=(span(),)) for member in world.roster)).plan()


def day_by_day(world, known):
    """The first weeks, each day planned with what `known` makes of the world on it."""
    planned = []
    for number, today in enumerate(world.days[:40]):
        made_so_far = replace(world, turns=history(world, planned, today.day))
        planned += known(made_so_far, today.day).plan(number, number + 1)
    return planned


def history(world, planned, today):
    """The turns of a plan, as they were made up to a day, and those that were made for days to come."""
    return (*made(planned), *(turn for turn in world.turns if turn.day >= today))


def letting_newcomers_catch_up(world, today):
    """As if everybody present had been there from the start."""
    present = world.present_on(today)
    there = tuple(RosterMember(member.member_id, (span(),)) for member in world.roster if member.member_id in present)
    return replace(world, roster=there)


def not_counting_booked_turns(world, today):
    return replace(world, turns=tuple(turn for turn in world.turns if turn.day <= today))


def giving_out_weekly_duties_every_day(world, today):
    return replace(world, turns=tuple(turn for turn in world.turns if turn.day >= today or not week_of(turn.unit)))


def knowing(known):
    return lambda world: day_by_day(world, known)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(with_chooser(most_turns_first), id="most turns first"),
        pytest.param(with_chooser(longest_wait_only), id="longest wait only"),
        pytest.param(with_chooser(fewest_turns_only), id="fewest turns only"),
        pytest.param(with_chooser(whoever_is_on_duty_already), id="two duties at once"),
        pytest.param(with_chooser(forgetting_who_skipped), id="whoever skipped does not come first"),
        pytest.param(ignoring_absences, id="ignoring absences"),
        pytest.param(ignoring_departures, id="ignoring joins and departures"),
        pytest.param(ignoring(skips=()), id="ignoring skips"),
        pytest.param(ignoring(orders=()), id="ignoring orders"),
        pytest.param(ignoring(turns=()), id="giving out again what was made"),
        pytest.param(knowing(letting_newcomers_catch_up), id="a pile of turns for newcomers"),
        pytest.param(knowing(not_counting_booked_turns), id="not counting booked turns"),
        pytest.param(knowing(giving_out_weekly_duties_every_day), id="a weekly duty for another every day"),
    ],
)
def test_a_wrong_rule_is_found_out(wrong):
    with pytest.raises(AssertionError):
        fairness(wrong, derandomize=True, phases=[Phase.generate])()


def test_evening_out_among_people_with_more_turns_is_found_out(monkeypatch):
    def whoever_moderated_least(moderating):
        turns = {candidate.member_id: candidate.turns for candidate in moderating}
        return lambda candidates: (
            choose([min(candidates, key=lambda each: turns[each.member_id])]) if candidates else None
        )

    monkeypatch.setattr(rotation, "evenly", whoever_moderated_least)
    with pytest.raises(AssertionError):
        fairness(World.plan, derandomize=True, phases=[Phase.generate])()


# The plan is what happens


# the first day of each plan that is made in place of one for all days: any few days, and some in a row
splits = st.builds(
    lambda some, first: sorted({*some, *range(first, first + 4)}),
    st.lists(st.integers(0, LENGTH), max_size=2),
    st.integers(0, LENGTH - 4),
)


@costly(30)  # of 200 study days each
@given(worlds(), splits, st.randoms(use_true_random=False))
def test_a_plan_is_what_happens_when_it_is_made_again_on_any_later_day(world, splits, random):
    happened = []
    for since, until in pairwise([0, *splits, LENGTH]):
        known = list(history(world, happened, world.days[since].day)) if since < LENGTH else []
        random.shuffle(known)
        happened += replace(world, turns=tuple(known)).plan(since, until)
    assert happened == world.plan()


# Turns that were made are exchanged, and people go away

STRETCH = 50
"""Study days between two changes."""

ANNOUNCED = 6
"""Study days whose turns are made ahead."""


def swap(world, turn, other):
    """Two people exchange two turns."""
    exchanged = {turn: replace(turn, member_id=other.member_id), other: replace(other, member_id=turn.member_id)}
    return replace(world, turns=tuple(exchanged.get(each, each) for each in world.turns))


def substitute(world, turn, other):
    """Somebody takes another's turn."""
    instead = replace(turn, member_id=other.member_id)
    return replace(world, turns=tuple(instead if each == turn else each for each in world.turns))


def skip(world, turn, other):
    left = tuple(each for each in world.turns if each != turn)
    return replace(world, turns=left, skips=(*world.skips, Skip(turn.duty, turn.unit, turn.day, turn.member_id)))


def go_away(world, turn, other):
    until = max(turn.day, other.day) + timedelta(days=1)
    return changed(world, turn.member_id, lambda member: (*member.away, Absence(Span(turn.day, until))), "away")


def leave(world, turn, other):
    def ended(member):
        return tuple(
            Span(each.since, turn.day if each.until is None else min(each.until, turn.day))
            for each in member.spans
            if each.since < turn.day
        )

    return changed(world, turn.member_id, ended, "spans")


def changed(world, member_id, how, what):
    return replace(
        world,
        roster=tuple(
            replace(member, **{what: how(member)}) if member.member_id == member_id else member
            for member in world.roster
        ),
    )


def make(world, planned):
    """The turns of a plan are made; those that it gave to others are replaced."""
    days = {turn.day for turn in planned}
    return replace(world, turns=(*(turn for turn in world.turns if turn.day not in days), *made(planned)))


changes = st.tuples(st.sampled_from([swap, substitute, skip, go_away, leave]), st.integers(0, 999), st.integers(0, 999))


@costly(30)  # of 200 study days each
@given(worlds(), st.lists(st.lists(changes, max_size=4), min_size=LENGTH // STRETCH, max_size=LENGTH // STRETCH))
def test_what_was_made_stays_and_the_rest_goes_by_the_rule_whatever_people_do_meanwhile(world, changes):
    for number, done in enumerate(changes):
        since, until = number * STRETCH, (number + 1) * STRETCH
        planned = world.plan(since, until + ANNOUNCED)
        assert_fair(world, planned)
        assert_nothing_is_taken_from_whoever_is_there(world, planned)
        world = make(world, planned)
        for change, one, other in done:
            if to_come := [turn for turn in world.turns if until < LENGTH and turn.day >= world.days[until].day]:
                world = change(world, to_come[one % len(to_come)], to_come[other % len(to_come)])


def assert_nothing_is_taken_from_whoever_is_there(world, planned):
    has = {(turn.slot, turn.day): turn.member_id for turn in planned}
    for turn in world.turns:
        if (turn.slot, turn.day) in has and turn.member_id in world.present_on(turn.day):
            assert has[turn.slot, turn.day] == turn.member_id
