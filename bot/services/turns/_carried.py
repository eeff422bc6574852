"""Turns that follow their lectures to another day."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import ActRow, LectureRow, TeamRow, TurnRow
from bot.domain.duties import Turn, week_of
from bot.services.turns._day import covers
from bot.services.turns._rows import ASSIGNED, active_turns, announced_until, is_loose, make_turn, release, turn_of


async def carry_turns(
    session: AsyncSession, team: TeamRow, act: ActRow, lectures: Iterable[LectureRow], *, cause: str
) -> Sequence[TurnRow]:
    """Let the turns of lectures that have moved go with them; returns those that people have to be told of.

    Whoever prepares a lecture presents it on its new day. Where they have another duty then, the turn that nobody has
    confirmed or assigned is taken back, so that `replan` can give it out again; so it does if they are away.
    """
    await session.flush()
    until = await announced_until(session, team)
    days = {lecture.id: lecture.session_date for lecture in lectures}
    rows = await active_turns(session, team)
    moved = [row for row in rows if row.lecture_id in days and row.date != days[row.lecture_id]]
    standing = [row for row in rows if row not in moved]
    told: list[TurnRow] = []
    for row in moved:
        was_told = until is not None and row.date <= until
        day = days[row.lecture_id or 0]
        busy = [other for other in standing if other.member_id == row.member_id and covers(other, day)]
        if busy and is_loose(row):
            release(session, team, row, act, cause=cause)
            continue
        for other in busy:
            if is_loose(other) and week_of(other.unit) is None:
                release(session, team, other, act, cause=cause)
                standing.remove(other)
        is_announced = until is not None and day <= until
        carried = await _carry(session, team, act, row, day, is_announced=is_announced, cause=cause)
        standing.append(carried)
        told += [carried] if was_told or is_announced else []
    return told


async def _carry(
    session: AsyncSession, team: TeamRow, act: ActRow, row: TurnRow, day: date, *, is_announced: bool, cause: str
) -> TurnRow:
    """The same turn on another day; what stood for the day before stays as history.

    On a day that is not announced yet it counts as assigned: a proposed one would say that the day was announced.
    """
    confirmed_at = row.confirmed_at
    turn = Turn(row.duty, row.unit, day, row.member_id)
    state = row.state if is_announced else ASSIGNED
    await make_turn(session, team, turn, state=state, now=act.at, actor_id=act.actor_id, act=act, cause=cause)
    carried = await turn_of(session, team, row.duty, row.unit)
    if carried is None:
        raise LookupError("the turn that was just made")
    carried.confirmed_at = confirmed_at
    return carried
