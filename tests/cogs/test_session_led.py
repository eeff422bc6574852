"""A session led from its agenda: seven people, twenty questions, a restart in the middle."""

import sqlite3
from datetime import timedelta

import discord
import pytest
import simcord

from bot.demo.simulation import EVERYONE, simulated
from bot.i18n import KOREAN
from bot.ui.session import within_a_message
from tests.cogs.test_anonymous_questions import everything_logged, places
from tests.cogs.test_question_buttons import options
from tests.cogs.test_session import (
    AFTERNOON,
    agenda,
    fields,
    in_thread,
    lecture,
    note,
    pinged,
    presenting_day,
    reply,
    thread,
)
from tests.study_team import MONDAY, button, found_team, shown

HALL = "@everyone @here"
WORDS = ("순환", "어텐션", "임베딩", "사전", "학습률", "손실", "배치", "층", "정규화")


async def press(team, name, custom_id, on=None):
    """Somebody presses a button of the agenda, or of another message."""
    message = on or agenda(team)
    actor = team[name] if isinstance(name, str) else name
    return await actor.click(message, custom_id=button(message, custom_id))


async def said(team, name, custom_id, on=None):
    return (await press(team, name, custom_id, on)).response.content


def backup(file, to):
    """A copy as the nightly one is made."""
    with sqlite3.connect(file) as source, sqlite3.connect(to) as target:
        source.backup(target)
    source.close()
    target.close()
    return to.read_bytes()


def found(data, actor, name):
    return [data.count(needle) for needle in (str(actor.id).encode(), actor.id.to_bytes(8, "big"), name.encode())]


async def test_a_session_of_seven_with_twenty_questions(tmp_path):
    file = tmp_path / "study-bot.sqlite3"
    with everything_logged() as log:
        async with simulated(file, MONDAY) as env:
            team = await found_team(env)
            third, fourth = await presenting_day(team)
            await team.until(AFTERNOON)
            asker, before = team["바다"], backup(file, tmp_path / "before.sqlite3")
            for text in ("아무도 모를 궁금증이에요", "드롭아웃은 언제부터 켜 두나요?", "다들 식을 다 외우셨어요?"):
                await asker.slash(team.channel, "ask", question=text, lecture=f"id:{third}", anonymous=True)
            after = backup(file, tmp_path / "after.sqlite3")
            assert "궁금증".encode() in after
            assert found(after, asker, "바다") == found(before, asker, "바다")
            for place, data in places(file, log, team).items():
                if place in {"log", "posts"}:
                    assert found(data, asker, "바다") == [0, 0, 0], place
            assert [post.interaction_metadata for post in team.posts()] == [None] * len(team.posts())

            others = [name for name in team.members if name != "바다"]
            for number in range(17):
                lecture = {"lecture": f"id:{(third, fourth)[number % 2]}"} if number < 12 else {}
                text = f"{HALL} {WORDS[number % 9]} {'가나다라마바사아자차카타파하거너더'[number] * 9}"
                asked = await team[others[number % 6]].slash(team.channel, "ask", question=text, **lecture)
                assert f"#{number + 4}" in asked.response.content
            await team["다솜"].slash(team.channel, "session start")
            assert await said(team, "가온", "session:next") == (
                "이건 모더레이터만 할 수 있어요. 오늘의 모더레이터는 다솜님이에요."
            )
            for name in others:
                await press(team, name, "session:present")
            late = await press(team, "바다", "session:late")
            await asker.submit_modal(late, {fields(late)[0]["custom_id"]: "병원에 들렀다 가요"})

            tabled = [await said(team, "다솜", "session:next") for _ in range(12)]
            await team.restart()
            tabled += [await said(team, "다솜", "session:next") for _ in range(10)]
            assert all(text.startswith("지금은") for text in tabled)
            assert "안건을 모두 다뤘어요" in await said(team, "다솜", "session:next")
            posts = [message for message in in_thread(team) if message.content.startswith("**💬")]
            assert len(posts) == len({message.content for message in posts}) == 20
            assert not any(pinged(team, message) for message in [*posts, agenda(team)])
            board = shown(agenda(team))
            assert "**출석 6명**" in board
            assert "늦은 분 바다님" in board

            await env.advance_time(45 * 60)
            ending = await press(team, "다솜", "session:end")
            await team["다솜"].click(ending.response, label="마치기")
            minutes = in_thread(team)[-1].content
            assert "45분 (예정 60분)" in minutes
            assert minutes in [message.content for message in team.posts()]
            everything = "".join(shown(message) for message in [*team.posts(), *team.posts(thread(team))])
            assert "병원" not in everything + log.getvalue()
            assert "[다음" not in everything
            with pytest.raises(AssertionError):
                button(agenda(team), "session:next")


async def test_minutes_are_taken_with_buttons_and_from_messages_and_taken_back(team):
    await presenting_day(team)
    await team["다솜"].slash(team.channel, "session start")
    form = await press(team, "라온", "session:note")
    text, kind, _lecture, owner, due = (field["custom_id"] for field in fields(form))
    noted = await team["라온"].submit_modal(form, {text: f"{HALL} 자료 모으기", owner: [team["마루"]], due: "내일"})
    assert noted.response.content == "Day1 회의록에 적었어요: 할 일 · 담당 마루님 · 1/6 화까지"
    wrong = await press(team, "라온", "session:note")
    text, kind, _lecture, owner, due = (field["custom_id"] for field in fields(wrong))
    refused = await team["라온"].submit_modal(wrong, {text: "잃고 싶지 않은 글", kind: ["note"], due: "언젠가"})
    assert "담당자와 기한은 할 일에만" in refused.response.content
    assert "잃고 싶지 않은 글" in refused.response.content

    may_write = {"permissions": (EVERYONE | discord.Permissions(send_messages=True)).value}
    team.env.backend.edit_role(team.guild.id, team.guild.id, may_write)
    message = await team["가온"].send(team.channel, "게이트는 밸브 같아요")
    menu = await team["나래"].context_menu(team.channel, "Add to minutes", message)
    assert fields(menu)[0]["value"] == "가온님: 게이트는 밸브 같아요"
    await team["가온"].delete(message)
    kept = await team["나래"].submit_modal(menu, {fields(menu)[0]["custom_id"]: fields(menu)[0]["value"]})
    assert kept.response.content == "Day1 회의록에 적었어요: 메모"
    assert "되돌릴 내 기록이 없어요" in (await team["새벽"].slash(team.channel, "session undo")).response.content
    asked = await press(team, "다솜", "session:undo")
    assert asked.response.content == "이걸 되돌릴까요? 메모\n> 가온님\\: 게이트는 밸브 같아요"
    await team.restart()
    undone = await team["다솜"].click(asked.response, label="되돌리기")
    assert undone.response.content == "되돌렸어요: 메모\n>>> 가온님: 게이트는 밸브 같아요"
    twice = await team["다솜"].click(asked.response, label="되돌리기")
    assert twice.response.content.startswith("이미 되돌렸어요.")


async def test_a_question_is_asked_from_the_agenda_also_after_a_restart(team):
    await presenting_day(team)
    await team["다솜"].slash(team.channel, "session start")
    await team.restart()
    form = await press(team, "라온", "question:ask")
    asked = await team["라온"].submit_modal(form, {fields(form)[0]["custom_id"]: f"{HALL} 게이트는 왜 셋인가요?"})
    assert asked.response.content.startswith("질문 #1")
    assert "게이트는 왜 셋인가요?" in shown(agenda(team))


async def test_replies_are_shown_together_when_the_table_closes(team):
    await team.admin.slash(team.channel, "session roundtable", prompt="한마디")
    (table,) = in_thread(team, "한마디")
    for name in ("가온", "나래"):
        await reply(team, name, table, f"{HALL} {name}의 말")
    assert not in_thread(team, "가온의 말")
    assert "모더레이터만" in await said(team, "새벽", "session:close", table)
    form = await press(team, "다솜", "session:roundtable", table)
    assert "모인 답 2개" in await said(team, team.admin, "session:close", table)
    (replies,) = in_thread(team, "가온의 말")
    assert "나래의 말" in replies.content
    assert pinged(team, replies) == set()
    late = await team["다솜"].submit_modal(form, {fields(form)[0]["custom_id"]: "늦은 한마디"})
    assert "마감했어요" in late.response.content
    assert "늦은 한마디" in late.response.content


async def test_where_the_thread_was_deleted_the_channel_has_it_all(team):
    await team.admin.slash(team.channel, "session start")
    team.env.backend.delete_channel(thread(team).id)
    assert await note(team, "가온", "스레드가 없어도 남는 기록") == "Day1 회의록에 적었어요: 메모"
    await team.admin.slash(team.channel, "session roundtable", prompt="어디에 올라올까요?")
    assert [message for message in team.posts() if "어디에 올라올까요?" in message.content]
    await team.admin.slash(team.channel, "session end")
    assert len([message for message in team.posts() if "스레드가 없어도 남는 기록" in message.content]) == 1


async def test_a_session_that_nobody_ends_is_closed_at_the_cut_off_and_says_so(team):
    await team["가온"].slash(team.channel, "session start")
    await note(team, "나래", "여기까지 했어요")
    await team.env.advance_time(24 * 3600 + 60)
    (minutes,) = [message for message in team.posts() if "회의록" in message.content]
    assert "마치기 전에 하루가 끝나서 04:00에 그때까지 적힌 내용으로 마감했어요." in minutes.content
    assert "여기까지 했어요" in minutes.content
    over = await press(team, "가온", "session:note")
    assert over.modal is None
    assert "일지도 닫혔어요" in over.response.content


async def test_a_forgotten_session_without_a_note_does_not_offer_the_minutes_of_the_next_day(team):
    await team["가온"].slash(team.channel, "session start")
    await team.env.advance_time(24 * 3600 + 60)
    (minutes,) = [message for message in team.posts() if "회의록" in message.content]
    assert minutes.content.endswith("모더레이터가 /journal reopen 으로 그날을 다시 열어 주세요.")
    assert "/session note" not in minutes.content


async def test_a_day_without_a_session_is_told_and_not_reminded_of(team):
    await team.admin.slash(team.channel, "session off", text=f"{HALL} 14시 멘토링")
    (told,) = [message for message in team.posts() if "멘토링" in message.content]
    assert told.content.startswith("Day1: 오늘은 피어세션이 없어요.")
    assert pinged(team, told) == set()
    await team.until(AFTERNOON)
    assert not [message for message in team.posts() if "피어세션이에요" in message.content]


async def test_the_longest_word_on_a_day_without_a_session_fits_into_a_message(team):
    for number in range(4):
        await lecture(team, "", f"{number}{'_' * 199}")
    await team.admin.slash(team.channel, "session off", text="*" * 900)
    (told,) = [message for message in team.posts() if "피어세션이 없어요" in message.content]
    assert told.content.endswith("\\*" * 900)
    assert len(told.content) <= 2000


def test_a_long_text_of_one_line_begins_in_the_message_and_nothing_reorders_it():
    text, file = within_a_message(lambda quote: quote("\u202e" + "*" * 1200), {}, "long.md", KOREAN)
    assert text.startswith("\\*\\*")
    assert len(text) <= 2000
    assert file.text.count("*") == 1200


async def test_another_part_is_gone_to_and_what_is_done_ticked_off_from_lists(team):
    await note(team, "가온", "논문 읽기", owner=team["나래"], due="내일")
    await note(team, "가온", "기한 없는 일", kind="action")
    await presenting_day(team)
    await team["다솜"].slash(team.channel, "session start")
    first = (await press(team, "다솜", "session:next")).response
    assert [each["label"] for each in options(first)] == ["NLP 4강 · LSTM", "그 밖의 안건"]
    went = await team["다솜"].select(first, [options(first)[0]["value"]])
    assert went.response.content == "지금은 4강 순서예요."
    assert "▶ **4강" in shown(agenda(team))
    twice = await team["다솜"].select(first, [options(first)[1]["value"]])
    assert "먼저 넘겼어요. 지금은 4강 순서예요." in twice.response.content
    rest = options(went.response)[-1]["value"]
    assert "그 밖의 안건" in (await team["다솜"].select(went.response, [rest])).response.content
    with pytest.raises(AssertionError):
        button(agenda(team), "session:done")  # what was decided today is not old yet

    await team.until(AFTERNOON + timedelta(days=1))
    await team.admin.slash(team.channel, "session start")
    thread_of_today = max(team.channel.threads, key=lambda each: each.id)
    (board,) = [message for message in team.posts(thread_of_today) if not message.content]
    assert "논문 읽기" in shown(board)
    listed = (await press(team, "나래", "session:done", board)).response
    assert [each["label"] for each in options(listed)] == ["논문 읽기 · 나래님", "기한 없는 일"]
    of_others = (await press(team, "라온", "session:done", board)).response
    refused = await team["라온"].select(of_others, [options(of_others)[0]["value"]])
    assert "나래님이나 모더레이터가" in refused.response.content
    done = await team["나래"].select(listed, [each["value"] for each in options(listed)])
    assert "논문 읽기" in done.response.content
    (board,) = [message for message in team.posts(thread_of_today) if not message.content]
    assert "논문 읽기" not in shown(board)
    assert "기한 없는 일" not in shown(board)


async def test_a_long_note_that_is_refused_is_given_back(team):
    long = "가나다라 " * 790
    refused = await team["가온"].slash(team.channel, "session note", text=long, due="언젠가")
    (file,) = refused.response.attachments
    assert long.strip() in (await file.read()).decode()
    with pytest.raises(simcord.OptionError, match="at most 4000"):  # by Discord, which keeps it in the input
        await team["가온"].slash(team.channel, "session note", text="가" * 5000)
    await team.admin.slash(team.channel, "session start")
    await team.admin.slash(team.channel, "session end")
    assert "가나다라" not in in_thread(team)[-1].content
