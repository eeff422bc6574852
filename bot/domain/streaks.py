"""Days in a row. A day on which nothing was due (a holiday, an absence, a pass) neither counts nor breaks."""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Streak:
    """How many days in a row up to now, and at most so far."""

    current: int = 0
    longest: int = 0


def streak(kept: Collection[date], *, due: Iterable[date], open_day: date | None = None) -> Streak:
    """Days in a row that were kept, of those that were due; one kept without being due counts too.

    `open_day` is not over yet: it counts once it is kept, and until then does not break the run.
    """
    current = longest = 0
    for day in sorted({*due, *kept}):
        if day in kept:
            current += 1
            longest = max(longest, current)
        elif day != open_day:
            current = 0
    return Streak(current, longest)


def team_streak(
    due: Mapping[date, AbstractSet[int]], written: Mapping[date, AbstractSet[int]], *, open_day: date | None = None
) -> Streak:
    """Days in a row on which everybody who was due has written. On a day on which nobody was due nothing happens."""
    with_somebody = {day: people for day, people in due.items() if people}
    kept = {day for day, people in with_somebody.items() if people <= written.get(day, frozenset())}
    return streak(kept, due=with_somebody, open_day=open_day)
