"""Why a turn goes to somebody and not to others."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.choice import ReasonKind
from bot.domain.duties import (
    MODERATOR,
    PRESENTER,
    Absence,
    Presented,
    RosterMember,
    Skip,
    Span,
    Turn,
    day_unit,
    lecture_unit,
    slots_of_day,
)
from bot.domain.rotation import DayToPlan, PlannedTurn, plan
from bot.domain.rotation_reasons import Absent, Explanation, Hindrance, PassedOver, absent_on, explain

FIRST = date(2026, 2, 2)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def member(member_id: int, *absences: Absence, since: int = 0) -> RosterMember:
    return RosterMember(member_id, (Span(day(since)),), absences)


def people(count: int) -> list[RosterMember]:
    return [member(number) for number in range(1, count + 1)]


def study_day(number: int, lectures: int = 0) -> DayToPlan:
    presented = [Presented(number * 10 + place) for place in range(lectures)]
    return DayToPlan(day(number), slots_of_day(day(number), presented))


def moderated(number: int, member_id: int) -> Turn:
    return Turn(MODERATOR, day_unit(day(number)), day(number), member_id)


def presented(number: int, member_id: int) -> Turn:
    return Turn(PRESENTER, lecture_unit(number * 10), day(number), member_id)


def told(planned: list[PlannedTurn]) -> list[tuple[int | None, ReasonKind, int | None]]:
    """Who, why, and how many turns the others have at least."""
    return [(turn.member_id, turn.reason.kind, explain(turn).others_turns) for turn in planned]


# ── by example ────────────────────────────────────────────────────────────────


def test_at_first_the_order_settles_it():
    assert told(plan([study_day(0)], people(3))) == [(1, ReasonKind.ROSTER_ORDER, 0)]


def test_the_fewest_turns_are_told_with_those_of_the_others():
    turns = [moderated(0, 1), moderated(1, 3), moderated(2, 1)]
    (turn,) = plan([study_day(3)], people(3), turns)
    assert told([turn]) == [(2, ReasonKind.FEWEST_TURNS, 1)]
    assert turn.reason.turns == 0


def test_the_longest_wait_is_told_in_days():
    (turn,) = plan([study_day(9)], people(3), [moderated(0, 2), moderated(1, 1), moderated(2, 3)])
    assert (turn.member_id, turn.reason.kind, turn.reason.waited_days) == (2, ReasonKind.LONGEST_WAIT, 9)


def test_whoever_would_have_come_first_but_presents_is_named():
    (_presents, moderates) = plan([study_day(0, lectures=1)], people(3))
    assert explain(moderates) == Explanation(
        moderates.reason, others_turns=0, passed_over=(PassedOver(1, Hindrance.ON_DUTY, PRESENTER),)
    )


def test_whoever_would_not_have_come_first_anyway_is_not_named():
    turns = [moderated(0, 1), presented(1, 1)]
    moderates = plan([study_day(1, lectures=1)], people(3), turns)[-1]
    assert moderates.member_id == 2
    assert explain(moderates).passed_over == ()


def test_whoever_skipped_is_named():
    skip = Skip(MODERATOR, day_unit(day(0)), day(0), 1)
    (turn,) = plan([study_day(0)], people(3), skips=[skip])
    assert turn.member_id == 2
    assert explain(turn).passed_over == (PassedOver(1, Hindrance.SKIPPED),)


def test_where_nobody_is_left_everybody_is_told_why():
    skip = Skip(MODERATOR, day_unit(day(0)), day(0), 1)
    (turn,) = plan([study_day(0)], people(1), skips=[skip])
    assert (turn.member_id, turn.reason.kind) == (None, ReasonKind.NOBODY)
    assert explain(turn).passed_over == (PassedOver(1, Hindrance.SKIPPED),)


def test_the_only_one_who_is_free_has_no_others():
    planned = plan([study_day(0, lectures=1)], people(2))
    assert told(planned) == [(1, ReasonKind.ROSTER_ORDER, 0), (2, ReasonKind.ONLY_ONE, None)]


def test_a_turn_that_was_given_out_needs_no_explanation():
    (turn,) = plan([study_day(0)], people(2), [moderated(0, 2)])
    assert explain(turn) == Explanation(turn.reason)
    assert turn.reason.kind is ReasonKind.ASSIGNED


# ── who is away ───────────────────────────────────────────────────────────────


def test_who_is_away_is_told_with_the_last_day_of_it():
    roster = [
        member(1),
        member(2, Absence(Span(day(0), day(5)))),
        member(3, Absence(Span(day(0)))),
        member(4, Absence(Span(day(0)), frozenset({day(0).weekday()}))),
        member(5, Absence(Span(day(0), day(3))), Absence(Span(day(0), day(9)))),
        member(6, since=1),
    ]
    assert absent_on(day(0), roster) == (Absent(2, day(4)), Absent(3, None), Absent(4, day(0)), Absent(5, day(8)))
    assert [each.member_id for each in absent_on(day(1), roster)] == [2, 3, 5]


# ── whatever the team ─────────────────────────────────────────────────────────

TEAMS = st.tuples(
    st.integers(1, 7),
    st.lists(st.integers(0, 4), min_size=1, max_size=8),
    st.sets(st.tuples(st.integers(1, 7), st.integers(0, 7)), max_size=6),
)
"""How many people, how many lectures on each day, who is away on which day."""


@given(TEAMS)
def test_whoever_is_passed_over_could_not_and_would_have_come_first(team):
    count, lectures, away = team
    roster = [
        member(each, *(Absence(Span(day(on), day(on + 1))) for who, on in away if who == each))
        for each in range(1, count + 1)
    ]
    planned = plan([study_day(number, count) for number, count in enumerate(lectures)], roster)
    for turn in planned:
        why = explain(turn)
        by_id = {each.member_id: each for each in turn.candidates}
        passed = [each.member_id for each in why.passed_over]
        assert turn.member_id not in passed
        assert all(by_id[each].duties_today or by_id[each].skipped for each in passed)
        if turn.member_id is not None:
            chosen = by_id[turn.member_id]
            assert all(by_id[each].turns <= chosen.turns for each in passed)
            free = [each for each in turn.candidates if not each.duties_today and not each.skipped]
            if turn.reason.kind is ReasonKind.FEWEST_TURNS:
                assert why.others_turns is not None
                assert why.others_turns > turn.reason.turns
                assert all(each.turns >= why.others_turns for each in free if each is not chosen)
        assert not {each.member_id for each in absent_on(turn.day, roster)} & {*by_id}
