"""How a session moves on, and how its minutes are counted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attendance import Attendance, call_roll
from bot.domain.session_steps import REST, Move, Step, in_minutes, next_move, planned_minutes, time_spent
from bot.domain.team import Member

START = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)


def steps(*places):
    """(part, question, minute) → steps numbered from 1."""
    return [
        Step(number, part, question, START + timedelta(minutes=minute))
        for number, (part, question, minute) in enumerate(places, 1)
    ]


def test_a_lecture_is_presented_before_its_questions_and_the_rest_comes_last():
    parts = {7: [1, 2], 8: [], REST: [3]}
    assert next_move(parts, []) == Move(7)
    assert next_move(parts, steps((7, None, 0))) == Move(7, 1)
    assert next_move({**parts, 7: []}, steps((7, None, 0), (7, 1, 5))) == Move(8)
    assert next_move({**parts, 7: []}, steps((7, None, 0), (8, None, 5))) == Move(REST, 3)
    assert next_move({7: [], 8: [], REST: []}, steps((7, None, 0), (8, None, 5))) is None


def test_without_lectures_the_first_question_comes_at_once():
    assert next_move({REST: [3, 4]}, []) == Move(REST, 3)
    assert next_move({REST: []}, []) is None


def test_what_was_jumped_over_comes_after_what_follows():
    parts = {7: [1], 8: [], 9: [2], REST: []}
    assert next_move(parts, steps((8, None, 0))) == Move(9)
    assert next_move({**parts, 9: []}, steps((8, None, 0), (9, None, 5))) == Move(7)


def test_a_question_asked_late_is_still_found():
    assert next_move({7: [5], REST: []}, steps((7, None, 0), (REST, 3, 5))) == Move(7, 5)


@given(
    st.dictionaries(st.integers(1, 9), st.lists(st.integers(), max_size=3), max_size=5),
    st.lists(st.integers(), max_size=3),
)
def test_next_until_the_end_is_at_everything_exactly_once(lectures, rest):
    ids = iter(range(1000))
    parts = {part: [next(ids) for _ in waiting] for part, waiting in [*lectures.items(), (REST, rest)]}
    every = {question for waiting in parts.values() for question in waiting}
    taken: list[Step] = []
    while (move := next_move(parts, taken)) is not None:
        taken.append(Step(len(taken) + 1, move.part, move.question_id, START))
        parts = {part: [each for each in waiting if each != move.question_id] for part, waiting in parts.items()}
        assert len(taken) <= len(every) + len(lectures)
    questions = [step.question_id for step in taken if step.question_id is not None]
    assert (sorted(questions), len(set(questions))) == (sorted(every), len(every))
    assert [step.part for step in taken if step.question_id is None] == list(lectures)


@given(st.integers(10, 480), st.integers(0, 20))
def test_lectures_have_equal_shares_of_which_one_is_left_for_the_rest(total, lectures):
    planned = planned_minutes(total, lectures)
    rest = total - sum(planned)
    assert max([*planned, rest]) - min([*planned, rest]) <= 1


def test_each_part_took_as_long_as_it_was_at_the_table():
    walked = steps((7, None, 2), (7, 1, 10), (8, None, 25), (7, 2, 40), (REST, 3, 45))
    spent = time_spent(walked, START + timedelta(minutes=60))
    assert {part: in_minutes(span) for part, span in spent.items()} == {7: 28, 8: 15, REST: 15}
    assert sum(spent.values(), timedelta()) == timedelta(minutes=58)
    assert REST not in time_spent(walked, None)
    assert time_spent(walked[:4], None) == {8: timedelta(minutes=15)}
    assert time_spent([], START) == {}


@pytest.mark.parametrize("away", [set(), {1, 3}])
def test_the_roll_has_everybody_once_and_what_they_say_comes_first(away):
    members = [Member(number, number, f"사람{number}") for number in range(1, 6)]
    states = {1: Attendance.PRESENT, 2: Attendance.LATE, 4: Attendance.ABSENT}
    roll = call_roll(members, states, away)
    groups = [roll.present, roll.late, roll.absent, roll.away, roll.silent]
    assert sorted((member for group in groups for member in group), key=lambda each: each.id) == members
    assert (roll.present, roll.late, roll.absent) == ((members[0],), (members[1],), (members[3],))
    assert roll.away == ((members[2],) if away else ())
    assert roll.said == 3
