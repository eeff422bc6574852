"""What skipping, swapping, stepping in and taking back tell: frozen values, and turns in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.duties import MODERATOR, PRESENTER, Slot, week_of
from bot.domain.team import Member, Team
from bot.i18n import Message, _
from bot.services.rotation._values import NamedDuty


@dataclass(frozen=True)
class WantedTurn:
    """Which turn somebody means: what they typed of it, or the row of it that a button carries."""

    duty: str | None = None
    date: str | None = None
    lecture_id: int | None = None
    turn_id: int | None = None


@dataclass(frozen=True)
class HeldTurn:
    """A turn as people call it, and whose it is. `date` is its day; of a week, the first day still to come."""

    duty: NamedDuty
    unit: str
    date: date
    member: Member

    @property
    def slot(self) -> Slot:
        return Slot(self.duty.key, self.unit)


@dataclass(frozen=True)
class Skipped:
    """A turn that was not taken, and who has it now. `told`: the team is told; else the day was not announced yet.

    `double`: they have another duty that day, because the team is too small.
    """

    turn: HeldTurn
    now: Member
    told: bool
    double: bool = False


@dataclass(frozen=True)
class Request:
    """Somebody asks another member, or whoever can, to take a turn, or to give `other_turn` for it.

    `state`: open, agreed, declined, withdrawn; left or asked_left once whoever asked, or whoever was asked, is not
    there any more; lapsed once the first of the days has begun; overtaken once one of the turns is somebody else's.
    """

    id: int
    kind: str
    turn: HeldTurn
    other: Member | None
    other_turn: HeldTurn | None
    asked_by: int
    state: str


@dataclass(frozen=True)
class Asking:
    """A request as a message tells of it: whom it pings."""

    team: Team
    request: Request
    pinged: tuple[int, ...]


@dataclass(frozen=True)
class Answered:
    """A request after somebody pressed one of its buttons. `by_this`: it was this press that answered it."""

    team: Team
    request: Request
    by_this: bool


@dataclass(frozen=True)
class SteppedIn:
    """A turn that a moderator gave to somebody for this once."""

    turn: HeldTurn
    before: Member


@dataclass(frozen=True)
class Undone:
    """What was taken back: an act, whose turns are now as given; or one's own request.

    `kind`: assign, skip, swap, substitute, or request. `whose` did it, if that was somebody else of the team.
    """

    team: Team
    kind: str
    turns: tuple[HeldTurn, ...]
    whose: Member | None = None
    told: bool = False
    request: Request | None = None


def turn_words(duty: NamedDuty, unit: str, day: date, quote: Callable[[str], str] = str) -> Message:
    """`1/6 화 5강 발표`, `1/5 월부터 한 주 모더레이터`. `quote` makes what people typed safe for where it is shown."""
    text = _("{duty} on {day:day}") if week_of(unit) is None else _("{duty} in the week from {day:day}")
    return Message(text, {"duty": duty_words(duty, quote), "day": day})


def words_of(turn: HeldTurn, quote: Callable[[str], str] = str) -> Message:
    """The turn in words, without whose it is."""
    return turn_words(turn.duty, turn.unit, turn.date, quote)


def duty_words(duty: NamedDuty, quote: Callable[[str], str] = str) -> Message:
    lecture = "" if duty.lecture is None else quote(duty.lecture)
    if duty.key == MODERATOR:
        return Message(_("moderating"))
    if duty.key == PRESENTER:
        return Message(_("presenting {lecture}"), {"lecture": lecture})
    if lecture:
        return Message(_("{name} for {lecture}"), {"name": quote(duty.name), "lecture": lecture})
    return Message(_("duty “{name}”"), {"name": quote(duty.name)})


def listed(messages: Iterable[Message]) -> Message:
    """Messages one after the other."""
    first, *rest = messages
    for message in rest:
        first = Message(_("{first}; {next}"), {"first": first, "next": message})
    return first
