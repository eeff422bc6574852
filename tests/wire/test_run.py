"""`python -m bot run`, the real process over real HTTP and WebSocket."""

import signal

import pytest

from tests.wire.discord_server import DiscordServer
from tests.wire.process import environment, running, start


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def study(server):
    guild = server.add_guild("스터디")
    return guild, server.add_channel(guild, "study")


async def test_a_team_is_served_over_the_wire(server, study, tmp_path):
    guild, room = study
    role = server.add_role(guild, "운영", manage_guild=True)
    admin = server.add_person(guild, "운영자", roles=[role])
    async with running(server, tmp_path / "bot.sqlite3") as bot:
        answer = await server.slash(admin, room, "setup", language="ko")
        assert answer.ephemeral, answer
        await server.slash(admin, room, "roster add", member=admin, name="하린")
        asked = await server.slash(admin, room, "ask", question="RNN은 왜 tanh를 쓰나요?")
        assert "#1" in asked.text
        added = await server.slash(admin, room, "assignment add", title="Attention 구현", due="내일 23:59")
        assert "A1" in added.text
        exported = await server.slash(admin, room, "journal export")
        page = exported.files[0].data.decode()
        assert page.startswith("# Day1")
        assert "RNN은 왜 tanh를 쓰나요?" in page
        board = await server.until(lambda: server.messages(room)[1:], what="the board of the question")
        assert "RNN은 왜 tanh를 쓰나요?" in board[0].text
        assert await bot.stop(signal.SIGTERM) == 0, bot.output
    assert server.unknown_requests == []


async def test_the_token_is_never_logged(server, study, tmp_path):
    async with running(server, tmp_path / "bot.sqlite3", LOG_LEVEL="DEBUG") as bot:
        assert await bot.stop(signal.SIGINT) == 0, bot.output
    assert server.token not in bot.output


async def test_the_commands_are_sent_once_and_not_again_after_a_restart(server, study, tmp_path):
    for _ in range(2):
        async with running(server, tmp_path / "bot.sqlite3") as bot:
            await bot.stop()
    assert len(server.requests_to("PUT", r"/applications/\d+/commands")) == 1


async def test_a_second_process_on_the_same_database_refuses(server, study, tmp_path):
    database = tmp_path / "bot.sqlite3"
    async with running(server, database) as first:
        second = await start(environment(server, database), tmp_path)
        assert await second.ended() == 3
        assert "in use by another study-bot" in second.output
        assert "Traceback" not in second.output
        assert await first.stop(signal.SIGKILL) == -signal.SIGKILL
    async with running(server, database) as third:
        assert await third.stop() == 0


async def test_a_wrong_token_ends_with_one_readable_line(server, study, tmp_path):
    bot = await start(environment(server, tmp_path / "bot.sqlite3", DISCORD_TOKEN="wrong"), tmp_path)
    assert await bot.ended() == 5
    assert "DISCORD_TOKEN" in bot.output.splitlines()[-1]
    assert "Traceback" not in bot.output


async def test_a_token_that_is_reset_while_the_bot_runs_ends_with_one_readable_line(server, study, tmp_path):
    guild, room = study
    mina = server.add_person(guild, "민아")
    async with running(server, tmp_path / "bot.sqlite3") as bot:
        # Once it has answered, discord.py no longer takes the close for a failed first connection.
        await server.slash(mina, room, "help")
        await server.gateway.drop(4004)
        assert await bot.ended() == 5
    assert "DISCORD_TOKEN" in bot.output.splitlines()[-1]
    assert "Traceback" not in bot.output


async def test_a_gateway_address_that_is_not_told_does_not_keep_the_process_from_stopping(server, study, tmp_path):
    server.faults.add("hang", path=r"/gateway$")
    bot = await start(environment(server, tmp_path / "bot.sqlite3"), tmp_path)
    await server.until(lambda: server.requests_to("GET", r"/gateway"), within=30, what="asking for the gateway")
    assert await bot.stop() == 0, bot.output


async def test_discord_refusing_the_first_connection_is_tried_again(server, study, tmp_path):
    async with server.outage():
        bot = await start(environment(server, tmp_path / "bot.sqlite3"), tmp_path)
        await bot.logged("Cannot connect to Discord")
    await server.connected()
    assert await bot.stop() == 0, bot.output


async def test_an_invalidated_session_connects_again_at_the_same_address(server, study, tmp_path):
    guild, room = study
    mina = server.add_person(guild, "민아")
    async with running(server, tmp_path / "bot.sqlite3") as bot:
        await server.gateway.invalidate()
        await server.until(lambda: server.gateway.identifies > 1, within=30, what="identifying again")
        answer = await server.slash(mina, room, "ask", question="아직 있나요?")
        assert "/setup" in answer.text
        assert await bot.stop() == 0, bot.output
