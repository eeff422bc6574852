"""`/journal close`, `reopen` and `index`: what is missing, who would add it, and what stays in the page."""

import sqlite3
from datetime import date, timedelta

import pytest

from bot.domain.team import StudyDay
from bot.i18n import KOREAN
from bot.services.journal.index import IndexedDay, Standing
from cogs.journal._index import index_file, index_text
from tests.services.people import seoul
from tests.study_team import NAMES, StudyTeam

EVENING = seoul("2026-01-05 22:00")


def labels(message) -> dict[str, str]:
    """Custom id → label of every button."""
    return {child["custom_id"]: child["label"] for row in message.components for child in row["components"]}


def press(message, which: str) -> str:
    """The full custom id of the button whose id begins so."""
    return next(custom_id for custom_id in labels(message) if custom_id.startswith(which))


async def journal(team: StudyTeam, who, command: str, **options):
    result = await who.slash(team.channel, f"journal {command}", **options)
    assert result.ephemeral
    return result.response


def _filled(field, text: str) -> str | list[str]:
    """The text where there is room for one; the team where who may read it is asked; else what is chosen already."""
    if field["type"] == 4:
        return text if field["required"] or field["style"] == 2 else ""
    options = field.get("options", [])
    return [option["value"] for option in options if option["value"] == "team" or option.get("default")][:1]


async def write(team: StudyTeam, who, form, text: str):
    fields = [label["component"] for label in form.modal["components"]]
    values = {field["custom_id"]: _filled(field, text) for field in fields}
    return (await who.submit_modal(form, values)).response


async def page(team: StudyTeam, day: str = "1") -> str:
    (file,) = (await journal(team, team["나래"], "export", day=day)).attachments
    return (await file.read()).decode()


@pytest.fixture
async def evening(team: StudyTeam) -> StudyTeam:
    """22:00 on Day 1, which 다솜 moderates: a lecture without notes, one without presenter, a question."""
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["다솜"], date="2026-01-05")
    await team["가온"].slash(team.channel, "lecture add", title="RNN", course="NLP", number="3강", present_on="오늘")
    await team["나래"].slash(team.channel, "ask", question="왜 *순서대로* 읽나요?")
    await team.until(EVENING)
    return team


async def test_a_page_with_gaps_names_each_with_its_owner_and_opens_its_form(evening: StudyTeam) -> None:
    shown = await journal(evening, evening["다솜"], "close")
    presenter = shown.content.splitlines()
    assert presenter == [
        "**Day1 NLP 3강** · 1/5 월 · 일지에 아직 없는 것",
        "- NLP 3강 정리",
        r"- 질문 #1 왜 \*순서대로\* 읽나요?의 답 · 다솜님",
        "- 회의록 · 다솜님",
        "- 회고: 7명 중 0명이 썼어요",
    ]
    assert list(labels(shown).values()) == ["NLP 3강 정리", "#1 답하기", "회의록", "내 회고", "이대로 닫기"]
    for custom_id, text in {
        "lecture:note": "순환 신경망 정리",
        "question:answer": "앞말이 뒷말을 정해서요.",
        "session:note": "3시에 다시 모인다",
        "retro:write": "재미있었다",
    }.items():
        form = await evening["다솜"].click(shown, custom_id=press(shown, custom_id))
        said = (await write(evening, evening["다솜"], form, text)).content
        assert any(saved in said for saved in ("저장했어요", "적었어요", "남겼어요")), said
    assert (await journal(evening, evening["다솜"], "close")).content.splitlines() == [
        "**Day1 NLP 3강** · 1/5 월 · 일지에 아직 없는 것",
        "- 회고: 7명 중 1명이 썼어요",
    ]


async def test_what_was_not_handed_in_is_named_to_moderators_and_opens_ones_own_form(evening: StudyTeam) -> None:
    assignment = {"title": "RNN 구현", "due": "오늘 23:59"}
    await evening["다솜"].slash(evening.channel, "assignment add", **assignment)
    await evening["다솜"].slash(evening.channel, "assignment add", title="더 읽기", due="오늘 23:59", required=False)
    for name in ("가온", "나래", "라온", "마루", "바다"):
        await evening[name].slash(evening.channel, "assignment submit", assignment="1", note="끝")
    shown = await journal(evening, evening["다솜"], "close")
    assert [line for line in shown.content.splitlines() if "A1" in line] == ["- A1 RNN 구현 제출 · 다솜님, 새벽님"]
    assert "더 읽기" not in shown.content
    assert labels(shown)["assignment:submit:1:board"] == "A1 제출하기"
    form = await evening["다솜"].click(shown, custom_id="assignment:submit:1:board")
    assert "A1" in form.modal["title"]
    link = form.modal["components"][0]["component"]["custom_id"]
    handed_in = await evening["다솜"].submit_modal(form, {link: "https://github.com/dasom/rnn"})
    assert "A1" in handed_in.response.content
    assert "https://github.com/dasom/rnn" in await page(evening)
    shown = await journal(evening, evening["다솜"], "close")
    assert [line for line in shown.content.splitlines() if "A1" in line] == ["- A1 RNN 구현 제출 · 새벽님"]
    assert "assignment:submit:1:board" not in labels(shown)
    today = (await evening["가온"].slash(evening.channel, "today")).response.content
    assert "새벽" not in today.split("일지에")[-1]


async def test_closing_with_gaps_wants_a_reason_and_the_page_says_it(evening: StudyTeam, database_file) -> None:
    assert "이미 닫혔" not in (await journal(evening, evening["다솜"], "close", reason="  ")).content
    shown = await journal(evening, evening["다솜"], "close")
    form = await evening["다솜"].click(shown, custom_id=press(shown, "journal:close"))
    said = await write(
        evening, evening["다솜"], form, f"오후에 `모두` {evening['새벽'].mention}네\n집에 갔다 @everyone"
    )
    assert said.content.splitlines()[:2] == [
        "Day1을 닫았어요 (1/5 월).",
        "빠진 채로 닫았어요. 이유는 일지에 실려요.",
    ]
    assert not said.components
    assert r"빠진 것이 있는 채로 닫은 이유: 오후에 \`모두\` 새벽네 집에 갔다 @everyone" in await page(evening)
    assert "이미 닫혔" in (await journal(evening, evening["다솜"], "close")).content
    with sqlite3.connect(database_file) as connection:
        (audited,) = connection.execute("SELECT actor_id, reason FROM audit WHERE action = 'day.close'").fetchall()
    assert audited[0] == evening["다솜"].id
    assert "집에 갔다" in audited[1]


async def test_after_closing_what_is_written_belongs_to_the_next_day(evening: StudyTeam) -> None:
    await journal(evening, evening["다솜"], "close", reason="일찍 마침")
    noted = await evening["가온"].slash(evening.channel, "session note", text="뒤늦은 말")
    assert noted.response.content.startswith("Day2")
    await evening["가온"].slash(evening.channel, "ask", question="뒤늦은 질문")
    assert "뒤늦은" not in await page(evening)
    refused = await evening["가온"].slash(evening.channel, "retro write")
    assert "이미 닫혔어요" in refused.response.content
    started = await evening.admin.slash(evening.channel, "session start")
    assert started.response.content.endswith("오늘 일지를 이미 닫아서 다음 학습일인 1/6 화의 피어세션이에요.")
    await evening.until(seoul("2026-01-06 10:00"))
    shown = await page(evening, "2")
    assert "뒤늦은 말" in shown
    assert "뒤늦은 질문" in shown


async def test_reopening_is_for_moderators_and_ends_at_the_cut_off(evening: StudyTeam, database_file) -> None:
    await journal(evening, evening["다솜"], "close", reason="일찍 마침")
    assert "모더레이터" in (await journal(evening, evening["다솜"], "reopen")).content
    shown = await journal(evening, evening.admin, "reopen", reason="회고가 빠졌어요")
    assert shown.content.splitlines()[0] == "Day1을 다시 열었어요 (1/5 월). 1/6 화 04:00에 저절로 닫혀요."
    assert "이대로 닫기" not in labels(shown).values()
    assert "일찍 마침" not in await page(evening)
    assert "열려 있어요" in (await journal(evening, evening.admin, "reopen")).content
    form = await evening["가온"].slash(evening.channel, "retro write")
    assert "저장했어요" in (await write(evening, evening["가온"], form, "다시 열려서 썼다")).content
    await evening.until(seoul("2026-01-06 10:00"))
    assert "이미 닫혔" in (await journal(evening, evening.admin, "close", day="1")).content
    with sqlite3.connect(database_file) as connection:
        rows = connection.execute("SELECT action, reason FROM audit WHERE action LIKE 'day.%' ORDER BY id").fetchall()
    assert rows == [("day.close", "일찍 마침"), ("day.reopen", "회고가 빠졌어요"), ("day.close", None)]


async def test_a_session_that_is_going_on_is_ended_before_its_day_is_closed(evening: StudyTeam) -> None:
    await evening["다솜"].slash(evening.channel, "session start")
    assert "/session end" in (await journal(evening, evening["다솜"], "close", reason="그냥")).content
    await evening["다솜"].slash(evening.channel, "session end")
    assert "닫았어요" in (await journal(evening, evening["다솜"], "close", reason="그냥")).content


async def test_the_index_says_what_has_become_of_every_day(evening: StudyTeam) -> None:
    await evening.admin.slash(evening.channel, "calendar off", date="2026-01-07", label="MT *둘째 날*")
    await evening.admin.slash(evening.channel, "calendar off", date="2026-01-08", label="")
    await evening.until(seoul("2026-01-09 10:00"))
    await evening["가온"].slash(evening.channel, "session note", text="금요일의 메모")
    await evening.until(seoul("2026-01-12 10:00"))
    await journal(evening, evening.admin, "reopen", day="1")
    assert (await journal(evening, evening["가온"], "index")).content.splitlines() == [
        "닫힘 1일 · 열림 1일 · 늦음 1일 · 비어 있음 1일",
        "**2주차**",
        "○ Day4 · 1/12 월 · 열림",
        "**1주차**",
        "● Day3 · 1/9 금 · 닫힘",
        "· 1/8 목 · 쉬는 날",
        r"· 1/7 수 · 쉬는 날 · MT \*둘째 날\*",
        "✕ Day2 · 1/6 화 · 비어 있음",
        "◐ Day1 · 1/5 월 · 늦음 (지난 날이지만 다시 열려 있어요) · NLP 3강",
    ]


def test_a_long_study_is_shown_from_its_end_and_whole_in_a_file() -> None:
    begin = date(2026, 1, 5)
    days = [
        IndexedDay(day, number // 5 + 1, Standing.CLOSED, StudyDay(1, day, number, "NLP 5~6강", closed=True))
        for number, day in enumerate((begin + timedelta(days=step) for step in range(75)), start=1)
    ]
    days[40] = IndexedDay(date(2026, 2, 17), 7, Standing.HOLIDAY, label="설날")
    shown = index_text(days[::-1], KOREAN)
    assert 1800 < len(shown) <= 2000
    assert shown.startswith("닫힘 74일\n**16주차**\n● Day75 · 3/20 금 · 닫힘 · NLP 5\\~6강")
    assert shown.endswith("-# 그 전 날짜는 파일에 있어요.")
    whole = index_file(days[::-1], KOREAN).fp.read().decode()
    assert "· 2/17 화 · 공휴일 · 설날" in whole
    assert whole.endswith("● Day1 · 1/5 월 · 닫힘 · NLP 5\\~6강\n")
    assert index_file(days[:5], KOREAN) is None


async def test_a_lecture_and_a_presenter_that_are_missing_have_their_forms(team: StudyTeam) -> None:
    """Nobody is there to present what is added; two come back, and one of them is named from the same answer."""
    bare = await journal(team, team.admin, "close", day="1")
    assert labels(bare)[press(bare, "lecture:add")] == "공부한 강의"
    form = await team.admin.click(bare, custom_id=press(bare, "lecture:add"))
    title, _course, number = [label["component"]["custom_id"] for label in form.modal["components"]]
    refused = await team.admin.submit_modal(form, {title: "   ", number: "3강"})
    assert refused.response.content.startswith("빈칸이라 저장하지 않았어요.")
    assert refused.response.content.endswith("3강")
    form = await team.admin.click(bare, custom_id=press(bare, "lecture:add"))
    title, _course, number = [label["component"]["custom_id"] for label in form.modal["components"]]
    added = await team.admin.submit_modal(form, {title: "RNN", number: "3강"})
    assert added.response.content.startswith("3강 · RNN을 추가했어요.")
    for name in NAMES:
        await team[name].slash(team.channel, "away", until="1/9")
    await team.admin.slash(team.channel, "lecture add", title="LSTM", number="4강", present_on="오늘")
    shown = await journal(team, team.admin, "close", day="1")
    assert "- 4강 발표자" in shown.content
    for name in ("나래", "다솜"):
        await team[name].slash(team.channel, "back")
    form = await team.admin.click(shown, custom_id=press(shown, "rotation:presenter"))
    (member,) = [label["component"]["custom_id"] for label in form.modal["components"]]
    named = await team.admin.submit_modal(form, {member: [team["다솜"]]})
    assert "이제 다솜님" in named.response.content
    form = await team.admin.click(shown, custom_id=press(shown, "rotation:presenter"))
    away = await team.admin.submit_modal(form, {form.modal["components"][0]["component"]["custom_id"]: [team["가온"]]})
    assert "가온님" in away.response.content
    assert "이제 가온님" not in away.response.content
