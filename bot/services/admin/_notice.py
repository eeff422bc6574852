"""What moderators are told of by themselves when messages fail. Inside the transaction of whoever asks."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DeliveryRow, TeamRow
from bot.domain.deliveries import Delivery
from bot.domain.undelivered import Notice
from bot.services.admin._problems import problems_of
from bot.services.days import load_calendar
from bot.services.deliveries import UNSENT
from bot.services.turns import duties_on
from bot.services.values import to_team


async def gather(session: AsyncSession, delivery: Delivery, now: datetime) -> Notice | str:
    """What a notice tells, and where; or why there is nothing to tell.

    From here on it is complete: its reason says so, and what fails afterwards is told by the next one.
    """
    own = await session.get_one(DeliveryRow, delivery.id)
    own.reason = "complete"
    team = await session.get_one(TeamRow, delivery.team_id)
    query = select(DeliveryRow).where(DeliveryRow.told_by_id == delivery.id, DeliveryRow.state.in_(UNSENT))
    rows = (await session.scalars(query.order_by(DeliveryRow.id))).all()
    if not rows:
        return "everything was sent meanwhile"
    broken = {row.channel_id for row in rows if row.user_id is None}
    value, problems = to_team(team), await problems_of(session, team, rows, now)
    for channel_id in (value.mod_channel_id, value.study_channel_id):
        if channel_id not in broken:
            return Notice(value, problems, channel_id, None)
    moderator = (await duties_on(session, team, (await load_calendar(session, team)).day_for_entry(now))).moderator
    if moderator is None:
        return Notice(value, problems, value.mod_channel_id, None)  # it may be another message that was refused there
    return Notice(value, problems, None, moderator.user_id)
