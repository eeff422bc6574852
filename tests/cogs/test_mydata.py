"""`/mydata`, as people see it."""

import json
import re
from zoneinfo import ZoneInfo

from bot.i18n import ENGLISH, KOREAN
from bot.services.mydata import Holding
from bot.ui.answers import MESSAGE_LIMIT
from cogs.mydata import warning
from cogs.mydata._headings import HEADINGS
from tests.study_team import StudyTeam, shown

SEOUL = ZoneInfo("Asia/Seoul")
ASKED = "은닉 상태는 언제 초기화하나요?"


async def files(team: StudyTeam, who: str) -> dict[str, str]:
    result = await team[who].slash(team.channel, "mydata export")
    assert result.response.ephemeral
    attachments = result.response.message.attachments
    return {file.filename: (await file.read()).decode() for file in attachments}


async def test_everybody_gets_their_own_as_a_page_and_as_data(team):
    await team["나래"].slash(team.channel, "ask", question=ASKED)
    found = await files(team, "나래")
    assert found["mydata.md"].startswith("# 저장된 내 정보\n")
    assert f"### 질문 (1)\n\n- 2026-01-05 (월) 09:00 · #1 · 답을 기다리는 중\n\n  > {ASKED}\n" in found["mydata.md"]
    (held,) = json.loads(found["mydata.json"])["teams"]
    assert [row["text"] for row in held["tables"]["question"]] == [ASKED]
    assert ASKED not in "".join((await files(team, "다솜")).values())


async def test_the_page_is_in_words_on_the_teams_clock_and_what_one_wrote_comes_first(team):
    await team.admin.slash(team.channel, "lecture add", title="RNN", course="NLP", number="3강")
    await team.admin.slash(team.channel, "assignment add", title="언어 모델", due="내일 18:00")
    await team["나래"].slash(team.channel, "ask", question="왜?", lecture="3강")
    link = "https://ex.org/narae"
    await team["나래"].slash(team.channel, "assignment submit", assignment="1", link=link, note="```\nx = 1\n```")
    await team["나래"].slash(team.channel, "away", **{"from": "1/20", "until": "1/21", "reason": "여행"})
    page = (await files(team, "나래"))["mydata.md"]
    sections = re.findall(r"^### (.+) \(\d+\)$", page, re.MULTILINE)
    assert sections[:3] == ["제출한 과제", "질문", "명단"]
    assert sections[-1] == "내가 바꾼 것과 나에 대해 바뀐 것"
    assert f"- 2026-01-05 (월) 09:00 · A1 언어 모델 · {link}\n\n  > ```\n  > x = 1\n  > ```\n" in page
    assert "- 2026-01-05 (월) 09:00 · #1 · 2026-01-06 (화) · NLP 3강 · 답을 기다리는 중\n\n  > 왜?\n" in page
    assert "- 2026-01-20 (화)부터 · 2026-01-21 (수)까지 · 여행\n" in page
    assert "- 2026-01-05 (월) 09:00 · 질문 등록\n" in page
    assert not re.search(r"[{}]|\+00:00|question\.|\bopen\b", page)


async def test_erasing_asks_first_and_tells_what_stays(team):
    await team["나래"].slash(team.channel, "ask", question=ASKED)
    asked = (await team["나래"].slash(team.channel, "mydata erase")).response
    assert asked.ephemeral
    assert asked.content.startswith("**저장된 내 정보를 지울까요?**")
    assert "\n- 스터디: 질문 1개, 그 밖의 기록 " in asked.content
    roster = (await team.admin.slash(team.channel, "roster list")).response.content
    assert "나래" in roster
    done = await team["나래"].click(asked, label="완전히 지우기")
    assert done.response.content.startswith("지웠어요.")
    assert "나래" not in (await team.admin.slash(team.channel, "roster list")).response.content
    again = await team["나래"].slash(team.channel, "mydata erase")
    assert again.response.content.startswith("이 서버에는 저장된 내 정보가 없어요.")


async def test_the_boards_are_drawn_again_without_the_name(team):
    await team["나래"].slash(team.channel, "ask", question=ASKED)
    (board,) = [post for post in team.posts() if ASKED in shown(post)]
    assert "나래" in shown(board)
    asked = (await team["나래"].slash(team.channel, "mydata erase")).response
    await team["나래"].click(asked, label="완전히 지우기")
    (board,) = [post for post in team.posts() if ASKED in shown(post)]
    assert "나래" not in shown(board)
    assert "탈퇴한 팀원" in shown(board)


def held(team: str, **tables: int) -> Holding:
    return Holding(team, "나래", {name: [{}] * count for name, count in tables.items()}, {}, SEOUL)


def test_what_will_be_erased_is_counted_by_kind_what_one_wrote_first():
    one = held("*스터디*", member=1, question=3, reflection=24, retrospective=12, submission=5)
    (line,) = [line for line in warning([one], 0, KOREAN) if line.startswith("- ")]
    assert line == "- \\*스터디\\*: 회고 12개, 제출한 과제 5개, 질문 3개, 그 밖의 기록 25개"
    both = [line for line in warning([one, held("둘", member=1)], 0, KOREAN) if line.startswith("- ")]
    assert both == [line, "- 둘: 그 밖의 기록 1개"]


def test_however_many_teams_there_are_it_is_one_message_with_all_that_is_counted():
    everything = held("", **dict.fromkeys(HEADINGS, 10_000)).tables
    for number in (*range(1, 9), 20, 26, 27, 28, 79):
        teams = [Holding("*" * 30 + f"{each:02}", "나래", everything, {}, SEOUL) for each in range(number)]
        for lang in (KOREAN, ENGLISH):
            text = "\n".join(warning(teams, 99, lang))
            assert len(text) <= MESSAGE_LIMIT
    assert f"- 팀 79곳: 회고 {79 * 10_000}개, " in "\n".join(warning(teams, 99, KOREAN))
