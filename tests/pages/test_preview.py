"""The beginning of a page, as Discord shows it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.day_record import Note
from bot.i18n import KOREAN
from bot.pages.journal import render_team_page
from bot.pages.preview import preview
from tests.domain.nasty_text import nasty_text
from tests.domain.reading import headings, read
from tests.pages.day27 import DAY27, HANEUL

PAGE = render_team_page(DAY27, KOREAN)


def test_a_page_that_fits_is_whole_but_for_its_contents():
    shown = preview(PAGE, 100_000)
    assert shown.complete
    assert [text for _, text in headings(read(shown.text))] == [
        text for _, text in headings(read(PAGE)) if text != "목차"
    ]
    assert "](#" not in shown.text


def test_a_long_page_ends_where_a_section_begins():
    shown = preview(PAGE, 2000)
    assert not shown.complete
    assert len(shown.text) <= 2000
    rest = preview(PAGE, 100_000).text.removeprefix(shown.text).lstrip("\n")
    assert rest.startswith("#")


def test_it_does_not_end_in_a_heading():
    for room in range(60, 3000, 7):
        last = preview(PAGE, room).text.splitlines()[-1]
        assert not last.startswith("#") or last.startswith("# Day27"), room


def test_a_long_section_is_cut_between_two_blocks():
    paragraphs = [f"{number}번째 문단 " + "가" * 300 for number in range(20)]
    notes = (Note(15, HANEUL, "\n\n".join(paragraphs)),)
    shown = preview(render_team_page(replace(DAY27, notes=notes), KOREAN), 2000)
    assert shown.text.endswith(paragraphs[5])
    assert len(shown.text) > 1700


def test_what_looks_like_a_heading_inside_code_is_none():
    code = "```\n" + "## 아님\n" * 200 + "```"
    page = f"# Day1\n\n날짜\n\n## 목차\n\n1. [가](#1-가)\n\n## 1. 가\n\n앞\n\n{code}\n\n뒤\n"
    assert preview(page, 900).text == "# Day1\n\n날짜\n\n## 1. 가\n\n앞"


@given(nasty_text, st.integers(40, 2000))
def test_it_never_exceeds_the_room_and_is_the_beginning_of_the_page(text, room):
    page = f"# Day1\n\n날짜\n\n## 목차\n\n1. [가](#1-가)\n\n## 1. 가\n\n{text}\n"
    shown = preview(page, room)
    assert len(shown.text) <= room
    assert preview(page, len(page)).text.startswith(shown.text)


def test_links_to_other_pages_are_words_in_discord():
    page = "# Day27\n\n*[Day26](day26.md)에 올라온 질문이에요.* [자료](https://a.example/day1.md)\n"
    assert preview(page, 2000).text == "# Day27\n\n*Day26에 올라온 질문이에요.* [자료](https://a.example/day1.md)"
