"""Fixtures: the real bot in a simulated Discord over a real SQLite file."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import simcord
from hypothesis import settings

from bot.db.schema import migrate
from bot.demo.simulation import simulated
from tests.study_team import StudyTeam, found_team

settings.register_profile("study-bot", max_examples=200, deadline=None)
settings.load_profile("study-bot")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the latest schema, made once and copied for each test."""
    path = tmp_path_factory.mktemp("schema") / "study-bot.sqlite3"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def database_file(tmp_path: Path, migrated_file: Path) -> Path:
    return shutil.copy(migrated_file, tmp_path / "study-bot.sqlite3")


@pytest.fixture
async def env(database_file: Path) -> AsyncIterator[simcord.Env]:
    async with simulated(database_file) as env:
        yield env


@pytest.fixture
async def team(env: simcord.Env) -> StudyTeam:
    """Seven people on Monday, 5 January 2026, 09:00 in Seoul."""
    return await found_team(env)
