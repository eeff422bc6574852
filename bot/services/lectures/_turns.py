"""Who presents a lecture: turns given out, carried along and kept. Works inside the transaction of whoever asks."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import ActRow, LectureRow, MemberRow, TeamRow, TurnRow
from bot.domain.duties import PRESENTER, Turn, lecture_unit
from bot.domain.team import Caller, Member
from bot.services.turns import (
    ACTIVE,
    ASSIGNED,
    REPLACED,
    active_turns,
    announced_until,
    begin_act,
    carry_turns,
    forget_idle,
    make_turn,
    members,
    propose_if_announced,
    replan,
    turn_of,
)

REMOVED_UNIT: Final = "removed:"
"""How the units of turns begin whose lecture is no more: its number may be given to another lecture."""


async def holders_of(session: AsyncSession, team: TeamRow, row: LectureRow) -> tuple[Member, ...]:
    """Who has the turns of a lecture that were made."""
    by_id = await members(session, team)
    turns = [turn for turn in await active_turns(session, team) if turn.lecture_id == row.id]
    return tuple(by_id[turn.member_id] for turn in turns if turn.duty == PRESENTER)


async def give_out(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    rows: Sequence[LectureRow],
    presenter: MemberRow | None = None,
) -> None:
    """Bring the turns in step with lectures that were added or changed, or with one that is gone.

    Turns go with their lecture. Days that people know of are given out at once, and what changed there is told.
    """
    act = await begin_act(session, team, "lecture", actor_id=caller.user_id, now=caller.at)
    told = list(await carry_turns(session, team, act, rows, cause="lecture"))
    if presenter is not None:
        told += await _assign(session, team, caller, act, rows[0], presenter)
    await replan(session, team, act, cause="lecture", carried=told)
    for row in rows:
        await propose_if_announced(session, team, row.session_date, caller.at)
    await forget_idle(session, act)


async def _assign(
    session: AsyncSession, team: TeamRow, caller: Caller, act: ActRow, row: LectureRow, presenter: MemberRow
) -> list[TurnRow]:
    """Let somebody present a lecture; the turn, if its day is known to people already."""
    until = await announced_until(session, team)
    turn = Turn(PRESENTER, lecture_unit(row.id), row.session_date, presenter.id)
    await make_turn(
        session,
        team,
        turn,
        state=ASSIGNED,
        now=caller.at,
        actor_id=caller.user_id,
        act=act,
        cause="lecture",
        confirmed=presenter.user_id == caller.user_id,
    )
    made = await turn_of(session, team, turn.duty, turn.unit)
    return [made] if made is not None and until is not None and turn.day <= until else []


async def detach_turns(session: AsyncSession, team: TeamRow, row: LectureRow) -> dict[int, str]:
    """Keep the turns of a lecture as history before it is removed. Returns the states in which they stood, by id."""
    query = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.lecture_id == row.id)
    turns = (await session.scalars(query)).all()
    stood = {turn.id: turn.state for turn in turns}
    for turn in turns:
        if turn.state in ACTIVE:
            turn.state = REPLACED
        turn.lecture_id = None
        turn.unit = turn.unit.replace("lecture:", REMOVED_UNIT, 1)
    await session.flush()
    return stood


async def attach_turns(session: AsyncSession, row: LectureRow, stood: Mapping[int, str]) -> None:
    """Give a lecture that is back its turns, as they stood when it was removed."""
    for turn in await session.scalars(select(TurnRow).where(TurnRow.id.in_(stood))):
        _lecture, _slash, seat = turn.unit.partition("/")
        turn.unit, turn.lecture_id = "/".join(filter(None, (lecture_unit(row.id), seat))), row.id
        turn.state = stood[turn.id]
    await session.flush()
