"""Who has left the server, who only seems to have, and who is back."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from tests.study_team import MONDAY, StudyTeam, button, shown

GONE = "다솜"


def told(team: StudyTeam) -> int:
    """How often moderators were told of somebody who has left."""
    return sum("서버를 떠났어요" in post.content for post in team.posts())


def is_marked(database_file) -> bool:
    with closing(sqlite3.connect(database_file)) as connection:
        query = "SELECT gone_since IS NOT NULL FROM member WHERE name = ?"
        return bool(connection.execute(query, (GONE,)).fetchone()[0])


async def after_nights(team: StudyTeam, nights: int) -> None:
    await team.until(MONDAY + timedelta(days=nights))


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, 0), (503, 0), (403, 50001), (404, 10004), (404, 0)],
    ids=["5xx", "unavailable", "may not look", "unknown guild", "another 404"],
)
async def test_an_answer_that_is_not_about_the_member_decides_nothing(team, database_file, status, code):
    team.guild.remove_member(team[GONE])
    members = f"/guilds/{team.guild.id}/members/*"
    team.env.inject_error("GET", members, status=status, code=code, message="no", times=None)
    await after_nights(team, 1)
    assert not is_marked(database_file)
    team.env.backend.faults.clear()
    await after_nights(team, 2)
    assert (is_marked(database_file), told(team)) == (True, 1)


async def test_an_outage_is_not_leaving(team, database_file):
    """What Discord says of the members of a server that it cannot reach counts for nothing."""
    team.guild.remove_member(team[GONE])
    team.env.backend.emit("GUILD_DELETE", {"id": str(team.guild.id), "unavailable": True})
    await after_nights(team, 2)
    assert (is_marked(database_file), told(team)) == (False, 0)


async def test_whoever_does_something_is_back_at_once(team, database_file):
    team.guild.remove_member(team[GONE])
    await after_nights(team, 1)
    assert is_marked(database_file)
    back = team.guild.add_member(team[GONE].user)
    assert is_marked(database_file)
    await back.slash(team.channel, "today")
    assert not is_marked(database_file)
    turns = await team.admin.slash(team.channel, "rotation show", count=10)
    assert GONE in shown(turns.response.message)
    trail = await team.admin.slash(team.channel, "admin audit")
    assert "**서버에 돌아옴** 다솜" in trail.response.content


async def test_whoever_is_gone_is_pinged_by_nothing(team, database_file):
    """Two members to whom the same was to be said; only of the one who is there it is."""
    there, gone = team["라온"], team[GONE]
    await team.admin.slash(team.channel, "assignment add", title="과제", due="2026-01-06 18:00")
    for name, (number, member) in {"RNN": ("3강", gone), "LSTM": ("4강", there)}.items():
        options = {"title": name, "number": number, "course": "NLP", "presenter": member, "present_on": "2026-01-06"}
        await team.admin.slash(team.channel, "lecture add", **options)
        options = {"assignment": "1", "member": member, "until": "2026-01-07 18:00"}
        await team.admin.slash(team.channel, "assignment extend", **options)
    await team.admin.slash(team.channel, "assignment add", title="둘째", due="2026-01-07 12:00")
    await team.until(MONDAY + timedelta(hours=12, minutes=1))
    prompt = next(post for post in team.posts() if "오늘은 어땠나요?" in post.content)
    for member in (there, gone):
        await member.click(prompt, custom_id=button(prompt, "retro:direct"))
    team.guild.remove_member(gone)
    await team.until(MONDAY + timedelta(hours=23))
    assert is_marked(database_file)

    before, direct = len(team.posts()), len(team.posts(gone.user.dm_channel)) if gone.user.dm_channel else 0
    await there.slash(team.channel, "rotation substitute", duty="presenter")
    await team.until(MONDAY + timedelta(days=2, hours=15))
    later = team.posts()[before:]
    pinging = [post for post in later if there.mention in post.content]
    assert len(pinging) >= 3
    assert [post.content for post in later if gone.mention in post.content] == []
    assert team.posts(there.user.dm_channel)
    assert gone.user.dm_channel is None or len(team.posts(gone.user.dm_channel)) == direct
    with closing(sqlite3.connect(database_file)) as connection:
        kinds = {kind for (kind,) in connection.execute("SELECT DISTINCT kind FROM delivery WHERE state = 'sent'")}
    handed_round = {"rotation.announcement", "rotation.change", "rotation.request", "rotation.unanswered"}
    assert kinds >= {"assignment.reminder", "retro.nudge", "session.reminder", *handed_round}
