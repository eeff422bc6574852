"""The day at a glance."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import (
    AssignmentRow,
    LectureRow,
    MemberRow,
    PassRow,
    QuestionRow,
    StudyDayRow,
    SubmissionRow,
    TeamRow,
    WrittenRow,
)
from bot.domain.calendar import DayOff, StudyCalendar
from bot.domain.team import Caller, Pause
from bot.domain.titles import day_title, lecture_heading, lecture_label
from bot.services.admin import pause_of
from bot.services.assignments import due_for, exceptions_for, is_excused
from bot.services.days import lectures_presented, lectures_studied, load_calendar, row_of_day
from bot.services.gaps import Lack, PageDay, find_gaps
from bot.services.teams import find_member, team_of
from bot.services.turns import DayDuties, duties_on


@dataclass(frozen=True)
class Lacking:
    """What is lacking, and of which lectures."""

    what: Lack
    lectures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Presentation:
    """A lecture presented that day; `presenter` is None while nobody has it, and for events, which have none."""

    lecture: str
    presenter: str | None


@dataclass(frozen=True)
class Deadline:
    """An assignment due today or tomorrow; `due` is in the team's zone. `done` is None for people off the roster."""

    number: int
    title: str
    due: datetime
    required: bool
    past: bool
    done: bool | None


@dataclass(frozen=True)
class Glance:
    """The study day that is today, or the next one when today is off.

    `off` says why today is no study day. What the page lacks is empty for a day that has not come.
    """

    date: date
    number: int
    title: str
    off: DayOff | None
    session_time: time | None
    studied: tuple[str, ...]
    presented: tuple[Presentation, ...]
    moderator: str | None
    deadlines: tuple[Deadline, ...]
    open_questions: int
    lacking: tuple[Lacking, ...]
    pause: Pause | None = None


class Today:
    """`/today`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def glance(self, session: AsyncSession, caller: Caller) -> Glance:
        """The day of the caller's team, as the caller sees it."""
        team = await team_of(session, caller)
        calendar = await load_calendar(session, team)
        today, day = calendar.date_at(caller.at), calendar.day_for_entry(caller.at)
        member = await find_member(session, team, caller.user_id)
        row = await row_of_day(session, team, day)
        studied = await lectures_studied(session, team, day)
        presented = await lectures_presented(session, team, day, day)
        duties = await duties_on(session, team, day)
        lacking = await _lacking(session, PageDay(row, studied, presented, duties), member) if day == today else ()
        return Glance(
            date=day,
            number=row.number if row is not None and row.number is not None else calendar.number(day),
            title=day_title(studied),
            off=calendar.day_off_reason(today),
            session_time=team.session_time,
            studied=tuple(lecture_heading(lecture) for lecture in studied),
            presented=tuple(_presentation(lecture, duties) for lecture in presented),
            moderator=None if duties.moderator is None else duties.moderator.name,
            deadlines=await _deadlines(session, team, calendar, caller.at, member),
            open_questions=await _open_questions(session, team),
            lacking=lacking,
            pause=pause_of(team, caller.at),
        )


def _presentation(lecture: LectureRow, duties: DayDuties) -> Presentation:
    names = [presenter.name for presenter in duties.presenters.get(lecture.id, ())]
    return Presentation(lecture_label(lecture), ", ".join(names) or None)


async def _deadlines(
    session: AsyncSession, team: TeamRow, calendar: StudyCalendar, at: datetime, member: MemberRow | None
) -> tuple[Deadline, ...]:
    """Assignments due between the cut-off before now and the one after tomorrow, the earliest first.

    For a member it is their own deadline that counts; those they are excused from are left out.
    """
    today = calendar.date_at(at)
    first, last = calendar.begins_at(today), calendar.ends_at(today + timedelta(days=1))
    exceptions = {} if member is None else await exceptions_for(session, member)
    query = select(AssignmentRow).where(
        AssignmentRow.team_id == team.id,
        AssignmentRow.removed_at.is_(None),
        or_(AssignmentRow.due_at.between(first, last), AssignmentRow.id.in_(exceptions)),
    )
    due = [(due_for(row, exceptions.get(row.id)), row) for row in await session.scalars(query)]
    handed_in = await _handed_in(session, member)
    return tuple(
        Deadline(
            number=row.number,
            title=row.title,
            due=instant.astimezone(calendar.zone),
            required=row.required,
            past=instant <= at,
            done=None if handed_in is None else row.id in handed_in,
        )
        for instant, row in sorted(due, key=lambda pair: (pair[0], pair[1].number))
        if first <= instant <= last and not is_excused(exceptions.get(row.id))
    )


async def _handed_in(session: AsyncSession, member: MemberRow | None) -> set[int] | None:
    if member is None:
        return None
    query = select(SubmissionRow.assignment_id).where(SubmissionRow.member_id == member.id)
    return set(await session.scalars(query))


async def _open_questions(session: AsyncSession, team: TeamRow) -> int:
    query = select(func.count()).where(QuestionRow.team_id == team.id, QuestionRow.state.in_(["open", "discussing"]))
    return await session.scalar(query) or 0


async def _lacking(session: AsyncSession, day: PageDay, member: MemberRow | None) -> tuple[Lacking, ...]:
    """What the page of the day still lacks, by kind; the retrospective is the caller's own.

    Questions without an answer are counted elsewhere.
    """
    found: dict[Lack, list[str]] = {}
    for gap in await find_gaps(session, day):
        found.setdefault(gap.what, []).append(gap.about)
    found.pop(Lack.ANSWERS, None)
    if member is not None and not await _has_looked_back(session, day.row, member):
        found[Lack.RETROSPECTIVE] = [""]
    return tuple(Lacking(what, tuple(filter(None, lectures))) for what, lectures in found.items())


async def _has_looked_back(session: AsyncSession, row: StudyDayRow | None, member: MemberRow) -> bool:
    """Written, or let the day be."""
    if row is None:
        return False
    found = [await session.get(table, (row.id, member.id)) for table in (WrittenRow, PassRow)]
    return any(each is not None for each in found)
