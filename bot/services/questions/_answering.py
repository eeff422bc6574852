"""Answering: in one's own words, or by saving what somebody wrote in the channel."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import reads, writes
from bot.db.tables import AnswerRow, AnswerVersionRow, DeliveryRow, MemberRow, QuestionRow, TeamRow
from bot.domain.likeness import likeliest_answered
from bot.domain.questions import CLOSED, Question, QuestionState
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.days import day_of_entry
from bot.services.questions._checks import read_text, require_live
from bot.services.questions._rows import load_question, question_of, visible_questions
from bot.services.questions._service import QuestionService, Standing
from bot.services.questions._values import NEXT, Answered, Answering, Saved, Source
from bot.services.teams import changing_team_of, find_member, member_of, team_of


class AnsweringQuestions(QuestionService):
    @reads
    async def answering(self, session: AsyncSession, caller: Caller, question_id: int) -> Answering:
        """The question about to be answered. Raises what `answer` would raise of the caller and the question."""
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await question_of(session, team, question_id)
        require_live(row)
        own = await _answer_by(session, row, member)
        return Answering(await load_question(session, question_id), "" if own is None else own.text)

    @writes
    async def answer(self, session: AsyncSession, caller: Caller, question_id: int, text: str) -> Answered:
        """Answer a question; several people may. Who has answered it before changes that answer, whose old text stays.

        Raises InvalidInput for a question that was dropped, withdrawn or removed.
        """
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await question_of(session, team, question_id)
        require_live(row)
        said = read_text(text)
        own = await _answer_by(session, row, member)
        if own is None:
            await self._add(session, team, caller, row, member, said)
            return Answered(await load_question(session, row.id))
        earlier = own.text
        if earlier != said or row.state != QuestionState.ANSWERED:
            await self._edit(session, team, caller, row, own, said)
        return Answered(await load_question(session, row.id), earlier)

    @reads
    async def saveable(
        self, session: AsyncSession, caller: Caller, source: Source, text: str, *, replied_to: int | None = None
    ) -> Sequence[Question]:
        """Questions that a message may answer, the likeliest first. Raises NotFound or InvalidInput if none can be."""
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        read_message(text)
        questions = await visible_questions(session, team, QuestionRow.state.not_in(CLOSED))
        if not questions:
            raise NotFound(_("There is no question here to answer. Ask one with /ask."))
        return likeliest_answered(text, questions, await _at_hand(session, team, source, replied_to))

    @writes
    async def save(
        self, session: AsyncSession, caller: Caller, question_id: int, source: Source | None, text: str, author_id: int
    ) -> Saved:
        """Save a message as an answer, by whoever wrote it; of somebody who is not on the roster, by whoever saves it.

        A message that is an answer already stays as it is. `source` is None for one that is there no more.
        """
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await question_of(session, team, question_id)
        require_live(row)
        author = await find_member(session, team, author_id) or member
        found = None if source is None else await _saved_before(session, row, source)
        if found is None:
            await self._add(session, team, caller, row, author, read_message(text), source)
        return Saved(await load_question(session, row.id), author.name, before=found is not None)

    async def _add(
        self,
        session: AsyncSession,
        team: TeamRow,
        caller: Caller,
        row: QuestionRow,
        author: MemberRow,
        text: str,
        source: Source | None = None,
    ) -> None:
        answer = AnswerRow(
            question_id=row.id,
            member_id=author.id,
            day_id=(await day_of_entry(session, team, caller.at)).id,
            text=text,
            answered_at=caller.at,
            channel_id=source and source.channel_id,
            message_id=source and source.message_id,
        )
        session.add(answer)
        was = Standing.of(row)
        row.state, row.reason = QuestionState.ANSWERED, None
        await session.flush()
        facts = {"answer": answer.id}
        await self._changed(session, team, caller, row, "answer", was=was, after=facts, answer_id=answer.id)

    async def _edit(
        self, session: AsyncSession, team: TeamRow, caller: Caller, row: QuestionRow, own: AnswerRow, text: str
    ) -> None:
        if own.text != text:
            session.add(AnswerVersionRow(answer_id=own.id, text=own.text, replaced_at=caller.at))
        was = Standing.of(row)
        own.text = text
        row.state, row.reason = QuestionState.ANSWERED, None
        await session.flush()
        facts = {"answer": own.id, "characters": len(text)}
        await self._changed(session, team, caller, row, "answer.edit", was=was, after=facts)


def read_message(text: str) -> str:
    """The text of a message as an answer. Raises InvalidInput for one that has none."""
    if not text.strip():
        raise InvalidInput(_("This message has no text to save. Answer with /question answer instead."))
    return read_text(text)


async def _answer_by(session: AsyncSession, row: QuestionRow, member: MemberRow) -> AnswerRow | None:
    """What somebody answered in a form; what was saved from their messages stays as they wrote it there."""
    query = select(AnswerRow).where(AnswerRow.question_id == row.id, AnswerRow.member_id == member.id)
    return await session.scalar(query.where(AnswerRow.message_id.is_(None)).order_by(AnswerRow.id.desc()).limit(1))


async def _saved_before(session: AsyncSession, row: QuestionRow, source: Source) -> AnswerRow | None:
    query = select(AnswerRow).where(AnswerRow.question_id == row.id, AnswerRow.message_id == source.message_id)
    return await session.scalar(query)


async def _at_hand(session: AsyncSession, team: TeamRow, source: Source, replied_to: int | None) -> dict[int, int]:
    """Questions brought to the table where a message stands → how many came after them, before it.

    The one whose post it replies to comes before all of them.
    """
    query = (
        select(DeliveryRow.subject_id, DeliveryRow.message_id)
        .where(DeliveryRow.team_id == team.id, DeliveryRow.kind == NEXT, DeliveryRow.channel_id == source.channel_id)
        .where(DeliveryRow.message_id < source.message_id)
        .order_by(DeliveryRow.message_id.desc())
    )
    posts = (await session.execute(query)).all()
    at_hand: dict[int, int] = {}
    for place, (question_id, message_id) in enumerate(posts):
        at_hand.setdefault(question_id, 0 if message_id == replied_to else place + 1)
    return at_hand
