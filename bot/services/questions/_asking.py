"""Asking: by name or without, about a lecture, the day, or a message."""

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import QuestionRow
from bot.domain.likeness import asked_before
from bot.domain.questions import Attachment, QuestionState
from bot.domain.team import Caller
from bot.domain.titles import lecture_label
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.days import day_of_entry, load_calendar, to_study_day
from bot.services.deliveries import open_thread, thread_of
from bot.services.lectures import lecture_of
from bot.services.questions._checks import read_text, require_no_file_if
from bot.services.questions._limits import ANONYMOUS_PER_HOUR, AnonymousLimit
from bot.services.questions._rows import attachment_columns, day_of_question, next_number, visible_questions
from bot.services.questions._service import QuestionService
from bot.services.questions._values import Alike, Asked, Asking, Source
from bot.services.teams import changing_team_of, find_member, member_of, team_of
from bot.services.values import to_member, to_team


class AskingQuestions(QuestionService):
    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        super().__init__(database, wake)
        self._anonymous = AnonymousLimit()

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
        if anonymous:
            self._require_few(team.id, caller, text)
        if text is not None:
            read_text(text)
        lecture = None if lecture_id is None else await lecture_of(session, team, lecture_id)
        return Asking(to_team(team), to_member(member), "" if lecture is None else lecture_label(lecture))

    @reads
    async def alike(self, session: AsyncSession, caller: Caller, text: str) -> Alike | None:
        """A question that was likely asked before, to be shown before another is posted."""
        team = await team_of(session, caller)
        found = asked_before(text, await visible_questions(session, team))
        if found is None:
            return None
        member = await find_member(session, team, caller.user_id)
        calendar = await load_calendar(session, team)
        days = (calendar.date_at(caller.at) - calendar.date_at(found.asked_at)).days
        own = member is not None and found.author is not None and found.author.id == member.id
        return Alike(found, max(days, 0), own)

    @writes
    async def thread_for_file(self, session: AsyncSession, caller: Caller) -> int | None:
        """The thread of the day, for a file that comes with a question; None while it is being made."""
        team = await changing_team_of(session, caller)
        await member_of(session, team, caller)
        day = await day_of_entry(session, team, caller.at)
        await open_thread(session, team, day, caller.at)
        self._wake()
        return await thread_of(session, team, day)

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
        about: Source | None = None,
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
            about_channel_id=about and about.channel_id,
            about_message_id=about and about.message_id,
            **attachment_columns(attachment),
        )
        if anonymous:
            self._require_few(team.id, caller, text)
        session.add(row)
        await session.flush()
        await self._changed(session, team, caller, row, "ask", after={"number": row.number}, nameless=anonymous)
        if anonymous:
            self._anonymous.count(team.id, caller.user_id, caller.at)
        label = "" if lecture is None else lecture_label(lecture)
        return Asked(row.id, row.number, label, await to_study_day(session, team, day), anonymous)

    def _require_few(self, team_id: int, caller: Caller, text: str | None) -> None:
        """Raise InvalidInput for somebody who has asked many without a name; the refusal gives the text back."""
        if not self._anonymous.reached(team_id, caller.user_id, caller.at):
            return
        if text is None:
            raise InvalidInput(
                _("You can ask {count} anonymous questions an hour. Try again next hour, or ask by name."),
                count=ANONYMOUS_PER_HOUR,
            )
        raise InvalidInput(
            _(
                "You can ask {count} anonymous questions an hour. Try again next hour, or ask by name. "
                "This is what you wrote:\n{text}"
            ),
            count=ANONYMOUS_PER_HOUR,
            text=text,
        )
