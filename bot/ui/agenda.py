"""The agenda of a session as a board in the thread of the day: what is left, who is there, where the session is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from bot.domain.attendance import RollCall
from bot.domain.questions import QuestionState, harmless, shortened
from bot.domain.session import Action, Agenda, Link, OpenQuestion, OpenTable, Presented, Slot
from bot.domain.session_steps import REST
from bot.domain.team import Member
from bot.i18n import Language, _
from bot.jobs.posts import Button
from bot.ui.people import person, together
from bot.ui.questions import SIGNS
from bot.ui.room import Room
from bot.ui.session import heading

BOARD_CHARACTERS: Final = 2800
BOARD_BYTES: Final = 8400
"""Of all that stands on the agenda: with what is said of what does not fit, it stays under what Discord takes."""

EXCERPT: Final = 60
"""Characters of a question on the agenda: enough to know which one it is."""

LABEL: Final = 80
"""Characters of a lecture's name."""

LECTURES: Final = 6
"""Lectures that stand on the agenda one by one; how many more there are is said."""

NAMES: Final = 12
"""Names in a line of the roll."""

LINKS: Final = 3
LINK: Final = 200
"""Characters of an address that is linked; of a longer one the title is shown."""

_ADDRESS: Final = re.compile(r"https?://[^\s<>]+", re.ASCII)


@dataclass(frozen=True)
class Section:
    """A part of the agenda: `head` is shown in any case, the materials and the lines as far as there is room."""

    head: str
    lines: Sequence[str]
    more: str
    materials: Sequence[Link] = ()


def agenda_blocks(agenda: Agenda, lang: Language) -> tuple[str, ...]:
    """What the session is about, section by section; sections with nothing in them are left out."""
    room = Room(BOARD_CHARACTERS, BOARD_BYTES)
    top = [room.take("\n".join(_head(agenda, lang))), room.take("\n".join(_roll(agenda.roll, lang)))]
    sections = [*_lectures(agenda, lang), *_rest(agenda, lang)]
    for section in sections:
        room.take(section.head)
    links = room.share(2)
    materials = [room.take(_materials(section.materials, links, lang)) for section in sections]
    filled = (
        "\n".join([section.head, *([given] if given else []), *room.lines(section.lines, section.more, lang)])
        for section, given in zip(sections, materials, strict=True)
    )
    return tuple(block for block in (*top, *filled) if block)


def agenda_buttons(agenda: Agenda, lang: Language) -> tuple[Button, ...]:
    """*Next* carries the step it was shown with, so that of two presses at once only one goes on."""
    day = agenda.day.id
    note = Button(lang(_("Take minutes")), f"session:note:{day}")
    done = [Button(lang(_("Mark as done")), f"session:done:{day}")] if agenda.actions else []
    if agenda.ended_at is not None:
        return (note, *done)
    return (
        Button(lang(_("Next")), f"session:next:{day}:{agenda.step}", "primary"),
        Button(lang(_("Ask")), f"question:ask:{_asked_about(agenda)}"),
        note,
        Button(lang(_("Undo")), f"session:undo:{day}"),
        Button(lang(_("End")), f"session:end:{day}", "danger"),
        Button(lang(_("I am here")), f"session:present:{day}", "success"),
        Button(lang(_("Late")), f"session:late:{day}"),
        Button(lang(_("Cannot come")), f"session:absent:{day}"),
        *done,
    )


def _asked_about(agenda: Agenda) -> str:
    """What a question asked now is about: the lecture that the session is at, else the day."""
    part = agenda.steps[-1].part if agenda.steps else REST
    return f"day:{agenda.day.id}" if part is REST else f"lecture:{part}"


def _head(agenda: Agenda, lang: Language) -> Iterator[str]:
    title = lang(_("{day} · peer session"), day=harmless(shortened(heading(agenda.day, lang), LABEL)))
    yield f"### {title}"
    facts = []
    if agenda.moderator is not None:
        facts.append(lang(_("{person} moderates"), person=person(agenda.moderator.member, lang)))
    if agenda.started_at is not None and agenda.ended_at is not None:
        facts.append(lang(_("{start:time}–{end:time}"), start=agenda.started_at, end=agenda.ended_at))
    elif agenda.started_at is not None:
        minutes = sum(slot.planned for slot in agenda.slots)
        facts.append(lang(_("since {start:time}, {minutes} min planned"), start=agenda.started_at, minutes=minutes))
    if facts:
        yield " · ".join(facts)
    if agenda.experiment:
        yield lang(_("This week's experiment: {text}"), text=harmless(shortened(agenda.experiment)))
    if agenda.steps and agenda.ended_at is None:
        yield f"▶ **{where(agenda, lang)}**"


def where(agenda: Agenda, lang: Language) -> str:
    """Where the session is: `NLP 3강 · 질문 #12`."""
    part = agenda.steps[-1].part if agenda.steps else REST
    names = {lecture.id: harmless(shortened(lecture.short, LABEL)) for lecture in agenda.lectures}
    place = lang(_("The rest of the agenda")) if part is REST else names.get(part, "")
    question = agenda.at_the_table
    number = "" if question is None else lang(_("question #{number}"), number=question.number)
    return " · ".join(text for text in (place, number) if text)


def _roll(roll: RollCall, lang: Language) -> Iterator[str]:
    """Who is there, late, not coming, away, and who has not said; without any reason."""
    here = lang(_("Here: {count}"), count=len(roll.present))
    yield f"**{here}**" + (f" · {_names(roll.present, lang)}" if roll.present else "")
    groups = (
        (_("late: {names}"), roll.late),
        (_("not coming: {names}"), roll.absent),
        (_("away: {names}"), roll.away),
        (_("not yet: {names}"), roll.silent),
    )
    rest = [lang(text, names=_names(people, lang)) for text, people in groups if people]
    if rest:
        yield "-# " + " · ".join(rest)


def _names(people: Sequence[Member], lang: Language) -> str:
    shown = ", ".join(person(each, lang) for each in people[:NAMES])
    hidden = len(people) - NAMES
    return lang(_("{names} and {count} more"), names=shown, count=hidden) if hidden > 0 else shown


def _lectures(agenda: Agenda, lang: Language) -> Iterator[Section]:
    slots = {slot.part: slot for slot in agenda.slots}
    here, since = agenda.steps[-1].part if agenda.steps else REST, _here_since(agenda)
    for lecture in agenda.lectures[:LECTURES]:
        head = _lecture(lecture, [*_slot(slots[lecture.id], since if here == lecture.id else None, lang)], lang)
        lines = [question_line(question) for question in lecture.questions]
        yield Section(
            head,
            lines or ["- " + lang(_("No open questions."))],
            _("… and {count} more: /question list"),
            lecture.materials,
        )
    if not agenda.lectures:
        yield Section(lang(_("No lecture is presented today.")), (), "")
    if (hidden := len(agenda.lectures) - LECTURES) > 0:
        yield Section(lang(_("… and {count} more lectures: /lecture list"), count=hidden), (), "")


def _lecture(lecture: Presented, times: Sequence[str], lang: Language) -> str:
    facts = [f"**{harmless(shortened(lecture.label, LABEL))}**"]
    if lecture.presenters:
        people = together((person(on_duty.member, lang) for on_duty in lecture.presenters), lang)
        facts.append(lang(_("presented by {people}"), people=people))
    return " · ".join([*facts, *times])


def _materials(materials: Sequence[Link], room: Room, lang: Language) -> str:
    """The first ones as far as there is room, and how many more there are; empty for none."""
    if not materials:
        return ""
    links = room.first([_link(link) for link in materials[:LINKS]])
    hidden = len(materials) - len(links)
    if not links:
        return "📎 " + lang(_("materials: {count}"), count=hidden)
    return "📎 " + ", ".join([*links, *([lang(_("and {count} more"), count=hidden)] if hidden else [])])


def _slot(slot: Slot, here_since: datetime | None, lang: Language) -> Iterator[str]:
    """`16:00~16:20` as planned from the start of the session on; since when it is at the table, or what it took."""
    if slot.begins is not None:
        yield lang(_("{start:time}–{end:time}"), start=slot.begins, end=slot.begins + timedelta(minutes=slot.planned))
    if here_since is not None:
        yield lang(_("since {start:time}"), start=here_since)
    elif slot.taken is not None:
        yield lang(_("took {minutes} min"), minutes=slot.taken)


def _here_since(agenda: Agenda) -> datetime | None:
    """When the session came to the part it is at; None before the first and after the end."""
    if not agenda.steps or agenda.ended_at is not None:
        return None
    part = agenda.steps[-1].part
    run = takewhile(lambda step: step.part == part, reversed(agenda.steps))
    return list(run)[-1].began_at.astimezone(agenda.team.zone)


def _link(link: Link) -> str:
    title = harmless(shortened(link.title, LABEL))
    linked = len(link.url) <= LINK and _ADDRESS.fullmatch(link.url)
    return f"[{title}](<{link.url}>)" if linked else title


def question_line(question: OpenQuestion) -> str:
    """`- #12 Why tanh?`, with the sign of its state where it was at the table already or is kept for the mentor."""
    about = f" ({harmless(shortened(question.about, LABEL))})" if question.about else ""
    sign = "" if question.state is QuestionState.OPEN else f"{SIGNS[question.state]} "
    return f"- {sign}#{question.number} {harmless(shortened(question.text, EXCERPT))}{about}"


def _rest(agenda: Agenda, lang: Language) -> Iterator[Section]:
    """What comes after the lectures."""
    more, list_of = _("… and {count} more"), _("… and {count} more: /question list")
    parts: Iterable[tuple[str, Sequence[str], str]] = (
        (_("Other questions"), [question_line(question) for question in agenda.questions], list_of),
        (_("Further questions carried over"), [*_carried(agenda, lang)], list_of),
        (_("Still to do"), [action_line(action, lang) for action in agenda.actions], more),
        (_("Round table"), [_table(table, lang) for table in agenda.round_tables], more),
        (_("Announcements"), [f"- {harmless(shortened(text))}" for text in agenda.announcements], more),
        (_("Deadlines"), [*_deadlines(agenda, lang)], more),
    )
    for title, lines, hidden in parts:
        if lines:
            yield Section(f"**{lang(title)}**", lines, hidden)


def _carried(agenda: Agenda, lang: Language) -> Iterator[str]:
    one, many = _("for 1 study day"), _("for {count} study days")
    for item in agenda.carried:
        yield f"{question_line(item.question)} · {lang(one if item.age == 1 else many, count=item.age)}"


def action_line(action: Action, lang: Language) -> str:
    """`- 논문 읽기 · 담당 마루님 · 1/6 화까지`."""
    parts = [f"- {harmless(shortened(action.text))}"]
    if action.owner is not None:
        parts.append(lang(_("by {name}"), name=harmless(action.owner.name)))
    if action.due is not None:
        parts.append(lang(_("until {due:day}"), due=action.due))
    return " · ".join(parts)


def _table(table: OpenTable, lang: Language) -> str:
    state = _("{count} have replied") if not table.closed else _("closed, replies: {count}")
    return f"- {harmless(shortened(table.prompt))} · {lang(state, count=table.replies)}"


def _deadlines(agenda: Agenda, lang: Language) -> Iterator[str]:
    for item in agenda.deadlines:
        due = lang(_("due {due:moment}"), due=item.due)
        yield f"- A{item.number} {harmless(shortened(item.title, EXCERPT))} · {due}"
