"""The evening's prompt, and what people write."""

import sqlite3
from datetime import UTC, datetime

from tests.study_team import button

EVENING = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
"""21:00 in Seoul on Day 1."""


async def prompt_of(team):
    await team.until(EVENING)
    (prompt,) = [message for message in team.posts() if "수고하셨어요" in message.content]
    return prompt


async def write(team, name, prompt, text, visibility="team"):
    form = await team[name].click(prompt, custom_id=button(prompt, "retro:write"))
    text_id, visibility_id = [label["component"]["custom_id"] for label in form.modal["components"]]
    return await team[name].submit_modal(form, {text_id: text, visibility_id: [visibility]})


async def test_the_prompt_comes_in_the_evening_of_a_study_day_and_once(team):
    prompt = await prompt_of(team)
    assert prompt.content == "Day1 수고하셨어요. 오늘은 어땠나요?"
    await team.until(EVENING.replace(hour=18))
    assert sum("수고하셨어요" in message.content for message in team.posts()) == 1


async def test_the_button_works_after_a_restart(team):
    prompt = await prompt_of(team)
    await team.restart()
    result = await write(team, "나래", prompt, "오늘은 RNN이 조금 보였다.")
    assert (
        result.response.content == "Day1 회고를 저장했어요. 하루가 끝나기 전까지 고칠 수 있어요. 7명 중 1명이 썼어요."
    )
    assert result.response.ephemeral


async def test_the_form_is_filled_with_what_one_wrote_before(team):
    prompt = await prompt_of(team)
    await write(team, "나래", prompt, "초안", "private")
    form = await team["나래"].slash(team.channel, "retro write")
    text, visibility = [label["component"] for label in form.modal["components"]]
    assert text["value"] == "초안"
    assert [option["value"] for option in visibility["options"] if option.get("default")] == ["private"]


async def test_half_past_one_at_night_still_belongs_to_the_day(team):
    prompt = await prompt_of(team)
    await team.until(datetime(2026, 1, 5, 16, 30, tzinfo=UTC))
    assert "Day1" in (await write(team, "다솜", prompt, "늦었지만 쓴다")).response.content


async def test_after_the_cut_off_the_text_is_given_back(team):
    prompt = await prompt_of(team)
    form = await team["다솜"].click(prompt, custom_id=button(prompt, "retro:write"))
    await team.until(datetime(2026, 1, 5, 19, 1, tzinfo=UTC))
    text_id, visibility_id = [label["component"]["custom_id"] for label in form.modal["components"]]
    result = await team["다솜"].submit_modal(form, {text_id: "새벽에 쓴 회고", visibility_id: ["team"]})
    assert "04:00" in result.response.content
    assert "새벽에 쓴 회고" in result.response.content


async def test_an_empty_form_saves_nothing_and_says_so(team):
    prompt = await prompt_of(team)
    result = await write(team, "라온", prompt, "   ")
    assert result.response.content.startswith("빈칸")


async def test_an_anonymous_retrospective_leads_to_nobody(team, database_file):
    prompt = await prompt_of(team)
    result = await write(team, "마루", prompt, "익명의 속마음", "anonymous")
    assert "이름 없이" in result.response.content
    rows = sqlite3.connect(database_file).execute("SELECT * FROM anonymous_retrospective").fetchall()
    assert [row[-1] for row in rows] == ["익명의 속마음"]
    named = sqlite3.connect(database_file).execute("SELECT count(*) FROM retrospective").fetchone()
    assert named == (0,)
    actors = (
        sqlite3.connect(database_file).execute("SELECT actor_id FROM audit WHERE action = 'retro.write'").fetchall()
    )
    assert actors == [(None,)]


async def test_a_second_anonymous_one_is_refused_and_given_back(team):
    prompt = await prompt_of(team)
    forms = [await team["마루"].click(prompt, custom_id=button(prompt, "retro:write")) for _ in range(2)]
    await write(team, "마루", prompt, "하나", "anonymous")
    for form, visibility in zip(forms, ("anonymous", "team"), strict=True):
        text_id, visibility_id = [label["component"]["custom_id"] for label in form.modal["components"]]
        refused = await team["마루"].submit_modal(form, {text_id: "둘째 글", visibility_id: [visibility]})
        assert "오늘은 이미 익명으로 썼어요." in refused.response.content
        assert refused.response.content.endswith("둘째 글")
    refused = await team["마루"].click(prompt, custom_id=button(prompt, "retro:write"))
    assert "오늘은 이미 익명으로 썼어요." in refused.response.content


async def test_somebody_who_is_not_on_the_roster_is_told_how_to_join(team):
    prompt = await prompt_of(team)
    refused = await team.admin.click(prompt, custom_id=button(prompt, "retro:write"))
    assert "/roster join" in refused.response.content


async def test_a_day_off_has_no_prompt(team):
    await team.until(datetime(2026, 1, 11, 14, 0, tzinfo=UTC))
    assert sum("수고하셨어요" in message.content for message in team.posts()) == 5
