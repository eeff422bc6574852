"""The rotation by example; what holds always is in the test_rotation_… beside."""

from collections import Counter
from dataclasses import replace

import pytest

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
    Turn,
    day_unit,
    lecture_unit,
    slots_of_day,
    week_unit,
)
from bot.domain.rotation import Candidate, Choice, DayToPlan, Reason, ReasonKind, choose, plan, plan_day
from tests.domain.rotation_worlds import day, made, span

WEEKLY = Duty("duty:1", Per.WEEK)


def study_day(number, lectures=0, duties=(DAILY_MODERATOR,)):
    """A day with this many lectures and a moderator."""
    presented = [Presented(number * 10 + place) for place in range(lectures)]
    return DayToPlan(day(number), slots_of_day(day(number), presented, duties))


def week(first=0, last=5, duties=(WEEKLY,)):
    return [study_day(number, duties=duties) for number in range(first, last)]


def paper_day(number, readers):
    """A day with one paper, read by so many, and no other duty."""
    return DayToPlan(day(number), slots_of_day(day(number), [Presented(number, "paper", readers)], ()))


def member(member_id, since=0, until=None, away=()):
    return RosterMember(member_id, (span(since, until),), tuple(Absence(span(*days)) for days in away))


def team(size):
    return [member(member_id) for member_id in range(1, size + 1)]


def moderates(member_id, number):
    return Turn(MODERATOR, day_unit(day(number)), day(number), member_id)


def presents(member_id, number, lecture=0):
    return Turn(PRESENTER, lecture_unit(number * 10 + lecture), day(number), member_id)


def who(planned, duty):
    return [turn.member_id for turn in planned if turn.slot.duty == duty]


# One day


def test_presenters_come_first_and_the_moderator_is_one_of_the_rest():
    planned = plan_day(study_day(0, lectures=2), team(3))
    assert [(turn.slot.duty, turn.member_id) for turn in planned] == [(PRESENTER, 1), (PRESENTER, 2), (MODERATOR, 3)]


def test_own_duties_are_given_to_whoever_is_left():
    own = (DAILY_MODERATOR, Duty("duty:1", Per.DAY, people=2))
    planned = plan_day(study_day(0, lectures=1, duties=own), team(4))
    assert who(planned, "duty:1") == [3, 4]


def test_the_readers_of_a_paper_are_different_people():
    planned = plan([paper_day(number, readers=2) for number in range(3)], team(3))
    assert who(planned, PRESENTER) == [1, 2, 3, 1, 2, 3]
    alone = plan_day(paper_day(0, readers=2), team(1))
    assert [(turn.member_id, turn.reason.kind) for turn in alone] == [
        (1, ReasonKind.ONLY_ONE),
        (None, ReasonKind.NOBODY),
    ]


def test_nobody_is_there():
    (planned,) = plan_day(study_day(0), [])
    assert (planned.member_id, planned.reason) == (None, Reason(ReasonKind.NOBODY))
    assert choose([]) is None


def test_one_person_does_it_all_and_the_answer_says_so():
    planned = plan_day(study_day(0, lectures=1), team(1))
    assert [turn.reason.kind for turn in planned] == [ReasonKind.ONLY_ONE, ReasonKind.DOUBLE]


def test_when_everybody_is_on_duty_the_least_busy_take_a_second():
    planned = plan_day(study_day(0, lectures=4), team(2))
    assert who(planned, PRESENTER) == [1, 2, 1, 2]


def test_a_second_duty_goes_to_whoever_has_not_done_this_one_today():
    planned = plan_day(study_day(0, lectures=2), team(2), [moderates(2, 0)])
    assert who(planned, PRESENTER) == [1, 2]  # 1 is first on the roster, but 2 has not presented


def test_a_choice_shows_whom_it_was_made_from():
    planned = plan_day(study_day(0, lectures=1), [member(1), member(2, away=[(0, 1)]), member(3)])
    assert planned[1].candidates == (Candidate(1, 0, 0, 1, PRESENTER), Candidate(3, 0, 0, 0))


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([Candidate(1, 2, 1, 0), Candidate(2, 1, 0, 0)], Choice(2, Reason(ReasonKind.FEWEST_TURNS, 1, 0))),
        ([Candidate(1, 2, 9, 0), Candidate(2, 2, 3, 0, owes=True)], Choice(2, Reason(ReasonKind.SKIPPED_LAST, 2, 3))),
        ([Candidate(1, 2, 3, 0), Candidate(2, 2, 9, 0)], Choice(2, Reason(ReasonKind.LONGEST_WAIT, 2, 9))),
        ([Candidate(1, 2, 9, 0), Candidate(2, 2, 9, 0)], Choice(1, Reason(ReasonKind.ROSTER_ORDER, 2, 9))),
        ([Candidate(1, 0, 9, 1), Candidate(2, 5, 1, 0)], Choice(2, Reason(ReasonKind.ONLY_ONE, 5, 1))),
        ([Candidate(1, 4, 9, 1), Candidate(2, 3, 1, 1)], Choice(2, Reason(ReasonKind.DOUBLE, 3, 1))),
    ],
)
def test_the_reason_is_what_settled_it(candidates, expected):
    assert choose(candidates) == expected


# Day after day


def test_a_week_goes_round_the_roster():
    planned = plan([study_day(number, lectures=1) for number in range(4)], team(3))
    assert who(planned, PRESENTER) == [1, 2, 3, 1]
    assert who(planned, MODERATOR) == [2, 1, 2, 3]  # on the third day 3, next in turn, is presenting


def test_a_day_without_a_duty_leaves_no_trace():
    roster = [member(1), member(2, since=1)]
    without = [study_day(0), study_day(2), study_day(3)]
    assert plan([without[0], DayToPlan(day(1), ()), *without[1:]], roster) == plan(without, roster)


def test_days_out_of_order_are_refused():
    with pytest.raises(ValueError, match="ascend"):
        plan([study_day(1), study_day(0)], team(1))


def test_a_newcomer_counts_as_the_least_of_those_present_and_waits_from_then_on():
    history = made(plan([study_day(number) for number in range(6)], team(2)))
    planned = plan([study_day(number) for number in range(6, 10)], [*team(2), member(3, since=6)], history)
    assert who(planned, MODERATOR) == [1, 2, 3, 1]
    assert planned[2].reason == Reason(ReasonKind.FEWEST_TURNS, turns=3, waited_days=2)


def test_whoever_returns_is_not_met_by_a_pile_of_turns():
    roster = [member(1), member(2), member(3, away=[(1, 20)])]
    afterwards = who(plan([study_day(number) for number in range(30)], roster), MODERATOR)[20:]
    assert Counter(afterwards[:3]) == {1: 1, 2: 1, 3: 1}
    assert Counter(afterwards)[3] <= 4


def test_who_left_stays_in_the_past_and_still_counts_for_the_baseline():
    # When 3 came, 2 had no turn yet and 1 had one. That 2 has left since must not make 3's start dearer.
    roster = [member(1), member(2, until=2), member(3, since=1)]
    planned = plan([study_day(2), study_day(3)], roster, [moderates(1, 0), moderates(1, 1)])
    assert who(planned, MODERATOR) == [3, 3]


# Turns that were made


def test_a_turn_that_was_made_stays_and_counts():
    planned = plan([study_day(0, lectures=1), study_day(1, lectures=1)], team(3), [presents(3, 0)])
    assert (planned[0].member_id, planned[0].reason) == (3, Reason(ReasonKind.ASSIGNED))
    assert who(planned, PRESENTER) == [3, 1]


def test_whoever_was_made_moderator_does_not_present_as_well():
    planned = plan_day(study_day(0, lectures=1), team(2), [moderates(1, 0)])
    assert [(turn.slot.duty, turn.member_id) for turn in planned] == [(PRESENTER, 2), (MODERATOR, 1)]


def test_a_turn_of_a_day_to_come_counts_at_once():
    planned = plan([study_day(number) for number in range(3)], team(3), [moderates(1, 2)])
    assert who(planned, MODERATOR) == [2, 3, 1]


@pytest.mark.parametrize("roster", [[member(1, until=5), member(2)], [member(1, away=[(5, 6)]), member(2)]])
def test_a_turn_of_somebody_who_left_or_is_away_is_given_out_again_and_does_not_count(roster):
    turn = moderates(1, 5)
    assert plan_day(study_day(5), roster, [turn])[0].member_id == 2
    assert plan_day(study_day(4), roster, [turn])[0].member_id == 1
    assert plan_day(study_day(5), roster, [replace(turn, settled=True)])[0].member_id == 1


def test_the_first_duty_of_a_day_is_the_first_to_be_given_out_in_whatever_order_turns_are_read():
    turns = [moderates(1, 0), presents(1, 0), presents(2, 0, lecture=1)]
    days = [study_day(0, lectures=2, duties=(DAILY_MODERATOR, Duty("duty:1", Per.DAY)))]
    planned = plan(days, team(3), turns)
    assert planned == plan(days, team(3), turns[::-1])
    assert [candidate.duty_today for candidate in planned[-1].candidates] == [PRESENTER, PRESENTER, None]


def test_a_turn_beyond_the_slots_of_the_day_is_shown_too():
    planned = plan_day(study_day(0), team(2), [presents(2, 0, lecture=9)])
    assert [(turn.slot.unit, turn.member_id) for turn in planned] == [(day_unit(day(0)), 1), (lecture_unit(9), 2)]


# Skips and orders


def test_whoever_skips_does_not_do_it_that_day_and_comes_first_next_time():
    skip = Skip(MODERATOR, day_unit(day(3)), day(3), 1)
    planned = plan([study_day(number) for number in range(6)], team(3), skips=[skip])
    assert who(planned, MODERATOR) == [1, 2, 3, 2, 1, 3]
    assert [candidate.member_id for candidate in planned[3].candidates if candidate.skipped] == [1]


def test_whoever_skipped_comes_before_somebody_with_as_many_turns_who_waited_longer():
    roster = [member(3, away=[(1, 6)]), member(1), member(2)]
    skip = Skip(MODERATOR, day_unit(day(5)), day(5), 1)
    planned = plan([study_day(number) for number in range(8)], roster, skips=[skip])
    assert who(planned, MODERATOR) == [3, 1, 2, 1, 2, 2, 1, 3]
    assert planned[6].reason == Reason(ReasonKind.SKIPPED_LAST, turns=2, waited_days=3)


def test_whoever_skipped_owes_one_turn_and_not_two():
    skip = Skip(PRESENTER, lecture_unit(0), day(0), 2)
    planned = plan([study_day(0, lectures=1), study_day(1, lectures=2)], team(3), skips=[skip])
    presenting = [turn for turn in planned if turn.slot.duty == PRESENTER]
    assert [[each.member_id for each in turn.candidates if each.owes] for turn in presenting] == [[], [2], []]


def test_whoever_skipped_comes_first_also_if_nobody_else_was_there_that_day():
    skip = Skip(MODERATOR, day_unit(day(0)), day(0), 2)
    planned = plan([study_day(0), study_day(1)], [member(1, away=[(0, 1)]), member(2)], skips=[skip])
    assert who(planned, MODERATOR) == [None, 2]


def test_whoever_skips_a_lecture_does_not_present_another_that_day_nor_this_one_later():
    skip = Skip(PRESENTER, lecture_unit(0), day(0), 1)
    assert who(plan([study_day(0, lectures=2)], team(3), skips=[skip]), PRESENTER) == [2, 3]
    moved = DayToPlan(day(4), slots_of_day(day(4), [Presented(0), Presented(1)]))
    assert who(plan([moved], team(3), skips=[skip]), PRESENTER) == [2, 1]


def test_a_duty_that_everybody_skips_is_done_by_nobody():
    skips = [Skip(MODERATOR, day_unit(day(0)), day(0), member_id) for member_id in (1, 2)]
    assert plan([study_day(0)], team(2), skips=skips)[0].member_id is None


def test_after_an_order_turns_go_round_in_it_and_those_before_no_longer_count():
    order = Order(MODERATOR, day(3), (4, 2))
    planned = plan([study_day(number) for number in range(8)], team(4), orders=[order])
    assert who(planned, MODERATOR) == [1, 2, 3, 4, 2, 1, 3, 4]


def test_of_two_orders_of_a_day_the_later_holds():
    orders = [Order(MODERATOR, day(0), (3, 2, 1)), Order(MODERATOR, day(0), (2, 1, 3))]
    assert who(plan([study_day(number) for number in range(3)], team(3), orders=orders), MODERATOR) == [2, 1, 3]


@pytest.mark.parametrize(("number", "expected"), [(2, [1, 2, 1, 2]), (3, [1, 2, 2, 1])])
def test_a_turn_booked_after_an_order_does_not_count_before_it(number, expected):
    order = Order(MODERATOR, day(2), (1, 2))
    planned = plan([study_day(each) for each in range(4)], team(2), [moderates(1, number)], orders=[order])
    assert who(planned, MODERATOR) == expected


# Weekly duties


def test_a_weekly_duty_has_the_same_holder_all_week():
    planned = plan([*week(), *week(7, 12)], team(2))
    assert who(planned, "duty:1") == [1] * 5 + [2] * 5
    assert [turn.held for turn in planned] == ([False] + [True] * 4) * 2


def test_whoever_has_a_weekly_duty_does_no_other_that_week():
    planned = plan(week(duties=(WEEKLY, DAILY_MODERATOR)), team(3))
    assert who(planned, MODERATOR) == [2, 3, 2, 3, 2]


def test_a_weekly_duty_of_somebody_who_leaves_goes_to_another():
    planned = plan(week(), [member(1, until=2), member(2)])
    assert who(planned, "duty:1") == [1, 1, 2, 2, 2]
    assert [turn.held for turn in planned] == [False, True, False, True, True]


def test_a_weekly_duty_outlives_the_day_on_which_it_was_given_out():
    monday = Turn("duty:1", week_unit(day(0)), day(0), 2)  # and that Monday is a holiday, as they heard later
    assert who(plan(week(first=1), team(2), [monday]), "duty:1") == [2] * 4


def test_a_weekly_duty_that_begins_on_a_later_day_is_held_from_the_first_on():
    wednesday = Turn("duty:1", week_unit(day(0)), day(2), 2)  # Monday and Tuesday were made study days afterwards
    planned = plan(week(), team(2), [wednesday])
    assert who(planned, "duty:1") == [2] * 5
    assert [turn.held for turn in planned] == [True, True, False, True, True]


def test_a_weekly_duty_that_begins_on_a_later_day_is_nobodys_before_if_they_are_away_then():
    wednesday = Turn("duty:1", week_unit(day(0)), day(2), 2)
    planned = plan(week(), [member(1), member(2, away=[(0, 2)])], [wednesday])
    assert [turn.member_id for turn in planned] == [None, None, 2, 2, 2]
    assert {turn.reason.kind for turn in planned[:2]} == {ReasonKind.NOBODY}


def test_two_who_share_a_weekly_duty_stay_two_when_one_leaves():
    pair = Duty("duty:1", Per.WEEK, people=2)
    planned = plan(week(last=2, duties=(pair,)), [member(1), member(2, until=1)])
    assert [turn.member_id for turn in planned] == [1, 2, 1, None]
    assert planned[3].candidates == (Candidate(1, 1, 1, 1, "duty:1", skipped=True),)
