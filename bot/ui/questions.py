"""How questions are told to people: on boards, in lists, at the table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.questions import Answer, Line, Question, QuestionState, fitting, harmless, quoted, shortened
from bot.i18n import Language, _
from bot.services.questions import Asked, QuestionBoard
from bot.ui.pages import pages_of

SIGNS: Final[Mapping[QuestionState, str]] = {
    QuestionState.OPEN: "❔",
    QuestionState.DISCUSSING: "💬",
    QuestionState.ANSWERED: "✅",
    QuestionState.MENTOR: "🎓",
    QuestionState.DROPPED: "➖",
    QuestionState.WITHDRAWN: "↩️",
    QuestionState.REMOVED: "🚫",
}

STATES: Final[Mapping[QuestionState, str]] = {
    QuestionState.OPEN: _("open"),
    QuestionState.DISCUSSING: _("being discussed"),
    QuestionState.ANSWERED: _("answered"),
    QuestionState.MENTOR: _("for the mentor"),
    QuestionState.DROPPED: _("dropped"),
    QuestionState.WITHDRAWN: _("withdrawn"),
    QuestionState.REMOVED: _("removed"),
}

BOARD_CHARACTERS: Final = 2600
BOARD_BYTES: Final = 8000
"""Of the questions on a board: together with its title and buttons it stays under 3,000 characters and 9,000 bytes."""

REASON: Final = 80
"""Characters of a reason that a board shows; the list has all of it."""

LIST_CHARACTERS: Final = 1700
LIST_BYTES: Final = 6800
"""Of the questions in a message of 2,000 characters."""


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


@dataclass(frozen=True)
class DrawnBoard:
    """The paragraphs of a board, and how many questions it has no room for."""

    blocks: tuple[str, ...]
    hidden: int = 0


def draw_board(board: QuestionBoard, lang: Language) -> DrawnBoard:
    """The title, the questions that wait in the order of their turn, the settled ones, and how many more there are."""
    lines = [board_line(question, lang) for question in board.questions]
    shown = fitting(lines, characters=BOARD_CHARACTERS, size=BOARD_BYTES)
    if not lines:
        return DrawnBoard((board_title(board, lang), lang(_("No questions yet. Ask the first one with /ask."))))
    groups = (
        [line.text for line in shown if not line.question.settled],
        [line.text for line in shown if line.question.settled],
    )
    blocks = (board_title(board, lang), *("\n".join(group) for group in groups if group))
    hidden = len(lines) - len(shown)
    return DrawnBoard((*blocks, *hidden_lines(hidden, lang)), hidden)


def hidden_lines(count: int, lang: Language) -> Iterable[str]:
    if count:
        yield "-# " + lang(_("… and {count} more: /question list"), count=count)


def board_title(board: QuestionBoard, lang: Language) -> str:
    """`질문 · NLP 3강. RNN`, or `질문 · Day27 (11/24 화)`."""
    if board.day is None:
        return "### " + lang(_("Questions · {what}"), what=harmless(shortened(board.lecture)))
    return "### " + lang(_("Questions · Day {number} ({date:day})"), number=board.day.number, date=board.day.date)


def board_line(question: Question, lang: Language) -> Line:
    """Sign, number and beginning of the text; below it, who asked and how far it is."""
    head = f"{SIGNS[question.state]} **#{question.number}** {_shown_text(question, lang)}"
    below = " · ".join(facts_below(question, lang))
    return Line(question, f"{head}\n-# {below}" if below else head)


def _shown_text(question: Question, lang: Language) -> str:
    if question.state is QuestionState.REMOVED:
        return lang(_("A moderator removed this question."))
    return harmless(shortened(question.text))


def facts_below(question: Question, lang: Language) -> Iterable[str]:
    if question.state is QuestionState.REMOVED:
        if question.reason:
            yield lang(_("Why: {reason}"), reason=reason_text(question))
        return
    yield author_name(question, lang)
    if question.votes:
        yield votes_text(question.votes, lang)
    yield from _state(question, lang)
    yield from _answers(question, lang)
    if question.further:
        yield lang(_("further question"))
    if question.url:
        about = lang(_("about a message"))
        yield f"[{about}]({question.url})"
    if question.attachment is not None:
        yield f"[{harmless(question.attachment.name)}]({question.attachment.url})"


def _state(question: Question, lang: Language) -> Iterable[str]:
    """What has become of it where its sign does not say it, and why."""
    named = question.state in {QuestionState.DISCUSSING, QuestionState.MENTOR, QuestionState.DROPPED}
    if named:
        state = lang(STATES[question.state])
        yield f"{state}({reason_text(question)})" if question.reason else state


def reason_text(question: Question) -> str:
    return harmless(shortened(question.reason, REASON))


def votes_text(count: int, lang: Language) -> str:
    return lang(_("1 vote")) if count == 1 else lang(_("{count} votes"), count=count)


def author_name(question: Question, lang: Language) -> str:
    """`가온님`, or `익명`."""
    if question.author is None:
        return lang(_("anonymous"))
    return lang(_("{name}"), name=harmless(question.author.name))


def _answers(question: Question, lang: Language) -> Iterable[str]:
    """How many, and by whom: whoever presents the lecture, else the latest."""
    if not question.answers:
        return
    count = len(question.answers)
    presenter = next((answer.author.name for answer in reversed(question.answers) if answer.presents), None)
    if presenter is not None:
        text = _("1 answer, by {name} (presenting)") if count == 1 else _("{count} answers, by {name} (presenting) too")
        yield lang(text, count=count, name=harmless(presenter))
        return
    text = _("1 answer, by {name}") if count == 1 else _("{count} answers, the latest by {name}")
    yield lang(text, count=count, name=harmless(question.answers[-1].author.name))


def list_lines(questions: Sequence[Question], lang: Language) -> str:
    """A line or two for each question, as many as a message takes, and how many are in the file only."""
    lines = [_list_line(question, lang) for question in questions]
    shown = fitting(lines, characters=LIST_CHARACTERS, size=LIST_BYTES)
    hidden = len(lines) - len(shown)
    more = [lang(_("-# … and {count} more in the file"), count=hidden)] if hidden else []
    return "\n".join([*(line.text for line in shown), *more])


def list_pages(questions: Sequence[Question], lang: Language) -> list[str]:
    """The same lines on as many pages as it takes, in their order."""
    lines = (_list_line(question, lang).text for question in questions)
    return pages_of(lines, LIST_CHARACTERS, LIST_BYTES)


def _list_line(question: Question, lang: Language) -> Line:
    line = board_line(question, lang)
    return Line(question, f"{line.text} · {harmless(question.about)}") if question.about else line


def needs_file(questions: Sequence[Question]) -> bool:
    """Whether the list leaves something out: an answer, or the rest of a text or of a reason."""
    return any(
        question.answers
        or shortened(question.text) != question.text
        or shortened(question.reason, REASON) != question.reason
        for question in questions
    )


def everything_said(questions: Sequence[Question], lang: Language) -> str:
    """Each question with its whole text and every answer, for a file."""
    return "\n\n".join(_told(question, lang) for question in questions) + "\n"


def _told(question: Question, lang: Language) -> str:
    if question.state is QuestionState.REMOVED:
        why = [lang(_("Why: {reason}"), reason=question.reason)] if question.reason else []
        return "\n".join([f"#{question.number} · {lang(STATES[question.state])}", *why])
    answers = [told_answer(answer, lang) for answer in question.answers]
    return "\n\n".join([f"{' · '.join(_facts(question, lang))}\n{question.text}", *answers])


def _facts(question: Question, lang: Language) -> Iterable[str]:
    yield f"#{question.number}"
    state = lang(STATES[question.state])
    yield f"{state} ({question.reason})" if question.reason else state
    yield lang(_("anonymous")) if question.author is None else lang(_("{name}"), name=question.author.name)
    if question.about:
        yield question.about
    if question.votes:
        yield votes_text(question.votes, lang)
    if question.further:
        yield lang(_("further question"))
    if question.url:
        yield question.url
    if question.attachment is not None:
        yield f"{question.attachment.name} {question.attachment.url}"


def told_answer(answer: Answer, lang: Language) -> str:
    text = _("Answer by {name} (presenting):") if answer.presents else _("Answer by {name}:")
    head = lang(text, name=answer.author.name)
    marks = [lang(_("(edited)"))] if answer.edited else []
    return " ".join([head, *marks, *([answer.url] if answer.url else [])]) + f"\n{answer.text}"


def table_text(question: Question, lang: Language, *, short: bool = False) -> str:
    """A question brought to the table: the head first, the text last, so that nothing typed can break it."""
    head = f"{SIGNS[QuestionState.DISCUSSING]} " + lang(_("Question #{number}"), number=question.number)
    facts = [f"**{head}**", *([harmless(question.about)] if question.about else []), author_name(question, lang)]
    text = harmless(shortened(question.text, 500)) if short else quoted(question.text)
    return f"{' · '.join(facts)}\n>>> {text}"
