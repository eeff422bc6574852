"""Reading questions with their authors, lectures and answers. Works inside the transaction of whoever asks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AnswerRow, LectureRow, MemberRow, QuestionRow, StudyDayRow, TeamRow
from bot.domain.questions import Answer, Attachment, Question, QuestionState
from bot.domain.team import Member
from bot.domain.titles import lecture_label
from bot.errors import NotFound
from bot.i18n import _
from bot.services.days import load_calendar, open_day
from bot.services.lectures import lecture_of
from bot.services.questions._values import LECTURE_BOARD
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
    guilds = await _guilds(session, {row.team_id for row in rows})
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
            attachment=_attachment(row, guilds[row.team_id]),
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
    return {row.id: lecture_label(row) for row in rows}


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


async def _guilds(session: AsyncSession, team_ids: Collection[int]) -> Mapping[int, int]:
    """Team → its guild."""
    rows = await session.scalars(select(TeamRow).where(TeamRow.id.in_(team_ids)))
    return {row.id: row.guild_id for row in rows}


def _attachment(row: QuestionRow, guild_id: int) -> Attachment | None:
    channel_id, message_id, attachment_id = row.attachment_channel_id, row.attachment_message_id, row.attachment_id
    if channel_id is None or message_id is None or attachment_id is None:
        return None
    url = f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"
    return Attachment(channel_id, message_id, attachment_id, row.attachment_name or "", url)


async def visible_questions(
    session: AsyncSession, team: TeamRow, *conditions: ColumnElement[bool]
) -> Sequence[Question]:
    """The team's questions without the withdrawn ones, which only the record remembers."""
    return await load_questions(
        session, QuestionRow.team_id == team.id, QuestionRow.state != QuestionState.WITHDRAWN, *conditions
    )


async def questions_on_board(session: AsyncSession, team: TeamRow, kind: str, subject_id: int) -> Sequence[Question]:
    if kind == LECTURE_BOARD:
        return await visible_questions(session, team, QuestionRow.lecture_id == subject_id)
    return await visible_questions(session, team, QuestionRow.day_id == subject_id, QuestionRow.lecture_id.is_(None))


async def oldest_open(session: AsyncSession, team: TeamRow, lecture_id: int | None) -> QuestionRow:
    """The open question with the lowest number, of a lecture or of all. Raises NotFound if there is none."""
    query = select(QuestionRow).where(QuestionRow.team_id == team.id, QuestionRow.state == QuestionState.OPEN)
    if lecture_id is not None:
        await lecture_of(session, team, lecture_id)
        query = query.where(QuestionRow.lecture_id == lecture_id)
    row = await session.scalar(query.order_by(QuestionRow.number).limit(1))
    if row is None:
        raise NotFound(_("No question is open. /question list shows them all; ask one with /ask."))
    return row


async def day_of_question(
    session: AsyncSession, team: TeamRow, lecture: LectureRow | None, at: datetime
) -> StudyDayRow:
    """The day whose page it belongs to: that of an entry now, or of the lecture's session if that is later."""
    calendar = await load_calendar(session, team)
    today = calendar.day_for_entry(at)
    date = today if lecture is None else max(today, lecture.session_date)
    return await open_day(session, team, calendar, date if calendar.is_study_day(date) else calendar.next_after(date))


async def next_number(session: AsyncSession, team: TeamRow) -> int:
    highest = await session.scalar(select(func.max(QuestionRow.number)).where(QuestionRow.team_id == team.id))
    return (highest or 0) + 1


def attachment_columns(attachment: Attachment | None) -> Mapping[str, int | str]:
    if attachment is None:
        return {}
    return {
        "attachment_channel_id": attachment.channel_id,
        "attachment_message_id": attachment.message_id,
        "attachment_id": attachment.attachment_id,
        "attachment_name": attachment.name,
    }
