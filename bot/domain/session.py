"""The peer session as values: what is on its agenda, what its minutes say, who is asked around the table.

Instants are in the team's zone. `names` maps Discord user ids to roster names, for the mentions in what people typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from bot.domain.attendance import RollCall
from bot.domain.questions import QuestionState
from bot.domain.session_steps import REST, Part, Step
from bot.domain.team import Member, StudyDay, Team

MinutesKind = Literal["note", "discussion", "decision", "action", "announcement", "material"]

MINUTES_KINDS: Final[tuple[MinutesKind, ...]] = get_args(MinutesKind)

THREAD_NAME_LIMIT: Final = 100
"""Characters that Discord takes as the name of a thread."""


@dataclass(frozen=True)
class OpenQuestion:
    """A question that waits for an answer; `about` is the lecture's label (`NLP 3강`), empty without one."""

    id: int
    number: int
    text: str
    about: str = ""
    state: QuestionState = QuestionState.OPEN


@dataclass(frozen=True)
class Link:
    """A material of a lecture: where it can be seen."""

    title: str
    url: str


@dataclass(frozen=True)
class OnDuty:
    """Somebody who has a duty. `confirmed`: they said that they will do it."""

    member: Member
    confirmed: bool = False


@dataclass(frozen=True)
class Presented:
    """A lecture presented in the session: `NLP 3강 · RNN`, and `3강` where the line is short.

    `questions` are its open ones, in the order in which they are taken up.
    """

    id: int
    label: str
    short: str
    presenters: tuple[OnDuty, ...]
    questions: tuple[OpenQuestion, ...] = ()
    materials: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Carried:
    """A further question from an earlier day that is still open; its age in study days."""

    question: OpenQuestion
    age: int


@dataclass(frozen=True)
class Deadline:
    """An assignment that is due soon."""

    number: int
    title: str
    due: datetime


@dataclass(frozen=True)
class Action:
    """Something that somebody took on in an earlier session and has not done yet."""

    id: int
    text: str
    owner: Member | None
    due: date | None


@dataclass(frozen=True)
class Slot:
    """The time of a part of the session: planned from the start of the session on, and what it took so far.

    Minutes; `taken` is None before it was at the table, and where nobody knows when it ended.
    """

    part: Part
    begins: datetime | None
    planned: int
    taken: int | None = None


@dataclass(frozen=True)
class OpenTable:
    """A round table on the agenda: how many have replied, and whether it is still open."""

    prompt: str
    replies: int
    closed: bool


@dataclass(frozen=True)
class Agenda:
    """What a session is about and how far it is.

    `questions` are the day's open ones that belong to no lecture presented in it. `steps` are where it was so far, and
    `at_the_table` the question it is at. `slots` are in the order of the lectures; the last one is of the rest.
    """

    team: Team
    day: StudyDay
    moderator: OnDuty | None
    lectures: tuple[Presented, ...]
    questions: tuple[OpenQuestion, ...]
    carried: tuple[Carried, ...]
    deadlines: tuple[Deadline, ...]
    actions: tuple[Action, ...]
    announcements: tuple[str, ...]
    round_tables: tuple[OpenTable, ...]
    roll: RollCall
    started_at: datetime | None
    ended_at: datetime | None
    steps: tuple[Step, ...]
    at_the_table: OpenQuestion | None
    slots: tuple[Slot, ...]
    names: Mapping[int, str]
    experiment: str = ""
    """What the team tries out this week; empty for nothing."""

    @property
    def step(self) -> int:
        """The number of the latest step; 0 before the first."""
        return self.steps[-1].number if self.steps else 0

    @property
    def parts(self) -> Mapping[Part, Sequence[int]]:
        """The parts in their order, each with the ids of its questions that were not yet at the table."""
        rest = (*self.questions, *(item.question for item in self.carried))
        parts: dict[Part, Sequence[int]] = {lecture.id: _waiting(lecture.questions) for lecture in self.lectures}
        return parts | {REST: _waiting(rest)}

    @property
    def open_questions(self) -> int:
        """How many questions wait for an answer in this session."""
        return sum(len(lecture.questions) for lecture in self.lectures) + len(self.questions) + len(self.carried)


def _waiting(questions: Sequence[OpenQuestion]) -> list[int]:
    return [question.id for question in questions if question.state is QuestionState.OPEN]


@dataclass(frozen=True)
class Entry:
    """One entry of the minutes; `about` is the lecture's label, empty for one of the day."""

    kind: MinutesKind
    text: str
    about: str
    owner: Member | None
    due: date | None


@dataclass(frozen=True)
class Reply:
    """What one member said at the round table."""

    name: str
    text: str


@dataclass(frozen=True)
class RoundTable:
    """A question to everybody, and the replies in the order in which they came."""

    prompt: str
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Replies:
    """A round table that is closed, for its team to see."""

    team: Team
    table: RoundTable
    names: Mapping[int, str]


@dataclass(frozen=True)
class OwnDuty:
    """A duty of the team's own, of a lecture if `lecture` is its short label, and who does it."""

    name: str
    lecture: str | None
    people: tuple[OnDuty, ...]


@dataclass(frozen=True)
class NextDay:
    """Who does what on the next study day."""

    day: StudyDay
    moderator: OnDuty | None
    lectures: tuple[Presented, ...]
    own: tuple[OwnDuty, ...] = ()


@dataclass(frozen=True)
class TakenOver:
    """A lecture that somebody else presents now; `by` is None while nobody does."""

    lecture: str
    by: Member | None


@dataclass(frozen=True)
class Briefing:
    """What a presenter is told shortly before the session.

    `lectures` are those they present, `carried` the further questions of earlier days, `gone` what they were to present
    and need not any more. `start` is when the session begins, in the team's zone.
    """

    team: Team
    day: StudyDay
    start: datetime | None
    presenter: Member
    moderator: Member | None
    lectures: tuple[Presented, ...]
    carried: tuple[Carried, ...]
    gone: tuple[TakenOver, ...]


@dataclass(frozen=True)
class Minutes:
    """What a session leaves behind. `next_day` is None where the calendar has no further study day.

    `times` are its parts with what they are called and how long they were planned and took, `whole` the session itself;
    `forgotten`: nobody ended it before the day was over.
    """

    team: Team
    day: StudyDay
    roll: RollCall
    whole: Slot | None
    times: tuple[tuple[str, Slot], ...]
    forgotten: bool
    entries: tuple[Entry, ...]
    round_tables: tuple[RoundTable, ...]
    next_day: NextDay | None
    names: Mapping[int, str]


@dataclass(frozen=True)
class NoteDraft:
    """An entry of the minutes as it is typed. Without a kind it is an action if it has an owner or a date."""

    kind: MinutesKind | None = None
    lecture_id: int | None = None
    owner_user_id: int | None = None
    due: str | None = None

    @property
    def resolved_kind(self) -> MinutesKind:
        if self.kind is not None:
            return self.kind
        return "action" if self.has_owner_or_due else "note"

    @property
    def has_owner_or_due(self) -> bool:
        return self.owner_user_id is not None or self.due is not None


def minutes_kind(text: str) -> MinutesKind:
    """A kind as it is stored or chosen; ValueError for anything else."""
    for kind in MINUTES_KINDS:
        if kind == text:
            return kind
    raise ValueError(f"no kind of minutes: {text!r}")


def by_kind(entries: Sequence[Entry]) -> dict[MinutesKind, list[Entry]]:
    """Entries in the order in which minutes are read: what everybody must know first, what was said last."""
    order: tuple[MinutesKind, ...] = ("announcement", "decision", "action", "discussion", "note", "material")
    grouped = {kind: [entry for entry in entries if entry.kind == kind] for kind in order}
    return {kind: found for kind, found in grouped.items() if found}


def thread_name(label: str, title: str) -> str:
    """`Day27 NLP 5~6강`, shortened visibly where Discord would refuse it."""
    name = f"{label} {title}".strip()
    return name if len(name) <= THREAD_NAME_LIMIT else f"{name[: THREAD_NAME_LIMIT - 1]}…"
