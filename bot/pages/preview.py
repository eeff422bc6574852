"""A page to be read in Discord, in parts: whole blocks, as many as fit into a message."""

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from markdown_it import MarkdownIt

_TO_OTHER_PAGES: Final = re.compile(r"\[([^\[\]\n]+)\]\(day\d+\.md\)")
_READER: Final = MarkdownIt("commonmark").enable("table").disable("inline")


@dataclass(frozen=True)
class _Block:
    """A block at the left margin: the offset of its first character; its tag if it is a heading, its fence if code."""

    begin: int
    heading: str
    fence: str


def preview(page: str, room: int) -> list[str]:
    """A page in parts of at most `room` characters. Its contents and links to other pages lead nowhere in Discord:
    left out."""
    rest = _TO_OTHER_PAGES.sub(r"\1", _without_contents(page)).strip("\n")
    parts: list[str] = []
    while len(rest) > room:
        part, rest = _split(rest, room)
        parts.append(part)
    return [part for part in (*parts, rest) if part.strip()]


def _without_contents(page: str) -> str:
    sections = [block.begin for block in _blocks(page[:20_000]) if block.heading == "h2"]
    return page if len(sections) < 2 else page[: sections[0]] + page[sections[1] :]


def _split(text: str, room: int) -> tuple[str, str]:
    """Where a section begins, if that does not waste most of the room, else between two blocks; not after a heading."""
    blocks = _blocks(text[: 2 * room])
    cuts = [block for before, block in pairwise(blocks) if not before.heading and block.begin <= room]
    sections = [block for block in cuts if block.heading and block.begin > room // 3]
    cut = max((block.begin for block in sections or cuts), default=0)
    if cut:
        return text[:cut].rstrip("\n"), text[cut:]
    return _split_within([block for block in blocks if block.begin <= room][-1], text, room)


def _split_within(block: _Block, text: str, room: int) -> tuple[str, str]:
    """A block that has no room: between two lines, else two words. Code is closed, and opened again."""
    opening = text[block.begin :].partition("\n")[0] + "\n"
    closing = f"\n{block.fence}"
    if not block.fence or block.begin + len(opening) + len(closing) > room // 2:
        opening = closing = ""
    cut = _between(text, room - len(closing))
    return text[:cut] + closing, opening + text[cut:].removeprefix("\n")


def _between(text: str, room: int) -> int:
    return next((cut for mark in "\n " if (cut := text.rfind(mark, room // 2 + 1, room)) > 0), room)


def _blocks(text: str) -> list[_Block]:
    offsets = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
    return [
        _Block(
            offsets[token.map[0]],
            heading=token.tag if token.type == "heading_open" else "",
            fence=token.markup if token.type == "fence" else "",
        )
        for token in _READER.parse(text)
        if token.level == 0 and token.map is not None and token.nesting >= 0
    ]
