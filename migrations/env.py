"""Alembic's entry. The program hands in an open connection; the `alembic` command makes one from the URL."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection

from bot.db.engine import create_engine
from bot.db.tables import Base
from bot.db.types import UtcDateTime


def _render(kind: str, item: Any, _autogen: Any) -> str | bool:
    """A version writes plain SQLAlchemy types, so that it never imports the application."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_render,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect() -> None:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", foreign_keys=False)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(_connect())
else:
    _run(given)
