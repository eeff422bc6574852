"""Arranging a day into its page: what stands where, who may see it, in which order.

The result holds the texts as they were typed. Making them safe, and every word of the page's own, is `bot.pages`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.domain.day_record import Assignment, DayRecord, Lecture, Note, Retrospective, Submission
from bot.domain.discord_text import is_blank
from bot.domain.journal_session import Session, arrange_session
from bot.domain.retro import written
from bot.domain.titles import day_title


@dataclass(frozen=True)
class LectureNotes:
    """A lecture studied on the day."""

    lecture: Lecture
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class AssignmentPart:
    """An assignment; on a member's page with their own submission, if there is one, and whether they are excused."""

    assignment: Assignment
    submissions: tuple[Submission, ...]
    excused: bool = False


@dataclass(frozen=True)
class Page:
    """The page of a day: the team's (`owner_id` None), or that of one member."""

    record: DayRecord
    owner_id: int | None
    title: str
    lectures: tuple[LectureNotes, ...]
    assignments: tuple[AssignmentPart, ...]
    session: Session
    retrospectives: tuple[Retrospective, ...]


def arrange_team_page(record: DayRecord) -> Page:
    """What everybody may see: all notes, who has handed in, the retrospectives that may be shown."""
    notes = {lecture.id: _notes(record, lecture.id, lambda _: True) for lecture in record.lectures_studied}
    parts = tuple(AssignmentPart(each, _by_time(each.submissions)) for each in record.assignments)
    return _page(record, None, notes, parts, _shared_retrospectives(record))


def arrange_member_page(record: DayRecord, member_id: int) -> Page:
    """One member's page: their own notes, work and retrospective, private or not, and the session of all."""
    notes = {
        lecture.id: _notes(record, lecture.id, lambda author: author == member_id)
        for lecture in record.lectures_studied
    }
    parts = tuple(_own_part(each, member_id) for each in record.assignments)
    own = tuple(
        each for each in record.retrospectives if each.author_id == member_id and each.visibility != "anonymous"
    )
    return _page(record, member_id, notes, parts, _written(own))


def _page(
    record: DayRecord,
    owner_id: int | None,
    notes: dict[int, tuple[Note, ...]],
    assignments: tuple[AssignmentPart, ...],
    retrospectives: tuple[Retrospective, ...],
) -> Page:
    return Page(
        record=record,
        owner_id=owner_id,
        title=day_title(record.lectures_studied) if record.title is None else record.title,
        lectures=tuple(LectureNotes(lecture, notes[lecture.id]) for lecture in record.lectures_studied),
        assignments=assignments,
        session=arrange_session(record),
        retrospectives=retrospectives,
    )


def _notes(record: DayRecord, lecture_id: int, wanted: Callable[[int], bool]) -> tuple[Note, ...]:
    return tuple(
        note
        for note in record.notes
        if note.lecture_id == lecture_id and wanted(note.author_id) and not is_blank(note.text)
    )


def _by_time(submissions: Iterable[Submission]) -> tuple[Submission, ...]:
    return tuple(sorted(submissions, key=lambda submission: (submission.at, submission.member_id)))


def _own_part(assignment: Assignment, member_id: int) -> AssignmentPart:
    own = tuple(submission for submission in assignment.submissions if submission.member_id == member_id)
    return AssignmentPart(assignment, own, excused=member_id in assignment.excused_ids)


# Retrospectives


def _shared_retrospectives(record: DayRecord) -> tuple[Retrospective, ...]:
    """Those for the team in roster order, then the anonymous ones by their random key, which tells nothing."""
    places = {member.id: place for place, member in enumerate(record.members)}
    named = [each for each in record.retrospectives if each.visibility == "team"]
    named.sort(key=lambda each: (places.get(each.author_id or 0, len(places)), each.author_id or 0, _texts(each)))
    nameless = [each for each in record.retrospectives if each.visibility == "anonymous"]
    nameless.sort(key=lambda each: (each.key, _texts(each)))
    return _written([*named, *nameless])


def _texts(retrospective: Retrospective) -> tuple[str, ...]:
    return tuple(each.text for each in retrospective.reflections)


def _written(retrospectives: Iterable[Retrospective]) -> tuple[Retrospective, ...]:
    """Those in which something stands, with the answers that were given."""
    answered = (replace(each, reflections=written(each.reflections)) for each in retrospectives)
    return tuple(each for each in answered if each.reflections)
