"""Streaks: days without a duty never break them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.streaks import Streak, streak, team_streak

MONDAY = date(2026, 1, 5)
DAYS = [MONDAY + timedelta(days=step) for step in range(14)]
SOME = st.sets(st.sampled_from(DAYS))


def days(marks: str) -> tuple[set[date], set[date]]:
    """`x` written, `.` due and not written, ` ` not due, `+` written without being due → written, due."""
    kept = {day for day, mark in zip(DAYS, marks, strict=False) if mark in "x+"}
    return kept, {day for day, mark in zip(DAYS, marks, strict=False) if mark in "x."}


def of(marks: str, *, open_day: date | None = None) -> tuple[int, int]:
    kept, due = days(marks)
    found = streak(kept, due=due, open_day=open_day)
    return found.current, found.longest


def test_days_in_a_row_are_counted_up_to_now():
    assert of("") == (0, 0)
    assert of("xxx") == (3, 3)
    assert of("xx.x") == (1, 2)
    assert of("xx.") == (0, 2)


def test_a_weekend_a_holiday_an_absence_and_a_pass_do_not_break_it():
    assert of("xxxxx  xx") == (7, 7)
    assert of("xx x    x") == (4, 4)


def test_whoever_writes_on_a_day_off_has_written():
    assert of("xx+x") == (4, 4)


def test_today_does_not_break_it_before_it_is_over():
    assert of("xx.", open_day=DAYS[2]) == (2, 2)
    assert of("x..", open_day=DAYS[2]) == (0, 1)
    assert of("xxx", open_day=DAYS[2]) == (3, 3)


@given(SOME, SOME, st.sampled_from(DAYS))
def test_a_day_that_is_not_due_changes_nothing(kept: set[date], due: set[date], day: date):
    """Being excused from a day that was not kept never makes a streak shorter."""
    excused = streak(kept, due=due - {day})
    before = streak(kept, due=due)
    assert excused.current >= before.current
    assert excused.longest >= before.longest
    if day not in due:
        assert excused == before


@given(SOME, SOME, st.sampled_from(DAYS))
def test_one_more_day_written_never_makes_it_shorter(kept: set[date], due: set[date], day: date):
    before, after = streak(kept, due=due), streak(kept | {day}, due=due)
    assert (after.current, after.longest) >= (before.current, before.longest)
    assert before.current <= before.longest <= len(kept)


@given(SOME, SOME)
def test_an_open_last_day_counts_only_once_it_is_written(kept: set[date], due: set[date]):
    last = DAYS[-1] + timedelta(days=1)
    assert streak(kept, due=due | {last}, open_day=last) == streak(kept, due=due)
    assert streak(kept | {last}, due=due | {last}, open_day=last).current == streak(kept, due=due).current + 1


PEOPLE = st.dictionaries(st.sampled_from(DAYS), st.frozensets(st.sampled_from((1, 2, 3))))


def test_the_team_counts_days_on_which_everybody_who_was_due_wrote():
    monday, tuesday, wednesday, thursday = DAYS[:4]
    due = {monday: {1, 2}, tuesday: {1}, wednesday: set(), thursday: {1, 2}}
    assert team_streak(due, {monday: {1, 2}, tuesday: {1, 2}, thursday: {1, 2}}) == Streak(3, 3)
    assert team_streak(due, {monday: {1, 2}, tuesday: {2}, thursday: {1, 2}}) == Streak(1, 1)
    assert team_streak(due, {monday: {1, 2}, tuesday: {1}, thursday: {1}}, open_day=thursday) == Streak(2, 2)


@given(PEOPLE, PEOPLE, st.sampled_from(DAYS), st.sampled_from((1, 2, 3)))
def test_nobody_breaks_the_teams_by_being_away(due, written, day, person):
    without = {**due, day: due.get(day, frozenset()) - {person}}
    if without[day]:
        assert team_streak(without, written).current >= team_streak(due, written).current
