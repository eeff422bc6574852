"""The evening's prompt, and what people write."""

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.retro_week import Said
from bot.i18n import KOREAN
from cogs.retro._digest import digest
from tests.cogs.month_story import text_of
from tests.pictures.test_week import week
from tests.study_team import button, sure

EVENING = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
"""21:00 in Seoul on Day 1."""


async def prompt_of(team):
    await team.until(EVENING)
    (prompt,) = [message for message in team.posts() if "수고하셨어요" in message.content]
    return prompt


def fields_of(form):
    """The components of a form's fields: those to write in, and who may read it."""
    *texts, visibility = [label["component"] for label in form.modal["components"] if "component" in label]
    return texts, visibility


async def fill(person, form, texts, visibility):
    """Send a form with these texts in its fields, from the first one on; the others are left blank."""
    fields, choice = fields_of(form)
    filled = [texts] if isinstance(texts, str) else texts
    values = dict.fromkeys((field["custom_id"] for field in fields), "")
    values |= {field["custom_id"]: text for field, text in zip(fields, filled, strict=False)}
    return await person.submit_modal(form, {**values, choice["custom_id"]: [visibility]})


async def write(team, name, prompt, texts, visibility="team"):
    form = await team[name].click(prompt, custom_id=button(prompt, "retro:write"))
    return await fill(team[name], form, texts, visibility)


async def test_the_prompt_comes_in_the_evening_of_a_study_day_and_once(team):
    prompt = await prompt_of(team)
    assert prompt.content == "Day1 수고하셨어요. 오늘은 어땠나요?"
    await team.until(EVENING.replace(hour=18))
    assert sum("수고하셨어요" in message.content for message in team.posts()) == 1


async def test_prompt_and_nudge_come_at_the_teams_times_in_its_retro_channel(team):
    room = team.guild.create_text_channel("retro")
    await team.admin.slash(team.channel, "setup", retro_channel=room, retro_time="21:30")
    await team.admin.slash(team.channel, "settings set", key="nudge_time", value="22:15")
    await team.until(EVENING.replace(minute=29))
    before = len(team.posts(room))
    await team.until(EVENING.replace(minute=30))
    (prompt,) = team.posts(room)[before:]
    assert prompt.content == "Day1 수고하셨어요. 오늘은 어땠나요?"
    assert "Day1" in (await write(team, "나래", prompt, "좋았다")).response.content
    await team.until(EVENING.replace(hour=13, minute=15))
    assert nudges(team, room) == ["회고 1/7명이 썼어요. 04:00까지 쓸 수 있어요."]
    assert nudges(team) == []


async def test_the_button_works_after_a_restart(team):
    prompt = await prompt_of(team)
    await team.restart()
    result = await write(team, "나래", prompt, "오늘은 RNN이 조금 보였다.")
    assert result.response.content == "Day1 회고를 저장했어요. 04:00까지 고칠 수 있어요. 7명 중 1명이 썼어요."
    assert result.response.ephemeral


NUDGE = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
"""23:00 in Seoul on Day 1."""


def nudges(team, channel=None):
    return [message.content for message in team.posts(channel) if "04:00까지 쓸 수 있어요" in message.content]


def direct_posts(team, name):
    """What the bot wrote to somebody alone."""
    return team.posts(team[name].user.dm_channel)


async def test_a_nudge_counts_and_names_nobody_and_those_who_want_it_are_told_alone(team):
    prompt = await prompt_of(team)
    pressed = await team["라온"].click(prompt, custom_id=button(prompt, "retro:direct"))
    assert pressed.response.content.startswith("회고를 아직 안 쓴 날에는 23:00에 DM으로")
    let_be = await team["마루"].click(prompt, custom_id=button(prompt, "retro:pass"))
    assert let_be.response.ephemeral
    assert "연속 기록은 끊기지 않아요" in let_be.response.content
    for name in ("가온", "나래"):
        await write(team, name, prompt, "좋았다")
    too_late = await team["나래"].click(prompt, custom_id=button(prompt, "retro:pass"))
    assert too_late.response.content == "오늘 회고는 이미 쓰셨어요. 더 할 일은 없으니 푹 쉬세요."
    await team.until(NUDGE)
    assert nudges(team) == ["회고 2/6명이 썼어요. 04:00까지 쓸 수 있어요."]
    (direct,) = direct_posts(team, "라온")
    assert direct.content == ("Day1 회고(스터디)는 04:00까지 쓸 수 있어요. 오늘은 쉬어 가도 괜찮아요.")
    nudge = team.posts()[-1]
    assert "Day1" in (await write(team, "다솜", nudge, "늦게 썼다")).response.content


async def nudged_alone(team, name):
    """The direct message that reminds somebody of Day 1."""
    prompt = await prompt_of(team)
    await team[name].click(prompt, custom_id=button(prompt, "retro:direct"))
    await team.until(NUDGE)
    (direct,) = direct_posts(team, name)
    return direct


async def test_the_direct_message_has_all_that_one_can_do_about_it(team):
    direct = await nudged_alone(team, "라온")
    await team.restart()
    alone = team["라온"].user
    let_be = await alone.click(direct, label="오늘은 쉴게요")
    assert let_be.response.ephemeral
    assert "연속 기록은 끊기지 않아요" in let_be.response.content
    off, on, off_again = [(await alone.click(direct, label="DM 그만 받기")).response.content for _ in range(3)]
    assert off == off_again == "이제 DM을 보내지 않을게요. 다시 누르면 켜져요."
    assert on.startswith("회고를 아직 안 쓴 날에는 23:00에 DM으로")
    await team.until(NUDGE + timedelta(days=1))
    assert len(direct_posts(team, "라온")) == 1


async def test_the_direct_message_opens_the_form_and_what_is_written_there_counts(team, database_file):
    direct = await nudged_alone(team, "라온")
    await team.restart()
    alone = team["라온"].user
    form = await alone.click(direct, label="회고 쓰기")
    assert form.modal["title"] == "Day1 회고"
    written = await fill(alone, form, "DM에서 쓴 회고", "private")
    assert written.response.content == "Day1 회고를 저장했어요. 내 일지에만 실려요. 7명 중 1명이 썼어요."
    again = await alone.click(direct, label="회고 쓰기")
    assert fields_of(again)[0][0]["value"] == "DM에서 쓴 회고"
    stored = sqlite3.connect(database_file).execute(
        "SELECT member.user_id, audit.actor_id, audit.team_id = member.team_id FROM retrospective "
        "JOIN member ON member.id = member_id JOIN audit ON action = 'retro.write'"
    )
    assert stored.fetchall() == [(team["라온"].id, team["라온"].id, 1)]
    own = await team["라온"].slash(team.channel, "retro show", member=team["라온"])
    assert "DM에서 쓴 회고" in own.response.content


async def test_what_a_direct_message_cannot_save_is_given_back(team):
    direct = await nudged_alone(team, "라온")
    alone = team["라온"].user
    forms = [await alone.click(direct, label="회고 쓰기") for _ in range(3)]
    await sure(team.admin, await team.admin.slash(team.channel, "roster remove", member=team["라온"]))
    removed = await fill(alone, forms[0], "나간 뒤에 쓴 글", "team")
    assert removed.response.content == (
        "아직 명단에 없어요. /roster join 으로 들어와 주세요.\n\n적으신 내용은 아래에 그대로 있어요.\n나간 뒤에 쓴 글"
    )
    await team["라온"].slash(team.channel, "roster join", name="라온")
    await team.admin.slash(team.channel, "journal close", reason="일찍 마쳐요")
    closed = await fill(alone, forms[1], "닫힌 뒤에 쓴 글", "team")
    assert "/journal reopen" in closed.response.content
    assert closed.response.content.endswith("닫힌 뒤에 쓴 글")
    await team.until(NUDGE.replace(hour=19, minute=1))
    late = await fill(alone, forms[2], "밤이 지나 쓴 글", "team")
    assert "04:00" in late.response.content
    assert late.response.content.endswith("밤이 지나 쓴 글")
    refused = await alone.click(direct, label="회고 쓰기")
    assert "04:00" in refused.response.content


async def test_nobody_is_nudged_when_everybody_has_written_lets_it_be_or_is_told_alone(team):
    prompt = await prompt_of(team)
    for name in ("가온", "나래", "다솜"):
        await write(team, name, prompt, "좋았다")
    for name in ("라온", "마루"):
        await team[name].click(prompt, custom_id=button(prompt, "retro:pass"))
    await team["바다"].slash(team.channel, "away")
    await team["새벽"].click(prompt, custom_id=button(prompt, "retro:direct"))
    await team.until(NUDGE)
    assert nudges(team) == []
    assert len(direct_posts(team, "새벽")) == 1
    await team["새벽"].click(prompt, custom_id=button(prompt, "retro:direct"))
    await team.until(NUDGE.replace(day=6))
    assert nudges(team) == ["Day2 첫 회고를 기다리고 있어요. 04:00까지 쓸 수 있어요."]
    assert len(direct_posts(team, "새벽")) == 1


async def test_the_form_is_filled_with_what_one_wrote_before(team):
    prompt = await prompt_of(team)
    await write(team, "나래", prompt, ("초안", "", "배운 것"), "private")
    form = await team["나래"].slash(team.channel, "retro write")
    texts, visibility = fields_of(form)
    assert [label["label"] for label in form.modal["components"]][:4] == [
        "잘한 점",
        "아쉬운 점",
        "배운 점",
        "내일 할 일",
    ]
    assert [text.get("value") or "" for text in texts] == ["초안", "", "배운 것", ""]
    assert [option["value"] for option in visibility["options"] if option.get("default")] == ["private"]


async def test_half_past_one_at_night_still_belongs_to_the_day(team):
    prompt = await prompt_of(team)
    await team.until(datetime(2026, 1, 5, 16, 30, tzinfo=UTC))
    assert "Day1" in (await write(team, "다솜", prompt, "늦었지만 쓴다")).response.content


async def test_after_the_cut_off_the_text_is_given_back(team):
    prompt = await prompt_of(team)
    form = await team["다솜"].click(prompt, custom_id=button(prompt, "retro:write"))
    await team.until(datetime(2026, 1, 5, 19, 1, tzinfo=UTC))
    result = await fill(team["다솜"], form, ("새벽에 쓴 회고", "아쉬움", "배움", "내일"), "team")
    assert "04:00" in result.response.content
    for text in ("새벽에 쓴 회고", "아쉬움", "배움", "내일"):
        assert text in result.response.content


async def test_an_empty_form_saves_nothing_and_says_so(team):
    prompt = await prompt_of(team)
    result = await write(team, "라온", prompt, "   ")
    assert result.response.content.startswith("빈칸")


async def test_an_anonymous_retrospective_leads_to_nobody(team, database_file):
    prompt = await prompt_of(team)
    result = await write(team, "마루", prompt, "익명의 속마음", "anonymous")
    assert "이름 없이" in result.response.content
    (day_of,) = sqlite3.connect(database_file).execute("SELECT * FROM anonymous_retrospective").fetchall()
    rows = sqlite3.connect(database_file).execute("SELECT * FROM anonymous_reflection").fetchall()
    assert rows == [(day_of[0], 0, "잘한 점", "익명의 속마음")]
    assert len(day_of) == 2
    named = sqlite3.connect(database_file).execute("SELECT count(*) FROM retrospective").fetchone()
    assert named == (0,)
    actors = (
        sqlite3.connect(database_file).execute("SELECT actor_id FROM audit WHERE action = 'retro.write'").fetchall()
    )
    assert actors == [(None,)]


async def test_a_second_anonymous_one_is_refused_and_given_back(team):
    prompt = await prompt_of(team)
    forms = [await team["마루"].click(prompt, custom_id=button(prompt, "retro:write")) for _ in range(3)]
    await write(team, "마루", prompt, "하나", "anonymous")
    for form, visibility in zip(forms, ("anonymous", "team", "private"), strict=True):
        refused = await fill(team["마루"], form, "둘째 글", visibility)
        assert "이날은 이미 익명으로 썼어요." in refused.response.content
        assert refused.response.content.endswith("둘째 글")
    refused = await team["마루"].click(prompt, custom_id=button(prompt, "retro:write"))
    assert "이날은 이미 익명으로 썼어요." in refused.response.content


async def test_somebody_who_is_not_on_the_roster_is_told_how_to_join(team):
    prompt = await prompt_of(team)
    refused = await team.admin.click(prompt, custom_id=button(prompt, "retro:write"))
    assert "/roster join" in refused.response.content


async def test_a_day_off_has_neither_prompt_nor_nudge(team):
    for day in range(5, 10):
        await team.until(datetime(2026, 1, day, 19, 0, tzinfo=UTC))  # 04:00 in the night after
    before = len(team.posts())
    await team.until(datetime(2026, 1, 11, 15, 0, tzinfo=UTC))
    assert sum("수고하셨어요" in message.content for message in team.posts()) == 5
    assert len(nudges(team)) == 5
    assert len(team.posts()) == before


async def test_what_was_written_is_read_and_a_private_text_by_its_author_alone(team):
    prompt = await prompt_of(team)
    await write(team, "나래", prompt, ("끝까지 *들었다*\n두 줄로", "", "어텐션"))
    await write(team, "가온", prompt, "나만의 고민", "private")
    await write(team, "마루", prompt, "이름 없는 말", "anonymous")
    await write(team, "나래", prompt, ("끝까지 *들었다*\n두 줄로", "", "어텐션과 BLEU"))
    shown = await team["다솜"].slash(team.channel, "retro show")
    assert shown.response.ephemeral
    assert shown.response.content == (
        "**Day1 회고** · 1/5 월\n\n"
        "**나래님** · 고침\n*잘한 점*\n> 끝까지 *들었다*\n> 두 줄로\n*배운 점*\n> 어텐션과 BLEU\n\n"
        "**익명**\n*잘한 점*\n> 이름 없는 말"
    )
    own = await team["가온"].slash(team.channel, "retro show", member=team["가온"])
    assert "**가온님** · 나만 볼 수 있어요\n*잘한 점*\n> 나만의 고민" in own.response.content
    for name in ("가온", "마루", "라온"):
        other = await team["다솜"].slash(team.channel, "retro show", member=team[name], day="Day1")
        assert other.response.content.endswith(
            f"{name}님이 이름으로 팀과 나눈 회고는 없어요. 익명이나 나만 보는 회고일 수도 있어요."
        )


async def test_a_streak_is_told_to_oneself_and_can_be_switched_off(team):
    prompt = await prompt_of(team)
    await write(team, "나래", prompt, "하나")
    own = await team["나래"].slash(team.channel, "retro streak")
    assert own.response.ephemeral
    assert own.response.content == (
        "회고를 하루 썼어요. 다음 학습일에도 쓰면 이틀째예요.\n"
        "-# 쉬는 날, 자리를 비운 날, 쉬어 간 날은 기록을 끊지 않아요."
    )
    await team.admin.slash(team.channel, "settings set", key="streaks", value="off")
    off = await team["나래"].slash(team.channel, "retro streak")
    assert off.response.content.startswith("이 팀은 연속 기록을 세지 않아요.")


async def ask(team, *questions):
    form = await team.admin.slash(team.channel, "retro questions")
    texts = [label["component"] for label in form.modal["components"] if "component" in label]
    assert len(texts) == 4
    values = [*questions, *[""] * 4][:4]
    return await team.admin.submit_modal(
        form, {text["custom_id"]: value for text, value in zip(texts, values, strict=True)}
    )


async def test_moderators_choose_what_is_asked_and_what_was_written_keeps_its_question(team):
    prompt = await prompt_of(team)
    await write(team, "나래", prompt, ("", "시간이 모자랐다"))
    asked = await ask(team, "오늘의 *한* 줄", "고마운 사람")
    assert asked.response.content == (
        "이제 회고에서 이렇게 물어요.\n1. 오늘의 \\*한\\* 줄\n2. 고마운 사람\n"
        "이미 쓴 회고에는 그때 물은 질문이 그대로 남아요."
    )
    await write(team, "다솜", prompt, ("끝까지 갔다", "새벽님"))
    page = await team["가온"].slash(team.channel, "journal show")
    assert "시간이 모자랐다" in page.response.content
    exported = await team["가온"].slash(team.channel, "journal export")
    text = (await exported.response.attachments[0].read()).decode()
    assert text.endswith(
        "**나래님**\n\n*아쉬운 점*\n\n시간이 모자랐다\n\n"
        "**다솜님**\n\n*오늘의 \\*한\\* 줄*\n\n끝까지 갔다\n\n*고마운 사람*\n\n새벽님\n"
    )


async def test_one_free_field_asks_nothing_and_is_printed_without_a_question(team):
    asked = await ask(team)
    assert asked.response.content.startswith("이제 회고는 한 칸에 자유롭게 써요.")
    prompt = await prompt_of(team)
    form = await team["나래"].click(prompt, custom_id=button(prompt, "retro:write"))
    assert [label["label"] for label in form.modal["components"]] == ["오늘은 어땠나요?", "누가 볼 수 있나요?"]
    await fill(team["나래"], form, "그냥 좋았다", "team")
    exported = await team["가온"].slash(team.channel, "journal export")
    assert (await exported.response.attachments[0].read()).decode().endswith("**나래님**\n\n그냥 좋았다\n")


def posts_with(team, text, channel=None):
    return [message for message in team.posts(channel) if text in message.content]


async def choose(team, name, digest, text):
    form = await team[name].click(digest, custom_id=button(digest, "retro:experiment"))
    ((field,),) = [[label["component"] for label in form.modal["components"]]]
    result = await team[name].submit_modal(form, {field["custom_id"]: text})
    return field.get("value") or "", result.response.content


async def evening(team, day, clock="12:00"):
    """Let time pass until an instant of January in UTC, a day after the other."""
    hour, minute = clock.split(":")
    await team.until(datetime(2026, 1, day, int(hour), int(minute), tzinfo=UTC))


async def test_the_digest_of_a_week_asks_for_an_experiment_that_is_tried_and_judged_in_the_next(team):
    prompt = await prompt_of(team)
    await write(team, "나래", prompt, ("끝까지 들었다\n정말로", "", "어텐션"))
    await write(team, "가온", prompt, "나만의 고민", "private")
    await team["가온"].slash(team.channel, "session note", text="BPE 코드 올리기", kind="action")
    for day in (6, 7, 8, 9):
        await evening(team, day)
    friday = team.posts()[-1]
    await write(team, "마루", friday, ("", "조금 지쳤다"), "anonymous")
    await evening(team, 9, "14:30")
    (digest,) = posts_with(team, "한 주 돌아보기")
    assert digest.content == (
        "**한 주 돌아보기** · 1/5 월~1/9 금 · Day1~5\n"
        "회고: 월 2/7 · 화 0/7 · 수 0/7 · 목 0/7 · 금 1/7\n"
        "질문 0개 (답이 달린 질문 0개) · 과제 제출 0건\n\n"
        "**할 일**\n- BPE 코드 올리기\n\n"
        "**잘한 점**\n- 나래님 (월): 끝까지 들었다\n  정말로\n\n"
        "**아쉬운 점**\n- 익명 (금): 조금 지쳤다\n\n"
        "**배운 점**\n- 나래님 (월): 어텐션"
    )
    seen = await team["다솜"].click(digest, custom_id=button(digest, "retro:week"))
    (picture,) = seen.response.attachments
    assert picture.filename == "day5-week.png"
    (item,) = seen.response.message.components[0].children[1].items
    assert item.description.splitlines()[1] == (
        "1/5 월 Day1: 회고 2/7, 질문 0, 답이 달린 질문 0, 과제 제출 0, 함께한 분: 가온, 나래"
    )
    _empty, answer = await choose(team, "다솜", digest, "질문 먼저 *하나*씩")
    assert answer == "1/12 월부터 해 볼 실험을 정했어요: 질문 먼저 \\*하나\\*씩\n팀에도 알려 드릴게요."
    await evening(team, 9, "14:31")
    (news,) = posts_with(team, "부터 해 볼 실험이에요")
    assert news.content == "1/12 월부터 해 볼 실험이에요: 질문 먼저 \\*하나\\*씩 (다솜님이 적었어요)"
    await evening(team, 12, "07:00")
    await team.admin.slash(team.channel, "session start")
    thread = "\n".join(text_of(message) for message in team.channel.threads[-1].history())
    assert thread.count("이번 주 실험: 질문 먼저 \\*하나\\*씩") == 1
    for day in (12, 13, 14, 15, 16):
        await evening(team, day)
        asked = ["이번 주 실험은 어떻게 할까요? 질문 먼저 \\*하나\\*씩" in team.posts()[-1].content]
        assert asked == [day == 16]
    friday = team.posts()[-1]
    await write(team, "나래", friday, "끝")
    for name, verdict in (("나래", "keep"), ("다솜", "drop"), ("다솜", "keep"), ("라온", "change")):
        said = await team[name].click(friday, custom_id=button(friday, f"retro:verdict:1:{verdict}"))
        assert said.response.ephemeral
    await evening(team, 16, "14:30")
    digest = posts_with(team, "한 주 돌아보기")[-1]
    assert "이번 주 실험: 질문 먼저 \\*하나\\*씩 (계속할래요 2 · 바꿔 볼래요 1 · 그만할래요 0)" in digest.content
    filled, _answer = await choose(team, "다솜", digest, "두 주째")
    assert filled == "질문 먼저 *하나*씩"
    own = await team["가온"].slash(team.channel, "retro digest")
    assert "다음 주 실험: 두 주째" in own.response.content
    earlier = await team["가온"].slash(team.channel, "retro digest", day="Day3")
    assert earlier.response.content.startswith("**한 주 돌아보기** · 1/5 월~1/9 금 · Day1~5\n")
    assert "나만의 고민" not in earlier.response.content


def test_a_long_week_is_a_beginning_and_a_file_with_all_of_it():
    answers = tuple(Said("가온", date(2026, 1, 5), f"{number}번째 이야기 " + "가" * 3000) for number in range(40))
    long = replace(week(), answers=(("배운 점", answers), ("", (Said(None, date(2026, 1, 6), "끝 <@11>"),))))
    text, file = digest(long, KOREAN)
    assert len(text) <= 2000
    assert text.startswith("**한 주 돌아보기** · 1/5 월~1/6 화 · Day1~2")
    assert file.name == "day2-week.md"
    assert all(f"- 가온님 (월): {number}번째 이야기 {'가' * 3000}" in file.text for number in range(40))
    assert file.text.endswith("**하루하루**\n- 익명 (화): 끝 가온\n")


async def test_a_day_that_is_over_names_the_one_to_write_about_next(team):
    prompt = await prompt_of(team)
    await team.until(datetime(2026, 1, 6, 1, 0, tzinfo=UTC))
    pressed = await team["나래"].click(prompt, custom_id=button(prompt, "retro:write"))
    assert pressed.response.content == "Day1 회고는 04:00에 마감됐어요. 오늘 회고는 /retro write 로 쓸 수 있어요."
    await team.until(datetime(2026, 1, 10, 1, 0, tzinfo=UTC))
    on_saturday = await team["나래"].slash(team.channel, "retro write")
    assert on_saturday.response.content == "Day5 회고는 04:00에 마감됐어요. 다음 회고는 1/12 월에 쓸 수 있어요."
