"""How a presenter is briefed shortly before the session: a board in their direct messages."""

from collections.abc import Iterable
from typing import Final

from bot.domain.questions import harmless, shortened
from bot.domain.session import Briefing, OpenQuestion, Presented, TakenOver
from bot.i18n import Language, _
from bot.ui.people import person
from bot.ui.room import Room

BOARD_CHARACTERS: Final = 2500
BOARD_BYTES: Final = 7500
"""Of the questions on a briefing: together with all else it stays under 3,000 characters and 9,000 bytes."""

EXCERPT: Final = 100
"""Characters of a question: enough to prepare an answer."""

LECTURES: Final = 5
"""Lectures that a briefing tells of one by one; how many more there are is said."""

LABEL: Final = 80
"""Characters of a lecture's name."""


def briefing_blocks(briefing: Briefing, lang: Language) -> tuple[str, ...]:
    """When the session is and who moderates, each lecture with its questions, and what was carried over."""
    head = _head(briefing, lang)
    if not briefing.lectures:
        return head, lang(_("There is nothing for you to present any more."))
    shown, hidden = briefing.lectures[:LECTURES], briefing.lectures[LECTURES:]
    room = Room(BOARD_CHARACTERS, BOARD_BYTES)
    blocks = [_lecture(lecture, briefing, room, lang) for lecture in shown]
    if hidden:
        blocks.append(lang(_("… and {count} more lectures: /lecture list"), count=len(hidden)))
    if briefing.carried:
        title = f"**{lang(_('Further questions carried over'))}**"
        blocks.append("\n".join([title, *_questions((each.question for each in briefing.carried), room, lang)]))
    return head, *blocks


def _head(briefing: Briefing, lang: Language) -> str:
    """`16:00 피어세션 · 5강 발표`, where it is, who moderates, and what somebody else presents now."""
    what = ", ".join(harmless(shortened(each.short, LABEL)) for each in briefing.lectures[:LECTURES])
    title = _("Your presentation: {what}") if what else _("Your presentation is off")
    facts = [lang(_("Day {number}"), number=briefing.day.number), lang.day(briefing.day.date)]
    if briefing.start is not None:
        facts.append(lang(_("session {start:time}"), start=briefing.start))
    facts.append(f"<#{briefing.team.study_channel_id}>")
    if briefing.moderator is not None:
        facts.append(lang(_("{person} moderates"), person=person(briefing.moderator, lang)))
    lines = [f"### {lang(title, what=what)}", " · ".join(facts)]
    return "\n".join([*lines, *(_gone(each, lang) for each in briefing.gone[:LECTURES])])


def _gone(taken: TakenOver, lang: Language) -> str:
    lecture = harmless(shortened(taken.lecture, LABEL))
    if taken.by is None:
        return lang(_("You need not present {lecture} any more."), lecture=lecture)
    return lang(_("{person} presents {lecture} now."), lecture=lecture, person=person(taken.by, lang))


def _lecture(lecture: Presented, briefing: Briefing, room: Room, lang: Language) -> str:
    """The lecture, with whom one presents it, its open questions, and what is missing."""
    lines = [f"**{harmless(shortened(lecture.label, LABEL))}**"]
    others = [each.member for each in lecture.presenters if each.member != briefing.presenter]
    lines += [lang(_("together with {person}"), person=person(other, lang)) for other in others]
    lines += _questions(lecture.questions, room, lang) or ["- " + lang(_("No open questions."))]
    if not lecture.materials:
        lines.append(lang(_("📎 No material yet. Add slides or a link with /lecture material.")))
    return "\n".join(lines)


def _questions(questions: Iterable[OpenQuestion], room: Room, lang: Language) -> list[str]:
    """A line for each question that fits, the oldest first, and how many more there are."""
    return room.lines([_question(question) for question in questions], _("… and {count} more: /question list"), lang)


def _question(question: OpenQuestion) -> str:
    about = f" ({harmless(shortened(question.about, LABEL))})" if question.about else ""
    return f"- #{question.number} {harmless(shortened(question.text, EXCERPT))}{about}"
