"""Looking after the process: stopping it, watching it, two people at once."""

import asyncio
import json
import signal
import socket
import sqlite3

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.clock import SystemClock
from tests.wire.discord_server import DiscordServer
from tests.wire.process import eventually, running
from tests.wire.prompts import due_prompts


def ended(database):
    """How many prompts are sent or have failed."""
    with sqlite3.connect(database) as connection:
        query = "SELECT count(*) FROM delivery WHERE kind = 'retro.prompt' AND state IN ('sent', 'failed')"
        return connection.execute(query).fetchone()[0]


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def study(server):
    """A guild, its channel, and somebody who may set up a team there."""
    guild = server.add_guild("스터디")
    room = server.add_channel(guild, "study")
    role = server.add_role(guild, "운영", manage_guild=True)
    return guild, room, server.add_person(guild, "운영자", roles=[role])


async def test_an_answer_under_way_is_finished_before_the_process_stops(server, study, tmp_path):
    _, room, admin = study
    async with running(server, tmp_path / "bot.sqlite3") as bot:
        server.faults.add("hang", method="POST", path=r"/interactions/\d+/[^/]+/callback", times=1)
        asking = asyncio.ensure_future(server.slash(admin, room, "help"))
        await server.until(lambda: server.requests_to("POST", r"/interactions/.*/callback"), what="the answer")
        stopping = asyncio.ensure_future(bot.stop(signal.SIGTERM))
        await asyncio.wait([stopping], timeout=0.3)
        assert not stopping.done()
        server.rest.release()
        assert await stopping == 0, bot.output
        assert (await asking).text


async def test_two_people_ask_at_once_and_get_two_numbers(server, study, tmp_path):
    guild, room, admin = study
    people = [server.add_person(guild, name) for name in ("가온", "나래", "다솜")]
    async with running(server, tmp_path / "bot.sqlite3") as bot:
        await server.slash(admin, room, "setup", language="ko")
        await asyncio.gather(*(server.slash(person, room, "roster join") for person in people))
        asked = await asyncio.gather(*(server.slash(p, room, "ask", question=f"{p.name}의 질문") for p in people))
        numbers = {number for number in ("#1", "#2", "#3") for answer in asked if number in answer.text}
        assert numbers == {"#1", "#2", "#3"}
        assert await bot.stop() == 0, bot.output


async def test_health_says_that_the_process_lives(server, study, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with running(server, tmp_path / "bot.sqlite3", HEALTH_PORT=str(port)) as bot:
        async with aiohttp.ClientSession() as session, asyncio.timeout(30):
            said = {"ready": False}
            while not said["ready"]:  # it is once Discord has told of every guild
                async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
                    assert response.status == 200
                    said = await response.json()
        assert said.pop("lag") < 30
        assert said == {"status": "ok", "live": True, "ready": True}
        assert await bot.stop() == 0, bot.output


async def test_metrics_say_what_became_of_every_delivery_and_of_nobody(server, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = tmp_path / "bot.sqlite3"
    await due_prompts(server, database, 3)
    server.faults.add(403, accepted=False, method="POST", path=r"/channels/\d+/messages", times=1)
    began = SystemClock().now().timestamp()
    guild = server.add_guild("다른 스터디")
    person = server.add_person(guild, "민아")
    async with running(server, database, HEALTH_PORT=str(port)) as bot:
        await eventually(lambda: ended(database) == 3)
        room = server.add_channel(guild, "study")
        for command in ("help", "help", "today"):
            await server.slash(person, room, command)
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as response:
            text = await response.text()
            assert response.headers["Content-Type"].startswith("text/plain")
        assert await bot.stop() == 0, bot.output
    families = {family.name: family for family in text_string_to_metric_families(text)}
    counted = {(s.labels["kind"], s.labels["state"]): s.value for s in families["study_bot_deliveries"].samples}
    assert counted[("retro.prompt", "sent")] == 2
    assert counted[("retro.prompt", "failed")] == 1
    assert counted[("admin.undelivered", "pending")] == 1
    assert (
        began <= families["study_bot_last_tick_timestamp_seconds"].samples[0].value <= SystemClock().now().timestamp()
    )
    assert 0 <= families["study_bot_tick_lag_seconds"].samples[0].value < 30
    commands = {(s.labels["command"], s.labels["outcome"]): s.value for s in families["study_bot_commands"].samples
                if s.name.endswith("_total")}  # fmt: skip
    assert commands == {("help", "done"): 2, ("today", "refused"): 1}
    assert families["study_bot_gateway_latency_seconds"].samples
    labels = {name for family in families.values() for sample in family.samples for name in sample.labels}
    assert labels == {"kind", "state", "command", "outcome", "le"}


async def test_json_logs_are_one_object_a_line_without_the_token(server, study, tmp_path):
    async with running(server, tmp_path / "bot.sqlite3", LOG_FORMAT="json", LOG_LEVEL="DEBUG") as bot:
        assert await bot.stop() == 0
    assert server.token not in bot.output
    entries = [json.loads(line) for line in bot.output.splitlines()]
    assert {"at", "level", "logger", "message"} <= set(entries[0])
    assert entries[-1]["message"] == "Stopped"


async def test_a_token_that_is_withdrawn_stops_the_process_with_one_line(server, tmp_path):
    database = tmp_path / "bot.sqlite3"
    await due_prompts(server, database, 1)
    server.faults.add(401, accepted=False, method="POST", path=r"/channels/\d+/messages")
    async with running(server, database) as bot:
        assert await bot.ended() == 5
    assert "DISCORD_TOKEN" in bot.output.splitlines()[-1]
    assert "Traceback" not in bot.output


async def test_the_process_writes_into_its_own_folders_only(server, study, tmp_path):
    """So that it runs with everything else read-only."""
    _, room, admin = study
    data, backups = tmp_path / "data", tmp_path / "backups"
    data.mkdir()
    settings = {"BACKUP_DIR": str(backups), "BACKUP_KEEP": "1"}
    async with running(server, data / "bot.sqlite3", module="tests.wire.writing_bot", **settings) as bot:
        await bot.logged("Backup study-bot-")
        await server.slash(admin, room, "setup", language="ko")
        await server.slash(admin, room, "calendar show")
        assert await bot.stop() == 0, bot.output
    written = {line.removeprefix("writes ") for line in bot.output.splitlines() if line.startswith("writes ")}
    assert any(path.startswith(str(backups)) for path in written)
    assert {path for path in written if not path.startswith((str(data), str(backups), "/dev/null"))} == set()
