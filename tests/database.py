"""A session one step after another, for tests that look into a database or lay something down in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database


@asynccontextmanager
async def reading(database: Database) -> AsyncIterator[AsyncSession]:
    async with AsyncSession(database.reader) as session:
        yield session


@asynccontextmanager
async def writing(database: Database) -> AsyncIterator[AsyncSession]:
    """What was done is committed at the end, unless something is raised."""
    async with AsyncSession(database.writer, expire_on_commit=False) as session, session.begin():
        yield session
