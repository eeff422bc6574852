"""Questions, as members ask and answer them."""

from datetime import timedelta

import discord
import pytest
import simcord

from tests.study_team import StudyTeam, button, sure

ASK_DAY, PICK_DAY, ANONYMOUS_DAY = "question:ask:day:1", "question:pick:day:1", "question:anonymous:day:1"


def shown(message: discord.Message) -> str:
    """Every text on a board, a line break between."""
    return "\n".join(item.content for item in walk(message.components) if isinstance(item, discord.TextDisplay))


def walk(components):
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))


def boards(team: StudyTeam) -> list[discord.Message]:
    return [message for message in team.posts() if shown(message).startswith("### 질문")]


def board(team: StudyTeam, title: str = "질문 · ") -> discord.Message:
    (found,) = [message for message in boards(team) if title in shown(message)]
    return found


def inputs(result: simcord.InteractionResult) -> list[dict]:
    """The fields of the modal that was shown."""
    return [label["component"] for label in result.modal["components"]]


async def submit(actor, result, *values):
    ids = [field["custom_id"] for field in inputs(result)]
    return await actor.submit_modal(result, dict(zip(ids, values, strict=True)))


async def pick(actor, team, command: str, typed: str, option: str = "question", **filled) -> str:
    """What a member gets who types into an option and takes the first choice."""
    choices = await actor.autocomplete(team.channel, command, option, typed, **filled)
    return choices[0]["value"]


async def add_lecture(team: StudyTeam, number: str = "3강", title: str = "RNN", **options) -> str:
    result = await team["가온"].slash(team.channel, "lecture add", title=title, course="NLP", number=number, **options)
    assert result.response.ephemeral
    return await pick(team["가온"], team, "ask", number, "lecture")


async def ask(team: StudyTeam, text: str, name: str = "가온", **options) -> str:
    """What a member is told who asks, also if the same was asked before."""
    result = await team[name].slash(team.channel, "ask", question=text, **options)
    assert result.response.ephemeral
    if "비슷해요" in result.response.content:
        result = (await team[name].click(result.response, label="그래도 질문하기")).followups[-1]
        return result.content
    return result.response.content


async def answer(team: StudyTeam, number: int, text: str, name: str = "나래") -> str:
    question = await pick(team[name], team, "question answer", f"#{number}")
    result = await team[name].slash(team.channel, "question answer", question=question, text=text)
    return result.response.content


async def act(team: StudyTeam, actor, command: str, number: int, **options) -> str:
    question = await pick(actor, team, f"question {command}", f"#{number}")
    return await sure(actor, await actor.slash(team.channel, f"question {command}", question=question, **options))


# Asking


async def test_a_question_goes_onto_the_board_of_its_lecture(team):
    lecture = await add_lecture(team)
    reply = await ask(team, "RNN은 왜 tanh를 쓰나요?", lecture=lecture)
    assert reply == "질문 #1이 NLP 3강에 올라갔어요."
    text = shown(board(team))
    assert text.startswith("### 질문 · NLP 3강. RNN\n")
    assert "❔ **#1** RNN은 왜 tanh를 쓰나요?\n-# 가온님" in text


async def test_a_question_without_a_lecture_goes_onto_the_board_of_the_day(team):
    assert await ask(team, "오늘 몇 시에 모이나요?") == "질문 #1이 Day1 질문판에 올라갔어요."
    assert shown(board(team)).startswith("### 질문 · Day1 (1/5 월)\n")


async def test_each_lecture_has_its_own_board(team):
    third, fourth = await add_lecture(team, "3강"), await add_lecture(team, "4강", "LSTM")
    await ask(team, "세 번째 강의에 대해", lecture=third)
    await ask(team, "네 번째 강의에 대해", lecture=fourth)
    assert "네 번째" not in shown(board(team, "NLP 3강"))
    assert "**#2** 네 번째" in shown(board(team, "NLP 4강"))


async def test_a_question_without_text_is_written_in_a_form(team):
    lecture = await add_lecture(team)
    form = await team["가온"].slash(team.channel, "ask", lecture=lecture)
    assert form.modal["title"] == "질문하기 · NLP 3강"
    text = "코드가 안 돼요\n```python\nx = y_\n```\n$\\frac{1}{2}$\n" + "가" * 3000
    result = await submit(team["가온"], form, text)
    assert result.response.content == "질문 #1이 NLP 3강에 올라갔어요."
    listed = await team["나래"].slash(team.channel, "question list")
    (file,) = listed.response.attachments
    assert text in (await file.read()).decode()


async def test_an_empty_form_is_refused(team):
    form = await team["가온"].slash(team.channel, "ask")
    result = await submit(team["가온"], form, "  \n ")
    assert result.response.ephemeral
    assert not boards(team)


async def test_a_text_that_is_too_long_comes_back(team):
    text = "긴 질문 " * 900
    result = await team["가온"].slash(team.channel, "ask", question=text)
    assert "4000자까지" in result.response.content
    (file,) = result.response.attachments
    assert text.strip() in (await file.read()).decode()
    assert not boards(team)


@pytest.mark.parametrize("who", ["가온", "손님"])
async def test_a_long_text_comes_back_whatever_it_is_refused_for(team, who):
    guest = team.guild.add_member(team.env.create_user("guest", global_name="손님"))
    text = "인코더의 마지막 은닉 상태에 문장 전체를 담으면 앞부분이 흐려진다고 하는데, 왜 하필 앞부분인가요?"
    person, options = (guest, {}) if who == "손님" else (team[who], {"lecture": "없는 강의"})
    result = await person.slash(team.channel, "ask", question=text, **options)
    assert result.response.content.endswith(f"적으신 내용은 아래에 그대로 있어요.\n{text}")
    assert not boards(team)


async def test_a_name_formats_nothing_where_the_bot_posts_it(team):
    await team.admin.slash(team.channel, "roster rename", member=team["가온"], name="[가온](https://x.example)")
    await ask(team, "이 그림이 무슨 뜻인가요?", file=("graph.txt", b"a b c"))
    (kept,) = files(team)
    assert kept.content.startswith("\\[가온\\]\\(")


async def test_a_guest_is_told_how_to_join_before_writing(team):
    guest = team.guild.add_member(team.env.create_user("guest", global_name="손님"))
    for options in ({}, {"question": "저도 물어봐도 되나요?"}, {"anonymous": True}):
        result = await guest.slash(team.channel, "ask", **options)
        assert "/roster join" in result.response.content
    assert not boards(team)


async def test_a_lecture_of_another_team_is_refused(team):
    lecture = await add_lecture(team)
    stranger, other = await other_team(team)
    result = await stranger.slash(other, "ask", question="남의 강의", lecture=lecture)
    assert "/lecture list" in result.response.content
    assert not boards(team)
    assert len(other.history()) == 1  # the greeting of /setup


async def other_team(team: StudyTeam):
    """Somebody in a team in another server, and its channel."""
    guild = team.env.create_guild("다른 서버")
    channel = guild.create_text_channel("study")
    role = guild.create_role("운영", permissions=discord.Permissions(manage_guild=True))
    stranger = guild.add_member(team.env.create_user("stranger", global_name="이웃"), roles=[role])
    await stranger.slash(channel, "setup", language="ko")
    await stranger.slash(channel, "roster join")
    return stranger, channel


async def test_a_file_is_kept_with_its_question(team):
    reply = await ask(team, "이 그림이 무슨 뜻인가요?", file=("graph.txt", b"a b c"))
    assert reply == "질문 #1이 Day1 질문판에 올라갔어요."
    (kept,) = files(team)
    assert "가온님" in kept.content
    assert f"[graph.txt]({kept.jump_url})" in shown(board(team))


async def test_a_file_chosen_before_the_form_comes_along(team):
    form = await team["가온"].slash(team.channel, "ask", file=("graph.txt", b"a b c"))
    await submit(team["가온"], form, "이 그림이 무슨 뜻인가요?")
    assert "[graph.txt](" in shown(board(team))


async def test_a_file_over_the_limit_is_refused_and_the_question_given_back(team):
    text = "이 그림에서 왜 손실이 열 번째 에폭부터 다시 올라가는지 잘 모르겠어요. 설명해 주실 분 있나요?"
    result = await team["가온"].slash(team.channel, "ask", question=text, file=("x.png", b"0" * (10 * 1024 * 1024 + 1)))
    told = (result.followups or [result.response])[0]
    assert "x.png 파일이 10MB보다 커요" in told.content
    assert told.content.endswith(text)
    assert not boards(team)
    assert not any(message.attachments for message in team.posts())


def files(team: StudyTeam) -> list[discord.Message]:
    """What was posted with a file in the thread of the day, which is made for it."""
    (thread,) = team.channel.threads
    return [message for message in team.posts(thread) if message.attachments]


# The board


async def test_a_board_is_edited_in_place(team):
    await ask(team, "첫 질문")
    first = board(team).id
    await ask(team, "둘째 질문", "나래")
    await answer(team, 1, "이렇게요", "다솜")
    await answer(team, 1, "저렇게도요", "라온")
    assert board(team).id == first
    text = shown(board(team))
    assert "❔ **#2** 둘째 질문\n-# 나래님" in text
    assert "✅ **#1** 첫 질문\n-# 가온님 · 답 2개, 최근 라온님" in text


async def test_a_deleted_board_is_posted_anew(team):
    await ask(team, "첫 질문")
    lost = board(team)
    janitor = team.guild.create_role("청소", permissions=discord.Permissions(manage_messages=True))
    await team.guild.add_member(team.env.create_user("janitor"), roles=[janitor]).delete(lost)
    await team.until(team.env.now() + timedelta(minutes=1))
    await ask(team, "둘째 질문")
    assert board(team).id != lost.id
    assert "첫 질문" in shown(board(team))
    assert "둘째 질문" in shown(board(team))


async def test_the_buttons_work_after_a_restart(team):
    await ask(team, "첫 질문")
    await team.restart()
    form = await team["나래"].click(board(team), custom_id=ASK_DAY)
    assert (await submit(team["나래"], form, "둘째 질문")).response.content.startswith("질문 #2가")
    form = await team["다솜"].click(board(team), custom_id=PICK_DAY)
    assert [option["label"] for option in inputs(form)[0]["options"]] == ["#1 첫 질문", "#2 둘째 질문"]
    second = inputs(form)[0]["options"][1]["value"]
    await submit(team["다솜"], form, [second], "이렇게요")
    assert "✅ **#2** 둘째 질문\n-# 나래님 · 답 1개, 다솜님" in shown(board(team))


async def test_the_only_question_of_a_board_needs_no_choosing(team):
    await ask(team, "첫 질문")
    form = await team["나래"].click(board(team), custom_id=PICK_DAY)
    assert form.modal["title"] == "#1 답하기"
    result = await submit(team["나래"], form, "이렇게요")
    assert result.response.content == "질문 #1에 답을 남겼어요."


async def test_a_blank_answer_is_refused(team):
    await ask(team, "첫 질문")
    form = await team["나래"].click(board(team), custom_id=PICK_DAY)
    await submit(team["나래"], form, "  ")
    assert "❔ **#1**" in shown(board(team))


async def test_a_board_asks_about_its_own_lecture(team):
    lecture = await add_lecture(team)
    await ask(team, "첫 질문", lecture=lecture)
    form = await team["나래"].click(board(team), custom_id=button_id(team, "question:ask:lecture"))
    await submit(team["나래"], form, "둘째 질문")
    assert "**#2** 둘째 질문" in shown(board(team, "NLP 3강"))


def button_id(team: StudyTeam, beginning: str) -> str:
    ids = [getattr(item, "custom_id", None) or "" for item in walk(board(team).components)]
    (found,) = [custom_id for custom_id in ids if custom_id.startswith(beginning)]
    return found


async def test_nobody_is_pinged_by_what_people_type(team):
    victim = team["새벽"]
    await ask(team, f"@everyone @here {victim.mention} <@&{team.guild.default_role.id}> 보세요")
    await team.admin.slash(team.channel, "question next")
    for message in team.posts():
        posted = team.env.backend.get_message(team.channel.id, message.id)
        assert not posted.mention_everyone
        assert not posted.ping_user_ids
        assert not posted.ping_role_ids
        assert "@everyone" not in message.content + shown(message)


async def test_no_text_breaks_the_board(team):
    await ask(team, "```python\nfor _ in x:\n# 제목\n> 인용 **굵게** ||비밀|| [링크](http://a.b) <:e:1>")
    await ask(team, "둘째 질문")
    first, second = shown(board(team)).split("\n-# 가온님\n")
    assert first.endswith(
        "**#1** \\`\\`\\`python for \\_ in x\\: \\# 제목 \\> 인용 \\*\\*굵게\\*\\* \\|\\|비밀\\|\\| "
        "\\[링크\\]\\(http\\://a.b\\) \\<\\:e\\:1\\>"
    )
    assert second.startswith("❔ **#2** 둘째 질문")


async def test_a_long_board_folds_its_oldest_answered_questions(team):
    await ask(team, "가장 오래된 질문 " + "가" * 130)
    await answer(team, 1, "네")
    for _ in range(20):
        await ask(team, "나" * 140)
    text = shown(board(team))
    assert "가장 오래된" not in text
    assert "**#2**" in text
    assert len(text) < 3000
    assert len(text.encode()) < 9000
    hidden = 21 - text.count("**#")
    assert hidden > 0
    assert text.endswith(f"… 외 {hidden}개: /question list")


# Anonymous


async def test_an_anonymous_question_says_what_that_means(team):
    reply = await ask(team, "부끄러운 질문", anonymous=True)
    assert reply == (
        "질문 #1이 Day1 질문판에 올라갔어요.\n"
        "익명 질문은 누가 썼는지 저장하지 않아요. 그래서 나중에 고치거나 지울 수 없어요."
    )
    assert "**#1** 부끄러운 질문\n-# 익명" in shown(board(team))


async def test_the_anonymous_form_says_it_before_one_writes(team):
    await ask(team, "첫 질문")
    form = await team["나래"].click(board(team), custom_id=ANONYMOUS_DAY)
    assert "저장하지 않아요" in form.modal["components"][0]["description"]
    result = await submit(team["나래"], form, "부끄러운 질문")
    assert "저장하지 않아요" in result.response.content
    assert "**#2** 부끄러운 질문\n-# 익명" in shown(board(team))


async def test_an_anonymous_question_takes_no_file(team):
    file = ("report-by-gaon.txt", b"written by gaon")
    for options in ({"question": "이건요?"}, {}):
        result = await team["가온"].slash(team.channel, "ask", anonymous=True, file=file, **options)
        assert "익명 질문에는 붙일 수 없어요" in result.response.content
    assert not boards(team)
    assert not [message for message in team.posts() if message.attachments]


async def test_nobody_can_change_an_anonymous_question(team):
    await ask(team, "부끄러운 질문", anonymous=True)
    for command in ("edit", "withdraw"):
        assert "누가 썼는지 저장하지 않아서" in await act(team, team["가온"], command, 1)
    assert "모더레이터" in await act(team, team["나래"], "drop", 1)


async def test_every_member_may_mark_an_anonymous_question_as_a_further_one(team):
    await ask(team, "부끄러운 질문", anonymous=True)
    assert await act(team, team["나래"], "further", 1) == "질문 #1을 Further Question으로 남겼어요."
    assert "-# 익명 · Further Question" in shown(board(team))


async def test_a_moderator_who_is_not_on_the_roster_may_mark_an_anonymous_question_and_a_guest_may_not(team):
    await ask(team, "부끄러운 질문", anonymous=True)
    guest = team.guild.add_member(team.env.create_user("guest"))
    assert "/roster join" in await act(team, guest, "further", 1)
    assert await act(team, team.admin, "further", 1) == "질문 #1을 Further Question으로 남겼어요."


# What becomes of a question


async def test_a_further_question_stays_one_when_it_is_answered(team):
    await ask(team, "더 알고 싶은 것")
    await act(team, team["가온"], "further", 1)
    await answer(team, 1, "이렇게요")
    assert "✅ **#1** 더 알고 싶은 것\n-# 가온님 · 답 1개, 나래님 · Further Question" in shown(board(team))


async def test_only_the_author_and_moderators_mark_a_question_as_a_further_one(team):
    await ask(team, "더 알고 싶은 것")
    assert "모더레이터" in await act(team, team["나래"], "further", 1)
    assert "Further" not in shown(board(team))
    await act(team, team.admin, "further", 1)
    assert "Further" in shown(board(team))


@pytest.mark.parametrize(
    ("command", "sign", "reply"),
    [
        ("mentor", "🎓 **#1** 질문\n-# 가온님 · 멘토님께", "질문 #1을 멘토님께 여쭤볼 질문으로 남겼어요."),
        ("drop", "➖ **#1** 질문\n-# 가온님 · 접음", "질문 #1을 접었어요. /question reopen 으로 다시 열 수 있어요."),
    ],
)
async def test_an_author_decides_what_becomes_of_a_question(team, command, sign, reply):
    await ask(team, "질문")
    assert "모더레이터" in await act(team, team["나래"], command, 1, reason="몰라요")
    assert "❔ **#1**" in shown(board(team))
    assert await act(team, team["가온"], command, 1) == reply
    assert sign in shown(board(team))
    assert await act(team, team["가온"], "reopen", 1) == "질문 #1을 다시 열었어요."
    assert "❔ **#1** 질문\n-# 가온님" in shown(board(team))


async def test_a_dropped_question_takes_no_answer(team):
    await ask(team, "질문")
    await act(team, team["가온"], "drop", 1)
    assert "/question reopen" in await answer(team, 1, "그래도 답")
    form = await team["나래"].click(board(team), custom_id=PICK_DAY)
    assert "답할 질문이 없어요" in form.response.content
    assert "답 1개" not in shown(board(team))


async def test_an_author_changes_the_text(team):
    await ask(team, "오타가 잇는 질문")
    form_question = await pick(team["가온"], team, "question edit", "#1")
    form = await team["가온"].slash(team.channel, "question edit", question=form_question)
    assert inputs(form)[0]["value"] == "오타가 잇는 질문"
    assert (await submit(team["가온"], form, "오타가 있던 질문")).response.content == "질문 #1을 고쳤어요."
    assert "**#1** 오타가 있던 질문" in shown(board(team))
    assert "가온님만" in await act(team, team["나래"], "edit", 1, text="장난")
    assert "장난" not in shown(board(team))


async def test_a_withdrawn_question_is_gone_from_the_board(team):
    question_id = await first_question(team)
    assert "가온님만" in await act(team, team["나래"], "withdraw", 1)
    assert await act(team, team["가온"], "withdraw", 1) == "질문 #1을 거뒀어요."
    assert shown(board(team)).endswith("아직 질문이 없어요. /ask 로 첫 질문을 남겨 보세요.")
    assert not await team["나래"].autocomplete(team.channel, "question answer", "question", "")
    for command, options in (("answer", {"text": "답"}), ("reopen", {}), ("further", {}), ("edit", {"text": "또"})):
        result = await team["가온"].slash(team.channel, f"question {command}", question=question_id, **options)
        assert "거둔 질문" in result.response.content


async def first_question(team: StudyTeam) -> str:
    await ask(team, "질문")
    return await pick(team["가온"], team, "question answer", "#1")


async def test_a_question_of_another_team_is_refused(team):
    question_id = await first_question(team)
    stranger, other = await other_team(team)
    for command, options in (
        ("answer", {"text": "남의 답"}), ("answer", {}), ("further", {}), ("mentor", {}), ("drop", {}), ("reopen", {}),
        ("edit", {"text": "장난"}), ("edit", {}), ("withdraw", {}),
    ):  # fmt: skip
        result = await stranger.slash(other, f"question {command}", question=question_id, **options)
        assert "/question list" in result.response.content
    assert "❔ **#1** 질문\n-# 가온님" in shown(board(team))


async def test_an_unknown_question_is_refused(team):
    picked = (await first_question(team)).replace("1", "999")
    result = await team["나래"].slash(team.channel, "question answer", question=picked, text="답")
    assert result.response.content == "이 팀에는 그런 질문이 없어요. /question list 로 찾아보세요."
    result = await team["나래"].slash(team.channel, "question answer", question="없는 질문", text="답")
    assert "골라" in result.response.content
    assert "❔ **#1** 질문\n-# 가온님" in shown(board(team))


# Lists and choices


async def test_open_questions_are_offered_first(team):
    for number in range(1, 4):
        await ask(team, f"질문 {number}")
    await answer(team, 1, "답")
    choices = await team["나래"].autocomplete(team.channel, "question answer", "question", "")
    assert [choice["name"] for choice in choices] == ["#2 질문 2", "#3 질문 3", "#1 질문 1"]
    choices = await team["나래"].autocomplete(team.channel, "question answer", "question", "질문 3")
    assert [choice["name"] for choice in choices] == ["#3 질문 3"]


async def test_the_list_is_for_the_person_alone_and_can_be_narrowed(team):
    lecture = await add_lecture(team)
    await ask(team, "강의 질문", lecture=lecture)
    await ask(team, "그날 질문", "나래")
    await answer(team, 2, "답이에요")
    everything = await team["다솜"].slash(team.channel, "question list")
    assert everything.response.ephemeral
    assert everything.response.content == (
        "❔ **#1** 강의 질문\n-# 가온님 · NLP 3강\n✅ **#2** 그날 질문\n-# 나래님 · 답 1개, 나래님"
    )
    (file,) = everything.response.attachments
    assert "나래님의 답:\n답이에요" in (await file.read()).decode()
    answered = await team["다솜"].slash(team.channel, "question list", state="answered")
    assert "#1" not in answered.response.content
    about = await team["다솜"].slash(team.channel, "question list", lecture=lecture)
    assert "#2" not in about.response.content
    assert not about.response.attachments
    none = await team["다솜"].slash(team.channel, "question list", state="dropped")
    assert "그런 질문은 없어요" in none.response.content


async def test_a_long_list_is_in_a_file_whole(team):
    for number in range(1, 21):
        await ask(team, f"{number}번째 " + "나" * 150)
    listed = await team["다솜"].slash(team.channel, "question list")
    assert len(listed.response.content) <= 2000
    assert "개는 파일에 있어요" in listed.response.content
    (file,) = listed.response.attachments
    text = (await file.read()).decode()
    assert all(f"{number}번째 " + "나" * 150 in text for number in range(1, 21))


async def test_a_list_of_nothing_says_what_to_do(team):
    listed = await team["다솜"].slash(team.channel, "question list")
    assert listed.response.content == "아직 질문이 없어요. /ask 로 첫 질문을 남겨 보세요."


# At the table


async def test_the_oldest_open_question_comes_to_the_table(team):
    await ask(team, "첫 질문")
    await ask(team, "둘째 질문", "나래")
    result = await team.admin.slash(team.channel, "question next")
    assert result.response.ephemeral
    post = team.posts()[-1]
    assert post.content == "**💬 질문 #1** · 가온님\n>>> 첫 질문"
    assert "💬 **#1** 첫 질문\n-# 가온님 · 이야기하는 중" in shown(board(team))
    await team.restart()
    form = await team["다솜"].click(post, custom_id=button(post, "question:answer:"))
    await submit(team["다솜"], form, "답이에요")
    assert "✅ **#1** 첫 질문" in shown(board(team))
    await team.admin.slash(team.channel, "question next")
    assert team.posts()[-1].content.endswith("둘째 질문")


async def test_a_long_question_comes_to_the_table_with_a_file(team):
    form = await team["가온"].slash(team.channel, "ask")
    text = "```\n코드\n```\n" + "가나다 " * 900
    await submit(team["가온"], form, text)
    await team.admin.slash(team.channel, "question next")
    post = team.posts()[-1]
    assert len(post.content) <= 2000
    (file,) = post.attachments
    assert (await file.read()).decode() == text.strip()


async def test_the_questions_of_one_lecture_can_be_taken_up(team):
    lecture = await add_lecture(team)
    await ask(team, "그날 질문")
    await ask(team, "강의 질문", lecture=lecture)
    await team.admin.slash(team.channel, "question next", lecture=lecture)
    assert team.posts()[-1].content == "**💬 질문 #2** · NLP 3강 · 가온님\n>>> 강의 질문"
    nothing = await team.admin.slash(team.channel, "question next", lecture=lecture)
    assert "답을 기다리는 질문이 없어요" in nothing.response.content


async def test_only_moderators_bring_questions_to_the_table(team):
    await ask(team, "질문")
    before = len(team.posts())
    result = await team["나래"].slash(team.channel, "question next")
    assert "모더레이터" in result.response.content
    assert len(team.posts()) == before
