"""`/setup`, as a server admin sees it."""

import discord
import pytest

from bot.db.tables import TeamRow
from bot.demo.simulation import EVERYONE
from tests.database import reading
from tests.services.people import dump


@pytest.fixture
def guild(env):
    return env.create_guild("스터디")


@pytest.fixture
def admin(env, guild):
    role = guild.create_role("운영", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("admin", global_name="운영자"), roles=[role])


def forbidding(guild, *names: str):
    """What keeps the bot from something in a channel."""
    return {guild.me: discord.PermissionOverwrite(**dict.fromkeys(names, False))}


async def teams(env) -> int:
    async with reading(env.bot.database) as session:
        return len((await session.execute(TeamRow.__table__.select())).all())


async def test_a_question_is_asked_in_a_team_just_set_up(team):
    result = await team["가온"].slash(team.channel, "ask", question="RNN은 왜 tanh를 쓰나요?")
    assert "#1" in result.response.content


async def test_a_team_is_there_after_one_command(guild, admin):
    channel = guild.create_text_channel("study")
    result = await admin.slash(channel, "setup", language="ko")
    text = result.response.content
    assert text.splitlines() == [
        "팀이 준비됐어요.",
        "",
        f"- 스터디 채널: {channel.mention}",
        "- Day1: 1/5 월 (Asia/Seoul)",
        "- 피어세션 16:00",
        "- 다음 당번 알림 18:00, 회고 21:00",
        "",
        "이제 /roster add 로 팀원을 명단에 올려 주세요. 각자 /roster join 으로 들어와도 돼요.",
    ]
    assert channel.history()[0].content.startswith("이 채널에 글을 올릴 수 있어요.")


async def test_the_greeting_speaks_the_teams_language(guild, admin):
    study, retro = guild.create_text_channel("study"), guild.create_text_channel("retro")
    result = await admin.slash(study, "setup", language="en")
    assert study.history()[0].content.startswith("I can post here.")
    assert result.response.content.startswith("팀이 준비됐어요.")
    await admin.slash(study, "setup", retro_channel=retro)
    assert retro.history()[0].content.startswith("I can post here.")


async def test_a_second_setup_greets_only_in_the_channels_it_names(guild, admin):
    study = guild.create_text_channel("study")
    await admin.slash(study, "setup", language="ko")
    result = await admin.slash(study, "setup", retro_time="22:30", session_time="off")
    assert result.response.content.splitlines()[0] == "설정을 저장했어요."
    assert "회고 22:30" in result.response.content
    assert "피어세션" not in result.response.content
    assert "/roster add" not in result.response.content
    assert result.response.content.endswith(f"{study.mention} 채널에서 /settings show 를 써 주세요.")
    assert len([post for post in study.history() if post.content.startswith("이 채널에 글을")]) == 1


async def test_a_channel_the_bot_cannot_write_to_is_refused_and_nothing_is_saved(env, guild, admin):
    study = guild.create_text_channel("study")
    closed = guild.create_text_channel("closed", overwrites=forbidding(guild, "send_messages"))
    result = await admin.slash(study, "setup", reminder_channel=study, retro_channel=closed)
    assert result.response.content == (
        f"{closed.mention} 채널에 글을 쓸 수 없어요. "
        f"채널 설정 → 권한에서 ‘메시지 보내기’ 권한을 켤 수 있는 분: {guild.owner.mention}(서버 소유자)"
    )
    assert (study.history(), closed.history(), await teams(env)) == ([], [], 0)


async def test_a_team_keeps_its_settings_when_a_new_channel_cannot_be_written_to(team, database_file):
    closed = team.guild.create_text_channel("closed", overwrites=forbidding(team.guild, "view_channel"))
    before = await dump(database_file)
    for command, options in (
        ("setup", {"retro_channel": closed, "retro_time": "22:00"}),
        ("settings set", {"key": "retro_channel", "value": closed.mention}),
    ):
        result = await team.admin.slash(team.channel, command, **options)
        assert f"{closed.mention} 채널에 글을 쓸 수 없어요." in result.response.content
    assert await dump(database_file) == before


async def test_what_is_still_missing_in_a_channel_is_said(env, guild, admin):
    study = guild.create_text_channel("study", overwrites=forbidding(guild, "create_public_threads", "attach_files"))
    result = await admin.slash(study, "setup", language="ko")
    assert result.response.content.splitlines()[-1] == (
        f"⚠️ {study.mention} 채널에서 아직 없는 권한: 공개 스레드 만들기, 파일 첨부. "
        f"채널 설정 → 권한에서 켤 수 있는 분: {guild.owner.mention}(서버 소유자)"
    )
    assert await teams(env) == 1


async def test_who_can_grant_what_is_missing_is_named(env, guild, admin):
    """Whoever allows a permission in a channel needs Manage Permissions there and the permission itself."""
    boss = guild.create_role("서버장", permissions=discord.Permissions(administrator=True))
    grants = dict.fromkeys(("manage_roles", "manage_guild", "view_channel", "send_messages", "attach_files"), True)
    keeper = guild.create_role("관리", permissions=discord.Permissions(**grants))
    guild.create_role("권한만", permissions=discord.Permissions(manage_roles=True))
    helper = guild.add_member(env.create_user("helper"))
    helps = discord.PermissionOverwrite(manage_roles=True)
    study = guild.create_text_channel("study", overwrites={**forbidding(guild, "attach_files"), helper: helps})
    env.backend.edit_role(guild.id, guild.id, {"permissions": EVERYONE.value})
    result = await admin.slash(study, "setup", language="ko")
    owner = f"{guild.owner.mention}(서버 소유자)"
    assert result.response.content.splitlines()[-1].split("분: ")[1] == (
        f"{owner}, {helper.mention}, {boss.mention}, {keeper.mention}"
    )
    keeping = guild.add_member(env.create_user("keeper"), roles=[keeper])
    result = await keeping.slash(study, "setup", retro_channel=study)
    assert result.response.content.splitlines()[-1].split("분: ")[1].startswith(f"본인, {owner}")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param({"timezone": "Asia/Soul"}, "‘Asia/Soul’ 시간대는 몰라요. Asia/Seoul,", id="time zone"),
        pytest.param({"start": "다음에"}, "‘다음에’에서 날짜를 읽지 못했어요.", id="start"),
        pytest.param({"start": "2020-01-01"}, "너무 멀어요.", id="a start long ago"),
        pytest.param({"country": "Nowhere"}, "‘Nowhere’의 공휴일은 몰라요.", id="country"),
        pytest.param({"session_time": "오후쯤"}, "‘오후쯤’에서 시각을 읽지 못했어요.", id="time"),
    ],
)
async def test_bad_input_is_answered_with_what_would_fit_and_nothing_is_saved(env, guild, admin, options, says):
    study = guild.create_text_channel("study")
    result = await admin.slash(study, "setup", **options)
    assert says in result.response.content
    assert result.response.ephemeral
    assert (study.history(), await teams(env)) == ([], 0)


async def test_without_manage_server_it_is_refused_even_where_discord_was_told_to_allow_it(env, team, database_file):
    command = next(item for item in await env.bot.tree.fetch_commands() if item.name == "setup")
    team.guild.set_command_permissions(command, {team["가온"]: True})
    before = await dump(database_file)
    result = await team["가온"].slash(team.channel, "setup", retro_time="22:00")
    assert result.response.content == "팀을 만들려면 ‘서버 관리하기’ 권한이 있어야 해요. 서버 관리자에게 부탁해 주세요."
    assert await dump(database_file) == before


async def test_everyone_cannot_be_the_moderators_role(team, database_file):
    before = await dump(database_file)
    result = await team.admin.slash(team.channel, "setup", moderator_role=team.guild.default_role)
    assert result.response.content.startswith("@everyone 역할을 고르면")
    assert await dump(database_file) == before
