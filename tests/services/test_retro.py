"""Retrospectives over a real database: whose day it is, and what fits."""

import pytest

from bot.domain.retro import Visibility
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services.retro import TEXT_LIMIT
from tests.services.people import ADMIN, GAON, STRANGER, caller, dump

EVENING = "2026-01-05 21:00"


@pytest.fixture
async def retro(team):
    await team.roster.add(caller(), GAON, "가온")
    return team.retro


async def test_a_day_of_another_team_is_not_found(retro, team, database_file):
    day = (await retro.draft(caller(GAON, at=EVENING), None)).day
    neighbour = caller(ADMIN, guild_id=8, channel_id=80, at=EVENING)
    await team.teams.setup(neighbour, "이웃", {})
    await team.roster.join(neighbour, "이웃")
    before = await dump(database_file)
    for refused in (retro.draft(neighbour, day.id), retro.write(neighbour, day.id, "몰래", Visibility.TEAM)):
        with pytest.raises(NotFound):
            await refused
    assert await dump(database_file) == before


@pytest.mark.parametrize("visibility", list(Visibility))
async def test_a_text_that_cannot_be_kept_changes_nothing(retro, database_file, visibility):
    day = (await retro.draft(caller(GAON, at=EVENING), None)).day
    before = await dump(database_file)
    for text in ("", " \n ", "가" * (TEXT_LIMIT + 1)):
        with pytest.raises(InvalidInput):
            await retro.write(caller(GAON, at=EVENING), day.id, text, visibility)
    with pytest.raises(NotAllowed):
        await retro.write(caller(STRANGER, at=EVENING), day.id, "손님의 글", visibility)
    assert await dump(database_file) == before
    await retro.write(caller(GAON, at=EVENING), day.id, "가" * TEXT_LIMIT, visibility)
