"""`/help`, which is told by the command tree."""

import pytest
from discord import app_commands

from bot.services.teams import Standing
from cogs.admin._texts import KINDS
from cogs.help import ASKERS, AUTHORS, GUESTS, MANAGERS, MODERATORS, PRESENTERS, TODAYS_MODERATOR, Reader
from tests.study_team import StudyTeam


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
    text = await help_for(team, team["가온"])
    assert text.startswith("이런 걸 할 수 있어요.")
    assert lines_of(text)["/roster"] == "`/roster` 팀 명단 (join, leave, list)"
    assert lines_of(text)["/today"] == "`/today` 오늘을 한눈에: 강의, 당번, 마감, 답을 기다리는 질문"
    assert "/setup" not in lines_of(text)
    assert len(text) < 2000


async def test_a_moderator_sees_more(team):
    text = await help_for(team, team.admin)
    assert text.startswith("모더레이터로서")
    assert lines_of(text)["/roster"] == "`/roster` 팀 명단 (add, join, leave, remove, rename, list)"
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


async def test_every_command_of_the_tree_is_in_the_help(team):
    """Whatever somebody adds to the tree is there without a word here."""
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


async def test_topics_are_offered_by_name_with_what_they_are(team):
    choices = await team["가온"].autocomplete(team.channel, "help", "topic", "ros")
    assert choices == [{"name": "/roster · 팀 명단", "value": "roster"}]


async def test_an_unknown_topic_is_answered_with_what_to_do(team):
    assert await help_for(team, team["가온"], topic="커피") == (
        "‘커피’ 명령은 없어요. topic 없이 /help 를 쓰면 모두 볼 수 있어요."
    )


async def test_a_guest_is_shown_exactly_what_the_services_let_a_guest_do(team, guest):
    """Tried with every command that needs no option; a form that opens counts as let in."""
    needs_nothing = {
        command.qualified_name
        for command in team.env.bot.tree.walk_commands()
        if isinstance(command, app_commands.Command) and not any(option.required for option in command.parameters)
    }
    tried = needs_nothing - MANAGERS - {"help", "roster join"}
    let_in = set()
    for name in sorted(tried):
        result = await guest.slash(team.channel, name)
        text = result.response.content if result.response else ""
        if not any(refusal in text for refusal in ("명단에 없", "모더레이터만")):
            let_in.add(name)
    assert let_in == GUESTS & tried


async def test_the_lists_of_rights_name_commands_that_exist(team):
    named = GUESTS | MANAGERS | MODERATORS | TODAYS_MODERATOR | ASKERS | PRESENTERS | AUTHORS
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
        (Standing.MODERATOR, False, "calendar off", True),
        (Standing.MODERATOR, False, "setup", False),
    ],
)
def test_who_is_shown_what(standing, manages, name, shown):
    assert Reader(standing, manages=manages).may_use(name) is shown


async def test_every_kind_of_message_has_a_name_where_moderators_read_what_was_not_delivered(env):
    """A new kind gets its name in `KINDS`, and the test of the catalogues sees to the Korean one."""
    assert env.bot.dispatcher.kinds - set(KINDS) == set()
