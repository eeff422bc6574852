"""Settings as people type them."""

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.settings import (
    DEFAULTS,
    READERS,
    SettingUnreadable,
    read_country,
    read_setting,
    read_start,
    read_weekdays,
)

TODAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("key", "text", "column", "value"),
    [
        ("language", "한국어", "language", "ko"),
        ("language", "EN", "language", "en"),
        ("timezone", "asia/seoul", "timezone", "Asia/Seoul"),
        ("timezone", "America/New York", "timezone", "America/New_York"),
        ("session_time", "없음", "session_time", None),
        ("session_time", "16시 30분", "session_time", time(16, 30)),
        ("confirm_by", "23시", "confirm_by", time(23)),
        ("confirm_by", "off", "confirm_by", None),
        ("moderator_per", " Week ", "moderator_per", "week"),
        ("moderator_per", "한 주", "moderator_per", "week"),
        ("moderator_per", "매일", "moderator_per", "day"),
        ("retro_time", " 9pm ", "retro_time", time(21)),
        ("cutoff", "12:00", "cutoff", time(12)),
        ("reminders", "30m, 3h", "reminders", "3h, 30m"),
        ("reminders", "없음", "reminders", ""),
        ("mod_channel", "<#123456789012345678>", "mod_channel_id", 123456789012345678),
        ("mod_channel", "123456789012345678", "mod_channel_id", 123456789012345678),
        ("moderator_role", "<@&123456789012345678>", "moderator_role_id", 123456789012345678),
        ("moderator_role", "OFF", "moderator_role_id", None),
    ],
)
def test_a_setting_is_read(key, text, column, value):
    assert read_setting(key, text) == (column, value)


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("language", "日本語", "language"),
        ("timezone", "Seoul", "timezone"),
        ("timezone", "../../etc/passwd", "timezone"),
        ("announce_time", "off", "time"),
        ("session_time", "언젠가", "time"),
        ("confirm_by", "자기 전", "time"),
        ("moderator_per", "month", "moderator_per"),
        ("moderator_per", "off", "moderator_per"),
        ("cutoff", "12:01", "cutoff"),
        ("cutoff", "새벽쯤", "time"),
        ("reminders", "아침에", "reminders"),
        ("retro_channel", "#알림", "channel"),
        ("retro_channel", "<@&123456789012345678>", "channel"),
        ("moderator_role", "@운영진", "role"),
        ("moderator_role", "<#123456789012345678>", "role"),
    ],
)
def test_what_does_not_fit_is_refused_as_what_it_should_have_been(key, text, kind):
    with pytest.raises(SettingUnreadable) as refusal:
        read_setting(key, text)
    assert (refusal.value.kind, refusal.value.text) == (kind, text)


def test_an_unknown_key_is_no_setting():
    with pytest.raises(KeyError):
        read_setting("colour", "blue")


@given(st.sampled_from(sorted(READERS)), st.text())
def test_whatever_is_typed_is_read_or_refused(key, text):
    with suppress(SettingUnreadable):
        column, _value = read_setting(key, text)
        assert column == READERS[key][0]


def typed(value):
    """A default as somebody would type it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


@pytest.mark.parametrize("key", sorted(READERS.keys() & DEFAULTS.keys()))
def test_a_default_reads_as_itself(key):
    assert read_setting(key, typed(DEFAULTS[key])) == (key, DEFAULTS[key])


@pytest.mark.parametrize(("text", "days"), [("5", 5), ("10일", 10), ("1 day", 1), ("60 days", 60), ("off", 0)])
def test_the_days_a_further_question_is_carried_are_read(text, days):
    assert read_setting("carry_days", text) == ("carry_days", days)


@pytest.mark.parametrize("text", ["0", "61", "-1", "five", "5 weeks", "٥"])
def test_other_days_to_carry_are_refused(text):
    with pytest.raises(SettingUnreadable):
        read_setting("carry_days", text)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2025-11-03", date(2025, 11, 3)),
        ("11월 3일", date(2025, 11, 3)),
        ("1/12", date(2026, 1, 12)),
        ("오늘", TODAY),
        ("2024-01-10", date(2024, 1, 10)),
        ("2027-01-06", date(2027, 1, 6)),
    ],
)
def test_day_one_may_be_behind_us_or_ahead(text, start):
    assert read_start(text, TODAY) == start


@pytest.mark.parametrize(
    ("text", "kind"), [("2023-12-31", "start"), ("2027-01-31", "start"), ("0001-01-01", "start"), ("곧", "date")]
)
def test_a_day_one_that_can_only_be_a_slip_is_refused(text, kind):
    with pytest.raises(SettingUnreadable) as refusal:
        read_start(text, TODAY)
    assert refusal.value.kind == kind


def test_weekdays_are_kept_as_digits():
    assert read_weekdays("금, 월~수") == "0124"
    with pytest.raises(SettingUnreadable):
        read_weekdays("휴일")


def test_a_country_is_one_whose_holidays_are_known():
    assert (read_country(" kr "), read_country(" OFF ")) == ("KR", None)
    with pytest.raises(SettingUnreadable):
        read_country("Atlantis")
