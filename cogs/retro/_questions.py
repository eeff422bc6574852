"""The form in which moderators choose what the retrospective asks."""

from collections.abc import Sequence

import discord
from discord.utils import escape_markdown

from bot.domain.retro import FREE_FIELD, MOST_QUESTIONS, QUESTION_LIMIT
from bot.i18n import Language, _
from bot.services.retro import RetroQuestions
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form


class QuestionsForm(Form):
    """A short field for each question, filled with what is asked now."""

    def __init__(self, questions: RetroQuestions, present: Sequence[str], lang: Language) -> None:
        super().__init__(lang(_("Questions of the retrospective")))
        self._questions = questions
        self.add_item(
            discord.ui.TextDisplay(
                lang(_("An empty field is not asked. With all of them empty there is one field to write freely in."))
            )
        )
        shown = [*present, *[""] * MOST_QUESTIONS][:MOST_QUESTIONS]
        self._fields = [
            self.field(
                lang(_("Question {number}"), number=number),
                value=question,
                long=False,
                required=False,
                limit=QUESTION_LIMIT,
            )
            for number, question in enumerate(shown, start=1)
        ]

    async def submitted(self, interaction: Interaction) -> None:
        typed = [field.value for field in self._fields]
        asked = await self._questions.choose(caller_of(interaction), typed)
        await answer(interaction, asked_text(asked, reader(interaction)))


def asked_text(asked: Sequence[str], lang: Language) -> str:
    """What is asked from now on."""
    kept = lang(_("What was written before keeps the question it answered."))
    if list(asked) == [FREE_FIELD]:
        return lang(_("From now on the retrospective is one field to write freely in.")) + "\n" + kept
    lines = [f"{number}. {escape_markdown(question)}" for number, question in enumerate(asked, start=1)]
    return "\n".join([lang(_("From now on the retrospective asks:")), *lines, kept])
