"""Text that is nothing but words: most of what people type, and safe as it stands.

Reading Markdown to find that there is none costs a hundred times as much as looking at the characters. What is let
through here begins every line with a word and holds no character that any Markdown gives a meaning, but for emphasis
(`**so**`), LaTeX (`$x_t$`) and links to the web that begin and end within a line; a property in the tests checks that
the long way would have come to the same.
"""

import re
from typing import Final

from bot.domain.markdown_line import Markdown

_EMOJI: Final = r"\U0001f300-\U0001faff"
_CHARACTER: Final = rf"(?:[^\W_]|[,.?!;'()…·%/+=@#\-{_EMOJI}]|~(?!~)| (?! )|:(?!/))"
WORDS: Final = rf"[^\W_](?:{_CHARACTER}*[^\W_])?"
ADDRESS: Final = r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9._~/?=#+:@,-]*)?"
_MATH: Final = r"\$[A-Za-z](?:[A-Za-z0-9 ,.()=+{}^/-]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9{]))*(?<! )\$(?!\$)"
_LINK: Final = rf'\[{WORDS}\]\({ADDRESS}(?: "{WORDS}")?\)'
_SPAN: Final = rf"\*\*{WORDS}\*\*(?!\*)|\*{WORDS}\*(?!\*)|{_MATH}|{_LINK}"
PLAIN_LINE: Final = re.compile(rf"(?:[0-9]*[^\W\d_]|[{_EMOJI}]|!?(?:{_SPAN}))(?:{_CHARACTER}|{_SPAN})*(?<! )")


class Prose(Markdown):
    """Blocks that begin with a paragraph of plain words: a label stands on its first line."""

    __slots__ = ()


def prose(text: str, *, line_breaks: bool) -> Prose | None:
    """The paragraphs of a text (cleaned, no blank lines around it) as Markdown; None if there is more than words in it.

    `line_breaks` keeps the lines of a paragraph apart.
    """
    lines = text.split("\n")
    if not all(PLAIN_LINE.fullmatch(line) for line in lines if line):
        return None
    return Prose("\n".join(with_breaks(lines)) if line_breaks else text)


def with_breaks(lines: list[str]) -> list[str]:
    """Lines of plain words, kept apart where one follows the other."""
    return [f"{line}\\" if line and after else line for line, after in zip(lines, [*lines[1:], ""], strict=True)]
