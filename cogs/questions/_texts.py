"""What one is told about questions by their commands and buttons."""

from collections.abc import Sequence

from bot.domain.questions import WAITING, Answer, Line, Question, fitting, harmless, quoted, shortened
from bot.i18n import Language, _
from bot.services.questions import Alike, Answered, ForMentor, LongCarried, Voted, Waiting
from bot.ui.questions import (
    LIST_BYTES,
    LIST_CHARACTERS,
    author_name,
    facts_below,
    hidden_lines,
    reason_text,
    told_answer,
    votes_text,
)


def alike_text(alike: Alike, text: str, lang: Language) -> str:
    """What was asked before, what one can do about it, and what one typed, so that it is not lost."""
    question = alike.question
    texts = (_("This is like #{number}, asked today."), _("This is like #{number}, asked yesterday."))
    many = _("This is like #{number}, asked {days} days ago.")
    head = lang(texts[alike.days] if alike.days < len(texts) else many, number=question.number, days=alike.days)
    lines = [head, f"> {harmless(shortened(question.text))}", f"-# {' · '.join(facts_below(question, lang))}"]
    if question.answers:
        answer = question.answers[-1]
        lines.append(lang(_("{name} answered: {text}"), name=harmless(answer.author.name), text=_excerpt(answer)))
    if can_vote_instead(alike):
        lines.append(lang(_("Vote for it instead?")))
    return "\n".join([*lines, "", lang(_("This is what you wrote:")), quoted(text)])


def _excerpt(answer: Answer) -> str:
    return harmless(shortened(answer.text))


def can_vote_instead(alike: Alike) -> bool:
    return alike.question.state in WAITING and not alike.own


def voted_text(voted: Voted, lang: Language) -> str:
    """That the vote counts, or was taken back, and how many there are."""
    text = (
        _("You voted for question #{number} ({votes}).")
        if voted.voted
        else _("You took your vote for #{number} back ({votes}).")
    )
    return lang(text, number=voted.question.number, votes=votes_text(voted.question.votes, lang))


def answered_text(answered: Answered, lang: Language) -> str:
    """That the answer is saved; of one that was there before, what it said."""
    number = answered.question.number
    if answered.earlier is None:
        return lang(_("Your answer to question #{number} is saved."), number=number)
    return lang(_("Your answer to question #{number} is changed. It was:"), number=number) + f"\n{answered.earlier}"


def carried_text(carried: LongCarried, lang: Language) -> str:
    """The further questions that nobody answers, as many as a message takes, and what can become of them."""
    head = lang(_("These further questions have no answer yet. Take them to the mentor, or drop them?"))
    lines = [Line(each.question, _carried_line(each, lang)) for each in carried.waiting]
    shown = fitting(lines, characters=LIST_CHARACTERS, size=LIST_BYTES)
    return "\n".join([head, *(line.text for line in shown), *hidden_lines(len(lines) - len(shown), lang)])


def _carried_line(waiting: Waiting, lang: Language) -> str:
    question = waiting.question
    age = lang(_("for 1 study day") if waiting.age == 1 else _("for {count} study days"), count=waiting.age)
    about = [harmless(question.about)] if question.about else []
    return " · ".join([f"- **#{question.number}** {harmless(shortened(question.text))}", *about, age])


def mentor_text(kept: Sequence[ForMentor], lang: Language) -> str:
    """Everything to ask the mentor, each question whole with what was answered so far."""
    if not kept:
        return lang(_("Nothing is kept for the mentor. /question mentor keeps a question."))
    head = lang(_("For the mentor: {count}"), count=len(kept))
    foot = lang(
        _("Enter what the mentor says with /question answer: it goes back to the page of the day it was asked on.")
    )
    return "\n\n".join([f"**{head}**", *(_for_mentor(each, lang) for each in kept), f"-# {foot}"])


def _for_mentor(kept: ForMentor, lang: Language) -> str:
    question = kept.question
    facts = [f"**#{question.number}**", lang(_("Day {number}"), number=kept.day.number)]
    facts += [harmless(question.about)] if question.about else []
    facts.append(author_name(question, lang))
    facts += [votes_text(question.votes, lang)] if question.votes else []
    facts += [reason_text(question)] if question.reason else []
    answers = [told_answer(answer, lang) for answer in question.answers]
    return "\n".join([" · ".join(facts), quoted(question.text), *map(quoted, answers)])


def withdraw_text(question: Question, lang: Language) -> str:
    """Asks before a question is taken back, with what was asked."""
    text = lang(_("Withdraw question #{number}? It goes from the board and the page."), number=question.number)
    return f"{text}\n> {harmless(shortened(question.text))}"


def withdrawn_text(question: Question, lang: Language) -> str:
    return lang(_("Question #{number} is withdrawn."), number=question.number)
