"""`/rotation simulate`, `/rotation balance` and `/rotation order`, as people see them."""

import io
from datetime import UTC, datetime, timedelta

from PIL import Image

from tests.study_team import NAMES, StudyTeam, found_team


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2026 on a clock in Seoul."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


async def rotation(team: StudyTeam, command: str, who=None, **options: object) -> str:
    result = await (who or team["가온"]).slash(team.channel, f"rotation {command}", **options)
    assert result.response.ephemeral
    return result.response.content


# ── simulating ────────────────────────────────────────────────────────────────


async def test_each_turn_is_told_with_its_reason(team):
    text = await rotation(team, "simulate", days=2, lectures=1)
    assert text.splitlines() == [
        "**Day1** · 1/5 월",
        "- 가상 강의 1 발표자: 가온님 (순서)",
        "- 모더레이터: 나래님 (순서; 가온님은 이미 발표자)",
        "**Day2** · 1/6 화",
        "- 가상 강의 1 발표자: 나래님 (순서)",
        "- 모더레이터: 가온님 (순서)",
        "",
        "-# 발표자 2일 합계: 가온님 1, 나래님 1",
        "-# 모더레이터 2일 합계: 나래님 1, 가온님 1",
        "-# 미리 보기일 뿐이에요. 바뀐 건 없어요.",
    ]


async def test_the_reasons_are_told_as_people_say_them(team):
    text = await rotation(team, "simulate", days=8)
    assert "- 모더레이터: 새벽님 (차례 수가 가장 적음 (0번, 다른 분들 1번 이상))" in text
    assert "- 모더레이터: 가온님 (가장 오래 기다림: 9일)" in text
    await team.until(seoul(5, 18, 1))
    text = await rotation(team, "simulate", days=2, away=", ".join(NAMES[2:]), lectures=2)
    assert "- 모더레이터: 가온님 (이미 정해짐)" in text
    assert "⚠️ 모두 당번이라 두 번째 당번" in text
    assert "⚠️ 맡을 사람이 없어요" in await rotation(team, "simulate", away=", ".join(NAMES))


async def test_a_week_is_told_on_each_of_its_days(team):
    await team.admin.slash(team.channel, "settings set", key="moderator_per", value="week")
    text = await rotation(team, "simulate", days=2)
    assert text.splitlines()[1:4:2] == ["- 모더레이터: 가온님 (순서)", "- 모더레이터: 가온님 (이번 주 내내 맡음)"]
    assert "모더레이터 2일 합계: 가온님 1" in text


async def test_people_who_would_be_away_are_mentioned_or_named(team):
    text = await rotation(team, "simulate", days=3, away=f"<@{team['가온'].id}>님, 나래")
    assert "**Day1** · 1/5 월 · 자리 비움: 가온님, 나래님" in text
    assert "다솜님" in text.splitlines()[1]
    assert "lectures 에 하루 강의 수를 적으면" in text


async def test_a_stranger_who_would_be_away_is_refused(team):
    assert "명단에서 찾지 못했어요" in await rotation(team, "simulate", away="누군가")


async def test_a_long_simulation_is_in_a_file(team):
    result = await team["가온"].slash(team.channel, "rotation simulate", days=60, lectures=3)
    (file,) = result.response.attachments
    text = (await file.read()).decode()
    assert text.count("**Day") == 60
    assert text.count("모더레이터: ") == 60


# ── balance ───────────────────────────────────────────────────────────────────


async def test_turns_are_shown_as_bars_with_a_description_and_who_is_next(team):
    await team.until(seoul(7, 18, 1))
    result = await team["가온"].slash(team.channel, "rotation balance")
    assert result.response.ephemeral
    (container,) = result.response.message.components
    head, gallery = container.children
    assert head.content.startswith("### 지금까지의 차례\n다음 차례: 모더레이터 마루님 · 발표자 가온님")
    (item,), (file,) = gallery.items, result.response.attachments
    assert "가온 1" in item.description
    assert Image.open(io.BytesIO(await file.read())).format == "PNG"


async def test_in_words_the_bars_are_blocks(team):
    await team.until(seoul(7, 18, 1))
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["가온"], date="1/9")
    lines = (await rotation(team, "balance", text=True)).splitlines()
    assert lines[:3] == ["**지금까지의 차례**", "**모더레이터** (평균 0.7번)", "██ 2 가온님"]
    assert lines[3] == "█ 1 나래님"
    assert lines[8] == "0 새벽님"
    assert "/rotation assign" not in lines[-1]


async def test_one_persons_balance_can_be_asked_for(team):
    text = await rotation(team, "balance", text=True, member=team["나래"])
    assert "나래님" in text
    assert "0 가온님" not in text


async def test_without_anybody_there_is_nothing_to_balance(env):
    team = await found_team(env, names=())
    assert "/roster add" in await rotation(team, "balance", who=team.admin)


# ── order ─────────────────────────────────────────────────────────────────────


async def test_a_moderator_says_who_is_next_and_is_told_what_follows(team):
    text = await rotation(team, "order", who=team.admin, duty="모더레이터", next=team["라온"])
    assert text.splitlines() == [
        "**모더레이터** 순서 (1/5 월부터): 라온님 → 마루님 → 바다님 → 새벽님 → 가온님 → 나래님 → 다솜님",
        "다음 차례는 이렇게 진행돼요.",
        "- 1/5 월 모더레이터: 라온님",
        "- 1/6 화 모더레이터: 마루님",
        "- 1/7 수 모더레이터: 바다님",
        "- 1/8 목 모더레이터: 새벽님",
        "- 1/9 금 모더레이터: 가온님",
    ]


async def test_an_order_is_typed_with_mentions_or_names(team):
    named = f"<@{team['새벽'].id}> <@{team['바다'].id}>, 가온님"
    text = await rotation(team, "order", who=team.admin, duty="presenter", order=named)
    assert text.splitlines()[0].endswith(": 새벽님 → 바다님 → 가온님 → 나래님 → 다솜님 → 라온님 → 마루님")
    assert "강의가 등록되면" in text


async def test_a_turn_given_for_later_is_told_with_the_order(team):
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["라온"], date="1/7")
    text = await rotation(team, "order", who=team.admin, duty="moderator", next=team["라온"])
    assert "- 1/7 수 모더레이터: 라온님 (전에 정해짐)" in text
    assert "⚠️ 라온님은 이미 받은 차례가 있거나" in text


async def test_an_order_without_anybody_named_is_refused(team):
    assert "next 에" in await rotation(team, "order", who=team.admin, duty="moderator")
    refused = await rotation(team, "order", who=team.admin, duty="moderator", order=", ".join((*NAMES, "가온")))
    assert "가온님이 두 번" in refused
