"""The peer session: its thread, its agenda, its minutes, its round table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import (
    AuditRow,
    MemberRow,
    MinutesRow,
    RoundtableReplyRow,
    RoundtableRow,
    StudyDayRow,
    TeamRow,
    TurnRow,
)
from bot.domain.session import Agenda, Briefing, Minutes, NextDay, NoteDraft
from bot.domain.team import Caller, StudyDay, Team
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.days import day_of_entry, load_calendar, to_study_day
from bot.services.deliveries import open_thread, plan
from bot.services.lectures import unit_label
from bot.services.questions import redraw_for_session
from bot.services.schedules import announce_now
from bot.services.session._agenda import load_agenda, load_next_day
from bot.services.session._briefing import load_briefing
from bot.services.session._minutes import load_minutes
from bot.services.session._notes import PROMPT_LIMIT, TEXT_LIMIT, Noted, read_text, resolve
from bot.services.session._roundtable import Question, Replied, replied, reply_of, roundtable_of
from bot.services.teams import changing_team_of, member_of, require_moderator, roster, team_of
from bot.services.turns import propose
from bot.services.values import to_team

__all__ = [
    "AGENDA",
    "MINUTES",
    "PROMPT_LIMIT",
    "ROUNDTABLE",
    "TEXT_LIMIT",
    "Ended",
    "Noted",
    "Question",
    "Replied",
    "Session",
    "Started",
]

AGENDA: Final = "session.agenda"
MINUTES: Final = "session.minutes"
ROUNDTABLE: Final = "session.roundtable"

_START: Final = "session.start"
_END: Final = "session.end"


@dataclass(frozen=True)
class Started:
    """A session that began. `ahead`: today is a day off, so it is the session of the next study day."""

    day: StudyDay
    ahead: bool


@dataclass(frozen=True)
class Ended:
    """A session that is over, and who does what on the next study day."""

    day: StudyDay
    next_day: NextDay | None


class Session:
    """`/session`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def start(self, session: AsyncSession, caller: Caller) -> Started:
        """Begin the day's session and post its agenda. Raises InvalidInput if it has begun before."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        day = await day_of_entry(session, team, caller.at)
        if day.session_started_at is not None:
            raise await _begun_before(session, team, day, day.session_started_at)
        day.session_started_at = caller.at
        await redraw_for_session(session, team, day.id, caller)
        await propose(session, team, day.date, caller.at)
        await self._post(session, team, caller, day, AGENDA, day.id)
        _record(session, team, caller, _START, _subject(day))
        today = (await load_calendar(session, team)).date_at(caller.at)
        return Started(await to_study_day(session, team, day), ahead=day.date != today)

    @writes
    async def end(self, session: AsyncSession, caller: Caller) -> Ended:
        """End the day's session, post its minutes, and announce the next study day's duties unless that was done.

        Raises InvalidInput if it has not begun, or is over.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        day = await day_of_entry(session, team, caller.at)
        if day.session_started_at is None:
            raise InvalidInput(_("Today's session has not begun. Start it with /session start."))
        if day.session_ended_at is not None:
            raise await _over_before(session, team, day, day.session_ended_at)
        day.session_ended_at = caller.at
        next_day = await _propose_next_day(session, team, day, caller.at)
        await self._post(session, team, caller, day, MINUTES, day.id)
        await announce_now(session, team, day, caller.at)
        _record(session, team, caller, _END, _subject(day))
        return Ended(await to_study_day(session, team, day), next_day)

    @reads
    async def check_note(self, session: AsyncSession, caller: Caller, draft: NoteDraft) -> None:
        """Raise what `note` would raise for everything but the text, before anybody writes it."""
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        await resolve(session, team, caller, draft)

    @writes
    async def note(self, session: AsyncSession, caller: Caller, draft: NoteDraft, text: str) -> Noted:
        """Add an entry to the minutes of the study day, before its session, in it, or after it."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        refers_to = await resolve(session, team, caller, draft)
        day = await day_of_entry(session, team, caller.at)
        row = MinutesRow(
            day_id=day.id,
            lecture_id=refers_to.lecture and refers_to.lecture.id,
            member_id=member.id,
            kind=draft.resolved_kind,
            text=read_text(text),
            owner_id=refers_to.owner and refers_to.owner.id,
            due=refers_to.due,
            noted_at=caller.at,
        )
        session.add(row)
        await session.flush()
        after = {"kind": row.kind, "lecture": row.lecture_id, "owner": row.owner_id, "due": row.due}
        _record(session, team, caller, "session.note", f"minutes:{row.id}", after=after)
        return Noted(
            day=await to_study_day(session, team, day),
            kind=draft.resolved_kind,
            about="" if refers_to.lecture is None else unit_label(refers_to.lecture),
            owner=None if refers_to.owner is None else refers_to.owner.name,
            due=refers_to.due,
            posted=day.session_ended_at is not None,
        )

    @writes
    async def ask_around(self, session: AsyncSession, caller: Caller, prompt: str) -> StudyDay:
        """Post a question to everybody into the thread of the day."""
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        day = await day_of_entry(session, team, caller.at)
        row = RoundtableRow(day_id=day.id, prompt=read_text(prompt, PROMPT_LIMIT), opened_at=caller.at)
        session.add(row)
        await session.flush()
        await self._post(session, team, caller, day, ROUNDTABLE, row.id)
        _record(session, team, caller, ROUNDTABLE, f"roundtable:{row.id}", after={"prompt": row.prompt})
        return await to_study_day(session, team, day)

    @reads
    async def question(self, session: AsyncSession, caller: Caller, roundtable_id: int) -> Question:
        """What the form of a reply starts from. Raises InvalidInput once the day is over."""
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await roundtable_of(session, team, caller, roundtable_id)
        own = await reply_of(session, row, member)
        return Question(row.prompt, "" if own is None else own.text)

    @writes
    async def reply(self, session: AsyncSession, caller: Caller, roundtable_id: int, text: str) -> Replied:
        """Save one's reply in place of an earlier one. Raises InvalidInput once the day is over."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await roundtable_of(session, team, caller, roundtable_id)
        said = read_text(text)
        own = await reply_of(session, row, member)
        if own is None:
            own = RoundtableReplyRow(roundtable_id=row.id, member_id=member.id)
            session.add(own)
        own.text, own.replied_at = said, caller.at
        await session.flush()
        _record(session, team, caller, "session.reply", f"roundtable:{row.id}")
        return await replied(session, team, row)

    @reads
    async def agenda(self, session: AsyncSession, day_id: int, at: datetime) -> Agenda:
        """The agenda of a study day's session as it stands, with the deadlines after `at`."""
        day = await session.get_one(StudyDayRow, day_id)
        return await load_agenda(session, await session.get_one(TeamRow, day.team_id), day, at)

    @reads
    async def notice(self, session: AsyncSession, day_id: int, at: datetime) -> Agenda | str:
        """What the reminder before a session tells, or why there is nothing to remind of."""
        day = await session.get_one(StudyDayRow, day_id)
        team = await session.get_one(TeamRow, day.team_id)
        if day.session_started_at is not None:
            return "the session has begun"
        if not await roster(session, team):
            return "nobody is on the roster"
        return await load_agenda(session, team, day, at)

    @reads
    async def briefing(self, session: AsyncSession, turn_id: int) -> Briefing:
        """What the holder of a turn to present is told shortly before the session, as it stands."""
        turn = await session.get_one(TurnRow, turn_id)
        return await load_briefing(session, await session.get_one(TeamRow, turn.team_id), turn)

    @reads
    async def minutes(self, session: AsyncSession, day_id: int) -> Minutes:
        """The minutes of a study day as they stand."""
        day = await session.get_one(StudyDayRow, day_id)
        return await load_minutes(session, await session.get_one(TeamRow, day.team_id), day)

    @reads
    async def prompt(self, session: AsyncSession, roundtable_id: int) -> tuple[Team, str]:
        """The prompt of a round table, and whose it is."""
        row = await session.get_one(RoundtableRow, roundtable_id)
        day = await session.get_one(StudyDayRow, row.day_id)
        return to_team(await session.get_one(TeamRow, day.team_id)), row.prompt

    async def _post(
        self, session: AsyncSession, team: TeamRow, caller: Caller, day: StudyDayRow, kind: str, subject_id: int
    ) -> None:
        """Plan a message for the day's thread, which is made if it is not there; of no use once the day is over."""
        calendar = await load_calendar(session, team)
        await open_thread(session, team, day, caller.at)
        await plan(
            session,
            team_id=team.id,
            kind=kind,
            subject_id=subject_id,
            due_at=caller.at,
            expires_at=calendar.ends_at(day.date),
            thread_of_day_id=day.id,
        )
        self._wake()


async def _propose_next_day(session: AsyncSession, team: TeamRow, day: StudyDayRow, now: datetime) -> NextDay | None:
    """Make the turns of the study day after this one, and say whose they are."""
    upcoming = await load_next_day(session, team, day.date)
    if upcoming is None:
        return None
    await propose(session, team, upcoming.day.date, now)
    return await load_next_day(session, team, day.date)


def _subject(day: StudyDayRow) -> str:
    return f"day:{day.date}"


def _record(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    action: str,
    subject: str,
    *,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.record(session, action, subject, team_id=team.id, actor_id=caller.user_id, at=caller.at, after=after)


async def _begun_before(session: AsyncSession, team: TeamRow, day: StudyDayRow, at: datetime) -> InvalidInput:
    if day.session_ended_at is not None:
        return await _over_before(session, team, day, day.session_ended_at)
    begun, name = at.astimezone(ZoneInfo(team.timezone)), await _who(session, team, _START, day)
    if name is None:
        return InvalidInput(_("The session began at {begun:time}. End it with /session end."), begun=begun)
    return InvalidInput(
        _("{name} began the session at {begun:time}. End it with /session end."), name=name, begun=begun
    )


async def _over_before(session: AsyncSession, team: TeamRow, day: StudyDayRow, at: datetime) -> InvalidInput:
    over, name = at.astimezone(ZoneInfo(team.timezone)), await _who(session, team, _END, day)
    if name is None:
        return InvalidInput(
            _("The session ended at {over:time}. What is still missing can be added with /session note."), over=over
        )
    return InvalidInput(
        _("{name} ended the session at {over:time}. What is still missing can be added with /session note."),
        name=name,
        over=over,
    )


async def _who(session: AsyncSession, team: TeamRow, action: str, day: StudyDayRow) -> str | None:
    """Roster name of whoever did something to a day; None for somebody who is not on the roster."""
    query = (
        select(MemberRow.name)
        .join(AuditRow, AuditRow.actor_id == MemberRow.user_id)
        .where(MemberRow.team_id == team.id, AuditRow.team_id == team.id)
        .where(AuditRow.action == action, AuditRow.subject == _subject(day))
        .order_by(AuditRow.id.desc())
        .limit(1)
    )
    return await session.scalar(query)
