"""How questions are told to people: on boards, in lists, at the table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.domain.questions import Line, Question, QuestionState, fitting, harmless, quoted, shortened
from bot.i18n import Language, _
from bot.services.questions import Asked, QuestionBoard

SIGNS: Final[Mapping[QuestionState, str]] = {
    QuestionState.OPEN: "❔",
    QuestionState.DISCUSSING: "💬",
    QuestionState.ANSWERED: "✅",
    QuestionState.MENTOR: "🎓",
    QuestionState.DROPPED: "➖",
    QuestionState.WITHDRAWN: "↩️",
}

STATES: Final[Mapping[QuestionState, str]] = {
    QuestionState.OPEN: _("open"),
    QuestionState.DISCUSSING: _("being discussed"),
    QuestionState.ANSWERED: _("answered"),
    QuestionState.MENTOR: _("for the mentor"),
    QuestionState.DROPPED: _("dropped"),
    QuestionState.WITHDRAWN: _("withdrawn"),
}

BOARD_CHARACTERS: Final = 2600
BOARD_BYTES: Final = 8000
"""Of the questions on a board: together with its title and buttons it stays under 3,000 characters and 9,000 bytes."""

LIST_CHARACTERS: Final = 1700
LIST_BYTES: Final = 6800


def asked_text(asked: Asked, lang: Language) -> str:
    """Where the question stands now; for an anonymous one, what that means."""
    if asked.about:
        text = lang(
            _("Question #{number} is on the board of {lecture}."), number=asked.number, lecture=harmless(asked.about)
        )
    else:
        text = lang(_("Question #{number} is on the board of Day {day}."), number=asked.number, day=asked.day.number)
    return f"{text}\n{anonymous_note(lang)}" if asked.anonymous else text


def anonymous_note(lang: Language) -> str:
    return lang(_("Nobody's name is stored with an anonymous question, so it cannot be edited or withdrawn later."))


def board_blocks(board: QuestionBoard, lang: Language) -> tuple[str, ...]:
    """The title, the questions that wait, the settled ones, and how many more there are."""
    lines = [board_line(question, lang) for question in board.questions]
    shown = fitting(lines, characters=BOARD_CHARACTERS, size=BOARD_BYTES)
    if not lines:
        return board_title(board, lang), lang(_("No questions yet. Ask the first one with /ask."))
    groups = (
        [line.text for line in shown if not line.question.settled],
        [line.text for line in shown if line.question.settled],
    )
    blocks = [board_title(board, lang), *("\n".join(group) for group in groups if group)]
    return (*blocks, *_hidden(len(lines) - len(shown), lang))


def _hidden(count: int, lang: Language) -> Iterable[str]:
    if count:
        yield "-# " + lang(_("… and {count} more: /question list"), count=count)


def board_title(board: QuestionBoard, lang: Language) -> str:
    """`질문 · NLP 3강. RNN`, or `질문 · Day27 (11/24 화)`."""
    if board.day is None:
        return "### " + lang(_("Questions · {what}"), what=harmless(shortened(board.lecture)))
    return "### " + lang(_("Questions · Day {number} ({date:day})"), number=board.day.number, date=board.day.date)


def board_line(question: Question, lang: Language) -> Line:
    """Sign, number and beginning of the text; below it, who asked and how far it is."""
    head = f"{SIGNS[question.state]} **#{question.number}** {harmless(shortened(question.text))}"
    return Line(question, f"{head}\n-# {_below(question, lang)}")


def _below(question: Question, lang: Language) -> str:
    parts = [author_name(question, lang)]
    if question.state in {QuestionState.DISCUSSING, QuestionState.MENTOR, QuestionState.DROPPED}:
        parts.append(lang(STATES[question.state]))
    parts += _answers(question, lang)
    if question.further:
        parts.append(lang(_("further question")))
    if question.attachment is not None:
        parts.append(f"[{harmless(question.attachment.name)}]({question.attachment.url})")
    return " · ".join(parts)


def author_name(question: Question, lang: Language) -> str:
    """`가온님`, or `익명`."""
    if question.author is None:
        return lang(_("anonymous"))
    return lang(_("{name}"), name=harmless(question.author.name))


def _answers(question: Question, lang: Language) -> Iterable[str]:
    if not question.answers:
        return
    latest = harmless(question.answers[-1].author.name)
    if len(question.answers) == 1:
        yield lang(_("1 answer, by {name}"), name=latest)
    else:
        yield lang(_("{count} answers, the latest by {name}"), count=len(question.answers), name=latest)


def list_lines(questions: Sequence[Question], lang: Language) -> str:
    """A line or two for each question, as many as a message takes, and how many are in the file only."""
    lines = [_list_line(question, lang) for question in questions]
    shown = fitting(lines, characters=LIST_CHARACTERS, size=LIST_BYTES)
    hidden = len(lines) - len(shown)
    more = [lang(_("-# … and {count} more in the file"), count=hidden)] if hidden else []
    return "\n".join([*(line.text for line in shown), *more])


def _list_line(question: Question, lang: Language) -> Line:
    line = board_line(question, lang)
    return Line(question, f"{line.text} · {harmless(question.about)}") if question.about else line


def needs_file(questions: Sequence[Question]) -> bool:
    """Whether the list leaves something out: an answer, or the rest of a text."""
    return any(question.answers or shortened(question.text) != question.text for question in questions)


def everything_said(questions: Sequence[Question], lang: Language) -> str:
    """Each question with its whole text and every answer, for a file."""
    return "\n\n".join(_told(question, lang) for question in questions) + "\n"


def _told(question: Question, lang: Language) -> str:
    author = lang(_("anonymous")) if question.author is None else lang(_("{name}"), name=question.author.name)
    facts = [f"#{question.number}", lang(STATES[question.state]), author]
    if question.about:
        facts.append(question.about)
    if question.further:
        facts.append(lang(_("further question")))
    answers = [
        lang(_("Answer by {name}:"), name=answer.author.name) + f"\n{answer.text}" for answer in question.answers
    ]
    return "\n\n".join([f"{' · '.join(facts)}\n{question.text}", *answers])


def table_text(question: Question, lang: Language, *, short: bool = False) -> str:
    """A question brought to the table: the head first, the text last, so that nothing typed can break it."""
    head = f"{SIGNS[QuestionState.DISCUSSING]} " + lang(_("Question #{number}"), number=question.number)
    facts = [f"**{head}**", *([harmless(question.about)] if question.about else []), author_name(question, lang)]
    text = harmless(shortened(question.text, 500)) if short else quoted(question.text)
    return f"{' · '.join(facts)}\n>>> {text}"
