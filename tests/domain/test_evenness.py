"""The moderator's turns stay even, whatever the number of lectures, and nobody presents more often for it."""

from collections import Counter

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain import rotation
from bot.domain.choice import Candidate, choose
from bot.domain.duties import MODERATOR, PRESENTER, Order
from bot.domain.evenness import EVEN, evenly, unevenness
from bot.domain.rotation import ReasonKind, plan_day
from tests.domain.rotation_worlds import LENGTH, World, day, everybody, made


def world_of(size, lectures, length=LENGTH, **settled):
    """A team that is there all along, with these numbers of lectures over and over."""
    return World(everybody(size), [[1] * number for number in lectures], length=length, **settled)


def spreads(planned, duty, members):
    """After each turn of a duty, how many the one with most turns is ahead of the one with fewest."""
    had = Counter({member.member_id: 0 for member in members})
    for turn in planned:
        if turn.slot.duty == duty and turn.member_id is not None:
            had[turn.member_id] += 1
            yield max(had.values()) - min(had.values())


def assert_even(world):
    planned = world.plan()
    assert max(spreads(planned, PRESENTER, world.roster), default=0) <= 1
    assert max(spreads(planned, MODERATOR, world.roster)) <= 2


HARD = [
    pytest.param(7, [4, 3], id="the same four present on every other day"),
    pytest.param(7, [0, 1, *[6, 8] * 20], id="the same one is left over every other day"),
    pytest.param(7, [1, 0, 6, 4, 5, 6, 6, 4, 6, 6, 6, 6, 6, 3, 6, 6, 6, 4, 6, 6, 6, 4, 5], id="six of seven present"),
    pytest.param(3, [4, 2], id="one of three presents twice"),
    pytest.param(9, [8, 3, 1, 3, 0], id="nine"),
]


@pytest.mark.parametrize(("size", "lectures"), HARD)
def test_lectures_that_drive_moderators_apart(size, lectures):
    assert_even(world_of(size, lectures))


patterns = st.integers(0, 8).flatmap(lambda most: st.lists(st.integers(0, most), min_size=1, max_size=8))


@given(patterns, st.lists(st.integers(0, 8), max_size=12))
def test_the_moderators_of_seven_are_at_most_two_apart_at_any_number_of_lectures(pattern, before):
    assert_even(world_of(7, before + pattern * (LENGTH // len(pattern))))


@given(st.integers(1, 14), st.data())
def test_so_are_those_of_any_other_team(size, data):
    pattern = data.draw(st.lists(st.integers(0, size + 3), min_size=1, max_size=8))
    assert_even(world_of(size, pattern, length=60))


@given(st.integers(1, 30), st.lists(st.lists(st.integers(0, 3), max_size=6), min_size=1, max_size=6))
def test_papers_with_several_readers_leave_presenters_at_most_one_apart(size, pattern):
    world = World(everybody(size), pattern, length=40)
    assert all(spread <= 1 for spread in spreads(world.plan(), PRESENTER, world.roster))


def harm(planned, size):
    """What an adversary wants more of."""
    had = {duty: Counter(dict.fromkeys(range(size), 0)) for duty in (PRESENTER, MODERATOR)}
    for turn in planned:
        had[turn.slot.duty][turn.member_id] += 1
    moderated = had[MODERATOR]
    mean = sum(moderated.values()) / size
    return (
        max(moderated.values()) - min(moderated.values()),
        sum((turns - mean) ** 2 for turns in moderated.values()),
        sum(had[PRESENTER][member] * moderated[member] for member in range(size)),
    )


def worst_lectures(size, length, most):
    """Each day the number of lectures that drives the moderators furthest apart."""
    lectures, planned = [], []
    for number in range(length):
        days = [world_of(size, [*lectures, next_day], number + 1).days[-1] for next_day in range(most + 1)]
        options = [planned + plan_day(each, everybody(size), made(planned)) for each in days]
        worst = max(range(most + 1), key=lambda option: harm(options[option], size))
        lectures.append(worst)
        planned = options[worst]
    return lectures


@pytest.mark.parametrize(("size", "most"), [(7, 8), (7, 6), (5, 6)])
def test_an_adversary_who_sets_the_lectures_of_each_day_drives_moderators_no_further_apart(size, most):
    assert_even(world_of(size, worst_lectures(size, 45, most), length=45))


# Only those with equally few presentations are exchanged


def moved(world):
    return [turn for turn in world.plan() if turn.reason.kind is ReasonKind.EVEN_MODERATORS]


def test_presenters_are_seldom_others_than_by_the_rule_and_then_with_as_few_presentations():
    worlds = [world_of(*case.values) for case in HARD]
    turns = [turn for world in worlds for turn in moved(world)]
    assert 0 < len(turns) < sum(len(world.plan()) for world in worlds) / 10
    for turn in turns:
        by_rule = choose([candidate for candidate in turn.candidates if not candidate.skipped])
        assert by_rule.member_id != turn.member_id
        assert by_rule.reason.turns == turn.reason.turns


def test_up_to_two_lectures_a_day_and_while_even_the_rule_alone_decides():
    assert moved(world_of(7, [1])) == []
    assert moved(world_of(7, [2])) == []
    assert moved(world_of(7, [6, 8, 4], length=5)) == []


def test_an_order_that_was_set_is_kept_before_anything_is_evened_out():
    order = Order(PRESENTER, day(50), (6, 4, 2, 0, 1, 3, 5))
    for number in range(30, 70):
        world = world_of(7, [*[4, 3] * (number // 2), *[1] * 7], orders=(order,))
        presenting = [turn.member_id for turn in world.plan() if turn.slot.duty == PRESENTER and turn.day >= day(50)]
        assert presenting[:7] == list(order.members)


# The measure, and the choice


def test_whoever_presented_more_and_moderated_two_turns_more_is_uneven():
    assert unevenness({1: 3, 2: 2}, {1: 5, 2: 4}) == EVEN
    assert unevenness({1: 2, 2: 3}, {1: 6, 2: 4}) == EVEN
    assert unevenness({1: 3, 2: 2}, {1: 6, 2: 4}) == (0, 1)
    assert unevenness({1: 2, 2: 3}, {1: 7, 2: 4}) == (1, 0)
    assert unevenness({}, {}) == EVEN


def presenting(*turns, **more):
    return [Candidate(member_id, each, 0, 0, **more) for member_id, each in enumerate(turns)]


def test_whoever_moderated_least_presents_first_but_who_is_next_to_moderate_last():
    chooser = evenly(presenting(3, 1, 1, 2))
    assert chooser(presenting(5, 5, 5, 5)).member_id == 2
    assert chooser(presenting(5, 5, 6, 5)).member_id == 3
    assert chooser(presenting(6, 5, 6, 6)).member_id == 1
    assert chooser([]) is None


def test_whoever_skipped_presenting_is_not_put_off():
    chooser = evenly(presenting(3, 1, 1))
    assert chooser([*presenting(5, 5), Candidate(2, 5, 0, 0)]).member_id == 2
    assert chooser([Candidate(0, 5, 0, 0, owes=True), *presenting(5, 5, 5)[1:]]).member_id == 0


def test_whoever_skipped_moderating_is_next_to_moderate():
    chooser = evenly([Candidate(0, 1, 9, 0), Candidate(1, 1, 0, 0, owes=True)])
    assert chooser(presenting(5, 5)).member_id == 0


def test_whoever_skips_moderating_that_day_is_not_kept_free_for_it():
    chooser = evenly([Candidate(0, 1, 9, 0, skipped=True), Candidate(1, 1, 0, 0), Candidate(2, 2, 0, 0)])
    assert chooser(presenting(5, 5, 5)).member_id == 0


def test_of_those_who_moderated_as_often_whoever_waited_longest_presents():
    chooser = evenly(presenting(1, 2, 2))
    assert chooser([Candidate(0, 5, 9, 0), Candidate(1, 5, 3, 0), Candidate(2, 5, 4, 0)]).member_id == 2


# Wrong rules are found out


def letting_the_rule_alone_decide(presented, moderated):
    return EVEN


def whatever_they_presented(moderating):
    return lambda candidates: choose([min(candidates, key=lambda each: moderating[each.member_id].turns)])


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("unevenness", letting_the_rule_alone_decide),
        ("evenly", whatever_they_presented),
        ("evenly", lambda moderating: choose),
    ],
)
def test_a_wrong_rule_is_found_out(monkeypatch, name, wrong):
    monkeypatch.setattr(rotation, name, wrong)

    @settings(database=None, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False)
    @given(patterns)
    def even(pattern):
        assert_even(world_of(7, pattern))

    with pytest.raises(AssertionError):
        even()
