"""`/admin doctor`: how the schedule and the database are. Channels and Discord itself are looked at by the command."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.schema import known_revisions
from bot.db.tables import DeliveryRow
from bot.domain.deliveries import State
from bot.domain.team import Caller, Pause, Team
from bot.services.admin._pause import pause_of
from bot.services.deliveries import UNSENT
from bot.services.schedules import coming_posts
from bot.services.teams import require_moderator, team_of
from bot.services.values import to_team

COMING: Final = 10
"""Messages shown that come next."""

TOLERATED: Final = timedelta(minutes=5)
"""How late a message may be before that is a finding."""

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Coming:
    """A message that is planned: its kind, and when."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class Schedule:
    """`late`: how much the oldest message that is due is late; `last`: kind → when one last began to be sent."""

    team: Team
    pause: Pause | None
    coming: Sequence[Coming]
    late: timedelta
    undelivered: int
    last: Mapping[str, datetime]


@dataclass(frozen=True)
class Storage:
    """The database: `damage` is what is wrong with it, `current` whether its schema is the program's."""

    bytes: int
    damage: str | None
    revision: str
    current: bool


class Checkup:
    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def schedule(self, session: AsyncSession, caller: Caller) -> Schedule:
        """The team's messages. Raises NotAllowed unless the caller is a moderator."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        of_team = DeliveryRow.team_id == team.id
        pending = (
            select(DeliveryRow.kind, DeliveryRow.due_at)
            .where(of_team, DeliveryRow.state == State.PENDING)
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
        )
        rows = [Coming(kind, at) for kind, at in await session.execute(pending.limit(COMING))]
        coming = [*rows, *(Coming(kind, at) for kind, at in await coming_posts(session, team, COMING))]
        last = select(DeliveryRow.kind, func.max(DeliveryRow.first_tried_at)).where(
            of_team, DeliveryRow.state == State.SENT, DeliveryRow.first_tried_at > caller.at - WEEK
        )
        unsent = select(func.count()).select_from(DeliveryRow).where(of_team, DeliveryRow.state.in_(UNSENT))
        pause = pause_of(team, caller.at)
        overdue = rows[0].at if rows and pause is None else caller.at
        return Schedule(
            to_team(team),
            pause,
            sorted(coming, key=lambda each: each.at)[:COMING],
            max(caller.at - overdue, timedelta()),
            await session.scalar(unsent.where(DeliveryRow.due_at > caller.at - WEEK)) or 0,
            {kind: at for kind, at in await session.execute(last.group_by(DeliveryRow.kind)) if at is not None},
        )

    @reads
    async def require_moderator(self, session: AsyncSession, caller: Caller) -> None:
        """Raises NotAllowed unless the caller is a moderator, for what no service does."""
        await require_moderator(session, await team_of(session, caller), caller)

    @reads
    async def storage(self, session: AsyncSession) -> Storage:
        """Read the whole file through, beside whoever writes to it. Of all teams, so it says nothing of any."""
        pages = await session.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
        verdict = await session.scalar(text("SELECT integrity_check FROM pragma_integrity_check(1)"))
        revision = str(await session.scalar(text("SELECT version_num FROM alembic_version")))
        damage = None if verdict == "ok" else str(verdict)
        return Storage(int(pages or 0), damage, revision, revision == known_revisions()[0])
