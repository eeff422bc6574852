"""The buttons under boards and under a question at the table; they work after a restart."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.questions import label
from bot.i18n import Language, _
from bot.jobs.posts import Button
from bot.services.boards import Board
from bot.services.questions import DAY_BOARD, LECTURE_BOARD, Questions, Votable
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Panel, PersistentButton
from bot.ui.pages import open_pages
from bot.ui.questions import list_pages
from cogs.questions._asking import Draft
from cogs.questions._forms import CHOICES, AnswerForm, open_answer_form, open_ask_form
from cogs.questions._texts import voted_text

LISTS = 5
"""Lists below each other in one message, each with as many questions as Discord takes; the most wanted first."""


def board_buttons(board: Board, lang: Language, *, hidden: int) -> tuple[Button, ...]:
    """Their ids name the board, so the first of them tells the board's message from any other."""
    subject = f"{'lecture' if board.kind == LECTURE_BOARD else 'day'}:{board.subject_id}"
    more = [Button(lang(_("See all")), f"question:all:{subject}")] if hidden else []
    return (
        Button(lang(_("Ask")), f"question:ask:{subject}", "primary"),
        Button(lang(_("Vote")), f"question:vote:{subject}"),
        Button(lang(_("Answer")), f"question:pick:{subject}"),
        Button(lang(_("Ask anonymously")), f"question:anonymous:{subject}"),
        *more,
    )


def questions_of(interaction: Interaction) -> Questions:
    client: Any = interaction.client
    found: Questions = client.services.questions
    return found


class AskButton(PersistentButton, template=r"question:(?P<how>ask|anonymous):(?P<what>lecture|day):(?P<subject>\d+)"):
    """Ask from a board: about its lecture, or about the day."""

    async def pressed(self, interaction: Interaction) -> None:
        lecture_id = self.number("subject") if self.match["what"] == "lecture" else None
        draft = Draft(lecture_id, anonymous=self.match["how"] == "anonymous")
        await open_ask_form(interaction, questions_of(interaction), draft)


class BoardButton(
    PersistentButton, template=r"question:(?P<what>pick|vote|all):(?P<board>lecture|day):(?P<subject>\d+)"
):
    """Answer one of a board's questions, vote for one, or see all of them."""

    async def pressed(self, interaction: Interaction) -> None:
        kind = LECTURE_BOARD if self.match["board"] == "lecture" else DAY_BOARD
        opened = {"pick": open_answers, "vote": open_votes, "all": open_board_pages}[self.match["what"]]
        await opened(interaction, questions_of(interaction), kind, self.number("subject"))


class AnswerButton(PersistentButton, template=r"question:answer:(?P<id>\d+):(?P<delivery>\d+)"):
    """Answer the question that was brought to the table."""

    async def pressed(self, interaction: Interaction) -> None:
        await open_answer_form(interaction, questions_of(interaction), self.number("id"))


async def open_answers(interaction: Interaction, questions: Questions, kind: str, subject_id: int) -> None:
    offered = await questions.answerable(caller_of(interaction), kind, subject_id)
    if len(offered) == 1:
        await open_answer_form(interaction, questions, offered[0].id)
    else:
        await interaction.response.send_modal(AnswerForm(questions, offered, reader(interaction)))


async def open_board_pages(interaction: Interaction, questions: Questions, kind: str, subject_id: int) -> None:
    found = await questions.on_board(caller_of(interaction), kind, subject_id)
    lang = reader(interaction)
    if not found:
        await answer(interaction, lang(_("No questions yet. Ask the first one with /ask.")))
        return
    await open_pages(interaction, list_pages(found, lang))


async def open_votes(interaction: Interaction, questions: Questions, kind: str, subject_id: int) -> None:
    """Vote for the only question at once; with several, pick from a list."""
    offered = await questions.votable(caller_of(interaction), kind, subject_id)
    lang = reader(interaction)
    if len(offered) == 1:
        voted = await questions.vote(caller_of(interaction), offered[0].question.id)
        await answer(interaction, voted_text(voted, lang))
        return
    view = VotePanel(questions, kind, subject_id, offered, lang)
    await answer(
        interaction, lang(_("Which question do you want answered? A second time takes your vote back.")), view=view
    )


class VotePanel(Panel):
    """Lists of the questions one can vote for; they stay, for the next vote."""

    def __init__(
        self,
        questions: Questions,
        kind: str,
        subject_id: int,
        offered: Sequence[Votable],
        lang: Language,
    ) -> None:
        super().__init__()
        self._questions = questions
        self._board = (kind, subject_id)
        for start in range(0, min(len(offered), CHOICES * LISTS), CHOICES):
            self.add_item(VoteList(offered[start : start + CHOICES], lang))

    async def picked(self, interaction: Interaction, question_id: int) -> None:
        caller, lang = caller_of(interaction), reader(interaction)
        voted = await self._questions.vote(caller, question_id)
        offered = await self._questions.votable(caller, *self._board)
        view = VotePanel(self._questions, *self._board, offered, lang)
        await interaction.response.edit_message(content=voted_text(voted, lang), view=view)
        self.stop()


class VoteList(discord.ui.Select[VotePanel]):
    def __init__(self, offered: Sequence[Votable], lang: Language) -> None:
        super().__init__(options=[_option(each, lang) for each in offered])

    async def callback(self, interaction: Interaction) -> None:
        if self.view is not None:
            await self.view.picked(interaction, int(self.values[0]))


def _option(votable: Votable, lang: Language) -> discord.SelectOption:
    question = votable.question
    own = lang(_("you voted")) if votable.voted else ""
    count = lang(_("1 vote")) if question.votes == 1 else lang(_("{count} votes"), count=question.votes)
    return discord.SelectOption(
        label=label(question), value=str(question.id), description=" · ".join(part for part in (count, own) if part)
    )
