"""Giving a turn from one member to another, by agreement or because it was skipped; every step is an act's."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import ActRow, TeamRow, TurnRow
from bot.domain.duties import Slot, Turn
from bot.domain.rotation import PlannedTurn
from bot.domain.team import Caller
from bot.services import audit
from bot.services.turns import (
    ASSIGNED,
    PROPOSED,
    SKIPPED,
    load_situation,
    make_turn,
    turn_of,
)


async def give_to(
    session: AsyncSession,
    team: TeamRow,
    act: ActRow,
    turn: Turn,
    member_id: int,
    caller: Caller,
    *,
    cause: str,
    confirmed: bool,
) -> TurnRow:
    """Fix a turn for somebody else than its holder. One that was only planned becomes a row of its holder first."""
    if await turn_of(session, team, turn.duty, turn.unit) is None:
        await _made(session, team, act, turn, ASSIGNED, caller)
    taken = Turn(turn.duty, turn.unit, turn.day, member_id)
    return await _made(session, team, act, taken, ASSIGNED, caller, cause=cause, confirmed=confirmed)


async def give_out(
    session: AsyncSession,
    team: TeamRow,
    act: ActRow,
    slot: Slot,
    day: date,
    caller: Caller,
    *,
    cause: str,
) -> TurnRow | None:
    """Let the rule give a turn of a day that people know to somebody. None if nobody is there for it."""
    planned = await planned_for(session, team, slot, day)
    if planned is None or planned.member_id is None:
        return None
    turn = Turn(slot.duty, slot.unit, planned.day, planned.member_id)
    return await _made(session, team, act, turn, PROPOSED, caller, cause=cause)


async def planned_for(session: AsyncSession, team: TeamRow, slot: Slot, day: date) -> PlannedTurn | None:
    """Whom the rule gives a turn on a day, as things stand now."""
    await session.flush()
    situation = await load_situation(session, team)
    planned = situation.plan(situation.calendar.between(situation.today, day))
    return next((turn for turn in planned if turn.slot == slot and turn.day == day), None)


async def _made(
    session: AsyncSession,
    team: TeamRow,
    act: ActRow,
    turn: Turn,
    state: str,
    caller: Caller,
    *,
    cause: str | None = None,
    confirmed: bool = False,
) -> TurnRow:
    await make_turn(
        session,
        team,
        turn,
        state=state,
        now=caller.at,
        actor_id=caller.user_id,
        act=act,
        cause=cause,
        confirmed=confirmed,
    )
    row = await turn_of(session, team, turn.duty, turn.unit)
    if row is None:
        raise ValueError(f"the turn {turn} was not made")
    return row


async def skip_turn(
    session: AsyncSession, team: TeamRow, act: ActRow, turn: Turn, caller: Caller, reason: str | None
) -> None:
    """End a turn as one that was not taken, as an act whose reason the team may read.

    One that was only planned becomes a row for that.
    """
    row = await turn_of(session, team, turn.duty, turn.unit)
    if row is None:
        row = await _made(session, team, act, turn, ASSIGNED, caller)
    row.state, row.end_act_id, act.reason = SKIPPED, act.id, reason
    await session.flush()
    audit.record(
        session,
        "rotation.skip",
        f"act:{act.id}",
        team_id=team.id,
        actor_id=caller.user_id,
        at=caller.at,
        before={"turn": row.id, "member": row.member_id, "date": row.date},
        reason=reason,
    )


async def turn_skipped_by(session: AsyncSession, act: ActRow) -> TurnRow | None:
    """The turn that an act skipped; None for acts of another kind."""
    return await session.scalar(select(TurnRow).where(TurnRow.end_act_id == act.id)) if act.kind == "skip" else None


async def rows_of_act(session: AsyncSession, act_id: int) -> Sequence[TurnRow]:
    """The turns that an act made, in the order in which they were made."""
    return (await session.scalars(select(TurnRow).where(TurnRow.act_id == act_id).order_by(TurnRow.id))).all()
