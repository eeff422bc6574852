"""`python -m bot export`: attachments that are fetched again over the wire, and the bar that a terminal shows."""

import asyncio
import os
import sys
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from tests.wire.discord_server import DiscordServer
from tests.wire.process import environment, running, start
from tests.wire.state import File

PDF = b"%PDF-1.7 slides"


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def taught(server, tmp_path):
    """A team of some days whose lecture has two files, one of which is gone from Discord since; the bot is stopped."""
    guild = server.add_guild("스터디")
    room = server.add_channel(guild, "study")
    admin = server.add_person(guild, "운영자", roles=[server.add_role(guild, "운영", manage_guild=True)])
    start_date = (datetime.now(UTC) - timedelta(days=8)).date()  # noqa: TID251  # the process has the machine's clock
    async with running(server, tmp_path / "bot.sqlite3") as bot:
        await server.slash(admin, room, "setup", language="ko", start=start_date.isoformat())
        await server.slash(admin, room, "roster add", member=admin, name="하린")
        await server.slash(admin, room, "calendar on", date="오늘", label="보강")  # in case it is a Sunday
        added = await server.slash(admin, room, "lecture add", title="RNN", present_on="오늘")
        assert "RNN" in added.text, added
        (lecture,) = await server.autocomplete(admin, room, "lecture material", focused="lecture", text="RNN")
        for title, name in (("강의 자료", "slides.pdf"), ("\x1b[31m지운 자료", "gone.pdf")):
            given = {"lecture": lecture["value"], "title": title, "file": File(name, PDF)}
            kept = await server.slash(admin, room, "lecture material", **given)
            assert "일지" in kept.text, kept
        (gone,) = [message for message in server.messages(room) if "gone.pdf" in str(message.attachments)]
        server.delete_message(gone)
        assert await bot.stop() == 0, bot.output
    return gone


async def export(server, tmp_path, **settings):
    """The process, with its output in a pipe, and what is in its file."""
    process = await start(environment(server, tmp_path / "bot.sqlite3", **settings), tmp_path, "export", "pages.zip")
    assert await process.ended() == 0, process.output
    with zipfile.ZipFile(tmp_path / "pages.zip") as archive:
        media = {name.rpartition("-")[2]: archive.read(name) for name in archive.namelist() if "/media/" in name}
        return process.output, media, archive.read("README.md").decode()


async def test_attachments_are_fetched_by_their_ids_and_pages_are_the_same_in_another_house(server, taught, tmp_path):
    output, media, index = await export(server, tmp_path)
    assert media == {"slides.pdf": PDF}
    head, told, item = output.splitlines()
    assert head.startswith("pages.zip: ")
    assert told.startswith("Attachments that are not in it, because they are gone, or")
    assert item.startswith("- [31m지운 자료 https://discord.com/channels/")
    assert item.endswith(f"/{taught.id}")
    assert "\x1b" not in output
    assert "gone.pdf" not in index
    assert str(taught.id) in index
    identified = len(server.requests_to("GET", r"/gateway.*"))
    for settings, why in (
        ({"DISCORD_TOKEN": ""}, "there is no DISCORD_TOKEN to fetch them with"),
        ({"DISCORD_TOKEN": "wrong"}, "Discord does not accept DISCORD_TOKEN"),
        ({"DISCORD_API_URL": "http://127.0.0.1:9"}, "Discord cannot be reached"),
    ):
        output, media, index = await export(server, tmp_path, **settings)
        assert media == {}
        assert (
            f"Attachments that are not in it, because {why}; the pages link to their messages:\n- 강의 자료 http"
            in output
        )
        assert "강의 자료" in index
    pages = (tmp_path / "pages.zip").read_bytes()
    moved = {"DATABASE_URL": "sqlite+aiosqlite:///moved.sqlite3", "DISCORD_TOKEN": ""}
    for arguments, settings in ((("export", "data.json"), {}), (("import", "data.json"), moved)):
        process = await start(environment(server, tmp_path / "bot.sqlite3", **settings), tmp_path, *arguments)
        assert await process.ended() == 0, process.output
    await export(server, tmp_path, **moved)
    assert (tmp_path / "pages.zip").read_bytes() == pages
    assert len(server.requests_to("GET", r"/gateway.*")) == identified
    assert server.unknown_requests == []


async def test_a_terminal_sees_the_days_done_of_all_and_a_pipe_sees_no_control_character(server, taught, tmp_path):
    env = environment(server, tmp_path / "bot.sqlite3", TERM="xterm", COLUMNS="80")
    terminal, its_end = os.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "export", "pages.html",
            env=env, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=its_end,
        )  # fmt: skip
        told, _ = await asyncio.wait_for(process.communicate(), 30)
        shown = os.read(terminal, 1 << 16).decode()
    finally:
        os.close(its_end)
        os.close(terminal)
    days = told.decode().removeprefix("pages.html: ").split()[0]
    assert int(days) > 1
    assert told.decode() == f"pages.html: {days} days of 스터디\n"
    assert "Days" in shown
    assert f"{days}/{days}" in shown
    assert "\x1b[" in shown
    piped = await start(env, tmp_path, "export", "pages.html")
    assert await piped.ended() == 0
    assert piped.output == told.decode()
