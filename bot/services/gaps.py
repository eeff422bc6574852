"""What the page of a day still lacks, and whose it would be to add. Works inside the transaction of whoever asks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AnswerRow, AssignmentRow, LectureRow, MinutesRow, NoteRow, QuestionRow, StudyDayRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.duties import KINDS_WITHOUT_PRESENTER
from bot.domain.questions import shortened
from bot.domain.titles import lecture_label
from bot.services.assignments import missing_members
from bot.services.turns import DayDuties


class Lack(Enum):
    """Something the page of the day still lacks."""

    LECTURES = "lectures"
    NOTES = "notes"
    PRESENTERS = "presenters"
    ANSWERS = "answers"
    MINUTES = "minutes"
    HAND_INS = "hand-ins"
    RETROSPECTIVE = "retrospective"


@dataclass(frozen=True)
class Gap:
    """One thing that is missing.

    `about` is the lecture, the question or the assignment it belongs to, `subject_id` that one's id (of minutes, 0).
    `owners` are the names of those who would add it; nobody's where it is everybody's. `for_reader`: whoever asks has
    the form for it; of what each hands in, only those who have not.
    """

    what: Lack
    about: str = ""
    subject_id: int = 0
    owners: tuple[str, ...] = ()
    for_reader: bool = True


@dataclass(frozen=True)
class PageDay:
    """A day, as far as its page is concerned; `row` is None while nobody has used it."""

    row: StudyDayRow | None
    studied: Sequence[LectureRow]
    presented: Sequence[LectureRow]
    duties: DayDuties

    @property
    def moderators(self) -> tuple[str, ...]:
        return () if self.duties.moderator is None else (self.duties.moderator.name,)

    def presenters(self, lecture_id: int | None) -> tuple[str, ...]:
        return tuple(member.name for member in self.duties.presenters.get(lecture_id or 0, ()))


async def find_gaps(session: AsyncSession, day: PageDay) -> tuple[Gap, ...]:
    """What is missing, in the order of the page. Retrospectives are not looked at: they are each member's own."""
    return (
        *_without_lectures(day),
        *await _without_notes(session, day),
        *_without_presenter(day),
        *await _unanswered(session, day),
        *await _without_minutes(session, day),
    )


def _without_lectures(day: PageDay) -> Iterator[Gap]:
    if not day.studied:
        yield Gap(Lack.LECTURES, owners=day.moderators)


async def _without_notes(session: AsyncSession, day: PageDay) -> list[Gap]:
    """Everybody studies a lecture, so notes on it are anybody's."""
    query = select(NoteRow.lecture_id).where(NoteRow.lecture_id.in_([lecture.id for lecture in day.studied]))
    noted = set(await session.scalars(query))
    return [Gap(Lack.NOTES, lecture_label(lecture), lecture.id) for lecture in day.studied if lecture.id not in noted]


def _without_presenter(day: PageDay) -> Iterator[Gap]:
    for lecture in day.presented:
        if lecture.kind not in KINDS_WITHOUT_PRESENTER and not day.presenters(lecture.id):
            yield Gap(Lack.PRESENTERS, lecture_label(lecture), lecture.id, day.moderators)


async def _unanswered(session: AsyncSession, day: PageDay) -> list[Gap]:
    """Open questions without any answer: the presenter's, else the moderator's. Parked ones come back by themselves."""
    if day.row is None:
        return []
    answered = select(AnswerRow.id).where(AnswerRow.question_id == QuestionRow.id).exists()
    query = select(QuestionRow).where(
        QuestionRow.day_id == day.row.id,
        QuestionRow.state.in_(["open", "discussing"]),
        QuestionRow.further.is_(False),
        ~answered,
    )
    return [
        Gap(
            Lack.ANSWERS,
            f"#{row.number} {shortened(row.text, 60)}",
            row.id,
            day.presenters(row.lecture_id) or day.moderators,
        )
        for row in await session.scalars(query.order_by(QuestionRow.number))
    ]


async def _without_minutes(session: AsyncSession, day: PageDay) -> list[Gap]:
    query = select(func.count()).select_from(MinutesRow)
    noted = day.row is not None and await session.scalar(query.where(MinutesRow.day_id == day.row.id))
    return [] if noted else [Gap(Lack.MINUTES, owners=day.moderators)]


async def find_hand_ins(
    session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: date, user_id: int
) -> list[Gap]:
    """Required assignments due on a day that somebody who is to has not handed in. Names: for moderators only."""
    query = (
        select(AssignmentRow)
        .where(AssignmentRow.team_id == team.id, AssignmentRow.removed_at.is_(None), AssignmentRow.required)
        .where(AssignmentRow.due_at >= calendar.begins_at(day), AssignmentRow.due_at < calendar.ends_at(day))
        .order_by(AssignmentRow.due_at, AssignmentRow.number)
    )
    found = []
    for row in await session.scalars(query):
        if missing := await missing_members(session, team, row, day):
            about, names = f"A{row.number} {shortened(row.title, 60)}", tuple(member.name for member in missing)
            is_theirs = any(member.user_id == user_id for member in missing)
            found.append(Gap(Lack.HAND_INS, about, row.id, names, for_reader=is_theirs))
    return found
