"""What the numbers in somebody's rows stand for, so that a page can say it.

Works inside the transaction of whoever asks.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import (
    AnswerRow,
    AssignmentRow,
    DutyRow,
    LectureRow,
    MemberRow,
    QuestionRow,
    RetrospectiveRow,
    StudyDayRow,
    TeamRow,
)

Names = Mapping[str, Mapping[int, str]]
"""Table → id → what it is called; of what belongs to a day, the date."""


async def names_of(session: AsyncSession, team: TeamRow, member: MemberRow) -> Names:
    """Days, lectures, assignments, questions and duties of the team; answers and retrospectives of the member."""
    lectures = await session.scalars(select(LectureRow).where(LectureRow.team_id == team.id))
    assignments = await session.scalars(select(AssignmentRow).where(AssignmentRow.team_id == team.id))
    numbers = await session.execute(select(QuestionRow.id, QuestionRow.number).where(QuestionRow.team_id == team.id))
    duties = await session.execute(select(DutyRow.id, DutyRow.name).where(DutyRow.team_id == team.id))
    dates = await session.execute(select(StudyDayRow.id, StudyDayRow.date).where(StudyDayRow.team_id == team.id))
    answers = await session.execute(select(AnswerRow.id, AnswerRow.question_id).where(AnswerRow.member_id == member.id))
    own = select(RetrospectiveRow.id, RetrospectiveRow.day_id).where(RetrospectiveRow.member_id == member.id)
    questions = {key: f"#{number}" for key, number in numbers}
    days = {key: day.isoformat() for key, day in dates}
    return {
        "study_day": days,
        "lecture": {row.id: f"{row.course} {row.number}" for row in lectures},
        "assignment": {row.id: f"A{row.number} {row.title}" for row in assignments},
        "question": questions,
        "duty": dict(duties.all()),
        "answer": {key: questions[question] for key, question in answers},
        "retrospective": {key: days[day] for key, day in await session.execute(own)},
    }
