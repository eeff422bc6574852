"""In which week of the study a day is, and where its page stands in a folder of pages."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from bot.domain.team import StudyDay


def week_of_study(day: date, first: date) -> int:
    """1 in the week (from Monday) of the first day; weeks off count."""
    return (_monday(day) - _monday(first)).days // 7 + 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def page_folders(days: Collection[StudyDay]) -> Mapping[date, str]:
    """Day → the folder of its page: `week6/day27`.

    A number that a moved start gave out twice gets its date behind it, but for the first time.
    """
    first = min((day.date for day in days), default=date.min)
    folders: dict[date, str] = {}
    taken: set[int] = set()
    for day in sorted(days, key=lambda each: each.date):
        name = f"day{day.number}-{day.date}" if day.number in taken else f"day{day.number}"
        taken.add(day.number)
        folders[day.date] = f"week{week_of_study(day.date, first)}/{name}"
    return folders
