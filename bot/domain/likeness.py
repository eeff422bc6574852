"""Which question a text is like: what was asked before, and what a message answers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from bot.domain.questions import CLOSED, Question, QuestionState, most_wanted_first

ALIKE: Final = 82.0
"""How alike two questions are, out of 100, for one to be held for the other: particles and endings may differ."""

SHORT: Final = 6
"""Letters below which nothing is alike: `왜요?` is asked of everything."""

AT_THE_TABLE: Final = 25.0
"""What it counts, when a message is to be an answer, that a question is being discussed."""


def asked_before(text: str, questions: Iterable[Question]) -> Question | None:
    """The question most like a text, if one is likely the same. Dropped ones and those taken back are not compared."""
    wanted = default_process(text)
    if len(wanted.replace(" ", "")) < SHORT:
        return None
    scored = [(_alike(wanted, question.text), question) for question in questions if question.state not in CLOSED]
    likely = [(score, question) for score, question in scored if score >= ALIKE]
    return max(likely, key=lambda pair: (pair[0], -pair[1].number))[1] if likely else None


def _alike(wanted: str, text: str) -> float:
    """The better of two views: the letters in their order without spaces, and the words in any order.

    Korean is often written with other spaces between the same words, so words alone do not tell. What names other
    numbers (the 3rd problem, the 4th) is another question. Texts of too different length cannot be alike, which
    is found out first: a long one is compared with all that was ever asked while others wait.
    """
    other = default_process(text)
    lengths, spaces = (len(wanted), len(other)), wanted.count(" ") + other.count(" ")
    if 200 * min(lengths) < ALIKE * (sum(lengths) - spaces):
        return 0.0
    if len(other.replace(" ", "")) < SHORT or _numbers(wanted) != _numbers(other):
        return 0.0
    together = fuzz.ratio(wanted.replace(" ", ""), other.replace(" ", ""), score_cutoff=ALIKE)
    return max(together, fuzz.token_sort_ratio(wanted, other, score_cutoff=ALIKE))


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def likeliest_answered(text: str, questions: Sequence[Question], near: Mapping[int, int]) -> list[Question]:
    """Questions that take an answer, the one that a message most likely answers first.

    `near` maps the questions that were brought to the table where the message stands to how many came after them
    before it was written: the last one before it is what people talk about.
    """
    wanted = default_process(text)
    open_ones = [question for question in most_wanted_first(questions) if question.state not in CLOSED]
    return sorted(open_ones, key=lambda question: _answers(wanted, question, near), reverse=True)


def _answers(wanted: str, question: Question, near: Mapping[int, int]) -> float:
    score = fuzz.token_set_ratio(wanted, default_process(question.text))
    if question.state is QuestionState.DISCUSSING:
        score += AT_THE_TABLE
    if question.id in near:
        score += 100.0 / (1 + near[question.id])
    return score
