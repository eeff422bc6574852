"""`/rotation add` and `/rotation remove`, and picking a duty, as people see them."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.study_team import StudyTeam, sure


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2026 on a clock in Seoul."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


async def rotation(team: StudyTeam, command: str, who=None, **options: object) -> str:
    result = await (who or team.admin).slash(team.channel, f"rotation {command}", **options)
    assert result.response.ephemeral
    return await sure(who or team.admin, result)


async def add(team: StudyTeam, name: str = "기록", per: str = "day", **options: object) -> str:
    return await rotation(team, "add", name=name, per=per, **options)


async def offered(team: StudyTeam, typed: str = "", command: str = "remove") -> dict[str, str]:
    choices = await team.admin.autocomplete(team.channel, f"rotation {command}", "duty", typed)
    return {choice["name"]: choice["value"] for choice in choices}


async def test_a_duty_that_was_added_can_be_picked_by_its_name(team):
    assert list(await offered(team)) == ["모더레이터", "발표자"]
    assert await add(team) == (
        "**기록** 당번을 만들었어요. 1/5 월 (Day1)부터 학습일마다 1명이 맡아요.\n처음은 나래님이에요."
    )
    assert await offered(team) == {"모더레이터": "moderator", "발표자": "presenter", "기록": "duty:1"}
    assert list(await offered(team, "기")) == ["기록"]


@pytest.mark.parametrize("typed", ["duty:1", "기록", " 기록 "])
async def test_a_duty_can_be_typed_as_well_as_picked(team, typed):
    await add(team)
    assert "당번을 없앴어요" in await rotation(team, "remove", duty=typed)


async def test_a_duty_that_there_is_not_is_refused(team):
    assert "서기" in (refusal := await rotation(team, "remove", duty="서기"))
    assert "목록에서" in refusal


async def test_a_weekly_duty_says_on_which_day_its_weeks_begin(team):
    said = await add(team, "정리", "week", weekday=2, people=2)
    assert said.startswith("**정리** 당번을 만들었어요. 1/5 월 (Day1)부터 수요일부터 한 주씩 2명이 맡아요.")
    assert re.search("처음은 ..님, ..님이에요", said)


async def test_those_who_were_announced_for_a_duty_are_told_that_it_is_no_more(team):
    await add(team)
    await team.until(seoul(5, 18, 1))
    said = await rotation(team, "remove", duty="기록")
    assert "이제 안 해도 되는 차례: 1/5 월 나래님, 1/6 화 가온님" in said
    assert "팀에 알릴게요" in said
    await team.until(seoul(5, 18, 3))
    post = team.posts()[-1]
    assert post.content == (
        "**기록** 당번이 없어졌어요. 이제 안 하셔도 되는 차례: 1/5 월 나래님, 1/6 화 가온님\n"
        f"<@{team['나래'].id}> <@{team['가온'].id}>"
    )
    assert {user.id for user in post.mentions} == {team["나래"].id, team["가온"].id}


async def test_a_duty_that_nobody_was_announced_for_goes_without_a_word(team):
    await add(team)
    posts = len(team.posts())
    assert "팀에 알릴게요" not in await rotation(team, "remove", duty="기록")
    await team.until(seoul(5, 9, 30))
    assert len(team.posts()) == posts


async def test_a_duty_of_the_teams_own_can_be_assigned_by_its_name(team):
    await add(team)
    said = await rotation(team, "assign", duty="기록", member=team["새벽"], date="1/6")
    assert "1/6 화 (Day2) 기록 당번은 이제 새벽님이에요." in said
    await rotation(team, "remove", duty="기록")
    assert "목록에서" in await rotation(team, "assign", duty="duty:1", member=team["새벽"], date="1/6")
