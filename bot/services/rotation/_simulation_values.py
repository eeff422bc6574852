"""What would happen, and why: frozen values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.choice import Reason
from bot.domain.rotation_reasons import Hindrance
from bot.domain.team import Member
from bot.services.rotation._values import NamedDuty


@dataclass(frozen=True)
class Passed:
    """Somebody who would have come first, and what kept them from it; `duty` is what they have that day already."""

    member: Member
    hindrance: Hindrance
    duty: NamedDuty | None = None


@dataclass(frozen=True)
class SimulatedTurn:
    """A duty of a day, whose it would be and why; `member` is None if nobody could.

    `imagined` is the how manieth lecture of the day it is for, if that is not a real one. `held`: of a week that was
    given out on another day.
    """

    duty: NamedDuty
    member: Member | None
    reason: Reason
    others_turns: int | None = None
    passed: tuple[Passed, ...] = ()
    imagined: int | None = None
    held: bool = False


@dataclass(frozen=True)
class Away:
    """Somebody away on a day; `last_day` is the last day of it, None while nobody knows."""

    member: Member
    last_day: date | None


@dataclass(frozen=True)
class SimulatedDay:
    """A study day, who is away on it, and its turns."""

    date: date
    number: int
    away: tuple[Away, ...]
    turns: tuple[SimulatedTurn, ...]


@dataclass(frozen=True)
class Simulated:
    """What would happen on the coming study days; `lectures` is how many a day were assumed, None for the real ones."""

    days: Sequence[SimulatedDay]
    lectures: int | None
