"""The team's calendar: which study day an instant belongs to, which days are study days, and when "21:00" is.

A date ends at the *cut-off* (default 04:00 local), not at midnight. A date of the calendar is the time between two
cut-offs, so every instant belongs to exactly one date, also where clocks are put forward or back. Study days are the
team's weekdays, minus public holidays, minus the team's days off, plus its extra days, from the start date on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from itertools import count
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

import holidays as holidays_package

from bot.domain.timewords import parse_time as parse_time  # noqa: PLC0414  # readers of the calendar's settings
from bot.domain.timewords import parse_weekdays as parse_weekdays  # noqa: PLC0414

ONE_DAY: Final = timedelta(days=1)
LONGEST_BREAK: Final = 400
"""Days off in a row after which a calendar is taken to have no further study day."""


class CalendarError(ValueError):
    """Something about the calendar cannot be."""


class NoStudyDay(CalendarError):
    """There is no study day within `LONGEST_BREAK` days."""


class NotAStudyDay(CalendarError):
    """A day off has no number."""


class CountryUnknown(CalendarError):
    """The public holidays of this country are not known."""


class DayOffKind(Enum):
    """Why a date is no study day."""

    BEFORE_START = "before start"
    WEEKDAY = "weekday"
    HOLIDAY = "holiday"
    TEAM = "team"


@dataclass(frozen=True)
class DayOff:
    """Why a date is no study day; `label` is the holiday's name or what the team wrote."""

    kind: DayOffKind
    label: str = ""


@dataclass(frozen=True)
class ClosedDay:
    """A study day whose number is frozen; the days after it count on from there."""

    day: date
    number: int


@dataclass(frozen=True)
class StudyCalendar:
    """The calendar of one team. Weekdays count from Monday 0; `extra` wins over `off`, `off` over `holidays`.

    CalendarError for no weekday at all, for one that does not exist, and for a cut-off later than noon (the times
    before it belong to the night after, which is true of 03:00 but of no 13:00).
    """

    zone: ZoneInfo
    start: date
    weekdays: frozenset[int] = frozenset(range(5))
    cutoff: time = time(4)
    holidays: Mapping[date, str] = field(default_factory=dict)
    off: Mapping[date, str] = field(default_factory=dict)
    extra: Mapping[date, str] = field(default_factory=dict)
    last_closed: ClosedDay | None = None

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise CalendarError("a calendar needs at least one weekday, from 0 to 6")
        if self.cutoff > time(12):
            raise CalendarError("the cut-off cannot be later than noon")

    def date_at(self, instant: datetime) -> date:
        """The date that an instant belongs to; 01:30 on Tuesday morning belongs to Monday."""
        if instant.tzinfo is None:
            raise CalendarError("an instant needs its time zone")
        day = instant.astimezone(self.zone).date()
        while instant < self.begins_at(day):
            day -= ONE_DAY
        while instant >= self.ends_at(day):
            day += ONE_DAY
        return day

    def begins_at(self, day: date) -> datetime:
        """The cut-off before a date, in UTC: the first instant that belongs to it."""
        return self._on_clock(day, self.cutoff)

    def ends_at(self, day: date) -> datetime:
        """The cut-off after a date, in UTC: the first instant that no longer belongs to it."""
        return self.begins_at(day + ONE_DAY)

    def moment(self, day: date, local_time: time) -> datetime:
        """The instant of a local time on a date, in UTC; a time before the cut-off is in the night after.

        Where clocks are put back, the first of two such times. Where they are put forward over it, as much later; if
        that crosses the cut-off (03:30 in Helsinki in March), the date's last minute, so that it stays in its date.
        """
        night_after = local_time < self.cutoff
        instant = self._on_clock(day + ONE_DAY if night_after else day, local_time)
        if instant >= self.ends_at(day):
            return self.ends_at(day) - timedelta(minutes=1)
        return max(self.begins_at(day), instant)

    def _on_clock(self, day: date, local_time: time) -> datetime:
        return datetime.combine(day, local_time.replace(fold=0), self.zone).astimezone(UTC)

    def next_moment(self, local_time: time, after: datetime) -> tuple[date, datetime]:
        """The first study day whose moment at this local time is later than `after`, and that moment in UTC."""
        day = self.day_for_entry(after)
        instant = self.moment(day, local_time)
        while instant <= after:
            day = self.next_after(day)
            instant = self.moment(day, local_time)
        return day, instant

    def is_study_day(self, day: date) -> bool:
        return self.day_off_reason(day) is None

    def day_off_reason(self, day: date) -> DayOff | None:
        """Why a date is no study day; None if it is one."""
        if day < self.start:
            return DayOff(DayOffKind.BEFORE_START)
        if day in self.extra:
            return None
        if day in self.off:
            return DayOff(DayOffKind.TEAM, self.off[day])
        if day in self.holidays:
            return DayOff(DayOffKind.HOLIDAY, self.holidays[day])
        return None if day.weekday() in self.weekdays else DayOff(DayOffKind.WEEKDAY)

    def number(self, day: date) -> int:
        """The number of a study day: 1 on the first one, counting on from the last closed one. NotAStudyDay else."""
        if not self.is_study_day(day):
            raise NotAStudyDay(f"{day} is no study day")
        closed = self.last_closed
        if closed is None or not self.start <= closed.day <= day:
            return self._count(self.start, day)
        return closed.number + self._count(closed.day + ONE_DAY, day)

    def _count(self, first: date, last: date) -> int:
        """Study days from `first` to `last`, both included, without walking through them."""

        def within(days: Iterable[date], *, on_weekdays: bool) -> int:
            return sum(first <= day <= last and (day.weekday() in self.weekdays) is on_weekdays for day in days)

        lost = (self.holidays.keys() | self.off.keys()) - self.extra.keys()
        usual = _count_weekdays(first, last, self.weekdays)
        return usual - within(lost, on_weekdays=True) + within(self.extra, on_weekdays=False)

    def next_after(self, day: date) -> date:
        """The first study day later than a date. NoStudyDay if more than `LONGEST_BREAK` days off follow."""
        first = max(day, self.start - ONE_DAY)
        for step in range(1, min(LONGEST_BREAK, (date.max - first).days) + 1):
            candidate = first + timedelta(days=step)
            if self.is_study_day(candidate):
                return candidate
        raise NoStudyDay(f"no study day within {LONGEST_BREAK} days after {day}")

    def previous_before(self, day: date) -> date | None:
        """The last study day earlier than a date; None if there is none since the start."""
        for step in count(1):
            candidate = day - timedelta(days=step)
            if candidate < self.start:
                return None
            if self.is_study_day(candidate):
                return candidate
        return None

    def between(self, first: date, last: date) -> list[date]:
        """The study days from `first` to `last`, both included, in order."""
        days = (first + timedelta(days=step) for step in range((last - first).days + 1))
        return [day for day in days if self.is_study_day(day)]

    def day_for_entry(self, instant: datetime) -> date:
        """The study day that an entry made now belongs to: this one, or on a day off the next one."""
        day = self.date_at(instant)
        return day if self.is_study_day(day) else self.next_after(day)

    def day_for_retrospective(self, instant: datetime) -> date | None:
        """The study day that one looks back on now: this one, or on a day off the latest one; None before the first."""
        day = self.date_at(instant)
        return day if self.is_study_day(day) else self.previous_before(day)


def _count_weekdays(first: date, last: date, weekdays: frozenset[int]) -> int:
    length = (last - first).days + 1
    weeks, rest = divmod(max(length, 0), 7)
    return weeks * len(weekdays) + sum((first.weekday() + step) % 7 in weekdays for step in range(rest))


@lru_cache(maxsize=64)
def public_holidays(country: str, first_year: int, last_year: int, language: str = "ko") -> Mapping[date, str]:
    """Public holidays of a country (`KR`) from one year to another, both included, with their names.

    Names come in the language where the `holidays` package has them, else in English, else in the country's own.
    CountryUnknown if the package does not know the country.
    """
    code = country.strip().upper()
    known = holidays_package.list_supported_countries()
    if code not in known:
        raise CountryUnknown(f"no public holidays known for {country!r}")
    names = holidays_package.list_localized_countries().get(code, [])
    chosen = next((name for wanted in (language, "en") for name in names if name.startswith(wanted)), None)
    found = holidays_package.country_holidays(code, years=range(first_year, last_year + 1), language=chosen)
    return MappingProxyType(dict(sorted(found.items())))


def parse_zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as `Asia/Seoul`. CalendarError if there is none."""
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError) as error:  # a folder such as "Asia" is an OSError
        raise CalendarError(f"no such time zone: {name!r}") from error


def parse_date(text: str) -> date:
    """A date in ISO form, `2026-12-03`. CalendarError if it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise CalendarError(f"not a date like 2026-12-03: {text!r}") from error
