"""`/retro questions`: what the team's retrospective asks."""

from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.domain.retro import MOST_QUESTIONS, QUESTION_LIMIT, read_questions
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.retro._asked import keep_questions, questions_of
from bot.services.teams import changing_team_of, require_moderator, team_of


class RetroQuestions:
    """One to four questions, or one free field. What was written keeps the words in which it was asked for."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def present(self, session: AsyncSession, caller: Caller) -> tuple[str, ...]:
        """The questions as they stand, for a moderator who wants to change them."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        return questions_of(team)

    @writes
    async def choose(self, session: AsyncSession, caller: Caller, typed: Sequence[str]) -> tuple[str, ...]:
        """Ask these from now on; nothing typed at all is one free field. Raises InvalidInput for a long question."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        questions = read_questions(typed)
        if len(questions) > MOST_QUESTIONS or any(len(question) > QUESTION_LIMIT for question in questions):
            raise InvalidInput(
                _("A retrospective asks one to {most} questions of at most {limit} characters each."),
                most=MOST_QUESTIONS,
                limit=QUESTION_LIMIT,
            )
        before = questions_of(team)
        keep_questions(team, questions)
        audit.record(
            session,
            "retro.questions",
            f"team:{team.id}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            before={"questions": before},
            after={"questions": questions},
        )
        return questions
