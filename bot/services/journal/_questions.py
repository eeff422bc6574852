"""Questions with their answers, as the page wants them."""

from typing import get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AnswerRow, QuestionRow, TeamRow
from bot.domain.day_record import Answer, Question, QuestionState
from bot.services.journal._links import attached

_STATES: dict[str, QuestionState] = {state: state for state in get_args(QuestionState)}


async def load_questions(session: AsyncSession, team: TeamRow, day_id: int) -> tuple[Question, ...]:
    """The questions of a day by their number; those that were withdrawn are not read."""
    query = select(QuestionRow).where(QuestionRow.team_id == team.id, QuestionRow.day_id == day_id)
    rows = (await session.scalars(query.where(QuestionRow.state != "withdrawn").order_by(QuestionRow.number))).all()
    answers: dict[int, list[Answer]] = {row.id: [] for row in rows}
    given = select(AnswerRow).where(AnswerRow.question_id.in_(answers)).order_by(AnswerRow.id)
    for answer in await session.scalars(given):
        answers[answer.question_id].append(Answer(answer.member_id, answer.text))
    return tuple(
        Question(
            number=row.number,
            text=row.text,
            author_id=row.author_id,
            state=_STATES[row.state],
            further=row.further,
            lecture_id=row.lecture_id,
            answers=tuple(answers[row.id]),
            attachment=attached(team, row.attachment_name, row.attachment_channel_id, row.attachment_message_id),
            reason=row.reason or "",
        )
        for row in rows
    )
