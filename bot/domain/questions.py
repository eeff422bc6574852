"""Questions and answers as values: in which order they are wanted, and how much of them a board can show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.team import Member

EXCERPT: Final = 150
"""Characters of a question that a board shows."""


class QuestionState(StrEnum):
    """What has become of a question. *Further* is no state: it is a flag, and stays when the question is answered."""

    OPEN = "open"
    DISCUSSING = "discussing"
    ANSWERED = "answered"
    MENTOR = "mentor"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


SETTLED: Final = frozenset({QuestionState.ANSWERED, QuestionState.DROPPED, QuestionState.WITHDRAWN})
"""States in which nobody waits for an answer any more."""

CLOSED: Final = frozenset({QuestionState.DROPPED, QuestionState.WITHDRAWN})
"""States in which a question takes no answer."""

_WANTED: Final = (
    QuestionState.OPEN,
    QuestionState.DISCUSSING,
    QuestionState.MENTOR,
    QuestionState.ANSWERED,
    QuestionState.DROPPED,
    QuestionState.WITHDRAWN,
)


@dataclass(frozen=True)
class Attachment:
    """A file of a question: the ids under which Discord finds it again, and its name."""

    channel_id: int
    message_id: int
    attachment_id: int
    name: str


@dataclass(frozen=True)
class Answer:
    """One of the answers to a question."""

    id: int
    author: Member
    text: str
    answered_at: datetime


@dataclass(frozen=True)
class Question:
    """A question, counted per team (#12). `author` is None for an anonymous one; answers stand in order of time.

    `day_id` is the study day whose page it belongs to; `about` is the lecture's label (`NLP 3강`), empty without one.
    """

    id: int
    number: int
    text: str
    state: QuestionState
    further: bool
    author: Member | None
    day_id: int
    lecture_id: int | None
    about: str
    asked_at: datetime
    answers: tuple[Answer, ...] = ()
    attachment: Attachment | None = None

    @property
    def settled(self) -> bool:
        return self.state in SETTLED


def most_wanted_first(questions: Iterable[Question]) -> list[Question]:
    """Open ones first, then those under way, then the settled ones; the oldest first in each."""
    return sorted(questions, key=lambda question: (_WANTED.index(question.state), question.number))


def shortened(text: str, limit: int = EXCERPT) -> str:
    """The text on one line, at most `limit` characters and an ellipsis, cut between words where there is a gap."""
    line = re.sub(r"\s+", " ", text).strip()
    if len(line) <= limit:
        return line
    head, gap, _rest = line[: limit + 1].rpartition(" ")
    return f"{head if gap else line[:limit]}…"


def label(question: Question) -> str:
    """`#12 Why tanh?`, as it stands in a list to pick from: at most 100 characters."""
    head = f"#{question.number} "
    return head + shortened(question.text, 99 - len(head))


def matching(questions: Sequence[Question], typed: str) -> list[Question]:
    """Those that a typed number (`12`, `#12`) begins or whose text contains what was typed."""
    wanted = typed.strip().casefold()
    number = wanted.removeprefix("#")
    return [
        question
        for question in questions
        if (number.isdecimal() and str(question.number).startswith(number)) or wanted in question.text.casefold()
    ]
