"""Deliveries of the real process; `test_chaos` kills it meanwhile."""

import sqlite3

import pytest

from tests.wire.discord_server import DiscordServer
from tests.wire.process import eventually, running
from tests.wire.prompts import due_prompts, due_reminder


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


def states(database, kind="retro.prompt"):
    with sqlite3.connect(database) as connection:
        return [
            row[0] for row in connection.execute("SELECT state FROM delivery WHERE kind = ? ORDER BY state", [kind])
        ]


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


async def test_a_reminder_whose_assignment_is_removed_while_it_is_on_its_way_is_not_sent_again(server, tmp_path):
    """The one in the first channel is lost, the one in the other channel is there."""
    database = tmp_path / "bot.sqlite3"
    teams = [await due_reminder(server, database) for _ in range(2)]
    lost, arrived = [
        server.faults.add(502, accepted=accepted, method="POST", path=rf"/{channel.id}/messages$", times=None)
        for (channel, _remove), accepted in zip(teams, (False, True), strict=True)
    ]
    async with running(server, database) as bot:
        await eventually(lambda: states(database, "assignment.reminder") == ["sending"] * 2)
        await eventually(lambda: lost.struck >= 2 and arrived.struck >= 2)  # their boards, too
        for _channel, remove in teams:
            await remove()
        server.faults.clear()
        await eventually(lambda: states(database, "assignment.reminder") == ["sent", "skipped"])
        assert await bot.stop() == 0, bot.output
    pinging = [sum("<@" in message.text for message in server.messages(channel)) for channel, _remove in teams]
    assert pinging == [0, 1]
