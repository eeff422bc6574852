"""Text of the kind that breaks pages, for hypothesis: pieces of Markdown, HTML and Discord markup among ordinary words.

`WORD` stands for a plain word; `with_words` puts a different one in each place, so that each can be looked for.
"""

from collections.abc import Iterator

from hypothesis import strategies as st

WORD = "\ue000"

FRAGMENTS = (
    *("# ", "## ", "###### ", "#", "\n# ", "\n===\n", "\n---\n", "\n-\n", "---", "***", "\n=", "\n- - -\n", "<h1>"),
    *("```", "```py\n", "\n```\n", "~~~", "\n~~~~\n", "`", "``", "    ", "\n    ", "\t", "\n\t", "\n\n\t\t"),
    *("<br>", "<div>", "</div>", "\n<div\n", "<!--", "-->", "<script>", "</script>", "<?php", "?>", "<![CDATA[", "]]>"),
    *("<a href='x'>", "<pre>", "<source ", "<https://example.com/x>", "<", ">", "&lt;", "&#35; ", "&amp;", "<b\n"),
    *("[", "]", "](", ")", "[foo]", "[foo]: /url", "\n[foo]: http://example.com 'a title'\n", "![", "[foo]:\n", "[^1]"),
    *("\n[^1]: ", "\n[목차]: /x\n", "[x](javascript:alert(1))", "![x](https://example.com/x.png)", '"title"', "(", "'"),
    *("<@1>", "<@!2>", "<@&3>", "<#4>", "<@999>", "<:party:123456>", "<a:x_y:1>", "<t:1700000000:R>", "</ask:12>"),
    *("@everyone", "@here", "|", "\n| a | b |\n|---|---|\n| ", " | ", "\n|-|\n", "a | b\n--|--\n1 | 2 | 3", "\\|"),
    *("$$", "\n$$\n", "$x_1$", "\\", "\\\n", "  \n", "*", "**", "_", "__", "~~", "- ", "\n- ", "\n* ", "\n+ ", "1. "),
    *(
        "\n1) ",
        "\n2. ",
        "> ",
        "\n> ",
        "\n>\n",
        ">>>>",
        "\n  ",
        "\n   ",
        "- - - ",
        "\n\n",
        "\n",
        "\r\n",
        "\r",
        "\v",
        "\f",
    ),
    *("\x00", "\x1b[31m", "\u202e", "\u2066", "\u2028", "\u2029", "\x85", "\ufeff", "\u200f", "שלום", "\xa0", "\u3000"),
    *("🎉", "e\u0301", "한글", "{{ 7 * 7 }}", "{% raw %}", "{name}", "%s", "=", "-", "+", ":", "!", "[ ] ", "[x] "),
    *("> [!NOTE]\n", "=======", "\n    # ", "\n# #\n", "#\n", "</", "http://example.com/a_(b)", "www.example.com"),
)

_PIECES = st.one_of(st.sampled_from(FRAGMENTS), st.just(WORD), st.just(WORD), st.just(f" {WORD} "), st.text(max_size=4))

nasty_text = st.lists(_PIECES, max_size=14).map("".join).filter(lambda text: "word" not in text)
"""Anything, with WORD in it here and there."""


def numbered_words(name: str) -> Iterator[str]:
    """`wordfoo1z`, `wordfoo2z`, …: none is part of another."""
    number = 0
    while True:
        number += 1
        yield f"word{name}{number}z"


def with_words(text: str, words: Iterator[str]) -> tuple[str, list[str]]:
    """The text with words in place of WORD, and those words."""
    first, *rest = text.split(WORD)
    used = [next(words) for _ in rest]
    return first + "".join(word + piece for word, piece in zip(used, rest, strict=True)), used
