"""Reading questions with their authors, lectures and answers. Works inside the transaction of whoever asks."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AnswerRow, LectureRow, MemberRow, QuestionRow, TeamRow
from bot.domain.questions import Answer, Attachment, Question, QuestionState
from bot.domain.team import Member
from bot.errors import NotFound
from bot.i18n import _
from bot.services.lectures import unit_label
from bot.services.values import to_member


async def question_of(session: AsyncSession, team: TeamRow, question_id: int) -> QuestionRow:
    """A question of this team. Raises NotFound for any other."""
    row = await session.scalar(select(QuestionRow).where(QuestionRow.id == question_id, QuestionRow.team_id == team.id))
    if row is None:
        raise NotFound(_("This team has no such question. /question list shows them."))
    return row


async def load_questions(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[Question]:
    """The questions that meet every condition, by number."""
    rows = (await session.scalars(select(QuestionRow).where(*conditions).order_by(QuestionRow.number))).all()
    authors = await _members(session, {row.author_id for row in rows if row.author_id is not None})
    abouts = await _abouts(session, {row.lecture_id for row in rows if row.lecture_id is not None})
    answers = await _answers(session, [row.id for row in rows])
    return [
        Question(
            id=row.id,
            number=row.number,
            text=row.text,
            state=QuestionState(row.state),
            further=row.further,
            author=None if row.author_id is None else authors[row.author_id],
            day_id=row.day_id,
            lecture_id=row.lecture_id,
            about="" if row.lecture_id is None else abouts[row.lecture_id],
            asked_at=row.asked_at,
            answers=tuple(answers.get(row.id, ())),
            attachment=_attachment(row),
        )
        for row in rows
    ]


async def load_question(session: AsyncSession, question_id: int) -> Question:
    """One question, which must be there."""
    (question,) = await load_questions(session, QuestionRow.id == question_id)
    return question


async def _members(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Member]:
    rows = await session.scalars(select(MemberRow).where(MemberRow.id.in_(ids)))
    return {row.id: to_member(row) for row in rows}


async def _abouts(session: AsyncSession, ids: Collection[int]) -> Mapping[int, str]:
    rows = await session.scalars(select(LectureRow).where(LectureRow.id.in_(ids)))
    return {row.id: unit_label(row) for row in rows}


async def _answers(session: AsyncSession, question_ids: Sequence[int]) -> Mapping[int, list[Answer]]:
    """Question → its answers in order of time."""
    query = (
        select(AnswerRow, MemberRow)
        .join(MemberRow, MemberRow.id == AnswerRow.member_id)
        .where(AnswerRow.question_id.in_(question_ids))
        .order_by(AnswerRow.answered_at, AnswerRow.id)
    )
    found: dict[int, list[Answer]] = {}
    for row, author in await session.execute(query):
        answer = Answer(row.id, to_member(author), row.text, row.answered_at)
        found.setdefault(row.question_id, []).append(answer)
    return found


def _attachment(row: QuestionRow) -> Attachment | None:
    channel_id, message_id, attachment_id = (
        row.attachment_channel_id, row.attachment_message_id, row.attachment_id,
    )  # fmt: skip
    if channel_id is None or message_id is None or attachment_id is None:
        return None
    return Attachment(channel_id, message_id, attachment_id, row.attachment_name or "")
