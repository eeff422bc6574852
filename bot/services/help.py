"""`/help`: what somebody is to the team, and what makes sense for them now."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import MemberRow, StudyDayRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.duties import MODERATOR
from bot.domain.questions import shortened
from bot.domain.team import Caller
from bot.services.admin import count_troubled
from bot.services.assignments import open_for
from bot.services.days import load_calendar, number_of, row_of_day
from bot.services.journal import days_with_content
from bot.services.retro import is_to_look_back
from bot.services.rotation.waiting import SWAP, load_waiting
from bot.services.session.attendance import attendance_of
from bot.services.teams import Standing, find_member, find_team, is_moderator, moderator_today, standing_of

MOST: Final = 5
"""Things told at most: whoever is told more does none of them."""

SHOWN_TITLE: Final = 60
"""Characters of an assignment's title, so that what is to be done stands on one line."""

SOON: Final = timedelta(days=7)
"""How far ahead one's own turn is told of."""


class Occasion(Enum):
    """Why something makes sense now, the most urgent first."""

    START = "start"
    END = "end"
    SESSION = "session"
    ATTENDANCE = "attendance"
    SWAP = "swap"
    SUBSTITUTE = "substitute"
    TROUBLE = "trouble"
    HAND_IN = "hand in"
    RETROSPECTIVE = "retrospective"
    TURN = "turn"
    JOURNAL = "journal"


@dataclass(frozen=True)
class Hint:
    """Something that makes sense now, and what is told of it. Texts among the values are people's own."""

    occasion: Occasion
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Now:
    """What somebody is to the team, and what makes sense for them, the most urgent first.

    `on_roster`: a moderator need not be, and then does for others only what members do for themselves.
    """

    standing: Standing
    on_roster: bool = False
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class _Moment:
    """Whoever asks, and the state of the day. `row`: of the study day that entries belong to, if anybody used it."""

    team: TeamRow
    caller: Caller
    member: MemberRow | None
    calendar: StudyCalendar
    day: date
    row: StudyDayRow | None
    leads: bool

    @property
    def in_session(self) -> bool:
        return self.row is not None and self.row.session_started_at is not None and self.row.session_ended_at is None

    @property
    def before_session(self) -> bool:
        """Whether there is one today, and it is still to come."""
        untouched = self.row is None or (self.row.session_started_at is None and self.row.session_instead is None)
        return untouched and self.day == self.calendar.date_at(self.caller.at)


class Help:
    """`/help`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def now(self, session: AsyncSession, caller: Caller) -> Now:
        """Raises NotFound if it cannot be told which of several teams is meant."""
        team = await find_team(session, caller)
        if team is None:
            return Now(Standing.NO_TEAM)
        moment = await _moment(session, team, caller)
        hints = [hint for part in _PARTS async for hint in part(session, moment)]
        hints.sort(key=lambda hint: _URGENCY.index(hint.occasion))
        standing = await standing_of(session, team, caller)
        return Now(standing, moment.member is not None, tuple(hints[:MOST]))


async def _moment(session: AsyncSession, team: TeamRow, caller: Caller) -> _Moment:
    calendar = await load_calendar(session, team)
    day = calendar.day_for_entry(caller.at)
    row = await row_of_day(session, team, day)
    member, leader = await find_member(session, team, caller.user_id), await moderator_today(session, team, caller)
    leads = leader is not None and leader.user_id == caller.user_id
    return _Moment(team, caller, member, calendar, day, row, leads)


async def _session(session: AsyncSession, now: _Moment) -> AsyncIterator[Hint]:
    if now.leads and now.before_session:
        yield Hint(Occasion.START)
    if now.leads and now.in_session:
        yield Hint(Occasion.END)
    if now.member is None or now.row is None or not now.in_session:
        return
    yield Hint(Occasion.SESSION)
    if await attendance_of(session, now.row, now.member) is None:
        yield Hint(Occasion.ATTENDANCE)


async def _trouble(session: AsyncSession, now: _Moment) -> AsyncIterator[Hint]:
    if is_moderator(now.team, now.caller) and (count := await count_troubled(session, now.team, now.caller.at)):
        yield Hint(Occasion.TROUBLE, {"count": count})


async def _assignments(session: AsyncSession, now: _Moment) -> AsyncIterator[Hint]:
    if now.member is None:
        return
    if waiting := await open_for(session, now.team, now.caller):
        first = waiting[0]
        told = {
            "number": first.assignment.number,
            "title": shortened(first.assignment.title, SHOWN_TITLE),
            "due": first.own_due,
        }
        yield Hint(Occasion.HAND_IN, {**told, "more": len(waiting) - 1})


async def _retrospective(session: AsyncSession, now: _Moment) -> AsyncIterator[Hint]:
    """From the end of the session on, at the latest from when the team is asked."""
    ended = now.row is not None and now.row.session_ended_at is not None
    if not ended and now.caller.at < now.calendar.moment(now.day, now.team.retro_time):
        return
    if now.member is not None and await is_to_look_back(session, now.team, now.day, now.member):
        yield Hint(Occasion.RETROSPECTIVE)


async def _rotation(session: AsyncSession, now: _Moment) -> AsyncIterator[Hint]:
    """Who waits for an answer, and the next turn of one's own; that one leads today is told already."""
    if now.member is None:
        return
    waiting = await load_waiting(session, now.team, now.member)
    for asked in waiting.requests:
        occasion = Occasion.SWAP if asked.request.kind == SWAP else Occasion.SUBSTITUTE
        turn = asked.request.turn
        yield Hint(occasion, {"name": turn.member.name, "turn": turn, "url": asked.url})
    for turn in waiting.turns:
        leads_today = turn.duty.key == MODERATOR and turn.date == now.day and now.before_session
        if turn.date <= now.day + SOON and not leads_today:
            yield Hint(Occasion.TURN, {"turn": turn})
            return


async def _journal(session: AsyncSession, now: _Moment) -> AsyncIterator[Hint]:
    """The page of the latest day, from its close until the next one's."""
    query = select(StudyDayRow).where(StudyDayRow.team_id == now.team.id, StudyDayRow.date < now.day)
    row = await session.scalar(query.order_by(StudyDayRow.date.desc()).limit(1))
    if row is None or not row.closed or row.date not in await days_with_content(session, now.team):
        return
    if now.member is not None and row.date == now.calendar.previous_before(now.day):
        yield Hint(Occasion.JOURNAL, {"number": number_of(row, now.calendar), "day": row.date})


_PARTS: Final = (_session, _rotation, _trouble, _assignments, _retrospective, _journal)

_URGENCY: Final = tuple(Occasion)
