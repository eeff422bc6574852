"""Taking an abusive question away: its text is nowhere any more, its number and the reason stay."""

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import reads, writes
from bot.db.tables import AnswerRow, DeliveryRow, QuestionChangeRow, QuestionRow, TeamRow, VoteRow
from bot.domain.deliveries import State
from bot.domain.questions import Question, QuestionState
from bot.domain.team import Caller
from bot.services.boards import BOARD
from bot.services.questions._checks import read_reason, require_not_removed
from bot.services.questions._rows import load_question, question_of
from bot.services.questions._service import QuestionService
from bot.services.questions._values import NEXT, Removed
from bot.services.teams import changing_team_of, require_moderator, team_of

OVER = (State.SENT, State.SKIPPED, State.CANCELLED)
STUCK = (State.FAILED, State.HELD)


class Removing(QuestionService):
    @reads
    async def removing(self, session: AsyncSession, caller: Caller, question_id: int) -> Question:
        """The question about to be removed. Raises what `remove` would raise."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        require_not_removed(await question_of(session, team, question_id))
        return await load_question(session, question_id)

    @writes
    async def remove(self, session: AsyncSession, caller: Caller, question_id: int, reason: str | None) -> Removed:
        """Take text, answers, votes and file of a question away; for moderators. It cannot be taken back.

        What was posted of it is no longer kept with what was sent. `posts` are the messages that have to be deleted.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        row = await question_of(session, team, question_id)
        require_not_removed(row)
        posts = await _posts(session, team, row)
        await _forget_posts(session, team, row)
        for table in (QuestionChangeRow, AnswerRow, VoteRow):
            await session.execute(delete(table).where(table.question_id == row.id))
        before = row.state
        _blank(row)
        row.state, row.reason = QuestionState.REMOVED, read_reason(reason)
        await self._changed(session, team, caller, row, "remove", after={"was": before}, reason=row.reason)
        return Removed(await load_question(session, row.id), posts)


def _blank(row: QuestionRow) -> None:
    row.text, row.attachment_name = "", None
    row.about_channel_id = row.about_message_id = None
    row.attachment_channel_id = row.attachment_message_id = row.attachment_id = None


async def _posts(session: AsyncSession, team: TeamRow, row: QuestionRow) -> tuple[tuple[int, int], ...]:
    """Where the question was brought to the table, and where its file is kept."""
    query = select(DeliveryRow.channel_id, DeliveryRow.message_id).where(
        DeliveryRow.team_id == team.id, DeliveryRow.kind == NEXT, DeliveryRow.subject_id == row.id
    )
    places = (await session.execute(query)).all()
    file = (row.attachment_channel_id, row.attachment_message_id)
    return tuple((channel, message) for channel, message in (*places, file) if channel and message)


async def _forget_posts(session: AsyncSession, team: TeamRow, row: QuestionRow) -> None:
    """Let go of what was sent, and of posts of this question and of boards that are stuck: boards are drawn anew."""
    of_team = update(DeliveryRow).where(DeliveryRow.team_id == team.id)
    of_question = and_(DeliveryRow.kind == NEXT, DeliveryRow.subject_id == row.id)
    stuck = or_(DeliveryRow.kind == BOARD, of_question)
    await session.execute(
        of_team.where(stuck, DeliveryRow.state.in_(STUCK)).values(state=State.CANCELLED, reason="its text was removed")
    )
    under_way = of_team.where(of_question, DeliveryRow.state == State.SENDING)
    await session.execute(under_way.values(attempts=0))  # if it has not arrived it is composed anew, to nothing
    await session.execute(of_team.where(DeliveryRow.state.in_(OVER)).values(payload=None))
