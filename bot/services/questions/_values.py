"""What the service of the questions gives to others."""

from dataclasses import dataclass
from typing import Final

from bot.domain.questions import Question
from bot.domain.team import Member, StudyDay, Team

NEXT: Final = "question.next"
"""Kind of the delivery that brings a question to the table; its subject is the question."""


WITHDRAW: Final = "withdraw"
"""The change with which somebody takes their own question back."""


@dataclass(frozen=True)
class Source:
    """A message that a question is about, or that was saved as an answer."""

    channel_id: int
    message_id: int


@dataclass(frozen=True)
class Asking:
    """Somebody about to ask: their team, who they are, and what the question will be about (`NLP 3강`, or nothing)."""

    team: Team
    member: Member
    about: str


@dataclass(frozen=True)
class Asked:
    """A question just asked. `about` is the lecture's label, empty without one; then it belongs to the day."""

    id: int
    number: int
    about: str
    day: StudyDay
    anonymous: bool


@dataclass(frozen=True)
class QuestionBoard:
    """What a board shows: of a lecture (`lecture` is its whole name), or of a day. Withdrawn questions are left out."""

    team: Team
    lecture: str
    day: StudyDay | None
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class AtTheTable:
    """A question that is being posted, and the team it belongs to."""

    team: Team
    question: Question


@dataclass(frozen=True)
class Votable:
    """A question somebody can vote for, and whether they have."""

    question: Question
    voted: bool


@dataclass(frozen=True)
class Voted:
    """A question after somebody voted for it, or took the vote back."""

    question: Question
    voted: bool


@dataclass(frozen=True)
class Alike:
    """A question likely the same as one about to be asked; how many days ago it was asked, and whether by oneself."""

    question: Question
    days: int
    own: bool


@dataclass(frozen=True)
class Answering:
    """A question about to be answered; `own` is the answer that the person gave before, empty for none."""

    question: Question
    own: str


@dataclass(frozen=True)
class Answered:
    """A question after somebody answered it; `earlier` is what their answer said before, None for a first one."""

    question: Question
    earlier: str | None = None


@dataclass(frozen=True)
class Saved:
    """A message that was saved as an answer, under whose name; `before`: it was saved already."""

    question: Question
    name: str
    before: bool


@dataclass(frozen=True)
class Removed:
    """A question whose text is gone, and the messages (channel, message) that still show it or carry its file."""

    question: Question
    posts: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class TakenBack:
    """A question after its last change was taken back; `text` is the answer that went with it."""

    question: Question
    action: str
    text: str = ""


@dataclass(frozen=True)
class Waiting:
    """A further question that nobody has answered, and its age in study days."""

    question: Question
    age: int


@dataclass(frozen=True)
class LongCarried:
    """The further questions of a team that moderators are asked about; the oldest first."""

    team: Team
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True)
class ForMentor:
    """A question for the mentor, and the day on whose page it stands."""

    question: Question
    day: StudyDay
