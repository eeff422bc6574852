"""Arranging a day into its page: what stands where, who may see it, in which order.

The result holds the texts as they were typed. Making them safe, and every word of the page's own, is `bot.pages`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.domain.day_record import (
    Answer,
    Assignment,
    DayRecord,
    Lecture,
    Material,
    MinutesEntry,
    MinutesKind,
    NextDay,
    Note,
    Question,
    Retrospective,
    RoundTable,
    SessionFacts,
    Submission,
)
from bot.domain.discord_text import is_blank
from bot.domain.retro import written
from bot.domain.titles import day_title, lecture_heading, lecture_label


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
class AskedQuestion:
    """A question with the lecture to name beside it, if that does not follow from where it stands."""

    question: Question
    answers: tuple[Answer, ...]
    about: str = ""


@dataclass(frozen=True)
class Entry:
    """An entry of the minutes with the lecture to name beside it."""

    entry: MinutesEntry
    about: str = ""


@dataclass(frozen=True)
class PresentedLecture:
    """A lecture presented on the day, with what was said about it."""

    heading: str
    lecture: Lecture
    materials: tuple[Material, ...]
    more_materials: tuple[Entry, ...]
    discussions: tuple[Entry, ...]
    questions: tuple[AskedQuestion, ...]

    @property
    def said(self) -> bool:
        """Whether anything stands under it but who presented it."""
        return bool(self.materials or self.more_materials or self.discussions or self.questions)


@dataclass(frozen=True)
class OnDuty:
    """Somebody who has a duty. `confirmed`: they said that they will do it."""

    member_id: int
    confirmed: bool = True


@dataclass(frozen=True)
class NextDuties:
    """Who does what on the next study day."""

    number: int
    date: date
    moderators: tuple[OnDuty, ...]
    presenters: tuple[tuple[str, tuple[OnDuty, ...]], ...]
    """What a lecture is called → who presents it."""
    own: tuple[tuple[str, str, tuple[OnDuty, ...]], ...] = ()
    """A duty of the team's own, what the lecture is called that it is done for (empty: none), and who does it."""


@dataclass(frozen=True)
class Minutes:
    """What was said in the session beyond the lectures, how many came and how long it took."""

    next_duties: NextDuties | None
    facts: SessionFacts
    entries: tuple[tuple[MinutesKind, tuple[Entry, ...]], ...]
    """Kind → its entries, in the order of the page; only kinds that have some."""
    questions: tuple[AskedQuestion, ...]
    """Those about no lecture presented on the day."""
    round_tables: tuple[RoundTable, ...]

    def __bool__(self) -> bool:
        return bool(self.next_duties or self.counted or self.entries or self.questions or self.round_tables)

    @property
    def counted(self) -> bool:
        """Whether anything is known of who came or how long it took."""
        facts = self.facts
        return bool(facts.present or facts.late or facts.absent or facts.whole)


@dataclass(frozen=True)
class Session:
    """The peer session; `instead` is what there was in its place."""

    lectures: tuple[PresentedLecture, ...]
    further: tuple[AskedQuestion, ...]
    minutes: Minutes
    instead: str = ""

    def __bool__(self) -> bool:
        return bool(self.lectures or self.further or self.minutes or self.instead)


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


_KINDS: Final[tuple[MinutesKind, ...]] = ("announcement", "decision", "action", "discussion", "note", "material")
"""The order of the minutes on the page."""


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
        session=_arrange_session(record),
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


# The session


def _arrange_session(record: DayRecord) -> Session:
    questions = [question for question in record.questions if _is_printed(question)]
    labels = _labels(record)
    presented = {lecture.id for lecture in record.lectures_presented}
    several = _several_courses(record.lectures_presented)
    instead = "" if is_blank(record.session.instead) else record.session.instead
    lectures = (
        _arrange_lecture(record, lecture, questions, with_course=several) for lecture in record.lectures_presented
    )
    return Session(
        lectures=tuple(lecture for lecture in lectures if not instead or lecture.said),
        further=tuple(_asked(question, labels) for question in questions if question.further),
        minutes=_arrange_minutes(record, questions, presented, labels),
        instead=instead,
    )


def _asked(question: Question, labels: Mapping[int, str]) -> AskedQuestion:
    answers = tuple(answer for answer in question.answers if not is_blank(answer.text))
    return AskedQuestion(question, answers, labels.get(question.lecture_id or 0, ""))


def _is_printed(question: Question) -> bool:
    """Withdrawn questions are not; dropped ones only if somebody took the trouble to answer.

    Of removed ones it is said that they were removed.
    """
    if question.state in {"withdrawn", "removed"}:
        return question.state == "removed"
    answered = any(not is_blank(answer.text) for answer in question.answers)
    return answered or (question.state != "dropped" and not (is_blank(question.text) and question.attachment is None))


def _labels(record: DayRecord) -> dict[int, str]:
    lectures = (*record.lectures_elsewhere, *record.lectures_studied, *record.lectures_presented)
    return {lecture.id: lecture_label(lecture) for lecture in lectures}


def _arrange_lecture(
    record: DayRecord, lecture: Lecture, questions: Iterable[Question], *, with_course: bool
) -> PresentedLecture:
    def said(kind: MinutesKind) -> tuple[Entry, ...]:
        return tuple(
            Entry(entry)
            for entry in record.minutes
            if entry.kind == kind and entry.lecture_id == lecture.id and not is_blank(entry.text)
        )

    return PresentedLecture(
        heading=lecture_heading(lecture, with_course=with_course),
        lecture=lecture,
        materials=tuple(each for each in lecture.materials if not (is_blank(each.title) and is_blank(each.url))),
        more_materials=said("material"),
        discussions=said("discussion"),
        questions=tuple(
            _asked(question, {}) for question in questions if question.lecture_id == lecture.id and not question.further
        ),
    )


def _arrange_minutes(
    record: DayRecord, questions: Iterable[Question], presented: set[int], labels: dict[int, str]
) -> Minutes:
    entries = {
        kind: tuple(
            Entry(entry, labels.get(entry.lecture_id or 0, ""))
            for entry in record.minutes
            if entry.kind == kind and not is_blank(entry.text) and not _stands_with_lecture(entry, presented)
        )
        for kind in _KINDS
    }
    return Minutes(
        next_duties=_next_duties(record.next_day),
        facts=record.session,
        entries=tuple((kind, of_kind) for kind, of_kind in entries.items() if of_kind),
        questions=tuple(
            _asked(question, labels)
            for question in questions
            if question.lecture_id not in presented and not question.further
        ),
        round_tables=tuple(
            table for table in map(_replied, record.round_tables) if table.replies or not is_blank(table.prompt)
        ),
    )


def _stands_with_lecture(entry: MinutesEntry, presented: set[int]) -> bool:
    return entry.kind in {"discussion", "material"} and entry.lecture_id in presented


def _next_duties(day: NextDay | None) -> NextDuties | None:
    if day is None:
        return None
    several = _several_courses(day.lectures)
    labels = {lecture.id: lecture_label(lecture, with_course=several) for lecture in day.lectures}
    presenters = tuple(
        (labels[lecture.id], _on_duty(lecture.presenter_ids, lecture.unconfirmed_ids))
        for lecture in day.lectures
        if lecture.presenter_ids
    )
    own = tuple(
        (duty.name, labels.get(duty.lecture_id or 0, ""), _on_duty(duty.member_ids, duty.unconfirmed_ids))
        for duty in day.own
        if duty.member_ids
    )
    if not (day.moderator_ids or presenters or own):
        return None
    return NextDuties(day.number, day.date, _on_duty(day.moderator_ids, day.unconfirmed_ids), presenters, own)


def _on_duty(member_ids: Iterable[int], unconfirmed_ids: Collection[int]) -> tuple[OnDuty, ...]:
    return tuple(OnDuty(member_id, member_id not in unconfirmed_ids) for member_id in member_ids)


def _several_courses(lectures: Iterable[Lecture]) -> bool:
    return len({lecture.course.strip() for lecture in lectures}) > 1


def _replied(table: RoundTable) -> RoundTable:
    return RoundTable(table.prompt, tuple(reply for reply in table.replies if not is_blank(reply.text)))
