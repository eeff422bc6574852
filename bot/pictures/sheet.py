"""What a picture consists of, and how it becomes a PNG: panels below, words above."""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from bot.pictures.lettering import Style, fit, font, width

WIDTH: Final = 1600
"""Pixels of every picture; a phone shows about 1,200 of its own."""

MARGIN: Final = 40

_FINE: Final = 2
"""Panels are drawn this much larger and then reduced, so that their round corners are smooth."""

_TALL: Final = 4000
"""Pixels from which on a picture is painted as it is: twice as large it would take a hundred megabytes."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; `right` and `bottom` are no longer in it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def inset(self, across: int, down: int) -> "Box":
        return Box(self.left + across, self.top + down, self.right - across, self.bottom - down)


@dataclass(frozen=True)
class Panel:
    """A filled or outlined rectangle, with round corners if it has a radius."""

    box: Box
    fill: str | None = None
    outline: str | None = None
    line: int = 0
    radius: int = 0


@dataclass(frozen=True)
class Words:
    """A text with the left end of its baseline at (`x`, `y`). It stays inside `room`."""

    text: str
    x: int
    y: int
    style: Style
    colour: str
    room: Box


Mark = Panel | Words


@dataclass(frozen=True)
class Sheet:
    """A whole picture, not yet painted."""

    width: int
    height: int
    background: str
    marks: tuple[Mark, ...]


def words_left(text: str, style: Style, colour: str, room: Box, baseline: int) -> Words:
    """A text from the left edge of its room on, shortened to fit."""
    return Words(fit(text, style, room.width), room.left, baseline, style, colour, room)


def words_right(text: str, style: Style, colour: str, room: Box, baseline: int) -> Words:
    """A text up to the right edge of its room, shortened to fit."""
    shown = fit(text, style, room.width)
    return Words(shown, room.right - width(shown, style), baseline, style, colour, room)


def words_centred(text: str, style: Style, colour: str, room: Box, baseline: int) -> Words:
    """A text in the middle of its room, shortened to fit."""
    shown = fit(text, style, room.width)
    return Words(shown, room.left + (room.width - width(shown, style)) // 2, baseline, style, colour, room)


def png(sheet: Sheet) -> bytes:
    """The picture as the bytes of a PNG file."""
    fine = _FINE if sheet.height < _TALL else 1
    image = Image.new("RGB", (sheet.width * fine, sheet.height * fine), sheet.background)
    draw = ImageDraw.Draw(image)
    for mark in sheet.marks:
        if isinstance(mark, Panel):
            _paint_panel(draw, mark, fine)
    image = image.reduce(fine)
    draw = ImageDraw.Draw(image)
    for mark in sheet.marks:
        if isinstance(mark, Words):
            draw.text((mark.x, mark.y), mark.text, fill=mark.colour, font=font(mark.style), anchor="ls")
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _paint_panel(draw: ImageDraw.ImageDraw, panel: Panel, scale: int) -> None:
    box = panel.box
    corners = (box.left * scale, box.top * scale, box.right * scale - 1, box.bottom * scale - 1)
    draw.rounded_rectangle(
        corners, panel.radius * scale, fill=panel.fill, outline=panel.outline, width=panel.line * scale
    )
