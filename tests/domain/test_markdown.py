import re
from datetime import UTC

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.domain import markdown
from bot.domain.markdown import (
    Markdown,
    Mentions,
    block,
    clean,
    code,
    item,
    labelled,
    line,
    link,
    one_line,
    strong,
    web_address,
)
from bot.domain.markdown_parts import parts
from bot.domain.markdown_prose import prose
from tests.domain.nasty_text import nasty_text, numbered_words, with_words
from tests.domain.reading import headings, html_in, read, shown, visible

PEOPLE = Mentions(members={1: "하늘", 2: "*바_다*"}, channels={4: "질문"}, roles={3: "모더레이터"}, zone=UTC)


def typed(text: str) -> str:
    return block(text, PEOPLE)


# Rules, for any text


def assert_harmless(text: str) -> None:
    """Nothing forbidden, and what stands around it stays what it is."""
    tokens = read(f"앞\n\n{text}\n\n# 뒤 [foo] [목차] ![foo]\n")
    assert headings(tokens) == [("h1", "뒤 [foo] [목차] ![foo]")]
    assert not html_in(tokens)
    assert [token.type for token in tokens[:3]] == ["paragraph_open", "inline", "paragraph_close"]
    assert tokens[1].content == "앞"


@given(nasty_text)
def test_a_block_never_reaches_beyond_itself_and_loses_no_word(nasty: str) -> None:
    text, words = with_words(nasty, numbered_words("a"))
    made = typed(text)
    assert_harmless(made)
    found = visible(read(made))
    assert [word for word in words if word not in found] == []
    assert not any(0x202A <= ord(character) <= 0x202E or character in "\r\x00\v" for character in made)


@given(nasty_text, nasty_text)
def test_a_block_under_a_list_item_stays_in_it(name: str, nasty: str) -> None:
    name, _ = with_words(name, numbered_words("name"))
    text, words = with_words(nasty, numbered_words("a"))
    made = item(labelled(strong(line(name)), typed(text)))
    tokens = read(f"- 앞\n{made}\n- 뒤\n\n# 끝\n")
    assert headings(tokens) == [("h1", "끝")]
    assert not html_in(tokens)
    items = [token for token in tokens if token.type == "list_item_open" and token.level == 1]
    assert len(items) == 3
    inside = [token for token in tokens if token.map and items[1].map and within(token.map, items[1].map)]
    assert [word for word in words if word not in visible(inside)] == []


def within(inner: list[int], outer: list[int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


PLACES = (
    ("# ", ""),
    ("# 3강. ", ""),
    ("", ""),
    ("- ", ""),
    ("가 ", " 나"),
    ("> ", ""),
    ("**", "**"),
    ("*", "* 나"),
    ("| ", " |\n|-|"),
)


@given(nasty_text)
def test_a_line_shows_exactly_what_was_typed_wherever_it_stands(nasty: str) -> None:
    made, want = line(nasty), one_line(nasty)
    assume(want)
    for before, after in PLACES:
        read_again = [shown(token) for token in read(before + made + after) if token.type == "inline"]
        assert read_again == [re.sub(r"^[#>*| -]+|[*|\n-]+$", "", before) + want + after.strip("*|\n-").rstrip()]


@given(nasty_text)
def test_code_style_shows_exactly_what_was_typed(nasty: str) -> None:
    assume(one_line(nasty))
    (paragraph,) = (token for token in read(f"발표자: {code(nasty)}, {code('a')}") if token.type == "inline")
    assert [child.content for child in paragraph.children or []] == ["발표자: ", one_line(nasty), ", ", "a"]


@given(nasty_text, nasty_text)
def test_a_link_is_one_link_or_only_text(title: str, rest: str) -> None:
    address = f"https://example.com/{rest}"
    (paragraph,) = (token for token in read(f"가 {link(title, address)} 나") if token.type == "inline")
    opened = [child for child in paragraph.children or [] if child.type == "link_open"]
    if web_address(address) is None:
        assert opened == []
        assert one_line(address) in shown(paragraph)
    else:
        assert len(opened) == 1
        assert str(opened[0].attrs["href"]).startswith("https://example.com/")
        assert shown(paragraph) == f"가 {one_line(title) or one_line(address)} 나"


@given(nasty_text)
def test_mending_twice_is_mending_once(nasty: str) -> None:
    once = typed(nasty)
    assert typed(once) == once


# What stays byte for byte


@pytest.mark.parametrize(
    "text",
    [
        "$W_{hy}$ 와 $\\frac{\\partial L}{\\partial a}$, $i<n$, $a_1 * b_1$",
        "$$\nc_{ab} = \\sum_{w \\in V} n_w \\\\\n\\cdot [ab]\n$$",
        "`a < b`, ``x ` y``, `<@1>`, `<br>`",
        "```python\n# 제목이 아님\nif a < b:\n\tprint('<br>')  \n\n\n\nprint(1)\n```",
        "~~~\n``` 안의 울타리\n# 그대로\n~~~",
        "| a | b |\n|:-:|--:|\n| `x\\|y` | $z$ |\n| **1** | [2](https://example.com/2) |",
        '![그림](https://example.com/그림.png "설명") [글](<https://example.com/a b>) <https://example.com>',
        "- 하나\n  - 둘\n    1. 셋\n\n       넷",
        "> 인용\n>\n> - 안의 목록",
        "*기울임* **굵게** ~~지움~~ 1~2강, @everyone, 5 < 6 > 4, AT&T &amp; &lt;",
        "첫 줄\n\n***\n\n둘째",
        "- [ ] 할 일\n- [x] 한 일",
    ],
)
def test_ordinary_markdown_survives_unchanged(text: str) -> None:
    assert block(text, PEOPLE, line_breaks=False) == text


def test_an_indented_block_of_code_keeps_its_bytes() -> None:
    assert typed("    if a:\n    \tb = <br>\n\n    c") == "```\nif a:\n\tb = <br>\n\nc\n```"


# What is changed, and how


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("# 제목\n본문", "**제목**\n\n본문"),
        ("본문\n### 제목 ###\n본문", "본문\n\n**제목**\n\n본문"),
        ("제목\n===\n본문", "**제목**\n\n본문"),
        ("두 줄\n제목\n---", "**두 줄\\\n제목**"),
        ("> # 인용 속\n> 본문", "> **인용 속**\n>\n> 본문"),
        ("- # 목록 속\n  본문", "- **목록 속**\n\n  본문"),
        ("## **굵은** 제목", "**굵은** 제목"),
        ("#", "\\#"),
        ("# - 하나", "**- 하나**"),
        ("#5 번", "#5 번"),
    ],
)
def test_a_heading_becomes_bold(text: str, page: str) -> None:
    assert typed(text) == page


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("~~~~\nx\n~~~", "~~~~\nx\n~~~\n~~~~"),
        ("- ```\n  x\n본문", "- ```\n  x\n  ```\n본문"),
        ("> ```\n> x\n\n본문", "> ```\n> x\n> ```\n\n본문"),
        ("```", "```\n```"),
    ],
)
def test_an_open_fence_is_closed_where_it_would_have_ended(text: str, page: str) -> None:
    assert typed(text) == page


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("가<br>나", "가&lt;br>나"),
        ("<!-- 비밀 -->", "&lt;!-- 비밀 -->"),
        ("<div>\n\n# 제목\n\n</div>", "&lt;div>\n\n**제목**\n\n&lt;/div>"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("![<b>](https://example.com/x)", "![&lt;b>](https://example.com/x)"),
        ("| a |\n|---|\n| `<br>` <br> |", "| a |\n|---|\n| `<br>` &lt;br> |"),
        ("<source x", "&lt;source x"),
        ("List<String> x", "List&lt;String> x"),
    ],
)
def test_html_is_shown_and_not_done(text: str, page: str) -> None:
    assert typed(text) == page


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("<@1>님, <@!1>", "하늘님, 하늘"),
        ("<@2>", "\\*바_다\\*"),
        ("<@77> <#77> <@&77>", "somebody a channel a role"),
        ("<#4> <@&3>", "#질문 모더레이터"),
        ("<:party_blob:123456789> <a:x_y:1>", ":party_blob: :x_y:"),
        ("<t:1700000000> <t:1700000000:t> <t:1700000000:D>", "2023-11-14 22:13 22:13 2023-11-14"),
        ("<t:9999999999999:R>", "t:9999999999999:R"),
        ("</ask:12345>", "/ask"),
        ("| a |\n|---|\n| <@1> |", "| a |\n|---|\n| 하늘 |"),
        ("# <@1>", "**하늘**"),
    ],
)
def test_what_discord_writes_becomes_words(text: str, page: str) -> None:
    assert typed(text) == page


def test_link_definitions_serve_their_author_and_nobody_else() -> None:
    made = typed('[논문][1]과 [1], ![그림][1]\n\n[1]: https://example.com/a_(b) "제목"')
    assert made == (
        '[논문](https://example.com/a_%28b%29 "제목")과 [1](https://example.com/a_%28b%29 "제목"),'
        ' ![그림](https://example.com/a_%28b%29 "제목")\n\n\\[1]: https://example.com/a_(b) "제목"'
    )


def test_footnotes_are_text_because_github_would_gather_them_at_the_end_of_the_page() -> None:
    assert typed("본문[^1]\n\n[^1]: 각주 하나") == "본문[^1]\n\n\\[^1]: 각주 하나"


def test_latex_that_markdown_would_take_apart_becomes_a_block_of_math() -> None:
    assert typed("$$\nx\n=\ny\n\n- z\n$$") == "```math\nx\n=\ny\n\n- z\n```"


def test_lines_typed_in_discord_stay_lines() -> None:
    assert typed("하나\n둘  \n셋\n\n넷\n- 다섯\n- 여섯\n일곱") == "하나\\\n둘\\\n셋\n\n넷\n- 다섯\n- 여섯\\\n일곱"


def test_a_document_keeps_only_its_own_line_breaks() -> None:
    assert block("하나\n둘  \n셋 ", PEOPLE, line_breaks=False) == "하나\n둘\\\n셋"


def test_cells_beyond_the_columns_are_kept() -> None:
    assert typed("a | b\n--|--\n1 | 2 | 3") == "a | b\n--|--\n1 | 2 \\| 3"


def test_text_nested_beyond_reason_becomes_code() -> None:
    assert typed(">" * 40 + " 깊다") == "```\n" + ">" * 40 + " 깊다\n```"


@pytest.mark.parametrize(
    "text", ["# 제목", "제목\n---", "본문\n~~~\n열림", "<div>", "가<br>나", "[a]: /b", "- # 속", ">" * 15 + " 깊다"]
)
def test_what_the_mending_would_miss_becomes_code(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "mend", lambda text, mentions: text)
    assert markdown._checked(text, PEOPLE, line_breaks=True) == f"```\n{text}\n```"  # past what is remembered
    assert_harmless(typed(text))


def test_control_characters_and_overrides_are_gone() -> None:
    assert typed("a\u202eb\u2067c\x00d\x1b[31m\r\ne\rf\u2028g") == "abcd[31m\\\ne\\\nf\\\ng"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u202e", "\x00"])
def test_a_blank_text_is_nothing(text: str) -> None:
    assert typed(text) == ""
    assert labelled(line("이름"), block(text, PEOPLE)) == "이름"


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("첫째\n\n둘째", "**Q.** 첫째\n\n둘째"),
        ("- 하나\n- 둘", "**Q.**\n\n- 하나\n- 둘"),
        ("```\nx\n```", "**Q.**\n\n```\nx\n```"),
        ("> 인용", "**Q.**\n\n> 인용"),
    ],
)
def test_a_label_stands_on_the_line_of_a_paragraph_and_above_anything_else(text: str, shown_as: str) -> None:
    assert labelled(strong(line("Q.")), typed(text)) == shown_as


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("첫째\n\n둘째", "- 첫째\n\n  둘째"),
        ("```\nx\n\ny\n```", "- ```\n  x\n\n  y\n  ```"),
        ("- - -", "-\n  - - -"),
        ("- 하나", "- - 하나"),
    ],
)
def test_an_item_holds_any_block(text: str, shown_as: str) -> None:
    assert item(typed(text)) == shown_as


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("https://example.com/NLP3강.pdf", "https://example.com/NLP3강.pdf"),
        (" http://example.com ", "http://example.com"),
        ("https://example.com/a_(b)", "https://example.com/a_(b)"),
        ("https://example.com/a)b", "https://example.com/a%29b"),
        ("https://example.com/?a=1&copy;=2", "https://example.com/?a=1&amp;copy;=2"),
        ("javascript:alert(1)", None),
        ("ftp://example.com", None),
        ("https://", None),
        ("https://[", None),
        ("https://example.com/a b", None),
        ("example.com", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_become_links(address: str | None, result: str | None) -> None:
    assert web_address(address) == result


def test_one_line_keeps_plain_latex_and_escapes_the_rest() -> None:
    assert line("$W_{hy}$의 뜻 *정말*  x_y\n<b>") == "$W_{hy}$의 뜻 \\*정말\\* x_y &lt;b>"
    assert line("5~6강") == "5~6강"
    assert line("1~2강, 4~5강") == "1\\~2강, 4\\~5강"
    assert line("C#") == "C#"


def test_a_long_text_full_of_trouble_is_mended_in_good_time() -> None:
    trouble = "<div>\n# 제목\n[a]: /b\n```\n<@1>\n```\n> - # x <br>\n" * 300
    assert_harmless(typed(trouble))


# What needs no reading

_WORDS = st.text(st.sampled_from("가나 abzé.,?!;:'()…·%/+=@#-~12שלם😀"), min_size=1, max_size=12)
_LINES = st.lists(_WORDS | st.sampled_from(["", "#", "---", "===", "1. a", "C# 5~6강", "a://b.co"]), max_size=5)
_SPANS = (
    *("**가**", "*b*", "**가 나, b**", "*1*", "**", "*", "$W_{hy}$", "$x_t = y_1$", "$a$", "$"),
    *(
        "[가](https://a.b/c_d)",
        '![그림](https://a.b/c.png "그림 1")',
        "[나](https://a.b)",
        "<@1>",
        "<@2>",
        "<#4>",
        "<:ab:1>",
    ),
)
_MARKED = st.lists(st.lists(_WORDS | st.sampled_from(_SPANS), max_size=5).map("".join), max_size=4)

_STRAY = st.text(st.sampled_from('가a1 *_`[](){}!|&;\\\\$~:=-#.)>^"'), max_size=12)
"""Of what may stand in a line that begins no block."""

_WORDED = st.sampled_from(("가", "3강은", "a ", "**나** ", "$x_t$ ", "`a` ", "\\\\", "😀", "1", "[가][1] "))
_IN_A_LINE = st.builds(str.__add__, _WORDED, _STRAY) | _WORDS | st.sampled_from(_SPANS)
_ONE_LINE = st.builds(
    str.__add__,
    st.sampled_from(
        ("", "# ", "### ", "- ", "  - ", "    - ", "        - ", "1. ", "2. ", "1) ", "> ", "| ", "|-|", " ", "[1]: ")
    ),
    _IN_A_LINE,
)
_WHOLE_PARTS = st.sampled_from(
    (
        "```py\na <b>\n\n\t# c  \n```",
        "```\n$$\n[1]: https://a.b\n```",
        "```",
        "$$\nc_{ab} = \\sum_{w} n_w \\cdot [ab]\n$$",
        "$$\n\\begin{a}\n& = b \\\\\n\\end{a}\n$$",
        "$$",
        "| 가 | `b` |\n|:--|--:|\n| 1    | $x$ |",
        "|a|\n|-|\n|b|c|",
        "- 하나\n  - 둘\n    - 셋\n- 넷",
        "1. 하나\n2. 둘",
        "# 제목",
        "",
        "",
        "[1]: https://a.b/c_d.pdf",
        "[가][1]과 [나][2]",
        "[2]: https://a.b\n[3]: https://c.d/e",
    )
)
_IN_PARTS = st.lists(_WHOLE_PARTS | _ONE_LINE, min_size=1, max_size=6)


def as_block_has_it(typed_text: str) -> str:
    lines = [source if source.strip() else "" for source in clean(typed_text).split("\n")]
    return "\n".join(lines).strip("\n").rstrip()


def assert_as_the_long_way(text: str, recognised: Markdown, *, line_breaks: bool) -> None:
    assert recognised == markdown._checked(text, PEOPLE, line_breaks=line_breaks)
    for label in ("", "**Q. 하늘님**", "**A. \\*바\\_다\\*님 · 5강**", "하늘님 :"):
        together = labelled(Markdown(label), recognised)
        assert together == (markdown._labelled(label, recognised, f"{label} {recognised}") if label else recognised)
        assert item(together) == markdown._item(together)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given((_LINES | _MARKED).map("\n".join), st.booleans())
def test_plain_words_are_written_as_reading_them_would_write_them(typed_text: str, line_breaks: bool) -> None:
    text = as_block_has_it(typed_text)
    assume(text)
    words = prose(text, line_breaks=line_breaks)
    assume(words is not None)
    assert_as_the_long_way(text, words, line_breaks=line_breaks)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(_IN_PARTS.map("\n".join), st.booleans())
def test_parts_are_written_as_reading_them_would_write_them(typed_text: str, line_breaks: bool) -> None:
    text = as_block_has_it(typed_text)
    assume(text)
    recognised = parts(text, PEOPLE, line_breaks=line_breaks)
    assume(recognised is not None)
    assert_as_the_long_way(text, recognised, line_breaks=line_breaks)


def test_what_people_usually_type_is_such_words() -> None:
    for text in (
        "네, 5~6강이요!",
        "왜 tanh를 쓰나요?\nReLU는요?",
        "LSTM이 1.5배 느려요 (RNN보다).\n\n그래도 C#보다는…",
        "**질문이 많아** 즐거웠고 *한눈에* 보였다.",
        "$W_{hy}$ 는 시간마다 다른가요?",
    ):
        assert prose(text, line_breaks=True) is not None
    for text in (
        "1. 하나",
        "- 하나",
        "a*b",
        "* b*",
        "**a*",
        "*a**b*",
        "*a*\n* b",
        "x_1",
        "`a`",
        "$x",
        "$$x$$",
        "$x$$y$",
        "<b>",
        "a|b",
        "~~a~~",
        "[a]",
        "&lt;",
        "a  \nb",
        "a\n b",
    ):
        assert prose(text, line_breaks=True) is None, text
