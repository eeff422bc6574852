"""People who call services, and instants on a clock in Seoul."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosqlite

from bot.domain.retro import FREE_FIELD, Reflection
from bot.domain.team import Caller

ADMIN, GAON, NARAE, STRANGER = 900, 1, 2, 99
"""Discord users: ADMIN holds Manage Server."""

GUILD, CHANNEL = 7, 70


def seoul(text: str) -> datetime:
    """An instant in UTC from a time on a clock in Seoul: `2026-01-05 21:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=9)


MONDAY = seoul("2026-01-05 09:00")


def caller(
    user_id: int = ADMIN,
    *,
    at: datetime | str = MONDAY,
    guild_id: int = GUILD,
    channel_id: int = CHANNEL,
    roles: frozenset[int] = frozenset(),
) -> Caller:
    """Somebody in the team's channel; only ADMIN holds Manage Server."""
    return Caller(
        guild_id=guild_id,
        channel_ids=(channel_id,),
        user_id=user_id,
        name={ADMIN: "운영자", GAON: "가온", NARAE: "나래"}.get(user_id, f"user{user_id}"),
        manage_guild=user_id == ADMIN,
        role_ids=roles,
        at=seoul(at) if isinstance(at, str) else at,
    )


async def dump(file: Path) -> list[str]:
    """Everything in the database, as SQL."""
    async with aiosqlite.connect(file) as connection:
        return [line async for line in connection.iterdump()]


def freely(text: str) -> tuple[Reflection, ...]:
    """A retrospective written into the one free field."""
    return (Reflection(FREE_FIELD, text),)
