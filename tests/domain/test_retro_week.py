"""Weeks: which day is the last one, which week is next, what stands under which question."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import StudyCalendar
from bot.domain.retro_week import (
    Experiment,
    Said,
    Verdict,
    by_question,
    is_last_of_week,
    monday_of,
    next_week,
)

MONDAY = date(2026, 1, 5)
CALENDAR = StudyCalendar(ZoneInfo("Asia/Seoul"), MONDAY)
FRIDAY_OFF = replace(CALENDAR, off={date(2026, 1, 9): ""})
SATURDAY_ON = replace(CALENDAR, extra={date(2026, 1, 10): ""})
NEXT_WEEK_OFF = replace(CALENDAR, off={date(2026, 1, day): "" for day in range(12, 17)})


@pytest.mark.parametrize(("calendar", "last"), [(CALENDAR, 9), (FRIDAY_OFF, 8), (SATURDAY_ON, 10)])
def test_the_last_study_day_of_a_week_follows_the_calendar(calendar, last):
    days = calendar.between(MONDAY, date(2026, 1, 11))
    assert [day.day for day in days if is_last_of_week(calendar, day)] == [last]


def test_the_next_week_is_the_next_with_a_study_day():
    assert next_week(CALENDAR, date(2026, 1, 7)) == date(2026, 1, 12)
    assert next_week(NEXT_WEEK_OFF, date(2026, 1, 9)) == date(2026, 1, 19)


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(st.dates(MONDAY, MONDAY + timedelta(days=40))),
    st.dates(MONDAY, MONDAY + timedelta(days=30)),
)
def test_a_week_with_study_days_has_exactly_one_last_one(weekdays, off, day):
    calendar = replace(CALENDAR, weekdays=frozenset(weekdays), off=dict.fromkeys(off, ""))
    days = calendar.between(monday_of(day), monday_of(day) + timedelta(days=6))
    assert [each for each in days if is_last_of_week(calendar, each)] == days[-1:]


@pytest.mark.parametrize(
    ("counts", "most"),
    [({}, None), ({Verdict.DROP: 1}, Verdict.DROP), ({Verdict.KEEP: 2, Verdict.DROP: 2}, None)],
)
def test_most_is_what_more_people_say_than_anything_else(counts, most):
    assert Experiment(1, MONDAY, "질문 먼저", counts).most is most


def said(text: str) -> Said:
    return Said("가온", MONDAY, text)


def test_questions_asked_now_come_first_and_those_without_an_answer_not_at_all():
    answers = [("예전 질문", said("하나")), ("배운 점", said("둘")), ("예전 질문", said("셋"))]
    assert by_question(answers, ("잘한 점", "배운 점")) == (
        ("배운 점", (said("둘"),)),
        ("예전 질문", (said("하나"), said("셋"))),
    )
