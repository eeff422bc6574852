"""`/team`: two teams in one server, and a team that is removed and had back, as people see it."""

import pytest

from bot.db.tables import AssignmentRow, LectureRow, QuestionRow, TeamRow
from bot.services.purge import Purge
from tests.database import reading
from tests.services.people import dump, seoul
from tests.study_team import button, shown


@pytest.fixture
async def second(team):
    """The channel of a second team in the server: 하늘 is in it alone, 가온 in both teams."""
    channel = team.guild.create_text_channel("둘째")
    created = await team.admin.slash(channel, "team create", name="둘째 팀")
    assert created.response.content.startswith(f"{channel.mention} 채널에 둘째 팀")
    team.members["하늘"] = team.guild.add_member(team.env.create_user("sky", global_name="하늘"))
    for name in ("하늘", "가온"):
        await team.admin.slash(channel, "roster add", member=team[name], name=name)
    return channel


async def said(actor, channel, command, /, **options):
    return (await actor.slash(channel, command, **options)).response.content


async def ids(env, table):
    """The id of each team's own row."""
    async with reading(env.bot.database) as session:
        return {row.team_id: row.id for row in (await session.execute(table.__table__.select())).all()}


async def test_what_is_of_one_team_never_shows_in_the_other(team, second):
    first, gaon = team.channel, team["가온"]
    for channel, word in ((first, "첫째"), (second, "둘째")):
        assert "#1" in await said(gaon, channel, "ask", question=f"{word} 질문은 무엇인가요?")
        await team.admin.slash(channel, "assignment add", title=f"{word} 과제", due="2026-01-20 18:00")
        await gaon.slash(channel, "lecture add", title=f"{word} 강의", course="NLP", number="3강")
    for channel, word, other in ((first, "첫째", "둘째"), (second, "둘째", "첫째")):
        told = [await said(gaon, channel, command) for command in ("question list", "assignment list", "lecture list")]
        told += ["\n".join(shown(post) for post in team.posts(channel))]
        for command, option in (
            ("question answer", "question"),
            ("assignment show", "assignment"),
            ("lecture note", "lecture"),
        ):
            offered = await gaon.autocomplete(channel, command, option, "")
            told.append("\n".join(choice["name"] for choice in offered))
        for text in told:
            assert word in text
            assert f"{other} " not in text.replace("둘째 팀", "")

    await team.admin.slash(second, "settings set", key="retro_time", value="22:30")
    assert "`retro_time` **21:00**" in await said(gaon, first, "settings show")
    assert "`retro_time` **22:30**" in await said(gaon, second, "settings show")
    assert "하늘" not in await said(gaon, first, "roster list")
    assert "나래" not in await said(gaon, second, "roster list")


async def test_what_is_of_one_team_cannot_be_touched_from_the_other(team, second, database_file):
    await team["가온"].slash(team.channel, "ask", question="첫째 팀의 질문인가요?")
    await team.admin.slash(team.channel, "assignment add", title="첫째 과제", due="2026-01-20 18:00")
    await team["가온"].slash(team.channel, "lecture add", title="RNN", course="NLP", number="3강")
    board = next(post for post in team.posts() if "첫째 팀의 질문" in shown(post))
    question, assignment, lecture = [
        f"id:{next(iter((await ids(team.env, table)).values()))}" for table in (QuestionRow, AssignmentRow, LectureRow)
    ]
    before = await dump(database_file)
    for command, options in (
        ("question answer", {"question": question, "text": "답"}),
        ("question drop", {"question": question, "reason": "중복"}),
        ("question edit", {"question": question, "text": "고친 질문"}),
        ("question further", {"question": question}),
        ("question remove", {"question": question, "reason": "광고"}),
        ("assignment edit", {"assignment": assignment, "title": "다른 과제"}),
        ("assignment excuse", {"assignment": assignment, "member": team["하늘"]}),
        ("assignment remove", {"assignment": assignment}),
        ("assignment show", {"assignment": assignment}),
        ("assignment submit", {"assignment": assignment, "link": "https://example.org"}),
        ("lecture edit", {"lecture": lecture, "title": "다른 제목"}),
        ("lecture material", {"lecture": lecture, "url": "https://example.org"}),
        ("lecture remove", {"lecture": lecture}),
    ):
        actor = team["가온"] if command in {"question edit", "question answer", "assignment submit"} else team.admin
        text = await said(actor, second, command, **options)
        assert "찾지 못" in text or "이 팀에" in text or "없어요" in text, f"/{command}: {text}"
    voted = await team["하늘"].click(board, custom_id=button(board, "question:vote"))
    assert "명단" in voted.response.content
    assert await dump(database_file) == before


async def test_a_command_belongs_to_the_team_of_its_channel_else_to_ones_only_team(team, second):
    retro, lobby = team.guild.create_text_channel("둘째-회고"), team.guild.create_text_channel("로비")
    await team.admin.slash(second, "settings set", key="retro_channel", value=retro.mention)

    async def where(actor, channel):
        text = await said(actor, channel, "roster list")
        return "둘째" if "하늘" in text else "첫째" if "나래" in text else text

    assert [await where(team["가온"], channel) for channel in (team.channel, second, retro)] == ["첫째", "둘째", "둘째"]
    assert [await where(team.admin, channel) for channel in (team.channel, second, retro)] == ["첫째", "둘째", "둘째"]
    assert [await where(team["나래"], channel) for channel in (lobby, retro)] == ["첫째", "첫째"]
    assert await where(team["하늘"], lobby) == "둘째"
    for actor in (team["가온"], team.admin):
        assert await where(actor, lobby) == "이 서버에는 팀이 여럿이에요. 내 팀의 채널에서 명령을 써 주세요."


async def test_a_removed_team_is_silent_and_can_be_had_back(team, second, database_file):
    admin, env = team.admin, team.env
    await team["하늘"].slash(second, "ask", question="둘째 질문은 무엇인가요?")
    greeted = len(team.posts(second))
    preview = await admin.slash(second, "team remove", team="둘째 팀")
    assert preview.response.content.splitlines() == [
        f"**둘째 팀을 지우면** ({second.mention}) 함께 사라지는 것:",
        "- 팀원 2명",
        "- 학습일 1일",
        "- 질문 1개",
        "지운 뒤로는 아무 알림도 보내지 않아요. 24시간 안에는 되돌릴 수 있고, 그 뒤에는 모두 삭제돼요.",
    ]
    before = await dump(database_file)
    form = await admin.click(preview.response, custom_id=button(preview.response.message, "team:remove"))
    (field,) = [each["component"]["custom_id"] for each in form.modal["components"]]
    wrong = await admin.submit_modal(form, {field: "첫째 팀"})
    assert wrong.response.content.startswith("팀 이름이 달라요. 아무것도 지우지 않았어요.")
    assert await dump(database_file) == before
    form = await admin.click(preview.response, custom_id=button(preview.response.message, "team:remove"))
    (field,) = [each["component"]["custom_id"] for each in form.modal["components"]]
    removed = await admin.submit_modal(form, {field: " 둘째  팀 "})
    assert "1/6 화 09:00까지 여기서, 또는 /team list 에서 되돌릴 수 있어요." in removed.response.content

    await team.until(seoul("2026-01-05 21:30"))
    assert [post.content for post in team.posts() if "오늘은 어땠나요" in post.content]
    assert len(team.posts(second)) == greeted
    listed = await admin.slash(team.channel, "team list")
    assert "~~둘째 팀~~ · 지운 팀, 1/6 화 09:00까지" in listed.response.content
    back = await admin.click(listed.response, custom_id=button(listed.response.message, "team:restore"))
    assert back.response.content.startswith(f"{second.mention} 채널에 둘째 팀")
    await env.settle()
    late = [post.content for post in team.posts(second) if "오늘은 어땠나요" in post.content]
    assert ["(21:00에 보낼 알림이 늦었어요)" in text for text in late] == [True]
    assert "둘째 질문" in await said(team["하늘"], second, "question list")


async def test_after_a_day_a_removed_team_is_gone(team, second, database_file):
    admin, env = team.admin, team.env
    await remove(admin, second)
    listed = await admin.slash(team.channel, "team list")
    await team.until(seoul("2026-01-06 09:00"))
    gone = await admin.click(listed.response, custom_id=button(listed.response.message, "team:restore"))
    assert gone.response.content.startswith("지운 지 24시간이 지나서")
    await Purge(env.bot.database).run(env.now())
    async with reading(env.bot.database) as session:
        assert [row.name for row in (await session.execute(TeamRow.__table__.select())).all()] == ["스터디"]
    assert "둘째" not in await said(admin, team.channel, "team list")
    assert "어제" not in await said(team["가온"], team.channel, "roster list")


async def test_channel_and_name_of_a_removed_team_are_free(team, second):
    admin = team.admin
    await remove(admin, second)
    listed = await admin.slash(team.channel, "team list")
    await admin.slash(second, "team create", name="둘째 팀")
    back = await admin.click(listed.response, custom_id=button(listed.response.message, "team:restore"))
    assert back.response.content.startswith("그 채널에서는 이미 둘째 팀")
    await remove(admin, second)
    back = await admin.click(listed.response, custom_id=button(listed.response.message, "team:restore"))
    assert back.response.content.startswith(f"{second.mention} 채널에 둘째 팀")


async def remove(admin, channel):
    preview = await admin.slash(channel, "team remove", team="둘째 팀")
    form = await admin.click(preview.response, custom_id=button(preview.response.message, "team:remove"))
    (field,) = [each["component"]["custom_id"] for each in form.modal["components"]]
    return await admin.submit_modal(form, {field: "둘째 팀"})


async def test_names_and_channels_are_had_once(team, second, database_file):
    admin = team.admin
    assert await said(admin, second, "team rename", team="둘째 팀", name="저녁반") == "이제 ‘저녁반’ 이름으로 부를게요."
    assert (await said(admin, second, "team list")).splitlines() == [
        f"- **스터디** · {team.channel.mention} · 7명",
        f"- **저녁반** · {second.mention} · 2명",
    ]
    before = await dump(database_file)
    for command, options, says in (
        ("team create", {"name": "셋째"}, "그 채널에서는 이미 저녁반"),
        (
            "team create",
            {"name": "저녁반", "channel": team.guild.create_text_channel("셋째")},
            "이름이 ‘저녁반’인 팀이 이미 있어요",
        ),
        ("team rename", {"team": "저녁반", "name": "스터디"}, "이름이 ‘스터디’인 팀이 이미 있어요"),
        ("team rename", {"team": "저녁반", "name": "가" * 33}, "팀 이름은 1~32자예요"),
        ("team rename", {"team": "아침반", "name": "새 이름"}, "아침반"),
    ):
        assert says in await said(admin, second, command, **options), command
    assert await dump(database_file) == before
