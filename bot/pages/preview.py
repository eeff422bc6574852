"""The beginning of a page, to be read in Discord: whole blocks, as many as fit into a message."""

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from markdown_it import MarkdownIt

_TO_OTHER_PAGES: Final = re.compile(r"\[([^\[\]\n]+)\]\(day\d+\.md\)")
_READER: Final = MarkdownIt("commonmark").enable("table").disable("inline")


@dataclass(frozen=True)
class Preview:
    """The beginning of a page. `complete` if nothing but its contents is missing."""

    text: str
    complete: bool


@dataclass(frozen=True)
class _Block:
    """A block at the left margin: the offset of its first character; its tag if it is a heading."""

    begin: int
    heading: str


def preview(page: str, room: int) -> Preview:
    """A page in at most `room` characters. Its contents and links to other pages lead nowhere in Discord: left out."""
    text = _TO_OTHER_PAGES.sub(r"\1", _without_contents(page)).strip("\n")
    if len(text) <= room:
        return Preview(text, complete=True)
    return Preview(text[: _cut(text, room)].rstrip("\n"), complete=False)


def _without_contents(page: str) -> str:
    sections = [block.begin for block in _blocks(page[:20_000]) if block.heading == "h2"]
    return page if len(sections) < 2 else page[: sections[0]] + page[sections[1] :]


def _cut(text: str, room: int) -> int:
    """Where a section begins, if that does not waste most of the room, else between two blocks; not after a heading."""
    blocks = pairwise(_blocks(text[: 2 * room]))
    cuts = [block for before, block in blocks if not before.heading and block.begin <= room]
    sections = [block for block in cuts if block.heading and block.begin > room // 3]
    return max((block.begin for block in sections or cuts), default=room)


def _blocks(text: str) -> list[_Block]:
    offsets = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
    return [
        _Block(offsets[token.map[0]], token.tag if token.type == "heading_open" else "")
        for token in _READER.parse(text)
        if token.level == 0 and token.map is not None and token.nesting >= 0
    ]
