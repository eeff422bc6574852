"""Planning the page of a day for the channel of journals, if the team has one.

Works inside the transaction of whoever asks.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import StudyDayRow, TeamRow
from bot.services.deliveries import plan

PAGE: Final = "journal.page"
"""Kind of the delivery that posts a day's page once the day is over; its subject is the day."""


async def plan_page(session: AsyncSession, team: TeamRow, day: StudyDayRow, *, ends: datetime) -> None:
    """For the instant at which a day ends, also of one that was closed before. Twice is once."""
    if team.journal_channel_id is not None:
        await plan(
            session, team_id=team.id, kind=PAGE, subject_id=day.id, due_at=ends, channel_id=team.journal_channel_id
        )
