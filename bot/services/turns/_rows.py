"""Turns as rows: making them, replacing them, and finding them again."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Final

from sqlalchemy import BindParameter, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import ActRow, DeliveryRow, MemberRow, StudyDayRow, TeamRow, TurnRow
from bot.domain.calendar import NoStudyDay
from bot.domain.duties import Turn, lecture_id_of
from bot.domain.schedules import ROTATION_ANNOUNCEMENT
from bot.domain.team import Member
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.values import to_member

PROPOSED: Final = "proposed"
ASSIGNED: Final = "assigned"
REPLACED: Final = "replaced"
SKIPPED: Final = "skipped"

ACTIVE: Final = (PROPOSED, ASSIGNED)

_TEAM: Final[BindParameter[int]] = bindparam("team_id")
_ACTIVE_TURNS: Final = select(TurnRow).where(TurnRow.team_id == _TEAM, TurnRow.state.in_(ACTIVE)).order_by(TurnRow.id)
_TURN: Final = _ACTIVE_TURNS.where(TurnRow.duty == bindparam("duty"), TurnRow.unit == bindparam("unit"))
_TOLD_UNTIL: Final = select(func.max(TurnRow.date)).where(
    TurnRow.team_id == _TEAM,
    or_(
        TurnRow.state == PROPOSED,
        and_(TurnRow.act_id.is_(None), TurnRow.state.not_in(ACTIVE)),  # what people decide is part of an act
    ),
)
_ANNOUNCED: Final = select(DeliveryRow.subject_id).where(
    DeliveryRow.team_id == _TEAM,
    DeliveryRow.kind == ROTATION_ANNOUNCEMENT,
    DeliveryRow.first_tried_at.is_not(None),
)
_LAST_HANDED_OVER: Final = select(func.max(StudyDayRow.date)).where(
    StudyDayRow.team_id == _TEAM,
    or_(StudyDayRow.session_ended_at.is_not(None), StudyDayRow.id.in_(_ANNOUNCED)),
)
_MEMBERS: Final = select(MemberRow).where(MemberRow.team_id == _TEAM)


async def make_turn(
    session: AsyncSession,
    team: TeamRow,
    turn: Turn,
    *,
    state: str,
    now: datetime,
    actor_id: int | None,
    act: ActRow | None = None,
    cause: str | None = None,
    confirmed: bool = False,
) -> TurnRow | None:
    """Give a duty to somebody. The row of whoever had it is returned; it stays as history, as replaced."""
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
            cause=cause,
            act_id=None if act is None else act.id,
            made_at=now,
            confirmed_at=now if confirmed else None,
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
        reason=cause,
    )
    return before


def release(session: AsyncSession, team: TeamRow, row: TurnRow, act: ActRow, *, cause: str) -> None:
    """End a turn as part of an act, and put on record whose it was; whoever has it next is given a row of their own."""
    row.state, row.end_act_id = REPLACED, act.id
    audit.record(
        session,
        "rotation.release",
        f"turn:{row.duty}:{row.unit}",
        team_id=team.id,
        actor_id=act.actor_id,
        at=act.at,
        before={"member": row.member_id, "date": row.date},
        reason=cause,
    )


async def turn_of(session: AsyncSession, team: TeamRow, duty: str, unit: str) -> TurnRow | None:
    """The turn of a duty for a unit as it stands: not replaced, not skipped."""
    return await session.scalar(_TURN, {"team_id": team.id, "duty": duty, "unit": unit})


async def active_turns(session: AsyncSession, team: TeamRow) -> Sequence[TurnRow]:
    """Every turn of the team as it stands, in the order in which they were made."""
    return (await session.scalars(_ACTIVE_TURNS, {"team_id": team.id})).all()


async def announced_until(session: AsyncSession, team: TeamRow) -> date | None:
    """The last study day whose turns people were told of; None before the first.

    Such a day stays announced when nobody is left for its duties, and is announced also if people had fixed all of its
    turns before. One that was taken off since is no more than a date: what was said of it holds for the next study day.
    """
    until = await session.scalar(_TOLD_UNTIL, {"team_id": team.id})
    calendar = await load_calendar(session, team)
    if until is not None and not calendar.is_study_day(until):
        with suppress(NoStudyDay):
            until = calendar.next_after(until)
    said_on = await _last_handed_over(session, team)
    if said_on is not None:
        with suppress(NoStudyDay):
            until = max(until or date.min, calendar.next_after(said_on))
    return until


async def _last_handed_over(session: AsyncSession, team: TeamRow) -> date | None:
    """The last study day on which the next one's duties were announced; the end of its session does so, too."""
    return await session.scalar(_LAST_HANDED_OVER, {"team_id": team.id})


async def members(session: AsyncSession, team: TeamRow) -> dict[int, Member]:
    """Everybody who is or was in the team, by id."""
    rows = await session.scalars(_MEMBERS, {"team_id": team.id})
    return {row.id: to_member(row) for row in rows}


def is_loose(row: TurnRow) -> bool:
    """Whether it is the rotation's choice alone, which nobody has confirmed yet."""
    return row.state == PROPOSED and row.confirmed_at is None


def to_turn(row: TurnRow) -> Turn:
    return Turn(row.duty, row.unit, row.date, row.member_id)
