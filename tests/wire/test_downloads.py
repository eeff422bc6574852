"""Files are downloaded from Discord alone, whatever a message says of where they lie."""

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest
from aiohttp import web
from discord.http import Route

from bot.ui.downloads import HOSTS, download_from_discord_only
from tests.wire.discord_server import DiscordServer
from tests.wire.process import running
from tests.wire.state import File

LIMIT = 100_000


@asynccontextmanager
async def site(serve):
    """A server on this machine, and the paths it was asked for."""
    asked = []

    async def answer(request):
        asked.append(request.path)
        return await serve(request)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


@pytest.fixture
async def other():
    """A server of somebody else's, as it may stand in the bot's own network."""

    async def serve(request):
        return web.Response(body=b"secret")

    async with site(serve) as (address, asked):
        yield address, asked


@pytest.fixture
async def discords(monkeypatch, other):
    """Where Discord's API is, as DISCORD_API_URL would say, with files that are not as they should be."""
    sent = 0

    async def serve(request):
        nonlocal sent
        name = request.path.rpartition("/")[2]
        if name == "redirect":
            raise web.HTTPFound(f"{other[0]}/inside")
        if name == "slow":
            await asyncio.sleep(30)
        if name.isdecimal():
            return web.Response(status=int(name))
        response = web.StreamResponse()  # in blocks, without saying how many
        await response.prepare(request)
        blocks = 10_000 if name == "endless" else 1
        for _ in range(blocks):
            await response.write(b"x" * LIMIT)
            sent += 1
        return response

    async with site(serve) as (address, _asked):
        monkeypatch.setattr(Route, "BASE", f"{address}/api/v10")
        yield address, lambda: sent


@pytest.fixture
async def download(discords):
    async with discord.Client(intents=discord.Intents.none()) as client:
        download_from_discord_only(client, limit=LIMIT, seconds=1)
        yield client.http.get_from_cdn


async def test_a_file_of_discords_is_read_whole(discords, download):
    assert await download(f"{discords[0]}/attachments/1/2/work.md?ex=1") == b"x" * LIMIT


async def test_a_redirect_is_not_followed(discords, other, download):
    with pytest.raises(discord.HTTPException) as refused:
        await download(f"{discords[0]}/attachments/redirect")
    assert refused.value.status == 302
    assert other[1] == []


@pytest.mark.parametrize(("status", "error"), [(403, discord.Forbidden), (404, discord.NotFound)])
async def test_a_file_that_is_gone_is_told_as_discord_py_does(discords, download, status, error):
    with pytest.raises(error):
        await download(f"{discords[0]}/{status}")


async def test_no_other_address_is_asked(other, download):
    """Nor a name that only looks like Discord's, another scheme or port, or a host behind a user's name."""
    port = other[0].rpartition(":")[2]
    (cdn, _media) = sorted(HOSTS)
    for address in (
        f"{other[0]}/attachments/1/2/x.md",
        f"http://localhost:{port}/x.md",
        f"http://[::ffff:127.0.0.1]:{port}/x.md",
        f"http://{cdn}@127.0.0.1:{port}/x.md",
        f"https://{cdn}.localhost:{port}/x.md",
        f"http://{cdn}/x.md",
        f"https://{cdn}:{port}/x.md",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "/attachments/1/2/x.md",
        "",
    ):
        with pytest.raises(aiohttp.InvalidURL):
            await download(address)
    assert other[1] == []


async def test_a_file_that_does_not_end_is_given_up(discords, download):
    address, sent = discords
    with pytest.raises(aiohttp.ClientPayloadError):
        await download(f"{address}/attachments/endless")
    assert sent() < 1000


async def test_a_file_that_does_not_come_is_given_up(discords, download):
    with pytest.raises(TimeoutError):
        await download(f"{discords[0]}/attachments/slow")


async def test_the_process_asks_nobody_else_for_an_attachment(other, tmp_path):
    """The real bot: Discord says that a file lies elsewhere; the person is told, and nothing of it is posted."""
    async with DiscordServer() as server:
        guild = server.add_guild("스터디")
        room = server.add_channel(guild, "study")
        admin = server.add_person(guild, "운영자", roles=[server.add_role(guild, "운영", manage_guild=True)])
        async with running(server, tmp_path / "bot.sqlite3") as bot:
            await server.slash(admin, room, "setup", language="ko")
            await server.slash(admin, room, "roster add", member=admin, name="하린")
            for lies_at, question, answered in (
                (server.world.url, "왜 나누나요?", "질문 #1"),
                (other[0], "누가 발표해요?", "파일을 받지 못했어요"),
            ):
                server.world.url = lies_at
                asked = await server.slash(admin, room, "ask", question=question, file=File("a.md", b"secret"))
                assert answered in asked.text, asked
            assert await bot.stop() == 0, bot.output
    assert other[1] == []
