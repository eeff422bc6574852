"""Votes, likely duplicates, pages, the menus of a message, and removal, as people press and pick them."""

from tests.cogs.test_questions import act, answer, ask, board, files, inputs, shown, submit
from tests.study_team import StudyTeam


def options(message) -> list[dict]:
    """What the list of a private answer offers."""
    (row,) = message.components
    return row["components"][0]["options"]


async def press(actor, message, label: str):
    return await actor.click(message, label=label)


async def vote(team: StudyTeam, name: str):
    return await press(team[name], board(team), "공감하기")


async def test_people_vote_from_the_board_and_take_it_back(team):
    await ask(team, "RNN은 왜 느린가요?")
    assert "직접 쓰신" in (await vote(team, "가온")).response.content
    assert (await vote(team, "나래")).response.content == "질문 #1에 공감했어요 (공감 1명)."
    await team.restart()
    assert (await vote(team, "다솜")).response.content == "질문 #1에 공감했어요 (공감 2명)."
    assert "**#1** RNN은 왜 느린가요?\n-# 가온님 · 공감 2명" in shown(board(team))
    assert (await vote(team, "나래")).response.content == "질문 #1 공감을 취소했어요 (공감 1명)."
    await ask(team, "GRU의 문은 몇 개인가요?", "다솜")
    picking = (await vote(team, "나래")).response
    assert [each["label"] for each in options(picking)] == ["#1 RNN은 왜 느린가요?", "#2 GRU의 문은 몇 개인가요?"]
    picked = await team["나래"].select(picking, [options(picking)[1]["value"]])
    assert picked.response.content == "질문 #2에 공감했어요 (공감 1명)."
    assert options(picked.response)[1]["description"] == "공감 1명 · 공감한 질문"
    await team.admin.slash(team.channel, "session start")
    await act(team, team["가온"], "drop", 1, reason="[이미](http://x.y) 이야기했어요")
    text = shown(board(team))
    assert text.index("**#2**") < text.index("**#1**")
    assert "접음(\\[이미\\]\\(http\\://x.y\\) 이야기했어요)" in text


async def test_what_was_asked_before_is_shown_before_it_is_posted_again(team):
    await ask(team, "RNN은 왜 tanh를 쓰나요?")
    again = "RNN에서 왜 `tanh`를 쓰나요?"
    await team.until(team.env.now().replace(hour=1, day=6))
    shown_first = await team["나래"].slash(team.channel, "ask", question=again)
    assert shown_first.response.ephemeral
    assert shown_first.response.content == (
        "어제 올라온 질문 #1과 비슷해요.\n> RNN은 왜 tanh를 쓰나요?\n-# 가온님\n"
        "새로 올리는 대신 이 질문에 공감할까요?\n\n"
        f"적으신 내용은 아래에 그대로 있어요.\n{again}"
    )
    voted = await press(team["나래"], shown_first.response, "#1에 공감하기")
    assert voted.response.content == "질문 #1에 공감했어요 (공감 1명)."
    form = await team["다솜"].slash(team.channel, "ask", anonymous=True)
    asked_anyway = await submit(team["다솜"], form, again)
    posted = await press(team["다솜"], asked_anyway.response, "그래도 질문하기")
    assert posted.followups[-1].content.startswith("질문 #2가 Day2 질문판에 올라갔어요.\n익명 질문은")
    own = await team["가온"].slash(team.channel, "ask", question="RNN은 왜 tanh를 쓰나요")
    assert "공감할까요" not in own.response.content


async def test_a_question_with_a_file_that_was_asked_before_is_posted_with_it(team):
    await ask(team, "이 그림이 무슨 뜻인가요?")
    assert "올라갔어요" in await ask(team, "이 그림이 무슨 뜻인가요?", "나래", file=("graph.txt", b"a b c"))
    (kept,) = files(team)
    assert f"[graph.txt]({kept.jump_url})" in shown(board(team))


async def test_where_somebody_deleted_the_thread_a_file_is_kept_in_the_channel(team):
    await ask(team, "첫 그림이 무슨 뜻인가요?", file=("a.txt", b"a"))
    (thread,) = team.channel.threads
    team.env.inject_error("POST", f"/channels/{thread.id}/messages", status=404, code=10003)
    assert "올라갔어요" in await ask(team, "다음 표는 어떻게 읽나요?", "나래", file=("b.txt", b"b"))
    (kept,) = [message for message in team.posts() if message.attachments]
    assert f"[b.txt]({kept.jump_url})" in shown(board(team))


async def test_a_board_without_room_opens_page_by_page(team):
    for number in range(1, 18):
        await ask(team, f"{number}번 문제 " + "나" * 138)
    text = shown(board(team))
    assert "개: /question list" in text
    first = await press(team["나래"], board(team), "모두 보기")
    assert first.response.ephemeral
    seen, page = "", first.response
    while True:
        seen += page.content
        assert len(page.content) < 2000
        (row,) = page.components
        if row["components"][1].get("disabled"):
            break
        page = (await press(team["나래"], page, "다음")).response
    assert [number for number in range(1, 18) if f"**#{number}** {number}번 문제" not in seen] == []
    last = page.content
    assert (await press(team["나래"], page, "이전")).response.content != last


async def test_an_answer_is_edited_by_answering_again(team):
    await ask(team, "RNN은 왜 느린가요?")
    assert await answer(team, 1, "순서대로 읽어서요") == "질문 #1에 답을 남겼어요."
    form = await press(team["나래"], board(team), "답하기")
    assert inputs(form)[0]["value"] == "순서대로 읽어서요"
    changed = await submit(team["나래"], form, "한 시점씩 읽어서요")
    assert changed.response.content == "질문 #1에 남긴 답을 고쳤어요. 전에는 이렇게 적으셨어요.\n순서대로 읽어서요"
    listed = await team["다솜"].slash(team.channel, "question list")
    (file,) = listed.response.attachments
    assert "나래님의 답: (고침)\n한 시점씩 읽어서요" in (await file.read()).decode()


async def test_a_message_is_saved_as_the_answer_it_most_likely_is(team):
    nothing = await team["나래"].context_menu(
        team.channel, "Save as answer", await team["나래"].send(team.channel, "답이라고 할까요")
    )
    assert "/ask" in nothing.response.content
    await ask(team, "RNN은 왜 느린가요?")
    await ask(team, "드롭아웃은 언제 쓰나요?")
    said = await team["다솜"].send(team.channel, "드롭아웃은 과적합일 때 써요 `p=0.5`")
    form = await team["나래"].context_menu(team.channel, "Save as answer", said)
    assert [each["label"][:2] for each in inputs(form)[0]["options"]] == ["#2", "#1"]
    likeliest = next(each["value"] for each in inputs(form)[0]["options"] if each.get("default"))
    saved = await submit(team["나래"], form, [likeliest])
    assert saved.response.content == "다솜님의 메시지를 질문 #2의 답으로 저장했어요."
    assert "✅ **#2** 드롭아웃은 언제 쓰나요?\n-# 가온님 · 답 1개, 다솜님" in shown(board(team))
    listed = await team["다솜"].slash(team.channel, "question list")
    (file,) = listed.response.attachments
    assert f"다솜님의 답: {said.jump_url}\n드롭아웃은 과적합일 때 써요 `p=0.5`" in (await file.read()).decode()


async def test_a_message_deleted_before_the_form_was_sent_is_not_lost(team):
    await ask(team, "RNN은 왜 느린가요?")
    said = await team["다솜"].send(team.channel, "순서대로 읽으니까요")
    form = await team["나래"].context_menu(team.channel, "Save as answer", said)
    await team["다솜"].delete(said)
    saved = await submit(team["나래"], form, [inputs(form)[0]["options"][0]["value"]])
    assert saved.response.content == (
        "그사이 메시지가 지워졌지만 글은 남아 있어서, 다솜님이 질문 #1에 단 답으로 저장했어요."
    )
    form = await team["나래"].context_menu(
        team.channel, "Save as answer", await team["다솜"].send(team.channel, "한 번 더 말하면 순서 때문이에요")
    )
    await act(team, team["가온"], "drop", 1)
    refused = await submit(team["나래"], form, [inputs(form)[0]["options"][0]["value"]])
    assert "/question reopen" in refused.response.content
    assert "한 번 더 말하면 순서 때문이에요" in refused.response.content


async def test_a_question_about_a_message_links_to_it(team):
    await team["가온"].slash(team.channel, "lecture add", title="RNN", course="NLP", number="3강")
    said = await team["다솜"].send(team.channel, "그래서 @everyone 은닉 상태가 *전부예요*")
    form = await team["나래"].context_menu(team.channel, "Ask about this", said)
    assert form.modal["components"][0]["description"] == "다솜님: 그래서 @everyone 은닉 상태가 *전부예요*"
    lecture = inputs(form)[1]["options"][0]["value"]
    asked = await submit(team["나래"], form, "정말 전부인가요?", [lecture])
    assert asked.response.content == "질문 #1이 NLP 3강에 올라갔어요."
    assert f"-# 나래님 · [메시지에 대한 질문]({said.jump_url})" in shown(board(team))


async def test_a_moderator_removes_a_question_with_all_that_shows_it(team):
    await ask(team, "나쁜말이 가득한 질문", file=("bad.txt", b"bad"))
    await answer(team, 1, "나쁜말 그만해요")
    await act(team, team.admin, "reopen", 1)
    await team.admin.slash(team.channel, "question next")
    asked_back = await team.admin.slash(team.channel, "question remove", question="1", reason="비방이에요")
    assert "되돌릴 수 없어요" in asked_back.response.content
    assert "나쁜말" in shown(board(team))
    removed = await press(team.admin, asked_back.response, "지우기")
    assert removed.response.content == "질문 #1을 지웠어요."
    assert not removed.followups
    assert "🚫 **#1** 모더레이터가 지운 질문이에요.\n-# 이유: 비방이에요" in shown(board(team))
    left = [message.content + shown(message) for message in (*team.posts(), *team.posts(team.channel.threads[0]))]
    assert [text for text in left if "나쁜말" in text] == []
    assert not files(team)
    page = await team["나래"].slash(team.channel, "journal show")
    assert "나쁜말" not in page.response.content
    assert "비방이에요" in page.response.content


async def test_what_cannot_be_deleted_is_named(team):
    await ask(team, "나쁜말이 가득한 질문")
    await team.admin.slash(team.channel, "question next")
    post = team.posts()[-1]
    asked_back = await team.admin.slash(team.channel, "question remove", question="1")
    team.env.inject_error("DELETE", f"/channels/{team.channel.id}/messages/{post.id}", status=403, code=50013)
    removed = await press(team.admin, asked_back.response, "지우기")
    assert post.jump_url in removed.followups[-1].content


async def test_moderators_decide_on_further_questions_that_nobody_answers(team):
    await ask(team, "거의 나오지 않는 단어는 어떻게 배우나요?")
    await ask(team, "클리핑은 왜 5로 하나요?", "나래")
    for number, name in ((1, "가온"), (2, "나래")):
        await act(team, team[name], "further", number)
    saved = await team.admin.slash(team.channel, "settings set", key="carry_days", value="1일")
    assert "`carry_days` **학습일 1일**" in saved.response.content
    await team.until(team.env.now().replace(day=6, hour=9, minute=1))  # 18:00 in Seoul on Tuesday
    (post,) = [message for message in team.posts() if "접을까요?" in message.content]
    assert post.content == (
        "아직 답이 없는 Further Question이에요. 멘토님께 여쭤볼까요, 접을까요?\n"
        "- **#1** 거의 나오지 않는 단어는 어떻게 배우나요? · 1일째 이어 가는 중\n"
        "- **#2** 클리핑은 왜 5로 하나요? · 1일째 이어 가는 중"
    )
    await team.restart()
    assert "모더레이터" in (await press(team["새벽"], post, "접기")).response.content
    form = await press(team.admin, post, "멘토님께")
    kept = await submit(team.admin, form, [inputs(form)[0]["options"][0]["value"]], "")
    assert kept.response.content == "멘토님께 여쭤볼 질문으로 남겼어요: #1"
    form = await press(team.admin, post, "접기")
    dropped = await submit(team.admin, form, [inputs(form)[0]["options"][0]["value"]], "관례예요")
    assert dropped.response.content == "접었어요: #2"
    assert "정리됐어요" in (await press(team.admin, post, "접기")).response.content
    packet = await team["다솜"].slash(team.channel, "question list", state="mentor")
    assert packet.response.content == (
        "**멘토님께 여쭤볼 질문 1개**\n\n**#1** · Day1 · 가온님\n거의 나오지 않는 단어는 어떻게 배우나요?\n\n"
        "-# 멘토님 답은 /question answer 로 남겨 주세요. 질문이 올라온 날의 일지에도 실려요."
    )
    form = await team["가온"].slash(team.channel, "ask", anonymous=True)
    await submit(team["가온"], form, "아주 긴 질문 " + "나" * 2500)
    await act(team, team.admin, "mentor", 3)
    long = await team["다솜"].slash(team.channel, "question list", state="mentor")
    (file,) = long.response.attachments
    assert "나" * 2500 in (await file.read()).decode()
