"""Turns of the rotation: the rule of `bot.domain.rotation` over the team's roster, calendar and turns.

A plan is computed, never stored; a turn is a row from the moment it is proposed to somebody or assigned by somebody.
Works inside the transaction of whoever asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, MemberRow, MembershipRow, TeamRow, TurnRow
from bot.domain.calendar import StudyCalendar
from bot.domain.rotation import (
    MODERATOR,
    PRESENTER,
    DayToPlan,
    PlannedTurn,
    RosterMember,
    Span,
    Turn,
    lecture_unit,
    plan,
    slots_of_day,
)
from bot.domain.team import Member
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.values import to_member

PROPOSED: Final = "proposed"
ASSIGNED: Final = "assigned"
REPLACED: Final = "replaced"


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
    planned = await plan_days(session, team, calendar.between(today, day))
    return to_duties([turn for turn in planned if turn.day == day], await members(session, team))


async def propose(session: AsyncSession, team: TeamRow, day: date, now: datetime) -> DayDuties:
    """Make the turns of a study day, and of open study days before it whose turns were not made.

    Doing it again changes nothing. Whoever left the team meanwhile is replaced.
    """
    calendar = await load_calendar(session, team)
    today = calendar.day_for_entry(now)
    if day < today or not calendar.is_study_day(day):
        return await _made_on(session, team, day)
    planned = await plan_days(session, team, calendar.between(today, day))
    made = {_to_turn(row) for row in await active_turns(session, team)}
    for choice in planned:
        if choice.member_id is not None:
            turn = Turn(choice.slot.duty, choice.slot.unit, choice.day, choice.member_id)
            if turn not in made:
                await make_turn(session, team, turn, state=PROPOSED, now=now, actor_id=None)
    return to_duties([turn for turn in planned if turn.day == day], await members(session, team))


async def propose_if_announced(session: AsyncSession, team: TeamRow, day: date, now: datetime) -> None:
    """Make the turns of a day that nobody will announce any more: today, or one that was announced already."""
    calendar = await load_calendar(session, team)
    today = calendar.day_for_entry(now)
    latest = await session.scalar(
        select(func.max(TurnRow.date)).where(TurnRow.team_id == team.id, TurnRow.state == PROPOSED)
    )
    being_announced = calendar.moment(today, team.announce_time) <= now and day <= calendar.next_after(today)
    if day == today or being_announced or (latest is not None and day <= latest):
        await propose(session, team, day, now)


async def plan_days(session: AsyncSession, team: TeamRow, days: Sequence[date]) -> list[PlannedTurn]:
    """What was made and what the rotation will choose for the study days from today on, none left out between."""
    calendar = await load_calendar(session, team)
    lectures = await _presented(session, team, days)
    to_plan = [DayToPlan(day, slots_of_day(day, lectures.get(day, ()))) for day in days]
    made = [_to_turn(row) for row in await active_turns(session, team) if row.date not in calendar.off]
    return plan(to_plan, await _everybody(session, team), made)


async def presenters_of(
    session: AsyncSession, team: TeamRow, lectures: Iterable[LectureRow], today: date
) -> Mapping[int, Member]:
    """Who presents each lecture: whoever has the turn, else whom the rotation will choose."""
    calendar = await load_calendar(session, team)
    by_id = await members(session, team)
    made = {row.lecture_id: by_id[row.member_id] for row in await active_turns(session, team) if row.lecture_id}
    last = max((lecture.session_date for lecture in lectures), default=today)
    to_come = to_duties(await plan_days(session, team, calendar.between(today, last)), by_id)
    return {lecture_id: member for lecture_id, member in made.items() if lecture_id} | dict(to_come.presenters)


async def make_turn(
    session: AsyncSession, team: TeamRow, turn: Turn, *, state: str, now: datetime, actor_id: int | None
) -> Member | None:
    """Give a duty to somebody. Whoever had it is replaced and returned; that turn stays as history."""
    before = await turn_of(session, team, turn.duty, turn.unit)
    if before is not None:
        before.state = REPLACED
        await session.flush()
    session.add(
        TurnRow(
            team_id=team.id,
            duty=turn.duty,
            unit=turn.unit,
            date=turn.day,
            lecture_id=lecture_id_of(turn.unit),
            member_id=turn.member_id,
            state=state,
            made_at=now,
        )
    )
    await session.flush()
    audit.record(
        session,
        "rotation.assign" if state == ASSIGNED else "rotation.propose",
        f"turn:{turn.duty}:{turn.unit}",
        team_id=team.id,
        actor_id=actor_id,
        at=now,
        before=None if before is None else {"member": before.member_id, "date": before.date},
        after={"member": turn.member_id, "date": turn.day},
    )
    return None if before is None else (await members(session, team))[before.member_id]


async def assign_presenter(
    session: AsyncSession, team: TeamRow, lecture: LectureRow, member: MemberRow, *, now: datetime, actor_id: int
) -> Member | None:
    """Let somebody present a lecture; returns whoever had the turn."""
    turn = Turn(PRESENTER, lecture_unit(lecture.id), lecture.session_date, member.id)
    return await make_turn(session, team, turn, state=ASSIGNED, now=now, actor_id=actor_id)


async def turn_of(session: AsyncSession, team: TeamRow, duty: str, unit: str) -> TurnRow | None:
    """The turn of a duty for a unit that was not replaced."""
    query = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.duty == duty, TurnRow.unit == unit)
    return await session.scalar(query.where(TurnRow.state != REPLACED))


async def active_turns(session: AsyncSession, team: TeamRow) -> Sequence[TurnRow]:
    """Every turn of the team that was not replaced, in the order in which they were made."""
    query = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.state != REPLACED).order_by(TurnRow.id)
    return (await session.scalars(query)).all()


async def members(session: AsyncSession, team: TeamRow) -> dict[int, Member]:
    """Everybody who is or was in the team, by id."""
    rows = await session.scalars(select(MemberRow).where(MemberRow.team_id == team.id))
    return {row.id: to_member(row) for row in rows}


def to_duties(planned: Iterable[PlannedTurn], by_id: Mapping[int, Member]) -> DayDuties:
    """Planned turns of one day, by what they are for."""
    taken = [(turn.slot, by_id[turn.member_id]) for turn in planned if turn.member_id is not None]
    moderators = [member for slot, member in taken if slot.duty == MODERATOR]
    presenters = {lecture_id_of(slot.unit): member for slot, member in taken}
    return DayDuties(
        moderators[0] if moderators else None,
        {lecture_id: member for lecture_id, member in presenters.items() if lecture_id is not None},
    )


def lecture_id_of(unit: str) -> int | None:
    """17 for the unit `lecture:17`; None for a unit of another kind."""
    kind, _, key = unit.partition(":")
    return int(key) if kind == "lecture" else None


def _first_open_day(team: TeamRow, calendar: StudyCalendar) -> date:
    """The study day that is today, or on a day off the next one, as far as the database knows."""
    return calendar.day_for_entry(team.next_close_at - timedelta(microseconds=1))


async def _made_on(session: AsyncSession, team: TeamRow, day: date) -> DayDuties:
    by_id = await members(session, team)
    rows = [row for row in await active_turns(session, team) if row.date == day]
    moderators = [by_id[row.member_id] for row in rows if row.duty == MODERATOR]
    presenters = {row.lecture_id: by_id[row.member_id] for row in rows if row.lecture_id is not None}
    return DayDuties(moderators[0] if moderators else None, presenters)


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
