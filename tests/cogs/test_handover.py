"""Handing over, as people see it: the announcement and its buttons, who is told of silence, and what changed."""

import re
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.domain.lectures import NewLecture
from bot.domain.team import Caller
from bot.services import Services
from tests.study_team import NAMES, StudyTeam, button, found_team

ASKED = re.compile(r"(내일|오늘|다음 학습일|Tomorrow)[( ]")


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2026 on a clock in Seoul."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


def caller(team: StudyTeam, name: str) -> Caller:
    return Caller(team.guild.id, (team.channel.id,), team[name].id, name, False, frozenset(), team.env.now())


async def add_lecture(team: StudyTeam, number: str, **options: object) -> None:
    """By the service, presented on Tuesday unless said otherwise: a command for each would take a second."""
    services = Services.over(team.env.bot.database, lambda: None)
    new = NewLecture(title=f"제목 {number}", number=number, **({"course": "NLP"} | options))
    await services.lectures.add(caller(team, "가온"), new)


def announcements(team: StudyTeam) -> list[discord.Message]:
    return [post for post in team.posts() if ASKED.match(post.content)]


def changes(team: StudyTeam) -> list[discord.Message]:
    return [post for post in team.posts() if post.content.startswith(("바뀌었어요", "당번이 바뀌었어요"))]


def pinged(team: StudyTeam, message: discord.Message) -> set[int]:
    """Whom a message pings: not everybody whom it mentions."""
    return set(team.env.backend.get_message(message.channel.id, message.id).ping_user_ids)


def direct(team: StudyTeam, name: str) -> list[str]:
    """What the bot wrote to somebody alone: texts, and of boards the blocks."""
    return [text_of(message) for message in team[name].user.dm_channel.history()]


def text_of(message: discord.Message) -> str:
    blocks = [part.content for part in walk(message.components) if isinstance(part, discord.TextDisplay)]
    return "\n".join([*([message.content] if message.content else []), *blocks])


def walk(components):
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))


def everybody_told(team: StudyTeam) -> set[str]:
    return {name for name in NAMES if direct(team, name)}


def people(text: str) -> list[str]:
    """Names in a text, in order."""
    return re.findall("|".join(NAMES), text)


async def press(team: StudyTeam, name: str, message: discord.Message, which: str) -> str:
    pressed = await team[name].click(message, custom_id=button(message, f"rotation:{which}:"))
    return pressed.response.content


async def announced(team: StudyTeam) -> tuple[discord.Message, str, str]:
    """Monday's announcement of a day with one lecture, its moderator and its presenter."""
    await add_lecture(team, "5강")
    await team.until(seoul(5, 18, 1))
    (said,) = announcements(team)
    moderator, presenter = people(said.content.splitlines()[0])
    return said, moderator, presenter


# ── when it is announced ──────────────────────────────────────────────────────


async def test_the_announcement_asks_those_on_duty_and_pings_nobody_else(team):
    said, moderator, presenter = await announced(team)
    assert said.content.startswith(
        f"내일(1/6 화, Day2) 모더레이터는 {moderator}님, 발표는 5강 {presenter}님이에요.\n<@"
    )
    assert pinged(team, said) == {team[moderator].id, team[presenter].id}
    labels = [child.label for row in said.components for child in row.children]
    assert labels == ["할게요", "바꿀래요", "못 가요"]


async def test_the_end_of_the_session_announces_at_once_and_the_evening_does_not_again(team):
    await team.until(seoul(5, 16, 0))
    await team.admin.slash(team.channel, "session start")
    await team.until(seoul(5, 17, 20))
    assert announcements(team) == []
    await team.admin.slash(team.channel, "session end")
    (said,) = announcements(team)
    await team.restart()
    await team.until(seoul(5, 23, 0))
    assert announcements(team) == [said]
    await team.until(seoul(6, 18, 1))
    assert [post.content[:8] for post in announcements(team)[1:]] == ["내일(1/7 수"]


async def test_a_session_that_ends_after_the_announcement_announces_nothing_more(team):
    await team.until(seoul(5, 18, 1))
    await team.admin.slash(team.channel, "session start")
    await team.admin.slash(team.channel, "session end")
    await team.until(seoul(6, 9, 0))
    assert len(announcements(team)) == 1


@pytest.mark.parametrize("announce_time", ["17:30", "20:00"])
async def test_an_hour_moved_after_the_session_announces_nothing_twice(team, announce_time):
    await team.until(seoul(5, 17, 0))
    await team.admin.slash(team.channel, "session start")
    await team.admin.slash(team.channel, "session end")
    await team.admin.slash(team.channel, "settings set", key="announce_time", value=announce_time)
    await team.until(seoul(6, 9, 0))
    assert len(announcements(team)) == 1
    await team.until(seoul(6, 23, 0))
    assert len(announcements(team)) == 2


async def test_a_session_that_ends_while_the_announcement_is_overdue_announces_once(team):
    await team.until(seoul(5, 17, 0))
    await team.admin.slash(team.channel, "session start")
    await team.env.bot.heartbeat.stop()
    await team.until(seoul(5, 18, 30))
    services = Services.over(team.env.bot.database, lambda: None)
    await services.session.end(Caller(team.guild.id, (team.channel.id,), 1, "", True, frozenset(), team.env.now()))
    await team.restart()
    await team.until(seoul(6, 9, 0))
    assert len(announcements(team)) == 1


# ── what is unusual about a day ───────────────────────────────────────────────


async def test_in_a_team_that_is_too_small_it_says_who_has_two_duties(env):
    team = await found_team(env, names=("가온",))
    await add_lecture(team, "5강")
    await team.until(seoul(5, 18, 1))
    (said,) = announcements(team)
    assert "⚠️ 사람이 모자라서 가온님은 그날 여러 가지를 맡아요: 5강 발표자, 모더레이터" in said.content
    assert pinged(team, said) == {team["가온"].id}


async def test_somebody_who_was_given_two_duties_is_named_without_blaming_the_size_of_the_team(team):
    await add_lecture(team, "5강")
    for duty in ("moderator", "presenter"):
        await team.admin.slash(team.channel, "rotation assign", duty=duty, member=team["마루"], date="1/6")
    await team.until(seoul(5, 18, 1))
    assert "⚠️ 마루님은 그날 여러 가지를 맡아요: 5강 발표자, 모더레이터" in announcements(team)[0].content


async def test_when_nobody_is_there_it_says_so_and_pings_nobody(env):
    team = await found_team(env, names=("가온", "나래"))
    for name in team.members:
        await team[name].slash(team.channel, "away", **{"from": "1/6", "until": "1/6"})
    await team.until(seoul(5, 18, 1))
    (said,) = announcements(team)
    assert said.content == (
        "내일(1/6 화, Day2) 당번이에요.\n"
        "⚠️ 모더레이터를 맡을 수 있는 사람이 없어요. 모더레이터가 /rotation assign 으로 정해 주세요."
    )
    assert pinged(team, said) == set()
    assert not said.components


async def test_the_readers_of_a_paper_stand_together(team):
    await add_lecture(team, "논문", kind="paper", readers=2)
    await team.until(seoul(5, 18, 1))
    (said,) = announcements(team)
    line = said.content.splitlines()[0]
    moderator, first, second = people(line)
    assert line == f"내일(1/6 화, Day2) 모더레이터는 {moderator}님, 발표는 논문 {first}님·{second}님이에요."
    assert pinged(team, said) == {team[name].id for name in (moderator, first, second)}


async def test_whoever_said_yes_to_a_week_is_not_pinged_again_on_every_evening_of_it(team):
    await team.admin.slash(team.channel, "rotation add", name="기록", per="week")
    await team.until(seoul(5, 17, 0))
    await team.admin.slash(team.channel, "rotation assign", duty="기록", member=team["새벽"])
    await team.until(seoul(5, 18, 1))
    assert team["새벽"].id in pinged(team, announcements(team)[-1])
    await press(team, "새벽", announcements(team)[-1], "will")
    await team.until(seoul(6, 18, 1))
    assert "\n기록: 새벽님" in announcements(team)[-1].content
    assert team["새벽"].id not in pinged(team, announcements(team)[-1])
    assert len(pinged(team, announcements(team)[-1])) == 1
    await team.until(seoul(9, 18, 1))
    next_week = people(announcements(team)[-1].content.splitlines()[1])[0]
    assert team[next_week].id in pinged(team, announcements(team)[-1])


# ── I will ────────────────────────────────────────────────────────────────────


async def test_whoever_says_i_will_is_confirmed_also_after_a_restart_and_twice_is_no_harm(team):
    said, _moderator, presenter = await announced(team)
    await team.restart()
    assert await press(team, presenter, said, "will") == "고마워요, 하기로 적어 뒀어요: 1/6 화 NLP 5강 발표"
    assert await press(team, presenter, said, "will") == "이미 하겠다고 하신 차례예요: 1/6 화 NLP 5강 발표"
    page = await team[presenter].slash(team.channel, "journal export", day="Day1")
    text = (await page.response.attachments[0].read()).decode()
    assert f"5강: {presenter}님\n" in text
    assert re.search(r"모더레이터: \w+님 \(확인 전\) · 5강", text)


async def test_the_minutes_say_who_has_not_answered(team):
    said, moderator, presenter = await announced(team)
    await press(team, moderator, said, "will")
    await team.admin.slash(team.channel, "session start")
    ended = await team.admin.slash(team.channel, "session end")
    assert ended.response.content.endswith(f"모더레이터 {moderator}님 · 발표 5강 {presenter}님 (확인 전)")


async def test_somebody_without_a_duty_is_told_so(team):
    said, moderator, presenter = await announced(team)
    other = next(name for name in NAMES if name not in {moderator, presenter})
    for which in ("will", "swap", "cannot"):
        assert (await press(team, other, said, which)).startswith("이 가운데 맡은 당번이 없어서")
    guest = await team.admin.click(said, custom_id=button(said, "rotation:will:"))
    assert "/roster join" in guest.response.content


async def test_whoever_was_replaced_is_told_who_does_it_now(team):
    said, moderator, presenter = await announced(team)
    other = next(name for name in NAMES if name not in {moderator, presenter})
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team[other], date="1/6")
    answer = await press(team, moderator, said, "will")
    assert answer.endswith(f"이제 {other}님이 맡아요. 답하지 않아도 돼요.")


async def test_once_the_session_has_begun_nobody_needs_to_answer(team):
    said, moderator, presenter = await announced(team)
    await team.until(seoul(6, 15, 0))
    assert (await press(team, presenter, said, "will")).startswith("고마워요")
    await team.until(seoul(6, 16, 5))
    await team.admin.slash(team.channel, "session start")
    assert (await press(team, moderator, said, "will")).startswith("1/6 화 피어세션이 이미 시작해서")
    await team.until(seoul(7, 9, 0))
    assert (await press(team, moderator, said, "cannot")).startswith("1/6 화 피어세션이 이미 시작해서")


async def test_swap_and_cannot_go_their_way_at_once(team):
    said, moderator, presenter = await announced(team)
    assert "5강" in await press(team, presenter, said, "swap")
    assert "모더레이터" in await press(team, moderator, said, "cannot")


async def test_whoever_has_two_turns_chooses_one_first(team):
    await add_lecture(team, "5강")
    for duty in ("moderator", "presenter"):
        await team.admin.slash(team.channel, "rotation assign", duty=duty, member=team["마루"], date="1/6")
    await team.until(seoul(5, 18, 1))
    (said,) = announcements(team)
    result = await team["마루"].click(said, custom_id=button(said, "rotation:cannot:"))
    assert result.response.content == "어느 차례를 맡기 어려우세요?"
    further = await team["마루"].click(result.response, label="1/6 화 NLP 5강 발표")
    assert "5강" in further.response.content
    confirmed = await press(team, "마루", said, "will")
    assert "1/6 화 NLP 5강 발표" in confirmed
    assert "모더레이터" in confirmed


# ── nobody answers ────────────────────────────────────────────────────────────


async def test_at_ten_todays_moderator_is_told_who_has_not_answered_and_the_channel_is_not(team):
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["바다"])
    said, moderator, presenter = await announced(team)
    await press(team, presenter, said, "will")
    posts = len(team.posts())
    await team.until(seoul(5, 21, 59))
    assert direct(team, "바다") == []
    await team.restart()
    await team.until(seoul(5, 23, 30))
    (told,) = direct(team, "바다")
    assert told.startswith("내일(1/6 화, Day2) 당번 가운데 아직 답하지 않은 분이 있어요.\n")
    assert f"- {moderator}님: 모더레이터" in told
    assert presenter not in told
    assert "/rotation substitute" in told
    assert everybody_told(team) == {"바다"}
    assert len(team.posts()) == posts + 2  # the retrospective of 21:00 and its nudge of 23:00


async def test_when_everybody_has_answered_nobody_is_told(team):
    said, moderator, presenter = await announced(team)
    for name in (moderator, presenter):
        await press(team, name, said, "will")
    await team.until(seoul(6, 9, 0))
    assert everybody_told(team) == set()


async def test_after_a_late_announcement_people_have_an_hour(team):
    await team.admin.slash(team.channel, "settings set", key="announce_time", value="22:30")
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["바다"])
    await team.until(seoul(5, 23, 29))
    assert direct(team, "바다") == []
    await team.until(seoul(5, 23, 31))
    assert len(direct(team, "바다")) == 1


async def test_a_time_to_answer_that_is_moved_or_switched_off_holds_at_once(team):
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["바다"])
    await announced(team)
    await team.admin.slash(team.channel, "settings set", key="confirm_by", value="23:00")
    await team.until(seoul(5, 22, 30))
    assert everybody_told(team) == set()
    await team.until(seoul(5, 23, 1))
    assert everybody_told(team) == {"바다"}
    await team.until(seoul(6, 19, 0))
    before = {name: len(direct(team, name)) for name in NAMES}
    await team.admin.slash(team.channel, "settings set", key="confirm_by", value="off")
    await team.until(seoul(7, 9, 0))
    assert {name: len(direct(team, name)) for name in NAMES} == before


async def test_a_moderator_who_is_the_only_one_is_reminded_where_the_moderators_have_no_channel(team):
    said, moderator, presenter = await announced(team)
    await press(team, presenter, said, "will")
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team[moderator])
    await team.until(seoul(5, 22, 1))
    assert everybody_told(team) == {moderator}
    (told,) = direct(team, moderator)
    assert told.startswith("내일(1/6 화, Day2) 모더레이터 차례에 아직 답하지 않으셨어요.\n")
    assert "직접 물어보" not in told


async def test_a_moderator_who_is_the_only_one_is_left_to_the_other_moderators_where_they_have_a_channel(team):
    staff = team.guild.create_text_channel("staff")
    await team.admin.slash(team.channel, "setup", mod_channel=staff)
    said, moderator, presenter = await announced(team)
    await press(team, presenter, said, "will")
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team[moderator])
    await team.until(seoul(5, 22, 1))
    assert everybody_told(team) == set()
    assert f"- {moderator}님: 모더레이터" in team.posts(staff)[-1].content


def refuse_direct_messages(team: StudyTeam, name: str) -> None:
    path = f"/channels/{team[name].user.dm_channel.id}/messages"
    team.env.inject_error("POST", path, status=403, code=50007, message="Cannot send messages to this user", times=None)


async def test_if_the_moderator_takes_no_direct_messages_the_team_is_still_not_told(team):
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["바다"])
    await announced(team)
    refuse_direct_messages(team, "바다")
    await team.until(seoul(6, 9, 0))
    assert everybody_told(team) == set()
    assert not [post for post in team.posts() if "답하지 않은" in post.content]


async def test_if_the_moderator_takes_no_direct_messages_the_moderators_channel_has_it(team):
    staff = team.guild.create_text_channel("staff")
    await team.admin.slash(team.channel, "setup", mod_channel=staff)
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["바다"])
    await announced(team)
    refuse_direct_messages(team, "바다")
    await team.until(seoul(6, 9, 0))
    told = [post.content for post in team.posts(staff) if "답하지 않은" in post.content]
    assert len(told) == 1
    assert not [post for post in team.posts() if "답하지 않은" in post.content]


async def test_whoever_moderates_a_week_answers_once_for_all_of_it(team):
    await team.admin.slash(team.channel, "settings set", key="moderator_per", value="week")
    await team.until(seoul(5, 18, 1))
    (said,) = announcements(team)
    (moderator,) = people(said.content.splitlines()[0])
    assert "1/5 월" in await press(team, moderator, said, "will")
    await team.until(seoul(7, 9, 0))
    assert people(announcements(team)[1].content.splitlines()[0]) == [moderator]
    assert everybody_told(team) == set()
    assert (await press(team, moderator, announcements(team)[1], "will")).startswith("이미 하겠다고")


# ── what changed ──────────────────────────────────────────────────────────────


async def test_after_the_announcement_a_change_is_told_with_who_and_why_but_no_private_reason(team):
    _said, moderator, presenter = await announced(team)
    await team[presenter].slash(team.channel, "away", **{"from": "1/6", "until": "1/6", "reason": "병원에 가요"})
    (told,) = changes(team)
    line = told.content.splitlines()[0]
    now = people(line)[0]
    assert now not in {moderator, presenter}
    assert line == f"바뀌었어요: 1/6 화 NLP 5강 발표는 {now}님이 맡아요 ({presenter}님 대신, 자리를 비워서)"
    assert pinged(team, told) == {team[now].id}
    assert await press(team, now, told, "will") == "고마워요, 하기로 적어 뒀어요: 1/6 화 NLP 5강 발표"
    assert (
        await press(team, presenter, told, "will")
        == f"1/6 화 NLP 5강 발표는 이제 {now}님이 맡아요. 답하지 않아도 돼요."
    )


async def test_whoever_is_on_duty_no_more_learns_it_too_and_whoever_did_it_need_not_be_told(team):
    _said, moderator, presenter = await announced(team)
    await team[moderator].slash(team.channel, "rotation skip", duty="moderator", date="1/6")
    other = people(changes(team)[-1].content)[0]
    assert pinged(team, changes(team)[-1]) == {team[other].id}
    await team[moderator].slash(team.channel, "rotation undo")
    assert pinged(team, changes(team)[-1]) == {team[other].id}
    third = next(name for name in NAMES if name not in {moderator, presenter, other})
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team[third], date="1/6")
    assert pinged(team, changes(team)[-1]) == {team[third].id, team[moderator].id}


async def test_what_whoever_skips_tells_the_team_stands_with_the_change(team):
    _said, moderator, _presenter = await announced(team)
    await team[moderator].slash(team.channel, "rotation skip", duty="moderator", date="1/6", reason="면접이 있어요")
    (told,) = changes(team)
    assert f"({moderator}님 대신, 이번 차례를 건너뛰어서: 면접이 있어요)" in told.content


async def test_a_change_of_a_change_that_does_not_stand_any_more_is_not_told(team):
    _said, moderator, presenter = await announced(team)
    first, second = [name for name in NAMES if name not in {moderator, presenter}][:2]
    services = Services.over(team.env.bot.database, lambda: None)
    by = Caller(team.guild.id, (team.channel.id,), team.admin.id, "", True, frozenset(), team.env.now())
    for name in (first, second):
        await services.rotation.assign(by, "moderator", team[name].id, "1/6", None)
    await team.until(seoul(5, 18, 5))
    await team.restart()
    await team.until(seoul(5, 18, 10))
    (told,) = changes(team)
    assert people(told.content.splitlines()[0]) == [second, first]


async def test_several_changes_stand_in_one_message(team):
    await add_lecture(team, "5강")
    await add_lecture(team, "6강")
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["마루"], date="1/6")
    choices = await team["가온"].autocomplete(team.channel, "rotation assign", "lecture", "5강")
    await team.admin.slash(
        team.channel, "rotation assign", duty="presenter", member=team["마루"], lecture=choices[0]["value"]
    )
    await team.until(seoul(5, 18, 1))
    await team["마루"].slash(team.channel, "away", **{"from": "1/6", "until": "1/6"})
    (told,) = changes(team)
    assert told.content.splitlines()[0] == "당번이 바뀌었어요."
    assert told.content.count("(마루님 대신, 자리를 비워서)") == 2
    assert team["마루"].id not in pinged(team, told)


async def test_what_somebody_takes_upon_themself_needs_no_answer(team):
    await announced(team)
    other = next(name for name in NAMES if name not in people(announcements(team)[0].content))
    await team.admin.slash(team.channel, "roster add", member=team.admin, name="운영")
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team.admin, date="1/6")
    (told,) = changes(team)
    assert "모더레이터가 정해서" in told.content
    assert not told.components
    assert other not in told.content


async def test_before_the_announcement_a_change_is_nothing_to_tell(team):
    await add_lecture(team, "5강")
    await team["가온"].slash(team.channel, "away", **{"from": "1/6", "until": "1/6"})
    await team.until(seoul(5, 18, 1))
    assert changes(team) == []
    assert "가온" not in announcements(team)[0].content


# ── the briefing ──────────────────────────────────────────────────────────────


async def briefed(team: StudyTeam) -> str:
    """Tuesday, half an hour before the session; who presents 5강. Nobody was asked to answer."""
    await team.admin.slash(team.channel, "settings set", key="confirm_by", value="off")
    _said, _moderator, presenter = await announced(team)
    await team.until(seoul(6, 15, 31))
    return presenter


async def ask(team: StudyTeam, text: str, lecture: str) -> None:
    choices = await team["가온"].autocomplete(team.channel, "ask", "lecture", lecture)
    await team["가온"].slash(team.channel, "ask", question=text, lecture=choices[0]["value"])


async def test_half_an_hour_before_the_session_each_presenter_is_briefed_and_nobody_else(team):
    presenter = await briefed(team)
    (told,) = direct(team, presenter)
    assert told.startswith("### 5강 발표 준비\nDay2 · 1/6 화 · 피어세션 16:00 · <#")
    assert "NLP 5강 · 제목 5강" in told
    assert "답을 기다리는 질문이 없어요." in told
    assert "/lecture material" in told
    assert "다른" not in told
    assert everybody_told(team) == {presenter}


async def test_the_briefing_follows_questions_and_material_until_the_session_begins(team):
    presenter = await briefed(team)
    await ask(team, "왜 tanh를 쓰나요?", "5강")
    (told,) = direct(team, presenter)
    assert "- #1 왜 tanh를 쓰나요?" in told
    choices = await team["가온"].autocomplete(team.channel, "lecture material", "lecture", "5강")
    await team[presenter].slash(
        team.channel, "lecture material", lecture=choices[0]["value"], title="발표", url="https://study.example/5"
    )
    assert "/lecture material" not in direct(team, presenter)[0]
    await team.restart()
    questions = await team["가온"].autocomplete(team.channel, "question answer", "question", "tanh")
    await team["가온"].slash(team.channel, "question answer", question=questions[0]["value"], text="부드러워서요")
    (told,) = direct(team, presenter)
    assert "tanh" not in told


@pytest.mark.parametrize("started_at", [seoul(6, 15, 45), None])
async def test_once_the_session_has_begun_the_briefing_stays_as_it_is(team, started_at):
    presenter = await briefed(team)
    before = direct(team, presenter)
    if started_at is not None:
        await team.until(started_at)
        await team.admin.slash(team.channel, "session start")
    else:
        await team.until(seoul(6, 16, 0))
    await ask(team, "너무 늦은 질문", "5강")
    assert direct(team, presenter) == before


async def test_a_bot_that_was_down_briefs_late_but_not_after_the_session_has_begun(team):
    await team.admin.slash(team.channel, "settings set", key="confirm_by", value="off")
    _said, _moderator, presenter = await announced(team)
    await team.env.bot.heartbeat.stop()
    await team.until(seoul(6, 15, 50))
    await team.restart()
    await team.until(seoul(6, 15, 51))
    assert len(direct(team, presenter)) == 1
    await team.env.bot.heartbeat.stop()
    await team.until(seoul(7, 16, 5))
    await team.restart()
    await team.until(seoul(7, 17, 0))
    assert len(direct(team, presenter)) == 1


async def test_whoever_takes_over_within_the_half_hour_is_briefed_and_the_other_is_told(team):
    presenter = await briefed(team)
    other = next(name for name in NAMES if name not in people(announcements(team)[0].content))
    choices = await team["가온"].autocomplete(team.channel, "rotation assign", "lecture", "5강")
    await team.admin.slash(
        team.channel, "rotation assign", duty="presenter", member=team[other], lecture=choices[0]["value"]
    )
    assert direct(team, other)[-1].startswith("### 5강 발표 준비")
    told = direct(team, presenter)[-1]
    assert told.startswith("### 발표가 다른 분께 넘어갔어요")
    assert f"NLP 5강 발표는 이제 {other}님이 맡아요." in told


async def test_a_presenter_of_two_lectures_has_one_briefing_with_what_is_carried_over(env):
    team = await found_team(env, names=("가온", "나래"))
    for number in ("5강", "6강"):
        await add_lecture(team, number, presenter_user_id=team["가온"].id)
    await team["나래"].slash(team.channel, "ask", question="어제부터 궁금한 것")
    questions = await team["나래"].autocomplete(team.channel, "question further", "question", "궁금한")
    await team["나래"].slash(team.channel, "question further", question=questions[0]["value"])
    await team.until(seoul(6, 15, 31))
    told = direct(team, "가온")[-1]
    assert told.startswith("### 5강, 6강 발표 준비")
    assert told.count("아직 발표 자료가 없어요.") == 2
    assert "**이어 가는 Further Question**\n- #1 어제부터 궁금한 것" in told


async def test_a_briefing_that_did_not_get_through_before_the_session_is_not_sent_after_it(team):
    await team.admin.slash(team.channel, "settings set", key="confirm_by", value="off")
    _said, _moderator, presenter = await announced(team)
    await team.until(seoul(6, 15, 29))
    team.env.inject_error("POST", "/users/@me/channels", status=503, times=None)
    await team.until(seoul(6, 16, 1))
    team.env.backend.faults.clear()
    await team.until(seoul(6, 17, 0))
    assert direct(team, presenter) == []


async def test_those_who_read_a_paper_together_are_told_of_each_other(team):
    await team.admin.slash(team.channel, "settings set", key="confirm_by", value="off")
    await add_lecture(team, "논문", kind="paper", readers=2)
    await team.until(seoul(6, 15, 31))
    _moderator, first, second = people(announcements(team)[0].content.splitlines()[0])
    assert f"{second}님과 함께" in direct(team, first)[0]
    assert f"{first}님과 함께" in direct(team, second)[0]


async def test_a_day_without_lectures_and_a_team_without_a_session_brief_nobody(team):
    await team.admin.slash(team.channel, "settings set", key="confirm_by", value="off")
    await team.until(seoul(6, 15, 31))
    await add_lecture(team, "6강", presented="1/7")
    await team.admin.slash(team.channel, "settings set", key="session_time", value="off")
    await team.until(seoul(7, 17, 0))
    assert everybody_told(team) == set()
