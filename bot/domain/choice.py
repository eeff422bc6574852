"""One choice of the rotation: who of those present does a duty, and why they.

The rule, for one duty of one day, among those present that day who have not skipped it:

1. nobody gets a second duty of the day while somebody present has fewer duties that day;
2. then the fewest counted turns of this duty, turns already given for later days among them;
3. then whoever skipped their last turn of this duty;
4. then the longest wait, in days since the last turn of this duty, or since one first appeared;
5. then the order of the roster, or the one that was set.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum


class ReasonKind(Enum):
    """What settled a choice."""

    ASSIGNED = "assigned"
    ONLY_ONE = "only one"
    FEWEST_TURNS = "fewest turns"
    SKIPPED_LAST = "skipped last"
    LONGEST_WAIT = "longest wait"
    ROSTER_ORDER = "roster order"
    EVEN_MODERATORS = "even moderators"
    DOUBLE = "double"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Reason:
    """What settled a choice, with the counted turns and the days waited of whoever was chosen.

    ONLY_ONE: nobody else was free. EVEN_MODERATORS: others, with equally few turns, are kept free to moderate.
    DOUBLE: the team is too small, everybody has a duty that day already. NOBODY: nobody is there who could.
    """

    kind: ReasonKind
    turns: int = 0
    waited_days: int = 0


@dataclass(frozen=True)
class Candidate:
    """Somebody present, as one choice sees them. `duty_today` is the first duty they have that day.

    `skipped`: takes no part in this choice, having skipped it or having another place of the same unit. `owes`:
    skipped their last turn of this duty, and had none since.
    """

    member_id: int
    turns: int
    waited_days: int
    duties_today: int
    duty_today: str | None = None
    skipped: bool = False
    owes: bool = False


@dataclass(frozen=True)
class Choice:
    member_id: int
    reason: Reason


Chooser = Callable[[Sequence[Candidate]], Choice | None]


def choose(candidates: Sequence[Candidate]) -> Choice | None:
    """The rule of this module. Candidates come in roster order; None if there are none."""
    able = least_busy(candidates)
    if not able:
        return None
    ranked = sorted(able, key=lambda candidate: (candidate.turns, not candidate.owes, -candidate.waited_days))
    chosen = ranked[0]
    kind = ReasonKind.DOUBLE if chosen.duties_today else _what_settled(ranked)
    return Choice(chosen.member_id, Reason(kind, chosen.turns, chosen.waited_days))


def least_busy(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those with the fewest duties of the day; they come before everybody else."""
    duties = min((candidate.duties_today for candidate in candidates), default=0)
    return [candidate for candidate in candidates if candidate.duties_today == duties]


def _what_settled(ranked: Sequence[Candidate]) -> ReasonKind:
    if len(ranked) == 1:
        return ReasonKind.ONLY_ONE
    first, second = ranked[:2]
    if first.turns < second.turns:
        return ReasonKind.FEWEST_TURNS
    if first.owes and not second.owes:
        return ReasonKind.SKIPPED_LAST
    return ReasonKind.LONGEST_WAIT if first.waited_days > second.waited_days else ReasonKind.ROSTER_ORDER
