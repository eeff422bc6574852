"""`/mydata`, as people see it."""

import json

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
    assert "탈퇴한 멤버" in shown(board)
