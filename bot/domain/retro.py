"""Retrospectives: what is asked, what is written, and who may read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.discord_text import clean, is_blank
from bot.domain.markdown_line import one_line

MOST_QUESTIONS: Final = 4
"""A form of Discord's holds five inputs, and one of them is who may read it."""

QUESTION_LIMIT: Final = 45
"""Characters that Discord takes as the label of an input."""

FREE_FIELD: Final = ""
"""The question of a form that asks nothing in particular: one field for whatever one likes to write."""


class Visibility(StrEnum):
    """TEAM with the name, ANONYMOUS without anything that leads to it, PRIVATE in one's own page only."""

    TEAM = "team"
    ANONYMOUS = "anonymous"
    PRIVATE = "private"


@dataclass(frozen=True)
class Reflection:
    """What was asked, in the words of that day, and what somebody wrote. The question may be `FREE_FIELD`."""

    question: str
    text: str


def read_questions(typed: Iterable[str]) -> tuple[str, ...]:
    """The questions as typed into a form: a line each, each once, blank ones left out. None at all: one free field."""
    lines = (one_line(clean(text)) for text in typed)
    return tuple(dict.fromkeys(line for line in lines if line)) or (FREE_FIELD,)


def tidied(reflections: Iterable[Reflection]) -> tuple[Reflection, ...]:
    """As they are kept: without the space around a text. A blank field stays, so that the form opens as it was."""
    return tuple(Reflection(each.question, each.text.strip()) for each in reflections)


def written(reflections: Iterable[Reflection]) -> tuple[Reflection, ...]:
    """Those in which something stands."""
    return tuple(each for each in reflections if not is_blank(each.text))
