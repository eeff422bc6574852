"""`/roster`, as people see it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.services.people import dump
from tests.study_team import MONDAY, NAMES, StudyTeam, button, found_team, shown, sure

SEOUL = ZoneInfo("Asia/Seoul")


async def roster(team: StudyTeam, actor=None) -> list[str]:
    result = await (actor or team.admin).slash(team.channel, "roster list")
    return result.response.content.splitlines()


async def say(team: StudyTeam, actor, command: str, **options) -> str:
    result = await actor.slash(team.channel, f"roster {command}", **options)
    assert result.response.ephemeral
    return await sure(actor, result)


def newcomer(team: StudyTeam, name: str = "하늘"):
    return team.guild.add_member(team.env.create_user("newcomer", global_name=name))


async def test_the_roster_is_shown_in_its_order(team):
    lines = await roster(team)
    assert lines[0] == "**명단** (7명)"
    assert [line.split(" (")[0] for line in lines[1:]] == [f"{n}. {name}" for n, name in enumerate(NAMES, 1)]


async def test_the_roster_says_who_is_on_duty(team):
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["다솜"])
    assert f"3. 다솜 ({team['다솜'].mention}) · 1/5 월 모더레이터" in await roster(team)


async def test_an_empty_roster_says_how_to_fill_it(env):
    team = await found_team(env, names=())
    assert await roster(team) == ["아직 명단에 아무도 없어요. /roster join 으로 누구나 들어올 수 있어요."]


async def test_somebody_joins_under_the_name_shown_here(team):
    assert (await say(team, newcomer(team), "join")).startswith("하늘님, 반가워요. 이제 명단에 있어요.")
    assert (await roster(team))[-1].startswith("8. 하늘 (")


async def test_somebody_joins_under_another_name_said_with_honorific(team):
    assert (await say(team, newcomer(team), "join", name="구름님")).startswith("구름님, 반가워요.")


async def test_a_name_that_is_taken_is_refused(team, database_file):
    before = await dump(database_file)
    answer = await say(team, newcomer(team), "join", name="가온")
    assert answer == "가온이라는 이름은 이미 팀에 있어요. 다른 이름을 적어 주세요."
    assert await dump(database_file) == before


async def test_leaving_and_coming_back(team):
    answer = await say(team, team["나래"], "leave")
    assert answer == "나래님을 명단에서 내렸어요. 쓴 글은 그대로 남고, /roster join 으로 언제든 돌아올 수 있어요."
    assert not any("나래" in line for line in await roster(team))
    refused = await team["나래"].slash(team.channel, "ask", question="아직 물어봐도 되나요?")
    assert refused.response.content == "아직 명단에 없어요. /roster join 으로 들어와 주세요."
    await say(team, team["나래"], "join")
    assert (await roster(team))[2].startswith("2. 나래 (")


async def test_a_moderator_removes_and_renames(team):
    assert await say(team, team.admin, "rename", member=team["마루"], name="마룻바닥님") == (
        "이제 일지에 마룻바닥님으로 실려요."
    )
    assert await say(team, team.admin, "remove", member=team["마루"]) == (
        "마룻바닥님을 명단에서 내렸어요. 쓴 글은 그대로 남아요."
    )
    assert (await roster(team))[0] == "**명단** (6명)"


async def test_somebody_who_has_left_the_server_can_be_removed(team):
    user = team.env.create_user("newcomer")
    await say(team, team.admin, "add", member=team.guild.add_member(user), name="하늘")
    team.guild.remove_member(user)
    assert "하늘님을 명단에서 내렸어요." in await say(team, team.admin, "remove", member=user)


async def test_members_do_not_moderate_the_roster(team, database_file):
    before = await dump(database_file)
    for command, options in (
        ("add", {"member": newcomer(team), "name": "하늘"}),
        ("remove", {"member": team["나래"]}),
        ("rename", {"member": team["나래"], "name": "하늘"}),
    ):
        assert (await say(team, team["가온"], command, **options)).startswith("이건 모더레이터만 할 수 있어요.")
    assert await dump(database_file) == before


async def test_whoever_is_not_on_the_roster_cannot_be_changed(team, database_file):
    before = await dump(database_file)
    stranger = newcomer(team)
    for command, options in (("remove", {"member": stranger}), ("rename", {"member": stranger, "name": "구름"})):
        assert await say(team, team.admin, command, **options) == (
            "명단에 없는 사람이에요. 모더레이터가 /roster add 로 올릴 수 있어요."
        )
    assert (await say(team, stranger, "leave")).startswith("명단에 없어서 나갈 팀이 없어요.")
    assert await dump(database_file) == before


async def test_a_bot_is_no_member(team, database_file):
    robot = team.guild.add_member(team.env.create_user("robot", bot=True))
    before = await dump(database_file)
    assert await say(team, team.admin, "add", member=robot, name="로봇") == (
        "봇은 명단에 올릴 수 없어요. 사람을 골라 주세요."
    )
    assert await dump(database_file) == before


async def test_who_has_left_the_server_is_told_once_and_left_in_peace_until_they_are_back(team):
    assert "다솜" in await coming_turns(team)
    team.guild.remove_member(team["다솜"])
    await team.until(MONDAY + timedelta(days=3))
    (told,) = [post for post in team.posts() if "떠났어요" in post.content]
    assert told.content.startswith("다솜님이 서버를 떠났어요.")
    assert told.created_at.astimezone(SEOUL).strftime("%d %H:%M") == "06 09:00"
    assert "다솜" not in await coming_turns(team)
    team.guild.add_member(team["다솜"].user)
    await team.until(MONDAY + timedelta(days=4))
    assert "다솜" in await coming_turns(team)


async def coming_turns(team: StudyTeam) -> str:
    result = await team.admin.slash(team.channel, "rotation show", count=10)
    return shown(result.response.message)


async def test_whoever_left_the_server_is_taken_off_the_roster_with_a_button(team):
    team.guild.remove_member(team["다솜"])
    await team.until(MONDAY + timedelta(days=1))
    (told,) = [post for post in team.posts() if "떠났어요" in post.content]
    refused = await team["나래"].click(told, custom_id=button(told, "roster:remove:"))
    assert "모더레이터" in refused.response.content
    removed = await team.admin.click(told, custom_id=button(told, "roster:remove:"))
    assert removed.response.content.startswith("다솜님을 명단에서 내릴까요?")
    assert (await sure(team.admin, removed)).startswith("다솜님을 명단에서 내렸어요.")
    assert (await roster(team))[0] == "**명단** (6명)"
