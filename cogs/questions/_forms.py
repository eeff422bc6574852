"""The forms of the questions: asking, answering, editing."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.questions import Question, label, shortened
from bot.i18n import Language, _
from bot.services.questions import Questions
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, filled
from bot.ui.questions import anonymous_note
from cogs.questions._asking import Draft, ask
from cogs.questions._texts import answered_text

CHOICES = 25


async def open_ask_form(interaction: Interaction, questions: Questions, draft: Draft) -> None:
    """Open the form, if the person may ask and what they named is there."""
    asking = await questions.asking(
        caller_of(interaction),
        draft.lecture_id,
        anonymous=draft.anonymous,
        with_file=draft.file is not None,
    )
    await interaction.response.send_modal(AskForm(questions, draft, asking.about, reader(interaction)))


class AskForm(Form):
    """The text of a question. An anonymous one says here, before it is written, what that means."""

    def __init__(self, questions: Questions, draft: Draft, about: str, lang: Language) -> None:
        title = lang(_("Ask anonymously")) if draft.anonymous else lang(_("Ask a question"))
        super().__init__(f"{title} · {about}" if about else title)
        self._questions = questions
        self._draft = draft
        self._text = self.field(
            lang(_("Question")),
            placeholder=lang(_("What would you like to know? Code and LaTeX are fine.")),
            description=anonymous_note(lang)[:100] if draft.anonymous else None,
        )

    async def submitted(self, interaction: Interaction) -> None:
        await ask(interaction, self._questions, filled(self._text), self._draft)


class AnswerForm(Form):
    """The text of an answer; with several questions, also which one it answers. `own` is what one answered before."""

    def __init__(self, questions: Questions, offered: Sequence[Question], lang: Language, own: str = "") -> None:
        only = offered[0] if len(offered) == 1 else None
        super().__init__(lang(_("Answer")) if only is None else lang(_("Answer #{number}"), number=only.number))
        self._questions = questions
        self._only = only
        self._picked = None if only is not None else self.add_choice(offered, lang)
        description = None if only is None else shortened(only.text, 99)
        self._text = self.field(lang(_("Answer")), description=description, value=own)

    def add_choice(self, offered: Sequence[Question], lang: Language) -> discord.ui.Select[Any]:
        hidden = len(offered) - CHOICES
        more = lang(_("{count} more with /question answer"), count=hidden) if hidden > 0 else None
        select = choice_of(offered)
        self.add_item(discord.ui.Label(text=lang(_("Question")), component=select, description=more))
        return select

    async def submitted(self, interaction: Interaction) -> None:
        question_id = self._only.id if self._picked is None and self._only is not None else self._picked_id()
        await answer_question(interaction, self._questions, question_id, filled(self._text))

    def _picked_id(self) -> int:
        return 0 if self._picked is None else int(self._picked.values[0])


def choice_of(offered: Sequence[Question]) -> discord.ui.Select[Any]:
    """A list to pick one question from, as many as Discord takes."""
    options = [discord.SelectOption(label=label(question), value=str(question.id)) for question in offered[:CHOICES]]
    return discord.ui.Select(options=options, required=True)


async def answer_question(interaction: Interaction, questions: Questions, question_id: int, text: str) -> None:
    """Answer, and say so."""
    answered = await questions.answer(caller_of(interaction), question_id, text)
    await answer(interaction, answered_text(answered, reader(interaction)))


async def open_answer_form(interaction: Interaction, questions: Questions, question_id: int) -> None:
    answering = await questions.answering(caller_of(interaction), question_id)
    await interaction.response.send_modal(
        AnswerForm(questions, [answering.question], reader(interaction), answering.own)
    )


class EditForm(Form):
    """The text of a question, for its author to change."""

    def __init__(self, questions: Questions, question: Question, lang: Language) -> None:
        super().__init__(lang(_("Edit #{number}"), number=question.number))
        self._questions = questions
        self._question = question
        self._text = self.field(lang(_("Question")), value=question.text)

    async def submitted(self, interaction: Interaction) -> None:
        await edit_question(interaction, self._questions, self._question.id, filled(self._text))


async def edit_question(interaction: Interaction, questions: Questions, question_id: int, text: str) -> None:
    """Change the text, and say so."""
    edited = await questions.edit(caller_of(interaction), question_id, text)
    await answer(interaction, reader(interaction)(_("Question #{number} is changed."), number=edited.number))
