"""Quiet hours: how they are written, where a night begins and ends, and what they do to reminders."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.assignments import reminders
from bot.domain.quiet_hours import QuietHours, parse_quiet_hours

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT = QuietHours(time(23), time(8))
ZONES = [
    ZoneInfo(name)
    for name in ("Asia/Seoul", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo")
]
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
MINUTES = st.integers(0, 60 * 24 * 366).map(lambda minutes: NOW + timedelta(minutes=minutes))


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("23:00-08:00", "23:00-08:00"),
        ("23:00 ~ 8:00", "23:00-08:00"),
        ("23시~8시", "23:00-08:00"),
        ("23시부터 8시까지", "23:00-08:00"),
        ("밤 11시 - 아침 8시", "23:00-08:00"),
        ("11pm–8am", "23:00-08:00"),
        ("13:00-14:30", "13:00-14:30"),
        ("24:00-07:00", "00:00-07:00"),
    ],
)
def test_they_are_read_as_people_write_them(text, hours):
    assert str(parse_quiet_hours(text)) == hours
    assert parse_quiet_hours(hours) == parse_quiet_hours(text)


@pytest.mark.parametrize("text", ["", "23:00", "밤", "23:00-23:00", "25:00-08:00", "23-8", "23:00-08:00-09:00", "off"])
def test_what_is_no_such_time_is_refused(text):
    with pytest.raises(ValueError, match="no"):
        parse_quiet_hours(text)


@pytest.mark.parametrize(
    ("instant", "night"),
    [
        ("2026-01-05 22:59", None),
        ("2026-01-05 23:00", None),
        ("2026-01-05 23:01", ("2026-01-05 23:00", "2026-01-06 08:00")),
        ("2026-01-06 07:59", ("2026-01-05 23:00", "2026-01-06 08:00")),
        ("2026-01-06 08:00", None),
        ("2026-01-06 12:00", None),
    ],
)
def test_a_night_lies_between_its_edges(instant, night):
    found = NIGHT.around(seoul(instant), SEOUL)
    assert found == (None if night is None else tuple(seoul(edge) for edge in night))


def test_a_night_without_its_only_hour_is_none():
    """In Berlin there is no 02:30 on 29 March 2026."""
    nap, berlin = QuietHours(time(2, 10), time(2, 50)), ZoneInfo("Europe/Berlin")
    assert nap.around(datetime(2026, 3, 28, 2, 30, tzinfo=berlin), berlin) is not None
    assert QuietHours(time(2), time(3)).around(datetime(2026, 3, 29, 1, 0, 1, tzinfo=UTC), berlin) is None


def at(due: str, offsets: dict[str, timedelta], now: str = "2026-01-01 12:00") -> dict[str, str]:
    """Offset → when it reminds, on the clock of Seoul."""
    names = {offset: name for name, offset in offsets.items()}
    planned = reminders(seoul(due), offsets.values(), seoul(now), partial(NIGHT.around, zone=SEOUL))
    return {names[reminder.offset]: f"{reminder.at.astimezone(SEOUL):%d %H:%M}" for reminder in planned}


DAY, THREE, HALF = timedelta(days=1), timedelta(hours=3), timedelta(minutes=30)


def test_a_reminder_in_the_night_comes_in_the_evening_before():
    offsets = {"1d": DAY, "3h": THREE, "30m": HALF}
    assert at("2026-01-06 10:00", offsets) == {"1d": "05 10:00", "3h": "05 23:00", "30m": "06 09:30"}


def test_the_last_one_comes_also_in_the_night():
    assert at("2026-01-06 02:00", {"1d": DAY, "30m": HALF}) == {"1d": "04 23:00", "30m": "06 01:30"}
    assert at("2026-01-06 05:00", {"3h": THREE}) == {"3h": "06 02:00"}


def test_where_the_evening_is_past_it_comes_in_the_morning_if_that_is_still_of_use():
    offsets = {"3h": THREE, "30m": HALF}
    assert at("2026-01-06 10:00", offsets, now="2026-01-06 00:30") == {"3h": "06 08:00", "30m": "06 09:30"}
    assert at("2026-01-06 07:00", offsets, now="2026-01-06 00:30") == {"30m": "06 06:30"}


def test_two_in_one_night_are_one_in_the_evening():
    offsets = {"8h": timedelta(hours=8), "3h": THREE, "30m": HALF}
    assert at("2026-01-06 10:00", offsets) == {"3h": "05 23:00", "30m": "06 09:30"}


TIMES = st.times().map(lambda value: value.replace(second=0, microsecond=0))
HOURS = st.tuples(TIMES, TIMES).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: QuietHours(*pair))


@given(
    hours=HOURS,
    zone=st.sampled_from(ZONES),
    due=st.integers(1, 60 * 24 * 300).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    offsets=st.sets(st.integers(1, 5 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)), max_size=6),
)
@example(QuietHours(time(12), time(0)), SEOUL, seoul("2026-03-03 17:00"), {timedelta(hours=each) for each in (1, 2, 5)})
def test_nobody_is_reminded_at_night_but_of_the_last_and_nobody_has_less_notice(hours, zone, due, offsets):
    """Over a year with the clock changes of five zones."""
    around = partial(hours.around, zone=zone)
    plain, quiet = reminders(due, offsets, NOW), reminders(due, offsets, NOW, around)
    assert quiet[-1:] == plain[-1:]
    assert all(around(reminder.at) is None for reminder in quiet[:-1])
    assert [reminder.at for reminder in quiet] == sorted({reminder.at for reminder in quiet})
    assert all(NOW < reminder.at < due for reminder in quiet)
    usual = {reminder.offset: reminder.at for reminder in plain}
    for reminder in quiet:
        night = around(usual[reminder.offset])
        assert reminder.at == usual[reminder.offset] or (night is not None and reminder.at in night)
        if night is not None and night[0] > NOW:
            assert reminder.at <= usual[reminder.offset]
    kept = {reminder.offset for reminder in quiet}
    for reminder in plain:  # one that is left out had nothing to say that the next one does not
        if reminder.offset not in kept:
            assert around(reminder.at) is not None or reminder.at in {each.at for each in quiet}


@given(
    hours=HOURS,
    zone=st.sampled_from(ZONES),
    instant=st.integers(0, 60 * 24 * 366).map(lambda m: NOW + timedelta(minutes=m)),
)
def test_the_edges_of_a_night_are_on_the_clock_where_the_clock_shows_them(hours, zone, instant):
    night = hours.around(instant, zone)
    if night is None:
        return
    assert night[0] < instant < night[1] <= night[0] + timedelta(hours=26)
    assert night[1].astimezone(zone).time() == hours.end or _is_skipped(night[1], hours.end, zone)


def _is_skipped(edge: datetime, local: time, zone: ZoneInfo) -> bool:
    """Whether the clock was put forward over a local time, so that it is shown as much later."""
    date = edge.astimezone(zone).date()
    there = datetime.combine(date, local, zone)
    return there.astimezone(UTC).astimezone(zone).time() != local
