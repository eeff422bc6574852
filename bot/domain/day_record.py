"""Everything that happened on a study day, as plain values: what the journal of the day is made of.

Ids are those of the database but for the keys of `channels` and `roles` and `Member.user_id`, which are Discord's.
Texts are as people typed them; names are without 님; instants are aware. Nothing here needs to be sorted beyond what is
said: the order of a tuple is the order on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Literal

from bot.domain.retro import Reflection

QuestionState = Literal["open", "discussing", "answered", "mentor", "dropped", "withdrawn", "removed"]
MinutesKind = Literal["note", "discussion", "decision", "action", "announcement", "material"]
Visibility = Literal["team", "anonymous", "private"]


@dataclass(frozen=True)
class Member:
    """Somebody of the roster, now or then."""

    id: int
    user_id: int
    name: str


@dataclass(frozen=True)
class Material:
    """Slides or a link; of an attachment, `url` is the jump link of its message."""

    title: str
    url: str | None = None
    kept: "KeptFile | None" = None


@dataclass(frozen=True)
class KeptFile:
    """Where Discord keeps an attachment: addresses of files expire within a day, these ids do not."""

    channel_id: int
    message_id: int
    attachment_id: int | None


@dataclass(frozen=True)
class Lecture:
    """A unit of a course. `course`, `number` (`5강`, as the team writes it) and `title` may each be empty.

    `unconfirmed_ids` are those of its presenters who have not said that they will do it.
    """

    id: int
    course: str
    number: str
    title: str
    presenter_ids: tuple[int, ...] = ()
    materials: tuple[Material, ...] = ()
    unconfirmed_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Note:
    """What somebody wrote about a lecture studied on this day."""

    lecture_id: int
    author_id: int
    text: str


@dataclass(frozen=True)
class Submission:
    """What somebody handed in, and what they wrote about it for themselves."""

    member_id: int
    at: datetime
    late: bool = False
    link: str | None = None
    attachment: Material | None = None
    note: str = ""


@dataclass(frozen=True)
class Assignment:
    """An assignment of this day. `expected` says how many were to hand it in; it is printed as a count only."""

    id: int
    title: str
    required: bool
    due: datetime
    link: str | None = None
    description: str = ""
    submissions: tuple[Submission, ...] = ()
    expected: int = 0
    excused_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Answer:
    """One of the answers to a question."""

    author_id: int
    text: str


@dataclass(frozen=True)
class Question:
    """A question of this day; `author_id` None: anonymous; `lecture_id` None: asked to the day, not to a lecture.

    A removed one has no text, only the `reason`. `asked_on` is the number of the day on whose page it belongs, if it
    stands here because it was answered here; `answered_on` are the later days on which it was answered.
    """

    number: int
    text: str
    author_id: int | None
    state: QuestionState = "open"
    further: bool = False
    lecture_id: int | None = None
    answers: tuple[Answer, ...] = ()
    attachment: Material | None = None
    reason: str = ""
    asked_on: int | None = None
    answered_on: tuple[int, ...] = ()


@dataclass(frozen=True)
class MinutesEntry:
    """One entry of the minutes, of the day or of a lecture. Actions may have an owner and a date."""

    kind: MinutesKind
    text: str
    lecture_id: int | None = None
    owner_id: int | None = None
    due: date | None = None


@dataclass(frozen=True)
class Reply:
    """What one member said at the round table."""

    member_id: int
    text: str


@dataclass(frozen=True)
class RoundTable:
    """A question to everybody, and the replies."""

    prompt: str
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True)
class SessionTime:
    """How many minutes the session or a part of it was to take, and took; the part after the lectures has no label."""

    label: str
    planned: int
    taken: int


@dataclass(frozen=True)
class SessionFacts:
    """The session as such: how many came, how long it took, or what there was in its place.

    Who was absent, and why, is not here: pages travel farther than a team.
    """

    present: int = 0
    late: int = 0
    absent: int = 0
    began_at: datetime | None = None
    whole: SessionTime | None = None
    parts: tuple[SessionTime, ...] = ()
    instead: str = ""


@dataclass(frozen=True)
class Retrospective:
    """A retrospective. An anonymous one has no author; `key` is its random key, and decides where it stands.

    `edited`: a text was changed after it was first saved.
    """

    visibility: Visibility
    reflections: tuple[Reflection, ...]
    author_id: int | None = None
    key: str = ""
    edited: bool = False


@dataclass(frozen=True)
class OwnDuty:
    """A duty of the team's own and who does it; `lecture_id` None: it is not done for a lecture."""

    name: str
    member_ids: tuple[int, ...]
    unconfirmed_ids: frozenset[int] = frozenset()
    lecture_id: int | None = None


@dataclass(frozen=True)
class NextDay:
    """Who does what on the next study day; `lectures` are those presented then, with their presenters.

    `unconfirmed_ids` are those of the moderators who have not said that they will do it.
    """

    number: int
    date: date
    moderator_ids: tuple[int, ...] = ()
    lectures: tuple[Lecture, ...] = ()
    unconfirmed_ids: frozenset[int] = frozenset()
    own: tuple[OwnDuty, ...] = ()


@dataclass(frozen=True)
class DayRecord:
    """Everything of one study day of one team.

    `lectures_elsewhere` are lectures that a question or an entry of the minutes is about, but that are neither studied
    nor presented on this day. `members` are all whom anything names, left ones included, in roster order; mentions are
    resolved by their `user_id`, and through `channels` and `roles` (Discord id → name).
    """

    number: int
    date: date
    zone: tzinfo
    members: tuple[Member, ...]
    title: str | None = None
    """The frozen title of a closed day; None: it follows from the lectures studied."""
    close_reason: str = ""
    """Why it was closed although something was missing."""
    lectures_studied: tuple[Lecture, ...] = ()
    lectures_presented: tuple[Lecture, ...] = ()
    lectures_elsewhere: tuple[Lecture, ...] = ()
    moderator_ids: tuple[int, ...] = ()
    notes: tuple[Note, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    questions: tuple[Question, ...] = ()
    minutes: tuple[MinutesEntry, ...] = ()
    round_tables: tuple[RoundTable, ...] = ()
    session: SessionFacts = SessionFacts()
    next_day: NextDay | None = None
    retrospectives: tuple[Retrospective, ...] = ()
    channels: Mapping[int, str] = field(default_factory=dict)
    roles: Mapping[int, str] = field(default_factory=dict)
