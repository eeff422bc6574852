"""`/away` and `/back`, as people use them."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from tests.services.people import dump
from tests.study_team import StudyTeam, sure

EVENING = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
"""18:30 in Seoul: Tuesday's duties were announced at 18:00."""


async def say(team: StudyTeam, actor, command: str, **options) -> str:
    result = await actor.slash(team.channel, command, **options)
    assert result.response.ephemeral
    return await sure(actor, result)


def moderator_of_tuesday(database_file) -> str:
    query = (
        "SELECT name FROM turn JOIN member ON member.id = member_id WHERE date = '2026-01-06' AND state = 'proposed'"
    )
    with closing(sqlite3.connect(database_file)) as connection:
        ((name,),) = connection.execute(query)
    return name


async def test_being_away_says_until_when_and_how_to_come_back(team):
    assert (await say(team, team["가온"], "away")).splitlines() == [
        "1/5 월부터 자리를 비우는 걸로 해 둘게요. 그동안 당번과 알림에서 빠져요.",
        "먼저 돌아오면 /back 을 써 주세요.",
    ]
    assert (await say(team, team["나래"], "away", until="1/7")).startswith("1/5 월~1/7 수 자리를")
    assert (await say(team, team["다솜"], "away", weekdays="mon,wed")).startswith("1/5 월부터 매주 월·수 자리를")
    assert (await say(team, team["라온"], "away", **{"from": "1/8"})).startswith("1/8 목 자리를")


async def test_the_roster_shows_who_is_away_but_not_why(team):
    answer = await say(team, team["나래"], "away", **{"from": "1/8", "until": "1/9", "reason": "*병원*"})
    assert "이유는 본인에게만 보여요: \\*병원\\*" in answer
    shown = await say(team, team["가온"], "roster list")
    assert shown.splitlines()[2] == f"2. 나래 ({team['나래'].mention}) · 부재 1/8 목~1/9 금"


async def test_the_turns_go_to_others_and_the_answer_names_them(team, database_file):
    await team.until(EVENING)
    gone = moderator_of_tuesday(database_file)
    lines = (await say(team, team[gone], "away", **{"from": "내일"})).splitlines()
    taker = moderator_of_tuesday(database_file)
    assert taker != gone
    assert lines[1:3] == ["그사이에 맡았던 차례는 이렇게 돼요.", f"- 1/6 화 모더레이터: {taker}님이 대신해요"]
    (told,) = [post.content for post in team.posts() if post.content.startswith("바뀌었어요")]
    assert team[taker].mention in told
    assert team[gone].mention not in told


async def test_whoever_leaves_hands_over_too(team, database_file):
    await team.until(EVENING)
    gone = moderator_of_tuesday(database_file)
    lines = (await say(team, team.admin, "roster remove", member=team[gone])).splitlines()
    taker = moderator_of_tuesday(database_file)
    assert lines == [
        f"{gone}님을 명단에서 내렸어요. 쓴 글은 그대로 남아요.",
        "맡았던 차례는 이렇게 돼요.",
        f"- 1/6 화 모더레이터: {taker}님이 대신해요",
    ]


async def test_coming_back_says_what_ended(team):
    await say(team, team["가온"], "away", until="1/7")
    await say(team, team["가온"], "away", **{"from": "1/20"})
    assert (await say(team, team["가온"], "back")).splitlines() == [
        "가온님, 잘 돌아오셨어요. 1/5 월부터 다시 당번과 알림에 들어가요.",
        "- 끝낸 부재: 1/5 월~1/7 수",
        "- 끝낸 부재: 1/20 화",
        "다른 사람에게 넘어간 차례는 그대로예요.",
    ]
    assert await say(team, team["가온"], "back") == "끝낼 부재가 없어요. 자리를 비우려면 /away 를 써 주세요."


async def test_a_moderator_speaks_for_others(team):
    answer = await say(team, team.admin, "away", member=team["마루"], reason="가족 행사")
    assert answer.startswith("마루님이 1/5 월부터 자리를 비우는 걸로 해 둘게요.")
    assert "가족 행사" not in answer
    assert (await say(team, team.admin, "back", member=team["마루"])).startswith("1/5 월부터 마루님이 다시")


async def test_members_do_not_speak_for_each_other(team, database_file):
    before = await dump(database_file)
    for command in ("away", "back"):
        assert (await say(team, team["가온"], command, member=team["나래"])).startswith("이건 모더레이터만")
    assert await dump(database_file) == before


async def test_a_day_that_is_past_is_refused(team, database_file):
    before = await dump(database_file)
    assert await say(team, team["가온"], "away", **{"from": "어제"}) == (
        "1/4 일 날짜는 이미 지났어요. 오늘이나 앞으로의 날짜를 적어 주세요."
    )
    assert await dump(database_file) == before


async def test_whoever_is_away_is_not_reminded_of_a_deadline(team):
    await team.admin.slash(team.channel, "assignment add", title="과제", due="2026-01-06 18:00")
    await say(team, team["가온"], "away", until="1/5")
    await say(team, team["나래"], "away", weekdays="화")
    await team.until(EVENING)
    (said,) = [post.content for post in team.posts() if "과제" in post.content and team["나래"].mention in post.content]
    assert team["가온"].mention not in said
