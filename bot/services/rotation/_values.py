"""What the rotation tells: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.duties import MODERATOR, PRESENTER
from bot.domain.team import Member, Team


@dataclass(frozen=True)
class NamedDuty:
    """A duty as people call it: `name` is that of a team's own, `lecture` as short as the day allows."""

    key: str
    name: str = ""
    lecture: str | None = None


@dataclass(frozen=True)
class ShownTurn:
    """A duty of a day and whose it is; `member` is None if nobody is there for it.

    `made`: it was given out, not only planned. `confirmed`: the member said yes. `double`: they have another duty that
    day, because the team is too small.
    """

    duty: NamedDuty
    member: Member | None
    made: bool = False
    confirmed: bool = False
    double: bool = False


@dataclass(frozen=True)
class DayTurns:
    """Who does what on a study day: presenters by their lectures, the moderator, the team's own duties."""

    date: date
    number: int
    turns: tuple[ShownTurn, ...]

    @property
    def moderator(self) -> Member | None:
        return next((turn.member for turn in self.turns if turn.duty.key == MODERATOR), None)

    @property
    def presentations(self) -> Mapping[str, tuple[Member, ...]]:
        """Lecture → who presents it, in the order of the lectures."""
        found: dict[str, tuple[Member, ...]] = {}
        for turn in self.turns:
            if turn.duty.key == PRESENTER and turn.duty.lecture is not None:
                readers = () if turn.member is None else (turn.member,)
                found[turn.duty.lecture] = (*found.get(turn.duty.lecture, ()), *readers)
        return found

    @property
    def members(self) -> tuple[Member, ...]:
        """Everybody who has a duty, each once."""
        return tuple(dict.fromkeys(turn.member for turn in self.turns if turn.member is not None))


@dataclass(frozen=True)
class Announcement:
    """The next study day's duties. `today` is the date in the team's zone on which this is said.

    `pinged` are Discord users. `nobody_free`: everybody who is there that day has a duty.
    """

    team: Team
    today: date
    turns: DayTurns
    pinged: tuple[int, ...]
    nobody_free: bool = False


@dataclass(frozen=True)
class Assignment:
    """A duty given to a member. `others` is what they have that day besides. `told`: the team is told of it."""

    duty: NamedDuty
    date: date
    number: int
    member: Member
    before: Member | None
    others: tuple[NamedDuty, ...]
    told: bool


@dataclass(frozen=True)
class PastTurn:
    """A turn as history tells it; `state` is proposed, assigned, replaced or skipped."""

    date: date
    duty: NamedDuty
    member: Member
    state: str
    confirmed: bool = False
