"""Looking at questions: lists, boards, and what is offered to pick from."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import reads
from bot.db.tables import StudyDayRow, TeamRow
from bot.domain.questions import CLOSED, Question, QuestionState, label, matching, most_wanted_first
from bot.domain.references import Reference
from bot.domain.team import Caller
from bot.domain.titles import lecture_heading
from bot.errors import NotFound
from bot.i18n import _
from bot.services.days import to_study_day
from bot.services.lectures import lecture_of
from bot.services.question_boards import LECTURE_BOARD
from bot.services.questions._rows import load_question, questions_on_board, visible_questions
from bot.services.questions._service import QuestionService
from bot.services.questions._values import AtTheTable, QuestionBoard
from bot.services.teams import member_of, team_of
from bot.services.values import to_team


class Reading(QuestionService):
    @reads
    async def choices(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[Reference]:
        """Questions whose number begins with what was typed or whose text contains it, open ones first."""
        try:
            team = await team_of(session, caller)
        except NotFound:
            return []
        questions = await visible_questions(session, team)
        return [Reference(question.id, label(question)) for question in most_wanted_first(matching(questions, typed))]

    @reads
    async def list(
        self,
        session: AsyncSession,
        caller: Caller,
        *,
        state: QuestionState | None = None,
        lecture_id: int | None = None,
    ) -> Sequence[Question]:
        """The team's questions, most wanted first; those in a state, those of a lecture."""
        team = await team_of(session, caller)
        if lecture_id is not None:
            await lecture_of(session, team, lecture_id)
        return [
            question
            for question in most_wanted_first(await visible_questions(session, team))
            if state in {None, question.state} and lecture_id in {None, question.lecture_id}
        ]

    @reads
    async def on_board(self, session: AsyncSession, caller: Caller, kind: str, subject_id: int) -> Sequence[Question]:
        """All the questions of a board, most wanted first, also those for which it has no room."""
        team = await team_of(session, caller)
        return most_wanted_first(await questions_on_board(session, team, kind, subject_id))

    @reads
    async def answerable(self, session: AsyncSession, caller: Caller, kind: str, subject_id: int) -> Sequence[Question]:
        """Questions of a board that take an answer, most wanted first. Raises NotFound if there are none."""
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        questions = await questions_on_board(session, team, kind, subject_id)
        found = [question for question in most_wanted_first(questions) if question.state not in CLOSED]
        if not found:
            raise NotFound(_("There is no question here to answer. Ask one with /ask."))
        return found

    @reads
    async def board(self, session: AsyncSession, team_id: int, kind: str, subject_id: int) -> QuestionBoard:
        """What a board shows now."""
        team = await session.get_one(TeamRow, team_id)
        questions = tuple(most_wanted_first(await questions_on_board(session, team, kind, subject_id)))
        if kind == LECTURE_BOARD:
            lecture = await lecture_of(session, team, subject_id)
            return QuestionBoard(to_team(team), lecture_heading(lecture), None, questions)
        day = await to_study_day(session, team, await session.get_one(StudyDayRow, subject_id))
        return QuestionBoard(to_team(team), "", day, questions)

    @reads
    async def at_the_table(self, session: AsyncSession, team_id: int, question_id: int) -> AtTheTable:
        """A question that `next` has chosen, as it is now."""
        team = await session.get_one(TeamRow, team_id)
        return AtTheTable(to_team(team), await load_question(session, question_id))
