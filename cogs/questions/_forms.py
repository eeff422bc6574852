"""The forms of the questions, and the buttons that open them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.domain.questions import Attachment, Question, harmless, label, shortened
from bot.i18n import Language, _, language
from bot.services.questions import DAY_BOARD, LECTURE_BOARD, Questions
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton, filled
from bot.ui.questions import anonymous_note, asked_text
from bot.ui.uploads import keep

CHOICES = 25


@dataclass(frozen=True)
class Draft:
    """A question before its text: what it is about, whether anybody's name is stored, what hangs on it."""

    lecture_id: int | None = None
    anonymous: bool = False
    file: discord.Attachment | None = None


async def ask(interaction: Interaction, questions: Questions, text: str, draft: Draft) -> None:
    """Ask, and say where the question stands."""
    caller = caller_of(interaction)
    attachment = await _keep(interaction, questions, text, draft)
    asked = await questions.ask(
        caller, text, lecture_id=draft.lecture_id, anonymous=draft.anonymous, attachment=attachment
    )
    await answer(interaction, asked_text(asked, reader(interaction)))


async def _keep(interaction: Interaction, questions: Questions, text: str, draft: Draft) -> Attachment | None:
    if draft.file is None:
        return None
    asking = await questions.asking(
        caller_of(interaction), draft.lecture_id, text=text, anonymous=draft.anonymous, with_file=True
    )
    note = language(asking.team.language)(_("A file with a question by {name}"), name=harmless(asking.member.name))
    kept = await keep(interaction, asking.team.study_channel_id, draft.file, note)
    return Attachment(kept.channel_id, kept.message_id, kept.attachment_id, kept.name, kept.url)


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
    """The text of an answer; with several questions, also which one it answers."""

    def __init__(self, questions: Questions, offered: Sequence[Question], lang: Language) -> None:
        only = offered[0] if len(offered) == 1 else None
        super().__init__(lang(_("Answer")) if only is None else lang(_("Answer #{number}"), number=only.number))
        self._questions = questions
        self._only = only
        self._picked: discord.ui.Select[Any] | None = None
        if only is None:
            self._picked = self._choice(offered, lang)
        self._text = self.field(lang(_("Answer")), description=None if only is None else shortened(only.text, 99))

    def _choice(self, offered: Sequence[Question], lang: Language) -> discord.ui.Select[Any]:
        options = [
            discord.SelectOption(label=label(question), value=str(question.id)) for question in offered[:CHOICES]
        ]
        select: discord.ui.Select[Any] = discord.ui.Select(options=options, required=True)
        hidden = len(offered) - len(options)
        more = lang(_("{count} more with /question answer"), count=hidden) if hidden else None
        self.add_item(discord.ui.Label(text=lang(_("Question")), component=select, description=more))
        return select

    async def submitted(self, interaction: Interaction) -> None:
        question_id = self._only.id if self._picked is None and self._only is not None else self._picked_id()
        await answer_question(interaction, self._questions, question_id, filled(self._text))

    def _picked_id(self) -> int:
        return 0 if self._picked is None else int(self._picked.values[0])


async def answer_question(interaction: Interaction, questions: Questions, question_id: int, text: str) -> None:
    """Answer, and say so."""
    answered = await questions.answer(caller_of(interaction), question_id, text)
    lang = reader(interaction)
    await answer(interaction, lang(_("Your answer to question #{number} is saved."), number=answered.number))


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


class AskButton(PersistentButton, template=r"question:(?P<how>ask|anonymous):(?P<what>lecture|day):(?P<subject>\d+)"):
    """Ask from a board: about its lecture, or about the day."""

    async def pressed(self, interaction: Interaction) -> None:
        lecture_id = self.number("subject") if self.match["what"] == "lecture" else None
        draft = Draft(lecture_id, anonymous=self.match["how"] == "anonymous")
        await open_ask_form(interaction, questions_of(interaction), draft)


class PickButton(PersistentButton, template=r"question:pick:(?P<what>lecture|day):(?P<subject>\d+)"):
    """Answer one of a board's questions."""

    async def pressed(self, interaction: Interaction) -> None:
        questions = questions_of(interaction)
        kind = LECTURE_BOARD if self.match["what"] == "lecture" else DAY_BOARD
        offered = await questions.answerable(caller_of(interaction), kind, self.number("subject"))
        await interaction.response.send_modal(AnswerForm(questions, offered, reader(interaction)))


class AnswerButton(PersistentButton, template=r"question:answer:(?P<id>\d+):(?P<delivery>\d+)"):
    """Answer the question that was brought to the table."""

    async def pressed(self, interaction: Interaction) -> None:
        await open_answer_form(interaction, questions_of(interaction), self.number("id"))


async def open_answer_form(interaction: Interaction, questions: Questions, question_id: int) -> None:
    question = await questions.answering(caller_of(interaction), question_id)
    await interaction.response.send_modal(AnswerForm(questions, [question], reader(interaction)))


def questions_of(interaction: Interaction) -> Questions:
    client: Any = interaction.client
    found: Questions = client.services.questions
    return found
