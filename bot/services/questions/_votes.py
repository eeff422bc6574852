"""Votes: how many people want a question answered."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import reads, writes
from bot.db.tables import MemberRow, QuestionRow, TeamRow, VoteRow
from bot.domain.questions import WAITING, most_wanted_first
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.question_boards import draw_board_of
from bot.services.questions._checks import require_live
from bot.services.questions._rows import load_question, question_of, questions_on_board
from bot.services.questions._service import QuestionService
from bot.services.questions._values import Votable, Voted
from bot.services.teams import changing_team_of, member_of, team_of


class Voting(QuestionService):
    @reads
    async def votable(self, session: AsyncSession, caller: Caller, kind: str, subject_id: int) -> Sequence[Votable]:
        """Questions of a board that the caller can vote for, most wanted first. Raises NotFound if there are none."""
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        questions = most_wanted_first(await questions_on_board(session, team, kind, subject_id))
        waiting = [question for question in questions if question.state in WAITING]
        others = [each for each in waiting if each.author is None or each.author.id != member.id]
        if not others:
            text = _("The open questions here are your own; others vote for them.") if waiting else _nothing_to_vote()
            raise NotFound(text)
        own = set(await session.scalars(select(VoteRow.question_id).where(VoteRow.member_id == member.id)))
        return [Votable(question, question.id in own) for question in others]

    @writes
    async def vote(self, session: AsyncSession, caller: Caller, question_id: int, *, only_for: bool = False) -> Voted:
        """Vote for a question, or take one's vote back; with `only_for` a vote that is there stays.

        Nobody votes for a question that is known to be their own.
        """
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await question_of(session, team, question_id)
        _require_votable(row, member)
        vote = await session.get(VoteRow, (row.id, member.id))
        if vote is not None and only_for:
            return Voted(await load_question(session, row.id), voted=True)
        if vote is None:
            session.add(VoteRow(question_id=row.id, member_id=member.id))
        else:
            await session.delete(vote)
        await session.flush()
        await self._changed(session, team, caller, row, "vote", after={"voted": vote is None})
        return Voted(await load_question(session, row.id), vote is None)


def _nothing_to_vote() -> str:
    return _("No question here waits for an answer. Ask one with /ask.")


def _require_votable(row: QuestionRow, member: MemberRow) -> None:
    require_live(row)
    if row.state not in WAITING:
        raise InvalidInput(
            _("Question #{number} is answered. If that is not enough, /question reopen opens it again."),
            number=row.number,
        )
    if row.author_id == member.id:
        raise InvalidInput(_("Question #{number} is your own; others vote for it."), number=row.number)


async def redraw_for_session(session: AsyncSession, team: TeamRow, day_id: int, caller: Caller) -> None:
    """A day's session has begun: from now on votes decide the order on the boards of its questions."""
    rows = (await session.execute(select(QuestionRow.lecture_id).where(QuestionRow.day_id == day_id).distinct())).all()
    for (lecture_id,) in rows:
        await draw_board_of(session, team, day_id, lecture_id, caller.at)
