"""The record of every change. It is written in the transaction of the change itself."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AuditRow

Facts = Mapping[str, object]


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
    """Add one change, such as `roster.add` of `member:3`. `actor_id` is a Discord user; None for nobody."""
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


def _as_json(facts: Facts | None) -> str | None:
    return None if facts is None else json.dumps(facts, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)
