"""Who of those with equally few presentations presents, so that the moderator's turns stay even as well.

Presenters are chosen first and the moderator from the rest. Where a day has many lectures, the wait alone can let the
same people present on every other day, and then the others moderate ever more often. So whenever the presenters by the
rule of `bot.domain.rotation` would leave the moderator's turns more than one apart, or those who have presented most
and those who have not with clearly different numbers of them, presenters are exchanged for others with *the same*
number of presentations: fairness in presenting is never touched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

TILT: Final = 0.9
"""Turns that the two halves may differ in, on average, before anything is exchanged."""


@dataclass(frozen=True)
class Field:
    """Everybody present, by id, in the order in which the moderator goes round.

    Counted turns of presenting and of moderating before this day, and days waited to moderate; and who may present or
    moderate at all: has no other duty that day, and did not skip this one.
    """

    presented: Mapping[int, int]
    moderated: Mapping[int, int]
    waited: Mapping[int, int]
    may_present: frozenset[int]
    may_moderate: frozenset[int]


@dataclass(frozen=True)
class _Outcome:
    """After a day: how far the moderator's turns are apart, how unfit the moderator was, and how the halves differ."""

    apart: int
    excess: int
    tilt: float

    @property
    def is_even(self) -> bool:
        return self.apart <= 1 and self.tilt <= TILT

    @property
    def rank(self) -> tuple[int, float]:
        return (self.excess, self.tilt)


def evened(field: Field, chosen: Sequence[int]) -> list[int]:
    """The chosen presenters, or others in place of some of them. As many, in the same order."""
    presenters = list(chosen)
    outcome = _outcome(field, presenters)
    if outcome is None or outcome.is_even:
        return presenters
    while True:
        best = min(_exchanged(field, presenters), key=lambda option: option[0].rank, default=None)
        if best is None or best[0].rank >= outcome.rank:
            return presenters
        outcome, presenters = best


def _exchanged(field: Field, presenters: Sequence[int]) -> Iterator[tuple[_Outcome, list[int]]]:
    """Every exchange of one presenter for somebody free with as many presentations."""
    free = [member for member in field.presented if member not in presenters and member in field.may_present]
    for place, presenter in enumerate(presenters):
        for other in free:
            if field.presented[other] == field.presented[presenter]:
                option = [*presenters[:place], other, *presenters[place + 1 :]]
                if (outcome := _outcome(field, option)) is not None:
                    yield outcome, option


def _outcome(field: Field, presenters: Sequence[int]) -> _Outcome | None:
    """None if nobody would be free to moderate."""
    free = [member for member in field.moderated if member not in presenters and member in field.may_moderate]
    if not free:
        return None
    moderator = min(free, key=lambda member: (field.moderated[member], -field.waited[member]))
    least = min(field.moderated.values())
    moderated = {member: turns + (member == moderator) for member, turns in field.moderated.items()}
    presented = {member: turns + (member in presenters) for member, turns in field.presented.items()}
    fewest = min(presented.values())
    behind = [moderated[member] for member, turns in presented.items() if turns == fewest]
    ahead = [moderated[member] for member, turns in presented.items() if turns > fewest]
    return _Outcome(
        apart=max(moderated.values()) - min(moderated.values()),
        excess=field.moderated[moderator] - least,
        tilt=abs(fmean(behind) - fmean(ahead)) if ahead else 0.0,
    )
