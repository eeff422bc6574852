"""Turns per person and duty as bars."""

import io

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.i18n import ENGLISH, KOREAN
from bot.pictures import palette
from bot.pictures._alt import ALT_LIMIT
from bot.pictures.bars import DutyBars, bars_alt, bars_picture, bars_sheet
from bot.pictures.sheet import Box
from tests.costly import costly
from tests.pictures.sheets import NASTY, panels, spilled, words, written

PRESENTER = DutyBars("발표", (("가온", 4), ("나래", 2), ("다솜", 0)), 2.0)
MODERATOR = DutyBars("모더레이터", (("가온", 1), ("라온", 3)), 4 / 3)


def bars_of(duties, colour):
    return [panel.box for panel in panels(bars_sheet("횟수", duties, KOREAN)) if panel.fill == colour]


def test_bars_are_a_png_with_every_name_duty_and_count():
    image = Image.open(io.BytesIO(bars_picture("당번 횟수", [PRESENTER, MODERATOR], KOREAN)))
    assert (image.format, image.width) == ("PNG", 1600)
    assert written(bars_sheet("당번 횟수", [PRESENTER, MODERATOR], KOREAN)) == [
        *("당번 횟수", "가온", "나래", "다솜", "라온"),
        *("평균 2", "발표", "4", "2", "0"),
        *("평균 1.3", "모더레이터", "1", "3"),
    ]


def test_a_bar_is_as_long_as_its_count_says():
    four, two = bars_of([PRESENTER], palette.BARS[0])
    assert abs(four.width - 2 * two.width) <= 1
    assert four.left == two.left
    assert four.top < two.top


def test_the_line_of_the_average_stands_where_the_bar_of_that_count_ends():
    _four, two = bars_of([PRESENTER], palette.BARS[0])
    lines = list(bars_of([PRESENTER], palette.MUTED))
    assert len(lines) == 3
    assert all(line.left <= two.right <= line.right for line in lines)


def test_four_duties_stand_two_by_two_each_in_a_colour_of_its_own():
    duties = [DutyBars(f"당번{number}", (("가온", 1),), 1) for number in range(4)]
    sheet = bars_sheet("횟수", duties, KOREAN)
    places = [words(sheet, duty.duty) for duty in duties]
    assert places[0].y == places[1].y < places[2].y == places[3].y
    assert places[0].x == places[2].x < places[1].x == places[3].x
    assert len({place.colour for place in places}) == 4


def test_a_team_without_turns_is_drawn_too():
    nobody = DutyBars("발표", (("가온", 0), ("나래", 0)), 0)
    assert bars_of([nobody], palette.BARS[0]) == []
    assert bars_picture("횟수", [nobody], KOREAN) != bars_picture("횟수", [], KOREAN)


def test_other_counts_look_different():
    other = DutyBars("발표", (("가온", 4), ("나래", 3), ("다솜", 0)), 2.0)
    assert bars_picture("횟수", [PRESENTER], KOREAN) != bars_picture("횟수", [other], KOREAN)
    assert bars_picture("횟수", [PRESENTER], KOREAN) != bars_picture("횟수", [PRESENTER], ENGLISH)


def test_the_bars_in_words():
    assert bars_alt("Turns", [PRESENTER, MODERATOR], ENGLISH).splitlines() == [
        "Turns",
        "발표 (average 2): 가온 4, 나래 2, 다솜 0",
        "모더레이터 (average 1.3): 가온 1, 라온 3",
    ]


COUNTS = st.lists(st.tuples(NASTY, st.integers(0, 100_000)), max_size=6).map(tuple)
DUTIES = st.lists(st.builds(DutyBars, NASTY, COUNTS, st.floats(0, 100_000)), max_size=7)


@costly(30)
@given(NASTY, DUTIES)
def test_no_text_leaves_its_place(title, duties):
    for lang in (KOREAN, ENGLISH):
        sheet = bars_sheet(title, duties, lang)
        whole = Box(0, 0, sheet.width, sheet.height)
        assert spilled(sheet, [whole]) == []
        assert all(box.box.right <= sheet.width and box.box.bottom <= sheet.height for box in panels(sheet))
        assert len(bars_alt(title, duties, lang)) <= ALT_LIMIT
    bars_picture(title, duties, KOREAN)
