"""Questions: asking, answering, and what becomes of them."""

from bot.services.question_boards import DAY_BOARD, LECTURE_BOARD
from bot.services.questions._answering import AnsweringQuestions
from bot.services.questions._asking import AskingQuestions
from bot.services.questions._carrying import Carrying
from bot.services.questions._checks import REASON_LIMIT, TEXT_LIMIT
from bot.services.questions._limits import ANONYMOUS_PER_HOUR
from bot.services.questions._reading import Reading
from bot.services.questions._removing import Removing
from bot.services.questions._rows import most_wanted
from bot.services.questions._states import States
from bot.services.questions._undoing import Undoing, last_change
from bot.services.questions._values import (
    NEXT,
    WITHDRAW,
    Alike,
    Answered,
    Answering,
    Asked,
    Asking,
    AtTheTable,
    ForMentor,
    LongCarried,
    QuestionBoard,
    Removed,
    Saved,
    Source,
    TakenBack,
    Votable,
    Voted,
    Waiting,
)
from bot.services.questions._votes import Voting, redraw_for_session

__all__ = [
    "ANONYMOUS_PER_HOUR",
    "DAY_BOARD",
    "LECTURE_BOARD",
    "NEXT",
    "REASON_LIMIT",
    "TEXT_LIMIT",
    "WITHDRAW",
    "Alike",
    "Answered",
    "Answering",
    "Asked",
    "Asking",
    "AtTheTable",
    "ForMentor",
    "LongCarried",
    "QuestionBoard",
    "Questions",
    "Removed",
    "Saved",
    "Source",
    "TakenBack",
    "Votable",
    "Voted",
    "Waiting",
    "last_change",
    "most_wanted",
    "redraw_for_session",
]


class Questions(AskingQuestions, AnsweringQuestions, Voting, States, Undoing, Removing, Carrying, Reading):
    """`/ask` and `/question`, each part in a file of its own."""
