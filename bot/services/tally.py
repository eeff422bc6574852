"""How many deliveries there are, for whoever watches the process."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import DeliveryRow


class Tally:
    """Counts over all teams: nothing of it says whose they are."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reads
    async def deliveries(self, session: AsyncSession) -> Mapping[tuple[str, str], int]:
        """Kind and state → how many. Answered from the index alone."""
        query = select(DeliveryRow.kind, DeliveryRow.state, func.count()).group_by(DeliveryRow.state, DeliveryRow.kind)
        return {(kind, state): count for kind, state, count in await session.execute(query)}
