"""Whose turn it is: the rule of `bot.domain.rotation` over the team's roster, calendar and turns.

A plan is computed, never stored; a turn is a row from the moment it is proposed to somebody or assigned by somebody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database
from bot.db.tables import LectureRow, MemberRow, MembershipRow, TeamRow, TurnRow
from bot.domain.calendar import StudyCalendar
from bot.domain.rotation import (
    MODERATOR,
    DayToPlan,
    PlannedTurn,
    RosterMember,
    Span,
    Turn,
    plan,
    slots_of_day,
)
from bot.domain.team import Member
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.values import to_member

PROPOSED = "proposed"
ASSIGNED = "assigned"
REPLACED = "replaced"


@dataclass(frozen=True)
class DayDuties:
    """Who does what on a study day; `presenters` maps lecture ids, in the order of the lectures."""

    moderator: Member | None
    presenters: Mapping[int, Member]


async def duties_on(session: AsyncSession, team: TeamRow, day: date) -> DayDuties:
    """The turns made for a day, and for those not made yet what the rotation will choose.

    A day that is over, or no study day, has only the turns that were made.
    """
    calendar = await load_calendar(session, team)
    today = _first_open_day(team, calendar)
    if day < today or not calendar.is_study_day(day):
        return await _made_on(session, team, day)
    planned = await plan_days(session, team, calendar, calendar.between(today, day))
    return _to_duties([turn for turn in planned if turn.day == day], await members(session, team))


async def propose(session: AsyncSession, team: TeamRow, day: date, now: datetime) -> DayDuties:
    """Make the turns of a study day, and of open study days before it whose turns were not made.

    Doing it again changes nothing. Whoever left the team meanwhile is replaced.
    """
    calendar = await load_calendar(session, team)
    today = calendar.day_for_entry(now)
    if day < today or not calendar.is_study_day(day):
        return await _made_on(session, team, day)
    planned = await plan_days(session, team, calendar, calendar.between(today, day))
    active = {(row.duty, row.unit): row for row in await active_turns(session, team)}
    for turn in planned:
        row = active.get((turn.slot.duty, turn.slot.unit))
        if turn.member_id is None or (row is not None and (row.member_id, row.date) == (turn.member_id, turn.day)):
            continue
        await make_turn(session, team, turn, turn.member_id, state=PROPOSED, now=now, actor_id=None)
    return _to_duties([turn for turn in planned if turn.day == day], await members(session, team))


async def plan_days(
    session: AsyncSession, team: TeamRow, calendar: StudyCalendar, days: Sequence[date]
) -> list[PlannedTurn]:
    """What is made and what the rotation will choose for study days in a row, the first of which is today."""
    lectures = await _presented(session, team, days)
    to_plan = [DayToPlan(day, slots_of_day(day, lectures.get(day, ()))) for day in days]
    made = [_to_turn(row) for row in await active_turns(session, team) if row.date not in calendar.off]
    return plan(to_plan, await _everybody(session, team), made)


async def make_turn(
    session: AsyncSession,
    team: TeamRow,
    turn: PlannedTurn,
    member_id: int,
    *,
    state: str,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Give a duty to somebody. Whoever had it is replaced; that turn stays as history."""
    active = {(row.duty, row.unit): row for row in await active_turns(session, team)}
    before = active.get((turn.slot.duty, turn.slot.unit))
    if before is not None:
        before.state = REPLACED
        await session.flush()
    lecture_id = _lecture_id(turn)
    session.add(
        TurnRow(
            team_id=team.id,
            duty=turn.slot.duty,
            unit=turn.slot.unit,
            date=turn.day,
            lecture_id=lecture_id,
            member_id=member_id,
            state=state,
            made_at=now,
        )
    )
    await session.flush()
    audit.record(
        session,
        "rotation.assign" if state == ASSIGNED else "rotation.propose",
        f"turn:{turn.slot.duty}:{turn.slot.unit}",
        team_id=team.id,
        actor_id=actor_id,
        at=now,
        before=None if before is None else {"member": before.member_id, "date": before.date},
        after={"member": member_id, "date": turn.day},
    )


async def active_turns(session: AsyncSession, team: TeamRow) -> Sequence[TurnRow]:
    """Every turn of the team that was not replaced, in the order in which they were made."""
    query = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.state != REPLACED).order_by(TurnRow.id)
    return (await session.scalars(query)).all()


async def members(session: AsyncSession, team: TeamRow) -> dict[int, Member]:
    """Everybody who is or was in the team, by id."""
    rows = await session.scalars(select(MemberRow).where(MemberRow.team_id == team.id))
    return {row.id: to_member(row) for row in rows}


def _first_open_day(team: TeamRow, calendar: StudyCalendar) -> date:
    """The study day that is today, or on a day off the next one, as far as the database knows."""
    return calendar.day_for_entry(team.next_close_at - timedelta(microseconds=1))


async def _made_on(session: AsyncSession, team: TeamRow, day: date) -> DayDuties:
    rows = [row for row in await active_turns(session, team) if row.date == day]
    by_id = await members(session, team)
    moderators = [row for row in rows if row.duty == MODERATOR]
    presenters = {row.lecture_id: by_id[row.member_id] for row in rows if row.lecture_id is not None}
    return DayDuties(by_id[moderators[0].member_id] if moderators else None, presenters)


def _to_duties(planned: Iterable[PlannedTurn], by_id: Mapping[int, Member]) -> DayDuties:
    taken = [(turn, by_id[turn.member_id]) for turn in planned if turn.member_id is not None]
    moderators = [member for turn, member in taken if turn.slot.duty == MODERATOR]
    presenters = {_lecture_id(turn): member for turn, member in taken}
    return DayDuties(
        moderators[0] if moderators else None,
        {lecture_id: member for lecture_id, member in presenters.items() if lecture_id is not None},
    )


def _lecture_id(turn: PlannedTurn) -> int | None:
    kind, _, key = turn.slot.unit.partition(":")
    return int(key) if kind == "lecture" else None


def _to_turn(row: TurnRow) -> Turn:
    return Turn(row.duty, row.unit, row.date, row.member_id)


async def _presented(
    session: AsyncSession, team: TeamRow, days: Sequence[date]
) -> Mapping[date, Sequence[tuple[int, str]]]:
    """(id, kind) of the lectures presented on each day, in the order in which they were added."""
    if not days:
        return {}
    query = (
        select(LectureRow)
        .where(LectureRow.team_id == team.id, LectureRow.session_date.between(days[0], days[-1]))
        .order_by(LectureRow.session_date, LectureRow.id)
    )
    rows = (await session.scalars(query)).all()
    return {
        day: [(row.id, row.kind) for row in of_day] for day, of_day in groupby(rows, key=lambda row: row.session_date)
    }


async def _everybody(session: AsyncSession, team: TeamRow) -> list[RosterMember]:
    """Everybody who ever belonged to the team, in roster order."""
    query = (
        select(MembershipRow)
        .join(MemberRow, MemberRow.id == MembershipRow.member_id)
        .where(MemberRow.team_id == team.id)
        .order_by(MembershipRow.member_id, MembershipRow.since)
    )
    rows = (await session.scalars(query)).all()
    return [
        RosterMember(member_id, tuple(Span(row.since, row.until) for row in spans))
        for member_id, spans in groupby(rows, key=lambda row: row.member_id)
    ]


class Rotation:
    """`/rotation`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake
