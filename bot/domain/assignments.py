"""Assignments: when they are due, when to remind whom, and what is late.

Reading a deadline as people type it is `bot.domain.deadlines`, reading lists of offsets `bot.domain.offsets`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain import catch_up
from bot.domain.deadlines import DeadlineAmbiguous, DeadlineError, DeadlinePast, DeadlineUnreadable, read_deadline
from bot.domain.offsets import OffsetsUnreadable, format_offsets, parse_offsets

__all__ = [
    "DeadlineAmbiguous",
    "DeadlineError",
    "DeadlinePast",
    "DeadlineUnreadable",
    "Night",
    "OffsetsUnreadable",
    "Reminder",
    "format_offsets",
    "is_late",
    "morning_after",
    "own_due",
    "parse_offsets",
    "read_deadline",
    "reminders",
    "summary_at",
    "who_has_not",
]

Night = tuple[datetime, datetime]
"""From when until when nobody is to be reminded, in UTC."""

SUMMARY_AFTER: Final = timedelta(minutes=1)
"""A deadline is a minute; at its very instant somebody may still hand in."""


@dataclass(frozen=True)
class Reminder:
    """One reminder of a deadline: how long before it, and the instant in UTC."""

    offset: timedelta
    at: datetime


def reminders(
    due: datetime,
    offsets: Iterable[timedelta],
    now: datetime,
    night_around: Callable[[datetime], Night | None] | None = None,
) -> tuple[Reminder, ...]:
    """The reminders of a deadline that are still ahead, earliest first. An offset given twice reminds once.

    One that falls into the night (`night_around` says which, if any) moves to the evening before it, so that nobody
    has less notice; where that is past, to the morning after. The last one stays where it is, because nothing comes
    after it. Where one would not be earlier than the next any more, the next one is enough.
    """
    planned = [Reminder(offset, due - offset) for offset in sorted(set(offsets))]
    kept: list[Reminder] = []
    for reminder in (reminder for reminder in planned if reminder.at > now):
        night = None if night_around is None or not kept else night_around(reminder.at)
        moved = reminder if night is None else Reminder(reminder.offset, night[0] if night[0] > now else night[1])
        if not kept or moved.at < kept[-1].at:
            kept.append(moved)
    return tuple(reversed(kept))


def morning_after(
    planned: datetime, now: datetime, due: datetime, night_around: Callable[[datetime], Night | None] | None
) -> datetime | None:
    """The end of the night for which a reminder that is too late for its evening waits; None if it goes out now.

    It goes out whatever the hour if it was meant for the night, as the last one before a deadline is, or if the
    deadline does not come after the night.
    """
    if night_around is None or not catch_up.is_late(planned, now) or night_around(planned) is not None:
        return None
    night = night_around(now)
    return night[1] if night is not None and night[1] < due else None


def who_has_not(roster: Sequence[int], submitted: Collection[int], excused: Collection[int] = ()) -> tuple[int, ...]:
    """Ids of those on the roster who have neither handed in nor are excused, in roster order."""
    done = {*submitted, *excused}
    return tuple(member_id for member_id in roster if member_id not in done)


def is_late(submitted_at: datetime, due: datetime) -> bool:
    """Whether something was handed in after its deadline; at that very instant it is still in time."""
    return submitted_at > due


def own_due(due: datetime, until: datetime | None) -> datetime:
    """The deadline of a member: their own if it is later. Everybody's moved behind it takes its place."""
    return due if until is None else max(due, until)


def summary_at(due: datetime) -> datetime:
    """When moderators are told how a deadline went."""
    return due + SUMMARY_AFTER
