"""The minutes after they were written: taking the last entry or step back, and actions that are done."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import (
    AnswerRow,
    LectureRow,
    MemberRow,
    MinutesRow,
    QuestionChangeRow,
    QuestionRow,
    SessionStepRow,
    StudyDayRow,
    TeamRow,
)
from bot.domain.questions import shortened
from bot.domain.references import Reference
from bot.domain.session import Action, MinutesKind, minutes_kind
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import _
from bot.services import audit
from bot.services.days import day_of_entry, load_calendar
from bot.services.lectures import unit_label
from bot.services.questions import WITHDRAW, Questions, last_change
from bot.services.session._agenda import open_actions
from bot.services.session._underway import day_of_button
from bot.services.session_posts import draw_agenda, show_agenda
from bot.services.teams import (
    changing_team_of,
    find_member,
    is_moderator,
    member_of,
    moderates,
    require_moderator,
    team_of,
)
from bot.services.turns import brief, members

LastKind = Literal["entry", "step", "question"]


@dataclass(frozen=True)
class Last:
    """What was last put into the minutes, where the session last went, or what last became of a question.

    Of an entry `kind` is its kind and `text` its text. Of a step `question` is the question's number, and `text` what
    the part is called, empty for the part after the lectures. Of a question `text` is the answer that goes with it.
    """

    what: LastKind
    id: int
    text: str
    kind: MinutesKind | None = None
    question: int | None = None

    @property
    def lost(self) -> str:
        """The text that goes with it; empty for none."""
        return "" if self.what == "step" else self.text


class MinutesBook:
    """`/session undo` and `/session done`."""

    def __init__(self, database: Database, wake: Callable[[], None], questions: Questions) -> None:
        self.database = database
        self._wake = wake
        self._questions = questions

    @reads
    async def last(self, session: AsyncSession, caller: Caller, day_id: int) -> Last:
        """What `take_back` would take back. Raises NotFound if there is nothing that the caller may take back."""
        team = await team_of(session, caller)
        return await _last(session, team, caller, await day_of_button(session, team, day_id))

    @writes
    async def take_back(self, session: AsyncSession, caller: Caller, what: LastKind, last_id: int) -> Last:
        """Take back exactly this, of a day that is not over. Raises NotFound if that was done before."""
        team = await changing_team_of(session, caller)
        return await self._take_back(session, team, caller, what, last_id)

    @writes
    async def undo(self, session: AsyncSession, caller: Caller) -> Last:
        """Take back the last entry, step or change of a question today: a moderator anybody's, others their own."""
        team = await changing_team_of(session, caller)
        last = await _last(session, team, caller, await day_of_entry(session, team, caller.at))
        return await self._take_back(session, team, caller, last.what, last.id)

    @reads
    async def actions(self, session: AsyncSession, caller: Caller) -> Sequence[Action]:
        """What is still to do, today's included. Empty where the caller has no team."""
        try:
            team = await team_of(session, caller)
        except NotFound:
            return []
        day = (await load_calendar(session, team)).day_for_entry(caller.at)
        return await open_actions(session, team, day, await members(session, team), with_today=True)

    async def choices(self, caller: Caller, typed: str) -> Sequence[Reference]:
        """What is still to do and contains what was typed."""
        wanted = typed.strip().casefold()
        return [
            Reference(action.id, shortened(action.text, 99))
            for action in await self.actions(caller)
            if wanted in action.text.casefold()
        ]

    @writes
    async def finish(self, session: AsyncSession, caller: Caller, action_ids: Collection[int]) -> Sequence[Action]:
        """Mark actions as done: one's own, those one noted, those of nobody; a moderator any. Those done stay so."""
        team = await changing_team_of(session, caller)
        if not is_moderator(team, caller):
            await member_of(session, team, caller)
        people = await members(session, team)
        done: list[Action] = []
        for action_id in action_ids:
            row = await _action_of(session, team, action_id)
            await _require_may_finish(session, team, caller, row)
            done.append(Action(row.id, row.text, people.get(row.owner_id or 0), row.due))
            if row.done_at is None:
                row.done_at = caller.at
                _record(session, team, caller, "session.done", f"minutes:{row.id}", after={"done": caller.at})
        await show_agenda(session, team, caller.at)
        self._wake()
        return done

    async def _take_back(
        self, session: AsyncSession, team: TeamRow, caller: Caller, what: LastKind, last_id: int
    ) -> Last:
        if what == "entry":
            last = await _entry(session, team, caller, last_id)
        elif what == "step":
            last = await self._step(session, team, caller, last_id)
        else:
            last = await self._question(session, team, caller, last_id)
        await session.flush()
        await show_agenda(session, team, caller.at)
        self._wake()
        return last

    async def _question(self, session: AsyncSession, team: TeamRow, caller: Caller, change_id: int) -> Last:
        change = await session.get(QuestionChangeRow, change_id)
        if change is None:
            raise _gone()
        question = await session.get_one(QuestionRow, change.question_id)
        if question.team_id != team.id:
            raise _gone()
        if change.actor_id != caller.user_id:
            await require_moderator(session, team, caller, today=True)
            if change.action == WITHDRAW:
                raise _gone()
        taken = await self._questions.take_back(session, team, caller, change)
        return Last("question", change_id, taken.text, question=taken.question.number)

    async def _step(self, session: AsyncSession, team: TeamRow, caller: Caller, step_id: int) -> Last:
        await require_moderator(session, team, caller, today=True)
        row = await session.get(SessionStepRow, step_id)
        if row is None:
            raise _gone()
        day = await day_of_button(session, team, row.day_id)
        if row.number != await _latest_number(session, day):
            raise InvalidInput(_("The session has moved on since. Press Undo again to see what is last now."))
        last = await _step_value(session, row)
        if (change := await _brought_by(session, row)) is not None:
            await self._questions.take_back(session, team, caller, change)
        await session.delete(row)
        before = {"step": row.number, "lecture": row.lecture_id, "question": row.question_id}
        _record(session, team, caller, "session.undo", f"day:{day.date}", before=before)
        await session.flush()
        await draw_agenda(session, team, day, caller.at)
        await brief(session, team, caller.at)
        return last


async def _entry(session: AsyncSession, team: TeamRow, caller: Caller, entry_id: int) -> Last:
    """Take an entry away. Its text is given back to whoever does it; what stood there is kept in the audit alone."""
    row = await session.get(MinutesRow, entry_id)
    if row is None:
        raise _gone()
    await day_of_button(session, team, row.day_id)
    member = await find_member(session, team, caller.user_id)
    if member is None or row.member_id != member.id:
        await require_moderator(session, team, caller, today=True)
    before = {"kind": row.kind, "lecture": row.lecture_id, "owner": row.owner_id, "text": row.text}
    _record(session, team, caller, "session.undo", f"minutes:{row.id}", before=before)
    await session.delete(row)
    return _entry_value(row)


async def _last(session: AsyncSession, team: TeamRow, caller: Caller, day: StudyDayRow) -> Last:
    if not is_moderator(team, caller):
        await member_of(session, team, caller)
    moderator = await moderates(session, team, caller)
    member = await find_member(session, team, caller.user_id)
    entries = select(MinutesRow).where(MinutesRow.day_id == day.id).order_by(MinutesRow.id.desc()).limit(1)
    if not moderator:
        entries = entries.where(MinutesRow.member_id == (0 if member is None else member.id))
    entry = await session.scalar(entries)
    steps = select(SessionStepRow).where(SessionStepRow.day_id == day.id).order_by(SessionStepRow.number.desc())
    step = await session.scalar(steps.limit(1)) if moderator else None
    calendar = await load_calendar(session, team)
    begins = calendar.begins_at(min(day.date, calendar.date_at(caller.at)))  # an entry may belong to a day to come
    change = await last_change(session, team, caller, begins)
    found: list[tuple[datetime, Last]] = []  # of what is of one instant the first: a step comes with its question
    if step is not None:
        found.append((step.began_at, await _step_value(session, step)))
    if entry is not None:
        found.append((entry.noted_at, _entry_value(entry)))
    if change is not None:
        question = await session.get_one(QuestionRow, change.question_id)
        answer = None if change.answer_id is None else await session.get_one(AnswerRow, change.answer_id)
        text = "" if answer is None else answer.text
        found.append((change.at, Last("question", change.id, text, question=question.number)))
    if not found:
        raise NotFound(_("There is nothing of yours to take back today."))
    return max(found, key=lambda each: each[0])[1]


async def _brought_by(session: AsyncSession, step: SessionStepRow) -> QuestionChangeRow | None:
    """The change with which a step brought its question to the table; None where something became of it since."""
    query = select(QuestionChangeRow).where(QuestionChangeRow.question_id == step.question_id)
    change = await session.scalar(query.order_by(QuestionChangeRow.id.desc()).limit(1))
    return change if change is not None and change.at == step.began_at else None


def _entry_value(row: MinutesRow) -> Last:
    return Last("entry", row.id, row.text, kind=minutes_kind(row.kind))


async def _step_value(session: AsyncSession, row: SessionStepRow) -> Last:
    question = None if row.question_id is None else await session.get_one(QuestionRow, row.question_id)
    lecture = None if row.lecture_id is None else await session.get_one(LectureRow, row.lecture_id)
    text = "" if lecture is None else unit_label(lecture)
    return Last("step", row.id, text, question=None if question is None else question.number)


async def _latest_number(session: AsyncSession, day: StudyDayRow) -> int | None:
    return await session.scalar(select(func.max(SessionStepRow.number)).where(SessionStepRow.day_id == day.id))


async def _action_of(session: AsyncSession, team: TeamRow, action_id: int) -> MinutesRow:
    query = (
        select(MinutesRow)
        .join(StudyDayRow, StudyDayRow.id == MinutesRow.day_id)
        .where(MinutesRow.id == action_id, MinutesRow.kind == "action", StudyDayRow.team_id == team.id)
    )
    row = await session.scalar(query)
    if row is None:
        raise NotFound(_("There is no such thing to do. /session done lists what is open."))
    return row


async def _require_may_finish(session: AsyncSession, team: TeamRow, caller: Caller, row: MinutesRow) -> None:
    member = await find_member(session, team, caller.user_id)
    if member is not None and (row.owner_id is None or member.id in {row.owner_id, row.member_id}):
        return
    if await moderates(session, team, caller):
        return
    owner = await session.get_one(MemberRow, row.owner_id or row.member_id)
    raise NotAllowed(_("This is for {name} to do. They, or a moderator, can mark it as done."), name=owner.name)


def _gone() -> NotFound:
    return NotFound(_("That was taken back already. Press Undo again to see what is last now."))


def _record(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    action: str,
    subject: str,
    *,
    before: audit.Facts | None = None,
    after: audit.Facts | None = None,
) -> None:
    audit.record(
        session, action, subject, team_id=team.id, actor_id=caller.user_id, at=caller.at, before=before, after=after
    )
