"""Study days, days off, and the month."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.dates import DateUnreadable, read_coming_date, read_month
from bot.domain.month import Month
from bot.domain.settings import SettingUnreadable, read_country, read_start, read_weekdays
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.changed_days import CalendarChange, outcome, require_open, study_on, take_off
from bot.services.days import load_calendar
from bot.services.month import load_month
from bot.services.team_settings import change_team, setting_refused
from bot.services.teams import changing_team_of, require_moderator, team_of

FURTHEST = timedelta(days=2 * 366)
"""How far ahead a single date can be set."""


class Calendar:
    """`/calendar`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def show(self, session: AsyncSession, caller: Caller, month: str | None) -> Month:
        """A month as typed, or the current one. Raises InvalidInput if it cannot be read."""
        team = await team_of(session, caller)
        today = (await load_calendar(session, team)).date_at(caller.at)
        try:
            first = read_month(month, today) if month else today.replace(day=1)
        except DateUnreadable:
            raise setting_refused(SettingUnreadable("month", month or "")) from None
        return await load_month(session, team, first, caller.at)

    @writes
    async def off(self, session: AsyncSession, caller: Caller, typed: str, label: str | None) -> CalendarChange:
        """Make a date a day off. Raises InvalidInput for a past date and for one that is off anyway."""
        team, calendar, day = await self._open_date(session, caller, typed)
        changed = await take_off(session, team, caller, calendar, day, label)
        self._wake()
        return changed

    @writes
    async def on(self, session: AsyncSession, caller: Caller, typed: str, label: str | None) -> CalendarChange:
        """Make a date an extra study day, or take back a day off. Raises InvalidInput if it is a study day anyway."""
        team, calendar, day = await self._open_date(session, caller, typed)
        changed = await study_on(session, team, caller, calendar, day, label)
        self._wake()
        return changed

    @writes
    async def start(self, session: AsyncSession, caller: Caller, typed: str) -> CalendarChange:
        """Move Day 1. Closed days keep their numbers; the days from now on are counted from the new start."""
        team, calendar = await self._changing(session, caller)
        try:
            start = read_start(typed, calendar.date_at(caller.at))
        except SettingUnreadable as error:
            raise setting_refused(error) from None
        return await self._change(session, team, caller, {"start_date": start}, action="calendar.start")

    @writes
    async def weekdays(self, session: AsyncSession, caller: Caller, typed: str) -> CalendarChange:
        """Choose the days of the week on which the team studies."""
        team, _calendar = await self._changing(session, caller)
        try:
            weekdays = read_weekdays(typed)
        except SettingUnreadable as error:
            raise setting_refused(error) from None
        return await self._change(session, team, caller, {"weekdays": weekdays}, action="calendar.weekdays")

    @writes
    async def holidays(self, session: AsyncSession, caller: Caller, typed: str) -> CalendarChange:
        """Choose the country whose public holidays are days off, or none."""
        team, _calendar = await self._changing(session, caller)
        try:
            country = read_country(typed)
        except SettingUnreadable as error:
            raise setting_refused(error) from None
        return await self._change(session, team, caller, {"country": country}, action="calendar.holidays")

    async def _changing(self, session: AsyncSession, caller: Caller) -> tuple[TeamRow, StudyCalendar]:
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        return team, await load_calendar(session, team)

    async def _open_date(
        self, session: AsyncSession, caller: Caller, typed: str
    ) -> tuple[TeamRow, StudyCalendar, date]:
        """The date that was typed, which must be one that can still change."""
        team, calendar = await self._changing(session, caller)
        today = calendar.date_at(caller.at)
        try:
            day = read_coming_date(typed, today)
        except DateUnreadable:
            raise setting_refused(SettingUnreadable("date", typed)) from None
        await require_open(session, team, day, today)
        if day > today + FURTHEST:
            raise InvalidInput(_("{text} is more than two years away. Please check the year."), text=typed)
        return team, calendar, day

    async def _change(
        self, session: AsyncSession, team: TeamRow, caller: Caller, changes: Mapping[str, object], *, action: str
    ) -> CalendarChange:
        moved = await change_team(session, team, caller, changes, action=action)
        self._wake()
        return await outcome(session, team, caller, moved)
