"""Text that is to be drawn."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.lettering import Style, drawable, fit, font, has_glyph, width, wrap
from tests.pictures.sheets import NASTY

PLAIN, BOLD = Style(30), Style(30, bold=True)
SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]
LETTERS = "ABCXYZabcxyz0123456789 ㄱㅎㅏㅣ.,:;!?…·–—~+-=/()[]{}<>‘’“”'\"@#%&*★→éüñßøąžАяΩかカ"


@pytest.mark.parametrize("style", [PLAIN, BOLD])
def test_every_hangul_syllable_and_the_usual_letters_have_a_glyph(style):
    missing = bytes(font(style).getmask("\uffff"))
    assert len(SYLLABLES) == 11_172
    assert not [letter for letter in (*SYLLABLES, *LETTERS) if bytes(font(style).getmask(letter)) == missing]


def test_what_the_font_lacks_is_known():
    assert [letter for letter in "가A王🌸" if has_glyph(letter)] == ["가", "A"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("가온🌸", "가온"),
        ("  가온\n나래\t", "가온 나래"),
        ("王", "?"),
        ("\u200b", "?"),
        ("", ""),
        ("\u202e가온", "가온"),
        (unicodedata.normalize("NFD", "강훈"), "강훈"),
    ],
)
def test_a_name_is_drawn_on_one_line_without_what_the_font_lacks(text, shown):
    assert drawable(text) == shown


def test_a_text_that_is_too_long_ends_in_an_ellipsis():
    assert fit("대규모 언어 모델", PLAIN, 150) == "대규모 언…"
    assert fit("대규모 언어 모델", PLAIN, 1000) == "대규모 언어 모델"
    assert fit("대규모", PLAIN, 3) == ""


@given(NASTY | st.text(max_size=80), st.integers(0, 400), st.sampled_from([PLAIN, BOLD]))
def test_a_text_is_never_wider_than_its_room_and_shortened_no_more_than_needed(text, room, style):
    shown, whole = fit(text, style, room), drawable(text)
    assert width(shown, style) <= room
    if shown != whole and shown:
        begin = shown.removesuffix("…")
        assert whole.startswith(begin)
        longer = whole[: len(begin) + 1].rstrip()
        assert longer == begin or width(longer + "…", style) > room


def test_words_are_kept_whole_where_they_can_be():
    assert wrap("삼일절 대체 휴일", PLAIN, 130, 3) == ["삼일절", "대체 휴일"]
    assert wrap("크리스마스이브이브", PLAIN, 130, 2) == ["크리스마", "스이브이…"]


@given(NASTY, st.integers(30, 300), st.integers(1, 4))
def test_wrapped_lines_fit_and_lose_nothing_but_the_end(text, room, lines):
    wrapped = wrap(text, PLAIN, room, lines)
    assert len(wrapped) <= lines
    assert all(width(line, PLAIN) <= room for line in wrapped)
    kept = "".join(wrapped).replace(" ", "")
    whole = drawable(text).replace(" ", "")
    assert kept == whole or (wrapped[-1].endswith("…") and whole.startswith(kept.removesuffix("…")))
