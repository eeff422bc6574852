"""Turns of the rotation: the rule of `bot.domain.rotation` over the team's roster, calendar and turns.

A plan is computed, never stored; a turn is a row from the moment it is proposed to somebody or assigned by somebody.
Works inside the transaction of whoever asks.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, TeamRow
from bot.domain.duties import PRESENTER, Turn, week_of
from bot.domain.rotation import PlannedTurn
from bot.domain.team import Member
from bot.services.days import load_calendar
from bot.services.turns._answers import ROTATION_UNANSWERED, expect_answers, expect_answers_to
from bot.services.turns._briefing import BRIEFING, brief
from bot.services.turns._carried import carry_turns
from bot.services.turns._day import DayDuties, DutyTurn, covers, made_by_day, made_on, to_duties
from bot.services.turns._replan import CALENDAR, ROTATION_CHANGE, begin_act, forget_idle, replan, tell
from bot.services.turns._rows import (
    ACTIVE,
    ASSIGNED,
    PROPOSED,
    REPLACED,
    SKIPPED,
    active_turns,
    announced_until,
    make_turn,
    members,
    release,
    to_turn,
    turn_of,
)
from bot.services.turns._situation import (
    Situation,
    first_open_day,
    load_absences,
    load_duties,
    load_situation,
    own_duty,
    turns_are_settled,
)

__all__ = [
    "ACTIVE",
    "ASSIGNED",
    "BRIEFING",
    "CALENDAR",
    "PROPOSED",
    "REPLACED",
    "ROTATION_CHANGE",
    "ROTATION_UNANSWERED",
    "SKIPPED",
    "DayDuties",
    "DutyTurn",
    "Situation",
    "active_turns",
    "announced_until",
    "begin_act",
    "brief",
    "carry_turns",
    "covers",
    "duties_by_day",
    "duties_of_days",
    "duties_on",
    "expect_answers",
    "expect_answers_to",
    "first_open_day",
    "forget_idle",
    "is_announced",
    "load_absences",
    "load_duties",
    "load_situation",
    "made_by_day",
    "made_on",
    "make_turn",
    "members",
    "own_duty",
    "plan_days",
    "presenters_of",
    "propose",
    "propose_if_announced",
    "release",
    "replan",
    "tell",
    "turn_of",
    "turns_are_settled",
]


async def duties_on(session: AsyncSession, team: TeamRow, day: date) -> DayDuties:
    """The turns made for a day, and for those not made yet what the rotation will choose.

    A day that is over, or no study day, has only the turns that were made.
    """
    return (await duties_of_days(session, team, [day]))[day]


async def duties_of_days(session: AsyncSession, team: TeamRow, days: Collection[date]) -> Mapping[date, DayDuties]:
    """The same for any days, those that are over read together."""
    calendar = await load_calendar(session, team)
    today = first_open_day(team, calendar)
    to_come = {day for day in days if day >= today and calendar.is_study_day(day)}
    over = [day for day in days if day not in to_come]
    duties = dict(await made_by_day(session, team, over)) if over else {}
    for day in to_come:
        duties[day] = (await duties_by_day(session, team, calendar.between(today, day)))[day]
    return duties


async def duties_by_day(session: AsyncSession, team: TeamRow, days: Sequence[date]) -> Mapping[date, DayDuties]:
    """The duties of study days from today on, none left out between.

    Once the session of the first has begun, a week's turn that went to somebody else since is still the former's on it.
    """
    planned = await plan_days(session, team, days)
    by_id, rows = await members(session, team), await active_turns(session, team)
    duties = {day: to_duties([turn for turn in planned if turn.day == day], by_id, rows) for day in days}
    if days and await turns_are_settled(session, team, days[0]):
        later = {(row.duty, row.unit) for row in rows if week_of(row.unit) is not None and row.date > days[0]}
        made = {(turn.duty, turn.unit): turn for turn in (await made_on(session, team, days[0])).turns}
        duties[days[0]] = duties[days[0]].with_turns({key: made[key] for key in later & made.keys()})
    return duties


async def propose(session: AsyncSession, team: TeamRow, day: date, now: datetime) -> DayDuties:
    """Make the turns of a study day, and of open study days before it whose turns were not made.

    Doing it again changes nothing. Whoever left the team meanwhile is replaced.
    """
    calendar = await load_calendar(session, team)
    today = calendar.day_for_entry(now)
    if day < today or not calendar.is_study_day(day):
        return await made_on(session, team, day)
    planned = await plan_days(session, team, calendar.between(today, day))
    made = {to_turn(row) for row in await active_turns(session, team)}
    for choice in planned:
        if choice.member_id is not None and not choice.held:
            turn = Turn(choice.slot.duty, choice.slot.unit, choice.day, choice.member_id)
            if turn not in made:
                await make_turn(session, team, turn, state=PROPOSED, now=now, actor_id=None)
    by_id, rows = await members(session, team), await active_turns(session, team)
    return to_duties([turn for turn in planned if turn.day == day], by_id, rows)


async def propose_if_announced(session: AsyncSession, team: TeamRow, day: date, now: datetime) -> None:
    """Make the turns of a day that nobody will announce any more: today, or one that was announced already."""
    if await is_announced(session, team, day, now):
        await propose(session, team, day, now)
        await brief(session, team, now)


async def is_announced(session: AsyncSession, team: TeamRow, day: date, now: datetime) -> bool:
    """Whether people know the turns of a day: it is today, was announced already, or is being announced now."""
    calendar = await load_calendar(session, team)
    today = calendar.day_for_entry(now)
    latest = await announced_until(session, team)
    being_announced = calendar.moment(today, team.announce_time) <= now and day <= calendar.next_after(today)
    return day == today or being_announced or (latest is not None and day <= latest)


async def plan_days(session: AsyncSession, team: TeamRow, days: Sequence[date]) -> list[PlannedTurn]:
    """What was made and what the rotation will choose for the study days from today on, none left out between."""
    return (await load_situation(session, team)).plan(days)


async def presenters_of(
    session: AsyncSession, team: TeamRow, lectures: Iterable[LectureRow], today: date
) -> Mapping[int, tuple[Member, ...]]:
    """Who presents each lecture: whoever has the turn, else whom the rotation will choose."""
    calendar = await load_calendar(session, team)
    by_id = await members(session, team)
    presenters: dict[int, tuple[Member, ...]] = {}
    for row in await active_turns(session, team):
        if row.duty == PRESENTER and row.lecture_id is not None:
            presenters[row.lecture_id] = (*presenters.get(row.lecture_id, ()), by_id[row.member_id])
    last = max((lecture.session_date for lecture in lectures), default=today)
    for duties in (await duties_by_day(session, team, calendar.between(today, last))).values():
        presenters |= duties.presenters
    return presenters
