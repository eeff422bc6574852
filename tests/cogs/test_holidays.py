"""Public holidays, as moderators meet them: the notice, its buttons, and the list of a year."""

from datetime import date

import discord
import pytest

from bot.db.tables import TeamRow
from bot.services.days import load_calendar
from tests.database import reading
from tests.services.people import dump, seoul
from tests.study_team import StudyTeam, button


@pytest.fixture
async def mods(team):
    """The moderators' channel, which is not the team's."""
    channel = team.guild.create_text_channel("mods")
    await team.admin.slash(team.channel, "settings set", key="mod_channel", value=channel.mention)
    return channel


def notices(team: StudyTeam, channel) -> list:
    return [post for post in team.posts(channel) if "쉬는 날이에요" in post.content]


def labels(message) -> list[str]:
    return [child.label for row in message.components for child in row.children]


def marked(message) -> list[str]:
    """The buttons that show what the team does."""
    buttons = [child for row in message.components for child in row.children]
    return [child.label for child in buttons if child.style is discord.ButtonStyle.success]


async def press(team: StudyTeam, message, which: str, actor=None) -> list[str]:
    """What is said to whoever presses a button; once something is decided, the notice is drawn again before."""
    result = await (actor or team.admin).click(message, custom_id=button(message, which))
    said = result.followups[-1] if result.followups else result.response
    assert said.ephemeral
    return said.content.splitlines()


async def numbers(team: StudyTeam) -> dict[int, int]:
    """The study days from 16 to 20 February, with their numbers."""
    async with reading(team.env.bot.database) as session:
        calendar = await load_calendar(session, await session.get_one(TeamRow, 1))
    return {day.day: calendar.number(day) for day in calendar.between(date(2026, 2, 16), date(2026, 2, 20))}


async def american_notice(team: StudyTeam, channel):
    """The notice of 19 January, which comes on the first evening if the team rests on American holidays."""
    await team.admin.slash(team.channel, "calendar holidays", country="US")
    await team.until(seoul("2026-01-05 18:01"))
    [notice] = notices(team, channel)
    return notice


async def test_a_break_is_told_of_once_and_a_day_of_it_kept_as_a_study_day(team, mods):
    for day in ("2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"):  # a week at a time: simcord waits 10 s at most
        await team.until(seoul(f"{day} 17:59"))
    assert notices(team, mods) == []
    await team.until(seoul("2026-02-02 18:01"))
    await team.restart()
    [notice] = notices(team, mods)
    assert notice.content.splitlines() == [
        "2/16 월부터 2/18 수까지 쉬는 날이에요 (14일 뒤).",
        "- 2/16 월 설날 전날",
        "- 2/17 화 설날",
        "- 2/18 수 설날 다음날",
        "공휴일이에요. 공부할 날이 있으면 모더레이터가 그날의 버튼을 눌러 주세요.",
    ]
    assert labels(notice) == ["쉬어요", "2/16 월 공부해요", "2/17 화 공부해요", "2/18 수 공부해요"]
    assert await press(team, notice, "calendar:study:1:20260217") == [
        "2/17 화는 이제 학습일, Day31이에요. 그 뒤 학습일의 번호가 하나씩 늘어요.",
        "오늘은 2/2 월, Day21이에요.",
    ]
    assert await numbers(team) == {17: 31, 19: 32, 20: 33}
    [notice] = [post for post in team.posts(mods) if post.id == notice.id]
    assert notice.content.splitlines() == [
        "2/16 월부터 2/18 수까지 공휴일은 이렇게 하기로 했어요.",
        "- 2/16 월 설날 전날 · 쉬어요",
        "- 2/17 화 설날 · **공부해요**",
        "- 2/18 수 설날 다음날 · 쉬어요",
        f"<@{team.admin.id}>님이 정했어요. 바꾸려면 다른 버튼을 눌러 주세요.",
    ]
    assert marked(notice) == ["2/17 화 공부해요"]
    assert (await press(team, notice, "calendar:rest:"))[0] == "2/17 화는 다시 쉬는 날이에요."
    assert await numbers(team) == {19: 31, 20: 32}
    assert await press(team, notice, "calendar:rest:") == ["2/16 월부터 2/18 수까지 공휴일에는 그대로 쉬어요."]
    [notice] = [post for post in team.posts(mods) if post.id == notice.id]
    assert (marked(notice), "**공부해요**" in notice.content) == (["쉬어요"], False)
    await team.until(seoul("2026-02-04 09:00"))
    assert team.posts(mods)[-1].id == notice.id, "told again"
    assert notices(team, team.channel) == []


async def test_one_holiday_has_two_buttons(team, mods):
    notice = await american_notice(team, mods)
    assert notice.content.splitlines() == [
        "1/19 월 Martin Luther King Jr. Day는 쉬는 날이에요 (14일 뒤).",
        "공휴일이에요. 이날 공부하려면 모더레이터가 ‘공부해요’를 눌러 주세요.",
    ]
    assert labels(notice) == ["쉬어요", "공부해요"]
    assert await press(team, notice, "calendar:rest:") == ["1/19 월에는 그대로 쉬어요."]
    notice = team.posts(mods)[-1]
    assert notice.content.splitlines() == [
        "1/19 월 Martin Luther King Jr. Day · 쉬어요",
        f"<@{team.admin.id}>님이 정했어요. 바꾸려면 다른 버튼을 눌러 주세요.",
    ]
    assert (labels(notice), marked(notice)) == (["쉬어요", "공부해요"], ["쉬어요"])


async def test_a_restart_while_the_notice_falls_due_loses_nothing(team, mods):
    await team.admin.slash(team.channel, "calendar holidays", country="US")
    await team.until(seoul("2026-01-05 17:00"))
    await team.restart()
    await team.until(seoul("2026-01-05 19:00"))
    await team.restart()
    assert len(notices(team, mods)) == 1


async def test_a_lecture_of_a_day_taken_off_after_all_moves(team, mods):
    notice = await american_notice(team, mods)
    await press(team, notice, "calendar:study:")
    await team["가온"].slash(team.channel, "lecture add", title="Attention", number="5강", course="NLP", date="1/19")
    assert (await press(team, notice, "calendar:study:"))[0].startswith("1/19 월 날짜는 이미 학습일이에요.")
    assert await press(team, notice, "calendar:rest:") == [
        "1/19 월은 다시 쉬는 날이에요.",
        "- NLP 5강을 옮겼어요: 공부 1/20 화 · 발표 1/21 수",
        "오늘은 1/5 월, Day1이에요.",
    ]


async def test_only_moderators_decide(team, mods, database_file):
    notice = await american_notice(team, mods)
    before = await dump(database_file)
    for which in ("calendar:rest:", "calendar:study:"):
        assert (await press(team, notice, which, team["가온"]))[0].startswith("이건 모더레이터만")
    assert await dump(database_file) == before


async def test_a_holiday_studied_on_before_is_not_told_of(team, mods):
    await team.admin.slash(team.channel, "calendar holidays", country="US")
    await team.admin.slash(team.channel, "calendar on", date="1/19")
    await team.until(seoul("2026-01-05 19:00"))
    assert notices(team, mods) == []


async def test_a_country_chosen_late_is_told_of_at_once(team, mods):
    await team.until(seoul("2026-01-07 10:00"))
    await team.admin.slash(team.channel, "calendar holidays", country="US")
    await team.until(seoul("2026-01-07 10:01"))
    [notice] = notices(team, mods)
    assert notice.content.splitlines()[0] == "1/19 월 Martin Luther King Jr. Day는 쉬는 날이에요 (12일 뒤)."


async def test_the_holidays_of_a_year_are_listed_for_everybody(team):
    await team.admin.slash(team.channel, "calendar on", date="2026-02-17", label="특강")
    result = await team["가온"].slash(team.channel, "calendar holidays")
    lines = result.response.content.splitlines()
    assert lines[:5] == [
        "**앞으로 12개월의 공휴일** (KR)",
        "`2/16 월` 설날 전날 · 쉬어요",
        "`2/17 화` 설날 · **공부해요**",
        "`2/18 수` 설날 다음날 · 쉬어요",
        "`3/1 일` 삼일절 · 원래 학습일이 아니에요",
    ]
    assert lines[-1] == "공휴일에 공부하려면 /calendar on, 다른 날 쉬려면 /calendar off 를 써 주세요."
    await team.admin.slash(team.channel, "calendar holidays", country="off")
    result = await team["가온"].slash(team.channel, "calendar holidays")
    assert result.response.content.startswith("이 팀은 공휴일에도 공부해요.")


async def test_the_notice_says_what_was_decided_without_its_buttons_as_well(team, mods):
    notice = await american_notice(team, mods)
    await team.admin.slash(team.channel, "calendar on", date="2026-01-19")
    [drawn] = [post for post in team.posts(mods) if post.id == notice.id]
    assert marked(drawn) == ["공부해요"]
    assert f"<@{team.admin.id}>" in drawn.content
    await team.admin.slash(team.channel, "calendar off", date="2026-01-19")
    [drawn] = [post for post in team.posts(mods) if post.id == notice.id]
    assert marked(drawn) == ["쉬어요"]
    await team.admin.slash(team.channel, "calendar off", date="2026-01-20")
    assert next(post for post in team.posts(mods) if post.id == notice.id).content == drawn.content


async def test_the_notice_says_so_when_a_decision_is_taken_back(team, mods):
    notice = await american_notice(team, mods)
    await team.admin.slash(team.channel, "calendar on", date="2026-01-19")
    off = await team.admin.slash(team.channel, "calendar off", date="2026-01-19")
    back = await team.admin.click(off.response, label="되돌리기")
    assert back.response.content == "1/19 월 일정을 되돌렸어요."
    [drawn] = [post for post in team.posts(mods) if post.id == notice.id]
    assert marked(drawn) == ["공부해요"]
    assert f"<@{team.admin.id}>" in drawn.content
    off = await team.admin.slash(team.channel, "calendar off", date="2026-01-20")
    await team.admin.click(off.response, label="되돌리기")
    assert next(post for post in team.posts(mods) if post.id == notice.id).content == drawn.content
