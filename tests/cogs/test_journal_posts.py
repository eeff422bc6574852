"""The page of a day in the team's channel of journals, once the day is over."""

from datetime import UTC, datetime, timedelta

import pytest

CUT_OFF = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
"""04:00 in Seoul, when Day 1 ends."""

MORNING = CUT_OFF + timedelta(hours=6)
"""Time enough for the simulated heartbeat, which is slow."""

DAY = timedelta(days=1)


@pytest.fixture
async def room(team):
    """The channel of journals."""
    channel = team.guild.create_text_channel("journal")
    await team.admin.slash(team.channel, "setup", journal_channel=channel)
    return channel


def pages(team, channel=None):
    return [post for post in team.posts(channel) if "일지가 나왔어요" in post.content]


async def test_the_page_of_a_day_is_posted_once_the_day_is_over_with_its_file_and_pings_nobody(team, room):
    await team["나래"].slash(team.channel, "lecture add", title="RNN", course="NLP", number="3강")
    await team["나래"].slash(team.channel, "session note", text="마이크를 확인하자")
    await team.until(CUT_OFF - timedelta(minutes=1))
    assert pages(team, room) == []
    await team.restart()
    await team.until(MORNING)
    (page,) = pages(team, room)
    assert page.content == (
        "Day1 NLP 3강 · 1/5 월 일지가 나왔어요.\n디스코드에서 바로 읽으려면 /journal show day:1 를 써 주세요."
    )
    assert page.mentions == []
    assert page.flags.silent  # it is four o'clock in the morning
    (file,) = page.attachments
    assert file.filename == "day1.md"
    text = (await file.read()).decode()
    assert text.startswith("# Day1 NLP 3강\n")
    assert "마이크를 확인하자" in text


async def test_a_day_closed_early_is_posted_once_and_a_day_without_a_word_not_at_all(team, room):
    await team["나래"].slash(team.channel, "session note", text="마이크를 확인하자")
    await team.admin.slash(team.channel, "journal close", reason="일찍 마쳐요")
    await team.until(MORNING + 4 * DAY)
    assert [page.content.partition(" 일지")[0] for page in pages(team, room)] == ["Day1 · 1/5 월"]


async def test_a_team_without_such_a_channel_is_not_woken_by_pages(team):
    await team["나래"].slash(team.channel, "session note", text="마이크를 확인하자")
    await team.until(MORNING + DAY)
    assert pages(team) == []


async def test_whoever_chooses_the_channel_later_has_the_pages_from_then_on(team):
    await team["나래"].slash(team.channel, "session note", text="첫날")
    await team.until(MORNING)
    await team["나래"].slash(team.channel, "session note", text="둘째 날")
    await team.admin.slash(team.channel, "settings set", key="journal_channel", value=team.channel.mention)
    await team.until(MORNING + DAY)
    assert [page.content[:4] for page in pages(team)] == ["Day2"]
