"""An anonymous question leads nobody to its author: searched as bytes, and compared with a run where another asked."""

import io
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import logs
from bot.demo.simulation import simulated
from tests.study_team import MONDAY, StudyTeam, button, found_team

ASKERS = ("가온", "새벽")


@dataclass
class Traces:
    """What a run left behind: the bytes of each place, the database as SQL, and the texts that were posted."""

    ids: dict[str, int]
    before: dict[str, bytes]
    after: dict[str, bytes]
    dump: list[str]
    posts: list[str]

    def count(self, name: str) -> dict[str, list[int]]:
        """How often somebody's user id (as digits, and as SQLite writes it) and name stand in each place."""
        needles = [str(self.ids[name]).encode(), self.ids[name].to_bytes(8, "big"), name.encode()]
        return {place: [data.count(needle) for needle in needles] for place, data in self.after.items()}

    def new_ids(self, name: str) -> dict[str, int]:
        """How often somebody's user id came in while the questions were asked."""
        needles = [str(self.ids[name]).encode(), self.ids[name].to_bytes(8, "big")]
        return {
            place: sum(data.count(needle) - self.before[place].count(needle) for needle in needles)
            for place, data in self.after.items()
        }


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """The log at its most talkative, as `LOG_LEVEL=DEBUG` sets it up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._NEVER_BELOW}
    logs.configure("text", "DEBUG")
    text = io.StringIO()
    root.addHandler(logging.StreamHandler(text))
    try:
        yield text
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, was in levels.items():
            logging.getLogger(name).setLevel(was)


def places(file: Path, log: io.StringIO, team: StudyTeam) -> dict[str, bytes]:
    posted = "".join(repr([c.to_dict() for c in m.components]) + m.content for m in team.posts())
    return {
        "database": file.read_bytes(),
        "wal": file.with_name(f"{file.name}-wal").read_bytes(),
        "log": log.getvalue().encode(),
        "posts": posted.encode(),
    }


async def submit(actor, form, text):
    (field,) = [label["component"]["custom_id"] for label in form.modal["components"]]
    return await actor.submit_modal(form, {field: text})


async def ask_in_every_way(team: StudyTeam, asker, *, anonymous: bool) -> None:
    """By option, by form, from the board; with refusals on the way; then taken up, and marked as a further one."""
    await asker.slash(team.channel, "ask", question="첫 질문", anonymous=anonymous)
    await asker.slash(team.channel, "ask", question="긴 " * 3000, anonymous=anonymous)
    await asker.slash(team.channel, "ask", question="파일", anonymous=True, file=("a.txt", b"a"))
    form = await asker.slash(team.channel, "ask", anonymous=anonymous)
    await submit(asker, form, "  ")
    form = await asker.slash(team.channel, "ask", anonymous=anonymous)
    await submit(asker, form, "둘째 질문")
    board = team.posts()[-1]
    form = await asker.click(board, custom_id="question:anonymous:day:1" if anonymous else "question:ask:day:1")
    await submit(asker, form, "셋째 질문")
    alike = await asker.slash(team.channel, "ask", question="셋째 질문이에요!", anonymous=anonymous)
    assert "비슷해요" not in alike.response.content
    alike = await asker.slash(team.channel, "ask", question="셋째 질문 이에요", anonymous=anonymous)
    await asker.click(alike.response, label="그래도 질문하기")
    if anonymous:
        refused = await asker.slash(team.channel, "ask", question="여섯째", anonymous=True)
        assert "한 시간에" in refused.response.content
    voting = await team["다솜"].click(board, custom_id="question:vote:day:1")
    await team["다솜"].select(voting.response, ["1"])
    await asker.slash(team.channel, "question further", question="2")
    await asker.slash(team.channel, "question withdraw", question="99")
    if anonymous:
        await asker.slash(team.channel, "question withdraw", question="1")
    await team.admin.slash(team.channel, "question next")
    post = team.posts()[-1]
    await submit(team["다솜"], await team["다솜"].click(post, custom_id=button(post, "question:answer:")), "답")
    await asker.slash(team.channel, "question list")


async def run(file: Path, name: str, *, anonymous: bool) -> Traces:
    """A team in which one person asks."""
    with everything_logged() as log:
        async with simulated(file, MONDAY) as env:
            team = await found_team(env)
            before = places(file, log, team)
            await ask_in_every_way(team, team[name], anonymous=anonymous)
            after = places(file, log, team)
            with sqlite3.connect(file) as connection:
                rows = (line for line in connection.iterdump() if line.startswith("INSERT"))  # not how tables are made
                dump = [re.sub(r"'[\w-]{20}'", "'nonce'", line) for line in rows]
            connection.close()
            posts = after["posts"].decode().splitlines()
            ids = {member: actor.id for member, actor in team.members.items()}
    return Traces(ids, before, after, dump, posts)


@pytest.fixture
async def anonymous_runs(tmp_path: Path) -> dict[str, Traces]:
    return {name: await run(tmp_path / f"{ASKERS.index(name)}.sqlite3", name, anonymous=True) for name in ASKERS}


async def test_whoever_asks_the_same_is_left_behind(anonymous_runs):
    first, second = anonymous_runs.values()
    assert first.ids == second.ids
    assert any("셋째 질문" in line for line in first.dump)
    assert first.dump == second.dump
    assert first.posts == second.posts


async def test_the_bytes_tell_nobody(anonymous_runs):
    first, second = anonymous_runs.values()
    for name in ASKERS:
        assert first.count(name) == second.count(name)
        assert set(anonymous_runs[name].new_ids(name).values()) == {0}


async def test_the_search_finds_an_author_who_is_named(tmp_path, anonymous_runs):
    named = await run(tmp_path / "named.sqlite3", "가온", anonymous=False)
    assert named.count("가온") != anonymous_runs["가온"].count("가온")
    assert named.new_ids("가온")["wal"] > 0
    assert named.dump != anonymous_runs["가온"].dump
