"""Who is marked as gone from their server is remembered, so that nobody is asked for it at each interaction."""

import pytest
from sqlalchemy import select

from bot.db.tables import MemberRow
from bot.services.departures import Departures
from tests.database import reading
from tests.services.people import GAON, GUILD, MONDAY, NARAE, caller


@pytest.fixture
async def departures(team) -> Departures:
    for user_id in (GAON, NARAE):
        await team.roster.join(caller(user_id), None)
    return team.departures


async def marked(departures: Departures) -> list[int]:
    """Discord users who are marked as gone."""
    async with reading(departures.database) as session:
        return list(await session.scalars(select(MemberRow.user_id).where(MemberRow.gone_since.is_not(None))))


async def leave(departures: Departures, user_id: int) -> None:
    async with reading(departures.database) as session:
        member_id = await session.scalar(select(MemberRow.id).where(MemberRow.user_id == user_id))
    await departures.note(member_id, True, MONDAY)


async def test_whoever_was_gone_before_the_process_began_is_back_once_they_do_something(departures):
    await leave(departures, GAON)
    after_a_restart = Departures(departures.database, lambda: None)
    await after_a_restart.seen(GUILD, NARAE, MONDAY)
    assert await marked(departures) == [GAON]
    await after_a_restart.seen(GUILD, GAON, MONDAY)
    assert await marked(departures) == []


async def test_so_is_whoever_left_since(departures):
    await departures.seen(GUILD, NARAE, MONDAY)
    await leave(departures, GAON)
    await departures.seen(GUILD + 1, GAON, MONDAY)
    assert await marked(departures) == [GAON]
    await departures.seen(GUILD, GAON, MONDAY)
    assert await marked(departures) == []
