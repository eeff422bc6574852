"""The session goes on, or is over, and the questions at its table with it: for its own buttons, for `/question next`,
and for the cut-off.

Works inside the transaction of whoever asks.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AnswerRow, LectureRow, QuestionRow, SessionStepRow, StudyDayRow, TeamRow
from bot.domain.questions import QuestionState
from bot.domain.session_steps import REST, Move
from bot.domain.team import Caller
from bot.services import audit
from bot.services.question_boards import draw_board_of

NEXT: Final = "session.next"


async def day_under_way(session: AsyncSession, team: TeamRow) -> StudyDayRow | None:
    """The day whose session goes on now; None without one."""
    query = (
        select(StudyDayRow)
        .where(StudyDayRow.team_id == team.id, StudyDayRow.session_started_at.is_not(None))
        .where(StudyDayRow.session_ended_at.is_(None))
        .order_by(StudyDayRow.date.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def go_on(session: AsyncSession, team: TeamRow, caller: Caller, day: StudyDayRow, move: Move) -> SessionStepRow:
    """Put on record where the session goes. Whoever looked at the step before is told so by their *Next*."""
    latest = select(func.max(SessionStepRow.number)).where(SessionStepRow.day_id == day.id)
    step = SessionStepRow(
        day_id=day.id,
        number=(await session.scalar(latest) or 0) + 1,
        lecture_id=move.part,
        question_id=move.question_id,
        began_at=caller.at,
    )
    session.add(step)
    await session.flush()
    after = {"step": step.number, "lecture": move.part, "question": move.question_id}
    audit.record(session, NEXT, f"day:{day.date}", team_id=team.id, actor_id=caller.user_id, at=caller.at, after=after)
    return step


async def move_to(session: AsyncSession, day: StudyDayRow, question: QuestionRow) -> Move:
    """The move to a question: in the part of its lecture if that is presented on the day, else in the rest."""
    lecture = None if question.lecture_id is None else await session.get_one(LectureRow, question.lecture_id)
    return Move(REST if lecture is None or lecture.session_date != day.date else lecture.id, question.id)


async def clear_table(session: AsyncSession, team: TeamRow, now: datetime, *, actor_id: int | None) -> None:
    """Nothing is at the table any more: what was is answered if it has an answer, else open again."""
    answered = exists().where(AnswerRow.question_id == QuestionRow.id)
    query = select(QuestionRow, answered).where(
        QuestionRow.team_id == team.id, QuestionRow.state == QuestionState.DISCUSSING
    )
    for row, has_answer in (await session.execute(query)).all():
        row.state = QuestionState.ANSWERED if has_answer else QuestionState.OPEN
        audit.record(
            session,
            "question.leave",
            f"question:{row.id}",
            team_id=team.id,
            actor_id=actor_id,
            at=now,
            before={"state": QuestionState.DISCUSSING},
            after={"state": row.state},
        )
        await draw_board_of(session, team, row.day_id, row.lecture_id, now)
