"""Whose turn it is: the turns ahead, who has had which, giving one to somebody, and what is announced."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import LectureRow, MemberRow, StudyDayRow, TeamRow, TurnRow
from bot.domain.calendar import NoStudyDay, StudyCalendar
from bot.domain.rotation import KINDS_WITHOUT_PRESENTER, MODERATOR, PRESENTER, Turn, day_unit, lecture_unit
from bot.domain.team import Caller, Member, Team
from bot.domain.titles import lecture_label
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.days import load_calendar
from bot.services.lectures import lecture_of, read_day, require_open_study_day
from bot.services.teams import changing_team_of, member_named, require_moderator, team_of
from bot.services.turns import (
    ASSIGNED,
    REPLACED,
    DayDuties,
    active_turns,
    make_turn,
    members,
    plan_days,
    to_duties,
    turn_of,
)
from bot.services.turns import duties_on as duties_on  # noqa: PLC0414  # where other features look for them
from bot.services.turns import propose as propose  # noqa: PLC0414
from bot.services.values import to_member, to_team


@dataclass(frozen=True)
class Presentation:
    """A lecture to be presented, called as shortly as the day allows, and by whom; None if nobody is there."""

    lecture: str
    presenter: Member | None


@dataclass(frozen=True)
class DayTurns:
    """Who does what on a study day."""

    date: date
    number: int
    moderator: Member | None
    presentations: tuple[Presentation, ...]


@dataclass(frozen=True)
class Announcement:
    """The next study day's duties. `today` is the date in the team's zone on which this is said."""

    team: Team
    today: date
    turns: DayTurns


@dataclass(frozen=True)
class Assignment:
    """A duty given to a member. `lecture` is None for the moderator, `others` is what they have that day besides."""

    duty: str
    date: date
    number: int
    lecture: str | None
    member: Member
    before: Member | None
    others: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class PastTurn:
    """A turn as history tells it; one that was replaced was given to somebody else afterwards."""

    date: date
    duty: str
    lecture: str | None
    member: Member
    replaced: bool


class Rotation:
    """`/rotation`, and the announcement of the next study day's duties."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def show(self, session: AsyncSession, caller: Caller, count: int) -> Sequence[DayTurns]:
        """The turns of the next `count` study days, from today on, exactly as they will happen."""
        team = await team_of(session, caller)
        calendar = await load_calendar(session, team)
        days = list(islice(_study_days(calendar, calendar.day_for_entry(caller.at)), count))
        planned = await plan_days(session, team, days)
        by_id = await members(session, team)
        duties = {day: to_duties([turn for turn in planned if turn.day == day], by_id) for day in days}
        return [await _day_turns(session, team, calendar, day, duties[day]) for day in days]

    @writes
    async def assign(
        self, session: AsyncSession, caller: Caller, duty: str, user_id: int, day: str | None, lecture_id: int | None
    ) -> Assignment:
        """Give a duty of a day to somebody; whoever had it is replaced. `day` is a date as typed, today if None.

        Raises NotAllowed for anybody but moderators and today's, NotFound for somebody not on the roster or another
        team's lecture, InvalidInput for a day that is over or off.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        member = await member_named(session, team, user_id)
        calendar = await load_calendar(session, team)
        today = calendar.day_for_entry(caller.at)
        lecture = None if lecture_id is None else await lecture_of(session, team, lecture_id)
        date_meant = None if day is None else read_day(day, calendar, caller.at)
        if duty == PRESENTER:
            lecture = lecture or await _only_lecture(session, team, date_meant or today)
            turn = Turn(PRESENTER, lecture_unit(lecture.id), _date_presented(lecture, date_meant), member.id)
        else:
            lecture, date_meant = None, date_meant or today
            turn = Turn(MODERATOR, day_unit(date_meant), date_meant, member.id)
        require_open_study_day(calendar, turn.day, today)
        before = await _give(session, team, turn, caller)
        self._wake()
        return Assignment(
            duty=duty,
            date=turn.day,
            number=calendar.number(turn.day),
            lecture=None if lecture is None else lecture_label(lecture),
            member=to_member(member),
            before=before,
            others=await _other_duties(session, team, turn),
        )

    @reads
    async def history(self, session: AsyncSession, caller: Caller, user_id: int | None) -> Sequence[PastTurn]:
        """Every turn that was made, also the replaced ones, the latest day first; of one member, or of all."""
        team = await team_of(session, caller)
        query = select(TurnRow, MemberRow, LectureRow).join(MemberRow, MemberRow.id == TurnRow.member_id)
        query = query.outerjoin(LectureRow, LectureRow.id == TurnRow.lecture_id).where(TurnRow.team_id == team.id)
        if user_id is not None:
            query = query.where(TurnRow.member_id == (await _member_ever(session, team, user_id)).id)
        rows = await session.execute(query.order_by(TurnRow.date.desc(), TurnRow.id))
        return [
            PastTurn(
                date=turn.date,
                duty=turn.duty,
                lecture=None if turn.lecture_id is None else lecture_label(lecture),
                member=to_member(member),
                replaced=turn.state == REPLACED,
            )
            for turn, member, lecture in rows
        ]

    @writes
    async def announce(self, session: AsyncSession, team_id: int, day_id: int, now: datetime) -> Announcement | None:
        """Make the turns of the study day after the day of this row. None if there is nobody, or it is over."""
        team = await session.get_one(TeamRow, team_id)
        said_on = await session.get_one(StudyDayRow, day_id)
        calendar = await load_calendar(session, team)
        try:
            day = calendar.next_after(said_on.date)
        except NoStudyDay:
            return None
        if calendar.ends_at(day) <= now:
            return None
        duties = await propose(session, team, day, now)
        if duties.moderator is None:
            return None
        turns = await _day_turns(session, team, calendar, day, duties)
        return Announcement(to_team(team), now.astimezone(calendar.zone).date(), turns)


def _study_days(calendar: StudyCalendar, first: date) -> Iterable[date]:
    """Study days from the first one on, without end."""
    day = first
    while True:
        yield day
        try:
            day = calendar.next_after(day)
        except NoStudyDay:
            return


async def _day_turns(
    session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: date, duties: DayDuties
) -> DayTurns:
    presented = [row for row in await _presented_on(session, team, day) if row.kind not in KINDS_WITHOUT_PRESENTER]
    several = len({row.course for row in presented}) > 1
    return DayTurns(
        date=day,
        number=calendar.number(day),
        moderator=duties.moderator,
        presentations=tuple(
            Presentation(lecture_label(row, with_course=several), duties.presenters.get(row.id)) for row in presented
        ),
    )


async def _presented_on(session: AsyncSession, team: TeamRow, day: date) -> Sequence[LectureRow]:
    query = select(LectureRow).where(LectureRow.team_id == team.id, LectureRow.session_date == day)
    return (await session.scalars(query.order_by(LectureRow.id))).all()


async def _only_lecture(session: AsyncSession, team: TeamRow, day: date) -> LectureRow:
    """The lecture presented on a day, if there is just one. Raises InvalidInput asking for it otherwise."""
    rows = [row for row in await _presented_on(session, team, day) if row.kind not in KINDS_WITHOUT_PRESENTER]
    if len(rows) != 1:
        raise InvalidInput(_("Which lecture is to be presented? Choose it with the option lecture."))
    return rows[0]


def _date_presented(lecture: LectureRow, date_meant: date | None) -> date:
    """The day on which a lecture is presented. Raises InvalidInput if another day was given, or nobody presents it."""
    if lecture.kind in KINDS_WITHOUT_PRESENTER:
        raise InvalidInput(_("{lecture} has no presenter, it is an event."), lecture=lecture_label(lecture))
    if date_meant not in {None, lecture.session_date}:
        raise InvalidInput(
            _("{lecture} is presented on {day:day}. Leave the date out, or choose another lecture."),
            lecture=lecture_label(lecture),
            day=lecture.session_date,
        )
    return lecture.session_date


async def _give(session: AsyncSession, team: TeamRow, turn: Turn, caller: Caller) -> Member | None:
    """Make the turn unless it was assigned just so before; returns whoever else had it."""
    row = await turn_of(session, team, turn.duty, turn.unit)
    if row is not None and (row.state, row.date, row.member_id) == (ASSIGNED, turn.day, turn.member_id):
        return None
    before = await make_turn(session, team, turn, state=ASSIGNED, now=caller.at, actor_id=caller.user_id)
    return None if before is None or before.id == turn.member_id else before


async def _other_duties(session: AsyncSession, team: TeamRow, turn: Turn) -> tuple[tuple[str, str | None], ...]:
    """Duty and lecture of the turns that the member has on the same day besides."""
    rows = await active_turns(session, team)
    others = [row for row in rows if (row.date, row.member_id) == (turn.day, turn.member_id) and row.unit != turn.unit]
    labels: Mapping[int, str] = {row.id: lecture_label(row) for row in await _presented_on(session, team, turn.day)}
    return tuple((row.duty, None if row.lecture_id is None else labels.get(row.lecture_id)) for row in others)


async def _member_ever(session: AsyncSession, team: TeamRow, user_id: int) -> MemberRow:
    """Somebody who is or was in the team. Raises NotFound for anybody else."""
    row = await session.scalar(select(MemberRow).where(MemberRow.team_id == team.id, MemberRow.user_id == user_id))
    if row is None:
        raise NotFound(_("This person has never been on the roster, so there is no history."))
    return row
