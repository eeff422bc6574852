"""Deadlines as a calendar file: what one reads back is what was meant."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.domain.discord_text import clean
from bot.domain.submissions import Assignment, CalendarEntry, Deadlines
from bot.domain.team import Team
from bot.i18n import ENGLISH, KOREAN
from bot.pages.assignments import deadlines_calendar

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 1, 5, 0, 0, 30, tzinfo=UTC)
TEAM = Team(
    id=3, guild_id=7, name="스터디", language="ko", zone=SEOUL, study_channel_id=1, reminder_channel_id=1,
    retro_channel_id=1, journal_channel_id=1, mod_channel_id=1, moderator_role_id=None, start=date(2026, 1, 5),
    country="KR", weekdays=frozenset(range(5)), session_time=None, session_minutes=60, announce_time=time(18),
    confirm_by=None, moderator_per="day", due_time=None, retro_time=time(21), nudge_time=None, digest=None,
    streaks=True, cutoff=time(4), reminders="1d",
)  # fmt: skip


def entry(assignment_id=1, *, title="Attention 구현", due=NOW, alarms=(), link=None, description=None):
    assignment = Assignment(
        id=assignment_id, number=assignment_id, title=title, due=due.astimezone(SEOUL), required=True, link=link,
        description=description, reminders="", lecture=None,
    )  # fmt: skip
    return CalendarEntry(assignment, due, tuple(alarms))


def file_of(*entries, at=NOW, lang=KOREAN, team=TEAM):
    return deadlines_calendar(Deadlines(team, entries, at), lang)


def events(file):
    return Calendar.from_ical(file).walk("VEVENT")


def test_the_file_as_calendars_read_it():
    due = datetime(2026, 1, 6, 14, 59, tzinfo=UTC)
    hours = [timedelta(days=1), timedelta(hours=3)]
    file = file_of(
        entry(title="CNN, RNN; 비교", due=due, alarms=hours, link="https://a.example", description="하나\n둘")
    )
    assert file.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//study-bot//deadlines//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:스터디 과제 마감",
        "BEGIN:VEVENT",
        "SUMMARY:마감: A1 CNN\\, RNN\\; 비교",
        "DTSTART:20260106T145900Z",
        "DTSTAMP:20260105T000030Z",
        "UID:assignment-1.team-3.7@study-bot",
        "SEQUENCE:29459520",
        "DESCRIPTION:하나\\n둘\\n\\nhttps://a.example",
        "TRANSP:TRANSPARENT",
        "URL:https://a.example",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:마감: A1 CNN\\, RNN\\; 비교",
        "TRIGGER:-P1D",
        "END:VALARM",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:마감: A1 CNN\\, RNN\\; 비교",
        "TRIGGER:-PT3H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_newer_file_moves_the_event_of_the_older_one():
    (before,) = events(file_of(entry()))
    (after,) = events(file_of(entry(due=NOW + timedelta(days=3)), at=NOW + timedelta(minutes=1), lang=ENGLISH))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["SUMMARY"] == "Due: A1 Attention 구현"


texts = st.text(min_size=1, max_size=120)
minutes = st.integers(1, 60 * 24 * 60)


@given(
    titles=st.lists(texts, min_size=1, max_size=4),
    description=st.none() | texts,
    due=st.integers(0, 10**7).map(lambda minute: NOW + timedelta(minutes=minute)),
    alarms=st.lists(minutes.map(lambda amount: timedelta(minutes=amount)), max_size=4, unique=True),
    link=st.none() | st.just("https://ex.org/가?a=1,2;b=3&c=\\n#d"),
)
def test_whatever_is_typed_is_read_back(titles, description, due, alarms, link):
    entries = [
        entry(number, title=title, due=due, alarms=alarms, description=description, link=link)
        for number, title in enumerate(titles, 1)
    ]
    file = file_of(*entries)
    found = events(file)
    assert [event["SUMMARY"] for event in found] == [
        f"마감: A{number} {clean(title)}" for number, title in enumerate(titles, 1)
    ]
    assert len({event["UID"] for event in found}) == len(titles)
    for event in found:
        assert event.decoded("DTSTART") == due
        assert str(event.get("DESCRIPTION", "")) == "\n\n".join(filter(None, [clean(description or ""), link]))
        assert event.get("URL") == (None if link is None else link.replace("\\", "%5C"))
        assert [alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")] == [-before for before in alarms]
    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert line.decode() is not None
