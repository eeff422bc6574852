"""Pages as HTML: formulas, nothing that could run, links that lead somewhere."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given

from bot.i18n import KOREAN
from bot.pages.formulas import formula
from bot.pages.html import html_parts, page_html
from bot.pages.journal import render_team_page
from tests.domain.nasty_text import nasty_text
from tests.pages.day27 import DAY27

RUNS = {"script", "iframe", "object", "embed", "img", "svg", "form", "input", "link", "style", "meta", "base", "video"}


class Reader(HTMLParser):
    """What a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data) -> None:
        self.text += data

    def of(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]

    def inner_links(self) -> list[str]:
        """The ids that links lead to."""
        return [unquote(link[1:]) for link in self.of("href") if link.startswith("#")]


def assert_harmless(reader: Reader) -> None:
    assert not RUNS.intersection(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on") or name in {"src", "srcdoc"}]
    assert all(re.fullmatch(r"text-align:(left|right|center)", style) for style in reader.of("style"))
    assert all(re.match(r"#|https?:|mailto:|[^:]*$", link) for link in reader.of("href"))


def test_day_27_has_its_formulas_its_code_and_a_contents_that_leads_somewhere() -> None:
    reader = Reader(page_html(render_team_page(DAY27, KOREAN), "day27"))
    assert_harmless(reader)
    assert reader.tags.count("math") == 3
    assert "# <best>" in reader.text
    assert "$" not in reader.text.replace("$92$", "")
    inner = reader.inner_links()
    assert len(inner) == 8
    assert set(inner) <= set(reader.of("id"))
    assert len(reader.of("id")) == len(set(reader.of("id")))


def test_two_days_in_a_file_do_not_mix_their_headings_up() -> None:
    page = render_team_page(DAY27, KOREAN)
    before, behind = html_parts("제목 <b>", [("a", "하루"), ("b", "이틀 <i>")], KOREAN)
    whole = Reader(before + page_html(page, "a") + page_html(page, "b") + behind)
    assert len(whole.of("id")) == len(set(whole.of("id")))
    assert {"a", "b"} < set(whole.inner_links()) <= set(whole.of("id"))
    assert "b" not in whole.tags
    assert "이틀 <i>" in whole.text
    assert "default-src 'none'" in before


@given(nasty_text)
def test_whatever_is_typed_nothing_in_it_runs(nasty: str) -> None:
    assert_harmless(Reader(page_html(nasty, "x")))
    assert_harmless(Reader(page_html(f"${nasty}$\n\n$$\n{nasty}\n$$\n\n```math\n{nasty}\n```", "x")))


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\text{<script>alert(1)</script>}", "<script>alert(1)</script>"),
        (r"\href{javascript:alert(1)}{x}", "x"),
        (r"\style{background:url(http://e.org)}{x}", "x"),
        (r"a < b \& c", "a<b&c"),
        (r"\arg\max_{(a,b)}", "argmax(a,b)"),
    ],
)
def test_a_formula_holds_text_and_nothing_else(latex: str, text: str) -> None:
    reader = Reader(formula(latex) or "")
    assert_harmless(reader)
    assert reader.text == text
    assert "href" not in dict(reader.attributes)


@pytest.mark.parametrize("latex", [r"\frac{", r"\begin{x", "{" * 3000, "x" * 5000])
def test_a_formula_that_cannot_be_read_is_shown_as_it_was_typed(latex: str) -> None:
    assert formula(latex) is None
    assert f"<code>${latex}$</code>" in page_html(f"${latex}$", "x")


def test_money_is_no_formula() -> None:
    reader = Reader(page_html(r"사과 $5, 배 $6 그리고 \$x\$", "x"))
    assert "math" not in reader.tags
    assert "사과 $5, 배 $6 그리고 $x$" in reader.text
