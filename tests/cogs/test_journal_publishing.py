"""`/journal publish` and the night's publication, into a real repository, read with `git`."""

import sqlite3

import pytest
import simcord

from bot.domain.team import Caller
from bot.pages.repository import Remote
from bot.services.journal.publishing import Repositories
from bot.services.purge import delete_team
from tests.database import writing
from tests.pages.test_repository import bare, by_hand, git, shown  # noqa: F401  # a fixture
from tests.services.people import seoul
from tests.study_team import StudyTeam

DAY1, DAY2 = "week1/day1/README.md", "week1/day2/README.md"


@pytest.fixture
async def publishing(team: StudyTeam, bare, tmp_path) -> StudyTeam:  # noqa: F811
    """A team whose pages go into a repository; there is a note on Day 1."""
    set_repository(team, Remote(str(bare), token="ghp_secret"), tmp_path)
    await team["가온"].slash(team.channel, "session note", text="첫날의 메모")
    return team


def set_repository(team: StudyTeam, remote: Remote | None, folder) -> None:
    """As the settings of the process would."""
    repositories = None if remote is None else Repositories(remote, folder / "copies")
    team.env.bot.services.publishing._repositories = repositories
    team.env.bot._housekeeping._publishes = remote is not None


async def publish(team: StudyTeam, who: simcord.MemberActor, **options: object) -> str:
    result = await who.slash(team.channel, "journal publish", **options)
    assert result.ephemeral
    return result.response.content


def deliveries(database_file) -> list[tuple[str, str]]:
    with sqlite3.connect(database_file) as connection:
        query = "SELECT state, reason FROM delivery WHERE kind = 'journal.publish' ORDER BY id"
        return connection.execute(query).fetchall()


async def passed(team: StudyTeam, seconds: float = 1) -> None:
    """Time passes, and what is published then, in a thread of its own, is published."""
    await team.env.advance_time(seconds)
    await team.env.bot.dispatcher.finished()


async def test_pages_are_published_by_hand_and_every_night(publishing: StudyTeam, bare, database_file) -> None:  # noqa: F811
    assert await publish(publishing, publishing.admin) == "일지 1개를 Git 저장소에 올렸어요."
    assert "첫날의 메모" in shown(bare, DAY1)
    assert (
        shown(bare, DAY1)
        == (await publishing.env.bot.services.journal.page(caller_in(publishing), "1", own=False)).text
    )
    assert await publish(publishing, publishing.admin, day="1") == "바뀐 일지가 없어서 올리지 않았어요."
    by_hand(bare, DAY1, "# 우리가 고친 첫날\n")
    await publishing["가온"].slash(publishing.channel, "session note", text="늦은 메모")
    kept = f"바뀐 일지가 없어서 올리지 않았어요.\n저장소에서 누가 고친 일지는 그대로 두었어요:\n- {DAY1}"
    assert await publish(publishing, publishing.admin) == kept
    for night in ("2026-01-06 09:01", "2026-01-07 09:01"):
        await publishing.until(seoul(night))
        await passed(publishing)
    assert shown(bare, DAY1) == "# 우리가 고친 첫날\n"
    assert "# Day2" in shown(bare, DAY2)
    told = [post.content for post in publishing.posts() if "저장소" in post.content]
    assert len(told) == 2
    assert [state for state, _ in deliveries(database_file)] == ["sent", "sent"]
    assert git("log", "--format=%an", "main", at=bare).splitlines() == ["study-bot", "하늘", "study-bot"]
    with sqlite3.connect(database_file) as connection:
        everything = "\n".join(connection.iterdump())
        (audited,) = connection.execute("SELECT count(*) FROM audit WHERE action = 'journal.publish'").fetchone()
    assert audited == 2
    assert "ghp_secret" not in everything
    assert str(bare) not in everything


async def test_a_repository_that_is_not_reached_is_tried_again_until_it_is(
    publishing: StudyTeam, bare, tmp_path, database_file, caplog  # noqa: F811
) -> None:  # fmt: skip
    set_repository(publishing, Remote("http://127.0.0.1:9/team.git", token="ghp_secret"), tmp_path)
    assert "계속 다시 해 볼게요" in await publish(publishing, publishing.admin)
    await passed(publishing, seconds=700)
    assert deliveries(database_file) == [("pending", None)]
    assert "ghp_secret" not in caplog.text
    set_repository(publishing, Remote(str(bare)), tmp_path / "other")
    for _attempt in range(6):  # a thread's time is not simulated
        if deliveries(database_file) == [("pending", None)]:
            await passed(publishing, seconds=400)
    assert deliveries(database_file) == [("skipped", "published")]
    await publishing.until(seoul("2026-01-06 09:01"))
    await passed(publishing)
    assert "첫날의 메모" in shown(bare, DAY1)


async def test_without_a_repository_or_with_one_that_refuses_it_is_said_what_to_do(
    publishing: StudyTeam, tmp_path
) -> None:
    assert "모더레이터" in await publish(publishing, publishing["가온"])
    set_repository(publishing, Remote(str(tmp_path / "none.git")), tmp_path)
    assert "토큰이나 키를 확인" in await publish(publishing, publishing.admin)
    set_repository(publishing, None, tmp_path)
    assert "JOURNAL_REPOSITORY" in await publish(publishing, publishing.admin)


async def test_the_repository_of_a_deleted_team_is_no_other_teams(publishing: StudyTeam, bare, tmp_path) -> None:  # noqa: F811
    """Its pages are still there, and its people read them."""
    second, admin = publishing.guild.create_text_channel("둘째"), publishing.admin
    await admin.slash(second, "team create", name="둘째 팀")
    await publish(publishing, admin)
    async with writing(publishing.env.bot.database) as session:
        await delete_team(session, 1)
    refused = await admin.slash(second, "journal publish")
    assert "JOURNAL_REPOSITORY" in refused.response.content
    assert git("rev-list", "--count", "main", at=bare).strip() == "1"
    git("init", "--bare", "--quiet", "--initial-branch=main", str(tmp_path / "new.git"), at=tmp_path)
    set_repository(publishing, Remote(str(tmp_path / "new.git")), tmp_path / "other")
    published = await admin.slash(second, "journal publish")
    assert published.response.content == "일지 1개를 Git 저장소에 올렸어요."


def caller_in(team: StudyTeam):
    return Caller(team.guild.id, (team.channel.id,), team.admin.id, "운영자", True, frozenset(), team.env.now())
