"""What the service of the questions gives to others."""

from dataclasses import dataclass
from typing import Final

from bot.domain.questions import Question
from bot.domain.team import Member, StudyDay, Team

LECTURE_BOARD: Final = "questions.lecture"
"""Kind of the board of a lecture's questions; its subject is the lecture."""

DAY_BOARD: Final = "questions.day"
"""Kind of the board of the questions of a day that belong to no lecture; its subject is the day."""

NEXT: Final = "question.next"
"""Kind of the delivery that brings a question to the table; its subject is the question."""


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
