"""Questions and answers as values: in which order they are wanted, and how much of them a board can show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.discord_text import DISCORD_MARKUP, clean
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
    REMOVED = "removed"


CLOSED: Final = frozenset({QuestionState.DROPPED, QuestionState.WITHDRAWN, QuestionState.REMOVED})
"""States in which a question takes no answer."""

GONE: Final = frozenset({QuestionState.WITHDRAWN, QuestionState.REMOVED})
"""States from which a question does not come back."""

SETTLED: Final = frozenset({QuestionState.ANSWERED, *CLOSED})
"""States in which nobody waits for an answer any more."""

WAITING: Final = frozenset({QuestionState.OPEN, QuestionState.DISCUSSING, QuestionState.MENTOR})
"""States in which somebody waits for an answer; only then people vote."""

_WANTED: Final = (
    QuestionState.OPEN,
    QuestionState.DISCUSSING,
    QuestionState.MENTOR,
    QuestionState.ANSWERED,
    QuestionState.DROPPED,
    QuestionState.WITHDRAWN,
    QuestionState.REMOVED,
)


@dataclass(frozen=True)
class Attachment:
    """A file of a question: the ids under which Discord finds it again, its name, and where it can be seen."""

    channel_id: int
    message_id: int
    attachment_id: int
    name: str
    url: str


@dataclass(frozen=True)
class Answer:
    """One of the answers to a question.

    `presents`: by somebody who presents the lecture; `url` leads to the message that was saved as the answer.
    """

    id: int
    author: Member
    text: str
    answered_at: datetime
    presents: bool = False
    edited: bool = False
    url: str = ""


@dataclass(frozen=True)
class Question:
    """A question, counted per team (#12). `author` is None for an anonymous one; answers stand in order of time.

    `day_id` is the study day whose page it belongs to; `about` is the lecture's label (`NLP 3강`), empty without one.
    `reason` is why it is in its state, for everybody to read; `url` leads to the message it is about. `voted`: the
    session of its day has begun, so that votes decide when its turn comes.
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
    votes: int = 0
    voted: bool = False
    reason: str = ""
    url: str = ""

    @property
    def settled(self) -> bool:
        return self.state in SETTLED


def most_wanted_first(questions: Iterable[Question]) -> list[Question]:
    """Open ones first, then those under way, then the settled ones.

    In each the oldest first, and from the session of their day on those with the most votes.
    """
    return sorted(questions, key=lambda question: (_WANTED.index(question.state), *_rank(question)))


def _rank(question: Question) -> tuple[int, int]:
    return -question.votes if question.voted else 0, question.number


def shortened(text: str, limit: int = EXCERPT) -> str:
    """The text on one line, at most `limit` characters and an ellipsis.

    It is cut between words, unless that would take more than a third away (long words, addresses).
    """
    line = " ".join(clean(text).split())
    if len(line) <= limit:
        return line
    words, _gap, _rest = line[: limit + 1].rpartition(" ")
    return f"{words if len(words) * 3 >= limit * 2 else line[:limit]}…"


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


_WHOLE: Final = re.compile(rf"{DISCORD_MARKUP.pattern}|(?<!\S)https?://[^\s<>…`*|\\]+(?!\S)", re.ASCII)
"""What Discord shows as one thing and escaping would break: mentions, emoji, time stamps, and whole addresses."""

_MARKDOWN: Final = re.compile(r"[\\`*_~|<>\[\]()#:]")
_EVERYBODY: Final = re.compile(r"@(?=everyone|here)")


def harmless(line: str) -> str:
    """One line of somebody's text as a board may show it: it formats nothing, opens nothing, and addresses nobody.

    Mentions of a person stay, and are shown by name; whom a message may ping is not decided by its text.
    """
    parts: list[str] = []
    end = 0
    for match in _WHOLE.finditer(line):
        parts += [_escaped(line[end : match.start()]), match.group()]
        end = match.end()
    return "".join([*parts, _escaped(line[end:])])


def _escaped(text: str) -> str:
    return _EVERYBODY.sub("@\u200b", _MARKDOWN.sub(r"\\\g<0>", text))


def quoted(text: str) -> str:
    """A whole text as typed, code and LaTeX included, in which nobody is called by `@everyone`."""
    return _EVERYBODY.sub("@\u200b", clean(text))


@dataclass(frozen=True)
class Line:
    """A question as a board shows it."""

    question: Question
    text: str


def fitting(lines: Sequence[Line], *, characters: int, size: int) -> tuple[Line, ...]:
    """The lines that fit into so many characters and bytes of UTF-8 (a line break each included), in their order.

    The oldest settled questions give way first; when only unsettled ones are left, those whose turn comes last.
    """
    kept: set[int] = set()
    for line in sorted(lines, key=lambda each: _worth(each.question)):
        characters -= len(line.text) + 1
        size -= len(line.text.encode()) + 1
        if characters < 0 or size < 0:
            break
        kept.add(line.question.id)
    return tuple(line for line in lines if line.question.id in kept)


def _worth(question: Question) -> tuple[bool, int, int]:
    return (True, -question.number, 0) if question.settled else (False, *_rank(question))
