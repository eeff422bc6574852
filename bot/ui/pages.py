"""A list that has no room in one message, page by page, for one reader."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import discord

from bot.i18n import Language, _
from bot.ui.answers import NOBODY, answer
from bot.ui.callers import Interaction, reader
from bot.ui.forms import Panel

CHARACTERS: Final = 1900
"""On a page, so that there is room for its number."""

More = Callable[[], Sequence[discord.ui.Item[Any]]]
"""What else is under each page. An item belongs to one view, so they are made anew."""


def pages_of(lines: Iterable[str], characters: int = CHARACTERS, size: int | None = None) -> list[str]:
    """The lines on as many pages as it takes, in their order; `size` is in bytes. None may be longer than a page."""
    pages: list[list[str]] = []
    room = room_in_bytes = 0
    for line in lines:
        room, room_in_bytes = room - len(line) - 1, room_in_bytes - len(line.encode()) - 1
        if room < 0 or (size is not None and room_in_bytes < 0):
            pages.append([])
            room, room_in_bytes = characters - len(line) - 1, (size or 0) - len(line.encode()) - 1
        pages[-1].append(line)
    return ["\n".join(page) for page in pages]


async def open_pages(
    interaction: Interaction, pages: Sequence[str], more: More = tuple, *, file: discord.File | None = None
) -> None:
    """Show the first page, with buttons to the others if there are any; a file stays beside all of them."""
    lang = reader(interaction)
    view = Pages(pages, 0, lang, more)
    shown = view if view.children else None
    await answer(interaction, _page_text(pages, 0, lang), view=shown, file=file, previews=False)


def _page_text(pages: Sequence[str], place: int, lang: Language) -> str:
    if len(pages) == 1:
        return pages[0]
    foot = lang(_("-# page {page} of {pages}"), page=place + 1, pages=len(pages))
    return f"{pages[place]}\n{foot}"


class Pages(Panel):
    """Back and forth."""

    def __init__(self, pages: Sequence[str], place: int, lang: Language, more: More) -> None:
        super().__init__()
        self._pages = pages
        self._place = place
        self._more = more
        self.back.label, self.forth.label = lang(_("Back")), lang(_("Next page"))
        self.back.disabled, self.forth.disabled = place == 0, place == len(pages) - 1
        if len(pages) == 1:
            self.clear_items()
        for item in more():
            self.add_item(item)

    @discord.ui.button()
    async def back(self, interaction: Interaction, _button: discord.ui.Button["Pages"]) -> None:
        await self._turn(interaction, self._place - 1)

    @discord.ui.button()
    async def forth(self, interaction: Interaction, _button: discord.ui.Button["Pages"]) -> None:
        await self._turn(interaction, self._place + 1)

    async def _turn(self, interaction: Interaction, place: int) -> None:
        lang = reader(interaction)
        view = Pages(self._pages, place, lang, self._more)
        content = _page_text(self._pages, place, lang)
        await interaction.response.edit_message(content=content, view=view, allowed_mentions=NOBODY)
        self.stop()
