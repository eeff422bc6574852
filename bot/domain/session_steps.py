"""How a session moves on: lecture by lecture, each with its questions, then all the rest; and how long each part takes.

A part is known by the id of its lecture; `REST` is what comes after the lectures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

REST: Final = None

Part = int | None


@dataclass(frozen=True)
class Step:
    """The session came to a part, or to a question in it. Numbers count from 1."""

    number: int
    part: Part
    question_id: int | None
    began_at: datetime


@dataclass(frozen=True)
class Move:
    """Where the session goes next: to a part as such (a presentation begins), or to a question in it."""

    part: Part
    question_id: int | None = None


def next_move(parts: Mapping[Part, Sequence[int]], steps: Sequence[Step]) -> Move | None:
    """The next thing on the agenda; None once all of it was at the table.

    `parts` are in the order of the agenda, each with the ids of its questions that nobody has taken up yet. A part is
    left when it has none any more. Then come the lectures not yet presented and the parts with questions, those after
    the present one first.
    """
    order = list(parts)
    here = steps[-1].part if steps else None
    begun = {step.part for step in steps}
    if steps and parts.get(here):
        return Move(here, parts[here][0])
    place = order.index(here) + 1 if steps and here in parts else 0
    for part in order[place:] + order[:place]:
        if part is not REST and part not in begun:
            return Move(part)
        if parts[part]:
            return Move(part, parts[part][0])
    return None


def planned_minutes(total: int, lectures: int) -> tuple[int, ...]:
    """Minutes of each lecture: equal shares of the session, of which one is kept for all the rest."""
    share, more = divmod(total, lectures + 1)
    return tuple(share + (place < more) for place in range(lectures))


def time_spent(steps: Sequence[Step], until: datetime | None) -> dict[Part, timedelta]:
    """How long the session was at each part; at the last one `until`. Without it, that part is left out."""
    spent: dict[Part, timedelta] = {}
    ends = [step.began_at for step in steps[1:]] + [until]
    for step, end in zip(steps, ends, strict=False):
        if end is not None:
            spent[step.part] = spent.get(step.part, timedelta()) + max(end - step.began_at, timedelta())
    if steps and until is None:
        spent.pop(steps[-1].part, None)
    return spent


def in_minutes(span: timedelta) -> int:
    """Whole minutes, the nearest."""
    return round(span.total_seconds() / 60)
