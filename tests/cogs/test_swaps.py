"""Skipping, swapping and stepping in, as people type and press."""

from datetime import UTC, date, datetime, timedelta

import discord
import pytest
from sqlalchemy import select

from bot.db.tables import TurnRow
from bot.ui.forms import PersistentButton
from cogs.rotation._swaps import open_cannot, open_swap
from tests.database import reading
from tests.study_team import StudyTeam, button, found_team

MON, TUE, WED, THU, FRI = (date(2026, 1, 5 + step) for step in range(5))


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2026 on a clock in Seoul."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


class OpenSwap(PersistentButton, template=r"test:swap:(?P<turn>\d+)"):
    async def pressed(self, interaction):
        await open_swap(interaction, self.number("turn"))


class OpenCannot(PersistentButton, template=r"test:cannot:(?P<turn>\d+)"):
    async def pressed(self, interaction):
        await open_cannot(interaction, self.number("turn"))


async def turns(team: StudyTeam) -> list[TurnRow]:
    async with reading(team.env.bot.database) as session:
        return list(await session.scalars(select(TurnRow).order_by(TurnRow.id)))


async def moderators(team: StudyTeam, *names: str) -> None:
    """Let these people moderate from Monday on, one each day."""
    for step, name in enumerate(names):
        day = MON + timedelta(days=step)
        await team.admin.slash(
            team.channel, "rotation assign", duty="moderator", member=team[name], date=day.isoformat()
        )


async def shown(team: StudyTeam) -> dict[int, str]:
    """Who moderates, by the day of January."""
    rows = [row for row in await turns(team) if row.duty == "moderator" and row.state in {"proposed", "assigned"}]
    return {row.date.day: list(team.members)[row.member_id - 1] for row in rows}


def pinged(team: StudyTeam, message: discord.Message) -> set[int]:
    return set(team.env.backend.get_message(message.channel.id, message.id).ping_user_ids)


def asked(team: StudyTeam) -> discord.Message:
    """The last post with a button to agree."""
    with_buttons = [post for post in team.posts() if "rotation:agree" in str(custom_ids(post))]
    return with_buttons[-1]


def custom_ids(message: discord.Message) -> list[str]:
    return [child.custom_id for row in message.components for child in row.children]


def clickable(message: discord.Message) -> list[str]:
    return [child.custom_id for row in message.components for child in row.children if not child.disabled]


async def say(team: StudyTeam, name: str, command: str, **options: object) -> str:
    result = await team[name].slash(team.channel, f"rotation {command}", **options)
    assert result.response.ephemeral
    return result.response.content


# ── swapping ──────────────────────────────────────────────────────────────────


async def test_a_swap_pings_only_whom_it_asks_and_is_done_when_they_press(team):
    await moderators(team, "다솜", "가온", "라온", "나래")
    answer = await say(team, "가온", "swap", **{"with": team["나래"]})
    assert answer == (
        "나래님께 1/6 화 모더레이터를 1/8 목 모더레이터와 바꿔 달라고 물어볼게요.\n"
        "답이 올 때까지는 그대로예요. 거두려면 /rotation undo 를 써 주세요."
    )
    post = asked(team)
    assert post.content.splitlines() == [
        "나래님, 1/6 화 모더레이터를 1/8 목 모더레이터와 바꿔 주실 수 있나요? (가온님)",
        "바꾸면 1/6 화 모더레이터는 나래님, 1/8 목 모더레이터는 가온님이 맡아요.",
        f"<@{team['나래'].id}>",
    ]
    assert pinged(team, post) == {team["나래"].id}
    assert [child.label for row in post.components for child in row.children] == ["바꿀게요", "어려워요"]
    await team["나래"].click(post, custom_id=button(post, "rotation:agree"))
    (settled,) = [each for each in team.posts() if each.id == post.id]
    assert settled.content == "🔄 바꿨어요. 1/6 화 모더레이터는 나래님, 1/8 목 모더레이터는 가온님이 맡아요."
    assert clickable(settled) == []
    assert await shown(team) == {5: "다솜", 6: "나래", 7: "라온", 8: "가온"}
    told = team.posts()[-1]
    assert told.id != post.id
    assert all(words in told.content for words in ("1/6 화 모더레이터", "1/8 목 모더레이터"))


async def test_somebody_else_who_presses_is_told_whose_answer_it_is(team):
    await moderators(team, "다솜", "가온", "라온", "나래")
    await say(team, "가온", "swap", **{"with": team["나래"]})
    for other in ("가온", "라온"):
        for choice in ("agree", "decline"):
            pressed = await team[other].click(asked(team), custom_id=button(asked(team), f"rotation:{choice}"))
            assert pressed.response.content == "나래님께 부탁한 거라서 나래님만 답할 수 있어요."
            assert pressed.response.ephemeral
    assert await shown(team) == {5: "다솜", 6: "가온", 7: "라온", 8: "나래"}
    assert len(clickable(asked(team))) == 2


async def test_a_no_is_told_to_whoever_asked_and_to_nobody_else(team):
    await moderators(team, "다솜", "가온", "라온", "나래")
    await say(team, "가온", "swap", **{"with": team["나래"]})
    post = asked(team)
    await team["나래"].click(post, custom_id=button(post, "rotation:decline"))
    (settled,) = [each for each in team.posts() if each.id == post.id]
    assert settled.content == "나래님은 이번에 바꾸기 어렵대요. 1/6 화 모더레이터는 그대로 가온님이에요."
    assert clickable(settled) == []
    told = team.posts()[-1]
    assert told.content.startswith("가온님, 나래님은 1/6 화 모더레이터를 바꾸기 어렵대요.")
    assert pinged(team, told) == {team["가온"].id}
    assert await shown(team) == {5: "다솜", 6: "가온", 7: "라온", 8: "나래"}


async def test_a_button_works_after_a_restart_and_says_when_it_is_too_late(team):
    await moderators(team, "다솜", "가온", "라온", "나래")
    await say(team, "가온", "swap", **{"with": team["나래"]})
    post = asked(team)
    await team.restart()
    await team.until(seoul(7, 9))
    pressed = await team["나래"].click(post, custom_id=button(post, "rotation:agree"))
    text = "그날이 이미 시작돼서 가온님의 부탁은 끝났어요 (1/6 화 모더레이터)."
    assert pressed.followups[-1].content == text
    (settled,) = [each for each in team.posts() if each.id == post.id]
    assert (settled.content, clickable(settled)) == (text, [])


async def test_a_request_that_is_taken_back_cannot_be_pressed_any_more(team):
    await moderators(team, "다솜", "가온", "라온", "나래")
    await say(team, "가온", "swap", **{"with": team["나래"]})
    post = asked(team)
    assert await say(team, "가온", "undo") == "부탁을 거뒀어요 (1/6 화 모더레이터)."
    (settled,) = [each for each in team.posts() if each.id == post.id]
    assert (settled.content, clickable(settled)) == ("가온님이 부탁을 거뒀어요 (1/6 화 모더레이터).", [])
    assert await say(team, "가온", "undo") == (
        "마지막 변경은 이미 되돌렸어요. 무엇이 바뀌었는지는 /rotation history 에서 볼 수 있어요."
    )


async def test_a_request_ends_with_whoever_was_asked_and_stays_so_when_they_are_back(team):
    await moderators(team, "다솜", "가온", "라온", "나래")
    await say(team, "가온", "swap", **{"with": team["나래"]})
    post = asked(team)
    removed = await team.admin.slash(team.channel, "roster remove", member=team["나래"])
    assert now_says(team, post) == (post.content, 2), "it was only asked whether to remove"
    gone = await team.admin.click(removed.response, label="명단에서 내리기")
    assert now_says(team, post) == (
        "나래님이 나가서 이 부탁은 끝났어요. 1/6 화 모더레이터는 그대로 가온님이에요.",
        0,
    )
    (told,) = [each for each in team.posts() if each.content.startswith("가온님, 나래님이 나가서")]
    assert told.content == (
        "가온님, 나래님이 나가서 1/6 화 모더레이터를 바꿀 수 없게 됐어요. "
        f"/rotation swap 이나 /rotation substitute 로 다른 분께 물어볼 수 있어요.\n<@{team['가온'].id}>"
    )
    assert pinged(team, told) == {team["가온"].id}
    back = await team.admin.click(gone.response, label="되돌리기")
    assert back.response.content == (
        "나래님을 전처럼 명단에 다시 올렸어요. 그사이 바뀌지 않은 차례도 다시 나래님 차례예요. "
        "끝난 차례 부탁은 다시 열리지 않으니, 필요하면 한 번 더 부탁해 주세요."
    )
    assert (now_says(team, post))[1] == 0


def now_says(team: StudyTeam, post: discord.Message) -> tuple[str, int]:
    """What a post says now, and how many buttons it has."""
    (now,) = [each for each in team.posts() if each.id == post.id]
    return now.content, len(custom_ids(now))


async def test_a_request_ends_with_whoever_asked_also_when_that_is_found_at_night(team):
    await moderators(team, "다솜", "가온", "라온", "나래")
    await say(team, "가온", "substitute", date="1/6", duty="moderator")
    await say(team, "나래", "swap", **{"with": team["라온"]})
    first, second = [post for post in team.posts() if "rotation:agree" in str(custom_ids(post))]
    left = await team["가온"].slash(team.channel, "roster leave")
    await team["가온"].click(left.response, label="나가기")
    assert now_says(team, first) == ("가온님이 나가서 이 부탁은 끝났어요 (1/6 화 모더레이터).", 0)
    before = len(team.posts())
    team.guild.remove_member(team["라온"])
    await team.until(seoul(6, 4, 11))
    assert now_says(team, second) == (
        "라온님이 나가서 이 부탁은 끝났어요. 1/8 목 모더레이터는 그대로 나래님이에요.",
        0,
    )
    assert not [post for post in team.posts()[before:] if "나래님, 라온님이" in post.content], "at night"
    await team.until(seoul(6, 18, 1))
    (told,) = [post for post in team.posts()[before:] if "나래님, 라온님이" in post.content]
    assert pinged(team, told) == {team["나래"].id}


async def test_the_bad_ideas_are_refused_in_the_readers_language_and_nothing_changes(team):
    await moderators(team, "다솜", "가온", "라온", "나래")
    await team["마루"].slash(team.channel, "away")
    before = await shown(team)
    swap = {
        team["가온"]: "자기 자신과는 바꿀 수 없어요. 다른 분을 골라 주세요.",
        team["마루"]: "마루님은 앞으로 학습일 60일 안에 1/6 화 모더레이터와 바꿀 차례가 없어요.",
        team.admin: "명단에 없는 사람이에요",
    }
    for whom, words in swap.items():
        assert words in await say(team, "가온", "swap", **{"with": whom})
    assert "1/7 수에는 가온님에게 그런 차례가 없어요" in await say(team, "가온", "skip", date="1/7")
    assert "모더레이터만 할 수 있어요" in await say(team, "가온", "skip", member=team["나래"])
    assert "이미 가온님 차례예요" in await say(team, "가온", "substitute", member=team["가온"])
    assert await shown(team) == before
    assert [post for post in team.posts() if "rotation:agree" in str(custom_ids(post))] == []


async def test_an_english_reader_is_answered_in_english_and_an_english_team_asked_in_it(env):
    team = await found_team(env, language="en")
    await moderators(team, "다솜", "가온", "라온", "나래")
    await team["가온"].slash(team.channel, "rotation swap", **{"with": team["나래"]})
    assert asked(team).content.startswith(
        "나래, could you swap? 가온 asks: moderating on Tue 6 Jan, for your moderating on Thu 8 Jan."
    )


# ── skipping and stepping in ──────────────────────────────────────────────────


async def test_a_skip_of_an_announced_day_says_who_has_it_now_and_tells_the_team_why(team):
    await moderators(team, "다솜", "가온")
    await team.until(seoul(5, 18, 1))
    answer = await say(team, "가온", "skip", reason="병원에 가요")
    now = (await shown(team))[6]
    assert now != "가온"
    assert answer.splitlines() == [
        f"1/6 화 모더레이터를 건너뛰었어요. 이제 {now}님 차례이고, 팀에도 알릴게요.",
        "건너뛴 차례는 세지 않아요. 다음에는 가온님이 먼저예요.",
    ]
    told = team.posts()[-1]
    assert now in told.content
    assert "병원에 가요" in told.content
    assert pinged(team, told) == {team[now].id}
    assert await say(team, "가온", "undo") == (
        "되돌렸어요. 다시 이렇게 돼요.\n- 1/6 화 모더레이터: 가온님\n팀에도 알릴게요."
    )
    assert (await shown(team))[6] == "가온"


async def test_those_who_can_are_pinged_and_the_first_to_press_has_it(team):
    await moderators(team, "다솜", "가온")
    await team["마루"].slash(team.channel, "away")
    answer = await say(team, "가온", "substitute")
    assert answer.startswith("1/6 화 모더레이터를 대신할 수 있는 분들께 물어볼게요. 먼저 답한 분이 맡아요.")
    post = asked(team)
    assert post.content.splitlines()[:2] == [
        "1/6 화 모더레이터를 이번 한 번 대신해 주실 분 계신가요? (가온님)",
        "먼저 누르신 분이 맡아요.",
    ]
    assert pinged(team, post) == {team[name].id for name in ("나래", "다솜", "라온", "바다", "새벽")}
    assert [child.label for row in post.components for child in row.children] == ["제가 할게요"]
    await team["바다"].click(post, custom_id=button(post, "rotation:agree"))
    settled = next(each for each in team.posts() if each.id == post.id)
    assert settled.content == "1/6 화 모더레이터는 가온님 대신 바다님이 맡기로 했어요."
    assert clickable(settled) == []
    assert (await shown(team))[6] == "바다"


async def test_a_moderator_lets_somebody_step_in_at_once(team):
    await moderators(team, "다솜", "가온")
    result = await team["다솜"].slash(team.channel, "rotation substitute", member=team["새벽"], whose=team["가온"])
    assert result.response.content == "이번 1/6 화 모더레이터는 가온님 대신 새벽님이 맡아요. 팀에도 알릴게요."
    assert (await shown(team))[6] == "새벽"
    assert pinged(team, team.posts()[-1]) == {team["새벽"].id, team["가온"].id}


async def test_once_a_planned_turn_is_its_members_again_both_are_told_and_nobody_is_asked(team):
    await moderators(team, "다솜", "가온")
    await team["다솜"].slash(team.channel, "rotation substitute", member=team["새벽"], whose=team["나래"], date="1/7")
    assert button(team.posts()[-1], "rotation:will")
    assert await say(team, "다솜", "undo") == (
        "되돌렸어요. 다시 이렇게 돼요.\n- 1/7 수 모더레이터: 나래님\n팀에도 알릴게요."
    )
    told = team.posts()[-1]
    text = "바뀌었어요: 1/7 수 모더레이터는 나래님이 맡아요 (새벽님 대신, 바꾼 것을 되돌려서)"
    assert told.content.splitlines()[0] == text
    assert (pinged(team, told), clickable(told)) == ({team["나래"].id, team["새벽"].id}, [])


# ── the ways that hand-over buttons open ──────────────────────────────────────


@pytest.fixture
async def opener(team):
    """A message with buttons that open the panels of a turn, as the hand-over has them."""
    await moderators(team, "다솜", "가온", "라온", "나래")
    (turn,) = [row for row in await turns(team) if row.date == TUE]
    team.env.bot.add_dynamic_items(OpenSwap, OpenCannot)
    view = discord.ui.View(timeout=None)
    for choice in ("swap", "cannot"):
        view.add_item(discord.ui.Button(label=choice, custom_id=f"test:{choice}:{turn.id}"))
    channel = team.env.bot.get_channel(team.channel.id)
    return await channel.send("내일", view=view)


def options(panel) -> list[str]:
    """What the lists of an answer offer."""
    lists = [child for row in panel.components for child in row["components"]]
    return [option["label"] for each in lists for option in each.get("options", ())]


async def test_the_swap_panel_lists_partners_with_their_turns_and_asks_the_chosen_one(team, opener):
    panel = (await team["가온"].click(opener, label="swap")).response
    assert panel.ephemeral
    assert panel.content.startswith("1/6 화 모더레이터를 누구와 바꿀까요?")
    assert options(panel)[:2] == ["라온님 · 1/7 수 모더레이터", "나래님 · 1/8 목 모더레이터"]
    chosen = await team["가온"].select(panel, [str(team["나래"].id)])
    assert "나래님께 1/6 화 모더레이터를 1/8 목 모더레이터와 바꿔 달라고" in chosen.response.content
    assert pinged(team, asked(team)) == {team["나래"].id}


async def test_with_nobody_to_swap_with_the_other_ways_are_offered(team, opener):
    for name in ("나래", "다솜", "라온", "마루", "바다", "새벽"):
        await team[name].slash(team.channel, "away")
    panel = (await team["가온"].click(opener, label="swap")).response
    assert panel.content == "1/6 화 모더레이터를 바꿀 수 있는 분이 없어요. 대신 이렇게 할 수 있어요."
    labels = [child["label"] for row in panel.components for child in row["components"]]
    assert labels == ["순서대로 다른 분께", "그날 자리를 비워요"]
    refused = await team["가온"].click(panel, label="순서대로 다른 분께")
    assert refused.response.content.startswith("1/6 화 모더레이터를 맡을 다른 분이 없어서 건너뛸 수 없어요.")


async def test_the_panels_open_for_nobody_else(team, opener):
    for choice in ("swap", "cannot"):
        refused = await team["나래"].click(opener, label=choice)
        assert refused.response.content == "1/6 화 모더레이터는 가온님 차례라서 가온님만 넘길 수 있어요."


async def test_from_the_panel_the_turn_goes_to_whoever_is_next(team, opener):
    panel = (await team["가온"].click(opener, label="cannot")).response
    assert panel.content == "1/6 화 모더레이터를 못 하시나요? 어떻게 할지 골라 주세요."
    await team["가온"].click(panel, label="순서대로 다른 분께")
    assert next(row.state for row in await turns(team) if row.date == TUE) == "skipped"
    again = await team["가온"].click(opener, label="cannot")
    assert again.response.content.startswith("1/6 화 모더레이터는 이제 다른 분 차례예요.")


async def test_from_the_panel_one_or_all_who_can_are_asked(team, opener):
    panel = (await team["가온"].click(opener, label="cannot")).response
    assert options(panel) == [f"{name}님" for name in ("나래", "다솜", "라온", "마루", "바다", "새벽")]
    await team["가온"].select(panel, [str(team["마루"].id)])
    assert pinged(team, asked(team)) == {team["마루"].id}
    panel = (await team["가온"].click(opener, label="cannot")).response
    await team["가온"].click(panel, label="가능한 분 모두에게 물어보기")
    assert len(pinged(team, asked(team))) == 6


async def test_from_the_panel_one_is_away_that_day_and_somebody_else_has_the_turn(team, opener):
    panel = (await team["가온"].click(opener, label="cannot")).response
    done = await team["가온"].click(panel, label="그날 자리를 비워요")
    assert done.response.content.startswith("1/6 화에 자리를 비우는 것으로 해 뒀어요.")
    assert (await shown(team)).get(6) != "가온"
