"""`/lecture`, as people use it."""

import sqlite3
from datetime import UTC, datetime

import discord
import pytest

from tests.study_team import StudyTeam, found_team, sure

NOTE = "## Self-Attention\n\n$QK^T$ 를 나누는 까닭을 아직 모르겠다."


async def add(team: StudyTeam, who: str = "가온", **options: object) -> str:
    options.setdefault("title", "Attention")
    return (await team[who].slash(team.channel, "lecture add", **options)).response.content


async def listed(team: StudyTeam) -> str:
    return (await team["가온"].slash(team.channel, "lecture list")).response.content


async def only_lecture(team: StudyTeam) -> str:
    (choice,) = await team["가온"].autocomplete(team.channel, "lecture note", "lecture", "")
    return choice["value"]


async def material(team: StudyTeam, who: str = "가온", **options: object) -> str:
    result = await team[who].slash(team.channel, "lecture material", lecture=await only_lecture(team), **options)
    return (result.followups[0] if result.deferred else result.response).content


async def write_note(team: StudyTeam, who: str, text: str) -> str:
    form = await team[who].slash(team.channel, "lecture note", lecture=await only_lecture(team))
    (label,) = form.modal["components"]
    return (await team[who].submit_modal(form, {label["component"]["custom_id"]: text})).response.content


async def attach_note(team: StudyTeam, name: str, data: bytes) -> str:
    lecture = await only_lecture(team)
    result = await team["나래"].slash(team.channel, "lecture note", lecture=lecture, file=(name, data))
    return (result.followups[0] if result.deferred else result.response).content


def rows(database_file, query: str) -> list[tuple]:
    connection = sqlite3.connect(database_file)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def notes(database_file) -> list[str]:
    return [text for (text,) in rows(database_file, "SELECT text FROM lecture_note ORDER BY id")]


# ── adding ────────────────────────────────────────────────────────────────────


async def test_a_lecture_is_studied_today_and_presented_on_the_next_study_day(team):
    answer = await add(team, course="NLP", number="5강")
    assert answer.splitlines() == [
        "NLP 5강 · Attention을 추가했어요.",
        "공부 1/5 월 (Day1) · 발표 1/6 화 (Day2)",
        "지금 순서대로면 가온님이 발표해요. 그날 당번을 알릴 때 확정돼요.",
    ]


async def test_over_a_weekend_it_is_presented_on_monday(team):
    answer = await add(team, date="1/9")
    assert "공부 1/9 금 (Day5) · 발표 1/12 월 (Day6)" in answer


async def test_it_may_be_presented_on_the_day_it_is_studied_and_its_turn_is_settled_at_once(team):
    answer = await add(team, present_on="오늘")
    assert "공부 1/5 월 (Day1) · 발표 1/5 월 (Day1)" in answer
    assert answer.endswith("발표는 가온님이에요.")


async def test_dates_are_understood_as_people_write_them(team):
    answer = await add(team, date="내일", present_on="2026-01-08")
    assert "공부 1/6 화 (Day2) · 발표 1/8 목 (Day4)" in answer


async def test_a_lecture_studied_before_the_team_began_here_may_still_be_presented(team):
    answer = await add(team, date="2026-01-02", present_on="오늘")
    assert "공부 1/2 금 · 발표 1/5 월 (Day1)" in answer


async def test_the_course_is_the_one_used_last(team):
    await add(team, course="CV", number="1강")
    assert "CV 2강 · Attention" in await add(team, number="2강")


async def test_a_named_presenter_has_the_turn(team):
    answer = await add(team, number="5강", presenter=team["새벽"])
    assert answer.endswith("발표는 새벽님이에요.")
    assert "발표 1/6 화 새벽님" in await listed(team)


async def test_a_lecture_added_after_the_announcement_gets_somebody_who_is_free(team, database_file):
    await add(team, number="5강")
    await team.until(datetime(2026, 1, 5, 9, 30, tzinfo=UTC))
    answer = await add(team, number="6강")
    assert answer.splitlines()[-1].startswith("발표는 ")
    turns = rows(database_file, "SELECT member_id FROM turn WHERE date = '2026-01-06' AND state = 'proposed'")
    assert len(turns) == len(set(turns)) == 3


async def test_an_event_has_no_presenter(team):
    assert (await add(team, title="멘토링", kind="event")).endswith("발표자가 없는 행사예요.")
    refusal = await add(team, title="특강", kind="event", presenter=team["나래"])
    assert refusal.startswith("행사에는 발표자가 없어요.")
    assert "특강" not in await listed(team)


async def test_a_presenter_who_is_not_on_the_roster_is_refused_and_nothing_is_added(team):
    refusal = await add(team, presenter=team.admin)
    assert "/roster add" in refusal
    assert "아직 강의가 없어요" in await listed(team)


async def test_somebody_who_is_not_in_the_team_is_told_how_to_join(team):
    guest = team.guild.add_member(team.env.create_user("guest", global_name="손님"))
    result = await guest.slash(team.channel, "lecture add", title="Attention")
    assert "/roster join" in result.response.content


async def test_a_team_without_anybody_can_plan_its_lectures(env):
    team = await found_team(env, names=())
    result = await team.admin.slash(team.channel, "lecture add", title="Attention")
    assert "/roster add" in result.response.content.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"date": "언젠가"}, "날짜를 읽지 못했어요"),
        ({"date": "2026-02-30"}, "날짜를 읽지 못했어요"),
        ({"date": "1/10"}, "1/10 토 날짜는 학습일이 아니에요"),
        ({"present_on": "1/10"}, "1/10 토 날짜는 학습일이 아니에요"),
        ({"present_on": "2026-01-02"}, "1/2 금 날짜는 이미 지났어요. 1/5 월 이후"),
        ({"date": "1/7", "present_on": "1/6"}, "발표(1/6 화)가 공부(1/7 수)보다 빨라요"),
        ({"date": "9999-12-31"}, "1년 넘게"),
        ({"present_on": "2062-01-06"}, "1년 넘게"),
        ({"title": "   "}, "제목이 비어 있어요"),
        ({"title": "가" * 201}, "200자까지"),
        ({"course": "가" * 51}, "50자까지"),
        ({"number": "가" * 21}, "20자까지"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(team, database_file, options, refusal):
    before = rows(database_file, "SELECT count(*) FROM audit")
    assert refusal in await add(team, **options)
    assert rows(database_file, "SELECT count(*) FROM lecture") == [(0,)]
    assert rows(database_file, "SELECT count(*) FROM audit") == before


async def test_the_same_lecture_sent_twice_is_there_once(team):
    await add(team, course="NLP", number="5강")
    assert (await add(team, course="NLP", number="5강")).startswith("NLP 5강 · Attention은 이미 있어요.")
    assert (await listed(team)).count("NLP 5강") == 1


# ── the list ──────────────────────────────────────────────────────────────────


async def test_the_list_shows_days_and_presenters(team):
    await add(team, course="NLP", number="5강")
    await add(team, title="멘토링", kind="event", course="", date="1/7")
    assert (await listed(team)).splitlines() == [
        "- **NLP 5강 · Attention**: 공부 1/5 월 · 발표 1/6 화 가온님",
        "- **멘토링** (행사): 공부 1/7 수 · 피어세션 1/8 목",
    ]


async def test_a_list_over_discords_limit_comes_as_a_file(team):
    for number in range(25):
        await add(team, number=f"{number}강", title="긴 제목 " * 20)
    result = await team["가온"].slash(team.channel, "lecture list")
    (file,) = result.response.attachments
    assert (await file.read()).decode().count("\n") == 24


async def test_typing_narrows_the_lectures_offered_and_the_nearest_come_first(team):
    await add(team, course="NLP", number="1강", date="1/20")
    await add(team, number="2강", date="1/6")
    offered = await team["가온"].autocomplete(team.channel, "lecture note", "lecture", "nlp")
    assert [choice["name"] for choice in offered] == ["NLP 2강 · Attention", "NLP 1강 · Attention"]
    offered = await team["가온"].autocomplete(team.channel, "lecture note", "lecture", "1 강")
    assert [choice["name"] for choice in offered] == ["NLP 1강 · Attention"]


async def test_what_discord_has_no_room_for_ends_in_dots(team):
    await add(team, course="NLP", number="5강", title="아주 긴 제목 " * 20)
    (choice,) = await team["가온"].autocomplete(team.channel, "lecture note", "lecture", "")
    form = await team["가온"].slash(team.channel, "lecture note", lecture=choice["value"])
    for shown, limit in ((choice["name"], 100), (form.modal["title"], 45)):
        assert len(shown) == limit
        assert shown.startswith("NLP 5강 · 아주 긴")
        assert shown.endswith("…")


@pytest.mark.parametrize("typed", ["id:", "id:x", "id:99999999999999999999"])
async def test_what_only_looks_like_a_choice_is_refused(team, typed):
    result = await team["가온"].slash(team.channel, "lecture note", lecture=typed)
    assert result.response.content == f"‘{typed}’ 항목을 찾지 못했어요. 입력할 때 뜨는 목록에서 골라 주세요."


async def test_outside_a_team_no_lecture_is_offered(env):
    await env.advance_time(1)
    guild = env.create_guild("빈 서버")
    channel = guild.create_text_channel("general")
    member = guild.add_member(env.create_user("someone"))
    assert await member.autocomplete(channel, "lecture note", "lecture", "") == []


# ── changing, moving, removing ────────────────────────────────────────────────


async def change(team: StudyTeam, command: str, actor=None, **options: object) -> str:
    """The only lecture, by the moderator unless somebody else is named."""
    lecture = await only_lecture(team)
    result = await (actor or team.admin).slash(team.channel, f"lecture {command}", lecture=lecture, **options)
    assert result.response.ephemeral
    return await sure(actor or team.admin, result)


async def test_a_paper_with_three_readers_is_in_the_reading_list(team):
    answer = await add(team, title="BERT", kind="paper", readers=3)
    assert answer.splitlines()[-1] == ("지금 순서대로면 가온님·나래님·다솜님이 발표해요. 그날 당번을 알릴 때 확정돼요.")
    await add(team, number="5강")
    result = await team["가온"].slash(team.channel, "lecture list", kind="paper")
    assert result.response.content == "- **BERT** (논문): 1/6 화까지 가온님·나래님·다솜님"
    result = await team["가온"].slash(team.channel, "lecture list", kind="event")
    assert result.response.content == "이 종류의 강의는 없어요. /lecture list 로 모든 강의를 볼 수 있어요."


async def test_more_readers_than_people_are_said(env):
    team = await found_team(env, names=("가온", "나래"))
    answer = await add(team, kind="paper", readers=3)
    assert answer.splitlines()[-1] == "⚠️ 3명이 발표해야 하는데 2명만 정할 수 있었어요."


async def test_an_edit_shows_the_lecture_as_it_is_now(team):
    await add(team, number="5강")
    assert (await change(team, "edit", title="Transformer", number="6강")).splitlines() == [
        "6강 · Transformer를 고쳤어요.",
        "공부 1/5 월 (Day1) · 발표 1/6 화 (Day2)",
        "지금 순서대로면 가온님이 발표해요. 그날 당번을 알릴 때 확정돼요.",
    ]


async def test_a_move_names_the_new_days_and_who_presents(team):
    await add(team, number="5강", presenter=team["새벽"])
    assert (await change(team, "move", team["새벽"], present_on="1/9")).splitlines() == [
        "5강 · Attention을 옮겼어요.",
        "공부 1/5 월 (Day1) · 발표 1/9 금 (Day5)",
        "발표는 새벽님이에요.",
    ]


async def test_a_removal_asks_first_and_names_whose_turn_it_is(team):
    await add(team, number="5강", presenter=team["새벽"])
    asked = await team.admin.slash(team.channel, "lecture remove", lecture=await only_lecture(team))
    assert asked.response.content.splitlines() == [
        "5강 · Attention을 지울까요?",
        "새벽님 발표 차례도 함께 사라져요.",
    ]
    assert "5강" in await listed(team)
    assert (await change(team, "remove")).splitlines() == [
        "5강 · Attention을 지웠어요.",
        "새벽님 차례였는데 없던 일이 됐어요. 당사자에게도 알려 주세요.",
    ]
    assert "아직 강의가 없어요" in await listed(team)


async def test_who_no_longer_presents_is_named(team):
    await add(team, number="5강", presenter=team["새벽"])
    assert (await change(team, "edit", kind="event")).splitlines()[-2:] == [
        "발표자가 없는 행사예요.",
        "이제 발표하지 않는 분: 새벽님",
    ]


async def test_a_lecture_with_notes_stays_and_the_answer_says_what_to_do(team, database_file):
    await add(team, number="5강")
    await write_note(team, "나래", NOTE)
    assert await change(team, "remove") == (
        "5강 · Attention에 이미 쌓인 기록이 있어서 지울 수 없어요 (정리 1개)."
        " /lecture edit 으로 고치거나 /lecture move 로 옮겨 주세요."
    )


async def test_somebody_else_is_told_whom_to_ask(team):
    await add(team, number="5강", presenter=team["새벽"])
    assert await change(team, "move", team["나래"], present_on="1/9") == (
        "5강 · Attention은 발표하는 새벽님과 모더레이터만 바꿀 수 있어요. 그분이나 모더레이터에게 부탁해 주세요."
    )


# ── notes ─────────────────────────────────────────────────────────────────────


async def test_the_form_says_that_the_team_sees_the_notes(team):
    await add(team, course="NLP", number="5강")
    form = await team["나래"].slash(team.channel, "lecture note", lecture=await only_lecture(team))
    (label,) = form.modal["components"]
    assert form.modal["title"] == "NLP 5강 · Attention"
    assert "팀 모두가 볼 수 있고" in label["description"]
    assert label["component"]["max_length"] == 4000


async def test_notes_add_to_what_is_there(team, database_file):
    await add(team, number="5강")
    assert await write_note(team, "나래", NOTE) == "5강 · Attention 정리를 저장했어요. 팀이 함께 볼 수 있어요."
    await write_note(team, "나래", "하나 더")
    assert notes(database_file) == [NOTE, "하나 더"]


async def test_an_empty_form_saves_nothing(team, database_file):
    await add(team)
    assert "저장하지 않았어요" in await write_note(team, "나래", "   ")
    assert notes(database_file) == []


async def test_long_notes_come_as_a_file(team, database_file):
    await add(team)
    text = "# 정리\r\n" + "가" * 9000
    assert "저장했어요" in await attach_note(team, "정리.md", b"\xef\xbb\xbf" + text.encode())
    assert notes(database_file) == [text.replace("\r\n", "\n")]


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        ("slides.pdf", b"%PDF-1.7", "slides.pdf"),
        ("note.md", "한글".encode("cp949"), "UTF-8"),
        ("note.txt", b"a\x00b", "UTF-8"),
        ("note.md", b" \n\n", "비어 있어서"),
        ("note.md", b"a" * (1024 * 1024 + 1), "1MB보다 커요"),
    ],
)
async def test_a_file_that_is_no_text_is_refused(team, database_file, name, data, refusal):
    await add(team)
    assert refusal in await attach_note(team, name, data)
    assert notes(database_file) == []


async def test_somebody_not_on_the_roster_is_told_so_before_writing(team):
    await add(team)
    result = await team.admin.slash(team.channel, "lecture note", lecture=await only_lecture(team))
    assert result.modal is None
    assert "/roster join" in result.response.content


async def test_a_lecture_of_another_team_is_refused(team, database_file):
    await add(team)
    foreign = await only_lecture(team)
    guild = team.env.create_guild("다른 스터디")
    channel = guild.create_text_channel("study")
    role = guild.create_role("운영", permissions=discord.Permissions(manage_guild=True))
    stranger = guild.add_member(team.env.create_user("stranger", global_name="하나"), roles=[role])
    await stranger.slash(channel, "setup", language="ko")
    await stranger.slash(channel, "roster add", member=stranger, name="하나")
    for command, options in (("note", {}), ("material", {"url": "https://example.org/"})):
        result = await stranger.slash(channel, f"lecture {command}", lecture=foreign, **options)
        assert "이 팀에 그런 강의가 없어요" in result.response.content
    assert rows(database_file, "SELECT count(*) FROM lecture_material") == [(0,)]


# ── materials ─────────────────────────────────────────────────────────────────


async def test_a_link_is_kept_under_the_lecture(team, database_file):
    await add(team, number="5강")
    answer = await material(team, title="발표 자료", url="https://example.org/slides")
    assert answer.startswith("5강 자료로 발표 자료를 붙였어요.")
    assert rows(database_file, "SELECT title, url FROM lecture_material") == [
        ("발표 자료", "https://example.org/slides")
    ]


async def test_a_file_is_posted_by_the_bot_so_that_it_outlives_the_answer(team, database_file):
    await add(team, number="5강")
    answer = await material(team, "나래", title="발표 @everyone", file=("5강 발표.pdf", b"%PDF-1.7 slides"))
    assert "붙였어요" in answer
    post = team.posts()[-1]
    assert post.content == "5강 자료 · 발표 @everyone (나래님이 올렸어요)"
    assert not post.mention_everyone
    (file,) = post.attachments
    assert await file.read() == b"%PDF-1.7 slides"
    assert rows(database_file, "SELECT title, url, channel_id, message_id, attachment_id FROM lecture_material") == [
        ("발표 @everyone", None, team.channel.id, post.id, file.id)
    ]


async def test_without_a_title_the_files_name_is_taken_and_means_nothing_in_markdown(team, database_file):
    await add(team)
    await material(team, file=("[x](evil)*`.pdf", b"data"))
    ((title,),) = rows(database_file, "SELECT title FROM lecture_material")
    assert title == "_x_(evil)__.pdf"


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"url": "javascript:alert(1)"}, "https://"),
        ({"url": "ftp://example.org/x"}, "https://"),
        ({"url": "https://"}, "https://"),
        ({"url": "https://exa mple.org"}, "https://"),
        ({"url": "http://[bad"}, "https://"),
        ({"url": "https://me:secret@example.org"}, "@ 앞부분을 빼고"),
        ({"url": "https://example.org/" + "a" * 2000}, "2000자까지"),
        ({}, "하나만 넣어 주세요"),
        ({"url": "https://example.org", "file": ("a.pdf", b"x")}, "하나만 넣어 주세요"),
        ({"file": ("big.pdf", b"a" * (10 * 1024 * 1024 + 1))}, "big.pdf 파일이 10MB보다 커요"),
        ({"title": "가" * 201, "url": "https://example.org"}, "200자까지"),
        ({"title": "가" * 201, "file": ("a.pdf", b"x")}, "200자까지"),
    ],
)
async def test_a_material_that_cannot_be_kept_is_refused(team, database_file, options, refusal):
    await add(team)
    posts = len(team.posts())
    assert refusal in await material(team, **options)
    assert len(team.posts()) == posts
    assert rows(database_file, "SELECT count(*) FROM lecture_material") == [(0,)]


async def test_a_channel_the_bot_cannot_write_to_is_named_with_the_remedy(team, database_file):
    await add(team)
    team.forbid(send_messages=False)
    answer = await material(team, file=("a.pdf", b"x"))
    assert answer.startswith(f"{team.channel.mention} 채널에 파일을 올릴 수 없어요.")
    assert rows(database_file, "SELECT count(*) FROM lecture_material") == [(0,)]
