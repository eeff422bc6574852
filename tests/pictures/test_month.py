"""The month as a picture, and in words."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.domain.calendar import DayOff, DayOffKind
from bot.i18n import ENGLISH, KOREAN
from bot.pictures import palette
from bot.pictures._alt import ALT_LIMIT
from bot.pictures._cell import MOST_LINES
from bot.pictures.month import month_alt, month_picture, month_sheet
from bot.pictures.sheet import Box, Panel, Sheet, Words
from tests.costly import costly
from tests.pictures.months import TRIP, january, turn
from tests.pictures.sheets import NASTY, ink, inside, panels, spilled, words, written

BUSY = {
    15: {"moderator": turn("가온"), "presenters": (turn("나래", "5강"), turn("다솜", "6강"))},
    16: {"moderator": turn("라온", planned=True), "presenters": (turn("마루", "7강", planned=True),)},
    17: {"number": 12, "off": None, "extra": True, "label": "보강", "duties": (turn("바다", "서기"),)},
    20: {"number": None, "off": TRIP},
}
LANGUAGES = pytest.mark.parametrize("lang", [KOREAN, ENGLISH], ids=["ko", "en"])


def cells(sheet: Sheet) -> list[Panel]:
    return [panel for panel in panels(sheet) if panel.radius == 16]


def cell_of(sheet: Sheet, text: str) -> list[str]:
    """Everything that stands in the cell of a text, from top to bottom."""
    (cell,) = [panel.box for panel in cells(sheet) if inside(words(sheet, text).room, panel.box)]
    found = [mark for mark in sheet.marks if isinstance(mark, Words) and mark.text and inside(mark.room, cell)]
    return [mark.text for mark in sorted(found, key=lambda mark: (mark.room.top, mark.x))]


def all_boxes(sheet: Sheet) -> list[Box]:
    """The cells, and the strips above and below the grid."""
    boxes = [panel.box for panel in cells(sheet)]
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    return [*boxes, Box(0, 0, sheet.width, top), Box(0, bottom, sheet.width, sheet.height)]


@LANGUAGES
def test_a_month_is_a_png_as_wide_as_a_phone_shows_sharply(lang):
    picture = month_picture(january(BUSY), lang)
    image = Image.open(io.BytesIO(picture))
    assert (image.format, image.width) == ("PNG", 1600)
    assert 800 < image.height < 1800
    assert len(picture) < 500_000


def test_a_cell_says_date_number_moderator_and_presenters():
    sheet = month_sheet(january(BUSY), KOREAN)
    assert cell_of(sheet, "Day10") == ["15", "Day10", "★ 가온", "5강", "나래", "6강", "다솜"]
    assert cell_of(sheet, "보강") == ["17", "Day12", "보강", "서기", "바다"]
    assert cell_of(sheet, "워크숍") == ["20", "워크숍"]
    assert cell_of(sheet, "신정") == ["1", "신정"]


def test_the_month_and_its_study_days_stand_above():
    assert {"2026년 1월", "학습일 21일 · Day1~21", "월", "일"} <= set(written(month_sheet(january(), KOREAN)))
    assert {"January 2026", "21 study days · Day 1–21", "Mon", "Sun"} <= set(written(month_sheet(january(), ENGLISH)))


def test_a_month_without_study_days_says_so():
    before = DayOff(DayOffKind.BEFORE_START)
    month = january({day: {"number": None, "off": before} for day in range(1, 32)}, today=date(2025, 12, 1))
    assert "이 달에는 학습일이 없어요." in written(month_sheet(month, KOREAN))
    assert month_alt(month, KOREAN) == "2026년 1월: 이 달에는 학습일이 없어요."


def test_weeks_are_rows_and_days_of_other_months_are_blank():
    boxes = [panel.box for panel in cells(month_sheet(january(), KOREAN))]
    assert len(boxes) == 31
    tops = sorted({box.top for box in boxes})
    assert [sum(box.top == top for box in boxes) for top in tops] == [4, 7, 7, 7, 6]
    assert boxes[4].left == 40  # Monday the fifth
    assert not any(
        inside(one, other) or (one.left < other.right and other.left < one.right and one.top < other.bottom)
        for at, one in enumerate(boxes)
        for other in boxes[at + 1 :]
        if one.top == other.top
    )


def test_days_on_which_the_team_never_studies_take_little_room():
    boxes = [panel.box for panel in cells(month_sheet(january(), KOREAN))]
    assert boxes[9].width < boxes[8].width / 2  # Saturday the tenth, Friday the ninth
    studied = month_sheet(january({10: {"number": 7, "off": None, "extra": True}}), KOREAN)
    assert abs(cells(studied)[9].box.width - cells(studied)[8].box.width) <= 1


def test_today_is_outlined_and_closed_days_are_dimmed():
    month = january(BUSY | {13: {"closed": True, "moderator": turn("새벽")}})
    sheet = month_sheet(month, KOREAN)
    (today,) = [panel for panel in cells(sheet) if panel.outline == palette.ACCENT]
    assert today == cells(sheet)[13]
    assert today.line > 2 * cells(sheet)[14].line
    (disc,) = [panel.box for panel in panels(sheet) if panel.fill == palette.ACCENT]
    assert inside(ink(words(sheet, "14")), disc)
    assert inside(disc, today.box)
    assert cells(sheet)[12].fill == palette.FAINT_CARD
    assert words(sheet, "★ 새벽").colour == palette.MUTED
    assert cells(sheet)[14].fill == palette.CARD


def test_what_is_only_planned_is_lighter_than_what_was_made():
    sheet = month_sheet(january(BUSY), KOREAN)
    for made, planned in (("★ 가온", "★ 라온"), ("나래", "마루")):
        assert words(sheet, made).style.bold
        assert not words(sheet, planned).style.bold
        assert words(sheet, planned).colour == palette.MUTED != words(sheet, made).colour


def test_holidays_and_the_teams_days_off_have_colours_of_their_own():
    sheet = month_sheet(january(BUSY), KOREAN)
    assert words(sheet, "신정").colour == palette.HOLIDAY
    assert words(sheet, "워크숍").colour == palette.TEAM_OFF
    assert "쉬는 날" in written(month_sheet(january({20: {"number": None, "off": DayOff(DayOffKind.TEAM)}}), KOREAN))


def test_many_presenters_are_counted():
    many = tuple(turn(f"사람{number}", f"{number}강") for number in range(1, 8))
    sheet = month_sheet(january({15: {"moderator": turn("가온"), "presenters": many}}), KOREAN)
    lines = cell_of(sheet, "Day10")
    assert lines[-1] == "+4"
    assert [text for text in lines if text.startswith("사람")] == ["사람1", "사람2", "사람3"]
    just_enough = {15: {"moderator": turn("가온"), "presenters": many[: MOST_LINES - 1]}}
    assert cell_of(month_sheet(january(just_enough), KOREAN), "Day10")[-1] == "사람4"


def test_readers_of_one_paper_share_a_line_and_an_event_stands_alone():
    presenters = (turn("나래", "논문"), turn("다솜", "논문"), turn("", "멘토링"))
    sheet = month_sheet(january({15: {"presenters": presenters}}), KOREAN)
    assert cell_of(sheet, "Day10") == ["15", "Day10", "논문", "나래, 다솜", "멘토링"]


def test_a_long_lecture_gives_way_to_the_name():
    sheet = month_sheet(january({15: {"presenters": (turn("나래", "확률과 통계로 시작하는 기계 학습"),)}}), KOREAN)
    lines = cell_of(sheet, "Day10")
    assert lines[3] == "나래"
    assert lines[2].startswith("확률과")
    assert lines[2].endswith("…")


def test_the_legend_tells_what_occurs_and_nothing_else():
    assert written(month_sheet(january(), KOREAN))[-3:] == ["오늘", "끝난 날", "공휴일"]
    assert written(month_sheet(january(BUSY), KOREAN))[-8:] == [
        *("오늘", "★", "모더레이터", "예정 (가는 글씨)", "끝난 날", "추가 학습일", "공휴일", "팀 쉬는 날"),
    ]


@LANGUAGES
def test_the_fullest_legend_fits(lang):
    sheet = month_sheet(january(BUSY), lang)
    assert spilled(sheet, all_boxes(sheet)) == []


@costly(25)
@given(st.data())
def test_no_text_leaves_its_cell(data):
    def text() -> str:
        return data.draw(NASTY)

    turns = tuple(turn(text(), text(), planned=data.draw(st.booleans())) for _ in range(data.draw(st.integers(0, 7))))
    changed = {
        14: {"moderator": turn(text(), planned=data.draw(st.booleans())), "presenters": turns[:4], "duties": turns[4:]},
        17: {"number": 99_999, "off": None, "extra": True, "label": text(), "moderator": turn(text())},
        18: {"off": DayOff(DayOffKind.HOLIDAY, text())},
        20: {"number": None, "off": DayOff(DayOffKind.TEAM, text())},
    }
    month = january(changed)
    for lang in (KOREAN, ENGLISH):
        sheet = month_sheet(month, lang)
        assert spilled(sheet, all_boxes(sheet)) == []
        assert 0 < len(month_alt(month, lang)) <= ALT_LIMIT
    month_picture(month, KOREAN)


def test_whatever_is_different_looks_different():
    months = [
        january(),
        january(today=date(2026, 1, 15)),
        january({15: {"moderator": turn("가온")}}),
        january({15: {"moderator": turn("가온", planned=True)}}),
        january({15: {"presenters": (turn("가온", "5강"),)}}),
        january({15: {"presenters": (turn("나래", "5강"),)}}),
        january({15: {"duties": (turn("나래", "서기"),)}}),
        january({15: {"extra": True}}),
        january({15: {"closed": True}}),
        january({15: {"number": None, "off": TRIP}}),
        january({15: {"number": None, "off": DayOff(DayOffKind.HOLIDAY, "워크숍")}}),
    ]
    assert len({month_picture(month, KOREAN) for month in months}) == len(months)
    assert month_picture(january(), KOREAN) != month_picture(january(), ENGLISH)
    assert month_picture(january(), KOREAN) == month_picture(january(), KOREAN)


def test_the_words_tell_what_is_to_come_first_then_days_off_then_what_is_over():
    month = january(BUSY | {9: {"moderator": turn("새벽")}})
    assert month_alt(month, KOREAN).splitlines() == [
        "2026년 1월: 학습일 21일 · Day1~21",
        "1/14 수 Day9: 오늘",
        "1/15 목 Day10: 모더레이터 가온님, 5강 나래, 6강 다솜",
        "1/16 금 Day11: 예정: 모더레이터 라온님, 7강 마루",
        "1/17 토 Day12: 보강, 서기 바다",
        "쉬는 날: 1/1 목 신정, 1/20 화 워크숍",
        "1/9 금 Day6: 모더레이터 새벽님",
    ]


def test_words_that_are_too_many_end_after_a_whole_line():
    crowd = tuple(turn("이름이긴사람", f"{number}강") for number in range(12))
    alt = month_alt(january({day: {"presenters": crowd} for day in range(19, 31)}), KOREAN)
    assert len(alt) <= ALT_LIMIT
    assert alt.endswith("11강 이름이긴사람\n…")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("letters", "ground"),
    [
        *((palette.INK, ground) for ground in (palette.CARD, palette.GROUND)),
        *((palette.MUTED, ground) for ground in (palette.CARD, palette.GROUND, palette.FAINT_CARD, palette.EDGE)),
        *((palette.ACCENT, ground) for ground in (palette.CARD, palette.GROUND)),
        (palette.ACCENT_INK, palette.ACCENT_SOFT),
        (palette.HOLIDAY, palette.HOLIDAY_SOFT),
        (palette.HOLIDAY, palette.GROUND),
        (palette.TEAM_OFF, palette.TEAM_OFF_SOFT),
        (palette.EXTRA, palette.EXTRA_SOFT),
        (palette.SATURDAY, palette.GROUND),
        *((bar, palette.CARD) for bar in palette.BARS),
    ],
)
def test_letters_stand_out_from_their_ground(letters, ground):
    light, dark = sorted((luminance(letters), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
