from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.calendar import (
    LONGEST_BREAK,
    CalendarError,
    ClosedDay,
    CountryUnknown,
    DayOff,
    DayOffKind,
    NoStudyDay,
    NotAStudyDay,
    StudyCalendar,
    parse_date,
    parse_zone,
    public_holidays,
)
from bot.domain.timewords import parse_time, parse_weekdays

SEOUL = ZoneInfo("Asia/Seoul")
ONE_DAY = timedelta(days=1)

ZONES = [
    *("Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "America/Anchorage", "America/Asuncion"),
    *("America/Caracas", "America/Chicago", "America/Denver", "America/Halifax", "America/Havana"),
    *("America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Nuuk", "America/Santiago"),
    *("America/Sao_Paulo", "America/St_Johns", "Asia/Amman", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem"),
    *("Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Seoul", "Asia/Tehran", "Asia/Tokyo"),
    *("Atlantic/Azores", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Berlin", "Europe/Chisinau"),
    *("Europe/Helsinki", "Europe/Istanbul", "Europe/London", "Pacific/Apia", "Pacific/Auckland"),
    *("Pacific/Chatham", "Pacific/Kiritimati", "UTC"),
]
"""Every way clocks are put forward and back that the world has today: at midnight, by half an hour, in Ramadan."""

zones = st.sampled_from(ZONES).map(ZoneInfo)
dates = st.dates(date(2015, 1, 1), date(2037, 12, 1))
"""From after the last date that a zone left out altogether (Samoa, 30 December 2011): such a date has no moment."""
instants = st.builds(datetime.combine, dates, st.times(), st.just(UTC))
times = st.times().map(lambda clock: clock.replace(microsecond=0))
cutoffs = st.sampled_from(
    [time(0), time(1, 30), time(2), time(2, 30), time(3), time(3, 59), time(4), time(5), time(12)]
)


@st.composite
def calendars(draw):
    start = draw(dates)
    nearby = st.integers(0, 90).map(lambda step: start + timedelta(days=step))
    labelled = st.dictionaries(nearby, st.just("label"), max_size=20)
    return StudyCalendar(
        zone=draw(zones),
        start=start,
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        cutoff=draw(cutoffs),
        holidays=draw(labelled),
        off=draw(labelled),
        extra=draw(labelled),
    )


def seoul(**given):
    return StudyCalendar(**{"zone": SEOUL, "start": date(2026, 2, 2)} | given)


def at(text, zone=SEOUL):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# Which date an instant belongs to


def test_the_small_hours_belong_to_the_day_before():
    calendar = seoul()
    assert calendar.date_at(at("2026-02-10 03:59")) == date(2026, 2, 9)
    assert calendar.date_at(at("2026-02-10 04:00")) == date(2026, 2, 10)
    assert calendar.date_at(at("2026-02-10 23:59")) == date(2026, 2, 10)


def test_a_naive_time_is_refused():
    with pytest.raises(CalendarError):
        seoul().date_at(datetime(2026, 2, 10, 12, 0))  # noqa: DTZ001


@given(zones, cutoffs, instants)
def test_every_instant_belongs_to_exactly_one_date(zone, cutoff, instant):
    calendar = StudyCalendar(zone=zone, start=date(2015, 1, 1), cutoff=cutoff)
    day = calendar.date_at(instant)
    around = [day + timedelta(days=step) for step in range(-3, 4)]
    assert [d for d in around if calendar.begins_at(d) <= instant < calendar.ends_at(d)] == [day]
    assert all(calendar.ends_at(d) == calendar.begins_at(d + ONE_DAY) for d in around)


@given(zones, cutoffs, instants)
def test_the_date_is_the_local_one_but_for_the_hours_before_the_cutoff(zone, cutoff, instant):
    calendar = StudyCalendar(zone=zone, start=date(2015, 1, 1), cutoff=cutoff)
    local = instant.astimezone(zone)
    near = timedelta(hours=3)  # where clocks change around the cut-off itself, one of the two has to give way
    naive = local.replace(tzinfo=None)
    boundary = datetime.combine(naive.date(), cutoff)
    assume(abs(naive - boundary) > near and abs(naive - boundary - ONE_DAY) > near)
    assert calendar.date_at(local) == (naive.date() if naive > boundary else naive.date() - ONE_DAY)


# When a local time is


def test_a_time_before_the_cutoff_is_in_the_night_after():
    calendar = seoul()
    assert calendar.moment(date(2026, 2, 9), time(21)) == at("2026-02-09 21:00")
    assert calendar.moment(date(2026, 2, 9), time(1)) == at("2026-02-10 01:00")
    assert calendar.moment(date(2026, 2, 9), time(21)).tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        pytest.param("Europe/Berlin", date(2026, 3, 28), time(2, 30), "2026-03-29 01:30", id="put forward: later"),
        pytest.param("Europe/Berlin", date(2026, 10, 24), time(2, 30), "2026-10-25 00:30", id="put back: the first"),
        pytest.param("Europe/Helsinki", date(2026, 3, 28), time(3, 30), "2026-03-29 00:59", id="the last minute"),
        pytest.param("America/Santiago", date(2026, 9, 5), time(0), "2026-09-06 04:00", id="midnight is left out"),
    ],
)
def test_where_clocks_change(zone, day, clock, expected):
    calendar = StudyCalendar(zone=ZoneInfo(zone), start=date(2026, 1, 1))
    assert calendar.moment(day, clock) == at(expected, UTC)


@given(zones, cutoffs, dates, times)
def test_the_moment_of_a_date_belongs_to_that_date(zone, cutoff, day, clock):
    calendar = StudyCalendar(zone=zone, start=date(2015, 1, 1), cutoff=cutoff)
    assert calendar.date_at(calendar.moment(day, clock)) == day


@given(zones, dates, times)
def test_a_moment_shows_its_time_on_the_clock_wherever_that_time_exists(zone, day, clock):
    calendar = StudyCalendar(zone=zone, start=date(2015, 1, 1))
    wanted = datetime.combine(day + ONE_DAY if clock < time(4) else day, clock, zone)
    assume(wanted.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wanted.replace(tzinfo=None))
    shown = calendar.moment(day, clock).astimezone(zone)
    assert shown.replace(tzinfo=None) == wanted.replace(tzinfo=None)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("clock", [time(0), time(0, 30), time(1, 30), time(2, 30), time(3, 30), time(21)], ids=str)
def test_two_years_of_moments_ascend_one_a_study_day(name, clock):
    calendar = StudyCalendar(zone=ZoneInfo(name), start=date(2026, 1, 1), weekdays=frozenset(range(7)))
    last, after, met = date(2027, 12, 31), calendar.begins_at(date(2026, 1, 1)) - timedelta(seconds=1), []
    while not met or met[-1][0] < last:
        met.append(calendar.next_moment(clock, after))
        after = met[-1][1]
    moments = [instant for _, instant in met]
    assert [day for day, _ in met] == calendar.between(date(2026, 1, 1), last)
    assert all(earlier < later for earlier, later in pairwise(moments))


@given(calendars(), times, st.integers(-5, 120), times)
def test_the_next_moment_is_the_first_one_later_than_the_instant(calendar, clock, step, since):
    after = datetime.combine(calendar.start + timedelta(days=step), since, calendar.zone)
    day, instant = calendar.next_moment(clock, after)
    before = calendar.previous_before(day)
    assert instant == calendar.moment(day, clock) > after
    assert before is None or calendar.moment(before, clock) <= after


# Study days


def test_why_a_day_is_off():
    calendar = seoul(
        holidays={date(2026, 2, 16): "설날 전날", date(2026, 2, 17): "설날"},
        off={date(2026, 2, 20): "회식", date(2026, 2, 17): "모두 고향"},
        extra={date(2026, 2, 16): "보강", date(2026, 2, 21): "보강"},
    )
    assert calendar.day_off_reason(date(2026, 2, 1)) == DayOff(DayOffKind.BEFORE_START)
    assert calendar.day_off_reason(date(2026, 2, 14)) == DayOff(DayOffKind.WEEKDAY)
    assert calendar.day_off_reason(date(2026, 2, 17)) == DayOff(DayOffKind.TEAM, "모두 고향")
    assert calendar.day_off_reason(date(2026, 2, 20)) == DayOff(DayOffKind.TEAM, "회식")
    assert calendar.day_off_reason(date(2026, 2, 16)) is None
    assert calendar.day_off_reason(date(2026, 2, 21)) is None


def test_a_holiday_is_named():
    assert seoul(holidays={date(2026, 2, 17): "설날"}).day_off_reason(date(2026, 2, 17)) == DayOff(
        DayOffKind.HOLIDAY, "설날"
    )


def test_numbers_skip_days_off():
    calendar = seoul(holidays={date(2026, 2, 3): "휴일"})
    assert [calendar.number(date(2026, 2, day)) for day in (2, 4, 5, 6, 9)] == [1, 2, 3, 4, 5]
    with pytest.raises(NotAStudyDay):
        calendar.number(date(2026, 2, 3))
    with pytest.raises(NotAStudyDay):
        calendar.number(date(2026, 1, 30))


def test_the_first_study_day_is_the_first_one_from_the_start_on():
    assert seoul(start=date(2026, 2, 7)).number(date(2026, 2, 9)) == 1


def test_numbers_count_on_from_the_last_closed_day():
    closed = ClosedDay(date(2026, 2, 6), 5)
    calendar = seoul(holidays={date(2026, 2, 3): "휴일로 바뀜"}, last_closed=closed)
    assert calendar.number(date(2026, 2, 6)) == 5
    assert calendar.number(date(2026, 2, 9)) == 6
    assert seoul(start=date(2026, 2, 9), last_closed=closed).number(date(2026, 2, 9)) == 1


@given(calendars(), st.integers(1, 60))
def test_numbers_count_up_by_one_from_each_study_day_to_the_next(calendar, length):
    day, expected = calendar.start - ONE_DAY, 1
    for _ in range(length):
        following = calendar.next_after(day)
        assert calendar.number(following) == expected
        assert not calendar.between(day + ONE_DAY, following - ONE_DAY)
        assert calendar.previous_before(following) == (day if expected > 1 else None)
        day, expected = following, expected + 1


@given(calendars(), st.integers(-10, 120), times)
def test_entries_go_forward_and_retrospectives_back(calendar, step, clock):
    instant = datetime.combine(calendar.start + timedelta(days=step), clock, calendar.zone)
    today = calendar.date_at(instant)
    entry, retrospective = calendar.day_for_entry(instant), calendar.day_for_retrospective(instant)
    if calendar.is_study_day(today):
        assert entry == retrospective == today
    else:
        assert calendar.is_study_day(entry)
        assert entry > today
        assert retrospective is None or (calendar.is_study_day(retrospective) and retrospective < today)
        assert calendar.between(retrospective or calendar.start, entry) == (
            [retrospective] if retrospective else []
        ) + [entry]


def test_a_weekend_entry_goes_to_monday_and_its_retrospective_to_friday():
    saturday = at("2026-02-07 15:00")
    assert seoul().day_for_entry(saturday) == date(2026, 2, 9)
    assert seoul().day_for_retrospective(saturday) == date(2026, 2, 6)
    assert seoul().day_for_retrospective(at("2026-01-31 15:00")) is None


# What cannot be


@pytest.mark.parametrize("weekdays", [frozenset(), frozenset({7}), frozenset({-1, 2})])
def test_a_calendar_without_real_weekdays_is_refused(weekdays):
    with pytest.raises(CalendarError):
        seoul(weekdays=weekdays)


def test_a_cutoff_in_the_afternoon_is_refused():
    with pytest.raises(CalendarError):
        seoul(cutoff=time(12, 1))


def test_a_break_that_never_ends_is_an_error():
    start = date(2026, 2, 2)
    calendar = seoul(off={start + timedelta(days=step): "쉼" for step in range(LONGEST_BREAK + 2)})
    with pytest.raises(NoStudyDay):
        calendar.next_after(start)
    with pytest.raises(NoStudyDay):
        seoul().next_after(date.max)


# Public holidays


def test_korean_holidays_have_korean_names():
    found = public_holidays("KR", 2026, 2026, "ko")
    assert found[date(2026, 2, 17)] == "설날"
    assert found[date(2026, 3, 1)] == "삼일절"
    assert {day.year for day in found} == {2026}


def test_holidays_in_another_language_or_in_none_that_is_known():
    assert public_holidays("kr", 2026, 2027, "en")[date(2027, 10, 9)] == "Hangul Day"
    assert public_holidays("JP", 2026, 2026, "ko")[date(2026, 11, 3)] == "Culture Day"
    assert date(2026, 7, 4) in public_holidays("US", 2026, 2026, "ko")


@pytest.mark.parametrize("country", ["ZZ", "", "Korea", "HolidayBase", "../KR"])
def test_an_unknown_country_is_refused(country):
    with pytest.raises(CountryUnknown):
        public_holidays(country, 2026, 2026, "ko")


# What people type into settings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("21:00", time(21)), ("9:30", time(9, 30)), ("00:00", time(0)), ("24:00", time(0)), (" 04:00 ", time(4))),
        *(("21시", time(21)), ("9시", time(9)), ("21시 30분", time(21, 30)), ("10시 반", time(10, 30))),
        *(("오후 9시", time(21)), ("오후9시반", time(21, 30)), ("오전 12시", time(0)), ("낮 12시", time(12))),
        *(("낮 11시", time(11)), ("밤 11시", time(23)), ("밤 12시", time(0)), ("새벽 2시", time(2))),
        *(("저녁 7:30", time(19, 30)), ("9pm", time(21)), ("9:30 p.m.", time(21, 30)), ("12 AM", time(0))),
        *(("정오", time(12)), ("자정", time(0)), ("noon", time(12)), ("Midnight", time(0))),
    ],
)
def test_times_of_day_are_read(text, expected):
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text", ["", "25:00", "9:60", "24:01", "9", "아무때나", "오전 15시", "am", "13pm", "9:3", "9:300", "21:00 21:00"]
)
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValueError, match="time"):
        parse_time(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("월-금", {0, 1, 2, 3, 4}), ("월 ~ 금", {0, 1, 2, 3, 4}), ("월,수,금", {0, 2, 4}), ("월수금", {0, 2, 4})),
        *(("월요일, 수요일", {0, 2}), ("월 수 금", {0, 2, 4}), ("월-수, 금", {0, 1, 2, 4}), ("금-월", {4, 5, 6, 0})),
        *(("토", {5}), ("평일", {0, 1, 2, 3, 4}), ("주말", {5, 6}), ("매일", set(range(7)))),
        *(("mon-fri", {0, 1, 2, 3, 4}), ("Mon, Wed", {0, 2}), ("tuesday to thursday", {1, 2, 3})),
        *(("sat and sun", {5, 6}), ("weekdays", {0, 1, 2, 3, 4}), ("Every Day", set(range(7)))),
    ],
)
def test_days_of_the_week_are_read(text, expected):
    assert parse_weekdays(text) == expected


@pytest.mark.parametrize("text", ["", " ", ",", "-", "월-", "월-화-수", "funday", "월금요", "1-5", "mon-", "and"])
def test_what_are_no_days_of_the_week_is_refused(text):
    with pytest.raises(ValueError, match="days of the week"):
        parse_weekdays(text)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(text):
    for read in (parse_time, parse_weekdays, parse_date, parse_zone):
        with suppress(ValueError):
            read(text)


@pytest.mark.parametrize("name", ["", "Seoul", "Asia", "../etc/passwd", "/etc/localtime", "Asia/서울", "\x00"])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(CalendarError):
        parse_zone(name)


def test_a_zone_and_a_date_are_read():
    assert parse_zone(" Asia/Seoul ") == SEOUL
    assert parse_date("2026-12-03") == date(2026, 12, 3)
