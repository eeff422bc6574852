"""Months to be drawn."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.calendar import DayOff, DayOffKind
from bot.domain.month import CalendarDay, Month, MonthTurn

FIRST = date(2026, 1, 1)
TODAY = date(2026, 1, 14)
HOLIDAY = DayOff(DayOffKind.HOLIDAY, "신정")
TRIP = DayOff(DayOffKind.TEAM, "워크숍")


def january(changed: Mapping[int, Mapping[str, object]] | None = None, *, today: date = TODAY) -> Month:
    """January 2026 of a team that studies from Monday to Friday; `changed` says what is different on which days."""
    days, number = [], 0
    for step in range(31):
        day = FIRST + timedelta(days=step)
        off = HOLIDAY if step == 0 else DayOff(DayOffKind.WEEKDAY) if day.weekday() > 4 else None
        number += off is None
        plain = CalendarDay(day, None if off else number, off, closed=off is None and day < today)
        days.append(replace(plain, **(changed or {}).get(day.day, {})))
    return Month(today, tuple(days))


def turn(name: str, label: str = "", *, planned: bool = False) -> MonthTurn:
    return MonthTurn(label, name, planned)
