"""`/admin doctor`, `audit` and `backup`, as a moderator sees them."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import discord

from bot.db.backup import taken
from bot.demo.clock import SimulatedClock
from bot.demo.simulation import simulated
from bot.jobs.backups import Backups
from tests.services.people import seoul
from tests.study_team import MONDAY, StudyTeam, found_team, sure, walk


async def said(team: StudyTeam, command: str, **options: object) -> str:
    result = await team.admin.slash(team.channel, f"admin {command}", **options)
    assert result.response.ephemeral
    return result.response.content


async def test_a_healthy_team_reads_first_that_all_is_well_and_then_what_comes(team):
    lines = (await said(team, "doctor")).splitlines()
    assert lines[0] == "**문제 없어요.**"
    assert "- 1/5 월 21:00 · 회고 안내" in lines
    assert lines[-1].startswith("**데이터베이스** ")
    coming = lines[lines.index("**다음에 나갈 메시지**") + 1 : -1]
    assert len(coming) == 10
    assert [line for line in coming if line.endswith("회고 안내")][:2] == [
        "- 1/5 월 21:00 · 회고 안내",
        "- 1/6 화 21:00 · 회고 안내",
    ]
    await team.until(seoul("2026-01-05 21:05"))
    sent = (await said(team, "doctor")).split("**마지막으로 나간 메시지**")[1]
    assert "- 1/5 월 21:00 · 회고 안내" in sent


async def test_what_is_missing_in_a_channel_is_named_with_who_can_allow_it(team):
    team.forbid(send_messages=False)
    text = await said(team, "doctor")
    assert text.startswith("**손볼 것 1가지**\n⚠️ ")
    assert "메시지 보내기" in text.splitlines()[1]
    assert "<@" in text.splitlines()[1]


async def test_a_channel_that_is_gone_and_what_was_not_delivered_are_findings(team):
    room = team.guild.create_text_channel("회고")
    await team.admin.slash(team.channel, "settings set", key="retro_channel", value=room.mention)
    team.env.backend.delete_channel(room.id)
    await team.until(seoul("2026-01-05 21:05"))
    found = [line for line in (await said(team, "doctor")).splitlines() if line.startswith("⚠️")]
    assert [f"<#{room.id}> 채널이 없어졌거나" in found[0], "보내지 못한 메시지가 1개" in found[1]] == [True, True]


async def test_a_clock_that_is_off_and_older_commands_are_findings(team, monkeypatch):
    now = team.env.bot.clock.now
    monkeypatch.setattr(team.env.bot.clock, "now", lambda: now().replace(year=now().year + 1), raising=False)
    monkeypatch.setattr(team.env.bot, "commands_hash", "another")
    text = await said(team, "doctor")
    assert "제 시계가 디스코드와" in text
    assert "디스코드에 있는 명령이 예전 것이에요." in text


async def test_changes_are_told_latest_first_with_before_and_after(team):
    await team.admin.slash(team.channel, "settings set", key="retro_time", value="22:00")
    text = await said(team, "audit")
    first = text.splitlines()[1]
    assert text.startswith("**바뀐 것** (")
    assert team.admin.mention in first
    assert first.endswith("**설정 변경** team:1 · `retro_time` 21:00 → 22:00")


async def test_an_instant_is_told_by_the_teams_clock(team):
    await team.admin.slash(team.channel, "assignment add", title="구현", due="내일 23:59")
    (added,) = [line for line in (await said(team, "audit")).splitlines() if "**과제 추가**" in line]
    assert "`due_at` 1/6 화 23:59" in added


async def test_people_days_and_what_was_taken_back_are_told_by_their_names(team):
    due = {"owner": team["다솜"], "due": "내일"}
    await team["나래"].slash(team.channel, "session note", text="자료 모으기", kind="action", **due)
    removed = await sure(team.admin, await team.admin.slash(team.channel, "roster remove", member=team["마루"]))
    assert "명단에서 내렸어요" in removed
    await team.admin.slash(team.channel, "calendar off", date="2026-01-07")
    text = await said(team, "audit")
    (noted,) = [line for line in text.splitlines() if "**회의록 기록**" in line]
    assert "`due` 1/6 화" in noted
    assert "`owner` 다솜" in noted


async def test_changes_of_one_person_from_a_day_on(team):
    await team["나래"].slash(team.channel, "ask", question="왜요?")
    await team.admin.slash(team.channel, "settings set", key="retro_time", value="22:00")
    text = await said(team, "audit", member=team["나래"])
    assert text.splitlines()[0] == "**바뀐 것** (1건, 최근 것부터)"
    assert "**질문 등록** question:1" in text
    assert await said(team, "audit", since="2026-01-06") == "그동안 바뀐 것이 없어요."
    assert "날짜를" in await said(team, "audit", since="언젠가")


async def test_what_people_keep_to_themselves_is_in_no_change(team):
    await team["나래"].slash(team.channel, "away", **{"from": "2026-01-08"}, reason="병원")
    await team["나래"].slash(team.channel, "ask", question="익명으로 묻고 싶은 것", anonymous=True)
    text = await said(team, "audit")
    assert "**자리 비움** 나래 · `since` 1/8 목 · `until` 1/9 금\n" in text
    assert "병원" not in text
    (asked,) = [line for line in text.splitlines() if "**질문 등록**" in line]
    assert "이름 없음" in asked


async def test_what_the_bot_did_by_itself_is_told_as_its_own(team):
    await team.admin.slash(team.channel, "session start")
    (proposed,) = [line for line in (await said(team, "audit")).splitlines() if "turn:moderator" in line]
    assert " · 봇 · " in proposed


async def test_many_changes_come_page_by_page_and_as_a_whole(team):
    for number in range(30):
        await team["가온"].slash(team.channel, "session note", text=f"메모 {number}")
        await team["가온"].slash(team.channel, "session undo")
    first = await team.admin.slash(team.channel, "admin audit")
    assert "-# 1/" in first.response.content
    whole = await team.admin.click(first.response, label="파일로 받기")
    (file,) = whole.response.message.attachments
    lines = (await file.read()).decode().splitlines()
    pages = [first.response.content]
    while any(part.label == "다음" and not part.disabled for part in buttons(first)):
        await team.admin.click(first.response, label="다음")
        pages.append(first.response.content)
    shown = [line for page in pages for line in page.splitlines() if line[0].isdigit()]
    assert shown == lines
    assert len(lines) == 8 + 60
    assert all(len(page) <= 2000 for page in pages)


def buttons(result) -> list[discord.Button]:
    return [part for part in walk(result.response.message.components) if isinstance(part, discord.Button)]


async def test_what_can_be_had_back_is_offered_also_once_the_answer_is_closed(team):
    await sure(team.admin, await team.admin.slash(team.channel, "roster remove", member=team["마루"]))
    await team.admin.slash(team.channel, "calendar off", date="1/7", label="워크숍")
    trail = await team.admin.slash(team.channel, "admin audit")
    (offered,) = [part for part in walk(trail.response.message.components) if isinstance(part, discord.SelectMenu)]
    assert [option.label for option in offered.options] == ["학습일·쉬는 날 변경 · 2026-01-07", "명단에서 내림 · 마루"]
    back = await team.admin.select(trail.response, [offered.options[1].value])
    assert back.response.content.startswith("마루님을 전처럼 명단에 다시 올렸어요.")
    assert "되돌림" in await said(team, "audit")
    listed = await team.admin.slash(team.channel, "roster list")
    assert listed.response.content.startswith("**명단** (7명)")


async def test_a_damaged_file_and_a_schema_of_another_version_are_findings(team, database_file):
    """A page of a table that nobody reads is overwritten on the disk."""
    with closing(sqlite3.connect(database_file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'published_page'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with database_file.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    found = (await said(team, "doctor")).splitlines()[:3]
    assert found == [
        "**손볼 것 2가지**",
        "⚠️ 데이터베이스가 손상됐어요. 봇을 운영하는 분이 봇을 멈추고 마지막 백업으로 되돌려 주세요.",
        "⚠️ 데이터베이스와 프로그램의 버전이 달라요. 봇을 운영하는 분이 다시 시작해 주세요.",
    ]


async def test_a_backup_is_made_and_no_second_one_within_an_hour(database_file, tmp_path):
    backups = Backups(database_file, tmp_path / "backups", 9, SimulatedClock())
    async with simulated(database_file, MONDAY - timedelta(days=1), backups=backups) as env:
        await env.advance_time(86400)
        team = await found_team(env)
        told = await said(team, "backup")
        made = taken(tmp_path / "backups")
        megabytes = f"{made[-1].stat().st_size / 1_000_000:.1f}"
        assert told == (
            f"백업했어요: `{made[-1].name}`, {megabytes}MB. 디스코드가 아니라 봇을 운영하는 쪽에 있어요.\n"
            f"보관 중인 백업은 {len(made)}개예요. 9개가 넘으면 가장 오래된 것부터 지워요."
        )
        assert "한 시간이 안 된 백업이 있어요." in await said(team, "backup")
        assert taken(tmp_path / "backups") == made
        await env.advance_time(3700)
        assert f"보관 중인 백업은 {len(made) + 1}개예요." in await said(team, "backup")
        assert taken(tmp_path / "backups")[-1] > made[-1]
    with closing(sqlite3.connect(made[-1])) as copy:
        assert copy.execute("SELECT count(*) FROM member").fetchone() == (7,)


async def test_where_backups_are_off_it_says_how_to_switch_them_on(team):
    assert "BACKUP_KEEP" in await said(team, "backup")


async def test_changes_are_told_in_the_log_channel_each_once_and_a_minutes_together(team):
    room = team.guild.create_text_channel("기록")
    await team.admin.slash(team.channel, "settings set", key="retro_time", value="22:00")
    await team.admin.slash(team.channel, "settings set", key="log_channel", value=room.mention)
    await team.admin.slash(team.channel, "settings set", key="retro_time", value="22:30")
    await team["나래"].slash(team.channel, "ask", question="왜요?")
    assert told(team, room) == []
    await team.env.advance_time(61)
    (first,) = told(team, room)
    lines = first.content.splitlines()
    assert [f"– → {room.mention}" in lines[0], "22:30" in lines[1], "**질문 등록**" in lines[2]] == [True] * 3
    assert len(lines) == 3
    await team.env.advance_time(3600)
    assert len(told(team, room)) == 1
    await team.restart()
    await team.admin.slash(team.channel, "settings set", key="retro_time", value="21:00")
    await team.env.advance_time(61)
    (_, second) = told(team, room)
    assert "`retro_time` 22:30 → 21:00" in second.content
    assert len(second.content.splitlines()) == 1


def told(team: StudyTeam, room) -> list[discord.Message]:
    """What was posted into the log channel, besides the greeting when it was chosen."""
    return [post for post in team.posts(room) if "**" in post.content]


async def log_room(team: StudyTeam):
    """A log channel in which its own choice has been told."""
    room = team.guild.create_text_channel("기록")
    await team.admin.slash(team.channel, "settings set", key="log_channel", value=room.mention)
    await team.env.advance_time(61)
    return room


async def test_what_failed_and_is_sent_again_tells_nothing_that_was_told_since(team):
    room = await log_room(team)
    path = f"/channels/{room.id}/messages"
    team.env.inject_error("POST", path, status=403, code=50013, message="Missing Permissions", times=None)
    await team.admin.slash(team.channel, "settings set", key="retro_time", value="22:00")
    await team.env.advance_time(61)
    team.env.backend.faults.clear()
    await team.admin.slash(team.channel, "settings set", key="retro_time", value="22:30")
    await team.env.advance_time(61)
    (failed,) = await team.admin.autocomplete(team.channel, "admin retry", "delivery", "")
    await team.admin.slash(team.channel, "admin retry", delivery=failed["value"])
    await team.env.advance_time(61)
    texts = [post.content for post in told(team, room)]
    assert [sum(f"→ {time}" in text for text in texts) for time in ("22:00", "22:30")] == [1, 1]


async def test_what_people_wrote_is_not_told_in_the_log_channel(team):
    room = await log_room(team)
    await team.admin.slash(team.channel, "session start")
    await team["나래"].slash(team.channel, "session note", text="도로 가져간 말")
    await team["나래"].slash(team.channel, "session undo")
    await team.env.advance_time(61)
    texts = "\n".join(post.content for post in told(team, room))
    assert "**회의록 기록 되돌림**" in texts
    assert "도로 가져간 말" not in texts
    assert "도로 가져간 말" in await said(team, "audit")


async def test_a_log_channel_that_is_gone_is_a_finding(team):
    room = await log_room(team)
    team.env.backend.delete_channel(room.id)
    assert f"<#{room.id}>" in (await said(team, "doctor")).splitlines()[1]


async def test_all_the_teams_pages_are_exported_as_data_without_what_is_private(team):
    await team["나래"].slash(team.channel, "ask", question="첫날의 질문")
    form = await team["나래"].slash(team.channel, "retro write")
    private = {field["custom_id"]: _private(field) for field in _fields(form)}
    assert "저장했어요" in (await team["나래"].submit_modal(form, private)).response.content
    await team.until(seoul("2026-01-06 10:00"))
    await team["가온"].slash(team.channel, "ask", question="둘째 날의 질문")
    exported = (await team.admin.slash(team.channel, "admin export")).response
    assert exported.content.startswith("Day1부터 Day2까지")
    (file,) = exported.message.attachments
    text = (await file.read()).decode()
    assert [day["number"] for day in json.loads(text)["days"]] == [1, 2]
    assert ["첫날의 질문" in text, "둘째 날의 질문" in text, "나만 보는 말" in text] == [True, True, False]


def _fields(form) -> list[dict]:
    return [label["component"] for label in form.modal["components"]]


def _private(field) -> str | list[str]:
    return ["private"] if "options" in field else "나만 보는 말"
