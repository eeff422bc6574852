"""Alembic's entry. The program hands in an open connection; the `alembic` command makes one from the URL."""

import asyncio
from collections.abc import Callable
from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from bot.db.engine import create_engine
from bot.db.tables import Base
from bot.db.types import UtcDateTime


def _render(kind: str, item: Any, _autogen: Any) -> str | bool:
    """A version writes plain SQLAlchemy types, so that it never imports the application."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def _ids_kept(connection: Connection) -> Callable[..., None]:
    """After each version: no table gives an id again because the version has copied it, and so lost its sequence."""
    numbered = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")).first()
    used = [tuple(row) for row in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))] if numbered else []
    connection.rollback()

    def keep(**_: Any) -> None:
        for name, seq in used:
            given = {"name": name, "seq": seq}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name AND seq < :seq"), given)
            connection.execute(text(STILL_NUMBERED), given)

    return keep


STILL_NUMBERED = """
INSERT INTO sqlite_sequence (name, seq) SELECT name, :seq FROM sqlite_master
WHERE name = :name AND type = 'table' AND sql LIKE '%AUTOINCREMENT%'
AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :name)
"""


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_render,
        transaction_per_migration=True,
        on_version_apply=_ids_kept(connection),
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
