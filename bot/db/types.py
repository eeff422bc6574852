"""Column types: instants in UTC, local times, snowflakes."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator

Snowflake = BigInteger
"""A Discord id: 64 bits."""

PrimaryKey = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers only INTEGER primary keys by itself."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Aware in, UTC on disk, aware (UTC) out; a naive value raises ValueError."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: an instant needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)
