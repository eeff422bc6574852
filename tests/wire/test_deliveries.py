"""Deliveries of the real process; `test_chaos` kills it meanwhile."""

import sqlite3

import pytest

from tests.wire.discord_server import DiscordServer
from tests.wire.process import eventually, running
from tests.wire.prompts import due_prompts


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


def states(database):
    with sqlite3.connect(database) as connection:
        return [row[0] for row in connection.execute("SELECT state FROM delivery WHERE kind = 'retro.prompt'")]


async def test_a_prompt_due_while_the_bot_was_down_goes_out_once_afterwards(server, tmp_path):
    database = tmp_path / "bot.sqlite3"
    (channel,) = await due_prompts(server, database, 1)
    for _ in range(2):
        async with running(server, database) as bot:
            await eventually(lambda: states(database) == ["sent"])
            assert await bot.stop() == 0, bot.output
    assert len(server.messages(channel)) == 1


async def test_a_channel_that_refuses_holds_up_nobody_else(server, tmp_path):
    database = tmp_path / "bot.sqlite3"
    closed, *others = await due_prompts(server, database, 4)
    server.deny(closed, "send_messages")
    async with running(server, database) as bot:
        await eventually(lambda: sorted(states(database)) == ["failed", "sent", "sent", "sent"])
        assert await bot.stop() == 0, bot.output
    assert [len(server.messages(channel)) for channel in [closed, *others]] == [0, 1, 1, 1]
