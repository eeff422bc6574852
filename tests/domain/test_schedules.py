"""What is posted every study day, when, and until when it still makes sense."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import StudyCalendar
from bot.domain.schedules import (
    ASSIGNMENT_MORNING,
    RETRO_PROMPT,
    ROTATION_ANNOUNCEMENT,
    SESSION_BRIEFING,
    SESSION_REMINDER,
    announcement,
    answers_due,
    local_times,
    next_occurrence,
)
from bot.domain.team import Team

SEOUL = ZoneInfo("Asia/Seoul")
FRIDAY, NEXT_MONDAY = date(2026, 1, 9), date(2026, 1, 12)
CALENDAR = StudyCalendar(SEOUL, date(2026, 1, 5))
TEAM = Team(
    id=1, guild_id=1, name="스터디", language="ko", zone=SEOUL, study_channel_id=1, reminder_channel_id=1,
    retro_channel_id=1, journal_channel_id=1, mod_channel_id=1, moderator_role_id=None, start=date(2026, 1, 5),
    country="KR", weekdays=frozenset(range(5)), session_time=time(16), session_minutes=60, announce_time=time(18),
    confirm_by=time(22), moderator_per="day", due_time=None, retro_time=time(21), nudge_time=None, digest=None,
    streaks=True, cutoff=time(4), reminders="1d",
)  # fmt: skip


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def upcoming(kind: str, after: str, team: Team = TEAM):
    return next_occurrence(kind, local_times(team)[kind], team, CALENDAR, seoul(after))


def test_a_session_is_reminded_of_ten_minutes_before():
    assert local_times(TEAM)[SESSION_REMINDER] == time(15, 50)
    assert local_times(replace(TEAM, session_time=time(0, 5)))[SESSION_REMINDER] == time(23, 55)


def test_presenters_are_briefed_half_an_hour_before_and_not_after_the_session_has_begun():
    assert local_times(TEAM)[SESSION_BRIEFING] == time(15, 30)
    assert upcoming(SESSION_BRIEFING, "2026-01-09 12:00").expires_at == seoul("2026-01-09 16:00")


def test_a_team_without_a_session_has_no_reminder_of_it():
    assert set(local_times(replace(TEAM, session_time=None))) == {RETRO_PROMPT, ROTATION_ANNOUNCEMENT}


def test_a_team_that_wants_to_hear_of_deadlines_in_the_morning_has_a_time_for_it():
    assert ASSIGNMENT_MORNING not in local_times(TEAM)
    morning = upcoming(ASSIGNMENT_MORNING, "2026-01-09 09:00", replace(TEAM, due_time=time(9)))
    assert (morning.day, morning.due_at) == (NEXT_MONDAY, seoul("2026-01-12 09:00"))
    assert morning.expires_at == seoul("2026-01-13 04:00")


def test_after_fridays_prompt_comes_mondays():
    prompt = upcoming(RETRO_PROMPT, "2026-01-09 21:00")
    assert (prompt.day, prompt.due_at) == (NEXT_MONDAY, seoul("2026-01-12 21:00"))


def test_a_prompt_makes_sense_until_its_day_ends():
    assert upcoming(RETRO_PROMPT, "2026-01-09 20:59").expires_at == seoul("2026-01-10 04:00")


def test_an_announcement_makes_sense_until_the_session_that_it_announces():
    assert upcoming(ROTATION_ANNOUNCEMENT, "2026-01-09 12:00").expires_at == seoul("2026-01-12 16:00")
    without = upcoming(ROTATION_ANNOUNCEMENT, "2026-01-09 12:00", replace(TEAM, session_time=None))
    assert without.expires_at == seoul("2026-01-13 04:00")


def test_a_session_reminder_makes_sense_until_the_session_is_well_under_way():
    assert upcoming(SESSION_REMINDER, "2026-01-09 12:00").expires_at == seoul("2026-01-09 16:50")


def test_an_announcement_may_come_before_its_usual_hour():
    early = announcement(TEAM, CALENDAR, FRIDAY, seoul("2026-01-09 17:20"))
    assert (early.day, early.due_at) == (FRIDAY, seoul("2026-01-09 17:20"))
    assert early.expires_at == seoul("2026-01-12 16:00")


@pytest.mark.parametrize(
    ("announced", "due"),
    [
        ("2026-01-09 18:00", "2026-01-09 22:00"),
        ("2026-01-09 21:59", "2026-01-09 22:00"),
        ("2026-01-09 22:00", "2026-01-09 23:00"),
        ("2026-01-10 02:00", "2026-01-10 03:00"),
        ("2026-01-10 09:00", "2026-01-10 22:00"),
    ],
)
def test_people_answer_that_evening_and_have_an_hour_where_it_was_past(announced, due):
    assert answers_due(time(22), CALENDAR, seoul(announced)) == seoul(due)


@pytest.mark.parametrize("kind", [RETRO_PROMPT, ROTATION_ANNOUNCEMENT, SESSION_BRIEFING, SESSION_REMINDER])
@given(hours=st.floats(0, 8000))
def test_each_study_day_has_each_post_exactly_once(kind, hours):
    after = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    first = next_occurrence(kind, local_times(TEAM)[kind], TEAM, CALENDAR, after)
    second = next_occurrence(kind, local_times(TEAM)[kind], TEAM, CALENDAR, first.due_at)
    assert after < first.due_at < first.expires_at
    assert second.day == CALENDAR.next_after(first.day)
    assert CALENDAR.date_at(first.due_at) == first.day
    assert first.due_at - after <= timedelta(days=8)
