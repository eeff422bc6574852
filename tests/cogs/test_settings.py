"""`/settings`, as people see it."""

import re

import pytest

from bot.domain.settings import READERS
from tests.services.people import dump, seoul
from tests.study_team import StudyTeam


async def change(team: StudyTeam, key: str, value: str, actor=None) -> str:
    result = await (actor or team.admin).slash(team.channel, "settings set", key=key, value=value)
    return result.response.content


async def shown(team: StudyTeam) -> dict[str, str]:
    """Each setting as everybody sees it."""
    result = await team["가온"].slash(team.channel, "settings show")
    return dict(re.findall(r"^- `(\w+)` \*\*(.+?)\*\*", result.response.content, re.MULTILINE))


async def test_everybody_sees_every_setting(team):
    here = team.channel.mention
    assert await shown(team) == {
        "language": "한국어",
        "timezone": "Asia/Seoul",
        "moderator_role": "없음",
        "reminder_channel": here,
        "retro_channel": here,
        "journal_channel": "없음",
        "mod_channel": here,
        "log_channel": "없음",
        "session_time": "16:00",
        "session_minutes": "60",
        "announce_time": "18:00",
        "confirm_by": "22:00",
        "moderator_per": "하루",
        "due_time": "09:00",
        "retro_time": "21:00",
        "nudge_time": "23:00",
        "digest": "23:30",
        "streaks": "켬",
        "cutoff": "04:00",
        "reminders": "3일, 1일, 3시간, 30분",
        "quiet_hours": "없음",
        "carry_days": "학습일 5일",
    }
    assert set(await shown(team)) == set(READERS)


async def test_a_setting_is_changed_and_said_back(team):
    assert await change(team, "retro_time", "밤 10시") == "저장했어요.\n- `retro_time` **22:00** · 회고를 물어보는 시각"
    assert (await shown(team))["retro_time"] == "22:00"


async def test_what_is_switched_off_is_shown_so(team):
    for key in ("session_time", "confirm_by", "due_time", "reminders"):
        assert f"`{key}` **없음**" in await change(team, key, "off")
    assert (await shown(team))["session_time"] == "없음"


async def test_the_moderator_may_change_by_the_week(team):
    answered = await change(team, "moderator_per", "매주")
    assert "`moderator_per` **한 주** · 한 사람이 모더레이터를 맡는 기간 (하루, 한 주)" in answered
    assert (await shown(team))["moderator_per"] == "한 주"
    assert "**하루**" in await change(team, "moderator_per", "하루")


async def test_a_channel_is_tried_before_it_is_saved(team):
    retro = team.guild.create_text_channel("retro")
    assert f"**{retro.mention}**" in await change(team, "retro_channel", retro.mention)
    assert retro.history()[0].content.startswith("이 채널에 글을 올릴 수 있어요.")
    assert (await shown(team))["retro_channel"] == retro.mention
    assert f"**{team.channel.mention}**" in await change(team, "retro_channel", "off")


async def test_the_moderator_role_gives_the_right_to_moderate(team):
    role = team.guild.create_role("모더레이터")
    newcomer = team.guild.add_member(team.env.create_user("newcomer", global_name="하늘"), roles=[role])
    assert "모더레이터만" in await change(team, "retro_time", "22:00", newcomer)
    assert f"**{role.mention}**" in await change(team, "moderator_role", role.mention)
    assert "**22:00**" in await change(team, "retro_time", "22:00", newcomer)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("timezone", "한국", "‘한국’ 시간대는 몰라요. Asia/Seoul, Europe/Berlin 같은 이름을 적어 주세요."),
        ("retro_time", "늦게", "‘늦게’에서 시각을 읽지 못했어요. 21:00처럼 적어 주세요."),
        ("confirm_by", "자기 전", "‘자기 전’에서 시각을 읽지 못했어요. 21:00처럼 적어 주세요."),
        ("moderator_per", "month", "‘month’ 동안은 맡을 수 없어요. 하루씩이면 day, 한 주씩이면 week 라고 적어 주세요."),
        ("cutoff", "15:00", "학습일은 15:00에 끝날 수 없어요. 00:00부터 12:00 사이로 적어 주세요. 예: 04:00"),
        ("language", "fr", "‘fr’ 언어는 할 줄 몰라요. ko(한국어)나 en(영어)을 골라 주세요."),
        ("mod_channel", "알림", "‘알림’ 채널을 찾지 못했어요. #알림처럼 채널을 멘션하거나 off 라고 적어 주세요."),
        (
            "mod_channel",
            "<#123456789012345678>",
            "<#123456789012345678> 자리에는 이 서버의 텍스트 채널만 쓸 수 있어요.",
        ),
        ("moderator_role", "<@&123456789012345678>", "이 서버에 <@&123456789012345678> 역할이 없어요."),
    ],
)
async def test_a_value_that_does_not_fit_is_answered_with_one_that_does(team, database_file, key, value, says):
    before = await dump(database_file)
    assert says in await change(team, key, value)
    assert await dump(database_file) == before


async def test_members_look_but_do_not_touch(team, database_file):
    before = await dump(database_file)
    retro = team.guild.create_text_channel("retro")
    assert await change(team, "retro_channel", retro.mention, team["가온"]) == (
        "이건 모더레이터만 할 수 있어요. 모더레이터에게 부탁해 주세요."
    )
    assert await dump(database_file) == before
    assert retro.history() == []


async def test_posts_follow_a_changed_language_and_time(team):
    await change(team, "language", "en")
    await change(team, "retro_time", "12:00")
    await team.until(seoul("2026-01-05 12:01"))
    assert [post.content for post in team.posts() if "How was it?" in post.content]
