"""Reading Markdown and remembering where things were seen: parsers whose rules note what has to be changed, and where.

markdown-it gives blocks their lines, but what is inside a line no place; so its own rules are wrapped, and decide as
they always do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_inline import StateInline, escape, html_inline, image, link
from markdown_it.token import Token

from bot.domain.discord_text import DISCORD_MARKUP, Mentions
from bot.domain.markdown_line import line

_NESTING: Final = {"maxNesting": 60}


@dataclass(frozen=True)
class Scan:
    """The blocks of a text."""

    text: str
    lines: list[str]
    tokens: Sequence[Token]
    """Inline tokens have a content, but no children."""
    definitions: Sequence[int]
    """Offsets of the `[` of link definitions."""
    references: dict[str, Any]
    """What link definitions define, as markdown-it keeps it."""


@dataclass(frozen=True)
class Edit:
    """Replace content[start:end] by text."""

    start: int
    end: int
    text: str


@lru_cache(8)
def scan(text: str) -> Scan:
    """Read the blocks; the text has `\\n` line ends. Whoever mends a text asks for the same reading several times."""
    env: dict[str, Any] = {}
    tokens = _BLOCKS.parse(text + "\n", env)
    return Scan(text, text.split("\n"), tokens, env.get("definitions", ()), env.get("references", {}))


def inline_edits(content: str, references: dict[str, Any], mentions: Mentions) -> list[Edit]:
    """What to change within the content of a paragraph or cell: HTML, Discord's markup, links that use a definition."""
    env: dict[str, Any] = {"references": references, "mentions": mentions, "edits": [], "base": 0}
    _INLINE.inline.parse(content, _INLINE, env, [])
    edits: list[Edit] = env["edits"]
    return edits


def inline_tokens(content: str) -> list[Token]:
    """The content of a paragraph, read without any link definitions."""
    return _PLAIN.parseInline(content)[0].children or []


def inline_html(content: str) -> str:
    """The content of a paragraph as a browser would get it; for comparing two of them."""
    rendered: str = _PLAIN.renderInline(content)
    return rendered


def _recording_reference(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    offset = state.bMarks[start_line] + state.tShift[start_line]
    found = reference(state, start_line, end_line, silent)
    if found and not silent:
        state.env.setdefault("definitions", []).append(offset)
    return found


def _record(state: StateInline, start: int, end: int, text: str) -> None:
    base = state.env["base"]
    state.env["edits"].append(Edit(base + start, base + end, text))


def _recording_html(state: StateInline, silent: bool) -> bool:
    start = state.pos
    found = html_inline(state, silent)
    if found and not silent:
        _record(state, start, start + 1, "&lt;")
    return found


def _recording_escape(state: StateInline, silent: bool) -> bool:
    """`\\<b>`: behind an address, GitHub takes the `\\` as a part of that."""
    start = state.pos
    found = escape(state, silent)
    if found and not silent and state.src.startswith("\\<", start):
        _record(state, start, start + 2, "&lt;")
    return found


def _recording_discord(state: StateInline, silent: bool) -> bool:
    match = DISCORD_MARKUP.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        _record(state, match.start(), match.end(), line(state.env["mentions"].text(match)))
    state.pos = match.end()
    return True


def _recording_link(state: StateInline, silent: bool) -> bool:
    start = state.pos
    found = link(state, silent)
    if found and not silent and state.src[state.pos - 1] == "]":
        opening = next(token for token in reversed(state.tokens) if token.type == "link_open")
        _record_reference(state, start, str(opening.attrs["href"]), opening)
    return found


def _recording_image(state: StateInline, silent: bool) -> bool:
    start, base = state.pos, state.env["base"]
    state.env["base"] = base + start + 2  # the description is parsed on its own
    found = image(state, silent)
    state.env["base"] = base
    if found and not silent and state.src[state.pos - 1] == "]":
        _record_reference(state, start + 1, str(state.tokens[-1].attrs["src"]), state.tokens[-1])
    return found


def _record_reference(state: StateInline, bracket: int, address: str, token: Token) -> None:
    label_end = state.md.helpers.parseLinkLabel(state, bracket, False)
    _record(state, label_end, state.pos, f"]({_destination(address)}{_quoted_title(token)})")


def _destination(address: str) -> str:
    return address.replace("(", "%28").replace(")", "%29") or "<>"


def _quoted_title(token: Token) -> str:
    title = " ".join(str(token.attrs.get("title", "")).split())
    for character in '\\"&<':
        title = title.replace(character, f"\\{character}")
    return f' "{title}"' if title else ""


def _block_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", _NESTING).enable("table").disable(["inline", "text_join"])
    parser.block.ruler.at("reference", _recording_reference)
    return parser


def _inline_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", _NESTING)
    parser.inline.ruler.at("html_inline", _recording_html)
    parser.inline.ruler.at("escape", _recording_escape)
    parser.inline.ruler.at("link", _recording_link)
    parser.inline.ruler.at("image", _recording_image)
    parser.inline.ruler.before("autolink", "discord", _recording_discord)
    return parser


_BLOCKS: Final = _block_parser()
_INLINE: Final = _inline_parser()
_PLAIN: Final = MarkdownIt("commonmark", _NESTING)
