from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain.rotation import (
    MODERATOR,
    PRESENTER,
    Candidate,
    Choice,
    DayToPlan,
    Reason,
    ReasonKind,
    RosterMember,
    Slot,
    Span,
    Turn,
    choose,
    day_unit,
    lecture_unit,
    plan,
    plan_day,
    slots_of_day,
)

FIRST = date(2026, 2, 2)
LENGTH = 60


def day(number):
    return FIRST + timedelta(days=number)


def study_day(number, lectures=0):
    """A day with this many lectures and a moderator; a negative number of lectures is a day without any duty."""
    if lectures < 0:
        return DayToPlan(day(number), ())
    return DayToPlan(day(number), slots_of_day(day(number), [(number * 10 + i, "lecture") for i in range(lectures)]))


def member(member_id, since=0, until=None, away=()):
    until = None if until is None else day(until)
    return RosterMember(
        member_id, (Span(day(since), until),), tuple(Span(day(first), day(last)) for first, last in away)
    )


def made(planned):
    """The turns of a plan, as they become history."""
    return [Turn(p.slot.duty, p.slot.unit, p.day, p.member_id) for p in planned if p.member_id is not None]


def who(planned, duty):
    return [turn.member_id for turn in planned if turn.slot.duty == duty]


# By example


def test_presenters_come_first_and_the_moderator_is_one_of_the_rest():
    planned = plan_day(study_day(0, lectures=2), [member(1), member(2), member(3)])
    assert [(p.slot.duty, p.member_id) for p in planned] == [(PRESENTER, 1), (PRESENTER, 2), (MODERATOR, 3)]


def test_an_event_has_no_presenter():
    slots = slots_of_day(day(0), [(7, "lecture"), (8, "event"), (9, "paper")])
    assert slots == (
        Slot(PRESENTER, lecture_unit(7)),
        Slot(PRESENTER, lecture_unit(9)),
        Slot(MODERATOR, day_unit(day(0))),
    )


def test_a_week_goes_round_the_roster():
    planned = plan([study_day(n, lectures=1) for n in range(4)], [member(1), member(2), member(3)])
    assert who(planned, PRESENTER) == [1, 2, 3, 1]
    assert who(planned, MODERATOR) == [2, 1, 2, 3]  # on the third day 3, next in turn, is presenting


def test_nobody_is_there():
    (planned,) = plan_day(study_day(0), [])
    assert (planned.member_id, planned.reason) == (None, Reason(ReasonKind.NOBODY))
    assert choose([]) is None


def test_one_person_does_it_all_and_the_answer_says_so():
    planned = plan_day(study_day(0, lectures=1), [member(1)])
    assert [p.reason.kind for p in planned] == [ReasonKind.ONLY_ONE, ReasonKind.DOUBLE]


def test_when_everybody_is_on_duty_the_least_busy_take_a_second():
    planned = plan_day(study_day(0, lectures=4), [member(1), member(2)])
    assert who(planned, PRESENTER) == [1, 2, 1, 2]


def test_a_second_duty_goes_to_whoever_has_not_done_this_one_today():
    assigned = Turn(MODERATOR, day_unit(day(0)), day(0), 2)
    planned = plan_day(study_day(0, lectures=2), [member(1), member(2)], [assigned])
    assert who(planned, PRESENTER) == [1, 2]  # 1 is first on the roster, but 2 has not presented


def test_a_day_without_a_duty_leaves_no_trace():
    roster = [member(1), member(2, since=1)]
    without = [study_day(0), study_day(2), study_day(3)]
    assert plan([without[0], study_day(1, lectures=-1), *without[1:]], roster) == plan(without, roster)


def test_an_assigned_turn_stays_and_counts():
    roster = [member(1), member(2), member(3)]
    assigned = Turn(PRESENTER, lecture_unit(0), day(0), 3)
    planned = plan([study_day(0, lectures=1), study_day(1, lectures=1)], roster, [assigned])
    assert planned[0].member_id == 3
    assert planned[0].reason == Reason(ReasonKind.ASSIGNED)
    assert who(planned, PRESENTER) == [3, 1]


def test_an_assigned_moderator_does_not_present_as_well():
    assigned = Turn(MODERATOR, day_unit(day(0)), day(0), 1)
    planned = plan_day(study_day(0, lectures=1), [member(1), member(2)], [assigned])
    assert [(p.slot.duty, p.member_id) for p in planned] == [(PRESENTER, 2), (MODERATOR, 1)]


def test_a_turn_assigned_to_somebody_who_left_is_given_out_again():
    assigned = Turn(MODERATOR, day_unit(day(5)), day(5), 1)
    roster = [member(1, until=5), member(2)]
    assert plan_day(study_day(5), roster, [assigned])[0].member_id == 2
    assert plan_day(study_day(4), roster, [replace(assigned, day=day(4), unit=day_unit(day(4)))])[0].member_id == 1


def test_a_turn_beyond_the_slots_of_the_day_is_shown_too():
    named = Turn(PRESENTER, lecture_unit(99), day(0), 2)
    planned = plan_day(study_day(0), [member(1), member(2)], [named])
    assert [(p.slot.unit, p.member_id) for p in planned] == [(day_unit(day(0)), 1), (lecture_unit(99), 2)]


def test_a_turn_of_a_day_to_come_counts_only_from_then_on():
    later = Turn(MODERATOR, day_unit(day(9)), day(9), 1)
    assert plan_day(study_day(0), [member(1), member(2)], [later])[0].member_id == 1


def test_a_newcomer_counts_as_the_least_of_those_present_and_waits_from_then_on():
    history = made(plan([study_day(n) for n in range(6)], [member(1), member(2)]))
    roster = [member(1), member(2), member(3, since=6)]
    planned = plan([study_day(n) for n in range(6, 10)], roster, history)
    assert who(planned, MODERATOR) == [1, 2, 3, 1]
    assert planned[2].reason == Reason(ReasonKind.FEWEST_TURNS, turns=3, waited_days=2)


def test_whoever_returns_is_not_met_by_a_pile_of_turns():
    roster = [member(1), member(2), member(3, away=[(1, 20)])]
    planned = plan([study_day(n) for n in range(30)], roster)
    afterwards = who(planned, MODERATOR)[20:]
    assert Counter(afterwards[:3]) == {1: 1, 2: 1, 3: 1}
    assert Counter(afterwards)[3] <= 4


def test_who_left_stays_in_the_past_and_still_counts_for_the_baseline():
    # When 3 came, 2 had no turn yet and 1 had one. That 2 has left since must not make 3's start dearer.
    history = [Turn(MODERATOR, day_unit(day(0)), day(0), 1), Turn(MODERATOR, day_unit(day(1)), day(1), 1)]
    roster = [member(1), member(2, until=2), member(3, since=1)]
    planned = plan([study_day(2), study_day(3)], roster, history)
    assert who(planned, MODERATOR) == [3, 3]


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([Candidate(1, 2, 1, 0), Candidate(2, 1, 0, 0)], Choice(2, Reason(ReasonKind.FEWEST_TURNS, 1, 0))),
        ([Candidate(1, 2, 3, 0), Candidate(2, 2, 9, 0)], Choice(2, Reason(ReasonKind.LONGEST_WAIT, 2, 9))),
        ([Candidate(1, 2, 9, 0), Candidate(2, 2, 9, 0)], Choice(1, Reason(ReasonKind.ROSTER_ORDER, 2, 9))),
        ([Candidate(1, 0, 9, 1), Candidate(2, 5, 1, 0)], Choice(2, Reason(ReasonKind.ONLY_ONE, 5, 1))),
        ([Candidate(1, 4, 9, 1), Candidate(2, 3, 1, 1)], Choice(2, Reason(ReasonKind.DOUBLE, 3, 1))),
    ],
)
def test_the_reason_is_what_settled_it(candidates, expected):
    assert choose(candidates) == expected


def test_days_out_of_order_are_refused():
    with pytest.raises(ValueError, match="ascend"):
        plan([study_day(1), study_day(0)], [member(1)])


# By property


@dataclass(frozen=True)
class World:
    roster: list[RosterMember]
    days: list[DayToPlan]
    turns: list[Turn]


def spans(longest):
    return st.tuples(st.integers(0, LENGTH - 1), st.integers(1, longest)).map(lambda s: (s[0], s[0] + s[1]))


any_size = st.integers(1, 12)
any_count = st.integers(-1, 4)


@st.composite
def worlds(draw, sizes=any_size, lectures=any_count, moving=True):
    roster = [member(i) for i in range(draw(sizes))]
    if moving:
        since = st.one_of(st.just(0), st.integers(0, LENGTH))
        until = st.one_of(st.none(), st.integers(0, LENGTH))
        away = st.lists(spans(10), max_size=3)
        roster = [member(m.member_id, draw(since), draw(until), draw(away)) for m in roster]
    counts = draw(st.lists(lectures, min_size=LENGTH, max_size=LENGTH))
    days = [study_day(number, count) for number, count in enumerate(counts)]
    return World(roster, days, draw(assignments(roster, days)) if moving else [])


@st.composite
def assignments(draw, roster, days):
    """A few turns that moderators made by hand."""
    by_slot = {}
    for _ in range(draw(st.integers(0, 5))):
        chosen = draw(st.sampled_from(days))
        slot = draw(st.sampled_from(chosen.slots or [Slot(MODERATOR, day_unit(chosen.day))]))
        by_slot[slot] = Turn(slot.duty, slot.unit, chosen.day, draw(st.sampled_from(roster)).member_id)
    return list(by_slot.values())


def plan_world(world):
    return plan(world.days, world.roster, world.turns)


def assert_fair(world, planned):
    """Nobody is chosen while somebody able that day (present, not yet on duty) has fewer counted turns of that duty,
    and nobody holds two duties while somebody present is free.

    Counted turns: those one had so far, but whoever is present and was not on the day before (of the days on which
    anybody had a turn) starts the day with at least as many as the least of those who are present on both.
    """
    counted, present_before = Counter(), set()
    for today, of_day in groupby(planned, key=lambda turn: turn.day):
        turns = list(of_day)
        present = {m.member_id for m in world.roster if m.present_on(today)}
        for duty in (PRESENTER, MODERATOR):
            least = min((counted[duty, stayed] for stayed in present & present_before), default=0)
            for appeared in present - present_before:
                counted[duty, appeared] = max(counted[duty, appeared], least)
        assert_fair_day(turns, present, counted)
        if any(turn.member_id is not None for turn in turns):
            present_before = present


def assert_fair_day(turns, present, counted):
    fixed = [turn for turn in turns if turn.reason.kind is ReasonKind.ASSIGNED]
    on_duty = {turn.member_id for turn in fixed}
    for turn in turns:
        duty, chosen = turn.slot.duty, turn.member_id
        if turn not in fixed:
            able = present - on_duty
            assert chosen in (able or present or {None})
            assert all(counted[duty, chosen] <= counted[duty, other] for other in able)
        on_duty.add(chosen)
        counted[duty, chosen] += 1


def fairness(planner, **phases):
    """The property test of a planner."""

    @settings(database=None, report_multiple_bugs=False, **phases)
    @given(worlds())
    def holds(world):
        assert_fair(world, planner(world))

    return holds


test_nobody_is_chosen_while_somebody_able_has_fewer_turns = fairness(plan_world)


def most_turns_first(candidates):
    able = [candidate for candidate in candidates if not candidate.duties_today] or candidates
    return choose([max(able, key=lambda candidate: candidate.turns)]) if able else None


def longest_wait_only(candidates):
    return choose([replace(candidate, turns=0) for candidate in candidates])


def whoever_is_on_duty_already(candidates):
    return choose([replace(candidate, duties_today=0) for candidate in candidates])


def with_chooser(chooser):
    return lambda world: plan(world.days, world.roster, world.turns, chooser=chooser)


def ignoring_absences(world):
    return plan(world.days, [replace(m, away=()) for m in world.roster], world.turns)


def ignoring_departures(world):
    return plan(world.days, [replace(m, spans=(Span(FIRST),)) for m in world.roster], world.turns)


def letting_newcomers_catch_up(world):
    """Planning each day with a roster that says everybody present had been there from the start."""
    planned = []
    for today in world.days:
        roster = [RosterMember(m.member_id, (Span(FIRST),)) for m in world.roster if m.present_on(today.day)]
        planned += plan([today], roster, made(planned))
    return planned


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(with_chooser(most_turns_first), id="most turns first"),
        pytest.param(with_chooser(longest_wait_only), id="longest wait only"),
        pytest.param(with_chooser(whoever_is_on_duty_already), id="two duties at once"),
        pytest.param(ignoring_absences, id="ignoring absences"),
        pytest.param(ignoring_departures, id="ignoring joins and departures"),
        pytest.param(letting_newcomers_catch_up, id="a pile of turns for newcomers"),
    ],
)
def test_a_wrong_rule_is_found_out(wrong):
    with pytest.raises(AssertionError):
        fairness(wrong, phases=(Phase.generate,))()


@given(worlds(moving=False))
def test_with_nobody_away_presenter_counts_differ_by_at_most_one(world):
    had = Counter({m.member_id: 0 for m in world.roster})
    for turn in plan_world(world):
        if turn.slot.duty == PRESENTER:
            had[turn.member_id] += 1
            assert max(had.values()) - min(had.values()) <= 1


@given(worlds(sizes=st.just(7), lectures=st.integers(0, 3), moving=False))
def test_with_nobody_away_moderator_counts_of_seven_differ_by_at_most_two(world):
    """Up to three lectures a day. Four and three in turn let the same four present on every other day, and the other
    three moderate while they do: with presenters chosen first that drifts apart by one in about 22 days."""
    had = Counter({m.member_id: 0 for m in world.roster})
    for turn in plan_world(world):
        if turn.slot.duty == MODERATOR:
            had[turn.member_id] += 1
            assert max(had.values()) - min(had.values()) <= 2


@given(worlds(), st.integers(0, LENGTH))
def test_a_plan_is_what_will_happen_also_when_it_is_made_again_later(world, split):
    ahead = plan_world(world)
    first = plan(world.days[:split], world.roster, world.turns)
    known = made(first) + [turn for turn in world.turns if turn.day >= day(split)]
    assert first + plan(world.days[split:], world.roster, known) == ahead


@given(worlds())
def test_a_plan_equals_planning_day_by_day(world):
    days, reality = world.days[:15], []
    turns = list(world.turns)
    for today in days:
        planned = plan_day(today, world.roster, turns)
        reality += planned
        turns = [turn for turn in turns if turn.day != today.day] + made(planned)
    keys = [(turn.slot, turn.day, turn.member_id, turn.reason) for turn in plan(days, world.roster, world.turns)]
    assert [(turn.slot, turn.day, turn.member_id, turn.reason) for turn in reality] == keys


@given(worlds(), st.randoms(use_true_random=False))
def test_a_plan_does_not_depend_on_the_order_in_which_turns_are_read(world, random):
    history = made(plan_world(replace(world, days=world.days[:20])))
    shuffled = random.sample(history, len(history))
    assert plan(world.days[20:], world.roster, shuffled) == plan(world.days[20:], world.roster, history)


@given(worlds())
def test_every_slot_is_planned_once_in_its_order(world):
    planned = plan_world(replace(world, turns=[]))
    assert [turn.slot for turn in planned] == [slot for today in world.days for slot in today.slots]
