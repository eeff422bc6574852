"""The peer session: its thread, its agenda, its minutes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import MinutesRow, StudyDayRow, TeamRow, TurnRow
from bot.domain.calendar import StudyCalendar
from bot.domain.schedules import reminder_of_session
from bot.domain.session import Agenda, Briefing, Minutes, NextDay, NoteDraft
from bot.domain.team import Caller, StudyDay, Team
from bot.services import audit
from bot.services.days import day_of_entry, load_calendar, to_study_day
from bot.services.deliveries import open_thread, plan
from bot.services.lectures import unit_label
from bot.services.questions import redraw_for_session
from bot.services.schedules import announce_now
from bot.services.session._agenda import load_agenda, load_next_day
from bot.services.session._briefing import load_briefing
from bot.services.session._minutes import load_minutes
from bot.services.session._notes import PROMPT_LIMIT, TEXT_LIMIT, Noted, Noting, load_noting, read_text, resolve
from bot.services.session._underway import END, START, begun_before, day_of_button, over_before, session_under_way
from bot.services.session_posts import AGENDA, INSTEAD, MINUTES, draw_agenda, end_session, show_agenda
from bot.services.teams import changing_team_of, member_of, require_moderator, roster, team_of
from bot.services.turns import propose
from bot.services.values import to_team

__all__ = [
    "AGENDA",
    "INSTEAD",
    "MINUTES",
    "PROMPT_LIMIT",
    "TEXT_LIMIT",
    "Ended",
    "Noted",
    "Noting",
    "Session",
    "Started",
]


Ahead = Literal["day off", "closed"]
"""Why a session is the next study day's: today is a day off, or was closed early."""


@dataclass(frozen=True)
class Started:
    """A session that began; `ahead` if it is not today's."""

    day: StudyDay
    ahead: Ahead | None


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
            raise await begun_before(session, team, day)
        day.session_started_at, day.session_instead = caller.at, None
        await redraw_for_session(session, team, day.id, caller)
        calendar = await load_calendar(session, team)
        await open_thread(session, team, day, caller.at)
        await draw_agenda(session, team, day, caller.at, calendar.ends_at(day.date))
        await propose(session, team, day.date, caller.at)
        self._wake()
        _record(session, team, caller, START, _subject(day))
        return Started(await to_study_day(session, team, day), _ahead(calendar, day.date, caller.at))

    @writes
    async def end(self, session: AsyncSession, caller: Caller, day_id: int | None = None) -> Ended:
        """End the day's session (that of a button), post its minutes, and announce the next study day's duties unless
        that was done.

        Raises InvalidInput if it has not begun, or is over.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        if day_id is None:
            day = await day_of_entry(session, team, caller.at)
        else:
            day = await day_of_button(session, team, day_id)
        if day.session_started_at is None or day.session_ended_at is not None:
            raise await over_before(session, team, day)
        next_day = await _propose_next_day(session, team, day, caller.at)
        day_ends = (await load_calendar(session, team)).ends_at(day.date)
        await end_session(session, team, day, caller.at, day_ends=day_ends, actor_id=caller.user_id)
        self._wake()
        await announce_now(session, team, day, caller.at)
        _record(session, team, caller, END, _subject(day))
        return Ended(await to_study_day(session, team, day), next_day)

    @reads
    async def ending(self, session: AsyncSession, caller: Caller, day_id: int) -> Agenda:
        """What is still open in a session that is about to end. Raises what `end` would raise."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        return await load_agenda(session, team, await session_under_way(session, team, day_id), caller.at)

    @writes
    async def call_off(self, session: AsyncSession, caller: Caller, text: str) -> StudyDay:
        """Record that there is no session on this day, and what there is instead. Said again, it is changed.

        Raises InvalidInput once the session has begun.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        day = await day_of_entry(session, team, caller.at)
        if day.session_started_at is not None:
            raise await begun_before(session, team, day)
        day.session_instead = read_text(text, PROMPT_LIMIT)
        ends = (await load_calendar(session, team)).ends_at(day.date)
        await plan(
            session,
            team_id=team.id,
            kind=INSTEAD,
            subject_id=day.id,
            due_at=caller.at,
            expires_at=ends,
            channel_id=team.study_channel_id,
        )
        self._wake()
        _record(session, team, caller, INSTEAD, _subject(day), after={"characters": len(day.session_instead)})
        return await to_study_day(session, team, day)

    @reads
    async def instead(self, session: AsyncSession, day_id: int) -> tuple[Team, StudyDay, str | None]:
        """What there is in place of a day's session; None if there is one after all."""
        day = await session.get_one(StudyDayRow, day_id)
        team = await session.get_one(TeamRow, day.team_id)
        return to_team(team), await to_study_day(session, team, day), day.session_instead

    @reads
    async def check_note(self, session: AsyncSession, caller: Caller, draft: NoteDraft) -> None:
        """Raise what `note` would raise for everything but the text, before anybody writes it."""
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        await resolve(session, team, caller, draft)

    @reads
    async def noting(self, session: AsyncSession, caller: Caller, day_id: int | None = None) -> Noting:
        """What an entry may refer to. Raises what `note` would raise of the caller; with a day, InvalidInput once it is
        over, since an entry made then belongs to another one.
        """
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        if day_id is not None:
            return await load_noting(session, team, (await day_of_button(session, team, day_id)).date)
        return await load_noting(session, team, (await load_calendar(session, team)).day_for_entry(caller.at))

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
        await show_agenda(session, team, caller.at)
        self._wake()
        return Noted(
            day=await to_study_day(session, team, day),
            kind=draft.resolved_kind,
            about="" if refers_to.lecture is None else unit_label(refers_to.lecture),
            owner=None if refers_to.owner is None else refers_to.owner.name,
            due=refers_to.due,
            posted=day.session_ended_at is not None,
        )

    @reads
    async def agenda(self, session: AsyncSession, day_id: int, at: datetime) -> Agenda:
        """The agenda of a study day's session as it stands, with the deadlines after `at`."""
        day = await session.get_one(StudyDayRow, day_id)
        return await load_agenda(session, await session.get_one(TeamRow, day.team_id), day, at)

    @reads
    async def notice(self, session: AsyncSession, day_id: int, at: datetime) -> Agenda | str:
        """What the reminder before a session that was planned for `at` tells, or why there is nothing to remind of."""
        day = await session.get_one(StudyDayRow, day_id)
        team = await session.get_one(TeamRow, day.team_id)
        if day.session_started_at is not None:
            return "the session has begun"
        if day.session_instead is not None:
            return "there is no session"
        if at != reminder_of_session(to_team(team), await load_calendar(session, team), day.date):
            return "the session is not at that time any more"
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


async def _propose_next_day(session: AsyncSession, team: TeamRow, day: StudyDayRow, now: datetime) -> NextDay | None:
    """Make the turns of the study day after this one, and say whose they are."""
    upcoming = await load_next_day(session, team, day.date)
    if upcoming is None:
        return None
    await propose(session, team, upcoming.day.date, now)
    return await load_next_day(session, team, day.date)


def _ahead(calendar: StudyCalendar, day: date, now: datetime) -> Ahead | None:
    today = calendar.date_at(now)
    if day == today:
        return None
    return "closed" if calendar.is_study_day(today) else "day off"


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
