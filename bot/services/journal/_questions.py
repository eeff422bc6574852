"""Questions with their answers, as the page wants them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AnswerRow, QuestionRow, StudyDayRow, TeamRow
from bot.domain.day_record import Answer, Question, QuestionState
from bot.domain.team import StudyDay
from bot.services.days import load_calendar, number_of
from bot.services.journal._grouped import grouped
from bot.services.journal._links import attached

_STATES: dict[str, QuestionState] = {state: state for state in get_args(QuestionState)}


@dataclass(frozen=True)
class _Asked:
    """A question with the day it was asked on and its answers."""

    row: QuestionRow
    day: StudyDayRow
    answers: Sequence[AnswerRow]

    def is_of(self, day: StudyDay) -> bool:
        """Whether it was asked on a day, or earlier and answered on it."""
        if self.day.id == day.id:
            return True
        return self.day.date < day.date and any(answer.day_id == day.id for answer in self.answers)


async def load_questions(
    session: AsyncSession, team: TeamRow, days: Collection[StudyDay]
) -> Mapping[date, tuple[Question, ...]]:
    """The questions of each day by their number, and those of earlier days that were answered on it.

    Those that were withdrawn are not read.
    """
    ids = [day.id for day in days]
    answered_here = select(AnswerRow.question_id).where(AnswerRow.day_id.in_(ids))
    query = (
        select(QuestionRow, StudyDayRow)
        .join(StudyDayRow, StudyDayRow.id == QuestionRow.day_id)
        .where(QuestionRow.team_id == team.id, QuestionRow.state != "withdrawn")
        .where(or_(QuestionRow.day_id.in_(ids), QuestionRow.id.in_(answered_here)))
        .order_by(QuestionRow.number)
    )
    rows = (await session.execute(query)).all()
    given = select(AnswerRow).where(AnswerRow.question_id.in_([row.id for row, _day in rows])).order_by(AnswerRow.id)
    answers = grouped(await session.scalars(given), lambda answer: answer.question_id)
    questions = [_Asked(row, day, answers[row.id]) for row, day in rows]
    numbers = await _numbers(session, team, [day for _row, day in rows], answers)
    return {
        day.date: tuple(_question(team, each, day, numbers) for each in questions if each.is_of(day)) for day in days
    }


def _question(team: TeamRow, asked: _Asked, day: StudyDay, numbers: Mapping[int, int]) -> Question:
    row = asked.row
    return Question(
        number=row.number,
        text=row.text,
        author_id=row.author_id,
        state=_STATES[row.state],
        further=row.further,
        lecture_id=row.lecture_id,
        answers=tuple(Answer(answer.member_id, answer.text) for answer in asked.answers),
        attachment=attached(
            team, row.attachment_name, row.attachment_channel_id, row.attachment_message_id, row.attachment_id
        ),
        reason=row.reason or "",
        asked_on=None if asked.day.id == day.id else numbers[asked.day.id],
        answered_on=_later(asked, day, numbers),
    )


async def _numbers(
    session: AsyncSession, team: TeamRow, asked: Sequence[StudyDayRow], answers: Mapping[int, Sequence[AnswerRow]]
) -> Mapping[int, int]:
    """Day → its number, of the days on which these questions were asked or answered."""
    days = {row.id: row for row in asked}
    answered = {answer.day_id for given in answers.values() for answer in given if answer.day_id is not None}
    for row in await session.scalars(select(StudyDayRow).where(StudyDayRow.id.in_(answered - days.keys()))):
        days[row.id] = row
    calendar = await load_calendar(session, team)
    return {day_id: number_of(row, calendar) for day_id, row in days.items()}


def _later(asked: _Asked, day: StudyDay, numbers: Mapping[int, int]) -> tuple[int, ...]:
    """Numbers of the days after the question's own, other than the page's, on which it was answered."""
    days = {answer.day_id for answer in asked.answers if answer.day_id is not None} - {day.id}
    return tuple(sorted({numbers[day_id] for day_id in days if numbers[day_id] > numbers[asked.day.id]}))
