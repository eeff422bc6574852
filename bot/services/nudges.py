"""Planning the evening's nudge for those who want it as a direct message. Works in the transaction of whoever asks."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import MemberRow, MembershipRow, TeamRow
from bot.domain.schedules import RETRO_NUDGE, Occurrence
from bot.services.deliveries import Planned, plan_all


async def plan_direct_nudges(session: AsyncSession, team: TeamRow, day_id: int, upcoming: Occurrence) -> None:
    """A message for each who asked for it. Whether they need it is seen when it is sent."""
    query = (
        select(MemberRow)
        .join(MembershipRow, MembershipRow.member_id == MemberRow.id)
        .where(MemberRow.team_id == team.id, MemberRow.nudged_directly, MembershipRow.until.is_(None))
        .order_by(MemberRow.id)
    )
    planned = [
        Planned(
            team.id,
            RETRO_NUDGE,
            day_id,
            upcoming.due_at,
            upcoming.expires_at,
            offset=f"@{member.id}",
            user_id=member.user_id,
        )
        for member in (await session.scalars(query)).unique()
    ]
    await plan_all(session, planned)
