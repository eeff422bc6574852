"""Public holidays to come: of which breaks a team's moderators are told, when, and what the team does on each."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Final

from bot.domain.calendar import ONE_DAY, DayOffKind, StudyCalendar

HOLIDAY_NOTICE: Final = "calendar.holiday"
"""Kind of the message that tells moderators of holidays to come."""

NOTICE: Final = timedelta(days=14)
"""How long before the first day of a break its notice comes."""

LONGEST_NOTICE: Final = 10
"""Holidays in one notice: its buttons, one a day, stay within Discord's 25. Further ones have a notice of their own."""

YEAR: Final = timedelta(days=365)


class OnHoliday(Enum):
    """What the team does on a public holiday. `USUAL`: it does not study on that weekday, or not yet, anyway."""

    OFF = "off"
    STUDIES = "studies"
    USUAL = "usual"


@dataclass(frozen=True)
class Holiday:
    """A public holiday, by name."""

    day: date
    name: str
    team: OnHoliday


def coming_holidays(calendar: StudyCalendar, today: date) -> tuple[Holiday, ...]:
    """The public holidays of the next twelve months, today's included, in order."""
    last = today + YEAR
    return tuple(
        Holiday(day, calendar.holidays[day], on_holiday(calendar, day))
        for day in sorted(calendar.holidays)
        if today <= day < last
    )


def on_holiday(calendar: StudyCalendar, day: date) -> OnHoliday:
    """What the team does on a date that is a public holiday."""
    reason = calendar.day_off_reason(day)
    if reason is None:
        return OnHoliday.STUDIES
    if reason.kind is DayOffKind.BEFORE_START or day.weekday() not in calendar.weekdays:
        return OnHoliday.USUAL
    return OnHoliday.OFF


def taken_off(calendar: StudyCalendar, day: date) -> bool:
    """Whether a date is off because it is a public holiday: without it the team would study."""
    reason = calendar.day_off_reason(day)
    return reason is not None and reason.kind is DayOffKind.HOLIDAY and day.weekday() in calendar.weekdays


def breaks(calendar: StudyCalendar, today: date, told: Collection[date]) -> Iterator[tuple[date, ...]]:
    """Later holidays that are taken off and not told of yet, in order; those with no study day between go together.

    A weekend does not part them, a date told of before does. At most `LONGEST_NOTICE` go together.
    """
    together: list[date] = []
    for day in sorted(day for day in calendar.holidays if day > today and day not in told and taken_off(calendar, day)):
        if together and (len(together) == LONGEST_NOTICE or _parted(calendar, together[-1], day, told)):
            yield tuple(together)
            together = []
        together.append(day)
    if together:
        yield tuple(together)


def _parted(calendar: StudyCalendar, first: date, second: date, told: Collection[date]) -> bool:
    between = (first + step * ONE_DAY for step in range(1, (second - first).days))
    return any(calendar.is_study_day(day) or day in told for day in between)


def notice_at(calendar: StudyCalendar, first: date, announce_time: time) -> datetime:
    """When the moderators are told of a break that begins on a date, in UTC."""
    return calendar.moment(first - NOTICE, announce_time)
