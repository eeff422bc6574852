"""Public holidays: what is coming, what moderators are told of it, and what they decide."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AuditRow, DeliveryRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.deliveries import Delivery
from bot.domain.holidays import HOLIDAY_NOTICE, Holiday, OnHoliday, coming_holidays, on_holiday, taken_off
from bot.domain.team import Caller, Team
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.changed_days import CalendarChange, changed_date, outcome, require_open, study_on, take_off
from bot.services.days import close_ended_days, load_calendar
from bot.services.holiday_notices import dates_told, notice_of
from bot.services.moved_days import Moved
from bot.services.teams import require_moderator, team_of
from bot.services.values import to_team


@dataclass(frozen=True)
class ComingHolidays:
    """The public holidays of the next twelve months; `country` is None where the team uses none."""

    country: str | None
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True)
class HolidayNotice:
    """What moderators are told: the holidays of a break that are off and still to come. `today` is the date now."""

    team: Team
    today: date
    holidays: tuple[Holiday, ...]


@dataclass(frozen=True)
class Decided:
    """What became of holidays: the dates that changed, their number if one is studied on, and what followed.

    `notice` is every holiday to come of the notice whose button was pressed, with what the team does on it now.
    """

    days: tuple[date, ...]
    number: int | None
    change: CalendarChange
    notice: HolidayNotice | None = None


@dataclass(frozen=True)
class PostedNotice:
    """A notice where moderators see it, and what it is about as the calendar stands now."""

    notice: HolidayNotice
    delivery_id: int
    channel_id: int
    message_id: int


class Holidays:
    """`/calendar holidays`, and the notice of holidays to come."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def coming(self, session: AsyncSession, caller: Caller) -> ComingHolidays:
        """The public holidays of the next twelve months, and what the team does on each."""
        team = await team_of(session, caller)
        calendar = await load_calendar(session, team)
        return ComingHolidays(team.country, coming_holidays(calendar, calendar.date_at(caller.at)))

    @reads
    async def notice(self, session: AsyncSession, delivery: Delivery, now: datetime) -> HolidayNotice | None:
        """What a planned notice says now; None if none of its holidays is taken off any more."""
        team = await session.get_one(TeamRow, delivery.team_id)
        calendar = await load_calendar(session, team)
        today = calendar.date_at(now)
        first, last = dates_told(delivery.subject_id, delivery.slot)
        days = [day for day in _holidays(calendar, first, last) if day > today and taken_off(calendar, day)]
        holidays = tuple(Holiday(day, calendar.holidays[day], on_holiday(calendar, day)) for day in days)
        return HolidayNotice(to_team(team), today, holidays) if holidays else None

    @reads
    async def posted(self, session: AsyncSession, caller: Caller, day: date) -> PostedNotice | None:
        """The notice that told of a date, as it is to be drawn now; None if none was posted or all of it is over."""
        return await _posted(session, await team_of(session, caller), day, caller.at)

    @reads
    async def posted_of_change(self, session: AsyncSession, caller: Caller, change_id: int) -> PostedNotice | None:
        """The notice that told of the date of a change of the calendar; None for any other change."""
        change = await session.get(AuditRow, change_id)
        if change is None or change.action != "calendar.day" or change.team_id is None:
            return None
        team = await session.get_one(TeamRow, change.team_id)
        return await _posted(session, team, changed_date(change), caller.at)

    @writes
    async def study(
        self, session: AsyncSession, caller: Caller, team_id: int, day: date, notice_id: int | None = None
    ) -> Decided:
        """Study on a holiday. `notice_id` is the delivery of the notice whose button was pressed.

        Raises NotAllowed for others than moderators, InvalidInput if it is studied on anyway.
        """
        team, calendar = await self._changing(session, caller, team_id)
        await require_open(session, team, day, calendar.date_at(caller.at))
        if calendar.is_study_day(day):
            raise InvalidInput(_("{day:day} is a study day already. To take it off, use /calendar off."), day=day)
        change = await study_on(session, team, caller, calendar, day, None)
        self._wake()
        number = (await load_calendar(session, team)).number(day)
        return Decided((day,), number, change, await _as_decided(session, team, notice_id, caller.at))

    @writes
    async def rest(
        self,
        session: AsyncSession,
        caller: Caller,
        team_id: int,
        first: date,
        last: date,
        notice_id: int | None = None,
    ) -> Decided:
        """Rest on the holidays from one date to another: those studied on become days off again, past ones stay.

        Raises NotAllowed for others than moderators, InvalidInput if it is too late or none is a holiday any more.
        """
        team, calendar = await self._changing(session, caller, team_id)
        today = calendar.date_at(caller.at)
        await require_open(session, team, last, today)
        usual = [day for day in _holidays(calendar, first, last) if day.weekday() in calendar.weekdays]
        holidays = [day for day in usual if day >= today]
        if not holidays:
            text = _("{day:day} is no public holiday of the team any more. To take it off, use /calendar off.")
            raise InvalidInput(text, day=first)
        studied = [day for day in holidays if calendar.is_study_day(day)]
        moved: dict[str, Moved] = {}
        for day in studied:
            await require_open(session, team, day, today)
            changed = await take_off(session, team, caller, calendar, day, None)
            moved |= {lecture.lecture: lecture for lecture in changed.moved}
        self._wake()
        change = await outcome(session, team, caller, tuple(moved.values()))
        return Decided(tuple(studied), None, change, await _as_decided(session, team, notice_id, caller.at))

    async def _changing(self, session: AsyncSession, caller: Caller, team_id: int) -> tuple[TeamRow, StudyCalendar]:
        """A team by its id, wherever in its server the caller is; they moderate it. Ended days are closed first."""
        team = await session.get(TeamRow, team_id)
        if team is None or not team.is_of(caller.guild_id):
            raise NotFound(_("This belongs to a team that is no longer here. Use /calendar for yours."))
        await require_moderator(session, team, caller)
        await close_ended_days(session, team, caller.at)
        return team, await load_calendar(session, team)


async def _posted(session: AsyncSession, team: TeamRow, day: date, now: datetime) -> PostedNotice | None:
    row = await notice_of(session, team, day)
    notice = None if row is None else await _as_decided(session, team, row.id, now)
    if row is None or row.channel_id is None or row.message_id is None or notice is None or not notice.holidays:
        return None
    return PostedNotice(notice, row.id, row.channel_id, row.message_id)


async def _as_decided(
    session: AsyncSession, team: TeamRow, notice_id: int | None, now: datetime
) -> HolidayNotice | None:
    """A notice that was sent, as the calendar stands now; None if there is none."""
    row = None if notice_id is None else await session.get(DeliveryRow, notice_id)
    if row is None or (row.team_id, row.kind) != (team.id, HOLIDAY_NOTICE):
        return None
    calendar = await load_calendar(session, team)
    today = calendar.date_at(now)
    days = [day for day in _holidays(calendar, *dates_told(row.subject_id, row.slot)) if day >= today]
    holidays = (Holiday(day, calendar.holidays[day], on_holiday(calendar, day)) for day in days)
    told = tuple(holiday for holiday in holidays if holiday.team is not OnHoliday.USUAL)
    return HolidayNotice(to_team(team), today, told)


def _holidays(calendar: StudyCalendar, first: date, last: date) -> list[date]:
    return [day for day in sorted(calendar.holidays) if first <= day <= last]
