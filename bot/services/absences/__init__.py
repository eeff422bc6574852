"""Being away: out of the rotations and pings until one is back. The reason is for that person alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, writes
from bot.db.tables import AbsenceRow, MemberRow, TeamRow
from bot.domain.calendar import ONE_DAY, StudyCalendar
from bot.domain.duties import week_of
from bot.domain.team import Caller, Member
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.absences._rows import (
    AwayDays,
    away_days,
    end_absences,
    open_absences,
    put_absence,
    to_absence,
    to_away_days,
)
from bot.services.absences._typed import NewAbsence, read_absence
from bot.services.days import load_calendar
from bot.services.rotation import HandedOver, NamedDuty, hand_over, load_names
from bot.services.teams import changing_team_of, member_named, member_of, require_moderator
from bot.services.turns import active_turns, covers, turns_are_settled
from bot.services.values import to_member

__all__ = ["Absences", "AwayDays", "Gone", "NewAbsence", "Returned", "away_days", "end_absences"]


@dataclass(frozen=True)
class Gone:
    """What `/away` did. `reason` is None for everybody but the person themselves.

    `handed_over` is what became of the turns they had, `begun` a day whose session has begun: its duties stay theirs.
    `kept` are duties of a week that goes on meanwhile, with the day on which they were given out: nobody else is
    chosen within the week. `studied`: whether the team studies on any of the days.
    """

    member: Member
    own: bool
    days: AwayDays
    reason: str | None
    handed_over: tuple[HandedOver, ...]
    kept: tuple[tuple[date, NamedDuty], ...]
    begun: date | None
    studied: bool


@dataclass(frozen=True)
class Returned:
    """What `/back` did: the absences that ended, and the first day on which they are there again."""

    member: Member
    own: bool
    since: date
    ended: tuple[AwayDays, ...]


class Absences:
    """`/away` and `/back`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def away(self, session: AsyncSession, caller: Caller, new: NewAbsence) -> Gone:
        """Take somebody out of the rotations for some days; what turns they have then is given to others.

        Without any day it is from today until they are back; `since` alone is that one day; weekdays are those from
        `since` on. Saying the same again changes nothing but the reason. Raises NotAllowed for somebody else's absence
        unless the caller moderates, InvalidInput for days that are past, in the wrong order or over a year away.
        """
        team = await changing_team_of(session, caller)
        member = await _whose(session, team, caller, new.user_id)
        calendar = await load_calendar(session, team)
        row = read_absence(member, new, calendar, caller)
        row = await put_absence(session, team, caller, row)
        begun = await _begun_with_duty(session, team, member, row, calendar.date_at(caller.at))
        handed_over = await hand_over(
            session, team, member, "away", cause="away", actor_id=caller.user_id, now=caller.at
        )
        self._wake()
        own = member.user_id == caller.user_id
        return Gone(
            member=to_member(member),
            own=own,
            days=to_away_days(row),
            reason=row.reason if own else None,
            handed_over=handed_over,
            kept=await _kept(session, team, member, row, calendar.day_for_entry(caller.at)),
            begun=begun,
            studied=_is_studied(calendar, row),
        )

    @writes
    async def back(self, session: AsyncSession, caller: Caller, user_id: int | None) -> Returned:
        """End somebody's absences, also those to come. Turns that were given to others stay with them.

        They are there from today on, or from tomorrow if today's session has begun without them. Raises InvalidInput
        if there is nothing to end.
        """
        team = await changing_team_of(session, caller)
        member = await _whose(session, team, caller, user_id)
        today = (await load_calendar(session, team)).date_at(caller.at)
        open_rows = await open_absences(session, member, today)
        is_away = any(today in to_absence(row) for row in open_rows)
        begun = is_away and await turns_are_settled(session, team, today)
        since = today + ONE_DAY if begun else today
        ended = [row for row in open_rows if row.until is None or row.until > since]
        if not ended:
            raise _nothing_to_end(begun=begun, since=since)
        shown = tuple(to_away_days(row) for row in ended)
        await end_absences(session, team, caller, member, since)
        # a duty that nobody was there for may be theirs now
        await hand_over(session, team, member, "away", cause="back", actor_id=caller.user_id, now=caller.at)
        self._wake()
        return Returned(to_member(member), member.user_id == caller.user_id, since, shown)


async def _whose(session: AsyncSession, team: TeamRow, caller: Caller, user_id: int | None) -> MemberRow:
    """Oneself, or for moderators anybody on the roster."""
    if user_id is None or user_id == caller.user_id:
        return await member_of(session, team, caller)
    await require_moderator(session, team, caller)
    return await member_named(session, team, user_id)


async def _begun_with_duty(
    session: AsyncSession, team: TeamRow, member: MemberRow, row: AbsenceRow, today: date
) -> date | None:
    """Today, if somebody on duty goes away after its session has begun."""
    if today not in to_absence(row) or not await turns_are_settled(session, team, today):
        return None
    turns = await active_turns(session, team)
    return today if any(turn.member_id == member.id and covers(turn, today) for turn in turns) else None


async def _kept(
    session: AsyncSession, team: TeamRow, member: MemberRow, row: AbsenceRow, today: date
) -> tuple[tuple[date, NamedDuty], ...]:
    """Duties of a week that somebody still has although they are away on some of its days."""
    names = await load_names(session, team)
    found: list[tuple[date, NamedDuty]] = []
    for turn in await active_turns(session, team):
        week = week_of(turn.unit)
        if turn.member_id == member.id and week is not None:
            days = (week.since + timedelta(days=step) for step in range(7))
            if any(day >= today and covers(turn, day) and day in to_absence(row) for day in days):
                found.append((turn.date, names.duty(turn.duty, turn.unit)))
    return tuple(found)


def _is_studied(calendar: StudyCalendar, row: AbsenceRow) -> bool:
    last = row.since + timedelta(days=366) if row.until is None else row.until - ONE_DAY
    return any(day in to_absence(row) for day in calendar.between(row.since, last))


def _nothing_to_end(*, begun: bool, since: date) -> InvalidInput:
    if begun:
        text = _("Today's session has begun, so today stays as it is. From {day:day} on you are back anyway.")
        return InvalidInput(text, day=since)
    return InvalidInput(_("There is no absence to end. Use /away to be away."))
