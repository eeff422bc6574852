"""Deliveries of the real process: never lost, never twice."""

import random
import signal
import sqlite3

import pytest

from tests.wire.discord_server import DiscordServer, Window
from tests.wire.process import environment, eventually, running, start
from tests.wire.prompts import due_prompts

PROMPTS = 20


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


def states(database):
    with sqlite3.connect(database) as connection:
        return [row[0] for row in connection.execute("SELECT state FROM delivery WHERE kind = 'retro.prompt'")]


@pytest.mark.parametrize(("seed", "nonce_seconds"), [(1, 300.0), (2, 0.0)])
async def test_twenty_prompts_are_there_once_although_the_process_is_killed(server, tmp_path, seed, nonce_seconds):
    """With `nonce_seconds` 0 the server forgets nonces at once, so that only the history can save it."""
    database, chance = tmp_path / "bot.sqlite3", random.Random(seed)
    channels = await due_prompts(server, database, PROMPTS)
    server.message_routes.nonce_seconds = nonce_seconds
    server.faults.add(500, accepted=True, method="POST", path=r"/channels/\d+/messages", chance=0.2)
    server.limits.overall = Window(6, 1.0)  # slow enough for several deaths

    def posted() -> int:
        return sum(len(server.messages(channel)) for channel in channels)

    kills = 0
    while posted() < PROMPTS:
        wanted = min(posted() + chance.randint(1, 6), PROMPTS)
        bot = await start(environment(server, database), tmp_path)
        await server.until(lambda wanted=wanted: posted() >= wanted, within=30, what="the next messages")
        assert await bot.stop(signal.SIGKILL) == -signal.SIGKILL
        kills += 1
    assert kills >= 3
    async with running(server, database) as bot:
        await eventually(lambda: states(database) == ["sent"] * PROMPTS)
        assert await bot.stop() == 0, bot.output
    assert [len(server.messages(channel)) for channel in channels] == [1] * PROMPTS


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
