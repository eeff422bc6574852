"""`/calendar`, as people see it."""

import io

import discord
import pytest
from PIL import Image

from bot.demo.simulation import speaking
from tests.services.people import dump, seoul
from tests.study_team import StudyTeam, sure


async def calendar(team: StudyTeam, command: str, actor=None, channel=None, **options) -> list[str]:
    result = await (actor or team.admin).slash(channel or team.channel, f"calendar {command}", **options)
    assert result.response.ephemeral
    return result.response.content.splitlines()


async def month(team: StudyTeam, actor=None, **options) -> list[str]:
    """The month in words."""
    return await calendar(team, "show", actor, text=True, **options)


async def board(team: StudyTeam, actor=None, **options) -> tuple[str, str, Image.Image]:
    """The text above the picture, its description, and the picture that it shows."""
    result = await (actor or team.admin).slash(team.channel, "calendar show", **options)
    assert result.response.ephemeral
    assert not result.followups
    (container,) = result.response.message.components
    head, gallery = container.children
    (item,), (file,) = gallery.items, result.response.attachments
    assert item.media.url == file.url
    return head.content, item.description, Image.open(io.BytesIO(await file.read()))


async def test_a_month_is_a_picture_with_a_description(team):
    head, description, picture = await board(team, team["가온"])
    assert head.splitlines() == [
        "### 2026년 1월",
        "오늘은 1/5 월, Day1이에요.",
        "-# 글로 보려면 /calendar show text:True",
    ]
    assert (picture.format, picture.width) == ("PNG", 1600)
    assert description.splitlines()[:3] == [
        "2026년 1월: 학습일 20일 · Day1~20",
        "1/5 월 Day1: 오늘, 예정: 모더레이터 가온님",
        "1/6 화 Day2: 예정: 모더레이터 나래님",
    ]


async def test_the_picture_follows_the_calendar(team):
    *_before, empty = await board(team)
    await calendar(team, "off", date="1/7", label="워크숍")
    *_after, picture = await board(team)
    assert picture.tobytes() != empty.tobytes()


async def test_another_month_has_no_today(team):
    head, description, _picture = await board(team, month="2월")
    assert head.splitlines()[:2] == ["### 2026년 2월", "-# 글로 보려면 /calendar show text:True"]
    assert "쉬는 날: 2/16 월 설날 전날, 2/17 화 설날" in description
    assert len(description) <= 1024


async def test_a_reader_of_english_gets_an_english_board(team):
    with speaking("en-GB"):
        head, description, _picture = await board(team, team["가온"])
    assert head.startswith("### January 2026\nToday is Mon 5 Jan, Day 1.")
    assert "Tue 6 Jan Day 2: planned: 나래 moderates" in description


async def test_where_the_bot_may_not_attach_files_the_month_comes_in_words(team):
    forbidden = {team.guild.me: discord.PermissionOverwrite(attach_files=False)}
    channel = team.guild.create_text_channel("no-files", overwrites=forbidden)
    assert await calendar(team, "show", channel=channel) == await month(team)


async def test_a_month_in_words(team):
    await calendar(team, "off", date="1/7", label="워크숍")
    await calendar(team, "on", date="1/10", label="보강")
    lines = await month(team, team["가온"])
    assert lines[:8] == [
        "**2026년 1월**",
        "`1/5 월` Day1 · 예정: 모더레이터 가온님 · **오늘**",
        "`1/6 화` Day2 · 예정: 모더레이터 나래님",
        "`1/7 수` 쉬는 날 · 워크숍",
        "`1/8 목` Day3 · 예정: 모더레이터 다솜님",
        "`1/9 금` Day4 · 예정: 모더레이터 라온님",
        "`1/10 토` Day5 · 보강 · 예정: 모더레이터 마루님",
        "",
    ]
    assert lines[8] == "`1/12 월` Day6 · 예정: 모더레이터 바다님"
    assert len("\n".join(lines)) < 2000


async def test_a_month_names_its_holidays(team):
    lines = await month(team, month="2월")
    assert lines[0] == "**2026년 2월**"
    assert "`2/17 화` 쉬는 날 · 설날" in lines
    assert not any("2/14" in line for line in lines)


async def test_a_month_shows_who_is_on_duty(team):
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["다솜"], date="1/6")
    assert "`1/6 화` Day2 · 모더레이터 다솜님" in await month(team)


async def test_a_month_shows_who_presents_and_who_is_planned_to(team):
    await team["가온"].slash(team.channel, "lecture add", title="Attention", number="5강", course="NLP", date="1/6")
    await team["가온"].slash(
        team.channel, "lecture add", title="멘토링", course="NLP", date="1/6", present_on="1/7", kind="event"
    )
    wednesday = next(line for line in await month(team) if "1/7" in line)
    assert wednesday == "`1/7 수` Day3 · 멘토링 · 예정: 모더레이터 다솜님, 5강 가온"


async def test_names_in_the_month_are_not_read_as_markdown(team):
    await team.admin.slash(team.channel, "roster rename", member=team["가온"], name="*가_온*")
    assert "`1/5 월` Day1 · 예정: 모더레이터 \\*가\\_온\\*님 · **오늘**" in await month(team)


async def test_a_month_before_the_start_is_empty(team):
    assert await month(team, month="2025-12") == ["**2025년 12월**", "이 달에는 학습일이 없어요."]


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
    assert "`2/17 화` Day13 · 예정: 모더레이터 바다님" in await month(team, month="2월")


async def test_a_lecture_that_moves_is_named(team):
    await team["가온"].slash(team.channel, "lecture add", title="Attention", number="5강", course="NLP", date="1/6")
    asked = await team.admin.slash(team.channel, "calendar off", date="1/6")
    assert asked.response.content.splitlines() == [
        "1/6 화, 쉬는 날로 할까요?",
        "- NLP 5강을 옮기게 돼요: 공부 1/7 수 · 발표 1/8 목",
    ]
    lines = (await sure(team.admin, asked)).splitlines()
    assert lines[:2] == ["1/6 화를 쉬는 날로 정했어요.", "- NLP 5강을 옮겼어요: 공부 1/7 수 · 발표 1/8 목"]
    back = await team.admin.click(asked.response, label="되돌리기")
    assert back.response.content == "1/6 화 일정을 되돌렸어요. 옮겼던 강의도 제자리로 돌아왔어요: NLP 5강"


async def test_on_a_day_off_nobody_is_asked_for_a_retrospective(team):
    await calendar(team, "off", date="오늘")
    await team.until(seoul("2026-01-05 22:00"))
    assert not [post for post in team.posts() if "Day1" in post.content and "어땠나요" in post.content]
    await team.until(seoul("2026-01-06 22:00"))
    assert [post for post in team.posts() if "Day1" in post.content and "어땠나요" in post.content]


@pytest.mark.parametrize(
    ("command", "options", "says"),
    [
        ("off", {"date": "1/1/1"}, "‘1/1/1’에서 날짜를 읽지 못했어요. 2026-12-03, 12/3, 내일처럼 적어 주세요."),
        ("off", {"date": "2026-01-02"}, "1/2 금 날짜는 이미 끝나서 바꿀 수 없어요. 1/5 월부터의 날짜를 적어 주세요."),
        ("off", {"date": "1/10"}, "1/10 토 날짜는 원래 쉬는 날이에요. 공부하려면 /calendar on 을 써 주세요."),
        ("on", {"date": "1/6"}, "1/6 화 날짜는 이미 학습일이에요. 쉬려면 /calendar off 를 써 주세요."),
        ("start", {"date": "1999-01-01"}, "2년 전부터 1년 뒤 사이의 날짜를 적어 주세요."),
        ("weekdays", {"days": "노는 날"}, "‘노는 날’에서 요일을 읽지 못했어요. 월-금이나 월수금처럼 적어 주세요."),
        ("holidays", {"country": "한국"}, "‘한국’의 공휴일은 몰라요. KR 같은 나라 코드나 off 를 적어 주세요."),
        ("show", {"month": "겨울"}, "‘겨울’에서 달을 읽지 못했어요. 2026-12나 12월처럼 적어 주세요."),
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
