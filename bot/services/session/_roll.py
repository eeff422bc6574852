"""Who said whether they come to the session of a day. Works inside the transaction of whoever asks."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AttendanceRow, MemberRow, StudyDayRow, TeamRow
from bot.domain.attendance import Attendance, RollCall, call_roll
from bot.services.presence import present_members
from bot.services.teams import roster
from bot.services.values import to_member


async def load_roll(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> RollCall:
    """The roll of a day: of those on the roster, and of whoever has left since and was there. Reasons are not read."""
    query = select(AttendanceRow.member_id, AttendanceRow.state).where(AttendanceRow.day_id == day.id)
    states = {member_id: Attendance(state) for member_id, state in await session.execute(query)}
    members = await roster(session, team)
    left = select(MemberRow).where(MemberRow.id.in_(states.keys() - {row.id for row in members}))
    everybody = sorted([*members, *await session.scalars(left)], key=lambda row: row.id)
    there = {row.id for row in await present_members(session, team, day.date)}
    away = {row.id for row in members} - there
    return call_roll([to_member(row) for row in everybody], states, away)


async def attendance_of(session: AsyncSession, day: StudyDayRow, member: MemberRow) -> AttendanceRow | None:
    return await session.scalar(
        select(AttendanceRow).where(AttendanceRow.day_id == day.id, AttendanceRow.member_id == member.id)
    )
