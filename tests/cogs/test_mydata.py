"""`/mydata`, as people see it."""

import json

from bot.i18n import ENGLISH, KOREAN
from bot.services.mydata import Holding
from bot.ui.answers import MESSAGE_LIMIT
from cogs.mydata import HEADINGS, warning
from tests.study_team import StudyTeam, shown

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
    assert "### 질문 (1)" in found["mydata.md"]
    assert ASKED in found["mydata.md"]
    (held,) = json.loads(found["mydata.json"])["teams"]
    assert [row["text"] for row in held["tables"]["question"]] == [ASKED]
    assert ASKED not in "".join((await files(team, "다솜")).values())


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
    return Holding(team, "나래", {name: [{}] * count for name, count in tables.items()})


def test_what_will_be_erased_is_counted_by_kind_what_one_wrote_first():
    one = held("*스터디*", member=1, question=3, reflection=24, retrospective=12, submission=5)
    (line,) = [line for line in warning([one], 0, KOREAN) if line.startswith("- ")]
    assert line == "- \\*스터디\\*: 회고 12개, 제출한 과제 5개, 질문 3개, 그 밖의 기록 25개"
    both = [line for line in warning([one, held("둘", member=1)], 0, KOREAN) if line.startswith("- ")]
    assert both == [line, "- 둘: 그 밖의 기록 1개"]


def test_however_many_teams_there_are_it_is_one_message_with_all_that_is_counted():
    everything = held("", **dict.fromkeys(HEADINGS, 10_000)).tables
    for number in (*range(1, 9), 20, 26, 27, 28, 79):
        teams = [Holding("*" * 30 + f"{each:02}", "나래", everything) for each in range(number)]
        for lang in (KOREAN, ENGLISH):
            text = "\n".join(warning(teams, 99, lang))
            assert len(text) <= MESSAGE_LIMIT
    assert f"- 팀 79곳: 회고 {79 * 10_000}개, " in "\n".join(warning(teams, 99, KOREAN))
