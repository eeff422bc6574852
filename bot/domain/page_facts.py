"""What a page says, as plain values for other programs: the JSON of an export.

It is made of the arranged page, so that nothing is in it that is not on the page. People are the names that pages call
them; times are ISO 8601. `docs/export.md` describes it: what is there keeps its name and meaning within a version.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.domain.day_record import Lecture, Material, Retrospective, Submission
from bot.domain.journal import AssignmentPart, Page
from bot.domain.journal_session import AskedQuestion, Entry, NextDuties, PresentedLecture

FORMAT: Final = "study-bot/journal"
VERSION: Final = 1

Facts = Mapping[str, object]


def page_facts(page: Page) -> Facts:
    """One day."""
    names = _Names(page)
    record, session = page.record, page.session
    return {
        "number": record.number,
        "date": record.date.isoformat(),
        "title": page.title,
        "moderators": names.of(record.moderator_ids),
        "close_reason": record.close_reason or None,
        "lectures": [
            {
                **_lecture(part.lecture),
                "notes": [{"author": names.one(note.author_id), "text": note.text} for note in part.notes],
            }
            for part in page.lectures
        ],
        "assignments": [_assignment(part, page, names) for part in page.assignments],
        "session": {
            "lectures": [_presented(lecture, names) for lecture in session.lectures],
            "further": [_question(asked, names) for asked in session.further],
            "questions": [_question(asked, names) for asked in session.minutes.questions],
            "minutes": [
                {"kind": kind, **_entry(entry, names)} for kind, entries in session.minutes.entries for entry in entries
            ],
            "round_tables": [
                {
                    "prompt": table.prompt,
                    "replies": [{"member": names.one(reply.member_id), "text": reply.text} for reply in table.replies],
                }
                for table in session.minutes.round_tables
            ],
            "next_day": _next_day(session.minutes.next_duties, names),
        },
        "retrospectives": [_retrospective(each, names) for each in page.retrospectives],
    }


class _Names:
    def __init__(self, page: Page) -> None:
        self._names = {member.id: member.name for member in page.record.members}

    def one(self, member_id: int) -> str:
        return self._names.get(member_id, "")

    def maybe(self, member_id: int | None) -> str | None:
        return None if member_id is None else self.one(member_id)

    def of(self, member_ids: Iterable[int]) -> list[str]:
        return [self.one(member_id) for member_id in member_ids]


def _lecture(lecture: Lecture) -> Facts:
    return {"course": lecture.course, "number": lecture.number, "title": lecture.title}


def _material(material: Material) -> Facts:
    return {"title": material.title, "url": material.url}


def _assignment(part: AssignmentPart, page: Page, names: _Names) -> Facts:
    """When somebody handed in, and what they wrote about it, only their own page says."""
    own = page.owner_id is not None
    zone = page.record.zone
    return {
        "title": part.assignment.title,
        "required": part.assignment.required,
        "due": part.assignment.due.astimezone(zone).isoformat(),
        "link": part.assignment.link,
        "description": part.assignment.description,
        "expected": part.assignment.expected,
        "handed_in": [
            {**_submission(each, names), **({} if not own else _own(each, page))} for each in part.submissions
        ],
        **({"excused": part.excused} if own else {}),
    }


def _submission(submission: Submission, names: _Names) -> Facts:
    attachment = submission.attachment
    return {
        "member": names.one(submission.member_id),
        "link": submission.link,
        "attachment": None if attachment is None else _material(attachment),
    }


def _own(submission: Submission, page: Page) -> Facts:
    at = submission.at.astimezone(page.record.zone).isoformat()
    return {"at": at, "late": submission.late, "note": submission.note}


def _presented(presented: PresentedLecture, names: _Names) -> Facts:
    return {
        **_lecture(presented.lecture),
        "presenters": names.of(presented.lecture.presenter_ids),
        "materials": [_material(material) for material in presented.materials],
        "more_materials": [_entry(entry, names) for entry in presented.more_materials],
        "discussions": [_entry(entry, names) for entry in presented.discussions],
        "questions": [_question(asked, names) for asked in presented.questions],
    }


def _question(asked: AskedQuestion, names: _Names) -> Facts:
    question = asked.question
    return {
        "number": question.number,
        "author": names.maybe(question.author_id),
        "state": question.state,
        "about": asked.about,
        "text": question.text,
        "attachment": None if question.attachment is None else _material(question.attachment),
        "answers": [{"author": names.one(answer.author_id), "text": answer.text} for answer in asked.answers],
    }


def _entry(entry: Entry, names: _Names) -> Facts:
    return {
        "text": entry.entry.text,
        "about": entry.about,
        "owner": names.maybe(entry.entry.owner_id),
        "due": None if entry.entry.due is None else entry.entry.due.isoformat(),
    }


def _next_day(duties: NextDuties | None, names: _Names) -> Facts | None:
    if duties is None:
        return None
    return {
        "number": duties.number,
        "date": duties.date.isoformat(),
        "moderators": names.of(each.member_id for each in duties.moderators),
        "presenters": [
            {"lecture": lecture, "members": names.of(each.member_id for each in people)}
            for lecture, people in duties.presenters
        ],
        "duties": [
            {"name": name, "lecture": lecture, "members": names.of(each.member_id for each in people)}
            for name, lecture, people in duties.own
        ],
    }


def _retrospective(retrospective: Retrospective, names: _Names) -> Facts:
    """An anonymous one has no author and no time; its key stays here."""
    return {
        "visibility": retrospective.visibility,
        "author": names.maybe(retrospective.author_id),
        "reflections": [
            {"question": reflection.question, "text": reflection.text} for reflection in retrospective.reflections
        ],
    }
