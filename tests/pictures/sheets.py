"""Looking at a sheet: what is written on it, and whether every word stays where it belongs."""

from collections.abc import Iterable

from hypothesis import strategies as st

from bot.pictures.lettering import font
from bot.pictures.sheet import Box, Panel, Sheet, Words
from tests.domain.nasty_text import FRAGMENTS

NASTY = st.lists(
    st.sampled_from((*FRAGMENTS, "가온", "WWWWWWWW", "각" * 60, "🌸", "王", "ﷺ", "é" * 40)), max_size=5
).map("".join)
"""Names and labels as nobody should give them."""


def written(sheet: Sheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, Words) and mark.text]


def words(sheet: Sheet, text: str) -> Words:
    """The one place where a text stands."""
    (found,) = [mark for mark in sheet.marks if isinstance(mark, Words) and mark.text == text]
    return found


def panels(sheet: Sheet) -> list[Panel]:
    return [mark for mark in sheet.marks if isinstance(mark, Panel)]


def ink(mark: Words) -> Box:
    """The pixels that a text covers."""
    left, top, right, bottom = font(mark.style).getbbox(mark.text, anchor="ls")
    return Box(int(mark.x + left), int(mark.y + top), int(mark.x + right), int(mark.y + bottom))


def inside(inner: Box, outer: Box, *, slack: int = 0) -> bool:
    return (
        outer.left - slack <= inner.left
        and outer.top - slack <= inner.top
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def spilled(sheet: Sheet, boxes: Iterable[Box]) -> list[str]:
    """Texts that leave their room, or stand in none of the boxes."""
    boxes = list(boxes)
    lines = [mark for mark in sheet.marks if isinstance(mark, Words) and mark.text]
    # Some letters lean a pixel to the left of where they begin.
    return [
        mark.text
        for mark in lines
        if not (
            inside(ink(mark), mark.room, slack=2)
            and any(inside(ink(mark), box) and inside(mark.room, box) for box in boxes)
        )
    ]
