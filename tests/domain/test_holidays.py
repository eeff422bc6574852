"""Which holidays are told of together, and what a team does on each."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import ONE_DAY, StudyCalendar, public_holidays
from bot.domain.holidays import (
    LONGEST_NOTICE,
    OnHoliday,
    breaks,
    coming_holidays,
    notice_at,
    on_holiday,
    taken_off,
)

TODAY = date(2025, 9, 1)


def korean(**given):
    holidays = public_holidays("KR", 2025, 2027)
    return StudyCalendar(**{"zone": ZoneInfo("Asia/Seoul"), "start": date(2025, 9, 1), "holidays": holidays} | given)


def first_breaks(calendar, today=TODAY, told=(), count=1):
    found = breaks(calendar, today, frozenset(told))
    return [[f"{day.month}/{day.day}" for day in next(found)] for _ in range(count)]


def test_a_break_over_a_weekend_is_told_at_once():
    assert first_breaks(korean(), count=2) == [["10/3", "10/6", "10/7", "10/8", "10/9"], ["12/25"]]


def test_a_study_day_parts_two_breaks():
    assert first_breaks(korean(extra={date(2025, 10, 7): "특강"}), count=2) == [["10/3", "10/6"], ["10/8", "10/9"]]
    assert first_breaks(korean(), today=date(2026, 9, 30), count=2) == [["10/5"], ["10/9"]]


def test_what_was_told_before_is_not_told_again_and_parts_what_is_left():
    told = [date(2025, 10, 7)]
    assert first_breaks(korean(), told=told, count=2) == [["10/3", "10/6"], ["10/8", "10/9"]]


def test_a_holiday_is_told_only_where_it_takes_a_study_day_away():
    monday_only = korean(weekdays=frozenset({0}), off={date(2025, 10, 6): "방학"})
    assert first_breaks(monday_only) == [["2/16"]]


def test_the_holidays_of_today_and_before_are_left_to_themselves():
    assert first_breaks(korean(), today=date(2025, 10, 7)) == [["10/8", "10/9"]]


@pytest.mark.parametrize(
    ("day", "calendar", "team"),
    [
        (date(2026, 2, 17), korean(), OnHoliday.OFF),
        (date(2026, 2, 17), korean(extra={date(2026, 2, 17): ""}), OnHoliday.STUDIES),
        (date(2026, 2, 17), korean(off={date(2026, 2, 17): "방학"}), OnHoliday.OFF),
        (date(2026, 3, 1), korean(), OnHoliday.USUAL),
        (date(2026, 3, 1), korean(extra={date(2026, 3, 1): "보강"}), OnHoliday.STUDIES),
        (date(2025, 8, 15), korean(), OnHoliday.USUAL),
    ],
    ids=["usually", "an extra day", "a team day off too", "a Sunday", "an extra Sunday", "before the start"],
)
def test_what_the_team_does_on_a_holiday(day, calendar, team):
    assert on_holiday(calendar, day) is team


def test_a_year_of_holidays_begins_today_and_ends_before_they_come_again():
    coming = [holiday.day for holiday in coming_holidays(korean(), date(2026, 1, 1))]
    assert (coming[0], coming[-1]) == (date(2026, 1, 1), date(2026, 12, 25))


def test_the_notice_comes_two_weeks_ahead_at_the_announce_time():
    assert notice_at(korean(), date(2026, 2, 16), time(18)) == datetime(2026, 2, 2, 9, tzinfo=UTC)


@st.composite
def teams(draw):
    """A calendar, a day on it, and dates that were told of before."""
    nearby = st.integers(0, 60).map(lambda step: TODAY + step * ONE_DAY)
    labelled = st.dictionaries(nearby, st.just("label"), max_size=25)
    calendar = StudyCalendar(
        zone=ZoneInfo("Asia/Seoul"),
        start=TODAY,
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        holidays=draw(labelled),
        off=draw(labelled),
        extra=draw(labelled),
    )
    return calendar, draw(nearby), draw(st.sets(nearby, max_size=10))


@given(teams())
def test_each_holiday_that_takes_a_study_day_away_is_in_one_break(team):
    calendar, today, told = team
    found = [day for days in breaks(calendar, today, told) for day in days]
    expected = {today + step * ONE_DAY for step in range(1, 100)} - told
    assert found == sorted(day for day in expected if taken_off(calendar, day))


@given(teams())
def test_a_break_is_as_long_as_it_can_be(team):
    calendar, today, told = team

    def parts(day):
        return calendar.is_study_day(day) or day in told

    found = list(breaks(calendar, today, told))
    for days in found:
        assert 1 <= len(days) <= LONGEST_NOTICE
        assert not any(parts(days[0] + step * ONE_DAY) for step in range((days[-1] - days[0]).days + 1))
    for days, following in pairwise(found):
        gap = (following[0] - days[-1]) // timedelta(days=1)
        assert len(days) == LONGEST_NOTICE or any(parts(days[-1] + step * ONE_DAY) for step in range(1, gap))
