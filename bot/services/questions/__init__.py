"""Questions: asking, answering, and what becomes of them."""

from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AnswerRow, QuestionRow, StudyDayRow, TeamRow
from bot.domain.questions import CLOSED, Attachment, Question, QuestionState, label, matching, most_wanted_first
from bot.domain.references import Reference
from bot.domain.team import Caller
from bot.domain.titles import lecture_heading, lecture_label
from bot.errors import NotFound
from bot.i18n import _
from bot.services import audit, boards
from bot.services.days import to_study_day
from bot.services.deliveries import plan
from bot.services.lectures import lecture_of
from bot.services.questions._checks import (
    TEXT_LIMIT,
    read_text,
    require_author,
    require_author_or_moderator,
    require_live,
    require_no_file_if,
    require_not_withdrawn,
)
from bot.services.questions._rows import (
    attachment_columns,
    day_of_question,
    load_question,
    next_number,
    oldest_open,
    question_of,
    questions_on_board,
    visible_questions,
)
from bot.services.questions._values import DAY_BOARD, LECTURE_BOARD, NEXT, Asked, Asking, AtTheTable, QuestionBoard
from bot.services.teams import changing_team_of, member_of, require_moderator, team_of
from bot.services.turns import brief
from bot.services.values import to_member, to_team

__all__ = [
    "DAY_BOARD",
    "LECTURE_BOARD",
    "NEXT",
    "TEXT_LIMIT",
    "Asked",
    "Asking",
    "AtTheTable",
    "QuestionBoard",
    "Questions",
]


class Questions:
    """`/ask` and `/question`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def choices(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[Reference]:
        """Questions whose number begins with what was typed or whose text contains it, open ones first."""
        try:
            team = await team_of(session, caller)
        except NotFound:
            return []
        questions = await visible_questions(session, team)
        return [Reference(question.id, label(question)) for question in most_wanted_first(matching(questions, typed))]

    @reads
    async def list(
        self,
        session: AsyncSession,
        caller: Caller,
        *,
        state: QuestionState | None = None,
        lecture_id: int | None = None,
    ) -> Sequence[Question]:
        """The team's questions, most wanted first; those in a state, those of a lecture."""
        team = await team_of(session, caller)
        if lecture_id is not None:
            await lecture_of(session, team, lecture_id)
        return [
            question
            for question in most_wanted_first(await visible_questions(session, team))
            if state in {None, question.state} and lecture_id in {None, question.lecture_id}
        ]

    @reads
    async def asking(
        self,
        session: AsyncSession,
        caller: Caller,
        lecture_id: int | None = None,
        *,
        text: str | None = None,
        anonymous: bool = False,
        with_file: bool = False,
    ) -> Asking:
        """Raise what `ask` would raise of what is known so far, before a form is opened or a file is kept."""
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        require_no_file_if(anonymous, with_file)
        if text is not None:
            read_text(text)
        lecture = None if lecture_id is None else await lecture_of(session, team, lecture_id)
        return Asking(to_team(team), to_member(member), "" if lecture is None else lecture_label(lecture))

    @reads
    async def editing(self, session: AsyncSession, caller: Caller, question_id: int) -> Question:
        """The question as it is, for its author to change. Raises what `edit` would raise."""
        team = await team_of(session, caller)
        row = await question_of(session, team, question_id)
        await require_author(session, team, caller, row)
        require_not_withdrawn(row)
        return await load_question(session, question_id)

    @reads
    async def answering(self, session: AsyncSession, caller: Caller, question_id: int) -> Question:
        """The question about to be answered. Raises what `answer` would raise of the caller and the question."""
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        require_live(await question_of(session, team, question_id))
        return await load_question(session, question_id)

    @reads
    async def answerable(self, session: AsyncSession, caller: Caller, kind: str, subject_id: int) -> Sequence[Question]:
        """Questions of a board that take an answer, most wanted first. Raises NotFound if there are none."""
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        questions = await questions_on_board(session, team, kind, subject_id)
        found = [question for question in most_wanted_first(questions) if question.state not in CLOSED]
        if not found:
            raise NotFound(_("There is no question here to answer. Ask one with /ask."))
        return found

    @reads
    async def board(self, session: AsyncSession, team_id: int, kind: str, subject_id: int) -> QuestionBoard:
        """What a board shows now."""
        team = await session.get_one(TeamRow, team_id)
        questions = tuple(await questions_on_board(session, team, kind, subject_id))
        if kind == LECTURE_BOARD:
            lecture = await lecture_of(session, team, subject_id)
            return QuestionBoard(to_team(team), lecture_heading(lecture), None, questions)
        day = await to_study_day(session, team, await session.get_one(StudyDayRow, subject_id))
        return QuestionBoard(to_team(team), "", day, questions)

    @reads
    async def at_the_table(self, session: AsyncSession, team_id: int, question_id: int) -> AtTheTable:
        """A question that `next` has chosen, as it is now."""
        team = await session.get_one(TeamRow, team_id)
        return AtTheTable(to_team(team), await load_question(session, question_id))

    @writes
    async def ask(
        self,
        session: AsyncSession,
        caller: Caller,
        text: str,
        *,
        lecture_id: int | None = None,
        anonymous: bool = False,
        attachment: Attachment | None = None,
    ) -> Asked:
        """Ask a question of the day or of a lecture. An anonymous one stores nothing that leads to its author.

        It belongs to the page of the day an entry belongs to now, or of the lecture's session if that is later.
        """
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        require_no_file_if(anonymous, attachment is not None)
        lecture = None if lecture_id is None else await lecture_of(session, team, lecture_id)
        day = await day_of_question(session, team, lecture, caller.at)
        row = QuestionRow(
            team_id=team.id,
            number=await next_number(session, team),
            day_id=day.id,
            lecture_id=lecture_id,
            author_id=None if anonymous else member.id,
            text=read_text(text),
            state=QuestionState.OPEN,
            further=False,
            asked_at=caller.at,
            **attachment_columns(attachment),
        )
        session.add(row)
        await session.flush()
        await self._changed(session, team, caller, row, "ask", after={"number": row.number}, nameless=anonymous)
        about = "" if lecture is None else lecture_label(lecture)
        return Asked(row.id, row.number, about, await to_study_day(session, team, day), anonymous)

    @writes
    async def answer(self, session: AsyncSession, caller: Caller, question_id: int, text: str) -> Question:
        """Answer a question; several people may. Raises InvalidInput for one that was dropped or withdrawn."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await question_of(session, team, question_id)
        require_live(row)
        answer = AnswerRow(question_id=row.id, member_id=member.id, text=read_text(text), answered_at=caller.at)
        session.add(answer)
        was, row.state = row.state, QuestionState.ANSWERED
        await session.flush()
        await self._changed(session, team, caller, row, "answer", was=was, after={"answer": answer.id})
        return await load_question(session, row.id)

    @writes
    async def further(self, session: AsyncSession, caller: Caller, question_id: int) -> Question:
        """Mark a question as a further one; it stays so, also when it is answered. Doing it twice changes nothing.

        The author and moderators may. For an anonymous question every member may, and nobody's name is recorded: if
        only moderators could, its author could not; and who asks for it would tell who the author is.
        """
        team = await changing_team_of(session, caller)
        row = await question_of(session, team, question_id)
        anonymous = row.author_id is None
        if anonymous:
            await member_of(session, team, caller)
        else:
            await require_author_or_moderator(session, team, caller, row)
        require_live(row)
        if not row.further:
            row.further = True
            await self._changed(session, team, caller, row, "further", after={"further": True}, nameless=anonymous)
        return await load_question(session, row.id)

    @writes
    async def next(self, session: AsyncSession, caller: Caller, lecture_id: int | None = None) -> Question:
        """Bring the oldest open question to the table: it is posted and being discussed from now on.

        Two calls at once take two questions, each exactly once. Raises NotFound if none is open.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        row = await oldest_open(session, team, lecture_id)
        was, row.state = row.state, QuestionState.DISCUSSING
        here = caller.channel_ids[0] if team.study_channel_id in caller.channel_ids else team.study_channel_id
        await plan(session, team_id=team.id, kind=NEXT, subject_id=row.id, due_at=caller.at, channel_id=here)
        await self._changed(session, team, caller, row, "next", was=was)
        return await load_question(session, row.id)

    @writes
    async def mentor(self, session: AsyncSession, caller: Caller, question_id: int, reason: str | None) -> Question:
        """Keep a question for the mentor. The author and moderators may, as for `drop` and `reopen`."""
        return await self._move(session, caller, question_id, QuestionState.MENTOR, reason)

    @writes
    async def drop(self, session: AsyncSession, caller: Caller, question_id: int, reason: str | None) -> Question:
        """Let a question go; it takes no more answers until it is opened again."""
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
        require_not_withdrawn(row)
        was, row.state = row.state, QuestionState.WITHDRAWN
        await self._changed(session, team, caller, row, "withdraw", was=was)
        return await load_question(session, row.id)

    @writes
    async def edit(self, session: AsyncSession, caller: Caller, question_id: int, text: str) -> Question:
        """Change the text of one's own question. The record of changes keeps lengths, not texts."""
        team = await changing_team_of(session, caller)
        row = await question_of(session, team, question_id)
        await require_author(session, team, caller, row)
        require_not_withdrawn(row)
        row.text = read_text(text)
        await self._changed(session, team, caller, row, "edit", after={"characters": len(row.text)})
        return await load_question(session, row.id)

    async def _move(
        self, session: AsyncSession, caller: Caller, question_id: int, state: QuestionState, reason: str | None
    ) -> Question:
        team = await changing_team_of(session, caller)
        row = await question_of(session, team, question_id)
        await require_author_or_moderator(session, team, caller, row)
        require_not_withdrawn(row)
        was, row.state = row.state, state
        await self._changed(session, team, caller, row, str(state), was=was, reason=reason)
        return await load_question(session, row.id)

    async def _changed(
        self,
        session: AsyncSession,
        team: TeamRow,
        caller: Caller,
        row: QuestionRow,
        action: str,
        *,
        was: str | None = None,
        after: audit.Facts | None = None,
        reason: str | None = None,
        nameless: bool = False,
    ) -> None:
        """Record a change (`was` is the state before), and let the board be drawn again; `nameless` names nobody."""
        audit.record(
            session,
            f"question.{action}",
            f"question:{row.id}",
            team_id=team.id,
            actor_id=None if nameless else caller.user_id,
            at=caller.at,
            before=None if was is None else {"state": was},
            after={"state": row.state, **(after or {})},
            reason=reason,
        )
        kind, subject_id = (DAY_BOARD, row.day_id) if row.lecture_id is None else (LECTURE_BOARD, row.lecture_id)
        await boards.touch(session, team, kind, subject_id, team.study_channel_id, caller.at)
        await brief(session, team, caller.at)
        self._wake()
