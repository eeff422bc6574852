"""`/ask` and `/question`."""

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.i18n import _
from bot.services.questions import Questions
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader

if TYPE_CHECKING:
    from bot.client import StudyBot


class QuestionsCog(commands.Cog):
    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    @app_commands.command(description=_("Ask a question"))
    @app_commands.describe(question=_("Your question"), anonymous=_("Store nobody's name with it"))
    async def ask(self, interaction: Interaction, question: str, anonymous: bool = False) -> None:
        asked = await self._questions.ask(caller_of(interaction), question, anonymous=anonymous)
        lang = reader(interaction)
        await answer(interaction, lang(_("Question #{number} is asked."), number=asked.number))


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(QuestionsCog(bot.services.questions))
