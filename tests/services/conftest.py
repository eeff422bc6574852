"""Services over a real SQLite file, without any Discord."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.db.engine import Database
from bot.services import Services
from tests.services.people import ADMIN, MONDAY, caller


@pytest.fixture
async def database(database_file: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{database_file}")
    yield database
    await database.dispose()


@pytest.fixture
def services(database: Database) -> Services:
    """Every service; nothing wakes anybody."""
    return Services.over(database, lambda: None)


@pytest.fixture
async def team(services: Services) -> Services:
    """The services of a team set up on Monday, 5 January 2026, 09:00 in Seoul; nobody is on its roster."""
    await services.teams.setup(caller(ADMIN, at=MONDAY), "스터디", {})
    return services
