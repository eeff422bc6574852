from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.duties import (
    DAILY_MODERATOR,
    MODERATOR,
    PRESENTER,
    Absence,
    Duty,
    Per,
    Presented,
    RosterMember,
    Slot,
    Span,
    day_unit,
    lecture_id_of,
    lecture_unit,
    shared_unit,
    slots_of_day,
    week_of,
    week_unit,
)

MONDAY, TUESDAY, WEDNESDAY = date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 4)
NEXT_MONDAY = date(2026, 2, 9)

dates = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def units(slots, duty):
    return [slot.unit for slot in slots if slot.duty == duty]


def test_a_span_ends_before_its_last_date():
    assert MONDAY in Span(MONDAY, TUESDAY)
    assert TUESDAY not in Span(MONDAY, TUESDAY)
    assert date.max in Span(MONDAY)


def test_an_absence_is_every_day_of_its_span_or_some_weekdays_of_it():
    assert TUESDAY in Absence(Span(MONDAY))
    mondays = Absence(Span(MONDAY, NEXT_MONDAY + timedelta(days=1)), frozenset({0}))
    assert [MONDAY in mondays, TUESDAY in mondays, NEXT_MONDAY in mondays] == [True, False, True]
    assert NEXT_MONDAY + timedelta(days=7) not in mondays


def test_somebody_away_belongs_to_the_team_but_is_not_present():
    member = RosterMember(1, (Span(MONDAY, TUESDAY), Span(WEDNESDAY)), (Absence(Span(NEXT_MONDAY)),))
    assert [member.belongs_on(day) for day in (MONDAY, TUESDAY, WEDNESDAY, NEXT_MONDAY)] == [True, False, True, True]
    assert [member.present_on(day) for day in (MONDAY, TUESDAY, WEDNESDAY, NEXT_MONDAY)] == [True, False, True, False]


def test_an_event_has_no_presenter_and_a_paper_as_many_as_it_has_readers():
    lectures = [Presented(7), Presented(8, "event", 2), Presented(9, "paper", 2)]
    assert slots_of_day(MONDAY, lectures) == (
        Slot(PRESENTER, "lecture:7"),
        Slot(PRESENTER, "lecture:9"),
        Slot(PRESENTER, "lecture:9/2"),
        Slot(MODERATOR, "day:2026-02-02"),
    )


def test_a_lecture_without_readers_is_presented_by_nobody():
    assert units(slots_of_day(MONDAY, [Presented(7, readers=0)]), PRESENTER) == []


def test_own_duties_follow_the_moderator_in_their_order():
    own = (Duty("duty:2", Per.DAY), Duty("duty:1", Per.DAY))
    slots = slots_of_day(MONDAY, [Presented(7)], (DAILY_MODERATOR, *own))
    assert [slot.duty for slot in slots] == [PRESENTER, MODERATOR, "duty:2", "duty:1"]


def test_a_duty_per_lecture_is_done_for_each_that_somebody_presents():
    own = Duty("duty:1", Per.LECTURE, people=2)
    slots = slots_of_day(MONDAY, [Presented(7, "paper", 3), Presented(8, "event")], (own,))
    assert units(slots, "duty:1") == ["lecture:7", "lecture:7/2"]


def test_a_weekly_duty_is_a_slot_of_each_day_of_its_week():
    weekly = Duty("duty:1", Per.WEEK, first_weekday=2)
    days = (MONDAY, TUESDAY, WEDNESDAY, NEXT_MONDAY, NEXT_MONDAY + timedelta(days=2))
    weeks = [units(slots_of_day(day, [], (weekly,)), "duty:1") for day in days]
    assert weeks == [["week:2026-01-28"]] * 2 + [["week:2026-02-04"]] * 2 + [["week:2026-02-11"]]


def test_a_duty_is_done_only_while_the_team_has_it():
    own = Duty("duty:1", Per.DAY, span=Span(TUESDAY, WEDNESDAY))
    done = [units(slots_of_day(day, [], (own,)), "duty:1") for day in (MONDAY, TUESDAY, WEDNESDAY)]
    assert done == [[], ["day:2026-02-03"], []]


@given(dates, st.integers(0, 6), st.integers(1, 5))
def test_a_day_lies_in_its_week_which_begins_on_the_given_weekday(day, first_weekday, place):
    unit = week_unit(day, first_weekday, place)
    week = week_of(unit)
    assert day in week
    assert week.since.weekday() == first_weekday
    assert week.until - week.since == timedelta(days=7)
    assert week_unit(week.since, first_weekday, place) == unit


@given(st.integers(1), st.integers(1, 5))
def test_a_lecture_is_read_back_from_each_of_its_units(lecture_id, place):
    unit = lecture_unit(lecture_id, place)
    assert lecture_id_of(unit) == lecture_id
    assert shared_unit(unit) == lecture_unit(lecture_id)
    assert week_of(unit) is None


@pytest.mark.parametrize("unit", [day_unit(MONDAY), day_unit(MONDAY, 2), week_unit(MONDAY), week_unit(MONDAY, 3, 2)])
def test_a_day_or_week_is_no_lecture(unit):
    assert lecture_id_of(unit) is None


@given(st.lists(st.builds(Presented, st.integers(1, 99), st.sampled_from(["lecture", "event"]), st.integers(0, 3)),
                unique_by=lambda lecture: lecture.lecture_id),
       st.lists(st.builds(Duty, st.sampled_from("abc"), st.sampled_from(Per), st.integers(1, 5), st.integers(0, 6)),
                unique_by=lambda duty: duty.key), dates)  # fmt: skip
def test_every_slot_of_a_day_is_another(lectures, duties, day):
    slots = slots_of_day(day, lectures, duties)
    assert len(set(slots)) == len(slots)
