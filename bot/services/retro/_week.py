"""The week that a team looks back on, read from every feature's tables."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import CompoundSelect, Select, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import (
    AnswerRow,
    AssignmentRow,
    LectureRow,
    MemberRow,
    MinutesRow,
    NoteRow,
    QuestionRow,
    RetrospectiveRow,
    RoundtableReplyRow,
    RoundtableRow,
    StudyDayRow,
    SubmissionRow,
    TeamRow,
)
from bot.domain.calendar import NoStudyDay, StudyCalendar
from bot.domain.retro import Reflection, Visibility, written
from bot.domain.retro_week import Experiment, OpenAction, Said, Week, WeekDay, by_question, monday_of, next_week
from bot.domain.team import Caller, Member, StudyDay
from bot.services.days import load_calendar
from bot.services.journal import day_meant, study_days
from bot.services.presence import present_members
from bot.services.retro._asked import questions_of
from bot.services.retro._days import load_due
from bot.services.retro._experiments import experiment_of
from bot.services.retro._streaks import load_team_streak
from bot.services.retro.reflections import nameless_of_day, reflections_of
from bot.services.teams import is_moderator, member_of, team_of
from bot.services.turns import load_situation, members
from bot.services.values import to_team


class RetroWeeks:
    """`/retro digest`, and what is posted on a week's last study day."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def week(self, session: AsyncSession, caller: Caller, typed: str | None) -> Week:
        """The week of a day, by default of the latest one; for members and moderators."""
        team = await team_of(session, caller)
        if not is_moderator(team, caller):
            await member_of(session, team, caller)
        day = await day_meant(session, team, caller.at, typed)
        return await load_week(session, team, day.date, caller.at)

    @reads
    async def digest(self, session: AsyncSession, team_id: int, day_id: int, now: datetime) -> Week:
        """The week that ends with a study day."""
        team = await session.get_one(TeamRow, team_id)
        return await load_week(session, team, (await session.get_one(StudyDayRow, day_id)).date, now)


async def load_week(session: AsyncSession, team: TeamRow, day: date, now: datetime) -> Week:
    """The week, from Monday, that a day is in, as far as it has come."""
    calendar = await load_calendar(session, team)
    today, monday = calendar.date_at(now), monday_of(day)
    everyday = await study_days(session, team, calendar, now)
    days = [each for each in reversed(everyday) if monday_of(each.date) == monday and each.date <= max(today, day)]
    people = await members(session, team)
    roster = (await load_situation(session, team)).roster
    there = {each.member_id for each in roster if any(each.belongs_on(study_day.date) for study_day in days)}
    return Week(
        team=to_team(team),
        last=days[-1],
        days=tuple([await _week_day(session, team, calendar, each) for each in days]),
        members=tuple(people[member_id] for member_id in sorted(there)),
        answers=by_question(await _answers(session, days), questions_of(team)),
        actions=await _actions(session, team, days, people),
        tried=await experiment_of(session, team, monday),
        chosen=await _chosen(session, team, calendar, days[-1].date),
        together=(await load_team_streak(session, team, now)).current if team.streaks else 0,
    )


async def _chosen(session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: date) -> Experiment | None:
    try:
        return await experiment_of(session, team, next_week(calendar, day))
    except NoStudyDay:
        return None


async def _week_day(session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: StudyDay) -> WeekDay:
    row = await session.get(StudyDayRow, day.id)
    if row is None:  # nothing was ever written to it
        return WeekDay(day.date, day.number, people=len(await present_members(session, team, day.date)))
    due = await load_due(session, team, row)
    questions = (await session.scalars(_asked_on(day))).all()
    handed_in = (await session.scalars(_handed_in(team, calendar, day.date))).all()
    return WeekDay(
        date=day.date,
        number=day.number,
        written=len(due.written),
        people=due.people,
        asked=len(questions),
        answered=sum(question.state == "answered" for question in questions),
        handed_in=len(handed_in),
        took_part=await _took_part(session, day) | {submission.member_id for submission in handed_in},
    )


def _asked_on(day: StudyDay) -> Select[QuestionRow]:
    return select(QuestionRow).where(QuestionRow.day_id == day.id, QuestionRow.state != "withdrawn")


def _handed_in(team: TeamRow, calendar: StudyCalendar, day: date) -> Select[SubmissionRow]:
    return (
        select(SubmissionRow)
        .join(AssignmentRow, AssignmentRow.id == SubmissionRow.assignment_id)
        .where(AssignmentRow.team_id == team.id, AssignmentRow.removed_at.is_(None))
        .where(
            SubmissionRow.submitted_at >= calendar.begins_at(day), SubmissionRow.submitted_at < calendar.ends_at(day)
        )
    )


async def _took_part(session: AsyncSession, day: StudyDay) -> frozenset[int]:
    """Under whose names something stands on the page of a day."""
    of_day = select(QuestionRow.id).where(QuestionRow.day_id == day.id)
    found: CompoundSelect[int] = union(
        select(QuestionRow.author_id).where(QuestionRow.day_id == day.id, QuestionRow.author_id.is_not(None)),
        select(AnswerRow.member_id).where(AnswerRow.question_id.in_(of_day)),
        select(MinutesRow.member_id).where(MinutesRow.day_id == day.id),
        select(RoundtableReplyRow.member_id)
        .join(RoundtableRow, RoundtableRow.id == RoundtableReplyRow.roundtable_id)
        .where(RoundtableRow.day_id == day.id),
        select(RetrospectiveRow.member_id).where(
            RetrospectiveRow.day_id == day.id, RetrospectiveRow.visibility == Visibility.TEAM
        ),
        select(NoteRow.member_id)
        .join(LectureRow, LectureRow.id == NoteRow.lecture_id)
        .join(StudyDayRow, StudyDayRow.team_id == LectureRow.team_id)
        .where(StudyDayRow.id == day.id, LectureRow.study_date == StudyDayRow.date),
    )
    return frozenset(await session.scalars(found))


async def _answers(session: AsyncSession, days: Sequence[StudyDay]) -> list[tuple[str, Said]]:
    """Questions and answers of the week: each day's by name in roster order, then the anonymous by their keys."""
    found: list[tuple[str, Said]] = []
    for day in days:
        query = (
            select(RetrospectiveRow.id, MemberRow.name)
            .join(MemberRow, MemberRow.id == RetrospectiveRow.member_id)
            .where(RetrospectiveRow.day_id == day.id, RetrospectiveRow.visibility == Visibility.TEAM)
        )
        named = (await session.execute(query.order_by(MemberRow.id))).all()
        texts = await reflections_of(session, [row_id for row_id, _name in named])
        by_author: list[tuple[str | None, tuple[Reflection, ...]]] = [
            (name, texts.get(row_id, ())) for row_id, name in named
        ]
        by_author += [(None, reflections) for _key, reflections in await nameless_of_day(session, day.id)]
        for author, reflections in by_author:
            found += [(each.question, Said(author, day.date, each.text)) for each in written(reflections)]
    return found


async def _actions(
    session: AsyncSession, team: TeamRow, days: Sequence[StudyDay], people: Mapping[int, Member]
) -> tuple[OpenAction, ...]:
    """What was taken on up to the week's last day and is not done, the most urgent first."""
    query = (
        select(MinutesRow)
        .join(StudyDayRow, StudyDayRow.id == MinutesRow.day_id)
        .where(StudyDayRow.team_id == team.id, StudyDayRow.date <= days[-1].date)
        .where(MinutesRow.kind == "action", MinutesRow.done_at.is_(None))
        .order_by(MinutesRow.due.is_(None), MinutesRow.due, MinutesRow.id)
    )
    return tuple(
        OpenAction(row.text, None if row.owner_id is None else people[row.owner_id].name, row.due)
        for row in await session.scalars(query)
    )
