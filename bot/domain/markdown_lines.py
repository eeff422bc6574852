"""The lines of a text that was read: what stands before the words in them, and putting new words there."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from markdown_it.token import Token

from bot.domain.markdown_scan import Scan, inline_tokens, scan

_MARKERS: Final = re.compile(r"(?:[ \t>]|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))*")
ONE_PARAGRAPH: Final = ["paragraph_open", "inline", "paragraph_close"]
HTML_AT_START: Final = re.compile(r"^([\s>]*)<(?=[!?]|/?[A-Za-z][A-Za-z0-9-]*(?:[\s/>]|$))")


class Unmendable(Exception):
    """The text cannot be mended in place."""


def code_lines(read: Scan, kinds: Collection[str] = ("fence", "code_block")) -> set[int]:
    """Numbers of the lines that are code, fences included."""
    return {number for token in read.tokens if token.type in kinds for number in range(*(token.map or (0, 0)))}


def markers(source: str) -> str:
    """What a line begins with before its words: indentation, `>`, the marks of lists."""
    match = _MARKERS.match(source)
    return match.group() if match else ""


def continuation(prefix: str) -> str:
    """What the lines after one with this prefix begin with: `> - ` → `>   `."""
    return re.sub(r"[^>\s]", " ", prefix)


def has_text(lines: list[str], number: int) -> bool:
    """Whether there is such a line, with something on it."""
    return 0 <= number < len(lines) and bool(lines[number].strip(" \t>"))


def rewrite(lines: list[str], token: Token, content: str) -> None:
    """Put a paragraph's new content into its lines, behind the prefixes they have."""
    first, end = token.map or (0, 0)
    old, new = token.content.split("\n"), content.split("\n")
    prefixes = [_prefix(source, piece) for source, piece in zip(lines[first:end], old, strict=False)]
    if len(prefixes) < len(new):
        raise Unmendable
    lines[first:end] = [prefix + piece for prefix, piece in zip(prefixes, new, strict=False)]


def _prefix(source: str, piece: str) -> str:
    source, piece = source.rstrip(), piece.rstrip()
    if not source.endswith(piece):
        raise Unmendable
    return source[: len(source) - len(piece)]


def between_blanks(lines: list[str], first: int, end: int, paragraph: list[str]) -> Iterator[str]:
    """The new paragraph for lines[first:end], kept apart from the text before and after it."""
    prefix = markers(lines[first])
    blank = continuation(prefix).rstrip()
    if has_text(lines, first - 1) and not prefix.strip(" \t>"):
        yield blank
    yield from paragraph
    if has_text(lines, end):
        yield blank


def is_one_paragraph(text: str) -> bool:
    """Whether Markdown makes nothing but a paragraph of it, without HTML."""
    html = any(token.type == "html_inline" for token in inline_tokens(text))
    return block_types(text) == ONE_PARAGRAPH and not html


def block_types(text: str) -> list[str]:
    """What Markdown makes of it."""
    return [token.type for token in scan(text).tokens]
