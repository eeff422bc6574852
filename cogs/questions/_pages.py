"""All the questions of a board that has no room for them, page by page, for one reader."""

from collections.abc import Sequence

import discord

from bot.domain.questions import Question
from bot.i18n import Language, _
from bot.ui.answers import answer
from bot.ui.callers import Interaction, reader
from bot.ui.forms import Panel
from bot.ui.questions import list_pages


async def open_pages(interaction: Interaction, questions: Sequence[Question], lang: Language) -> None:
    pages = list_pages(questions, lang)
    if not pages:
        await answer(interaction, lang(_("No questions yet. Ask the first one with /ask.")))
        return
    await answer(interaction, _page_text(pages, 0, lang), view=Pages(pages, 0, lang), previews=False)


def _page_text(pages: Sequence[str], place: int, lang: Language) -> str:
    foot = lang(_("-# page {page} of {pages}"), page=place + 1, pages=len(pages))
    return f"{pages[place]}\n{foot}"


class Pages(Panel):
    """Back and forth."""

    def __init__(self, pages: Sequence[str], place: int, lang: Language) -> None:
        super().__init__()
        self._pages = pages
        self._place = place
        self.back.label, self.forth.label = lang(_("Back")), lang(_("Next page"))
        self.back.disabled, self.forth.disabled = place == 0, place == len(pages) - 1

    @discord.ui.button()
    async def back(self, interaction: Interaction, _button: discord.ui.Button["Pages"]) -> None:
        await self._turn(interaction, self._place - 1)

    @discord.ui.button()
    async def forth(self, interaction: Interaction, _button: discord.ui.Button["Pages"]) -> None:
        await self._turn(interaction, self._place + 1)

    async def _turn(self, interaction: Interaction, place: int) -> None:
        lang = reader(interaction)
        view = Pages(self._pages, place, lang)
        await interaction.response.edit_message(content=_page_text(self._pages, place, lang), view=view)
        self.stop()
