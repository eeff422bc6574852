"""Absences as rows: finding, keeping and ending them. Works inside the transaction of whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AbsenceRow, MemberRow, TeamRow
from bot.domain.calendar import ONE_DAY
from bot.domain.duties import Absence, Span
from bot.domain.team import Caller
from bot.services import audit


@dataclass(frozen=True)
class AwayDays:
    """Days on which somebody is away, `last` among them; None until they are back. Monday is 0, no weekday is all."""

    since: date
    last: date | None
    weekdays: tuple[int, ...] = ()


async def open_absences(session: AsyncSession, member: MemberRow, today: date) -> Sequence[AbsenceRow]:
    """Absences of a member that run or are to come, the soonest first."""
    query = select(AbsenceRow).where(AbsenceRow.member_id == member.id)
    query = query.where(or_(AbsenceRow.until.is_(None), AbsenceRow.until > today))
    return (await session.scalars(query.order_by(AbsenceRow.since, AbsenceRow.id))).all()


async def away_days(session: AsyncSession, member: MemberRow, today: date) -> tuple[AwayDays, ...]:
    """When a member is away from today on, the soonest first. Others are told no more than this."""
    return tuple(to_away_days(row) for row in await open_absences(session, member, today))


async def end_absences(
    session: AsyncSession, team: TeamRow, caller: Caller, member: MemberRow, first_day_back: date
) -> None:
    """Nobody is away any more from a day on. What was before it stays as it was."""
    for row in await open_absences(session, member, first_day_back):
        before = _facts(row)
        if row.since < first_day_back:
            row.until = first_day_back
        else:
            await session.delete(row)
        _record(session, team, caller, member, before=before, after={"until": first_day_back})
    await session.flush()


async def put_absence(session: AsyncSession, team: TeamRow, caller: Caller, new: AbsenceRow) -> AbsenceRow:
    """The row of this absence: the one that says so already, or the new one."""
    same = await session.scalar(
        select(AbsenceRow)
        .where(
            AbsenceRow.member_id == new.member_id, AbsenceRow.since == new.since, AbsenceRow.weekdays == new.weekdays
        )
        .where(AbsenceRow.until.is_(None) if new.until is None else AbsenceRow.until == new.until)
        .limit(1)
    )
    if same is not None:
        same.reason = new.reason or same.reason
        return same
    session.add(new)
    await session.flush()
    member = await session.get_one(MemberRow, new.member_id)
    _record(session, team, caller, member, after=_facts(new))
    return new


def to_absence(row: AbsenceRow) -> Absence:
    return Absence(Span(row.since, row.until), frozenset(int(digit) for digit in row.weekdays))


def to_away_days(row: AbsenceRow) -> AwayDays:
    last = None if row.until is None else row.until - ONE_DAY
    return AwayDays(row.since, last, tuple(int(digit) for digit in row.weekdays))


def _facts(row: AbsenceRow) -> audit.Facts:
    """What the record may say: when, never why."""
    return {"since": row.since, "until": row.until, "weekdays": row.weekdays}


def _record(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    member: MemberRow,
    *,
    before: audit.Facts | None = None,
    after: audit.Facts | None = None,
) -> None:
    audit.record(
        session,
        "away.add" if before is None else "away.end",
        f"member:{member.id}",
        team_id=team.id,
        actor_id=caller.user_id,
        at=caller.at,
        before=before,
        after=after,
    )
