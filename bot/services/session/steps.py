"""Moving a session on: the next question, the next lecture, or a part of one's choice."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AuditRow, MemberRow, QuestionRow, SessionStepRow, StudyDayRow, TeamRow
from bot.domain.session import Agenda
from bot.domain.session_steps import Move, Part, next_move
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.days import load_calendar
from bot.services.questions import Questions
from bot.services.session._agenda import load_agenda
from bot.services.session._underway import session_under_way
from bot.services.session_moves import NEXT, go_on
from bot.services.session_posts import PART, draw_agenda, post
from bot.services.teams import changing_team_of, require_moderator


@dataclass(frozen=True)
class Moved:
    """Where the session is now. `by`: somebody else moved it on since the presser looked; then it was not moved again.

    It is their name, empty where they are not on the roster.
    """

    agenda: Agenda
    by: str | None = None


class SessionSteps:
    """The *Next* of a session."""

    def __init__(self, database: Database, wake: Callable[[], None], questions: Questions) -> None:
        self.database = database
        self._wake = wake
        self._questions = questions

    @writes
    async def next(self, session: AsyncSession, caller: Caller, day_id: int, seen: int) -> Moved:
        """Go on to what comes next. `seen` is the step that the presser looked at: of two presses at once only one
        moves the session, and the other is told. Raises NotFound when all of the agenda was at the table.
        """
        team, day, agenda = await self._looked_at(session, caller, day_id)
        if agenda.step != seen:
            return Moved(agenda, await _who_moved(session, team, day))
        move = next_move(agenda.parts, agenda.steps)
        if move is None:
            raise NotFound(_("Everything on the agenda had its turn. Go round with /session roundtable, or press End."))
        return await self._go(session, team, caller, day, move)

    @writes
    async def go_to(self, session: AsyncSession, caller: Caller, day_id: int, seen: int, part: Part) -> Moved:
        """Go on to a part of one's choice, as `next` does; to where the session is already, nothing happens."""
        team, day, agenda = await self._looked_at(session, caller, day_id)
        if agenda.step != seen:
            return Moved(agenda, await _who_moved(session, team, day))
        if part not in agenda.parts:
            raise InvalidInput(_("This lecture is not presented today any more. Choose another part."))
        if agenda.steps and agenda.steps[-1].part == part:
            return Moved(agenda)
        return await self._go(session, team, caller, day, Move(part))

    @reads
    async def begun(self, session: AsyncSession, step_id: int) -> tuple[Agenda, Part] | None:
        """The agenda, and the part that a step came to; None if the step was taken back."""
        row = await session.get(SessionStepRow, step_id)
        if row is None:
            return None
        day = await session.get_one(StudyDayRow, row.day_id)
        team = await session.get_one(TeamRow, day.team_id)
        return await load_agenda(session, team, day, row.began_at), row.lecture_id

    async def _looked_at(
        self, session: AsyncSession, caller: Caller, day_id: int
    ) -> tuple[TeamRow, StudyDayRow, Agenda]:
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        day = await session_under_way(session, team, day_id)
        return team, day, await load_agenda(session, team, day, caller.at)

    async def _go(self, session: AsyncSession, team: TeamRow, caller: Caller, day: StudyDayRow, move: Move) -> Moved:
        step = await go_on(session, team, caller, day, move)
        if move.question_id is not None:
            row = await session.get_one(QuestionRow, move.question_id)
            await self._questions.bring(session, team, caller, row, thread_of_day_id=day.id)
        elif move.part is not None:
            ends = (await load_calendar(session, team)).ends_at(day.date)
            await post(session, team, day, PART, step.id, caller.at, expires_at=ends)
        await draw_agenda(session, team, day, caller.at)
        self._wake()
        return Moved(await load_agenda(session, team, day, caller.at))


async def _who_moved(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> str:
    """Roster name of whoever moved the session last; empty for somebody who is not on the roster."""
    query = (
        select(MemberRow.name)
        .select_from(AuditRow)
        .outerjoin(MemberRow, (MemberRow.user_id == AuditRow.actor_id) & (MemberRow.team_id == team.id))
        .where(AuditRow.team_id == team.id, AuditRow.action == NEXT, AuditRow.subject == f"day:{day.date}")
        .order_by(AuditRow.id.desc())
        .limit(1)
    )
    return await session.scalar(query) or ""
