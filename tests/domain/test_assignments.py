from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.assignments import (
    DeadlineAmbiguous,
    DeadlineError,
    DeadlinePast,
    DeadlineUnreadable,
    OffsetsUnreadable,
    Reminder,
    format_offsets,
    is_late,
    parse_offsets,
    read_deadline,
    reminders,
    who_has_not,
)

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 2, 25, 14, 30, tzinfo=SEOUL)
"""A Wednesday afternoon."""

KOREAN = """
2026-02-26 23:59  내일 23:59
2026-02-26 00:00  오늘 자정
2026-12-03 18:00  12월 3일 오후 6시
2026-03-10 03:30  2026년 3월 10일 오전 3시 30분
2026-03-06 23:59  다음 주 금요일까지
2026-03-01 23:59  이번 주 일요일
2026-02-27 18:00  금 18:00
2026-02-27 18:30  금요일 18시 반
2026-02-27 12:00  모레 정오
2026-02-28 14:30  3일 뒤
2026-02-25 16:30  2시간 후
2026-12-03 18:00  12.3(목) 18시
2026-02-26 23:59  내일
2026-02-25 23:59  오늘
2026-02-26 23:59  내일까지
2026-02-25 18:00  오늘 6시
2026-02-25 15:00  오늘 3시
2026-02-25 18:00  6시
2026-02-26 14:00  오후 2시
2026-02-26 00:00  자정까지
2026-02-26 12:00  정오
2026-02-26 00:00  밤 12시
2026-02-25 23:59  오늘 밤
2026-02-25 23:59  오늘 밤 11시 59분
2026-02-26 01:00  오늘 밤 1시
2026-02-26 02:00  내일 새벽 2시
2026-02-26 02:00  새벽 2시
2026-02-25 18:00  수 18:00
2026-03-04 09:00  수요일 9:00
2026-02-25 23:59  수
2026-03-04 10:00  다음주 수 오전 10시
2026-03-10 15:00  다다음 주 화요일 15:00
2026-03-06 18:00  다음 금요일 18:00
2026-02-27 23:59  이번 금요일
2026-02-28 23:59  28일
2026-03-01 00:00  28일 자정
2026-03-03 23:59  3일까지
2026-03-31 23:59  31일 23:59
2026-03-03 12:00  다음 달 3일 정오
2026-02-28 23:59  이번 달 28일
2026-02-28 23:59  월말
2026-02-28 23:59  이번 달 말
2026-02-28 23:59  2월 말까지
2026-02-28 18:00  말일 18:00
2026-12-31 23:59  12월 31일
2026-11-20 18:00  11월 20일 18:00
2027-01-05 09:00  내년 1월 5일 09:00
2026-03-01 23:59  올해 3월 1일
2026-03-01 09:30  26년 3월 1일 9:30
2026-02-27 14:30  이틀 뒤
2026-03-01 00:00  사흘 뒤 자정
2026-03-04 14:30  일주일 뒤
2026-03-04 18:00  일주일 후 18:00
2026-02-25 15:30  한 시간 뒤
2026-02-25 16:00  한 시간 반 뒤
2026-02-25 16:00  1시간 30분 후까지
2026-02-25 15:00  30분 뒤
2026-02-25 16:00  90분 이내
2026-02-28 14:30  3일 안에
2026-02-25 23:59  오늘 안에
2026-02-26 23:59  내일 중으로
2026-02-27 23:59  금요일 안으로
2026-02-27 18:00  내일 모레 18:00
2026-02-27 18:00  내일모레 18:00
2026-12-03 18:00  2026-12-03 오후 6시
2026-02-26 00:00  0시
2026-02-26 00:00  내일 0시
2026-02-26 00:00  24시
2026-02-27 00:00  내일 24:00
2026-02-25 18:00  오후 18시
2026-02-26 12:30  내일 오후 12시 반
2026-02-26 00:00  내일 오전 12시
2026-02-26 12:00  낮 12시
2026-02-26 12:00  내일 낮 12시
2026-03-05 23:59  3월 5일 목
2026-03-05 18:00  3월 5일 (목) 18:00
2026-03-05 23:59  목요일 3월 5일
2026-02-28 11:00  28일 토요일 오전 11시
2026-05-25 14:30  3개월 뒤
2026-03-25 14:30  한 달 뒤
2026-02-26 18:00  내일 오후 6시 마감
2026-02-26 18:00  내일 오후 6시까지요!
2026-09-01 18:00  ９월 １일 １８：００
2026-02-26 23:59  내일 밤
2026-02-26 23:00  내일 밤 11시
2026-02-28 18:00  토욜 오후 6시
2026-03-05 23:59  담주 목욜까지
2026-12-03 18:00  12월3일18시
2026-03-12 14:30  보름 뒤
"""

ENGLISH_AND_NUMBERS = """
2026-12-03 18:00  12/3 18:00
2026-12-03 23:59  2026-12-03
2026-12-03 18:00  2026-12-03 18:00
2026-12-03 18:00  2026-12-03T18:00+09:00
2026-12-04 03:00  2026-12-03T18:00Z
2026-02-27 18:00  fri 18:00
2026-02-26 18:00  tomorrow 6pm
2026-02-28 14:30  in 3 days
2026-03-06 23:59  next friday
2026-02-25 18:00  18:00
2026-02-28 23:59  end of month
2026-03-31 23:59  end of next month
2026-03-05 18:00  2026.3.5. 18:00
2026-03-05 18:00  2026/3/5 6pm
2026-03-14 12:00  3/14/2026 noon
2026-02-28 14:30  3d
2026-02-25 17:00  2h30m
2026-02-25 16:30  2 hours
2026-02-25 15:30  in an hour
2026-02-25 15:00  in half an hour
2026-02-28 18:00  in 3 days at 18:00
2026-03-04 14:30  in a week
2026-03-11 14:30  in two weeks
2026-02-28 14:30  3 days from now
2026-02-28 14:30  3 days later
2026-02-27 12:00  day after tomorrow noon
2026-02-27 09:30  the day after tomorrow 9:30 a.m.
2026-02-25 23:59  tonight
2026-02-25 21:00  tonight 9pm
2026-02-26 00:00  midnight
2026-02-27 00:00  tomorrow midnight
2026-02-28 00:00  friday midnight
2026-02-26 12:00  noon
2026-02-27 18:00  friday at 6pm
2026-02-27 18:00  friday 6 pm
2026-02-27 18:00  6pm friday
2026-02-25 18:00  6pm
2026-02-27 23:59  by friday
2026-02-26 18:00  until tomorrow 18:00
2026-02-27 23:59  this friday 23:59
2026-03-06 10:00  next week friday 10:00
2026-03-06 23:59  friday next week
2026-12-03 23:59  dec 3
2026-12-03 18:00  Dec 3rd, 2026 18:00
2026-12-03 18:00  3 December 6pm
2026-12-03 18:00  december 3rd at 6 pm
2026-03-03 12:00  March 3rd 2026 noon
2026-12-03 18:00  Thu, Dec 3 18:00
2026-02-28 23:59  the 28th
2026-05-05 23:59  may 5
2026-03-03 23:59  3 of march
2026-09-01 09:00  Sept. 1 2026 9am
2026-06-21 09:00  <t:1782000000:F>
2026-12-04 00:00  2026-12-03 24:00
2026-12-03 23:59  12-3
2026-02-26 23:59  tomorrow night
2026-02-25 23:59  by end of day
2026-02-26 18:30  6:30pm tomorrow
"""


def table(text):
    lines = [line.split("  ", maxsplit=1) for line in text.strip().splitlines()]
    return [pytest.param(phrase, expected, id=phrase) for expected, phrase in lines]


def read(text, now=NOW, zone=SEOUL):
    return read_deadline(text, now=now, zone=zone)


def local(moment):
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M}"


# Deadlines as people type them


def test_the_tables_have_a_hundred_and_twenty_phrases():
    assert len({phrase.id for phrase in table(KOREAN) + table(ENGLISH_AND_NUMBERS)}) >= 120


@pytest.mark.parametrize(("phrase", "expected"), table(KOREAN) + table(ENGLISH_AND_NUMBERS))
def test_a_deadline_is_read(phrase, expected):
    moment = read(phrase)
    assert local(moment) == expected
    assert moment.tzinfo is UTC
    assert moment > NOW


def test_seconds_are_kept_only_where_they_were_meant():
    now = NOW.replace(second=12, microsecond=345)
    assert read("2시간 후", now) == now + timedelta(hours=2)
    assert read("내일 18:00", now).second == 0


@pytest.mark.parametrize(
    ("phrase", "when"),
    [
        *(("2026년 2월 10일 오전 3시 30분", "2026-02-10 03:30"), ("2월 10일", "2026-02-10 23:59")),
        *(("1월 3일", "2026-01-03 23:59"), ("오늘 14:30", "2026-02-25 14:30"), ("오늘 새벽 2시", "2026-02-25 02:00")),
        *(("어제", "2026-02-24 23:59"), ("이번 주 월요일", "2026-02-23 23:59"), ("오늘 2시", "2026-02-25 14:00")),
        *(("2026-02-25 14:30", "2026-02-25 14:30"), ("2026-02-24", "2026-02-24 23:59")),
        *(("2026-02-25T05:29:59Z", "2026-02-25 14:29"), ("<t:1700000000>", "2023-11-15 07:13")),
        *(("yesterday", "2026-02-24 23:59"), ("feb 10 18:00", "2026-02-10 18:00"), ("today 2pm", "2026-02-25 14:00")),
    ],
)
def test_a_deadline_that_is_past_is_refused_with_its_moment(phrase, when):
    with pytest.raises(DeadlinePast) as refusal:
        read(phrase)
    assert local(refusal.value.when) == when
    assert refusal.value.when.tzinfo is SEOUL


@pytest.mark.parametrize(
    ("phrase", "candidates"),
    [
        ("내일 6시", ["2026-02-26 06:00", "2026-02-26 18:00"]),
        ("내일 12시", ["2026-02-26 12:00", "2026-02-27 00:00"]),
        ("금요일 9시까지", ["2026-02-27 09:00", "2026-02-27 21:00"]),
        ("내일 밤 1시", ["2026-02-26 01:00", "2026-02-27 01:00"]),
        ("3/4/2026", ["2026-03-04 23:59", "2026-04-03 23:59"]),
        ("12.3(금) 18시", ["2026-12-03 18:00", "2026-12-04 18:00"]),
        ("28일 월요일", ["2026-02-28 23:59", "2026-03-02 23:59"]),
        ("fri, dec 3 18:00", ["2026-12-03 18:00", "2026-12-04 18:00"]),
    ],
)
def test_a_deadline_with_two_meanings_is_refused_with_both(phrase, candidates):
    with pytest.raises(DeadlineAmbiguous) as refusal:
        read(phrase)
    assert [local(candidate) for candidate in refusal.value.candidates] == candidates


def test_an_hour_has_one_meaning_when_the_other_is_over():
    assert local(read("오늘 6시")) == "2026-02-25 18:00"
    with pytest.raises(DeadlineAmbiguous):
        read("3시", NOW.replace(hour=22))


@pytest.mark.parametrize(
    "phrase",
    [
        *(
            "",
            " ",
            "언젠가",
            "hello",
            "a",
            "5",
            "12",
            "-5",
            "1000",
            "march",
            "may",
            "next week",
            "다음 주",
            "주말",
            "아침",
        ),
        *("금요일 25:00", "내일 18:60", "24:01", "오전 15시", "13pm", "friday 18h", "tomorrow at 6", "fri 6"),
        *("2월 30일", "2026-02-30", "2026-13-01 10:00", "13/45", "0월 0일", "32일", "0일", "feb 30", "13/13/2026"),
        *("3 days ago", "10분 전", "금요일 전까지", "5월 5일 전까지", "오늘 오후 6시쯤", "18:00 19:00", "내일 어제"),
        *("tomorrow 18:00 KST", "2026-12-03T18:00+99:99", "2026-12-03 18:00 UTC", "9999-12-31 24:00", "3개월반 뒤"),
        *("0001-01-01 00:00+09:00", "99999개월 뒤", "99999주" * 5 + " 뒤", "내일" * 60, "<t:999999999999>"),
        *("2시간 뒤 18:00", "내일 🕕", "내일\x0018:00", "１２３４５６７"),
        *("9999-12-31", "2126-03-01", "36526일 뒤", "<t:99999999999>"),  # a deadline needs reminders behind it
    ],
)
def test_what_nobody_can_read_is_refused_with_its_text(phrase):
    with pytest.raises(DeadlineUnreadable) as refusal:
        read(phrase)
    assert refusal.value.text == phrase


def test_a_time_of_the_reader_is_needed():
    with pytest.raises(TypeError):
        read("내일", NOW.replace(tzinfo=None))


def test_in_december_january_is_next_years():
    now = datetime(2026, 12, 20, 12, 0, tzinfo=SEOUL)
    assert local(read("1월 3일", now)) == "2027-01-03 23:59"
    assert local(read("jan 3 18:00", now)) == "2027-01-03 18:00"
    with pytest.raises(DeadlinePast):
        read("11월 20일 18:00", now)


def test_on_the_31st_a_month_later_is_the_months_last_day():
    assert local(read("한 달 뒤", datetime(2026, 1, 31, 9, 0, tzinfo=SEOUL))) == "2026-02-28 09:00"
    assert local(read("1월 말", datetime(2026, 12, 20, 9, 0, tzinfo=SEOUL))) == "2027-01-31 23:59"


def test_the_day_of_the_week_today_means_today_until_its_time_is_over():
    assert local(read("수요일 18:00")) == "2026-02-25 18:00"
    assert local(read("수요일 14:00")) == "2026-03-04 14:00"


def test_three_days_keep_the_time_of_day_where_clocks_change():
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 27, 14, 30, tzinfo=berlin)
    assert read("in 3 days", now, berlin) == datetime(2026, 3, 30, 14, 30, tzinfo=berlin)
    assert read("in 72 hours", now, berlin) == datetime(2026, 3, 30, 15, 30, tzinfo=berlin)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/St_Johns", "Pacific/Chatham", "UTC"]).map(ZoneInfo)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moments, moments, zones, offsets, st.sampled_from(["T", " "]))
def test_iso_with_an_offset_is_read_exactly_or_is_past(now, due, zone, offset, separator):
    text = due.astimezone(offset).isoformat(separator)
    if due > now:
        assert read(text, now, zone) == due
    else:
        with pytest.raises(DeadlinePast) as refusal:
            read(text, now, zone)
        assert refusal.value.when == due


@given(moments, moments, zones)
def test_iso_without_an_offset_is_in_the_teams_zone(now, due, zone):
    shown = due.astimezone(zone).replace(second=0, microsecond=0, fold=0)
    assume(shown > now)
    assert read(f"{shown:%Y-%m-%d %H:%M}", now, zone) == shown.astimezone(UTC)
    assert read(f"{shown:%Y-%m-%dT%H:%M}", now, zone) == shown.astimezone(UTC)
    assert read(f"{shown:%Y-%m-%d}", now, zone) == datetime.combine(shown.date(), time(23, 59), zone)


WORDS = sorted({word for line in (KOREAN + ENGLISH_AND_NUMBERS).splitlines() for word in line[18:].split()})
"""Every word of the tables, to be put together at random."""


@settings(deadline=None)  # dateparser loads its words when it is first asked
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), st.sampled_from([" ", ""]), moments, zones)
def test_any_words_are_a_deadline_to_come_or_are_refused(words, between, now, zone):
    text = between.join(words)
    try:
        moment = read(text, now, zone)
    except DeadlinePast as past:
        assert past.when <= now  # noqa: PT017  # the other refusals are as good
    except DeadlineAmbiguous as ambiguous:
        assert all(candidate > now for candidate in ambiguous.candidates)  # noqa: PT017
    except DeadlineUnreadable:
        pass
    else:
        assert moment > now
        assert moment.tzinfo is UTC


@given(st.text(max_size=120), moments, zones)
def test_any_text_is_read_or_refused(text, now, zone):
    with suppress(DeadlineError):
        assert read(text, now, zone) > now


@given(st.dates(date(2026, 2, 26), date(2026, 8, 1)), st.times())
def test_a_date_written_in_korean_is_that_date(day, clock):
    half = "오전" if clock.hour < 12 else "오후"
    expected = datetime.combine(day, clock.replace(second=0, microsecond=0), SEOUL)
    weekday = "월화수목금토일"[day.weekday()]
    hour = (clock.hour - 1) % 12 + 1
    assert read(f"{day.month}월 {day.day}일({weekday}) {half} {hour}시 {clock.minute}분까지") == expected
    assert read(f"{day.month}/{day.day} {clock:%H:%M}") == expected


# Offsets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3d, 3h, 30m", "3d, 3h, 30m"),
        ("30m,3h,3d", "3d, 3h, 30m"),
        ("3일, 3시간, 30분", "3d, 3h, 30m"),
        ("하루 전, 3시간 전, 30분 전", "1d, 3h, 30m"),
        ("일주일, 1일, 한 시간", "7d, 1d, 1h"),
        ("1 day before, 2 hours, 15 min", "1d, 2h, 15m"),
        ("1d12h / 90분", "1d12h, 1h30m"),
        ("24h, 1d, 1일", "1d"),
        ("60d", "60d"),
        ("1m", "1m"),
        ("", ""),
        ("없음", ""),
        ("off", ""),
    ],
)
def test_offsets_are_read_longest_first_each_once(text, expected):
    assert format_offsets(parse_offsets(text)) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        *(("3d, soon", "soon"), ("3", "3"), ("3d,,3h", ""), ("-3d", "-3d"), ("0m", "0m"), ("61d", "61d")),
        *(("1개월", "1개월"), ("60d1m", "60d1m"), ("1.5h", "1.5h"), ("3s", "3s"), ("99999w", "99999w")),
        ("1h, 2h, 3h, 4h, 5h, 6h, 7h, 8h, 9h, 10h, 11h", "1h"),
    ],
)
def test_what_is_no_offset_is_refused_by_its_part(text, part):
    with pytest.raises(OffsetsUnreadable) as refusal:
        parse_offsets(text)
    assert refusal.value.part == part


whole_minutes = st.integers(1, 60 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(st.lists(whole_minutes, max_size=10))
def test_offsets_are_read_as_they_were_written(given_offsets):
    assert parse_offsets(format_offsets(given_offsets)) == tuple(sorted(set(given_offsets), reverse=True))


@given(st.text(max_size=60))
def test_any_text_is_offsets_or_is_refused(text):
    with suppress(OffsetsUnreadable):
        assert all(timedelta() < offset <= timedelta(days=60) for offset in parse_offsets(text))


# Reminders, and who gets them


def test_reminders_that_are_over_are_not_planned():
    due = NOW + timedelta(hours=3)
    planned = reminders(due, parse_offsets("1d, 3h, 30m"), NOW)
    assert planned == (Reminder(timedelta(minutes=30), due - timedelta(minutes=30)),)


@given(moments, moments, st.lists(whole_minutes, max_size=10))
def test_reminders_are_ahead_ascending_and_complete(now, due, given_offsets):
    planned = reminders(due, given_offsets, now)
    assert [reminder.at for reminder in planned] == sorted({due - o for o in given_offsets if due - o > now})
    assert all(reminder.at + reminder.offset == due for reminder in planned)


def test_who_has_not_handed_in_is_asked_in_roster_order():
    assert who_has_not([3, 1, 2, 4], submitted={1}) == (3, 2, 4)
    assert who_has_not([3, 1, 2, 4], submitted={1, 9}, excused={4}) == (3, 2)
    assert who_has_not([], submitted={1}) == ()


def test_late_is_after_the_deadline():
    assert not is_late(NOW, NOW)
    assert is_late(NOW + timedelta(seconds=1), NOW)
