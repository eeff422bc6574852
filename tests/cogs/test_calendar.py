"""`/calendar`, as people see it."""

import pytest

from tests.services.people import dump, seoul
from tests.study_team import StudyTeam


async def calendar(team: StudyTeam, command: str, actor=None, **options) -> list[str]:
    result = await (actor or team.admin).slash(team.channel, f"calendar {command}", **options)
    assert result.response.ephemeral
    return result.response.content.splitlines()


async def test_a_month_at_a_glance(team):
    await calendar(team, "off", date="1/7", label="워크숍")
    await calendar(team, "on", date="1/10", label="보강")
    lines = await calendar(team, "show", team["가온"])
    assert lines[:8] == [
        "**2026년 1월**",
        "`1/5 월` Day1 · **오늘**",
        "`1/6 화` Day2",
        "`1/7 수` 쉬는 날 · 워크숍",
        "`1/8 목` Day3",
        "`1/9 금` Day4",
        "`1/10 토` Day5 · 보강",
        "",
    ]
    assert lines[8] == "`1/12 월` Day6"
    assert len("\n".join(lines)) < 2000


async def test_a_month_names_its_holidays(team):
    lines = await calendar(team, "show", month="2월")
    assert lines[0] == "**2026년 2월**"
    assert "`2/17 화` 쉬는 날 · 설날" in lines
    assert not any("2/14" in line for line in lines)


async def test_a_month_shows_who_is_on_duty(team):
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["다솜"], date="1/6")
    assert "`1/6 화` Day2 · 모더레이터 다솜님" in await calendar(team, "show")


async def test_a_month_before_the_start_is_empty(team):
    assert await calendar(team, "show", month="2025-12") == ["**2025년 12월**", "이 달에는 학습일이 없어요."]


async def test_days_off_and_extra_days_are_said_back_with_where_the_team_stands(team):
    assert await calendar(team, "off", date="1/5") == [
        "1/5 월을 쉬는 날로 정했어요.",
        "다가오는 학습일은 1/6 화, Day1이에요.",
    ]
    assert await calendar(team, "on", date="오늘") == ["1/5 월을 학습일로 정했어요.", "오늘은 1/5 월, Day1이에요."]


async def test_the_start_makes_today_a_later_day(team):
    assert await calendar(team, "start", date="2025-11-24") == [
        "Day1 날짜를 정했어요. 이미 끝난 날의 번호는 그대로예요.",
        "오늘은 1/5 월, Day29예요.",
    ]


async def test_weekdays_and_holidays_are_set(team):
    assert (await calendar(team, "weekdays", days="화목"))[1] == "다가오는 학습일은 1/6 화, Day1이에요."
    assert (await calendar(team, "holidays", country="off"))[0] == "공휴일을 정했어요."
    assert "`2/17 화` Day13" in await calendar(team, "show", month="2월")


async def test_a_lecture_that_moves_is_named(team):
    await team["가온"].slash(team.channel, "lecture add", title="Attention", number="5강", course="NLP", date="1/6")
    lines = await calendar(team, "off", date="1/6")
    assert lines[1] == "- NLP 5강을 옮겼어요: 공부 1/7 수 · 발표 1/8 목"


async def test_on_a_day_off_nobody_is_asked_for_a_retrospective(team):
    await calendar(team, "off", date="오늘")
    await team.until(seoul("2026-01-05 22:00"))
    assert not [post for post in team.posts() if "Day1" in post.content and "어땠나요" in post.content]
    await team.until(seoul("2026-01-06 22:00"))
    assert [post for post in team.posts() if "Day1" in post.content and "어땠나요" in post.content]


@pytest.mark.parametrize(
    ("command", "options", "says"),
    [
        ("off", {"date": "1/1/1"}, "‘1/1/1’ 날짜를 읽지 못했어요. 2026-12-03, 12/3, 내일처럼 적어 주세요."),
        ("off", {"date": "2026-01-02"}, "1/2 금 날짜는 이미 끝나서 바꿀 수 없어요. 1/5 월부터의 날짜를 적어 주세요."),
        ("off", {"date": "1/10"}, "1/10 토 날짜는 원래 쉬는 날이에요. 공부하려면 /calendar on 을 써 주세요."),
        ("on", {"date": "1/6"}, "1/6 화 날짜는 이미 학습일이에요. 쉬려면 /calendar off 를 써 주세요."),
        ("start", {"date": "1999-01-01"}, "2년 전부터 1년 뒤 사이의 날짜를 적어 주세요."),
        ("weekdays", {"days": "노는 날"}, "‘노는 날’ 요일을 읽지 못했어요. 월-금이나 월수금처럼 적어 주세요."),
        ("holidays", {"country": "한국"}, "‘한국’의 공휴일은 몰라요. KR 같은 나라 코드나 off 를 적어 주세요."),
        ("show", {"month": "겨울"}, "‘겨울’ 달을 읽지 못했어요. 2026-12나 12월처럼 적어 주세요."),
    ],
)
async def test_bad_input_is_answered_with_what_to_do(team, database_file, command, options, says):
    before = await dump(database_file)
    assert says in "\n".join(await calendar(team, command, **options))
    assert await dump(database_file) == before


async def test_members_look_but_do_not_touch(team, database_file):
    before = await dump(database_file)
    for command, options in (
        ("off", {"date": "1/6"}),
        ("on", {"date": "1/10"}),
        ("start", {"date": "1/12"}),
        ("weekdays", {"days": "월"}),
        ("holidays", {"country": "US"}),
    ):
        assert (await calendar(team, command, team["가온"], **options))[0].startswith("이건 모더레이터만")
    assert await dump(database_file) == before
