"""Taking the last change of a question's state back. Works inside the transaction of whoever asks."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AnswerRow, QuestionChangeRow, QuestionRow, TeamRow
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.questions._rows import load_question
from bot.services.questions._service import QuestionService, Standing
from bot.services.questions._values import WITHDRAW, TakenBack
from bot.services.teams import moderates


async def last_change(
    session: AsyncSession, team: TeamRow, caller: Caller, since: datetime
) -> QuestionChangeRow | None:
    """The last change of a question since an instant that the caller may take back: moderators any, others their own.

    It is the last one of its question, too: what others did on top of it is not undone with it. What somebody withdrew
    they alone bring back.
    """
    query = (
        select(QuestionChangeRow)
        .join(QuestionRow, QuestionRow.id == QuestionChangeRow.question_id)
        .where(QuestionRow.team_id == team.id, QuestionChangeRow.at >= since)
        .order_by(QuestionChangeRow.id.desc())
    )
    moderator = await moderates(session, team, caller)
    seen: set[int] = set()
    for change in await session.scalars(query):
        others_may = moderator and change.action != WITHDRAW
        if change.question_id not in seen and (others_may or change.actor_id == caller.user_id):
            return change
        seen.add(change.question_id)
    return None


class Undoing(QuestionService):
    async def take_back(
        self, session: AsyncSession, team: TeamRow, caller: Caller, change: QuestionChangeRow
    ) -> TakenBack:
        """Put a question back to how it stood before its last change; an answer that came with it goes."""
        row = await session.get_one(QuestionRow, change.question_id)
        later = select(QuestionChangeRow.id).where(
            QuestionChangeRow.question_id == row.id, QuestionChangeRow.id > change.id
        )
        if await session.scalar(later.limit(1)) is not None:
            raise InvalidInput(_("Question #{number} was changed since; look at it again."), number=row.number)
        was = Standing.of(row)
        row.state, row.reason, row.further = change.was_state, change.was_reason, change.was_further
        action, nameless = change.action, change.actor_id is None
        text = await _take_answer(session, change)
        after = {"undone": action, "was": was.state}
        await self._changed(session, team, caller, row, "undo", after=after, nameless=nameless)
        return TakenBack(await load_question(session, row.id), action, text)


async def _take_answer(session: AsyncSession, change: QuestionChangeRow) -> str:
    """Delete a change, and the answer that came with it. Returns the answer's text, which nobody else has."""
    answer_id = change.answer_id
    await session.delete(change)
    await session.flush()  # before the answer, whose deletion would take it along unseen
    if answer_id is None:
        return ""
    answer = await session.get_one(AnswerRow, answer_id)
    text = answer.text
    await session.delete(answer)
    await session.flush()
    return text
