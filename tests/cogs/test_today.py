"""`/today`, as people see it."""

from tests.services.people import seoul
from tests.study_team import StudyTeam


async def today(team: StudyTeam, actor=None) -> list[str]:
    result = await (actor or team["가온"]).slash(team.channel, "today")
    assert result.response.ephemeral
    return result.response.content.splitlines()


async def first_deadline(team: StudyTeam, actor=None) -> str:
    return next(line for line in await today(team, actor) if line.startswith("- A1"))


async def add_lecture(team: StudyTeam, number: str, **options) -> None:
    await team["가온"].slash(
        team.channel, "lecture add", title=f"제목 {number}", number=number, course="NLP", **options
    )


async def test_a_day_with_nothing_in_it_says_what_to_begin_with(team):
    assert await today(team) == [
        "**Day1** · 1/5 월",
        "피어세션: 16:00",
        "모더레이터: 가온님",
        "",
        "오늘 일지에 아직 없는 것",
        "- 오늘 공부하는 강의 → /lecture add",
        "- 회의록 → /session note",
        "- 내 회고 → /retro write",
    ]


async def test_lectures_and_duties_of_the_day(team):
    await add_lecture(team, "3강", presenter=team["다솜"])
    await add_lecture(team, "4강", presenter=team["라온"])
    await team.until(seoul("2026-01-06 09:00"))
    await add_lecture(team, "5강")
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["새벽"])
    lines = await today(team)
    assert lines[:5] == [
        "**Day2 NLP 5강** · 1/6 화",
        "공부: NLP 5강. 제목 5강",
        "피어세션: 16:00",
        "발표: NLP 3강 다솜님 · NLP 4강 라온님",
        "모더레이터: 새벽님",
    ]
    assert "- NLP 5강 정리 → /lecture note" in lines


async def test_what_is_there_is_no_longer_lacking(team):
    await add_lecture(team, "5강")
    choices = await team["가온"].autocomplete(team.channel, "rotation assign", "lecture", "5강")
    lecture = choices[0]["value"]
    shown = await team["가온"].slash(team.channel, "lecture note", lecture=lecture)
    field = shown.modal["components"][0]["component"]["custom_id"]
    await team["가온"].submit_modal(shown, {field: "어텐션은 가중합이다."})
    await team["가온"].slash(team.channel, "session note", text="내일은 4시에 시작해요.")
    lines = await today(team)
    assert lines[-2:] == ["오늘 일지에 아직 없는 것", "- 내 회고 → /retro write"]


async def test_deadlines_of_today_and_tomorrow_with_ones_own_state(team):
    for title, due in (("필수과제 1", "1/5 23:59"), ("필수과제 2", "1/6 18:00"), ("먼 과제", "1/9 18:00")):
        await team.admin.slash(team.channel, "assignment add", title=title, due=due)
    lines = await today(team)
    start = lines.index("마감")
    shown = lines[start + 1 : start + 3]
    assert [line.split(" (")[0] for line in shown] == [
        "- A1 필수과제 1, 1/5 월 23:59",
        "- A2 필수과제 2, 1/6 화 18:00",
    ]
    assert all("<t:" in line for line in shown)
    assert not any("먼 과제" in line for line in lines)


async def test_what_one_has_handed_in_is_marked_and_what_one_missed_too(team):
    await team.admin.slash(team.channel, "assignment add", title="필수과제 1", due="1/5 18:00")
    await team["가온"].slash(team.channel, "assignment submit", assignment="1", link="https://example.org/1")
    assert (await first_deadline(team)).endswith(" · 제출했어요")
    await team.until(seoul("2026-01-05 19:00"))
    assert (await first_deadline(team, team["나래"])).endswith(" · 마감이 지났고 아직 제출하지 않았어요")


async def test_a_retrospective_that_is_written_is_no_longer_lacking(team):
    form = await team["가온"].slash(team.channel, "retro write")
    text, *_more, visibility = (label["component"]["custom_id"] for label in form.modal["components"])
    await team["가온"].submit_modal(form, {text: "어텐션을 배웠다.", visibility: ["anonymous"]})
    assert not any("내 회고" in line for line in await today(team))
    assert any("내 회고" in line for line in await today(team, team["나래"]))


async def test_open_questions_are_counted(team):
    await team["가온"].slash(team.channel, "ask", question="어텐션은 왜 나누나요?")
    await team["나래"].slash(team.channel, "ask", question="누가 정했나요?", anonymous=True)
    assert "답을 기다리는 질문: 2개" in await today(team)


async def test_before_the_cutoff_it_is_still_yesterday(team):
    await team.until(seoul("2026-01-06 01:30"))
    assert (await today(team))[0] == "**Day1** · 1/5 월"
    await team.until(seoul("2026-01-06 04:30"))
    assert (await today(team))[0] == "**Day2** · 1/6 화"


async def test_a_day_off_shows_the_next_study_day_and_nothing_lacking(team):
    await team.until(seoul("2026-01-10 12:00"))
    lines = await today(team)
    assert lines[:2] == ["오늘은 쉬는 날이에요. 다음 학습일을 보여 드릴게요.", "**Day6** · 1/12 월"]
    assert "오늘 일지에 아직 없는 것" not in lines
    await team.admin.slash(team.channel, "calendar off", date="1/12", label="워크숍")
    await team.until(seoul("2026-01-12 12:00"))
    assert (await today(team))[0] == "오늘은 쉬는 날이에요 (워크숍). 다음 학습일을 보여 드릴게요."


async def test_before_day_one_it_says_when_that_is(team):
    await team.admin.slash(team.channel, "calendar start", date="1/12")
    assert (await today(team))[:2] == ["아직 시작 전이에요. 첫 학습일을 미리 보여 드릴게요.", "**Day1** · 1/12 월"]


async def test_somebody_off_the_roster_is_not_told_to_write(team):
    assert not any("내 회고" in line for line in await today(team, team.admin))


async def test_without_a_team_one_is_told_how_to_make_one(env):
    guild = env.create_guild("빈 서버")
    somebody = guild.add_member(env.create_user("somebody"))
    result = await somebody.slash(guild.create_text_channel("chat"), "today")
    assert result.response.content == "아직 팀이 없어요. 서버 관리자가 /setup 으로 만들 수 있어요."
