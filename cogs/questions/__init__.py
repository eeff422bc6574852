"""`/ask` and `/question`, and the boards of the questions."""

import io
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.deliveries import Delivery
from bot.domain.questions import CLOSED, Question, QuestionState
from bot.i18n import _, language
from bot.jobs.posts import Button, Post, Skip, TextFile
from bot.services.boards import Board
from bot.services.carried_questions import CARRIED
from bot.services.questions import DAY_BOARD, LECTURE_BOARD, NEXT, Questions
from bot.ui.answers import MESSAGE_LIMIT, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.questions import STATES, draw_board, everything_said, list_lines, needs_file, table_text
from bot.ui.references import LectureRef, QuestionRef
from bot.ui.undo import Act, ask_first
from cogs.questions._asking import Draft, ask
from cogs.questions._buttons import AnswerButton, AskButton, BoardButton, board_buttons
from cogs.questions._carried import CarriedButton, compose_carried
from cogs.questions._forms import EditForm, answer_question, edit_question, open_answer_form, open_ask_form
from cogs.questions._messages import message_menus
from cogs.questions._removing import ask_back
from cogs.questions._texts import mentor_text, withdraw_text, withdrawn_text

if TYPE_CHECKING:
    from bot.client import StudyBot

LISTED = [state for state in QuestionState if state is not QuestionState.WITHDRAWN]


class QuestionsCog(commands.Cog):
    question = app_commands.Group(name="question", description=_("Questions and their answers"))

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    @app_commands.command(description=_("Ask a question"))
    @app_commands.describe(
        question=_("Your question (left out: a form opens)"),
        lecture=_("Which lecture it is about"),
        anonymous=_("Store nobody's name with it"),
        file=_("A file that belongs to it"),
    )
    async def ask(
        self,
        interaction: Interaction,
        question: str | None = None,
        lecture: LectureRef | None = None,
        anonymous: bool = False,
        file: discord.Attachment | None = None,
    ) -> None:
        draft = Draft(lecture, anonymous, file)
        if question is None:
            await open_ask_form(interaction, self._questions, draft)
        else:
            await ask(interaction, self._questions, question, draft)

    @question.command(description=_("Answer a question"))
    @app_commands.describe(question=_("Which one"), text=_("Your answer (left out: a form opens)"))
    async def answer(self, interaction: Interaction, question: QuestionRef, text: str | None = None) -> None:
        if text is None:
            await open_answer_form(interaction, self._questions, question)
        else:
            await answer_question(interaction, self._questions, question, text)

    @question.command(description=_("Show the questions"))
    @app_commands.describe(state=_("Only those that are …"), lecture=_("Only those about …"))
    @app_commands.choices(state=[app_commands.Choice(name=STATES[state], value=state.value) for state in LISTED])
    async def list(self, interaction: Interaction, state: str | None = None, lecture: LectureRef | None = None) -> None:
        wanted = None if state is None else QuestionState(state)
        if wanted is QuestionState.MENTOR:
            await self._packet(interaction, lecture)
            return
        found = await self._questions.list(caller_of(interaction), state=wanted, lecture_id=lecture)
        lang = reader(interaction)
        if not found:
            everything = state is None and lecture is None
            none = (
                _("No questions yet. Ask the first one with /ask.") if everything else _("There is no such question.")
            )
            await answer(interaction, lang(none))
            return
        text = everything_said(found, lang)
        file = discord.File(io.BytesIO(text.encode()), "questions.md") if needs_file(found) else None
        await answer(interaction, list_lines(found, lang), file=file)

    async def _packet(self, interaction: Interaction, lecture: int | None) -> None:
        """All that is to be asked of the mentor, each question whole; a file when that is long."""
        kept = await self._questions.for_mentor(caller_of(interaction), lecture)
        text = mentor_text(kept, reader(interaction))
        await answer(interaction, text, file_name="mentor.md", previews=False)

    @question.command(description=_("Keep a question as a further one; it gets its own place on the page"))
    @app_commands.describe(question=_("Which one"))
    async def further(self, interaction: Interaction, question: QuestionRef) -> None:
        marked = await self._questions.further(caller_of(interaction), question)
        await self._say(interaction, _("Question #{number} is a further question now."), marked)

    @question.command(description=_("Bring the most wanted open question to the table"))
    @app_commands.describe(lecture=_("Only those about …"))
    async def next(self, interaction: Interaction, lecture: LectureRef | None = None) -> None:
        chosen = await self._questions.next(caller_of(interaction), lecture)
        await self._say(interaction, _("Question #{number} is at the table."), chosen)

    @question.command(description=_("Keep a question for the mentor"))
    @app_commands.describe(question=_("Which one"), reason=_("Why; everybody reads it"))
    async def mentor(self, interaction: Interaction, question: QuestionRef, reason: str | None = None) -> None:
        moved = await self._questions.mentor(caller_of(interaction), question, reason)
        await self._say(interaction, _("Question #{number} is kept for the mentor."), moved)

    @question.command(description=_("Let a question go"))
    @app_commands.describe(question=_("Which one"), reason=_("Why; everybody reads it"))
    async def drop(self, interaction: Interaction, question: QuestionRef, reason: str | None = None) -> None:
        moved = await self._questions.drop(caller_of(interaction), question, reason)
        await self._say(interaction, _("Question #{number} is dropped. /question reopen brings it back."), moved)

    @question.command(description=_("Open a question again"))
    @app_commands.describe(question=_("Which one"), reason=_("Why; everybody reads it"))
    async def reopen(self, interaction: Interaction, question: QuestionRef, reason: str | None = None) -> None:
        moved = await self._questions.reopen(caller_of(interaction), question, reason)
        await self._say(interaction, _("Question #{number} is open again."), moved)

    @question.command(description=_("Change the text of your question"))
    @app_commands.describe(question=_("Which one"), text=_("The new text (left out: a form opens)"))
    async def edit(self, interaction: Interaction, question: QuestionRef, text: str | None = None) -> None:
        if text is not None:
            await edit_question(interaction, self._questions, question, text)
            return
        current = await self._questions.editing(caller_of(interaction), question)
        await interaction.response.send_modal(EditForm(self._questions, current, reader(interaction)))

    @question.command(description=_("Take your question back"))
    @app_commands.describe(question=_("Which one"))
    async def withdraw(self, interaction: Interaction, question: QuestionRef) -> None:
        withdraw = partial(self._questions.withdraw, question_id=question)
        await ask_first(interaction, Act(withdraw, withdraw_text, withdrawn_text, _("Withdraw it")))

    @question.command(description=_("Take the text of a question away everywhere (abuse)"))
    @app_commands.describe(question=_("Which one"), reason=_("Why; everybody reads it"))
    async def remove(self, interaction: Interaction, question: QuestionRef, reason: str | None = None) -> None:
        await ask_back(interaction, self._questions, question, reason)

    async def _say(self, interaction: Interaction, message: str, question: Question) -> None:
        await answer(interaction, reader(interaction)(message, number=question.number))

    async def compose_next(self, delivery: Delivery) -> Post | Skip:
        """The question at the table, with a button to answer it; a long one as a file."""
        table = await self._questions.at_the_table(delivery.team_id, delivery.subject_id)
        question, lang = table.question, language(table.team.language)
        if question.state in CLOSED:
            return Skip(f"question {question.state}")
        text = table_text(question, lang)
        button = Button(lang(_("Answer")), f"question:answer:{question.id}:{delivery.id}", "primary")
        if len(text) <= MESSAGE_LIMIT:
            return Post(text=text, buttons=(button,))
        file = TextFile(f"question-{question.number}.md", question.text)
        return Post(text=table_text(question, lang, short=True), buttons=(button,), file=file)

    async def compose_carried(self, delivery: Delivery) -> Post | Skip:
        return await compose_carried(self._questions, delivery)

    async def draw_board(self, board: Board) -> Post:
        """The questions of a lecture, or of a day."""
        shown = await self._questions.board(board.team_id, board.kind, board.subject_id)
        lang = language(shown.team.language)
        drawn = draw_board(shown, lang)
        return Post(blocks=drawn.blocks, buttons=board_buttons(board, lang, hidden=drawn.hidden))


async def setup(bot: "StudyBot") -> None:
    cog = QuestionsCog(bot.services.questions)
    await bot.add_cog(cog)
    bot.add_dynamic_items(AskButton, BoardButton, AnswerButton, CarriedButton)
    for menu in message_menus(bot.services.questions, bot.services.lectures):
        bot.tree.add_command(menu)
    bot.dispatcher.compose(NEXT, cog.compose_next)
    bot.dispatcher.compose(CARRIED, cog.compose_carried)
    for kind in (LECTURE_BOARD, DAY_BOARD):
        bot.dispatcher.draw(kind, cog.draw_board)
