"""Fixtures: the real bot in a simulated Discord over a real SQLite file."""

import asyncio
import gc
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import simcord
from hypothesis import settings

from bot.db.schema import migrate
from bot.demo.simulation import simulated
from tests.compiled_once import compile_once
from tests.discord_calls import calls_of, documented_calls
from tests.study_team import MONDAY, StudyTeam, found_team, gather

compile_once()
settings.register_profile("study-bot", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("soak", max_examples=1000, deadline=None, derandomize=False)
settings.load_profile("study-bot")


def pytest_collection_finish() -> None:
    """Look for garbage less often, and no more among what was imported: a seventh of the time went into that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the latest schema, made once and copied for each test."""
    path = tmp_path_factory.mktemp("schema") / "study-bot.sqlite3"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def founded_file(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    """A database in which the people of `gather` have founded their team, made once: it takes half a second."""
    path = shutil.copy(migrated_file, tmp_path_factory.mktemp("founded") / "study-bot.sqlite3")

    async def found() -> None:
        async with simulated(path, MONDAY) as env:
            await found_team(env)

    asyncio.run(found())
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM meta")  # a new simulated Discord has not been sent the commands
    return path


@pytest.fixture
def database_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An empty database, or that of the team for a test that asks for it."""
    is_founded = {"env", "team"} <= {*request.fixturenames}  # the services have a team of their own
    source = "founded_file" if is_founded else "migrated_file"
    return shutil.copy(request.getfixturevalue(source), tmp_path / "study-bot.sqlite3")


@pytest.fixture
async def env(database_file: Path) -> AsyncIterator[simcord.Env]:
    async with simulated(database_file, MONDAY) as env:
        yield env
    assert calls_of(env) <= documented_calls()


@pytest.fixture
async def team(env: simcord.Env) -> StudyTeam:
    """Seven people on Monday, 5 January 2026, 09:00 in Seoul, who have just founded their team."""
    team = await gather(env)
    await env.settle()  # the bot has taken in that it is in the server
    return team
