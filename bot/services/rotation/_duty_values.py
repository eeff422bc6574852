"""What adding and removing a duty tells: frozen values."""

from dataclasses import dataclass
from datetime import date

from bot.domain.duties import Per
from bot.domain.team import Member, Team
from bot.services.rotation._values import NamedDuty, ShownTurn


@dataclass(frozen=True)
class NewDuty:
    """A duty as a moderator adds it: `people` do it together; its weeks begin on `first_weekday` (Monday is 0)."""

    name: str
    per: Per
    people: int = 1
    first_weekday: int | None = None


@dataclass(frozen=True)
class AddedDuty:
    """A duty that the team has now, from the study day `since` on. `first` are its first turns, as far as planned."""

    duty: NamedDuty
    per: Per
    people: int
    first_weekday: int
    since: date
    number: int
    first: tuple[ShownTurn, ...]


@dataclass(frozen=True)
class FreedTurn:
    """A turn that need not be done any more, its day, and whether the team was told of it before."""

    date: date
    member: Member
    announced: bool


@dataclass(frozen=True)
class RemovedDuty:
    """A duty that the team has no more, and the turns that were made for days to come."""

    team: Team
    duty: NamedDuty
    freed: tuple[FreedTurn, ...]

    @property
    def told(self) -> tuple[FreedTurn, ...]:
        """Those of which the team was told before, and is told now that nobody has to do them."""
        return tuple(turn for turn in self.freed if turn.announced)
