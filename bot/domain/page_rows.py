"""What a page says, as the rows of a table: one for each thing that somebody wrote or did."""

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.discord_text import clean
from bot.domain.journal import Page
from bot.domain.journal_session import AskedQuestion, Entry
from bot.domain.titles import lecture_label

COLUMNS: Final = ("day", "date", "section", "kind", "about", "person", "text", "link", "state")

_FORMULA: Final = re.compile(r"^[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")

Row = tuple[str, ...]


def harmless_cell(text: str) -> str:
    """What a spreadsheet would take for a formula, as text: it would be run by whoever opens the file."""
    return f"'{text}" if _FORMULA.match(text) else text


def page_rows(page: Page) -> Iterator[Row]:
    """The rows of one day, in the order of the page."""
    names = {member.id: member.name for member in page.record.members}
    day = (str(page.record.number), page.record.date.isoformat())
    for section, rows in (
        ("notes", _notes(page)),
        ("assignments", _assignments(page)),
        ("session", _session(page)),
        ("retrospectives", _retrospectives(page)),
    ):
        for kind, about, person, text, link, state in rows:
            cells = (*day, section, kind, about, names.get(person or 0, ""), text, link, state)
            yield tuple(harmless_cell(clean(cell)) for cell in cells)


_Cells = tuple[str, str, int | None, str, str, str]


def _notes(page: Page) -> Iterator[_Cells]:
    for part in page.lectures:
        for note in part.notes:
            yield "note", lecture_label(part.lecture), note.author_id, note.text, "", ""


def _assignments(page: Page) -> Iterator[_Cells]:
    for part in page.assignments:
        assignment = part.assignment
        due = assignment.due.astimezone(page.record.zone).isoformat()
        yield "assignment", assignment.title, None, assignment.description, assignment.link or "", due
        for each in part.submissions:
            link = each.link or (each.attachment.url if each.attachment else None) or ""
            yield "hand-in", assignment.title, each.member_id, each.note if page.owner_id else "", link, ""


def _session(page: Page) -> Iterator[_Cells]:
    for lecture in page.session.lectures:
        about = lecture_label(lecture.lecture)
        for presenter in lecture.lecture.presenter_ids:
            yield "presenter", about, presenter, "", "", ""
        for material in lecture.materials:
            yield "material", about, None, material.title, material.url or "", ""
        for entry in (*lecture.more_materials, *lecture.discussions):
            yield _entry(entry, about)
        for asked in lecture.questions:
            yield from _question(asked, about)
    for asked in (*page.session.further, *page.session.minutes.questions):
        yield from _question(asked, asked.about)
    for _kind, entries in page.session.minutes.entries:
        for entry in entries:
            yield _entry(entry, entry.about)
    yield from _replies(page)


def _replies(page: Page) -> Iterator[_Cells]:
    for table in page.session.minutes.round_tables:
        for reply in table.replies:
            yield "reply", table.prompt, reply.member_id, reply.text, "", ""


def _entry(entry: Entry, about: str) -> _Cells:
    due = "" if entry.entry.due is None else entry.entry.due.isoformat()
    return entry.entry.kind, about, entry.entry.owner_id, entry.entry.text, "", due


def _question(asked: AskedQuestion, about: str) -> Iterator[_Cells]:
    question = asked.question
    link = (question.attachment.url if question.attachment else None) or ""
    yield "question", about, question.author_id, question.text, link, question.state
    for answer in asked.answers:
        yield "answer", f"#{question.number}", answer.author_id, answer.text, "", ""


def _retrospectives(page: Page) -> Iterator[_Cells]:
    for each in page.retrospectives:
        for reflection in each.reflections:
            yield "retrospective", reflection.question, each.author_id, reflection.text, "", each.visibility
