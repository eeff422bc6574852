"""Dates and months as people type them for the calendar."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import DateUnreadable, month_end, read_coming_date, read_date, read_month

TODAY = date(2026, 1, 5)
dates = st.dates(date(1970, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-03", date(2026, 12, 3)),
        ("2026. 12. 3.", date(2026, 12, 3)),
        ("2026년 12월 3일", date(2026, 12, 3)),
        ("12/3", date(2026, 12, 3)),
        ("12월 3일", date(2026, 12, 3)),
        ("12월3일 (목)", date(2026, 12, 3)),
        ("1/4", date(2027, 1, 4)),
        ("1/5", TODAY),
        ("2/29", date(2028, 2, 29)),
        ("오늘", TODAY),
        ("내일", date(2026, 1, 6)),
        ("모레", date(2026, 1, 7)),
        ("Tomorrow", date(2026, 1, 6)),
        ("어제", date(2026, 1, 4)),
    ],
)
def test_a_date_without_a_year_is_the_next_one(text, day):
    assert read_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"), [("11/3", date(2025, 11, 3)), ("1/12", date(2026, 1, 12)), ("7/1", date(2026, 7, 1))]
)
def test_looking_back_it_is_the_nearest_one(text, day):
    assert read_date(text, TODAY, past=True) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1/4", date(2026, 1, 4)),
        ("12월 20일", date(2025, 12, 20)),
        ("11/3", date(2026, 11, 3)),
        ("1/5", TODAY),
        ("1/12", date(2026, 1, 12)),
        ("2027-01-04", date(2027, 1, 4)),
    ],
)
def test_a_date_that_is_just_over_is_not_that_of_next_year(text, day):
    assert read_coming_date(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "언젠가", "2026-02-30", "13/1", "0/5", "2/30", "12", "2026-12", "1/2/3/4", "0000-01-01"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(DateUnreadable):
        read_date(text, TODAY)


@given(dates, dates)
def test_an_iso_date_reads_as_itself(day, today):
    assert read_date(day.isoformat(), today) == day


@given(dates, dates)
def test_a_date_without_a_year_is_never_past(day, today):
    read = read_date(f"{day.month}/{day.day}", today)
    assert read >= today
    assert (read.month, read.day) == (day.month, day.day)


@given(dates.filter(lambda day: (day.month, day.day) != (2, 29)), dates)
def test_looking_back_no_year_is_nearer(day, today):
    distance = abs(read_date(f"{day.month}월 {day.day}일", today, past=True) - today)
    assert distance <= timedelta(days=183)


@given(st.text(), dates)
def test_whatever_is_typed_is_read_or_refused(text, today):
    for reader in (read_date, read_month):
        with suppress(DateUnreadable):
            assert isinstance(reader(text, today), date)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-12", date(2026, 12, 1)),
        ("2025년 12월", date(2025, 12, 1)),
        ("12", date(2025, 12, 1)),
        ("12월", date(2025, 12, 1)),
        ("3", date(2026, 3, 1)),
        ("이번 달", date(2026, 1, 1)),
        ("다음달", date(2026, 2, 1)),
        ("last month", date(2025, 12, 1)),
    ],
)
def test_a_month_without_a_year_is_the_nearest_one(text, month):
    assert read_month(text, TODAY) == month


@pytest.mark.parametrize("text", ["13", "0", "2026-13", "2026", "겨울", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(DateUnreadable):
        read_month(text, TODAY)


@given(dates)
def test_a_month_ends_the_day_before_the_next_one(day):
    last = month_end(day)
    assert (last.year, last.month) == (day.year, day.month)
    assert (last + timedelta(days=1)).day == 1
