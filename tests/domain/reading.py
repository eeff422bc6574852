"""Reading a page as a stranger would: with markdown-it as GitHub configures CommonMark, not with our own code."""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(text: str) -> list[Token]:
    return READER.parse(text)


def everything(tokens: Iterable[Token]) -> Iterator[Token]:
    """All tokens, those inside paragraphs and descriptions of images included."""
    for token in tokens:
        yield token
        yield from everything(token.children or [])


def shown(token: Token) -> str:
    """The text of a heading or a paragraph."""
    return "".join(
        {"softbreak": "\n", "hardbreak": "\n"}.get(child.type, child.content) for child in token.children or []
    )


def visible(tokens: Iterable[Token]) -> str:
    """All that a reader could find: text, code, addresses, titles, languages of code."""
    found: list[str] = []
    for token in everything(tokens):
        if token.type != "inline":
            found += [token.content, token.info, *(unquote(str(value)) for value in token.attrs.values())]
    return "\n".join(found)


def html_in(tokens: Iterable[Token]) -> list[str]:
    return [token.content for token in everything(tokens) if token.type in {"html_block", "html_inline"}]


def headings(tokens: list[Token]) -> list[tuple[str, str]]:
    """`("h2", "목차")`, wherever it stands."""
    return [(token.tag, shown(tokens[place + 1])) for place, token in enumerate(tokens) if token.type == "heading_open"]


def links(tokens: Iterable[Token]) -> list[str]:
    """Where the links lead."""
    return [str(token.attrs["href"]) for token in everything(tokens) if token.type == "link_open"]
