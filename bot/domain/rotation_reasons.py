"""Why a turn goes to somebody and not to others, for those who argue about it.

`bot.domain.rotation.plan` says what settled each choice and whom it was made from; here that becomes what one person
tells another: those who would have come first by the rule, and what kept each of them from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from bot.domain.choice import Candidate, Reason
from bot.domain.duties import Absence, RosterMember
from bot.domain.rotation import PlannedTurn


class Hindrance(Enum):
    """What keeps somebody from a turn that they would have come first for."""

    ON_DUTY = "on duty"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class PassedOver:
    """Somebody who would have come first. ON_DUTY: `duty` is what they have that day already."""

    member_id: int
    hindrance: Hindrance
    duty: str | None = None


@dataclass(frozen=True)
class Absent:
    """Somebody away; `last_day` is the last day of it, None while nobody knows, and the day itself for a single one."""

    member_id: int
    last_day: date | None


@dataclass(frozen=True)
class Explanation:
    """Why a turn is somebody's.

    `others_turns` is how many turns whoever was free besides has at least; None if nobody was. `passed_over` are those
    who would have come before the chosen one, in the order in which they would have.
    """

    reason: Reason
    others_turns: int | None = None
    passed_over: tuple[PassedOver, ...] = ()


def explain(turn: PlannedTurn) -> Explanation:
    """Why this turn is whose it is."""
    candidates = turn.candidates
    chosen = next((each for each in candidates if each.member_id == turn.member_id), None)
    if chosen is None:
        return Explanation(turn.reason, passed_over=_kept_from(candidates))
    ranked = sorted(candidates, key=_rank)
    free = [each for each in candidates if each is not chosen and not each.skipped and _as_free_as(chosen, each)]
    return Explanation(
        turn.reason,
        min((each.turns for each in free), default=None),
        _kept_from(ranked[: ranked.index(chosen)]),
    )


def absent_on(day: date, roster: Sequence[RosterMember]) -> tuple[Absent, ...]:
    """Those who belong to the team on a day and are away, in roster order."""
    return tuple(
        Absent(member.member_id, _last_day([absence for absence in member.away if day in absence], day))
        for member in roster
        if member.belongs_on(day) and not member.present_on(day)
    )


def _rank(candidate: Candidate) -> tuple[int, bool, int]:
    """As `bot.domain.choice` ranks them, who is on duty that day among them."""
    return (candidate.turns, not candidate.owes, -candidate.waited_days)


def _as_free_as(chosen: Candidate, other: Candidate) -> bool:
    return other.duties_today <= chosen.duties_today


def _kept_from(candidates: Sequence[Candidate]) -> tuple[PassedOver, ...]:
    """Those among them who could not, and why; whoever was kept free to moderate is told of by the reason itself."""
    return tuple(
        PassedOver(each.member_id, Hindrance.ON_DUTY, each.duty_today)
        if each.duties_today
        else PassedOver(each.member_id, Hindrance.SKIPPED)
        for each in candidates
        if each.duties_today or each.skipped
    )


def _last_day(absences: Sequence[Absence], day: date) -> date | None:
    whole = [absence.span.until for absence in absences if not absence.weekdays]
    if None in whole:
        return None
    return max((until - timedelta(days=1) for until in whole if until is not None), default=day)
