"""A page in parts, as Discord shows it."""

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
    (shown,) = preview(PAGE, 100_000)
    assert [text for _, text in headings(read(shown))] == [text for _, text in headings(read(PAGE)) if text != "목차"]
    assert "](#" not in shown


def test_a_long_page_is_cut_where_a_section_begins():
    shown = preview(PAGE, 2000)
    assert len(shown) > 1
    assert all(len(part) <= 2000 and part.startswith("#") for part in shown)
    assert "\n\n".join(shown) == preview(PAGE, 100_000)[0]


def test_it_does_not_end_in_a_heading():
    for room in range(60, 3000, 7):
        last = preview(PAGE, room)[0].splitlines()[-1]
        assert not last.startswith("#") or last.startswith("# Day27"), room


def test_a_long_section_is_cut_between_two_blocks():
    paragraphs = [f"{number}번째 문단 " + "가" * 300 for number in range(20)]
    notes = (Note(15, HANEUL, "\n\n".join(paragraphs)),)
    shown, *_more = preview(render_team_page(replace(DAY27, notes=notes), KOREAN), 2000)
    assert shown.endswith(paragraphs[5])
    assert len(shown) > 1700


def test_what_looks_like_a_heading_inside_code_is_none():
    code = "```\n" + "## 아님\n" * 200 + "```"
    page = f"# Day1\n\n날짜\n\n## 목차\n\n1. [가](#1-가)\n\n## 1. 가\n\n앞\n\n{code}\n\n뒤\n"
    first, *others, last = preview(page, 900)
    assert first == "# Day1\n\n날짜\n\n## 1. 가\n\n앞"
    assert len(others) == 1
    for part in (*others, last):
        assert headings(read(part)) == []
    assert last.endswith("## 아님\n```\n\n뒤")
    assert sum(part.count("## 아님\n") for part in (*others, last)) == 200


def dense(text):
    return "".join(text.split())


@given(nasty_text | nasty_text.map(lambda text: f"```py\n{text * 20}\n```") | st.text(), st.integers(40, 2000))
def test_no_part_exceeds_the_room_and_together_they_are_the_page(text, room):
    page = f"# Day1\n\n날짜\n\n## 목차\n\n1. [가](#1-가)\n\n## 1. 가\n\n{text}\n"
    shown = preview(page, room)
    assert all(0 < len(part) <= room for part in shown)
    letters = iter(dense("".join(shown)))
    assert all(letter in letters for letter in dense("".join(preview(page, len(page)))))


def test_links_to_other_pages_are_words_in_discord():
    page = "# Day27\n\n*[Day26](day26.md)에 올라온 질문이에요.* [자료](https://a.example/day1.md)\n"
    assert preview(page, 2000) == ["# Day27\n\n*Day26에 올라온 질문이에요.* [자료](https://a.example/day1.md)"]
