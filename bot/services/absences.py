"""Being away: out of the rotations and pings until one is back. The reason is for that person alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, writes
from bot.db.tables import AbsenceRow, MemberRow, TeamRow
from bot.domain.calendar import ONE_DAY, StudyCalendar
from bot.domain.duties import Absence, Span
from bot.domain.markdown_line import one_line
from bot.domain.settings import SettingUnreadable, read_weekdays
from bot.domain.team import Caller, Member
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.lectures import read_day
from bot.services.rotation import HandedOver, hand_over
from bot.services.team_settings import setting_refused
from bot.services.teams import changing_team_of, member_named, member_of, require_moderator
from bot.services.turns import active_turns, covers, session_has_begun
from bot.services.values import to_member

REASON_LIMIT: Final = 200

EVERY_DAY: Final = "0123456"


@dataclass(frozen=True)
class NewAbsence:
    """An absence as typed into `/away`. What is not given is None; without `user_id` it is one's own."""

    since: str | None = None
    until: str | None = None
    weekdays: str | None = None
    reason: str | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class AwayDays:
    """Days on which somebody is away, `last` among them; None until they are back. Monday is 0, no weekday is all."""

    since: date
    last: date | None
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True)
class Gone:
    """What `/away` did. `reason` is None for everybody but the person themselves.

    `handed_over` is what became of the turns they had, `begun` a day whose session has begun: its duties stay theirs.
    `studied`: whether the team studies on any of the days.
    """

    member: Member
    own: bool
    days: AwayDays
    reason: str | None
    handed_over: tuple[HandedOver, ...]
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
        row = _read(member, new, calendar, caller)
        row = await _put(session, team, caller, row)
        begun = await _begun_with_duty(session, team, member, row, calendar.date_at(caller.at))
        handed_over = await hand_over(
            session, team, member, "away", cause="away", actor_id=caller.user_id, now=caller.at
        )
        self._wake()
        own = member.user_id == caller.user_id
        return Gone(
            member=to_member(member),
            own=own,
            days=_days(row),
            reason=row.reason if own else None,
            handed_over=handed_over,
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
        is_away = any(today in _absence(row) for row in open_rows)
        begun = is_away and await session_has_begun(session, team, today)
        since = today + ONE_DAY if begun else today
        ended = [row for row in open_rows if row.until is None or row.until > since]
        if not ended:
            raise _nothing_to_end(begun=begun, since=since)
        shown = tuple(_days(row) for row in ended)
        await end_absences(session, team, caller, member, since)
        # a duty that nobody was there for may be theirs now
        await hand_over(session, team, member, "away", cause="back", actor_id=caller.user_id, now=caller.at)
        self._wake()
        return Returned(to_member(member), member.user_id == caller.user_id, since, shown)


async def open_absences(session: AsyncSession, member: MemberRow, today: date) -> Sequence[AbsenceRow]:
    """Absences of a member that run or are to come, the soonest first."""
    query = select(AbsenceRow).where(AbsenceRow.member_id == member.id)
    query = query.where(or_(AbsenceRow.until.is_(None), AbsenceRow.until > today))
    return (await session.scalars(query.order_by(AbsenceRow.since, AbsenceRow.id))).all()


async def away_days(session: AsyncSession, member: MemberRow, today: date) -> tuple[AwayDays, ...]:
    """When a member is away from today on, the soonest first. Others are told no more than this."""
    return tuple(_days(row) for row in await open_absences(session, member, today))


async def end_absences(
    session: AsyncSession, team: TeamRow, caller: Caller, member: MemberRow, first_day_back: date
) -> None:
    """Nobody is away any more from a day on. What was before it stays as it was."""
    for row in await open_absences(session, member, first_day_back):
        before = _facts(row)
        if row.since < first_day_back:
            row.until = first_day_back
        else:
            await session.delete(row)
        _record(session, team, caller, member, before=before, after={"until": first_day_back})
    await session.flush()


async def _whose(session: AsyncSession, team: TeamRow, caller: Caller, user_id: int | None) -> MemberRow:
    """Oneself, or for moderators anybody on the roster."""
    if user_id is None or user_id == caller.user_id:
        return await member_of(session, team, caller)
    await require_moderator(session, team, caller)
    return await member_named(session, team, user_id)


def _read(member: MemberRow, new: NewAbsence, calendar: StudyCalendar, caller: Caller) -> AbsenceRow:
    """What was typed as a row. Raises InvalidInput for days on which nobody can be away."""
    today = calendar.date_at(caller.at)
    weekdays = _read_weekdays(new.weekdays)
    since = today if new.since is None else read_day(new.since, calendar, caller.at)
    if since < today:
        raise InvalidInput(_("{day:day} is already past. Give today or a day to come."), day=since)
    last = None if new.until is None else read_day(new.until, calendar, caller.at)
    if last is None and new.since is not None and new.weekdays is None:
        last = since
    if last is not None and last < since:
        raise InvalidInput(
            _("{last:day} is before {since:day}. Give the first day as from and the last one as until."),
            last=last,
            since=since,
        )
    reason = one_line(new.reason or "")
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(_("The reason is too long, {limit} characters are the most."), limit=REASON_LIMIT)
    row = AbsenceRow(
        member_id=member.id,
        since=since,
        until=None if last is None else last + ONE_DAY,
        weekdays=weekdays,
        reason=reason or None,
    )
    if not any(since + timedelta(days=step) in _absence(row) for step in range(7)):
        raise InvalidInput(_("None of these days of the week lies between the two dates. Check the dates."))
    return row


def _read_weekdays(text: str | None) -> str:
    """Digits, Monday 0; none for every day. Raises InvalidInput saying how to write them."""
    if text is None:
        return ""
    try:
        weekdays = read_weekdays(text)
    except SettingUnreadable as error:
        raise setting_refused(error) from None
    return "" if weekdays == EVERY_DAY else weekdays


async def _put(session: AsyncSession, team: TeamRow, caller: Caller, new: AbsenceRow) -> AbsenceRow:
    """The row of this absence: the one that says so already, or the new one."""
    same = await session.scalar(
        select(AbsenceRow)
        .where(
            AbsenceRow.member_id == new.member_id, AbsenceRow.since == new.since, AbsenceRow.weekdays == new.weekdays
        )
        .where(AbsenceRow.until.is_(None) if new.until is None else AbsenceRow.until == new.until)
        .limit(1)
    )
    if same is not None:
        same.reason = new.reason or same.reason
        return same
    session.add(new)
    await session.flush()
    member = await session.get_one(MemberRow, new.member_id)
    _record(session, team, caller, member, after=_facts(new))
    return new


async def _begun_with_duty(
    session: AsyncSession, team: TeamRow, member: MemberRow, row: AbsenceRow, today: date
) -> date | None:
    """Today, if somebody on duty goes away after its session has begun."""
    if today not in _absence(row) or not await session_has_begun(session, team, today):
        return None
    turns = await active_turns(session, team)
    return today if any(turn.member_id == member.id and covers(turn, today) for turn in turns) else None


def _is_studied(calendar: StudyCalendar, row: AbsenceRow) -> bool:
    last = row.since + timedelta(days=366) if row.until is None else row.until - ONE_DAY
    return any(day in _absence(row) for day in calendar.between(row.since, last))


def _nothing_to_end(*, begun: bool, since: date) -> InvalidInput:
    if begun:
        text = _("Today's session has begun, so today stays as it is. From {day:day} on you are back anyway.")
        return InvalidInput(text, day=since)
    return InvalidInput(_("There is no absence to end. Use /away to be away."))


def _absence(row: AbsenceRow) -> Absence:
    return Absence(Span(row.since, row.until), frozenset(int(digit) for digit in row.weekdays))


def _days(row: AbsenceRow) -> AwayDays:
    last = None if row.until is None else row.until - ONE_DAY
    return AwayDays(row.since, last, tuple(int(digit) for digit in row.weekdays))


def _facts(row: AbsenceRow) -> audit.Facts:
    """What the record may say: when, never why."""
    return {"since": row.since, "until": row.until, "weekdays": row.weekdays}


def _record(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    member: MemberRow,
    *,
    before: audit.Facts | None = None,
    after: audit.Facts | None = None,
) -> None:
    audit.record(
        session,
        "away.add" if before is None else "away.end",
        f"member:{member.id}",
        team_id=team.id,
        actor_id=caller.user_id,
        at=caller.at,
        before=before,
        after=after,
    )
