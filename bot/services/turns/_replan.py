"""Bringing what was announced in step, after somebody went away or a lecture moved.

Only turns that cannot be as they were made are given out again; whoever confirmed, and is there, keeps theirs.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import ActRow, TeamRow, TurnRow
from bot.domain.duties import Turn
from bot.domain.rotation import PlannedTurn
from bot.services.deliveries import plan as plan_delivery
from bot.services.turns._briefing import brief
from bot.services.turns._rows import (
    PROPOSED,
    active_turns,
    announced_until,
    is_loose,
    make_turn,
    release,
    to_turn,
)
from bot.services.turns._situation import Situation, load_situation

CALENDAR: Final = "calendar"
"""The cause of turns that a change of the calendar made."""

ROTATION_CHANGE: Final = "rotation.change"
"""Kind of the message that tells who changed, and why. Its subject is the act."""


async def begin_act(session: AsyncSession, team: TeamRow, kind: str, *, actor_id: int, now: datetime) -> ActRow:
    """Something that changes turns; the turns that it makes point to it."""
    act = ActRow(team_id=team.id, kind=kind, actor_id=actor_id, at=now)
    session.add(act)
    await session.flush()
    return act


async def forget_idle(session: AsyncSession, act: ActRow) -> None:
    """An act that made no turn and ended none is not kept: it would be history of nothing."""
    of_act = or_(TurnRow.act_id == act.id, TurnRow.end_act_id == act.id)
    if await session.scalar(select(TurnRow.id).where(of_act).limit(1)) is None:
        await session.delete(act)


async def replan(
    session: AsyncSession,
    team: TeamRow,
    act: ActRow,
    *,
    cause: str,
    carried: Sequence[TurnRow] = (),
    changed: date | None = None,
) -> Sequence[TurnRow]:
    """Bring every announced day from today on in step; returns the turns that were made anew.

    `cause` says why, for whoever reads it: `away`, `left`, `lecture`, `duty`, `calendar`. What changed is told once,
    and with it the turns that the act has carried to another day. `changed` is the date that it took off or put back.
    """
    await session.flush()
    now = act.at
    situation = await load_situation(session, team)
    until = await announced_until(session, team)
    coming = [row for row in await active_turns(session, team) if row.date >= situation.today]
    last = max((row.date for row in coming), default=situation.today)
    days = situation.calendar.between(situation.today, max(last, until or last))
    situation = situation.without(_in_place_of(changed, coming, situation))
    planned = situation.plan(days)
    for row in _taken_back(coming, planned, situation):
        release(session, team, row, act, cause=cause)
    await session.flush()
    announced = [turn for turn in planned if until is not None and turn.day <= until and not turn.held]
    still_done = [turn for turn in announced if turn.slot in situation.slots_of(turn.day)]
    made = await _make(session, team, still_done, act, now=now, cause=cause)
    told = [*carried, *made]
    if told:
        await tell(session, team, act, told)
    else:
        await brief(session, team, now)
    return made


def _in_place_of(day: date | None, rows: Sequence[TurnRow], situation: Situation) -> Collection[Turn]:
    """What was given out because a day was off that is a study day again, with its own turns; but what was confirmed.

    It is chosen anew: whoever was told to do on the next day what they were to do on that one would do it twice.
    """
    if day is None or not situation.calendar.is_study_day(day) or not any(row.date == day for row in rows):
        return ()
    later = [row for row in rows if row.date > day and row.cause == CALENDAR and row.lecture_id is None]
    return [to_turn(row) for row in later if is_loose(row)]


def _taken_back(rows: Iterable[TurnRow], planned: Iterable[PlannedTurn], situation: Situation) -> list[TurnRow]:
    """Turns whose lecture or duty is no more, or whose holder is not there. Those of a day taken off stay."""
    stands = {(turn.slot, turn.member_id) for turn in planned}
    of_the_day = {turn.slot for turn in planned if turn.slot in situation.slots_of(turn.day)}
    return [
        row
        for row, turn in ((row, to_turn(row)) for row in rows)
        if situation.calendar.is_study_day(row.date)
        and (turn.slot not in of_the_day or (turn.slot, row.member_id) not in stands)
    ]


async def _make(
    session: AsyncSession, team: TeamRow, planned: Iterable[PlannedTurn], act: ActRow, *, now: datetime, cause: str
) -> list[TurnRow]:
    standing = {to_turn(row) for row in await active_turns(session, team)}
    made: list[Turn] = []
    for choice in planned:
        if choice.member_id is None:
            continue
        turn = Turn(choice.slot.duty, choice.slot.unit, choice.day, choice.member_id)
        if turn not in standing:
            await make_turn(session, team, turn, state=PROPOSED, now=now, actor_id=None, act=act, cause=cause)
            made.append(turn)
    return [row for row in await active_turns(session, team) if to_turn(row) in made]


async def tell(session: AsyncSession, team: TeamRow, act: ActRow, made: Sequence[TurnRow]) -> None:
    """Plan the message that tells of an act; of no use once the last of its days is over. Briefings follow."""
    situation_days: list[date] = [row.date for row in made]
    calendar = (await load_situation(session, team)).calendar
    await plan_delivery(
        session,
        team_id=team.id,
        kind=ROTATION_CHANGE,
        subject_id=act.id,
        due_at=act.at,
        expires_at=calendar.ends_at(max(situation_days)),
    )
    await brief(session, team, act.at)
