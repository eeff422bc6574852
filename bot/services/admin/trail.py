"""`/admin audit`: who changed what. It is read by moderators, and holds nothing that people keep to themselves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AuditRow, MemberRow, TeamRow
from bot.domain.deliveries import Delivery
from bot.domain.team import Caller, Team
from bot.services.change_log import untold_by
from bot.services.days import load_calendar
from bot.services.lectures import read_day
from bot.services.teams import require_moderator, team_of
from bot.services.undo import Undoable, undoable
from bot.services.values import to_team

MOST: Final = 1000
"""Changes listed at most, the latest; `since` leads further back."""


@dataclass(frozen=True)
class Change:
    """One change, at an instant in the team's zone. `actor_id`: a Discord user; None for nobody or the program.

    `member` is the name of the member that it is about. `before` and `after` are JSON; the numbers of members in them
    are those of `people`.
    """

    at: datetime
    actor_id: int | None
    action: str
    subject: str
    member: str | None
    before: str | None
    after: str | None
    reason: str | None
    people: Mapping[int, str]


@dataclass(frozen=True)
class Changes:
    """What was changed, the latest first, and what of a team's changes can still be taken back."""

    listed: Sequence[Change]
    undoable: Sequence[Undoable]


@dataclass(frozen=True)
class Untold:
    """Changes to be told in a team's log channel."""

    team: Team
    channel_id: int
    changes: Sequence[Change]


class Trail:
    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def changes(
        self, session: AsyncSession, caller: Caller, user_id: int | None = None, since: str | None = None
    ) -> Changes:
        """The changes of a team, `MOST` of them: all, or one person's, from a date on.

        Raises NotAllowed unless the caller is a moderator, InvalidInput for a date that cannot be read.
        """
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        calendar = await load_calendar(session, team)
        query = select(AuditRow).where(AuditRow.team_id == team.id)
        if user_id is not None:
            query = query.where(AuditRow.actor_id == user_id)
        if since is not None:
            query = query.where(AuditRow.at >= calendar.begins_at(read_day(since, calendar, caller.at, past=True)))
        rows = await session.scalars(query.order_by(AuditRow.id.desc()).limit(MOST))
        return Changes(await _changes(session, team, rows.all()), await undoable(session, team, caller.at))

    @writes
    async def untold(self, session: AsyncSession, delivery: Delivery) -> Untold | str:
        """What a due message tells in the log channel, the oldest first; or why nothing."""
        team = await session.get_one(TeamRow, delivery.team_id)
        if team.log_channel_id is None:
            return "there is no log channel any more"
        rows = await untold_by(session, team, delivery)
        if not rows:
            return "nothing was changed"
        return Untold(to_team(team), team.log_channel_id, await _changes(session, team, rows))


async def _changes(session: AsyncSession, team: TeamRow, rows: Sequence[AuditRow]) -> list[Change]:
    members = select(MemberRow.id, MemberRow.name).where(MemberRow.team_id == team.id)
    people = dict((await session.execute(members)).all())
    names = {f"member:{key}": name for key, name in people.items()}
    zone = ZoneInfo(team.timezone)
    return [
        Change(
            row.at.astimezone(zone),
            row.actor_id,
            row.action,
            row.subject,
            names.get(row.subject),
            row.before,
            row.after,
            row.reason,
            people,
        )
        for row in rows
    ]
