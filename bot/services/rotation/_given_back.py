"""Turns that a change took from people go back to them when the change is taken back.

Works inside the transaction of whoever takes it back.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import ActRow, AuditRow, TeamRow, TurnRow
from bot.domain.duties import Turn
from bot.domain.team import Caller
from bot.services.turns import (
    ACTIVE,
    active_turns,
    announced_until,
    begin_act,
    covers,
    forget_idle,
    make_turn,
    replan,
    turn_of,
    turns_are_settled,
)


async def give_back(session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow) -> None:
    """Put turns back as they stood before a change, and bring the announced days in step; what that changes is told.

    A turn stays as it is if its session has begun, if somebody has changed it since, or if whoever had it has another
    duty by now; the rule gives out the rest.
    """
    await session.flush()
    act = await begin_act(session, team, "undo", actor_id=caller.user_id, now=caller.at)
    until = await announced_until(session, team)
    told = []
    for row in await _taken(session, team, change):
        if await _can_have_back(session, team, row, change):
            made = await _made_again(session, team, act, row, caller)
            told += [made] if until is not None and made.date <= until else []
    await replan(session, team, act, cause="undo", carried=told)
    await forget_idle(session, act)


async def _taken(session: AsyncSession, team: TeamRow, change: AuditRow) -> Sequence[TurnRow]:
    """The turns that were released in the transaction of a change: each as it last stood before."""
    query = select(AuditRow.subject).where(AuditRow.team_id == team.id, AuditRow.action == "rotation.release")
    subjects = set(await session.scalars(query.where(AuditRow.at == change.at, AuditRow.actor_id == change.actor_id)))
    ended = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.state.not_in(ACTIVE))
    before = await session.scalars(ended.where(TurnRow.made_at < change.at).order_by(TurnRow.id))
    last = {f"turn:{row.duty}:{row.unit}": row for row in before}
    return [row for subject, row in last.items() if subject in subjects]


async def _can_have_back(session: AsyncSession, team: TeamRow, row: TurnRow, change: AuditRow) -> bool:
    now = await turn_of(session, team, row.duty, row.unit)
    if now is not None and now.made_at != change.at:
        return False
    others = [other for other in await active_turns(session, team) if other.member_id == row.member_id]
    busy = any(covers(other, row.date) for other in others if other.made_at != change.at)
    return not busy and not await turns_are_settled(session, team, row.date)


async def _made_again(session: AsyncSession, team: TeamRow, act: ActRow, row: TurnRow, caller: Caller) -> TurnRow:
    turn = Turn(row.duty, row.unit, row.date, row.member_id)
    actor = caller.user_id
    await make_turn(session, team, turn, state=row.made_as, now=caller.at, actor_id=actor, act=act, cause="undo")
    made = await turn_of(session, team, row.duty, row.unit)
    if made is None:
        raise LookupError("a turn that was just made")
    made.confirmed_at = row.confirmed_at
    return made
