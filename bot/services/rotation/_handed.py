"""What becomes of somebody's turns when they are not there for them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import MemberRow, TeamRow, TurnRow
from bot.domain.duties import Slot
from bot.domain.team import Member
from bot.services.rotation._shown import load_names
from bot.services.rotation._values import NamedDuty
from bot.services.turns import (
    ACTIVE,
    active_turns,
    begin_act,
    forget_idle,
    load_situation,
    members,
    replan,
)


@dataclass(frozen=True)
class HandedOver:
    """A turn that was somebody's, and whose it is now: nobody's, if nobody is there who could.

    `made`: it was given out; otherwise `member` is whom the rotation will choose.
    """

    date: date
    duty: NamedDuty
    member: Member | None
    made: bool


async def hand_over(
    session: AsyncSession, team: TeamRow, member: MemberRow, kind: str, *, cause: str, actor_id: int, now: datetime
) -> tuple[HandedOver, ...]:
    """Give out again the coming turns that somebody cannot take; `kind` is the act's, `cause` is told to people."""
    await session.flush()
    own = [row for row in await active_turns(session, team) if row.member_id == member.id]
    act = await begin_act(session, team, kind, actor_id=actor_id, now=now)
    await replan(session, team, act, cause=cause)
    await forget_idle(session, act)
    lost = sorted((row for row in own if row.state not in ACTIVE), key=lambda row: (row.date, row.id))
    return await _told(session, team, lost) if lost else ()


async def _told(session: AsyncSession, team: TeamRow, lost: list[TurnRow]) -> tuple[HandedOver, ...]:
    situation = await load_situation(session, team)
    planned = situation.plan(situation.calendar.between(situation.today, lost[-1].date))
    now = {turn.slot: turn.member_id for turn in reversed(planned)}
    made = {(row.duty, row.unit) for row in await active_turns(session, team)}
    names, by_id = await load_names(session, team), await members(session, team)
    return tuple(
        HandedOver(
            row.date,
            names.duty(row.duty, row.unit),
            None if (taker := now.get(Slot(row.duty, row.unit))) is None else by_id[taker],
            made=(row.duty, row.unit) in made,
        )
        for row in lost
    )
