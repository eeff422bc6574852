"""Questions: asking, answering, and what becomes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import QuestionRow, StudyDayRow, TeamRow
from bot.domain.questions import label, matching, most_wanted_first
from bot.domain.references import Reference
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.days import day_of_entry
from bot.services.lectures import lecture_of, unit_label
from bot.services.question_values import load_questions
from bot.services.teams import changing_team_of, member_of, team_of

TEXT_LIMIT = 4000


@dataclass(frozen=True)
class Asked:
    """A question just asked: its number in the team, and whether its author is stored."""

    id: int
    number: int
    about: str
    anonymous: bool


class Questions:
    """`/ask` and `/question`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def choices(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[Reference]:
        """Questions whose number begins with what was typed or whose text contains it, open ones first."""
        team = await team_of(session, caller)
        questions = await load_questions(session, QuestionRow.team_id == team.id)
        return [Reference(question.id, label(question)) for question in most_wanted_first(matching(questions, typed))]

    @writes
    async def ask(
        self,
        session: AsyncSession,
        caller: Caller,
        text: str,
        *,
        lecture_id: int | None = None,
        anonymous: bool = False,
    ) -> Asked:
        """Ask a question of the day or of a lecture. An anonymous one stores nothing that leads to its author."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        if not text.strip() or len(text) > TEXT_LIMIT:
            raise InvalidInput(_("A question has 1 to {limit} characters."), limit=TEXT_LIMIT)
        lecture = None if lecture_id is None else await lecture_of(session, team, lecture_id)
        day: StudyDayRow = await day_of_entry(session, team, caller.at)
        row = QuestionRow(
            team_id=team.id,
            number=await _next_number(session, team),
            day_id=day.id,
            lecture_id=lecture_id,
            author_id=None if anonymous else member.id,
            text=text.strip(),
            state="open",
            further=False,
            asked_at=caller.at,
        )
        session.add(row)
        await session.flush()
        audit.record(
            session,
            "question.ask",
            f"question:{row.id}",
            team_id=team.id,
            actor_id=None if anonymous else caller.user_id,
            at=caller.at,
            after={"number": row.number},
        )
        self._wake()
        return Asked(row.id, row.number, "" if lecture is None else unit_label(lecture), anonymous)


async def _next_number(session: AsyncSession, team: TeamRow) -> int:
    highest = await session.scalar(select(func.max(QuestionRow.number)).where(QuestionRow.team_id == team.id))
    return (highest or 0) + 1
