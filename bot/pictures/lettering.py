"""Text that is to be drawn: what the font can show, how wide it is, and how it fits into the room there is."""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from PIL import ImageFont

ELLIPSIS: Final = "…"
LONGEST: Final = 400
"""Characters of a text that are looked at; no cell holds more."""

_NO_CHARACTER: Final = "\uffff"


@dataclass(frozen=True)
class Style:
    """A size in pixels, and whether the letters are bold."""

    size: int
    bold: bool = False


@cache
def _font_file(name: str) -> bytes:
    return files("bot.pictures").joinpath("fonts", name).read_bytes()


@cache
def font(style: Style) -> ImageFont.FreeTypeFont:
    """The shipped font in a style."""
    data = io.BytesIO(_font_file("Pretendard-Bold.otf" if style.bold else "Pretendard-Regular.otf"))
    # Pillow's own layout gives the same widths on every machine; the other one is not in every build.
    return ImageFont.truetype(data, style.size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def has_glyph(character: str) -> bool:
    """Whether the font can draw a character: it does not look like the box that stands for a missing one."""
    probe = font(Style(24))
    drawn, missing = probe.getmask(character), probe.getmask(_NO_CHARACTER)
    return drawn.size != missing.size or bytes(drawn) != bytes(missing)


def drawable(text: str) -> str:
    """A text on one line, without the characters that the font lacks (emoji, hanja); `?` if nothing is left of it."""
    composed = unicodedata.normalize("NFC", text[:LONGEST])  # decomposed Hangul, as macOS writes it, has no glyphs
    line = " ".join(composed.split())
    kept = "".join(character for character in line if _is_drawn(character))
    return " ".join(kept.split()) or ("?" if line else "")


def _is_drawn(character: str) -> bool:
    invisible = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}
    return character == " " or not (invisible or not has_glyph(character))


def width(text: str, style: Style) -> int:
    """How many pixels a text takes from its left edge on."""
    if not text:
        return 0
    face = font(style)
    return int(max(face.getlength(text), face.getbbox(text, anchor="ls")[2])) + 1


def fit(text: str, style: Style, room: int) -> str:
    """As much of a text as there is room for, ending in an ellipsis if it was shortened; empty if not even that."""
    shown = drawable(text)
    if width(shown, style) <= room:
        return shown
    low, high = 0, len(shown)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(_cut(shown, middle), style) <= room else (low, middle - 1)
    short = _cut(shown, low)
    return short if width(short, style) <= room else ""


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip() + ELLIPSIS


def wrap(text: str, style: Style, room: int, lines: int) -> list[str]:
    """A text on at most so many lines, broken between words where that is possible; the last one may be shortened."""
    rest = drawable(text)
    wrapped: list[str] = []
    while rest and len(wrapped) < lines - 1:
        line = _first_line(rest, style, room)
        wrapped.append(line)
        rest = rest[len(line) :].lstrip()
    last = fit(rest, style, room)
    return [*wrapped, last] if last else wrapped


def _first_line(text: str, style: Style, room: int) -> str:
    """The longest beginning that fits: whole words, or some characters of a word too long for a line."""
    whole = [begin for begin in _beginnings(text) if width(begin, style) <= room]
    if whole:
        return whole[-1]
    fitting = [text[:end] for end in range(1, len(text) + 1) if width(text[:end], style) <= room]
    return fitting[-1] if fitting else text[:1]


def _beginnings(text: str) -> Iterator[str]:
    words = text.split(" ")
    for count in range(1, len(words) + 1):
        yield " ".join(words[:count])
