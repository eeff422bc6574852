"""The record of every change. It is written in the transaction of the change itself."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AuditRow, LectureRow, MemberRow, TeamRow
from bot.domain.team import Caller
from bot.services.actions import ACTIONS

Facts = Mapping[str, object]

UNDO: Final = timedelta(hours=24)
"""For how long what somebody took away can be had back."""


def record(
    session: AsyncSession,
    action: str,
    subject: str,
    *,
    team_id: int | None,
    actor_id: int | None,
    at: datetime,
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str | None = None,
) -> None:
    """Add one change, such as `roster.add` of `member:3`. `actor_id` is a Discord user; None for nobody.

    Raises KeyError for an action that has no words: nobody could be told of it.
    """
    if action not in ACTIONS:
        raise KeyError(action)
    session.add(
        AuditRow(
            team_id=team_id,
            actor_id=actor_id,
            at=at,
            action=action,
            subject=subject,
            before=_as_json(before),
            after=_as_json(after),
            reason=reason,
        )
    )


def kept(change: AuditRow) -> dict[str, Any]:
    """What stood before a change, as far as the record keeps it: dates and times as ISO 8601."""
    return _facts(change.before)


def became(change: AuditRow) -> dict[str, Any]:
    """What stood after a change, as `kept` gives what stood before."""
    return _facts(change.after)


def _facts(stored: str | None) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(stored or "{}")
    return facts


async def changed_since(session: AsyncSession, change: AuditRow) -> bool:
    """Whether something was changed again after a change, or it was taken back."""
    later = select(AuditRow.id).where(AuditRow.team_id == change.team_id, AuditRow.subject == change.subject)
    return await session.scalar(later.where(AuditRow.id > change.id).limit(1)) is not None


def subject_id(change: AuditRow) -> int:
    """The id of what was changed, `3` of `member:3`."""
    return int(change.subject.rpartition(":")[2])


def record_row(
    session: AsyncSession,
    caller: Caller,
    action: str,
    row: TeamRow | MemberRow | LectureRow,
    *,
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Add one change that the caller has made to a team, a member or a lecture."""
    record(
        session,
        action,
        f"{row.__tablename__}:{row.id}",
        team_id=row.id if isinstance(row, TeamRow) else row.team_id,
        actor_id=caller.user_id,
        at=caller.at,
        before=before,
        after=after,
    )


def _as_json(facts: Facts | None) -> str | None:
    return None if facts is None else json.dumps(facts, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)
