"""A team's week: who took part, and what was counted."""

import io
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.domain.retro_week import Week, WeekDay
from bot.domain.team import Member, StudyDay, Team
from bot.i18n import ENGLISH, KOREAN
from bot.pictures import palette
from bot.pictures._alt import ALT_LIMIT
from bot.pictures.sheet import Box
from bot.pictures.week import week_alt, week_picture, week_sheet
from tests.costly import costly
from tests.pictures.sheets import NASTY, panels, spilled, words, written

MONDAY = date(2026, 1, 5)
GAON, NARAE, DASOM = Member(1, 11, "가온"), Member(2, 12, "나래"), Member(3, 13, "다솜")
TEAM = Team(
    id=1, guild_id=1, name="스터디", language="ko", zone=ZoneInfo("Asia/Seoul"), study_channel_id=1,
    reminder_channel_id=1, retro_channel_id=1, journal_channel_id=1, mod_channel_id=1, moderator_role_id=None,
    start=MONDAY, country="KR", weekdays=frozenset(range(5)), session_time=None, session_minutes=60,
    announce_time=time(18), confirm_by=None, moderator_per="day", due_time=None, retro_time=time(21), nudge_time=None,
    digest=None, streaks=True, cutoff=time(4), reminders="1d",
)  # fmt: skip
DAYS = (
    WeekDay(MONDAY, 1, written=2, people=3, asked=4, answered=2, handed_in=0, took_part=frozenset({1, 2})),
    WeekDay(MONDAY + timedelta(days=1), 2, written=3, people=3, asked=1, answered=1, handed_in=3),
)


def week(days=DAYS, members=(GAON, NARAE, DASOM)) -> Week:
    last = StudyDay(1, days[-1].date, days[-1].number, "", closed=False)
    return Week(TEAM, last, tuple(days), tuple(members))


def boxes(shown: Week, colour: str) -> list[Box]:
    return [panel.box for panel in panels(week_sheet(shown, KOREAN)) if panel.fill == colour]


def test_a_week_is_a_png_with_every_day_name_and_count():
    image = Image.open(io.BytesIO(week_picture(week(), KOREAN)))
    assert (image.format, image.width) == ("PNG", 1600)
    assert written(week_sheet(week(), KOREAN)) == [
        "1/5 월~1/6 화 한 주",
        *("1/5 월", "Day1", "1/6 화", "Day2"),
        *("가온", "나래", "다솜"),
        *("회고", "2/3", "3/3", "질문", "4", "1", "답이 달린 질문", "2", "1", "과제 제출", "0", "3"),
        "그날 일지에 이름이 오른 사람이에요. 익명이나 나만 보는 글은 세지 않아요.",
    ]


def test_a_dot_stands_where_somebodys_row_meets_a_day_on_which_they_took_part():
    *dots, _legend = [box for box in boxes(week(), palette.ACCENT) if box.width == box.height]
    sheet = week_sheet(week(), KOREAN)
    rows = [words(sheet, name).y for name in ("가온", "나래")]
    assert [dot.top < row < dot.bottom + 20 for dot, row in zip(dots, rows, strict=True)] == [True, True]
    monday, tuesday = (words(sheet, day).room for day in ("1/5 월", "1/6 화"))
    assert all(monday.left < dot.left and dot.right < monday.right <= tuesday.left for dot in dots)


def test_a_bar_is_as_long_as_its_count_says_and_the_answered_ones_as_their_share():
    four, one = boxes(week(), palette.BARS[1])
    assert abs(four.width - 4 * one.width) <= 4
    two, same = boxes(week(), palette.BARS[2])
    assert (abs(two.width * 2 - four.width) <= 2, same.width) == (True, one.width)
    assert len(boxes(week(), palette.BARS[3])) == 1


def test_the_week_in_words():
    assert week_alt(week(), KOREAN).splitlines() == [
        "1/5 월~1/6 화 한 주",
        "1/5 월 Day1: 회고 2/3, 질문 4, 답이 달린 질문 2, 과제 제출 0, 함께한 분: 가온, 나래",
        "1/6 화 Day2: 회고 3/3, 질문 1, 답이 달린 질문 1, 과제 제출 3, 함께한 분: 이름으로는 없음",
    ]


def test_other_weeks_look_different():
    other = replace(DAYS[0], took_part=frozenset({1, 3}))
    assert week_picture(week(), KOREAN) != week_picture(week((other, DAYS[1])), KOREAN)
    assert week_picture(week(), KOREAN) != week_picture(week(), ENGLISH)


COUNT = st.integers(0, 100_000)
A_DAY = st.builds(
    WeekDay, st.just(MONDAY), st.integers(1, 100_000), COUNT, COUNT, COUNT, COUNT, COUNT, st.frozensets(st.just(1))
)
PEOPLE = st.lists(st.builds(Member, st.integers(1, 30), st.just(1), NASTY), max_size=30)


@costly(30)
@given(st.lists(A_DAY, min_size=1, max_size=7), PEOPLE)
def test_no_text_leaves_its_place(days, people):
    shown = week(days, people)
    for lang in (KOREAN, ENGLISH):
        sheet = week_sheet(shown, lang)
        assert spilled(sheet, [Box(0, 0, sheet.width, sheet.height)]) == []
        assert all(box.box.right <= sheet.width and box.box.bottom <= sheet.height for box in panels(sheet))
        assert len(week_alt(shown, lang)) <= ALT_LIMIT
