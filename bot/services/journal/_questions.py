"""Questions with their answers, as the page wants them."""

from collections.abc import Mapping, Sequence
from typing import get_args

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AnswerRow, QuestionRow, StudyDayRow, TeamRow
from bot.domain.day_record import Answer, Question, QuestionState
from bot.domain.team import StudyDay
from bot.services.days import to_study_day
from bot.services.journal._links import attached

_STATES: dict[str, QuestionState] = {state: state for state in get_args(QuestionState)}


async def load_questions(session: AsyncSession, team: TeamRow, day: StudyDay) -> tuple[Question, ...]:
    """The questions of a day by their number, and those of earlier days that were answered on it.

    Those that were withdrawn are not read.
    """
    answered_here = select(AnswerRow.question_id).where(AnswerRow.day_id == day.id)
    query = (
        select(QuestionRow, StudyDayRow)
        .join(StudyDayRow, StudyDayRow.id == QuestionRow.day_id)
        .where(QuestionRow.team_id == team.id, QuestionRow.state != "withdrawn")
        .where(or_(QuestionRow.day_id == day.id, QuestionRow.id.in_(answered_here) & (StudyDayRow.date < day.date)))
        .order_by(QuestionRow.number)
    )
    rows = (await session.execute(query)).all()
    answers = await _answers(session, [question.id for question, _asked in rows])
    numbers = await _numbers(session, team, [asked for _question, asked in rows], answers)
    return tuple(
        Question(
            number=row.number,
            text=row.text,
            author_id=row.author_id,
            state=_STATES[row.state],
            further=row.further,
            lecture_id=row.lecture_id,
            answers=tuple(Answer(answer.member_id, answer.text) for answer in answers[row.id]),
            attachment=attached(
                team, row.attachment_name, row.attachment_channel_id, row.attachment_message_id, row.attachment_id
            ),
            reason=row.reason or "",
            asked_on=None if asked.id == day.id else numbers[asked.id],
            answered_on=_later(answers[row.id], asked, day, numbers),
        )
        for row, asked in rows
    )


async def _answers(session: AsyncSession, question_ids: Sequence[int]) -> Mapping[int, list[AnswerRow]]:
    answers: dict[int, list[AnswerRow]] = {question_id: [] for question_id in question_ids}
    given = select(AnswerRow).where(AnswerRow.question_id.in_(answers)).order_by(AnswerRow.id)
    for answer in await session.scalars(given):
        answers[answer.question_id].append(answer)
    return answers


async def _numbers(
    session: AsyncSession, team: TeamRow, asked: Sequence[StudyDayRow], answers: Mapping[int, Sequence[AnswerRow]]
) -> Mapping[int, int]:
    """Day → its number, of the days on which these questions were asked or answered."""
    days = {row.id: row for row in asked}
    answered = {answer.day_id for given in answers.values() for answer in given if answer.day_id is not None}
    for row in await session.scalars(select(StudyDayRow).where(StudyDayRow.id.in_(answered - days.keys()))):
        days[row.id] = row
    return {day_id: (await to_study_day(session, team, row)).number for day_id, row in days.items()}


def _later(
    answers: Sequence[AnswerRow], asked: StudyDayRow, day: StudyDay, numbers: Mapping[int, int]
) -> tuple[int, ...]:
    """Numbers of the days after the question's own, other than the page's, on which it was answered."""
    days = {answer.day_id for answer in answers if answer.day_id is not None} - {day.id}
    return tuple(sorted({numbers[day_id] for day_id in days if numbers[day_id] > numbers[asked.id]}))
