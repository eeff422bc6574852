"""Direct messages of the real process: never lost, never twice, and never in two places."""

import signal
import sqlite3

import pytest

from tests.wire.discord_server import DiscordServer, Window
from tests.wire.process import environment, eventually, running, start
from tests.wire.prompts import due_direct_prompts

PROMPTS = 4
FALLING_BACK = "tests.wire.fallback_bot"


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


def outcomes(database):
    query = "SELECT state, reason, channel_id FROM delivery WHERE kind = 'retro.prompt' ORDER BY id"
    with sqlite3.connect(database) as connection:
        return list(connection.execute(query))


def states(database):
    return [state for state, *_ in outcomes(database)]


async def test_direct_messages_are_there_once_although_the_process_is_killed(server, tmp_path):
    """Every other person takes none: those messages stand in the channel, and only there. No nonce helps."""
    database = tmp_path / "bot.sqlite3"
    teams = await due_direct_prompts(server, database, PROMPTS)
    closed = {person for _channel, person in teams[::2]}
    for person in closed:
        person.dms_closed = True
    server.message_routes.nonce_seconds = 0.0
    server.faults.add("close", accepted=True, method="POST", path=r"/channels/\d+/messages", times=2)
    server.limits.overall = Window(6, 1.0)  # slow enough for several deaths

    def posted() -> int:
        return sum(len(server.messages(channel)) + len(server.dm(person)) for channel, person in teams)

    for _life in range(2):
        wanted = min(posted() + 1, PROMPTS)  # lanes go side by side: the first life may have sent them all
        bot = await start(environment(server, database), tmp_path, module=FALLING_BACK)
        await server.until(lambda wanted=wanted: posted() >= wanted, within=60, what="the next message")
        assert await bot.stop(signal.SIGKILL) == -signal.SIGKILL
    async with running(server, database, module=FALLING_BACK) as bot:
        await eventually(lambda: states(database) == ["sent"] * PROMPTS)
        assert await bot.stop() == 0, bot.output
    places = [(len(server.messages(channel)), len(server.dm(person))) for channel, person in teams]
    assert places == [(1, 0), (0, 1)] * (PROMPTS // 2)


async def test_a_direct_message_that_is_refused_fails_and_holds_up_nobody_else(server, tmp_path):
    database = tmp_path / "bot.sqlite3"
    (closed_room, closed), (room, mina) = await due_direct_prompts(server, database, 2)
    closed.dms_closed = True
    async with running(server, database) as bot:
        await eventually(lambda: sorted(states(database)) == ["failed", "sent"])
        assert await bot.stop() == 0, bot.output
    assert [state[:2] for state in outcomes(database)] == [
        ("failed", "50007: Cannot send messages to this user"),
        ("sent", None),
    ]
    assert [len(server.dm(person)) for person in (closed, mina)] == [0, 1]
    assert server.messages(closed_room) == server.messages(room) == []


async def test_a_direct_message_whose_channel_cannot_be_opened_at_first_is_sent_later(server, tmp_path):
    database = tmp_path / "bot.sqlite3"
    ((_room, mina),) = await due_direct_prompts(server, database, 1)
    server.faults.add(502, method="POST", path="/users/@me/channels", times=2)
    async with running(server, database) as bot:
        await eventually(lambda: states(database) == ["sent"])
        assert await bot.stop() == 0, bot.output
    assert len(server.dm(mina)) == 1
