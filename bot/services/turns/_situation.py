"""All that the rule needs to know of a team, read at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final, Self

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import (
    AbsenceRow,
    DutyRow,
    LectureRow,
    MemberRow,
    MembershipRow,
    OrderRow,
    StudyDayRow,
    TeamRow,
    TurnRow,
)
from bot.domain.calendar import ONE_DAY, StudyCalendar
from bot.domain.duties import (
    MODERATOR,
    Absence,
    Duty,
    Order,
    Per,
    Presented,
    RosterMember,
    Skip,
    Slot,
    Span,
    Turn,
    slots_of_day,
    week_of,
    week_unit,
)
from bot.domain.rotation import DayToPlan, PlannedTurn, plan
from bot.services.days import load_calendar, row_of_day
from bot.services.turns._rows import ACTIVE, SKIPPED

# Asked before every turn that is shown or given: making a statement takes longer than SQLite takes to answer it.
_TEAM: Final[BindParameter[int]] = bindparam("team_id")
_TURNS: Final = select(TurnRow).where(TurnRow.team_id == _TEAM).order_by(TurnRow.id)
_CLOSED: Final = select(StudyDayRow.date).where(StudyDayRow.team_id == _TEAM, StudyDayRow.number.is_not(None))
_DUTIES: Final = select(DutyRow).where(DutyRow.team_id == _TEAM).order_by(DutyRow.id)
_MEMBERSHIPS: Final = (
    select(MembershipRow)
    .join(MemberRow, MemberRow.id == MembershipRow.member_id)
    .where(MemberRow.team_id == _TEAM)
    .order_by(MembershipRow.member_id, MembershipRow.since)
)
_ABSENCES: Final = (
    select(AbsenceRow)
    .join(MemberRow, MemberRow.id == AbsenceRow.member_id)
    .where(MemberRow.team_id == _TEAM)
    .order_by(AbsenceRow.id)
)
_GONE: Final = select(MemberRow.id, MemberRow.gone_since).where(
    MemberRow.team_id == _TEAM, MemberRow.gone_since.is_not(None)
)
_PRESENTED: Final = (
    select(LectureRow)
    .where(LectureRow.team_id == _TEAM, LectureRow.session_date >= bindparam("first"))
    .order_by(LectureRow.session_date, LectureRow.id)
)
_ORDERS: Final = select(OrderRow).where(OrderRow.team_id == _TEAM).order_by(OrderRow.id)


@dataclass(frozen=True)
class Situation:
    """Who is there when, what is to be done when, and what was given out: the rule needs nothing else.

    `today` is the study day that is today, or on a day off the next one.
    """

    calendar: StudyCalendar
    today: date
    roster: tuple[RosterMember, ...]
    duties: tuple[Duty, ...]
    lectures: Mapping[date, Sequence[Presented]]
    turns: tuple[Turn, ...]
    skips: tuple[Skip, ...]
    orders: tuple[Order, ...]

    def slots_of(self, day: date) -> tuple[Slot, ...]:
        return slots_of_day(day, self.lectures.get(day, ()), self.duties_of(day))

    def duties_of(self, day: date) -> tuple[Duty, ...]:
        """The moderator and the team's own duties as they are done on a day.

        Whether one moderates for a day or a week changes with the first week in which nobody has been told to
        moderate: a week that has begun one way goes on so, and whoever was announced keeps their turn.
        """
        present = (duty for duty in self.duties if day in duty.span)
        return tuple(
            replace(duty, per=self._moderated(day, duty)) if duty.key == MODERATOR else duty for duty in present
        )

    def _moderated(self, day: date, duty: Duty) -> Per:
        week = week_unit(day, duty.first_weekday)
        for turn in self.turns:
            if turn.duty == MODERATOR and week_unit(turn.day, duty.first_weekday) == week:
                return Per.DAY if week_of(turn.unit) is None else Per.WEEK
        return duty.per

    def without(self, turns: Collection[Turn]) -> Self:
        """The same, had these turns not been given out."""
        return replace(self, turns=tuple(turn for turn in self.turns if turn not in turns))

    def plan(self, days: Sequence[date]) -> list[PlannedTurn]:
        """What was made and what the rotation will choose; `days` are study days from today on, none left out."""
        to_plan = [DayToPlan(day, self.slots_of(day)) for day in days]
        return plan(to_plan, self.roster, self.turns, skips=self.skips, orders=self.orders)


async def load_situation(session: AsyncSession, team: TeamRow) -> Situation:
    calendar = await load_calendar(session, team)
    today = first_open_day(team, calendar)
    rows = (await session.scalars(_TURNS, {"team_id": team.id})).all()
    closed = frozenset(await session.scalars(_CLOSED, {"team_id": team.id}))
    days = _Days(calendar, today, closed, await turns_are_settled(session, team, today))
    turns = [_counting(row, days) for row in rows if row.state in ACTIVE]
    return Situation(
        calendar=calendar,
        today=today,
        roster=tuple(await _everybody(session, team)),
        duties=await load_duties(session, team),
        lectures=await _presented(session, team, today),
        turns=tuple(turn for turn in turns if turn is not None),
        skips=tuple(Skip(row.duty, row.unit, row.date, row.member_id) for row in rows if row.state == SKIPPED),
        orders=await _orders(session, team),
    )


def first_open_day(team: TeamRow, calendar: StudyCalendar) -> date:
    """The study day that is today, or on a day off the next one, as far as the database knows."""
    return calendar.day_for_entry(team.next_close_at - timedelta(microseconds=1))


async def load_duties(session: AsyncSession, team: TeamRow) -> tuple[Duty, ...]:
    """The moderator and the team's own duties, those of the past among them, in the order in which they were added."""
    rows = await session.scalars(_DUTIES, {"team_id": team.id})
    own = [
        Duty(own_duty(row.id), Per(row.per), row.people, row.first_weekday, Span(row.since, row.until)) for row in rows
    ]
    return (Duty(MODERATOR, Per(team.moderator_per)), *own)


def own_duty(duty_id: int) -> str:
    """The key under which a team's own duty stands in a turn."""
    return f"duty:{duty_id}"


@dataclass(frozen=True)
class _Days:
    """Which days are studied: those of the past that were closed as study days, those to come by the calendar."""

    calendar: StudyCalendar
    today: date
    closed: Collection[date]
    begun: bool

    def is_studied(self, day: date) -> bool:
        return day in self.closed if day < self.today else self.calendar.is_study_day(day)

    def is_settled(self, day: date) -> bool:
        return day < self.today or (self.begun and day == self.today)


def _counting(row: TurnRow, days: _Days) -> Turn | None:
    """The row as the rule counts it; None if its day was taken off, so that nobody had this turn.

    A week's turn whose first day was taken off is done from the week's next study day on.
    """
    day, week = row.date, week_of(row.unit)
    while not days.is_studied(day):
        day += ONE_DAY
        if week is None or day not in week:
            return None
    return Turn(row.duty, row.unit, day, row.member_id, settled=days.is_settled(day))


async def turns_are_settled(session: AsyncSession, team: TeamRow, day: date) -> bool:
    """Whether nobody's turn on a day can change any more: its session was started, or it was closed before its end."""
    row = await row_of_day(session, team, day)
    return row is not None and (row.session_started_at is not None or row.closed)


async def _everybody(session: AsyncSession, team: TeamRow) -> list[RosterMember]:
    """Everybody who ever belonged to the team, in roster order."""
    rows = (await session.scalars(_MEMBERSHIPS, {"team_id": team.id})).all()
    absences = await load_absences(session, team)
    return [
        RosterMember(member_id, tuple(Span(row.since, row.until) for row in spans), tuple(absences.get(member_id, ())))
        for member_id, spans in groupby(rows, key=lambda row: row.member_id)
    ]


async def load_absences(session: AsyncSession, team: TeamRow) -> dict[int, list[Absence]]:
    """The absences of everybody in the team, by member. Whoever has left the server is away as well."""
    absences: dict[int, list[Absence]] = {}
    for row in await session.scalars(_ABSENCES, {"team_id": team.id}):
        weekdays = frozenset(int(digit) for digit in row.weekdays)
        absences.setdefault(row.member_id, []).append(Absence(Span(row.since, row.until), weekdays))
    for member_id, gone_since in await session.execute(_GONE, {"team_id": team.id}):
        if gone_since is not None:
            absences.setdefault(member_id, []).append(Absence(Span(gone_since, None)))
    return absences


async def _presented(session: AsyncSession, team: TeamRow, first: date) -> Mapping[date, Sequence[Presented]]:
    """The lectures presented on each day from the first on, in the order in which they were added."""
    rows = (await session.scalars(_PRESENTED, {"team_id": team.id, "first": first})).all()
    return {
        day: [Presented(row.id, row.kind, row.readers) for row in of_day]
        for day, of_day in groupby(rows, key=lambda row: row.session_date)
    }


async def _orders(session: AsyncSession, team: TeamRow) -> tuple[Order, ...]:
    rows = await session.scalars(_ORDERS, {"team_id": team.id})
    return tuple(Order(row.duty, row.since, tuple(int(key) for key in row.members.split(","))) for row in rows)
