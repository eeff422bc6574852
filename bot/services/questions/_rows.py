"""Reading questions with their authors, lectures and answers. Works inside the transaction of whoever asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import (
    AnswerRow,
    AnswerVersionRow,
    LectureRow,
    MemberRow,
    QuestionRow,
    StudyDayRow,
    TeamRow,
    TurnRow,
    VoteRow,
)
from bot.domain.duties import PRESENTER
from bot.domain.questions import Answer, Attachment, Question, QuestionState
from bot.domain.team import Member
from bot.domain.titles import lecture_label
from bot.errors import NotFound
from bot.i18n import _
from bot.services.days import load_calendar, open_day
from bot.services.lectures import lecture_of
from bot.services.question_boards import LECTURE_BOARD
from bot.services.turns import ACTIVE
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
    about = await _around(session, rows)
    return [_to_question(row, about) for row in rows]


@dataclass(frozen=True)
class _Around:
    """What is told beside questions: who asked, of which lecture, what was answered, and how many want to know."""

    members: Mapping[int, Member]
    lectures: Mapping[int, str]
    answers: Mapping[int, list[Answer]]
    votes: Mapping[int, int]
    begun: Collection[int]
    guilds: Mapping[int, int]


async def _around(session: AsyncSession, rows: Sequence[QuestionRow]) -> _Around:
    return _Around(
        members=await _members(session, {row.author_id for row in rows if row.author_id is not None}),
        lectures=await _abouts(session, {row.lecture_id for row in rows if row.lecture_id is not None}),
        answers=await _answers(session, rows),
        votes=await _votes(session, [row.id for row in rows]),
        begun=await _begun(session, {row.day_id for row in rows}),
        guilds=await _guilds(session, {row.team_id for row in rows}),
    )


def _to_question(row: QuestionRow, around: _Around) -> Question:
    guild_id = around.guilds[row.team_id]
    return Question(
        id=row.id,
        number=row.number,
        text=row.text,
        state=QuestionState(row.state),
        further=row.further,
        author=None if row.author_id is None else around.members[row.author_id],
        day_id=row.day_id,
        lecture_id=row.lecture_id,
        about="" if row.lecture_id is None else around.lectures[row.lecture_id],
        asked_at=row.asked_at,
        answers=tuple(around.answers.get(row.id, ())),
        attachment=_attachment(row, guild_id),
        votes=around.votes.get(row.id, 0),
        voted=row.day_id in around.begun,
        reason=row.reason or "",
        url=jump_url(guild_id, row.about_channel_id, row.about_message_id),
    )


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


async def _answers(session: AsyncSession, rows: Sequence[QuestionRow]) -> Mapping[int, list[Answer]]:
    """Question → its answers in order of time."""
    questions = {row.id: row for row in rows}
    presenters = await _presenters(session, {row.lecture_id for row in rows if row.lecture_id is not None})
    edited = select(AnswerVersionRow.id).where(AnswerVersionRow.answer_id == AnswerRow.id).exists()
    query = (
        select(AnswerRow, MemberRow, TeamRow.guild_id, edited)
        .join(MemberRow, MemberRow.id == AnswerRow.member_id)
        .join(TeamRow, TeamRow.id == MemberRow.team_id)
        .where(AnswerRow.question_id.in_(questions))
        .order_by(AnswerRow.answered_at, AnswerRow.id)
    )
    found: dict[int, list[Answer]] = {}
    for row, author, guild_id, was_edited in await session.execute(query):
        presents = (questions[row.question_id].lecture_id, author.id) in presenters
        url = jump_url(guild_id, row.channel_id, row.message_id)
        answer = Answer(row.id, to_member(author), row.text, row.answered_at, presents, was_edited, url)
        found.setdefault(row.question_id, []).append(answer)
    return found


async def _presenters(session: AsyncSession, lecture_ids: Collection[int]) -> Collection[tuple[int | None, int]]:
    """Pairs of a lecture and somebody who has the turn to present it."""
    query = select(TurnRow.lecture_id, TurnRow.member_id).where(
        TurnRow.lecture_id.in_(lecture_ids), TurnRow.duty == PRESENTER, TurnRow.state.in_(ACTIVE)
    )
    return {(lecture_id, member_id) for lecture_id, member_id in await session.execute(query)}


async def _votes(session: AsyncSession, question_ids: Collection[int]) -> Mapping[int, int]:
    query = select(VoteRow.question_id, func.count()).where(VoteRow.question_id.in_(question_ids))
    rows = await session.execute(query.group_by(VoteRow.question_id))
    return {question_id: count for question_id, count in rows}  # noqa: C416  # dict() of rows has no types


async def _begun(session: AsyncSession, day_ids: Collection[int]) -> Collection[int]:
    """Those of the days whose session has begun."""
    query = select(StudyDayRow.id).where(StudyDayRow.id.in_(day_ids), StudyDayRow.session_started_at.is_not(None))
    return set(await session.scalars(query))


async def _guilds(session: AsyncSession, team_ids: Collection[int]) -> Mapping[int, int]:
    """Team → its guild."""
    rows = await session.scalars(select(TeamRow).where(TeamRow.id.in_(team_ids)))
    return {row.id: row.guild_id for row in rows}


def _attachment(row: QuestionRow, guild_id: int) -> Attachment | None:
    channel_id, message_id, attachment_id = row.attachment_channel_id, row.attachment_message_id, row.attachment_id
    if channel_id is None or message_id is None or attachment_id is None:
        return None
    url = jump_url(guild_id, channel_id, message_id)
    return Attachment(channel_id, message_id, attachment_id, row.attachment_name or "", url)


def jump_url(guild_id: int, channel_id: int | None, message_id: int | None) -> str:
    """Where a message stands; empty for none. It does not expire, as addresses of files do."""
    if channel_id is None or message_id is None:
        return ""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


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


def most_wanted() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The order of open questions: by age, and from the session of their day on by votes; ties by age."""
    votes = select(func.count()).where(VoteRow.question_id == QuestionRow.id).correlate(QuestionRow).scalar_subquery()
    begun = select(StudyDayRow.session_started_at.is_not(None)).where(StudyDayRow.id == QuestionRow.day_id)
    voted = case((begun.correlate(QuestionRow).scalar_subquery(), votes), else_=0)
    return voted.desc(), QuestionRow.number.asc()


async def most_wanted_open(session: AsyncSession, team: TeamRow, lecture_id: int | None) -> QuestionRow:
    """The open question whose turn it is, of a lecture or of all. Raises NotFound if there is none."""
    query = select(QuestionRow).where(QuestionRow.team_id == team.id, QuestionRow.state == QuestionState.OPEN)
    if lecture_id is not None:
        await lecture_of(session, team, lecture_id)
        query = query.where(QuestionRow.lecture_id == lecture_id)
    row = await session.scalar(query.order_by(*most_wanted()).limit(1))
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
