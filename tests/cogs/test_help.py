"""`/help`, which is told by the command tree."""

import pytest
from discord import app_commands

from bot.services.help import Now, Occasion
from bot.services.teams import Standing
from cogs.admin._texts import KINDS
from cogs.help import ASKERS, AUTHORS, GUESTS, HINTS, MANAGERS, MODERATORS, OWN, PRESENTERS, TODAYS_MODERATOR, Reader
from tests.services.people import seoul
from tests.study_team import StudyTeam, button


async def help_for(team: StudyTeam, actor, **options) -> str:
    result = await actor.slash(team.channel, "help", **options)
    assert result.response.ephemeral
    return result.response.content


def lines_of(text: str) -> dict[str, str]:
    """The line of each command or group, by its name."""
    return {line.split("`")[1]: line for line in text.splitlines() if line.startswith("`/")}


def command_names(team: StudyTeam) -> set[str]:
    return {command.qualified_name for command in team.env.bot.tree.walk_commands() if not hasattr(command, "commands")}


@pytest.fixture
def guest(team):
    return team.guild.add_member(team.env.create_user("guest", global_name="손님"))


async def test_a_member_sees_what_members_can_do(team):
    text = await help_for(team, team["새벽"])
    assert text.startswith("이런 걸 할 수 있어요.")
    assert lines_of(text)["/roster"] == "`/roster` 팀 명단 (join, leave, list)"
    assert lines_of(text)["/today"] == "`/today` 오늘을 한눈에: 강의, 당번, 마감, 답을 기다리는 질문"
    assert "/setup" not in lines_of(text)
    assert lines_of(text)["/session"].endswith("(attendance, done, note, undo)")
    assert len(text) < 2000


async def test_a_moderator_sees_more(team):
    text = await help_for(team, team.admin)
    assert text.startswith("모더레이터로서")
    assert lines_of(text)["/roster"] == "`/roster` 팀 명단 (add, join, list, remove, rename)"
    assert "/setup" in lines_of(text)


async def test_a_guest_is_shown_the_way_in(team, guest):
    text = await help_for(team, guest)
    assert text.startswith("아직 명단에 없어요. /roster join 으로 들어와 주세요.")
    assert lines_of(text)["/roster"] == "`/roster` 팀 명단 (join, list)"
    assert "/ask" not in lines_of(text)


async def test_without_a_team_one_is_told_how_to_make_one(env):
    guild = env.create_guild("빈 서버")
    somebody = guild.add_member(env.create_user("somebody"))
    result = await somebody.slash(guild.create_text_channel("chat"), "help")
    assert result.response.content.startswith("아직 팀이 없어요. 서버 관리자가 /setup 으로 만들 수 있어요.")
    assert set(lines_of(result.response.content)) == {"/help"}


async def hints_for(team: StudyTeam, actor) -> list[str]:
    """What makes sense now, without the list of everything below it."""
    text = await help_for(team, actor)
    first, _blank, rest = text.partition("\n\n")
    assert "이런 걸 할 수 있어요." in rest or not first.startswith("**지금")
    return first.splitlines()[1:] if first.startswith("**지금") else []


async def test_help_begins_with_what_makes_sense_now(team):
    """A day of 가온, who leads its session, and of 나래, who comes to it."""
    leader, member, guest = team["가온"], team["나래"], team.guild.add_member(team.env.create_user("guest"))
    own = "- 1/6 화 모더레이터 차례예요. 어려우면 → `/rotation swap`, `/rotation skip`"
    assert await hints_for(team, member) == [own]
    text = await help_for(team, leader)
    assert text.splitlines()[:4] == [
        "**지금 하면 좋은 일**",
        "- 오늘은 피어세션을 이끌 차례예요 → `/session start`",
        "",
        "오늘의 모더레이터로서 이런 걸 할 수 있어요.",
    ]
    assert lines_of(text)["/session"].endswith("(attendance, done, end, note, off, roundtable, start, undo)")

    await leader.slash(team.channel, "assignment add", title="_과제_", due="2026-01-05 23:00")
    await leader.slash(team.channel, "session start")
    live = [
        "- 지금 피어세션 중이에요. 질문은 → `/ask`, 회의록은 → `/session note`",
        "- 출석을 아직 남기지 않았어요 → `/session attendance`",
    ]
    due = "- A1 \\_과제\\_, 아직 안 냈어요. 마감은 1/5 월 23:00(<t:1767621600:R>)이에요 → `/assignment submit`"
    assert await hints_for(team, leader) == ["- 피어세션을 이끌고 있어요. 마치면 → `/session end`", *live, due]
    assert await hints_for(team, member) == [*live, due, own]
    assert await hints_for(team, guest) == []

    await member.slash(team.channel, "session attendance", state="present")
    await member.slash(team.channel, "assignment submit", assignment="A1", link="https://example.org")
    await member.slash(team.channel, "session note", text="내일은 4시에 시작해요.")
    await leader.slash(team.channel, "session end")
    evening = "- 오늘 회고를 아직 안 썼어요 → `/retro write`"
    assert await hints_for(team, member) == [evening, own]
    assert await hints_for(team, leader) == [due, evening]

    await team.until(seoul("2026-01-06 09:00"))
    assert (await hints_for(team, leader)) == ["- Day1(1/5 월) 일지가 나왔어요 → `/journal show day:1`"]


async def test_help_tells_whom_somebody_waits_for(team):
    await team["다솜"].slash(team.channel, "rotation swap", **{"with": team["나래"]})
    post = team.posts()[-1]
    assert (await hints_for(team, team["나래"]))[0] == (
        f"- 다솜님이 1/7 수 모더레이터 차례를 바꾸자고 했어요 → [여기서 답하기]({post.jump_url})"
    )
    await team["나래"].click(post, custom_id=button(post, "rotation:agree"))
    assert [line for line in await hints_for(team, team["나래"]) if "바꾸자고" in line] == []


async def test_help_tells_moderators_of_trouble_and_nobody_else(team):
    path = f"/channels/{team.channel.id}/messages"
    team.env.inject_error("POST", path, status=403, code=50013, message="Missing Permissions", times=1)
    await team.until(seoul("2026-01-05 21:02"))
    trouble = "제대로 전하지 못한 메시지가 1개 있어요 → `/admin failed`"
    assert f"- {trouble}" in await hints_for(team, team.admin)
    assert trouble not in await help_for(team, team["나래"])


def test_every_occasion_has_words_and_a_command():
    assert set(HINTS) == set(Occasion)
    assert all("`/" in text or "{url}" in text for text in HINTS.values())


async def test_every_command_of_the_tree_is_in_the_help(team):
    """Whatever somebody adds to the tree is there without a word here, for a moderator on the roster."""
    await team.admin.slash(team.channel, "roster join")
    text = await help_for(team, team.admin)
    roots = {
        command.name
        for command in team.env.bot.tree.get_commands()
        if not isinstance(command, app_commands.ContextMenu)
    }
    assert {name.removeprefix("/") for name in lines_of(text)} == roots


async def test_a_topic_tells_options_and_who_may(team):
    lines = (await help_for(team, team["가온"], topic="calendar")).splitlines()
    assert lines[0] == "**/calendar** 학습일과 쉬는 날"
    assert "- `/calendar off <date> [label]` 쉬는 날로 정해요 · 모더레이터" in lines
    assert "  - `date` 날짜, 예: 2026-12-03, 12/3, 내일" in lines
    assert "- `/calendar show [month] [text]` 한 달의 학습일과 번호, 쉬는 날, 당번을 보여 줘요" in lines


async def test_a_topic_may_be_a_single_command(team, guest):
    assert (await help_for(team, team["가온"], topic="/today")).startswith("**/today** 오늘을 한눈에")
    assert (await help_for(team, guest, topic="ask")).endswith(
        "지금은 쓸 수 없는 명령이에요. /help 로 할 수 있는 것을 볼 수 있어요."
    )


async def test_every_topic_can_be_told(team):
    choices = await team["가온"].autocomplete(team.channel, "help", "topic", "")
    assert {"roster", "today", "help"} <= {choice["value"] for choice in choices}
    for choice in choices:
        result = await team["가온"].slash(team.channel, "help", topic=choice["value"])
        assert result.response.content.startswith(f"**/{choice['value']}**")
        assert result.response.message.attachments == []


async def test_topics_are_offered_by_name_with_what_they_are(team):
    choices = await team["가온"].autocomplete(team.channel, "help", "topic", "ros")
    assert choices == [{"name": "/roster · 팀 명단", "value": "roster"}]


async def test_an_unknown_topic_is_answered_with_what_to_do(team):
    assert await help_for(team, team["가온"], topic="커피") == (
        "‘커피’ 명령은 없어요. topic 없이 /help 를 쓰면 모두 볼 수 있어요."
    )


async def test_the_lists_of_rights_name_commands_that_exist(team):
    named = GUESTS | OWN | MANAGERS | MODERATORS | TODAYS_MODERATOR | ASKERS | PRESENTERS | AUTHORS
    assert named <= command_names(team)


@pytest.mark.parametrize(
    ("standing", "manages", "name", "shown"),
    [
        (Standing.NO_TEAM, True, "setup", True),
        (Standing.NO_TEAM, False, "setup", False),
        (Standing.NO_TEAM, False, "today", False),
        (Standing.GUEST, False, "roster join", True),
        (Standing.GUEST, False, "roster leave", False),
        (Standing.MEMBER, False, "question further", True),
        (Standing.MEMBER, False, "calendar off", False),
        (Standing.MEMBER, False, "session start", False),
        (Standing.TODAYS_MODERATOR, False, "session start", True),
        (Standing.TODAYS_MODERATOR, False, "calendar off", False),
        (Standing.MODERATOR, False, "calendar off", True),
        (Standing.MODERATOR, False, "setup", False),
    ],
)
def test_who_is_shown_what(standing, manages, name, shown):
    assert Reader(Now(standing, on_roster=True), manages=manages).may_use(name) is shown


async def test_every_kind_of_message_has_a_name_where_moderators_read_what_was_not_delivered(env):
    """A new kind gets its name in `KINDS`, and the test of the catalogues sees to the Korean one."""
    assert env.bot.dispatcher.kinds - set(KINDS) == set()
