"""A peer session from its reminder to its minutes, by the people who are in it."""

import re
import sqlite3
from datetime import UTC, date, datetime, timedelta

import discord
import pytest
from sqlalchemy import select

from bot.db.tables import (
    AssignmentRow,
    LectureRow,
    MemberRow,
    QuestionRow,
    StudyDayRow,
    TeamRow,
    TurnRow,
)
from tests.database import reading, writing
from tests.study_team import button, found_team, shown

MONDAY = date(2026, 1, 5)
TUESDAY = date(2026, 1, 6)
AFTERNOON = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
"""16:00 in Seoul on Day 1, when the session begins."""

DAY = timedelta(days=1)


@pytest.fixture
def dump(database_file):
    """Everything in the database, as text."""

    def read():
        connection = sqlite3.connect(database_file)
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()

    return read


async def given(team, *rows):
    """Put rows into the database that other features write."""
    async with writing(team.env.bot.database) as session:
        session.add_all(rows)
        await session.flush()
        return [row.id for row in rows]


async def member_id(team, name):
    async with reading(team.env.bot.database) as session:
        return await session.scalar(select(MemberRow.id).where(MemberRow.name == name))


async def lecture(team, number, title, *, studied=MONDAY, presented=MONDAY, course="NLP"):
    row = LectureRow(
        team_id=1, course=course, number=number, title=title, kind="lecture",
        study_date=studied, session_date=presented, created_at=AFTERNOON,
    )  # fmt: skip
    return (await given(team, row))[0]


async def duty(team, name, unit, day=MONDAY):
    kind = "presenter" if unit.startswith("lecture") else "moderator"
    row = TurnRow(
        team_id=1, duty=kind, unit=unit, date=day, member_id=await member_id(team, name), state="assigned",
        lecture_id=int(unit.partition(":")[2]) if kind == "presenter" else None, made_at=AFTERNOON,
    )  # fmt: skip
    await given(team, row)


async def asked(team, number, text, *, day=MONDAY, lecture_id=None, state="open", further=False):
    async with reading(team.env.bot.database) as session:
        day_id = await session.scalar(select(StudyDayRow.id).where(StudyDayRow.date == day))
    if day_id is None:
        (day_id,) = await given(team, StudyDayRow(team_id=1, date=day))
    row = QuestionRow(
        team_id=1, number=number, day_id=day_id, lecture_id=lecture_id, text=text, state=state, further=further,
        asked_at=AFTERNOON,
    )  # fmt: skip
    await given(team, row)


async def presenting_day(team):
    """Day 1: 우리 팀 studies 5강, 가온 presents 3강 and 나래 4강, 다솜 moderates."""
    await lecture(team, "5강", "Attention", presented=TUESDAY)
    third = await lecture(team, "3강", "RNN", studied=MONDAY - 3 * DAY)
    fourth = await lecture(team, "4강", "LSTM", studied=MONDAY - 3 * DAY)
    await duty(team, "가온", f"lecture:{third}")
    await duty(team, "나래", f"lecture:{fourth}")
    await duty(team, "다솜", "day:2026-01-05")
    return third, fourth


def opening(team):
    posts = [message for message in team.posts() if message.type is discord.MessageType.default]
    (message,) = [message for message in posts if re.match(r"Day\d+(?!.* 회의록)", message.content)]
    return message


def thread(team):
    (found,) = team.channel.threads
    return found


def in_thread(team, part=""):
    """What was posted in the thread besides the agenda."""
    return [message for message in team.posts(thread(team)) if message.content and part in message.content]


def agenda(team):
    """The board of the session."""
    (found,) = [message for message in team.posts(thread(team)) if not message.content]
    return found


def pinged(team, message):
    """Whom a message pings: not all whom it mentions."""
    stored = team.env.backend.get_message(message.channel.id, message.id)
    return set(stored.ping_user_ids) | ({"everyone"} if stored.mention_everyone else set())


def fields(form):
    return [label["component"] for label in form.modal["components"]]


async def reply(team, name, message, text):
    form = await team[name].click(message, custom_id=button(message, "session:roundtable"))
    return await team[name].submit_modal(form, {fields(form)[0]["custom_id"]: text})


async def picked(team, typed):
    """The lecture that the list offers first for what is typed."""
    offered = await team["가온"].autocomplete(team.channel, "session note", "lecture", typed)
    return offered[0]["value"]


async def note(team, name, text, **options):
    return (await team[name].slash(team.channel, "session note", text=text, **options)).response.content


async def test_a_session_from_its_start_to_its_minutes(team):
    third, _fourth = await presenting_day(team)
    await asked(team, 1, "왜 tanh를 쓰나요?", lecture_id=third)
    await team.until(AFTERNOON)

    started = await team["다솜"].slash(team.channel, "session start")
    assert started.response.ephemeral
    assert started.response.content.startswith("Day1 피어세션을 시작했어요. 안건을 오늘의 스레드에")
    assert opening(team).content == (
        "Day1 NLP 5강 · 1/5 월\n모더레이터 다솜님 · 발표 3강 가온님, 4강 나래님 · 답을 기다리는 질문 1개"
    )
    assert thread(team).name == "Day1 NLP 5강"
    assert thread(team).id == opening(team).id
    assert shown(agenda(team)) == (
        "### Day1 NLP 5강 피어세션\n모더레이터 다솜님 · 16:00 시작, 60분 예정\n"
        "**출석 0명**\n-# 아직인 분 가온님, 나래님, 다솜님, 라온님, 마루님, 바다님, 새벽님\n"
        "**NLP 3강 · RNN** · 발표 가온님 · 16:00~16:20\n- #1 왜 tanh를 쓰나요?\n"
        "**NLP 4강 · LSTM** · 발표 나래님 · 16:20~16:40\n- 답을 기다리는 질문이 없어요."
    )

    assert await note(team, "라온", "오늘은 짧게") == "Day1 회의록에 적었어요: 메모"
    assert (
        await note(team, "마루", "게이트는 학습된다", kind="discussion", lecture=await picked(team, "4강"))
        == "Day1 회의록에 적었어요: 나눈 이야기 · NLP 4강"
    )
    assert await note(team, "바다", "매일 16시에 모인다", kind="decision") == "Day1 회의록에 적었어요: 결정"
    acted = await note(team, "새벽", "논문 2장\n읽기", kind="action", owner=team["마루"], due="내일")
    assert acted == "Day1 회의록에 적었어요: 할 일 · 담당 마루님 · 1/6 화까지"
    assert await note(team, "가온", "과제는 오늘까지", kind="announcement") == "Day1 회의록에 적었어요: 공지"
    assert await note(team, "나래", "https://example.com/rnn", kind="material") == "Day1 회의록에 적었어요: 자료"

    asked_around = await team["다솜"].slash(thread(team), "session roundtable", prompt="다들 정리 어떻게 하세요?")
    assert asked_around.response.content == "Day1 스레드에 질문과 답하기 버튼을 올릴게요."
    (prompt,) = in_thread(team, "다들 정리 어떻게 하세요?")
    assert (await reply(team, "가온", prompt, "전부 노션에")).response.content.endswith("7명 중 1명이 답했어요.")
    await team.restart()
    assert (await reply(team, "나래", prompt, "코드로 구현")).response.content.endswith("7명 중 2명이 답했어요.")
    assert (await reply(team, "가온", prompt, "키워드만")).response.content.endswith("7명 중 2명이 답했어요.")

    ended = await team["다솜"].slash(team.channel, "session end")
    assert "다음 학습일 Day2 (1/6 화)" in ended.response.content
    minutes = in_thread(team)[-1].content
    assert minutes == (
        "Day1 NLP 5강 피어세션 회의록\n16:00부터 0분 (예정 60분)\n\n"
        "**다음 학습일 Day2 (1/6 화)**\n모더레이터 가온님 (확인 전) · 발표 5강 다솜님 (확인 전)\n\n"
        "**공지**\n- 과제는 오늘까지\n\n"
        "**결정**\n- 매일 16시에 모인다\n\n"
        "**할 일**\n- 논문 2장\n  읽기 · 담당 마루님 · 1/6 화까지\n\n"
        "**나눈 이야기**\n- 게이트는 학습된다 (NLP 4강)\n\n"
        "**메모**\n- 오늘은 짧게\n\n"
        "**자료**\n- https://example.com/rnn\n\n"
        "**다들 정리 어떻게 하세요?**\n- 가온님: 키워드만\n- 나래님: 코드로 구현"
    )
    assert len(in_thread(team)) == 2
    assert [message.content for message in team.posts() if "회의록" in message.content] == [minutes]


async def test_the_agenda_carries_over_what_is_still_open(team):
    await asked(team, 1, "초반 정보는 어떻게 전달되나요?", further=True)
    await asked(team, 2, "이미 답한 것", further=True, state="answered")
    await asked(team, 3, "어제 것이지만 이어 가지 않는 질문")
    await note(team, "가온", "BERT 읽기", owner=team["나래"], due="1/9")
    await note(team, "가온", "기한 없는 일", kind="action")
    await note(team, "가온", "어제까지인 일", owner=team["나래"], due="오늘")
    due = datetime(2026, 1, 7, 14, 59, tzinfo=UTC)
    for number, title, at in ((1, "어제 끝난 과제", AFTERNOON), (2, "*RNN* LM", due), (3, "먼 과제", due + DAY)):
        assignment = AssignmentRow(
            team_id=1, number=number, title=title, due_at=at, required=True, reminders="", created_at=AFTERNOON
        )
        await given(team, assignment)
    await team.until(AFTERNOON + DAY)
    await asked(team, 4, "@everyone **오늘** 질문", day=TUESDAY)
    await team.admin.slash(team.channel, "session start")
    assert shown(agenda(team)).partition("새벽님\n")[2] == (
        "오늘 발표하는 강의는 없어요.\n"
        "**그 밖의 질문**\n- #4 @\u200beveryone \\*\\*오늘\\*\\* 질문\n"
        "**이어 가는 Further Question**\n- #1 초반 정보는 어떻게 전달되나요? · 1일째 이어 가는 중\n"
        "**남은 할 일**\n- 어제까지인 일 · 담당 나래님 · 1/5 월까지\n"
        "- BERT 읽기 · 담당 나래님 · 1/9 금까지\n- 기한 없는 일\n"
        "**다가오는 마감**\n- A2 \\*RNN\\* LM · 1/7 수 23:59 마감"
    )
    assert pinged(team, agenda(team)) == set()


async def test_each_question_stands_on_the_agenda_once(team):
    third, _fourth = await presenting_day(team)
    later = await lecture(team, "7강", "BERT", presented=TUESDAY)
    await asked(team, 1, "오늘 발표 질문", lecture_id=third, further=True)
    await asked(team, 2, "내일 발표 질문", lecture_id=later)
    await asked(team, 3, "오늘 나온 더 생각할 질문", further=True)
    await note(team, "가온", "방금 정한 일", due="내일")
    await team.admin.slash(team.channel, "session start")
    assert shown(agenda(team)).partition("**NLP 3강 · RNN**")[2] == (
        " · 발표 가온님 · 09:00~09:20\n- #1 오늘 발표 질문\n"
        "**NLP 4강 · LSTM** · 발표 나래님 · 09:20~09:40\n- 답을 기다리는 질문이 없어요.\n"
        "**그 밖의 질문**\n- #2 내일 발표 질문 (NLP 7강)\n- #3 오늘 나온 더 생각할 질문"
    )


async def test_what_the_mentor_is_to_be_asked_is_carried_over_too(team):
    await asked(team, 1, "멘토님께 여쭤볼 것", further=True, state="mentor")
    await team.until(AFTERNOON + DAY)
    await team.admin.slash(team.channel, "session start")
    assert "- 🎓 #1 멘토님께 여쭤볼 것 · 1일째 이어 가는 중" in shown(agenda(team))


async def test_the_age_of_a_question_counts_study_days_only(team):
    await asked(team, 1, "주말을 건너뛰는 질문", further=True)
    await team.until(AFTERNOON + 7 * DAY)
    await team.admin.slash(team.channel, "session start")
    assert "5일째 이어 가는 중" in shown(agenda(team))


async def test_the_thread_is_made_once_whoever_needs_it_first(team):
    await team.admin.slash(team.channel, "session roundtable", prompt="점심 뭐 먹었어요?")
    await team.admin.slash(team.channel, "session start")
    await team.admin.slash(team.channel, "session roundtable", prompt="저녁은요?")
    await team.admin.slash(team.channel, "session end")
    first, *_rest = in_thread(team)
    assert first.content.startswith("점심")
    assert len(in_thread(team)) == 3
    opening(team)


async def test_a_day_without_lectures_has_a_thread_with_its_number_only(team):
    await team.admin.slash(team.channel, "session start")
    assert thread(team).name == "Day1"


async def test_a_thread_name_never_exceeds_what_discord_takes(team):
    for number in range(1, 9):
        await lecture(team, f"{number}강", "제목", course=f"아주 긴 이름의 과목 {number}번")
    await team.admin.slash(team.channel, "session start")
    assert len(thread(team).name) == 100
    assert thread(team).name.endswith("…")


async def test_an_agenda_of_everything_still_fits_into_what_discord_takes(team):
    for number in range(1, 13):
        await lecture(team, f"{number}강", f"아주 긴 제목 {'가나다 ' * 60}")
    for number in range(1, 61):
        await asked(team, number, f"질문 {number}번은 충분히 길어서 한 보드에 다 들어가지 않아요", further=number > 50)
    for number in range(40):
        await note(team, "가온", f"공지 {number} " + "가나다라 " * 60, kind="announcement")
    await team.admin.slash(team.channel, "session start")
    text = shown(agenda(team))
    assert len(text) <= 4000
    assert len(text.encode()) <= 9500
    assert "… 외 강의 6개" in text
    assert re.search(r"#1 질문.*… 외 \d+개: /question list", text, re.DOTALL)
    assert "- 공지 0" not in text
    assert "… 외 40개" in text


async def test_long_minutes_come_with_a_file_as_it_was_typed(team):
    await team.admin.slash(team.channel, "session start")
    long = f"{team['나래'].mention} `코드`와 $x_1$\n" + "가나다라 " * 700
    await note(team, "가온", long.strip())
    await team.admin.slash(team.channel, "session end")
    minutes = in_thread(team)[-1]
    assert "모더레이터" in minutes.content
    assert pinged(team, minutes) == set()
    (attachment,) = minutes.attachments
    assert attachment.filename == "day1-minutes.md"
    assert (
        long.strip().replace(team["나래"].mention, "나래").replace("\n", "\n  ") in (await attachment.read()).decode()
    )


async def test_what_people_type_pings_nobody(team):
    loud = f"@everyone @here {team['나래'].mention}"
    await team.admin.slash(team.channel, "session start")
    await note(team, "가온", loud)
    await team.admin.slash(team.channel, "session roundtable", prompt=loud)
    await reply(team, "가온", in_thread(team)[-1], loud)
    await team.admin.slash(team.channel, "session end")
    loud_posts = in_thread(team, "@everyone")
    assert len(loud_posts) == 2
    assert [pinged(team, message) for message in (*loud_posts, agenda(team))] == [set()] * 3


async def test_only_moderators_start_and_everybody_else_learns_who_moderates(team, dump):
    await presenting_day(team)
    before = dump()
    for command, options in (("start", {}), ("end", {}), ("roundtable", {"prompt": "?"})):
        result = await team["라온"].slash(team.channel, f"session {command}", **options)
        assert "오늘의 모더레이터는 다솜님" in result.response.content
    assert dump() == before
    assert team.channel.threads == []


async def test_on_the_first_day_that_nobody_announced_whoever_is_shown_as_moderator_starts(team):
    await team.until(AFTERNOON - timedelta(minutes=9))
    (reminder,) = [message for message in team.posts() if "피어세션이에요" in message.content]
    assert f"모더레이터 {team['가온'].mention}님" in reminder.content
    refused = await team["나래"].slash(team.channel, "session start")
    assert "오늘의 모더레이터는 가온님" in refused.response.content
    started = await team["가온"].slash(team.channel, "session start")
    assert started.response.content.startswith("Day1 피어세션을 시작했어요.")


async def test_a_second_start_is_told_who_began_and_when(team, dump):
    await presenting_day(team)
    await team.until(AFTERNOON)
    await team["다솜"].slash(team.channel, "session start")
    before = dump()
    again = await team.admin.slash(team.channel, "session start")
    assert again.response.content == (
        "오늘 피어세션은 16:00에 다솜님이 이미 시작했어요. 마칠 때는 /session end 를 써 주세요."
    )
    assert dump() == before


async def test_a_second_end_changes_nothing(team, dump):
    early = await team.admin.slash(team.channel, "session end")
    assert early.response.content == "아직 오늘 피어세션을 시작하지 않았어요. /session start 로 먼저 시작해 주세요."
    await team.admin.slash(team.channel, "session start")
    await team.admin.slash(team.channel, "session end")
    before = dump()
    for command in ("end", "start"):
        again = await team.admin.slash(team.channel, f"session {command}")
        assert again.response.content.startswith("오늘 피어세션은 09:00에 이미 끝났어요.")
    assert dump() == before


async def test_on_a_day_off_the_session_is_that_of_the_next_study_day(team):
    await team.until(AFTERNOON + 5 * DAY)
    started = await team.admin.slash(team.channel, "session start")
    assert started.response.content.startswith("Day6 피어세션을 시작했어요.")
    assert started.response.content.endswith("오늘은 쉬는 날이라 다음 학습일인 1/12 월의 피어세션이에요.")
    assert thread(team).name == "Day6"


async def test_what_is_noted_after_the_end_still_belongs_to_the_day(team, database_file):
    await team.admin.slash(team.channel, "session start")
    await team.admin.slash(team.channel, "session end")
    late = datetime(2026, 1, 5, 18, 59, tzinfo=UTC)
    await team.until(late)
    assert await note(team, "가온", "새벽에 덧붙임") == (
        "Day1 회의록에 적었어요: 메모\n회의록은 이미 올라갔어요. 이 내용은 일지에 실려요."
    )
    await team.until(late + timedelta(minutes=2))
    assert await note(team, "가온", "이제는 다음 날") == "Day2 회의록에 적었어요: 메모"


async def test_without_a_text_a_form_opens_and_keeps_what_was_chosen(team):
    form = await team["가온"].slash(team.channel, "session note", owner=team["나래"], due="2026-01-08")
    (field,) = fields(form)
    assert form.modal["components"][0]["label"] == "할 일"
    result = await team["가온"].submit_modal(form, {field["custom_id"]: "발표 준비"})
    assert result.response.content == "Day1 회의록에 적었어요: 할 일 · 담당 나래님 · 1/8 목까지"


async def test_an_empty_form_changes_nothing(team, dump):
    await team.admin.slash(team.channel, "session roundtable", prompt="한마디")
    before = dump()
    form = await team["가온"].slash(team.channel, "session note")
    empty = await team["가온"].submit_modal(form, {fields(form)[0]["custom_id"]: "  \n "})
    assert empty.response.content.startswith("빈칸")
    assert (await reply(team, "가온", in_thread(team)[-1], " ")).response.content.startswith("빈칸")
    assert dump() == before


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"due": "언젠가"}, "‘언젠가’에서 날짜를 읽지 못했어요. 내일, 12/3, 2026-12-03처럼 적어 주세요."),
        ({"due": "2026-01-04"}, "1/4 일 날짜는 이미 지났어요. 앞으로의 날짜를 적어 주세요. 예: 내일"),
        ({"due": "내일", "kind": "decision"}, "담당자와 기한은 할 일에만 적을 수 있어요."),
        ({"lecture": "id:999"}, "/lecture list"),
        ({"owner": "guest"}, "/roster add"),
    ],
)
async def test_an_entry_that_refers_to_what_cannot_be_is_refused(team, dump, options, refusal):
    guest = team.guild.add_member(team.env.create_user("guest"))
    options = {key: guest if value == "guest" else value for key, value in options.items()}
    await team.env.advance_time(1)  # the bot has seen its server by then
    before = dump()
    for text in ({"text": "무엇이든"}, {}):
        result = await team["가온"].slash(team.channel, "session note", **text, **options)
        assert result.modal is None
        assert refusal in result.response.content
    assert dump() == before


async def test_a_lecture_of_another_team_is_not_found(team, dump):
    async with reading(team.env.bot.database) as session:
        ours = await session.get_one(TeamRow, 1)
        columns = {c.key: getattr(ours, c.key) for c in TeamRow.__table__.columns if c.key != "id"}
    (other,) = await given(team, TeamRow(**columns | {"name": "other", "study_channel_id": 1, "guild_id": 1}))
    row = LectureRow(
        team_id=other, course="CV", number="1강", title="비밀", kind="lecture",
        study_date=MONDAY, session_date=MONDAY, created_at=AFTERNOON,
    )  # fmt: skip
    (theirs,) = await given(team, row)
    before = dump()
    text = await note(team, "가온", "무엇이든", lecture=f"id:{theirs}")
    assert "/lecture list" in text
    assert "비밀" not in text
    assert dump() == before


async def test_guests_are_told_how_to_join(team, dump):
    await team.admin.slash(team.channel, "session roundtable", prompt="한마디")
    guest = team.guild.add_member(team.env.create_user("guest"))
    message = in_thread(team)[-1]
    before = dump()
    noted = await guest.slash(team.channel, "session note", text="저도요")
    clicked = await guest.click(message, custom_id=button(message, "session:roundtable"))
    assert "/roster join" in noted.response.content
    assert "/roster join" in clicked.response.content
    assert dump() == before


async def test_a_reply_form_is_filled_with_what_one_said_before(team):
    await team.admin.slash(team.channel, "session roundtable", prompt="오늘 어땠어요? " * 12)
    message = in_thread(team)[-1]
    await reply(team, "가온", message, "좋았어요")
    form = await team["가온"].click(message, custom_id=button(message, "session:roundtable"))
    assert fields(form)[0]["value"] == "좋았어요"
    assert form.modal["components"][0]["description"].endswith("…")
    other = await team["나래"].click(message, custom_id=button(message, "session:roundtable"))
    assert "value" not in fields(other)[0]


async def test_after_the_day_a_reply_is_given_back(team, dump):
    await team.admin.slash(team.channel, "session roundtable", prompt="한마디")
    message = in_thread(team)[-1]
    form = await team["가온"].click(message, custom_id=button(message, "session:roundtable"))
    await team.until(datetime(2026, 1, 5, 19, 1, tzinfo=UTC))
    before = dump()
    result = await team["가온"].submit_modal(form, {fields(form)[0]["custom_id"]: "늦은 한마디"})
    assert "1/5 월 한마디는 04:00에 마감됐어요." in result.response.content
    assert "늦은 한마디" in result.response.content
    clicked = await team["가온"].click(message, custom_id=button(message, "session:roundtable"))
    assert clicked.modal is None
    assert dump() == before


async def test_ten_minutes_before_one_line_calls_those_who_have_a_duty(team):
    third, _fourth = await presenting_day(team)
    await asked(team, 1, "왜 tanh를 쓰나요?", lecture_id=third)
    await team.until(AFTERNOON - timedelta(minutes=10))
    (reminder,) = [message for message in team.posts() if "피어세션이에요" in message.content]
    at = {name: team[name].mention for name in ("가온", "나래", "다솜")}
    assert reminder.content == (
        f"10분 뒤(16:00) 피어세션이에요. 모더레이터 {at['다솜']}님"
        f" · 발표 3강 {at['가온']}님, 4강 {at['나래']}님 · 답을 기다리는 질문 1개"
    )
    assert pinged(team, reminder) == {team[name].id for name in at}


async def test_no_reminder_comes_for_a_session_that_has_begun(team):
    await team.admin.slash(team.channel, "session start")
    await team.until(AFTERNOON)
    assert not [message for message in team.posts() if "피어세션이에요" in message.content]


async def test_no_reminder_comes_where_nobody_is_on_the_roster(env):
    empty = await found_team(env, names=())
    await empty.until(AFTERNOON)
    assert not [message for message in empty.posts() if "피어세션이에요" in message.content]
    guest = empty.guild.add_member(env.create_user("member"))
    await empty.admin.slash(empty.channel, "roster add", member=guest, name="가온")
    await empty.until(AFTERNOON + DAY)
    assert [message for message in empty.posts() if "피어세션이에요" in message.content]


async def test_the_reminder_goes_to_its_own_channel(env):
    team = await found_team(env)
    reminders = team.guild.create_text_channel("reminders")
    await team.admin.slash(team.channel, "setup", reminder_channel=reminders)
    await team.until(AFTERNOON)
    assert [message for message in team.posts(reminders) if "피어세션이에요" in message.content]


async def test_ten_lectures_with_long_titles_fit_into_one_message(team):
    for number in range(12):
        await duty(team, "가온", f"lecture:{await lecture(team, '', f'{number} ' + '*_길고_긴* ' * 24, course='')}")
    await team.until(AFTERNOON - timedelta(minutes=9))
    (reminder,) = [message for message in team.posts() if message.content.startswith("10분 뒤")]
    await team.admin.slash(team.channel, "session start")
    for message in (reminder, opening(team)):
        assert "외 2개" in message.content
        assert len(message.content) <= 2000
    assert "… 외 강의 6개" in shown(agenda(team))


async def test_a_link_over_two_lines_is_no_link_in_the_minutes(team):
    await team.admin.slash(team.channel, "session start")
    await note(team, "가온", "[여기를\n눌러요](https://x.example)")
    await team.admin.slash(team.channel, "session end")
    (minutes,) = in_thread(team, "회의록")
    assert "눌러요]\\(https://x.example)" in minutes.content
