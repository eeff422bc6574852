"""What a session is about, read from every feature's tables. Works inside the transaction of whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import (
    AssignmentRow,
    DutyRow,
    LectureRow,
    MaterialRow,
    MinutesRow,
    QuestionRow,
    RoundtableReplyRow,
    RoundtableRow,
    StudyDayRow,
    TeamRow,
)
from bot.domain.calendar import NoStudyDay, StudyCalendar
from bot.domain.duties import MODERATOR, PRESENTER
from bot.domain.questions import QuestionState
from bot.domain.session import (
    Action,
    Agenda,
    Carried,
    Deadline,
    Link,
    NextDay,
    OnDuty,
    OpenQuestion,
    OpenTable,
    OwnDuty,
    Presented,
)
from bot.domain.session_steps import Step
from bot.domain.team import Member, StudyDay
from bot.domain.titles import lecture_label
from bot.services.days import load_calendar, to_study_day
from bot.services.lectures import label, unit_label
from bot.services.questions import most_wanted
from bot.services.retro import experiment_on
from bot.services.session._roll import load_roll
from bot.services.session.course import load_steps, local, slots
from bot.services.turns import DayDuties, DutyTurn, duties_on, members, own_duty
from bot.services.values import to_team

OPEN = ("open", "discussing")
WAITING = (*OPEN, "mentor")
"""A further question that the mentor was to be asked is carried over too: it has no answer yet."""


@dataclass(frozen=True)
class PresentedDay:
    """Who moderates a session, who presents what in it, and who does the team's own duties."""

    moderator: OnDuty | None
    lectures: tuple[Presented, ...]
    own: tuple[OwnDuty, ...]


async def load_agenda(session: AsyncSession, team: TeamRow, day: StudyDayRow, at: datetime) -> Agenda:
    """The agenda of a study day's session as it stands; deadlines are those after `at`."""
    calendar = await load_calendar(session, team)
    people = await members(session, team)
    duties = await load_presented(session, team, day.date)
    experiment = await experiment_on(session, team, day.date)
    steps = await load_steps(session, day)
    return Agenda(
        team=to_team(team),
        day=await to_study_day(session, team, day),
        moderator=duties.moderator,
        lectures=duties.lectures,
        questions=await _of_the_day(session, team, day),
        carried=await load_carried(session, team, calendar, day.date),
        deadlines=await _deadlines(session, team, calendar, day.date, at),
        actions=await open_actions(session, team, day.date, people),
        announcements=await _announcements(session, day),
        round_tables=await _round_tables(session, day),
        roll=await load_roll(session, team, day),
        started_at=local(day.session_started_at, team),
        ended_at=local(day.session_ended_at, team),
        steps=steps,
        at_the_table=await _at_the_table(session, steps),
        slots=slots(team, day, [lecture.id for lecture in duties.lectures], steps, day.session_ended_at or at),
        names={member.user_id: member.name for member in people.values()},
        experiment="" if experiment is None else experiment.text,
    )


async def _announcements(session: AsyncSession, day: StudyDayRow) -> tuple[str, ...]:
    query = select(MinutesRow.text).where(MinutesRow.day_id == day.id, MinutesRow.kind == "announcement")
    return tuple(await session.scalars(query.order_by(MinutesRow.id)))


async def _round_tables(session: AsyncSession, day: StudyDayRow) -> tuple[OpenTable, ...]:
    query = (
        select(RoundtableRow, func.count(RoundtableReplyRow.id))
        .outerjoin(RoundtableReplyRow, RoundtableReplyRow.roundtable_id == RoundtableRow.id)
        .where(RoundtableRow.day_id == day.id)
        .group_by(RoundtableRow.id)
        .order_by(RoundtableRow.id)
    )
    rows = (await session.execute(query)).all()
    return tuple(OpenTable(row.prompt, replies, closed=row.closed_at is not None) for row, replies in rows)


async def _at_the_table(session: AsyncSession, steps: Sequence[Step]) -> OpenQuestion | None:
    if not steps or steps[-1].question_id is None:
        return None
    row = await session.get_one(QuestionRow, steps[-1].question_id)
    lecture = None if row.lecture_id is None else await session.get_one(LectureRow, row.lecture_id)
    return open_question(row, lecture)


async def load_presented(session: AsyncSession, team: TeamRow, day: date) -> PresentedDay:
    """The moderator of a day and the lectures presented on it, each with its presenters and open questions."""
    duties = await duties_on(session, team, day)
    query = select(LectureRow).where(LectureRow.team_id == team.id, LectureRow.session_date == day)
    rows = (await session.scalars(query.order_by(LectureRow.id))).all()
    several_courses = len({row.course for row in rows}) > 1
    presented = [
        Presented(
            id=row.id,
            label=label(row),
            short=lecture_label(row, with_course=several_courses),
            presenters=tuple(_on_duty(turn) for turn in duties.turns if _presents(turn, row)),
            questions=await _about(session, row),
            materials=await _materials(session, team, row),
        )
        for row in rows
    ]
    moderator = next((_on_duty(turn) for turn in duties.turns if turn.duty == MODERATOR), None)
    return PresentedDay(moderator, tuple(presented), await _own_duties(session, team, duties, presented))


def _on_duty(turn: DutyTurn) -> OnDuty:
    return OnDuty(turn.member, turn.confirmed)


def _presents(turn: DutyTurn, lecture: LectureRow) -> bool:
    return turn.duty == PRESENTER and turn.lecture_id == lecture.id


async def _own_duties(
    session: AsyncSession, team: TeamRow, duties: DayDuties, lectures: Sequence[Presented]
) -> tuple[OwnDuty, ...]:
    """In the order in which the duties were added; people who do one together stand together."""
    rows = await session.scalars(select(DutyRow).where(DutyRow.team_id == team.id))
    names = {own_duty(row.id): row.name for row in rows}
    labels = {lecture.id: lecture.short for lecture in lectures}
    people: dict[tuple[str, int | None], list[OnDuty]] = {}
    for turn in duties.turns:
        if turn.duty in names:
            people.setdefault((turn.duty, turn.lecture_id), []).append(_on_duty(turn))
    return tuple(
        OwnDuty(names[duty], None if lecture_id is None else labels.get(lecture_id, ""), tuple(found))
        for (duty, lecture_id), found in people.items()
    )


async def load_next_day(session: AsyncSession, team: TeamRow, day: date) -> NextDay | None:
    """The study day after a date, with its duties; None where the calendar has none."""
    calendar = await load_calendar(session, team)
    try:
        upcoming = calendar.next_after(day)
    except NoStudyDay:
        return None
    duties = await load_presented(session, team, upcoming)
    study_day = StudyDay(0, upcoming, calendar.number(upcoming), "", closed=False)
    return NextDay(study_day, duties.moderator, duties.lectures, duties.own)


async def _materials(session: AsyncSession, team: TeamRow, lecture: LectureRow) -> tuple[Link, ...]:
    """Slides and links, in the order in which they were added; of a file, the message that holds it."""
    query = select(MaterialRow).where(MaterialRow.lecture_id == lecture.id).order_by(MaterialRow.id)
    return tuple(
        Link(row.title, row.url or f"https://discord.com/channels/{team.guild_id}/{row.channel_id}/{row.message_id}")
        for row in await session.scalars(query)
    )


async def _about(session: AsyncSession, lecture: LectureRow) -> tuple[OpenQuestion, ...]:
    """Open questions to a lecture, whenever they were asked, the most wanted first."""
    query = select(QuestionRow).where(QuestionRow.lecture_id == lecture.id, QuestionRow.state.in_(OPEN))
    return tuple(open_question(row, None) for row in await session.scalars(query.order_by(*most_wanted())))


def _not_presented_on(day: date) -> Select[QuestionRow, LectureRow | None, date]:
    """Questions with their lecture and the date they were asked for, but for those listed with a lecture of the day."""
    return (
        select(QuestionRow, LectureRow, StudyDayRow.date)
        .join(StudyDayRow, StudyDayRow.id == QuestionRow.day_id)
        .outerjoin(LectureRow, LectureRow.id == QuestionRow.lecture_id)
        .where(or_(LectureRow.id.is_(None), LectureRow.session_date != day, QuestionRow.state.not_in(OPEN)))
        .order_by(*most_wanted())
    )


async def _of_the_day(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> tuple[OpenQuestion, ...]:
    query = _not_presented_on(day.date).where(
        QuestionRow.team_id == team.id, QuestionRow.day_id == day.id, QuestionRow.state.in_(OPEN)
    )
    return tuple(open_question(row, lecture) for row, lecture, _asked_on in await session.execute(query))


async def load_carried(session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: date) -> tuple[Carried, ...]:
    query = _not_presented_on(day).where(
        QuestionRow.team_id == team.id, QuestionRow.further, QuestionRow.state.in_(WAITING), StudyDayRow.date < day
    )
    return tuple(
        Carried(open_question(row, lecture), len(calendar.between(asked_on + timedelta(days=1), day)))
        for row, lecture, asked_on in await session.execute(query)
    )


def open_question(row: QuestionRow, lecture: LectureRow | None) -> OpenQuestion:
    about = "" if lecture is None else unit_label(lecture)
    return OpenQuestion(row.id, row.number, row.text, about, QuestionState(row.state))


async def _deadlines(
    session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: date, at: datetime
) -> tuple[Deadline, ...]:
    """Deadlines from now until the next study day is over: on a Friday those of the weekend and of Monday."""
    try:
        until = calendar.ends_at(calendar.next_after(day))
    except NoStudyDay:
        until = calendar.ends_at(day + timedelta(days=1))
    query = (
        select(AssignmentRow)
        .where(AssignmentRow.team_id == team.id, AssignmentRow.due_at >= at, AssignmentRow.due_at < until)
        .where(AssignmentRow.removed_at.is_(None))
        .order_by(AssignmentRow.due_at, AssignmentRow.number)
    )
    zone = ZoneInfo(team.timezone)
    return tuple(Deadline(row.number, row.title, row.due_at.astimezone(zone)) for row in await session.scalars(query))


async def open_actions(
    session: AsyncSession, team: TeamRow, day: date, people: Mapping[int, Member], *, with_today: bool = False
) -> tuple[Action, ...]:
    """Actions of earlier sessions that are not done, the most urgent first; `with_today` those of today too."""
    until = StudyDayRow.date <= day if with_today else StudyDayRow.date < day
    query = (
        select(MinutesRow)
        .join(StudyDayRow, StudyDayRow.id == MinutesRow.day_id)
        .where(StudyDayRow.team_id == team.id, until, MinutesRow.kind == "action")
        .where(MinutesRow.done_at.is_(None))
        .order_by(MinutesRow.due.is_(None), MinutesRow.due, MinutesRow.id)
    )
    return tuple(
        Action(row.id, row.text, None if row.owner_id is None else people[row.owner_id], row.due)
        for row in await session.scalars(query)
    )
