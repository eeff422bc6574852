"""Who is there on a day. Works inside the transaction of whoever asks."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import MemberRow, TeamRow
from bot.services.teams import roster
from bot.services.turns import load_absences


async def present_members(session: AsyncSession, team: TeamRow, day: date) -> list[MemberRow]:
    """Who is on the roster and not away on a day, in roster order."""
    absences = await load_absences(session, team)
    return [row for row in await roster(session, team) if not any(day in each for each in absences.get(row.id, ()))]
