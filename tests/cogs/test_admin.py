"""`/admin failed`, `retry`, `pause` and `resume`, as a moderator sees them."""

import pytest

from tests.services.people import seoul
from tests.study_team import button


@pytest.fixture
async def broken(team):
    """The channel of retrospectives, into which the bot may not write any more: its evening's question failed."""
    room = team.guild.create_text_channel("회고")
    await team.admin.slash(team.channel, "settings set", key="retro_channel", value=room.mention)
    path = f"/channels/{room.id}/messages"
    team.env.inject_error("POST", path, status=403, code=50013, message="Missing Permissions", times=None)
    await team.until(seoul("2026-01-05 21:02"))
    return room


async def test_a_failure_is_told_listed_mended_and_sent_again(team, broken):
    notice = team.posts()[-1]
    assert notice.content == (
        "⚠️ 스터디 팀의 메시지 하나를 보내지 못했어요.\n"
        f"- **회고 안내** · 1/5 월 21:00 · {broken.mention}\n"
        "  -# 채널에 글을 쓸 수 없어요. 채널 설정 → 권한에서 ‘메시지 보내기’를 켠 뒤 다시 보내 주세요. (서버 관리자)"
    )
    listed = (await team.admin.slash(team.channel, "admin failed")).response
    assert listed.content.splitlines()[:2] == ["**보내지 못한 메시지**", notice.content.splitlines()[1]]
    assert listed.ephemeral
    refused = await team["가온"].click(notice, custom_id=button(notice, "admin:retry"))
    assert "모더레이터만" in refused.response.content

    team.env.backend.faults.clear()
    choices = await team.admin.autocomplete(team.channel, "admin retry", "delivery", "회고")
    assert [choice["name"] for choice in choices] == ["회고 안내 · 1/5 월 21:00"]
    again = (await team.admin.slash(team.channel, "admin retry", delivery=choices[0]["value"])).response
    assert again.content.startswith("다시 보낼게요: **회고 안내** · 1/5 월 21:00\n")
    assert [post.content for post in team.posts(broken)][-1] == "Day1 수고하셨어요. 오늘은 어땠나요?"
    nothing = (await team.admin.slash(team.channel, "admin failed")).response
    assert nothing.content == "보내지 못한 메시지가 없어요. 다시 보낼 것도 없어요."
    twice = (await team.admin.slash(team.channel, "admin retry", delivery=choices[0]["value"])).response
    assert twice.content == "다시 보낼 필요가 없는 메시지예요. 다시 보낼 것은 /admin failed 에 있어요."


async def test_the_notices_button_sends_again_what_it_told_of_also_after_a_restart(team, broken):
    notice = team.posts()[-1]
    team.env.backend.faults.clear()
    await team.restart()
    pressed = await team.admin.click(notice, custom_id=button(notice, "admin:retry"))
    assert pressed.response.content.startswith("다시 보낼게요: **회고 안내**")
    assert team.posts(broken)[-1].content == "Day1 수고하셨어요. 오늘은 어땠나요?"
    pressed = await team.admin.click(notice, custom_id=button(notice, "admin:retry"))
    assert pressed.response.content == "다시 보낼 메시지가 없어요."


async def test_what_was_late_is_listed_and_not_offered_again(team, broken):
    await team.until(seoul("2026-01-06 05:00"))
    late = (await team.admin.slash(team.channel, "admin failed")).response
    assert "다만 때가 지나서 이제 보내지 않아도 돼요." in late.content
    assert late.components == []
    assert await team.admin.autocomplete(team.channel, "admin retry", "delivery", "") == []


async def test_a_pause_is_shown_keeps_everything_and_ends_by_itself_or_by_hand(team):
    choices = await team.admin.autocomplete(team.channel, "admin pause", "until", "22:00")
    assert [choice["name"] for choice in choices] == ["2026-01-05 (월) 22:00 · 13시간 뒤"]
    paused = (await team.admin.slash(team.channel, "admin pause", until=choices[0]["value"])).response.content
    assert paused == (
        "⏸️ 1/5 월 22:00까지 메시지를 멈췄어요. 더 일찍 시작하려면 /admin resume 을 써 주세요.\n"
        "밀린 메시지는 사라지지 않아요. 다시 시작하면 아직 필요한 것을 보내요. "
        "명령은 그대로 쓸 수 있고, 명령으로 올리는 글도 그때까지 기다려요."
    )
    before = len(team.posts())
    await team["가온"].slash(team.channel, "ask", question="RNN은 왜 순서대로 읽나요?")
    today = (await team["가온"].slash(team.channel, "today")).response.content
    assert today.startswith("⏸️ 1/5 월 22:00까지 메시지를 멈췄어요.\n")
    assert (await team.admin.slash(team.channel, "admin failed")).response.content.startswith("⏸️ 1/5 월 22:00까지")
    await team.until(seoul("2026-01-05 21:59"))
    assert len(team.posts()) == before
    await team.until(seoul("2026-01-05 22:00"))
    posted = [post.content for post in team.posts()[before:]]
    assert any("오늘은 어땠나요?" in text for text in posted)
    assert len(posted) > 2  # the board of the question, the next duties
    assert "⏸️" not in (await team["가온"].slash(team.channel, "today")).response.content

    await team.admin.slash(team.channel, "admin pause")
    await team["나래"].slash(team.channel, "assignment list")
    resumed = (await team.admin.slash(team.channel, "admin resume")).response.content
    assert resumed == "메시지를 다시 보낼게요. 밀린 것 가운데 아직 필요한 것부터 나가요."
    again = (await team.admin.slash(team.channel, "admin resume")).response.content
    assert "지금은 멈춰 있지 않아요." in again
    past = (await team.admin.slash(team.channel, "admin pause", until="어제")).response.content
    assert "이미 지났어요" in past
