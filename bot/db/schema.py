"""Bringing the schema up to date, and refusing a database that a newer program has made."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.db.engine import create_engine
from bot.errors import SchemaTooNew


async def migrate(url: str) -> None:
    """Run the migrations that are missing, in one transaction each, and check every foreign key afterwards.

    Raises SchemaTooNew if the database is at a revision that this program does not know.
    """
    engine = create_engine(url, foreign_keys=False)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, url)
    finally:
        await engine.dispose()


def config(url: str) -> Config:
    """Alembic's configuration without an ini file: the migrations are a package, the engine is ours."""
    alembic = Config()
    alembic.set_main_option("script_location", str(files("migrations")))
    alembic.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return alembic


@cache
def known_revisions() -> Sequence[str]:
    """Every revision of the schema that this program knows, the latest first."""
    return [script.revision for script in ScriptDirectory.from_config(config("")).walk_revisions()]


def _upgrade(connection: Connection, url: str) -> None:
    current = MigrationContext.configure(connection).get_current_heads()
    if unknown := set(current).difference(known_revisions()):
        raise SchemaTooNew(
            f"The database was made by a newer study-bot (revision {', '.join(sorted(unknown))}). Update study-bot."
        )
    connection.rollback()
    if current != (known_revisions()[0],):
        alembic = config(url)
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"rows that point nowhere after the migration: {broken[:5]}")
