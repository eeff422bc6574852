"""`/rotation` and the announcement, as people see them."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import discord

from bot.domain.lectures import NewLecture
from bot.domain.team import Caller
from bot.services import Services
from tests.study_team import NAMES, StudyTeam, found_team, sure

SEOUL_TO_UTC = timedelta(hours=9)


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2026 on a clock in Seoul."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC) - SEOUL_TO_UTC


async def add_lecture(team: StudyTeam, number: str, who: str = "가온", **options: object) -> str:
    result = await team[who].slash(team.channel, "lecture add", title=f"제목 {number}", number=number, **options)
    return result.response.content


async def lecture_id(team: StudyTeam, number: str) -> str:
    choices = await team["가온"].autocomplete(team.channel, "rotation assign", "lecture", number)
    return choices[0]["value"]


async def assign(team: StudyTeam, duty: str, member, actor=None, **options: object) -> str:
    result = await (actor or team.admin).slash(team.channel, "rotation assign", duty=duty, member=member, **options)
    return result.response.content


async def shown(team: StudyTeam, count: int = 5) -> list[str]:
    """The days of the board, without what became of their turns so far."""
    return [re.sub(" [📌✅]+", "", text) for text in await board(team, count) if text.startswith("**Day")]


async def board(team: StudyTeam, count: int = 5) -> list[str]:
    """Every paragraph that is shown, its title first."""
    result = await team["가온"].slash(team.channel, "rotation show", count=count)
    assert result.response.ephemeral
    (container,) = result.response.components
    return [item["content"] for item in container["components"] if "content" in item]


async def history(team: StudyTeam, **options: object) -> list[str]:
    result = await team["가온"].slash(team.channel, "rotation history", **options)
    return result.response.content.splitlines()


def announcements(team: StudyTeam) -> list[str]:
    """First lines of the announcements so far, without the label of a late one; the next line holds the pings."""
    said = [line for post in team.posts() for line in post.content.splitlines()[:2]]
    return [text for text in said if re.match(r"(내일|오늘|다음 학습일|Tomorrow)[( ]", text)]


def pinged(team: StudyTeam, message: discord.Message) -> set[int]:
    """Whom a message pings: not everybody whom it mentions."""
    return set(team.env.backend.get_message(message.channel.id, message.id).ping_user_ids)


def people(text: str) -> list[str]:
    """Names in a text, in order."""
    return re.findall("|".join(NAMES), text)


# ── the announcement ──────────────────────────────────────────────────────────


async def test_in_the_evening_the_next_days_duties_are_announced_and_exactly_those_named_are_pinged(team):
    await add_lecture(team, "5강", course="NLP")
    await add_lecture(team, "6강")
    await team.until(seoul(5, 18, 1))
    (text,) = announcements(team)
    moderator, first, second = people(text)
    assert text == f"내일(1/6 화, Day2) 모더레이터는 {moderator}님, 발표는 5강 {first}님 · 6강 {second}님이에요."
    assert len({moderator, first, second}) == 3
    assert pinged(team, team.posts()[-1]) == {team[name].id for name in (moderator, first, second)}


async def test_a_day_without_lectures_still_has_a_moderator(team):
    await team.until(seoul(5, 18, 1))
    (text,) = announcements(team)
    assert text == f"내일(1/6 화, Day2) 모더레이터는 {people(text)[0]}님이에요."


async def test_before_a_weekend_the_next_study_day_is_not_called_tomorrow(team):
    await team.until(seoul(9, 18, 1))
    assert announcements(team)[-1].startswith("다음 학습일(1/12 월, Day6) 모더레이터는 ")


async def test_lectures_of_several_courses_are_told_apart(team):
    await add_lecture(team, "5강", course="NLP")
    await add_lecture(team, "5강", course="CV")
    await team.until(seoul(5, 18, 1))
    assert "NLP 5강" in announcements(team)[0]
    assert "CV 5강" in announcements(team)[0]


async def test_an_event_has_nobody_to_present_it(team):
    answer = await add_lecture(team, "멘토링", kind="event")
    assert "발표자가 없는 행사" in answer
    await team.until(seoul(5, 18, 1))
    assert "멘토링" not in announcements(team)[0]
    assert len(people(announcements(team)[0])) == 1


async def test_an_english_team_reads_it_in_english(env):
    team = await found_team(env, language="en")
    await add_lecture(team, "5강")
    await add_lecture(team, "6강")
    await team.until(seoul(5, 18, 1))
    (text,) = announcements(team)
    moderator, first, second = people(text)
    assert text == f"Tomorrow (Tue 6 Jan, Day 2): {moderator} moderates; 5강 {first}, 6강 {second} present."


async def test_a_team_without_anybody_announces_nothing(env):
    team = await found_team(env, names=())
    await team.until(seoul(6, 12, 0))
    assert announcements(team) == []


async def test_it_goes_where_reminders_go(env):
    team = await found_team(env)
    reminders = team.guild.create_text_channel("reminders")
    await team.admin.slash(team.channel, "setup", reminder_channel=reminders)
    await team.until(seoul(5, 18, 1))
    assert announcements(team) == []
    assert any(post.content.startswith("내일(1/6 화") for post in team.posts(reminders))


async def test_duties_that_do_not_fit_into_a_message_come_as_a_file_and_still_ping(team):
    caller = Caller(team.guild.id, (team.channel.id,), team["가온"].id, "가온", False, frozenset(), team.env.now())
    services = Services.over(team.env.bot.database, lambda: None)
    for number in range(40):
        new = NewLecture(title="Attention", course=f"과목 {number} " + "가" * 40, number=f"{number}강")
        await services.lectures.add(caller, new)
    await team.until(seoul(5, 18, 1))
    post = next(post for post in team.posts() if post.attachments)
    assert post.content.startswith("내일(1/6 화, Day2) 당번은 파일에 있어요.\n<@")
    assert pinged(team, post) == {team[name].id for name in NAMES}
    assert "39강" in (await post.attachments[0].read()).decode()


async def test_what_fell_due_while_the_bot_was_down_goes_out_once_afterwards(team):
    await add_lecture(team, "5강")
    await team.env.bot.heartbeat.stop()
    await team.until(seoul(5, 20, 0))
    assert announcements(team) == []
    await team.restart()
    await team.until(seoul(5, 23, 0))
    (text,) = announcements(team)
    assert text.startswith("내일(1/6 화, Day2)")
    assert sum(post.content.startswith("(18:00에 보낼 알림이 늦었어요)") for post in team.posts()) == 1
    await team.restart()
    await team.until(seoul(6, 17, 0))
    assert announcements(team) == [text]


async def test_said_on_the_morning_of_the_day_itself_it_says_today(team):
    await team.env.bot.heartbeat.stop()
    await team.until(seoul(6, 9, 0))
    await team.restart()
    await team.until(seoul(6, 9, 5))
    assert [text[:18] for text in announcements(team)] == ["오늘(1/6 화, Day2) 모더"]


async def test_once_the_session_has_begun_a_late_announcement_is_left_out(team):
    await team.env.bot.heartbeat.stop()
    await team.until(seoul(6, 16, 30))
    await team.restart()
    await team.until(seoul(6, 17, 0))
    assert announcements(team) == []


# ── what is shown is what happens ─────────────────────────────────────────────


async def test_what_is_shown_on_monday_is_what_is_announced_through_the_week(team):
    for number, (studied, presented) in enumerate([("1/5", "1/6"), ("1/6", "1/7"), ("1/6", "1/7"), ("1/7", "1/9")], 1):
        await add_lecture(team, f"{number}강", date=studied, present_on=presented)
    lines = await shown(team)
    await team.until(seoul(8, 18, 1))
    assert [people(text) for text in announcements(team)] == [people(line) for line in lines[1:]]
    moderator, second, third = people(lines[2])
    assert lines[2] == f"**Day3** · 1/7 수\n모더레이터 {moderator}님\n발표 **2강** {second}님 · **3강** {third}님"


async def test_what_is_shown_does_not_change_while_it_comes_true(team):
    for number in range(1, 6):
        await add_lecture(team, f"{number}강", date=f"1/{4 + number}", present_on=f"1/{4 + number}")
    await add_lecture(team, "6강", date="1/12", present_on="1/13")
    lines = await shown(team, 7)
    for evening in range(5, 10):
        await team.until(seoul(evening, 18, 1))
        assert (await shown(team, 7))[: 12 - evening] == lines[evening - 5 :]


async def test_two_weeks_of_turns_are_fair(team):
    for day in (*range(5, 10), *range(12, 17)):
        await add_lecture(team, f"{day}강", date=f"1/{day}", present_on=f"1/{day}")
    for day in range(5, 17):
        await team.until(seoul(day, 18, 1))
    past = [line for line in await history(team) if "1/19" not in line]
    for duty in ("모더레이터", "발표자"):
        turns = Counter(people(line)[0] for line in past if duty in line)
        assert sum(turns.values()) == 10
        assert set(turns.values()) == {1, 2}
    for day in {line.split(" ")[1] for line in past}:
        of_day = [people(line)[0] for line in past if line.split(" ")[1] == day]
        assert len(set(of_day)) == 2


async def test_somebody_who_left_is_replaced_before_the_day(team):
    await team.until(seoul(5, 18, 1))
    (name,) = people(announcements(team)[0])
    await sure(team.admin, await team.admin.slash(team.channel, "roster remove", member=team[name]))
    lines = await shown(team, 2)
    assert people(lines[1])[0] != name


async def test_without_anybody_there_are_no_turns(env):
    team = await found_team(env, names=())
    result = await team.admin.slash(team.channel, "rotation show")
    assert "/roster add" in result.response.content


# ── assigning ─────────────────────────────────────────────────────────────────


async def test_a_moderator_gives_a_duty_to_somebody_and_the_turn_before_stays_as_history(team):
    await team.until(seoul(5, 18, 1))
    (name,) = people(announcements(team)[0])
    other = next(other for other in NAMES if other != name)
    answer = await assign(team, "moderator", team[other], date="내일")
    assert answer.splitlines() == [
        f"1/6 화 (Day2) 모더레이터는 이제 {other}님이에요.",
        f"원래는 {name}님 차례였어요.",
        "이미 알린 날이라 바뀐 내용을 팀에 알릴게요.",
    ]
    assert people((await shown(team, 2))[1]) == [other]
    assert (await history(team))[:2] == [f"- 1/6 화 모더레이터: ~~{name}님~~ (바뀜)", f"- 1/6 화 모더레이터: {other}님"]


async def test_a_presenter_is_assigned_by_the_lecture_and_the_rotation_goes_around_them(team):
    await add_lecture(team, "5강", course="NLP")
    await add_lecture(team, "6강")
    answer = await assign(team, "presenter", team["새벽"], lecture=await lecture_id(team, "6강"))
    assert answer.startswith("1/6 화 (Day2) NLP 6강 발표는 이제 새벽님이에요.")
    assert "**6강** 새벽님" in (await shown(team, 2))[1]
    await team.until(seoul(5, 18, 1))
    assert "6강 새벽님이에요." in announcements(team)[0]
    assert len(set(people(announcements(team)[0]))) == 3


async def test_the_only_lecture_of_a_day_need_not_be_named(team):
    await add_lecture(team, "5강")
    answer = await assign(team, "presenter", team["마루"], date="1/6")
    assert "5강 발표는 이제 마루님이에요." in answer


async def test_with_several_lectures_the_bot_asks_which(team):
    await add_lecture(team, "5강")
    await add_lecture(team, "6강")
    answer = await assign(team, "presenter", team["마루"], date="1/6")
    assert answer.startswith("어느 강의")
    assert await history(team) == ["아직 정해진 차례가 없어요. 그날 당번을 알릴 때 정해져요."]


async def test_a_second_duty_on_the_same_day_is_said(team):
    await add_lecture(team, "5강")
    await assign(team, "moderator", team["마루"], date="1/6")
    answer = await assign(team, "presenter", team["마루"], date="1/6")
    assert "⚠️ 마루님은 그날 다른 당번도 맡고 있어요: 모더레이터" in answer


async def test_assigning_the_same_again_changes_nothing(team):
    await assign(team, "moderator", team["마루"], date="1/6")
    answer = await assign(team, "moderator", team["마루"], date="1/6")
    assert answer == "1/6 화 (Day2) 모더레이터는 이제 마루님이에요."
    assert len(await history(team)) == 1


async def test_only_moderators_and_todays_moderator_assign(team):
    refusal = await assign(team, "moderator", team["마루"], actor=team["나래"], date="1/6")
    assert "모더레이터만 할 수 있어요" in refusal
    await assign(team, "moderator", team["나래"])
    answer = await assign(team, "moderator", team["마루"], actor=team["나래"], date="1/6")
    assert "이제 마루님이에요." in answer


async def test_somebody_who_is_not_on_the_roster_gets_no_duty(team):
    refusal = await assign(team, "moderator", team.admin, date="1/6")
    assert "/roster add" in refusal
    assert "모더레이터" not in (await history(team))[0]


async def test_a_day_that_is_over_off_or_unreadable_is_refused(team):
    await team.until(seoul(7, 10, 0))
    made = await history(team)
    assert "1/6 화 날짜는 이미 지났어요" in await assign(team, "moderator", team["마루"], date="2026-01-06")
    assert "1/10 토 날짜는 학습일이 아니에요" in await assign(team, "moderator", team["마루"], date="1/10")
    assert "날짜를 읽지 못했어요" in await assign(team, "moderator", team["마루"], date="언젠가")
    assert "1년 넘게" in await assign(team, "moderator", team["마루"], date="2206-01-07")
    assert await history(team) == made


async def test_a_lecture_is_not_presented_on_another_day_than_its_own(team):
    await add_lecture(team, "5강")
    refusal = await assign(team, "presenter", team["마루"], lecture=await lecture_id(team, "5강"), date="1/8")
    assert "1/6 화에 발표해요" in refusal


async def test_a_lecture_of_another_team_is_refused(team):
    await add_lecture(team, "5강")
    foreign = await lecture_id(team, "5강")
    stranger, channel = await second_team(team)
    result = await stranger.slash(channel, "rotation assign", duty="presenter", member=stranger, lecture=foreign)
    assert "이 팀에 그런 강의가 없어요" in result.response.content


async def second_team(team: StudyTeam):
    """Somebody who administers a team in another server and is its only member."""
    guild = team.env.create_guild("다른 스터디")
    channel = guild.create_text_channel("study")
    role = guild.create_role("운영", permissions=discord.Permissions(manage_guild=True))
    admin = guild.add_member(team.env.create_user("stranger", global_name="하나"), roles=[role])
    await admin.slash(channel, "setup", language="ko")
    await admin.slash(channel, "roster join")
    return admin, channel


# ── history ───────────────────────────────────────────────────────────────────


async def test_history_tells_who_did_what_when_and_can_be_of_one_member(team):
    await team.until(seoul(7, 18, 1))
    everything = await history(team)
    name = people(everything[0])[0]
    assert [line for line in everything if name in line] == await history(team, member=team[name])
    assert everything[0].startswith("- 1/8 목 모더레이터: ")


async def test_somebody_who_was_never_there_has_no_history(team):
    result = await team["가온"].slash(team.channel, "rotation history", member=team.admin)
    assert "명단에 있었던 적이 없는" in result.response.content
