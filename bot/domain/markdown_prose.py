"""Text that is nothing but words: most of what people type, and safe as it stands.

Reading Markdown to find that there is none costs a hundred times as much as looking at the characters. What is let
through here begins every line with a word and holds no character that any Markdown gives a meaning, but for emphasis
(`**so**`) and LaTeX (`$x_t$`) that begin and end within a line; a property in the tests checks that the long way would
have come to the same.
"""

import re
from typing import Final

from bot.domain.markdown_line import Markdown

_CHARACTER: Final = r"(?:[^\W_]|[,.?!;'()…·%/+=@#-]|~(?!~)| (?! )|:(?!/))"
_WORDS: Final = rf"[^\W_](?:{_CHARACTER}*[^\W_])?"
_MATH: Final = r"\$[A-Za-z](?:[A-Za-z0-9 ,.()=+{}^/-]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9{]))*(?<! )\$(?!\$)"
_SPAN: Final = rf"\*\*{_WORDS}\*\*(?!\*)|\*{_WORDS}\*(?!\*)|{_MATH}"
_LINE: Final = re.compile(rf"(?:[^\W\d_]|{_SPAN})(?:{_CHARACTER}|{_SPAN})*(?<! )")


class Prose(Markdown):
    """Paragraphs of plain words, behind a label or alone."""

    __slots__ = ()


def prose(text: str, *, line_breaks: bool) -> Prose | None:
    """The paragraphs of a text (cleaned, no blank lines around it) as Markdown; None if there is more than words in it.

    `line_breaks` keeps the lines of a paragraph apart.
    """
    lines = text.split("\n")
    if not all(_LINE.fullmatch(line) for line in lines if line):
        return None
    if not line_breaks:
        return Prose(text)
    followed = [f"{line}\\" if line and after else line for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return Prose("\n".join(followed))
