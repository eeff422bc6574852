"""Files that people hand over: what is not kept, under which name the rest is, and that no address is ever visited."""

import io
import zipfile
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from bot.pages.repository import Remote
from bot.services.journal.publishing import Repositories
from tests.pages.test_repository import bare  # noqa: F401  # a fixture
from tests.services.people import dump
from tests.study_team import StudyTeam

KEPT_BY = (
    ("ask", {"question": "왜 나누나요?"}),
    ("assignment submit", {"assignment": "1"}),
    ("lecture material", {"lecture": "id:1"}),
)
"""Commands that keep a file, whatever is in it."""


@pytest.fixture
async def studying(team: StudyTeam) -> StudyTeam:
    await team["가온"].slash(team.channel, "lecture add", title="Attention", course="NLP", number="5강")
    await team.admin.slash(team.channel, "assignment add", title="구현", due="내일 23:59")
    return team


async def give(team: StudyTeam, command: str, options: dict, name: str, data: bytes) -> str:
    result = await team["가온"].slash(team.channel, command, file=(name, data), **options)
    return result.response.content


def kept_files(team: StudyTeam) -> list[str]:
    """Names of the files that the bot has posted, in a channel or a thread, the latest last."""
    backend, bot = team.env.backend, team.env.bot.user.id
    posts = (post for channel in backend.messages.values() for post in channel.values())
    mine = sorted((post for post in posts if post.author_id == bot and not post.is_ephemeral), key=lambda post: post.id)
    return [file["filename"] for post in mine for file in post.attachments]


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        ("notes.md", b"", "notes.md 파일이 비어 있어요. 내용을 채워서 다시 올려 주세요."),
        ("notes.md.exe", b"MZ", "notes.md.exe는 실행 파일이라 전달하지 않아요. zip으로 묶거나 링크로 올려 주세요."),
        ("photo.png.SCR ", b"MZ", "실행 파일이라"),
        ("5강\u202egnp.lnk", b"L", "5강_gnp.lnk는 실행 파일이라"),
        ("run.bat.", b"@echo", "실행 파일이라"),
        ("가" * 96 + ".exe." + "b" * 20, b"MZ", "실행 파일이라"),  # shortened, it would be one
        ("work.zip", b"a" * (10 * 1024 * 1024 + 1), "work.zip 파일이 10MB보다 커요"),
    ],
)
async def test_what_is_empty_or_starts_by_itself_is_not_passed_on(studying, database_file, name, data, refusal):
    before = await dump(database_file)
    for command, options in KEPT_BY:
        assert refusal in await give(studying, command, options, name, data), command
    assert kept_files(studying) == []
    assert await dump(database_file) == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\boot.ini", "_.._boot.ini"),
        ("a\u202efdp.md", "a_fdp.md"),
        ("@everyone `x` **y**.pdf", "_everyone _x_ __y__.pdf"),
        ("가" * 300 + ".ipynb", "가" * 94 + ".ipynb"),
        ("CON", "_CON"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("...", "_"),
        ("photo.png", "photo.png"),
    ],
)
async def test_a_name_leads_nowhere_and_means_nothing(studying, name, kept):
    """A picture that is none, or a table that is a program's: nobody opens it here, so it may be called as it likes."""
    for command, options in KEPT_BY:
        assert "실행" not in await give(studying, command, options, name, b"\x00\xff not what it says"), command
        assert kept_files(studying)[-1].removeprefix("..") == kept, command
    exported = await studying["가온"].slash(studying.channel, "journal export", format="zip")
    (archive,) = exported.response.message.attachments
    with zipfile.ZipFile(io.BytesIO(await archive.read())) as packed:
        media = [path for path in packed.namelist() if "media/" in path]
    assert len(media) == len(set(media)) >= 2
    assert len({path.rpartition("/")[2].partition("-")[2] for path in media}) == 1  # one name, kept apart by a number
    assert all(path.isascii() and ".." not in path.split("/") and "\\" not in path for path in media)


async def test_what_is_no_text_to_read_is_refused(studying, database_file):
    before = await dump(database_file)
    for command, name, data, refusal in (
        ("lecture note", "notes.md.exe", b"# MZ", "읽을 수 있는 글 파일이 아니에요"),
        ("lecture note", "notes\u202edm.exe", b"# MZ", "notes_dm.exe는 읽을 수 있는 글 파일이 아니에요"),
        ("lecture note", "notes.md", b" \n", "파일이 비어 있어서"),
        ("assignment import", "table.csv", b"", "파일에 과제가 없어요"),
        ("assignment import", "table.csv", b"a" * (1024 * 1024 + 1), "table.csv 파일이 1MB보다 커요"),
    ):
        reads = command == "lecture note"
        actor, options = (studying["가온"], {"lecture": "id:1"}) if reads else (studying.admin, {})
        result = await actor.slash(studying.channel, command, file=(name, data), **options)
        assert refusal in result.response.content
    assert await dump(database_file) == before


@pytest.mark.parametrize("data", [b"\xff\xfe\x00#\x00 ", b"%PDF\x00\x01", "한글".encode("utf-16")])
async def test_what_is_called_a_text_but_is_none_is_refused(studying, database_file, data):
    before = await dump(database_file)
    for command, options, name in (
        ("lecture note", {"lecture": "id:1"}, "notes.md"),
        ("assignment import", {}, "table.csv"),
    ):
        actor = studying.admin if command == "assignment import" else studying["가온"]
        result = await actor.slash(studying.channel, command, file=(name, data), **options)
        assert "UTF-8" in result.response.content or "열은 몰라요" in result.response.content, command
        assert result.response.message.components == []
    assert await dump(database_file) == before


@asynccontextmanager
async def a_site():
    """A web site on this machine that counts who comes."""
    visits: list[str] = []

    async def serve(request: web.Request) -> web.Response:
        visits.append(request.path)
        return web.Response(text="x")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", visits
    await runner.cleanup()


async def test_an_address_that_somebody_types_is_never_visited(studying, bare, tmp_path):  # noqa: F811
    """Neither when it is kept, nor in any page, export or publication: what is asked for is Discord's alone."""
    gaon, bot = studying["가온"], studying.env.bot
    bot.services.publishing._repositories = Repositories(Remote(str(bare)), tmp_path / "copies")
    async with a_site() as (site, visits):
        picture = f"![그림]({site}/picture.png) <img src='{site}/tag.png'>"
        await gaon.slash(studying.channel, "lecture material", lecture="id:1", title="자료", url=f"{site}/slides")
        await gaon.slash(studying.channel, "lecture note", lecture="id:1", file=("n.md", picture.encode()))
        await gaon.slash(studying.channel, "ask", question=f"{site}/question 이게 뭔가요? {picture}")
        await gaon.slash(studying.channel, "session note", text=picture, kind="note")
        await gaon.slash(studying.channel, "assignment submit", assignment="1", link=f"{site}/work")
        await gaon.slash(studying.channel, "journal show")
        for form in ("md", "zip", "json", "csv", "html"):
            exported = await gaon.slash(studying.channel, "journal export", format=form)
            assert exported.response.message.attachments, form
        published = await studying.admin.slash(studying.channel, "journal publish")
        assert "올렸어요" in published.response.content
        assert visits == []
        async with ClientSession() as session:
            await session.get(f"{site}/seen")
        assert visits == ["/seen"]
