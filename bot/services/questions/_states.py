"""What becomes of a question: brought to the table, kept, dropped, opened again, changed, taken back."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import reads, writes
from bot.db.tables import QuestionRow, TeamRow
from bot.domain.questions import Question, QuestionState
from bot.domain.team import Caller
from bot.services.deliveries import plan
from bot.services.questions._checks import (
    read_reason,
    read_text,
    require_author,
    require_author_or_moderator,
    require_live,
    require_not_gone,
)
from bot.services.questions._rows import load_question, most_wanted_open, question_of
from bot.services.questions._service import QuestionService, Standing
from bot.services.questions._values import NEXT, WITHDRAW
from bot.services.session_moves import day_under_way, go_on, move_to
from bot.services.session_posts import draw_agenda
from bot.services.teams import changing_team_of, is_moderator, member_of, require_moderator, team_of


class States(QuestionService):
    @writes
    async def further(self, session: AsyncSession, caller: Caller, question_id: int) -> Question:
        """Mark a question as a further one; it stays so, also when it is answered. Doing it twice changes nothing.

        The author and moderators may. For an anonymous question every member may, and nobody's name is recorded: if
        only moderators could, its author could not; and who asks for it would tell who the author is.
        """
        team = await changing_team_of(session, caller)
        row = await question_of(session, team, question_id)
        anonymous = row.author_id is None
        if not anonymous:
            await require_author_or_moderator(session, team, caller, row)
        elif not is_moderator(team, caller):
            await member_of(session, team, caller)
        require_live(row)
        if not row.further:
            was = Standing.of(row)
            row.further = True
            await self._changed(
                session, team, caller, row, "further", was=was, after={"further": True}, nameless=anonymous
            )
        return await load_question(session, row.id)

    @writes
    async def next(self, session: AsyncSession, caller: Caller, lecture_id: int | None = None) -> Question:
        """Bring the most wanted open question to the table: it is posted and being discussed from now on.

        While a session goes on, this moves it on as its own *Next* does, and the question is posted in its thread.
        Two calls at once take two questions, each exactly once. Raises NotFound if none is open.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        row = await most_wanted_open(session, team, lecture_id)
        day = await day_under_way(session, team)
        if day is not None:
            await go_on(session, team, caller, day, await move_to(session, day, row))
            await self.bring(session, team, caller, row, thread_of_day_id=day.id)
            await draw_agenda(session, team, day, caller.at)
        else:
            here = caller.channel_ids[0] if team.study_channel_id in caller.channel_ids else team.study_channel_id
            await self.bring(session, team, caller, row, channel_id=here)
        return await load_question(session, row.id)

    async def bring(
        self,
        session: AsyncSession,
        team: TeamRow,
        caller: Caller,
        row: QuestionRow,
        *,
        channel_id: int | None = None,
        thread_of_day_id: int | None = None,
    ) -> None:
        """Bring a question to the table: posted in a channel, or in the thread of a day, it is being discussed."""
        was = Standing.of(row)
        row.state, row.reason = QuestionState.DISCUSSING, None
        await plan(
            session,
            team_id=team.id,
            kind=NEXT,
            subject_id=row.id,
            due_at=caller.at,
            channel_id=channel_id,
            thread_of_day_id=thread_of_day_id,
        )
        await self._changed(session, team, caller, row, "next", was=was)

    @writes
    async def mentor(self, session: AsyncSession, caller: Caller, question_id: int, reason: str | None) -> Question:
        """Keep a question for the mentor. The author and moderators may, as for `drop` and `reopen`."""
        return await self._move(session, caller, question_id, QuestionState.MENTOR, reason)

    @writes
    async def drop(self, session: AsyncSession, caller: Caller, question_id: int, reason: str | None) -> Question:
        """Let a question go; it takes no more answers until it is opened again. Everybody can read the reason."""
        return await self._move(session, caller, question_id, QuestionState.DROPPED, reason)

    @writes
    async def reopen(self, session: AsyncSession, caller: Caller, question_id: int, reason: str | None) -> Question:
        """Make a question open again, whatever became of it; its answers stay."""
        return await self._move(session, caller, question_id, QuestionState.OPEN, reason)

    @writes
    async def withdraw(self, session: AsyncSession, caller: Caller, question_id: int) -> Question:
        """Take one's own question back. Nobody can take back an anonymous one: nobody knows whose it is."""
        team = await changing_team_of(session, caller)
        row = await question_of(session, team, question_id)
        await require_author(session, team, caller, row)
        require_not_gone(row)
        was = Standing.of(row)
        row.state, row.reason = QuestionState.WITHDRAWN, None
        await self._changed(session, team, caller, row, WITHDRAW, was=was)
        return await load_question(session, row.id)

    @reads
    async def editing(self, session: AsyncSession, caller: Caller, question_id: int) -> Question:
        """The question as it is, for its author to change. Raises what `edit` would raise."""
        team = await team_of(session, caller)
        row = await question_of(session, team, question_id)
        await require_author(session, team, caller, row)
        require_not_gone(row)
        return await load_question(session, question_id)

    @writes
    async def edit(self, session: AsyncSession, caller: Caller, question_id: int, text: str) -> Question:
        """Change the text of one's own question. The record of changes keeps lengths, not texts."""
        team = await changing_team_of(session, caller)
        row = await question_of(session, team, question_id)
        await require_author(session, team, caller, row)
        require_not_gone(row)
        row.text = read_text(text)
        await self._changed(session, team, caller, row, "edit", after={"characters": len(row.text)})
        return await load_question(session, row.id)

    async def _move(
        self, session: AsyncSession, caller: Caller, question_id: int, state: QuestionState, reason: str | None
    ) -> Question:
        team = await changing_team_of(session, caller)
        row = await question_of(session, team, question_id)
        await require_author_or_moderator(session, team, caller, row)
        require_not_gone(row)
        was = Standing.of(row)
        row.state, row.reason = state, read_reason(reason)
        await self._changed(session, team, caller, row, str(state), was=was, reason=row.reason)
        return await load_question(session, row.id)
