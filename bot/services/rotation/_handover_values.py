"""What handing over tells: frozen values."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.team import Member, Team
from bot.services.rotation._swap_values import HeldTurn
from bot.services.rotation._values import DayTurns

UNDISTURBED: Final = frozenset({"away", "left"})
"""Causes of a change after which whoever had the turn is not pinged."""

AGREED: Final = frozenset({"swap", "substitute"})
"""Causes of a change for which somebody asked, and waits for the answer."""


@dataclass(frozen=True)
class Asked:
    """What a button asks about: the duties of a day, or the turns that an act changed."""

    team_id: int
    day: date | None = None
    act_id: int | None = None


@dataclass(frozen=True)
class OwnTurn:
    """A turn of whoever pressed a button; `id` is that of its row."""

    id: int
    turn: HeldTurn


@dataclass(frozen=True)
class Confirmed:
    """What somebody said they will do. `already`: they had said so before."""

    turns: tuple[HeldTurn, ...]
    already: bool


@dataclass(frozen=True)
class Unanswered:
    """The turns of a day that nobody has confirmed. `today` is the date on which this is told.

    `moderator` is whose day it is, None if nobody's; `channel_id` the moderators' channel, None if they have no own.
    """

    team: Team
    today: date
    turns: DayTurns
    moderator: Member | None
    channel_id: int | None


@dataclass(frozen=True)
class ChangedTurn:
    """A turn that somebody has now, whose it was (None: nobody's), and on which other day, if it was on another.

    `cause` is what made it change (assign, away, swap, …), `reason` what whoever did it tells the team. `made`: it was
    given out, not only planned again.
    """

    turn: HeldTurn
    before: Member | None
    day_before: date | None
    cause: str
    reason: str | None
    confirmed: bool
    made: bool = True

    def concerned(self, actor_id: int) -> list[int]:
        """Discord users; without whoever did it, who agreed to it, or is away or gone."""
        agreed = self.cause in AGREED
        people = [] if agreed and self.confirmed else [self.turn.member]
        if self.before is not None and self.cause not in UNDISTURBED:
            people.append(self.before)
        return [each.user_id for each in people if agreed or each.user_id != actor_id]


@dataclass(frozen=True)
class Change:
    """What an act changed, as far as it still stands. `actor_id` is the Discord user who did it."""

    team: Team
    turns: tuple[ChangedTurn, ...]
    actor_id: int

    @property
    def concerned(self) -> tuple[int, ...]:
        """Discord users who have a turn now or had it until now, as far as they do not know it already."""
        concerned = (user_id for turn in self.turns for user_id in turn.concerned(self.actor_id))
        return tuple(dict.fromkeys(concerned))
