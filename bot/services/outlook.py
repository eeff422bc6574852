"""The outlook: whether anything is due, and when the next thing will be. All that an idle tick asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.db.engine import Database, reads
from bot.db.tables import BoardRow, DeliveryRow, ScheduleRow, TeamRow
from bot.services.change_log import UNTOLD
from bot.services.deliveries._due import IS_LIVE, NOW


@dataclass(frozen=True)
class View:
    """What is due now: something to plan, to deliver or to redraw. `next_at` is when the next thing falls due."""

    plan: bool
    deliver: bool
    redraw: bool
    next_at: datetime | None


def _after(moment: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]) -> Select[datetime | None]:
    return select(func.min(moment)).where(moment > NOW)


_LOOK: Final = select(
    exists().where(TeamRow.next_close_at <= NOW)
    | exists().where(ScheduleRow.next_due_at <= NOW)
    | exists().where(*UNTOLD),
    exists().where(IS_LIVE, DeliveryRow.due_at <= NOW),
    exists().where(BoardRow.redraw_at <= NOW, BoardRow.message_id.is_not(None)),
    _after(ScheduleRow.next_due_at).scalar_subquery(),
    _after(DeliveryRow.due_at).where(IS_LIVE).scalar_subquery(),
    _after(BoardRow.redraw_at).scalar_subquery(),
    _after(TeamRow.paused_until).scalar_subquery(),
)
"""One statement, each part of which looks at one end of an index: it costs the same however much is planned."""


class Outlook:
    """What the heartbeat asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @reads
    async def look(self, session: AsyncSession, now: datetime) -> View:
        """What is due now, and what comes after it. What is due may have to wait all the same, for its guild say."""
        plan, deliver, redraw, *coming = (await session.execute(_LOOK, {"now": now})).one()
        return View(plan, deliver, redraw, min(filter(None, coming), default=None))
