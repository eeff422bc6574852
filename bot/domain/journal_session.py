"""Arranging the peer session of a day: what was asked and said about which lecture, and what beyond the lectures."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.day_record import (
    Answer,
    DayRecord,
    Lecture,
    Material,
    MinutesEntry,
    MinutesKind,
    NextDay,
    Question,
    RoundTable,
    SessionFacts,
)
from bot.domain.discord_text import is_blank
from bot.domain.titles import lecture_heading, lecture_label


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


_KINDS: Final[tuple[MinutesKind, ...]] = ("announcement", "decision", "action", "discussion", "note", "material")
"""The order of the minutes on the page."""


def arrange_session(record: DayRecord) -> Session:
    """What stands in which part of the session, with what is blank left out."""
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
