"""`python -m bot doctor` against the loopback Discord, and what it says of the clock."""

import socket
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from bot.doctor import examine
from tests.wire.discord_server import DiscordServer
from tests.wire.process import environment, running, start


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


async def consult(server, tmp_path, **settings):
    env = environment(server, tmp_path / "data" / "bot.sqlite3", BACKUP_DIR=str(tmp_path / "backups"), **settings)
    process = await start(env, tmp_path, "doctor")
    return await process.ended(), process.output


async def test_all_is_well_before_the_first_start(server, tmp_path):
    code, output = await consult(server, tmp_path)
    assert code == 0, output
    assert "✗" not in output
    assert "Discord knows the token as" in output
    assert "the first start makes it" in output
    assert "The clock agrees" in output
    assert server.token not in output


async def test_a_running_bot_is_seen_and_left_alone(server, tmp_path):
    (tmp_path / "data").mkdir()
    async with running(server, tmp_path / "data" / "bot.sqlite3", BACKUP_DIR=str(tmp_path / "backups")) as bot:
        code, output = await consult(server, tmp_path)
        assert code == 0, output
        assert "A study-bot is running on it." in output
        assert await bot.stop() == 0, bot.output


async def test_a_wrong_token_a_dead_address_and_a_damaged_database_are_told_with_their_remedy(server, tmp_path):
    code, output = await consult(server, tmp_path, DISCORD_TOKEN="wrong")
    assert code == 7
    assert "does not accept DISCORD_TOKEN.\n  → Reset it" in output
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        (tmp_path / "data" / "bot.sqlite3").write_text("사진")
        code, output = await consult(server, tmp_path, DISCORD_API_URL=f"http://127.0.0.1:{closed.getsockname()[1]}")
    assert code == 7
    assert "cannot be reached" in output
    assert "→ Put a backup back: study-bot restore" in output


async def test_an_older_schema_is_brought_up_to_date_later(server, tmp_path):
    async with running(server, tmp_path / "bot.sqlite3") as bot:
        await bot.stop()
    (tmp_path / "data").mkdir(exist_ok=True)
    old = (tmp_path / "bot.sqlite3").rename(tmp_path / "data" / "bot.sqlite3")
    with sqlite3.connect(old) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    code, output = await consult(server, tmp_path)
    assert code == 0, output
    assert "the next start brings it up to date" in output


async def test_a_clock_that_is_wrong_is_told_by_how_much(server, tmp_path, monkeypatch):
    class LateClock:
        def now(self):
            return datetime.now(UTC) - timedelta(minutes=3)  # noqa: TID251

    for name, text in environment(server, tmp_path / "bot.sqlite3").items():
        monkeypatch.setenv(name, text)
    monkeypatch.chdir(tmp_path)
    findings = [str(finding) for finding in await examine(LateClock())]
    (found,) = [text for text in findings if "The clock" in text]
    assert found.startswith(("! The clock is 180 s away", "! The clock is 181 s away", "! The clock is 179 s away"))
    assert "time synchronisation" in found
