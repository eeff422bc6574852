"""Attendance at the session: one says so oneself, or a moderator says it of somebody. Why stays with oneself."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AttendanceRow, MemberRow, StudyDayRow, TeamRow
from bot.domain.attendance import Attendance, RollCall
from bot.domain.team import Caller, Member, StudyDay
from bot.services import audit
from bot.services.days import day_of_entry, to_study_day
from bot.services.session._notes import read_text
from bot.services.session._roll import attendance_of, load_roll
from bot.services.session._underway import day_of_button
from bot.services.session_posts import show_agenda
from bot.services.teams import changing_team_of, member_named, member_of, require_moderator, team_of
from bot.services.values import to_member

__all__ = ["Attendances", "Marked", "attendance_of"]

REASON_LIMIT = 200


@dataclass(frozen=True)
class Marked:
    """Somebody whose attendance was noted, and the roll of the day as it is now."""

    day: StudyDay
    member: Member
    state: Attendance
    roll: RollCall


class Attendances:
    """`/session attendance`, and the buttons under the agenda."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def own_reason(self, session: AsyncSession, caller: Caller, day_id: int) -> str:
        """What one gave as a reason before. Raises what `mark` would raise."""
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await attendance_of(session, await day_of_button(session, team, day_id), member)
        return "" if row is None else row.reason or ""

    @writes
    async def mark(
        self, session: AsyncSession, caller: Caller, day_id: int, state: Attendance, reason: str | None = None
    ) -> Marked:
        """Say of oneself whether one comes; said again, it is changed. Whoever comes needs no reason."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        day = await day_of_button(session, team, day_id)
        row = await self._put(session, team, caller, day, member, state)
        kept = state is not Attendance.PRESENT and reason and reason.strip()
        row.reason = read_text(reason or "", REASON_LIMIT) if kept else None
        return await _marked(session, team, day, member, state)

    @writes
    async def mark_member(self, session: AsyncSession, caller: Caller, user_id: int, state: Attendance) -> Marked:
        """Note somebody's attendance today: one's own, or as a moderator anybody's. A reason they gave stays theirs."""
        team = await changing_team_of(session, caller)
        if user_id == caller.user_id:
            member = await member_of(session, team, caller)
        else:
            await require_moderator(session, team, caller, today=True)
            member = await member_named(session, team, user_id)
        day = await day_of_entry(session, team, caller.at)
        row = await self._put(session, team, caller, day, member, state)
        if state is Attendance.PRESENT:
            row.reason = None
        return await _marked(session, team, day, member, state)

    async def _put(
        self,
        session: AsyncSession,
        team: TeamRow,
        caller: Caller,
        day: StudyDayRow,
        member: MemberRow,
        state: Attendance,
    ) -> AttendanceRow:
        row = await attendance_of(session, day, member)
        before = None if row is None else {"state": row.state}
        if row is None:
            row = AttendanceRow(day_id=day.id, member_id=member.id)
            session.add(row)
        row.state, row.marked_at = state, caller.at
        audit.record(
            session,
            "session.attendance",
            f"member:{member.id}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            before=before,
            after={"day": day.date, "state": state},
        )
        await show_agenda(session, team, caller.at)
        self._wake()
        return row


async def _marked(
    session: AsyncSession, team: TeamRow, day: StudyDayRow, member: MemberRow, state: Attendance
) -> Marked:
    await session.flush()
    roll = await load_roll(session, team, day)
    return Marked(await to_study_day(session, team, day), to_member(member), state, roll)
