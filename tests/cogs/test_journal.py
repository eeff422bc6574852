"""`/journal`: a whole study day by the people who lived it, and the page that falls out of it."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta

import discord
import pytest
import simcord

from bot.domain.team import StudyDay
from bot.services.journal import DayPage
from bot.ui import page_exports
from bot.ui.page_files import file_of
from tests.domain.reading import headings, html_in, read, visible
from tests.pages.test_journal import sections
from tests.services.people import seoul
from tests.study_team import StudyTeam, button, found_team, sure

DAY = timedelta(days=1)
AFTERNOON = datetime(2026, 1, 6, 7, 0, tzinfo=UTC)
"""16:00 in Seoul on Day 2, when the peer session begins."""

EVENING = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
"""21:00, when the prompt for the retrospectives comes."""

NEXT_MORNING = datetime(2026, 1, 7, 0, 0, tzinfo=UTC)
"""Day 2 is closed since five hours."""

FULL_NOTE = """# 정리
Self-Attention은 $QK^T$ 로 **어디를 볼지** 고른다.

```python
scores = q @ k.T  # <scores>
```

| 층 | 크기 |
|----|------|
| 1  | 64   |
"""

NOTES = "1. 강의 내용 정리"
WORK = "2. 과제 정리"
SESSION = "3. 피어세션 정리"
RETROS = "4. 학습 회고"

TYPED = {
    NOTES: """
        NLP 5강. Attention|NLP 6강. Transformer|어디를 볼지|$QK^T$|scores = q @ k.T  # <scores>|64
        나래님의 정리|나래가 적은 어텐션|가온과 새벽 함께 읽음 @everyone
    """,
    WORK: """
        어텐션 구현|(필수)|1/6 화 23:59 마감|7명 중 1명이 제출했어요|https://ex.org/narae|나래님
        논문 고르기|(선택)|1/20 화 23:59 마감|https://ex.org/p
    """,
    SESSION: """
        다솜|3강 발표|https://example.com/rnn|라온|게이트.txt|https://discord.com/channels/
        왜 tanh를 쓰나요?|나래님|값이 0을 중심으로 모여서요.|다솜님|기울기가 더 커서요.|가온님
        이름 없는 궁금증|익명|게이트를 더 줄여도 될까요?|망각 게이트만 남긴 변형이 있어요.|실습 서버는 언제까지인가요?
        기울기가 사라지는 까닭을 숫자로 봤다|수요일은 멘토링이 있다|발표는 20분까지|마이크를 확인하자
        코드 저장소 만들기|라온님|1/9 금까지|Day3 (1/7 수)|5강: 마루님|6강: 가온님|모더레이터: 다솜님
        정리는 어떻게 하세요?|빈 종이에 다시 써요|바다님|코드부터 짜요|새벽님
    """,
    RETROS: "오늘은 발표가 즐거웠다|가온님|사실은 하나도 못 알아들었다|익명",
}
"""What the team's page of Day 2 shows in which section."""


async def journal(team: StudyTeam, who: simcord.MemberActor, command: str, **options: object):
    """The bot's private answer."""
    result = await who.slash(team.channel, f"journal {command}", **options)
    assert result.ephemeral
    return result.response


async def exported(team: StudyTeam, name: str, **options: object) -> tuple[str, str]:
    """Name and text of the file that a member gets."""
    (file,) = (await journal(team, team[name], "export", **options)).attachments
    data = await file.read()
    assert b"\r" not in data
    return file.filename, data.decode()


async def refused(team: StudyTeam, who: simcord.MemberActor, **options: object) -> str:
    message = await journal(team, who, "export", **options)
    assert not message.attachments
    return message.content


async def offered(team: StudyTeam, who: simcord.MemberActor, typed: str = "") -> list[tuple[str, str]]:
    choices = await who.autocomplete(team.channel, "journal export", "day", typed)
    return [(choice["name"], choice["value"]) for choice in choices]


def inputs(form: simcord.InteractionResult) -> list[str]:
    return [label["component"]["custom_id"] for label in form.modal["components"]]


async def add_lecture(team: StudyTeam, number: str, title: str, **options: object) -> str:
    await team["가온"].slash(team.channel, "lecture add", title=title, course="NLP", number=number, **options)
    return (await team["가온"].autocomplete(team.channel, "lecture note", "lecture", number))[0]["value"]


async def write_note(team: StudyTeam, name: str, lecture: str, text: str) -> None:
    form = await team[name].slash(team.channel, "lecture note", lecture=lecture)
    assert "저장했어요" in (await team[name].submit_modal(form, {inputs(form)[0]: text})).response.content


async def ask(team: StudyTeam, name: str, text: str, **options: object) -> None:
    assert "질문" in (await team[name].slash(team.channel, "ask", question=text, **options)).response.content


async def answer(team: StudyTeam, name: str, number: str, text: str) -> None:
    await team[name].slash(team.channel, "question answer", question=number, text=text)


async def note(team: StudyTeam, name: str, text: str, **options: object) -> None:
    assert (
        "회의록에 적었어요"
        in (await team[name].slash(team.channel, "session note", text=text, **options)).response.content
    )


async def reply(team: StudyTeam, name: str, text: str) -> None:
    (thread,) = team.channel.threads
    prompt = next(message for message in team.posts(thread) if message.components)
    form = await team[name].click(prompt, custom_id=button(prompt, "session:roundtable"))
    await team[name].submit_modal(form, {inputs(form)[0]: text})


async def look_back(team: StudyTeam, name: str, text: str, visibility: str) -> None:
    form = await team[name].slash(team.channel, "retro write")
    text_id, *_, visibility_id = inputs(form)
    saved = await team[name].submit_modal(form, {text_id: text, visibility_id: [visibility]})
    assert "저장했어요" in saved.response.content


async def live_through_day_two(team: StudyTeam) -> None:
    """Day 2: 5~6강 are studied, 3~4강 presented; every kind of thing is typed by somebody."""
    third = await add_lecture(team, "3강", "순환 신경망", presenter=team["다솜"])
    fourth = await add_lecture(team, "4강", "LSTM & GRU", presenter=team["라온"])
    await team.until(AFTERNOON)
    fifth = await add_lecture(team, "5강", "Attention", presenter=team["마루"])
    sixth = await add_lecture(team, "6강", "Transformer")
    await write_note(team, "가온", fifth, FULL_NOTE)
    await write_note(team, "나래", fifth, "나래가 적은 어텐션")
    await write_note(team, "가온", sixth, f"가온과 {team['새벽'].mention} 함께 읽음 @everyone")
    slides = {"lecture": third, "title": "3강 발표", "url": "https://example.com/rnn"}
    await team["다솜"].slash(team.channel, "lecture material", **slides)
    drawing = {"lecture": fourth, "file": ("게이트.txt", "문 그림".encode())}
    await team["라온"].slash(team.channel, "lecture material", **drawing)
    await ask(team, "나래", "왜 tanh를 쓰나요?", lecture=third)
    await ask(team, "마루", "이름 없는 궁금증", lecture=fourth, anonymous=True)
    await ask(team, "바다", "게이트를 더 줄여도 될까요?", lecture=fourth)
    await ask(team, "새벽", "실습 서버는 언제까지인가요?")
    await answer(team, "다솜", "1", "값이 0을 중심으로 모여서요.")
    await answer(team, "가온", "1", "기울기가 더 커서요.")
    await team.admin.slash(team.channel, "question further", question="3")
    await answer(team, "라온", "3", "망각 게이트만 남긴 변형이 있어요.")

    await team.admin.slash(team.channel, "assignment add", title="어텐션 구현", due="오늘 23:59")
    await team.admin.slash(
        team.channel, "assignment add", title="논문 고르기", due="2026-01-20", required=False, link="https://ex.org/p"
    )
    await team["나래"].slash(
        team.channel, "assignment submit", assignment="1", link="https://ex.org/narae", note="나래만 아는 속사정"
    )

    await note(team, "가온", "기울기가 사라지는 까닭을 숫자로 봤다", kind="discussion", lecture=third)
    await note(team, "나래", "수요일은 멘토링이 있다", kind="announcement")
    await note(team, "나래", "발표는 20분까지", kind="decision")
    await note(team, "나래", "코드 저장소 만들기", kind="action", owner=team["라온"], due="1/9")
    await note(team, "마루", "마이크를 확인하자")
    await team.admin.slash(team.channel, "session roundtable", prompt="정리는 어떻게 하세요?")
    await reply(team, "바다", "빈 종이에 다시 써요")
    await reply(team, "새벽", "코드부터 짜요")
    (prompt,) = [message for message in team.posts(team.channel.threads[0]) if message.components]
    await team.admin.click(prompt, custom_id=button(prompt, "session:close"))

    await team.until(EVENING)
    await look_back(team, "가온", "오늘은 발표가 즐거웠다", "team")
    await look_back(team, "나래", "팀에는 말 못 할 고민", "private")
    await look_back(team, "마루", "사실은 하나도 못 알아들었다", "anonymous")


class TestAWholeDay:
    async def test_everything_typed_stands_in_its_section_of_the_teams_page(self, team):
        await live_through_day_two(team)
        name, page = await exported(team, "바다")
        assert name == "day2.md"
        assert headings(read(page)) == [
            ("h1", "Day2 NLP 5~6강"),
            ("h2", "목차"),
            ("h2", NOTES),
            ("h2", WORK),
            ("h2", SESSION),
            ("h3", "3강. 순환 신경망"),
            ("h3", "4강. LSTM & GRU"),
            ("h3", "Further Question"),
            ("h3", "회의록"),
            ("h2", RETROS),
        ]
        assert html_in(read(page)) == []
        found = {title: visible(tokens) for title, tokens in sections(page).items()}
        assert {
            title: [text for text in re.split(r"\||\n", texts) if text.strip() not in found[title]]
            for title, texts in TYPED.items()
        } == {title: [] for title in TYPED}

    async def test_ones_own_page_has_ones_own_texts_and_nobody_elses(self, team):
        await live_through_day_two(team)
        name, page = await exported(team, "나래", mine=True)
        assert name == "day2-mine.md"
        found = {title: visible(tokens) for title, tokens in sections(page).items()}
        assert "나래가 적은 어텐션" in found[NOTES]
        assert "제출했어요 (1/6 화 16:00)" in found[WORK]
        assert "나래만 아는 속사정" in found[WORK]
        assert "값이 0을 중심으로 모여서요." in found[SESSION]
        assert "팀에는 말 못 할 고민" in found[RETROS]
        for text in ("어디를 볼지", "오늘은 발표가 즐거웠다", "사실은 하나도"):
            assert text not in page

    async def test_private_words_reach_nobody_else(self, team):
        await live_through_day_two(team)
        pages = [(await exported(team, name))[1] for name in ("가온", "나래")]
        pages += [(await exported(team, name, mine=True))[1] for name in ("가온", "마루", "바다")]
        pages.append((await journal(team, team.admin, "show")).content)
        for page in pages:
            assert "팀에는 말 못 할 고민" not in page
            assert "나래만 아는 속사정" not in page

    async def test_nothing_tells_who_wrote_without_a_name(self, team):
        await live_through_day_two(team)
        page = (await exported(team, "가온"))[1]
        own = (await exported(team, "마루", mine=True))[1]
        for nameless in ("이름 없는 궁금증", "사실은 하나도 못 알아들었다"):
            assert "마루" not in paragraphs_around(page, nameless)
        assert "사실은 하나도 못 알아들었다" not in own
        assert "마루" not in paragraphs_around(own, "이름 없는 궁금증")

    async def test_the_same_day_is_the_same_file(self, team):
        await live_through_day_two(team)
        first = await exported(team, "가온")
        await team.restart()
        assert await exported(team, "라온") == first
        await team.until(NEXT_MORNING)
        assert await exported(team, "가온", day="2") == first

    async def test_a_closed_day_keeps_its_title(self, team):
        await live_through_day_two(team)
        await team.until(NEXT_MORNING)
        await team["가온"].slash(team.channel, "lecture add", title="늦게", course="CV", number="1강", date="1/6")
        _, page = await exported(team, "가온", day="2026-01-06")
        assert page.startswith("# Day2 NLP 5~6강\n")
        assert "CV 1강. 늦게" in visible(sections(page)[NOTES])


def paragraphs_around(page: str, text: str) -> str:
    """The paragraph of a text, and the one before it, which names the author."""
    paragraphs = page.split("\n\n")
    place = next(number for number, paragraph in enumerate(paragraphs) if text in paragraph)
    return "\n".join(paragraphs[max(place - 1, 0) : place + 1])


class TestTheDay:
    async def test_it_is_today_if_none_is_said_and_still_at_half_past_one_at_night(self, team):
        assert (await exported(team, "가온"))[0] == "day1.md"
        await team.until(datetime(2026, 1, 5, 16, 30, tzinfo=UTC))
        assert (await exported(team, "가온"))[0] == "day1.md"
        await team.until(datetime(2026, 1, 5, 19, 0, tzinfo=UTC))
        assert (await exported(team, "가온"))[0] == "day2.md"

    async def test_on_a_day_off_it_is_the_latest_on_which_something_happened(self, team):
        await team.until(AFTERNOON + DAY)
        await note(team, "가온", "사흘째의 기록")
        await team.until(AFTERNOON + 4 * DAY)
        await note(team, "가온", "토요일에 적은, 다음 주의 기록")
        name, page = await exported(team, "가온")
        assert name == "day3.md"
        assert "사흘째의 기록" in page
        name, page = await exported(team, "가온", day="Day6")
        assert "토요일에 적은, 다음 주의 기록" in page

    @pytest.mark.parametrize(
        "typed", ["2", "Day2", "day 2", "2일차", "2026-01-06", "1/6", "어제", "Day2 · 1/6 화 · NLP"]
    )
    async def test_it_is_understood_as_people_write_it(self, team, typed):
        await team.until(AFTERNOON + DAY)
        assert (await exported(team, "가온", day=typed))[0] == "day2.md"

    @pytest.mark.parametrize(
        ("typed", "refusal"),
        [
            ("7", "Day7은 없어요. 지금은 Day3(1/7 수)까지 있으니 목록에서 골라 주세요."),
            ("0", "Day0은 없어요."),
            ("내일", "1/8 목 날짜는 아직 오지 않아서 일지가 없어요. 지금은 Day3(1/7 수)까지 볼 수 있어요."),
            ("2099-12-31", "아직 오지 않아서"),
            ("2026-01-04", "1/4 일 날짜는 첫 학습일(1/5 월) 전이라 일지가 없어요."),
            ("언젠가", "언젠가가 며칠인지 모르겠어요. 목록에서 고르거나 Day27, 2026-12-03처럼 적어 주세요."),
            ("2026-02-30", "며칠인지 모르겠어요"),
            ("99999999999999999999", "며칠인지 모르겠어요"),
        ],
    )
    async def test_a_day_without_a_page_is_refused_with_what_to_do(self, team, typed, refusal):
        await team.until(AFTERNOON + DAY)
        assert refusal in await refused(team, team["가온"], day=typed)

    async def test_a_weekend_that_is_over_has_no_page(self, team):
        await team.until(AFTERNOON + 7 * DAY)
        assert "1/10 토 날짜는 학습일이 아니라서" in await refused(team, team["가온"], day="1/10")

    async def test_the_list_offers_the_days_with_their_titles_the_latest_first(self, team):
        await add_lecture(team, "5강", "Attention")
        await team.until(AFTERNOON)
        assert await offered(team, team["가온"]) == [
            ("Day2 · 1/6 화", "2026-01-06"),
            ("Day1 · 1/5 월 · NLP 5강", "2026-01-05"),
        ]
        for typed in ("nlp", "day 1", "1/5", "2026-01-05"):
            assert await offered(team, team["가온"], typed) == [("Day1 · 1/5 월 · NLP 5강", "2026-01-05")]

    async def test_the_list_offers_no_more_than_discord_takes(self, team):
        await team.until(AFTERNOON + 40 * DAY)
        assert len(await offered(team, team["가온"])) == 25

    async def test_before_day_one_there_is_its_page_to_be(self, env):
        team = await found_team(env, start="2026-01-07")
        assert (await exported(team, "가온"))[0] == "day1.md"


class TestWhoMaySeeIt:
    async def test_somebody_who_is_not_on_the_roster_learns_how_to_join(self, team):
        guest = team.guild.add_member(team.env.create_user("guest"))
        for command in ("show", "export"):
            for mine in (True, False):
                message = await journal(team, guest, command, mine=mine)
                assert "/roster join" in message.content
                assert not message.attachments
        assert await offered(team, guest) == []

    async def test_a_moderator_who_is_not_on_the_roster_has_the_teams_page_and_none_of_their_own(self, team):
        assert (await journal(team, team.admin, "export")).attachments[0].filename == "day1.md"
        assert "/roster join" in await refused(team, team.admin, mine=True)

    async def test_where_there_is_no_team_one_is_told_so(self, env):
        await env.advance_time(1)
        guild = env.create_guild("빈 서버")
        channel = guild.create_text_channel("general")
        someone = guild.add_member(env.create_user("someone"))
        result = await someone.slash(channel, "journal export")
        assert "/setup" in (result).response.content
        assert await someone.autocomplete(channel, "journal export", "day", "") == []

    async def test_who_left_is_still_named(self, team):
        await note(team, "나래", "떠나기 전의 부탁", kind="action", owner=team["나래"])
        await sure(team["나래"], await team["나래"].slash(team.channel, "roster leave"))
        assert "나래님" in (await exported(team, "가온"))[1]
        assert "/roster join" in await refused(team, team["나래"])


class TestThePage:
    async def test_a_day_with_nothing_is_a_page_with_kind_sentences(self, env):
        team = await found_team(env, names=("가온",))
        _, page = await exported(team, "가온")
        assert [text for _, text in headings(read(page))] == ["Day1", "목차", NOTES, WORK, SESSION, "회의록", RETROS]
        for sentence in ("이날 공부한 강의는 없어요.", "이날은 과제가 없어요.", "아직 올라온 회고가 없어요."):
            assert sentence in page
        assert "모더레이터: 가온님" in page

    async def test_it_is_in_the_teams_language_and_the_answer_in_the_readers(self, env):
        team = await found_team(env, names=("가온",), language="en")
        message = await journal(team, team["가온"], "export")
        assert message.content == "Day1(1/5 월) 팀 일지예요. 지금까지 적힌 내용이 담겨 있어요."
        assert (await message.attachments[0].read()).decode().startswith("# Day 1\n")

    @pytest.mark.parametrize(
        ("name", "file"),
        [("Dain Kim", "day1-dain-kim.md"), ("José", "day1-jose.md"), ("가온", "day1-mine.md"), ("-", "day1-mine.md")],
    )
    async def test_ones_own_file_has_an_ascii_name(self, env, name, file):
        team = await found_team(env, names=(name,))
        assert (await exported(team, name, mine=True))[0] == file

    async def test_what_mentions_mean_is_written_out(self, team):
        overwrites = {team.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
        hidden = team.guild.create_text_channel("비밀", overwrites=overwrites)
        await note(team, "가온", f"{team.channel.mention} {hidden.mention} {team['나래'].mention}")
        _, page = await exported(team, "나래")
        assert "#study 어느 채널 나래" in page

    async def test_an_assignment_stands_on_every_day_on_which_something_happened_to_it(self, team):
        await team.admin.slash(team.channel, "assignment add", title="긴 과제", due="2026-01-10 23:59")
        await team.until(AFTERNOON + DAY)
        await team["나래"].slash(team.channel, "assignment submit", assignment="1", link="https://ex.org/1")
        await team.until(AFTERNOON + 7 * DAY)
        pages = {day: (await exported(team, "가온", day=str(day)))[1] for day in range(1, 8)}
        assert [day for day, page in pages.items() if "긴 과제" in page] == [1, 3, 6]


class TestThePreview:
    async def test_a_short_page_is_the_message_itself_without_contents(self, team):
        await note(team, "가온", "짧은 하루")
        message = await journal(team, team["나래"], "show")
        assert message.content.startswith("# Day1\n")
        assert "짧은 하루" in message.content
        assert "목차" not in message.content
        assert not message.attachments

    async def test_a_long_page_is_turned_in_the_message_and_whole_in_the_file(self, team):
        lecture = await add_lecture(team, "5강", "Attention")
        for number in range(1, 8):
            await write_note(team, "가온", lecture, f"{number}번째 정리 " + "가나다라 " * 80)
        message = await journal(team, team["나래"], "show", day="1")
        assert message.content.endswith("\n-# 1/2쪽")
        (file,) = message.attachments
        shown = [message.content]
        turned = (await team["나래"].click(message, label="다음")).response
        assert turned.content.endswith("\n-# 2/2쪽")
        assert turned.attachments == message.attachments
        shown.append(turned.content)
        assert max(len(content) for content in shown) <= 2000
        assert [[f"{number}번째 정리" in content for number in (1, 7)] for content in shown] == [
            [True, False],
            [False, True],
        ]
        assert (await team["나래"].click(turned, label="이전")).response.content == shown[0]
        assert (await file.read()).decode() == (await exported(team, "나래"))[1]

    async def test_it_pings_nobody(self, team):
        await note(team, "가온", f"@everyone {team['나래'].mention}")
        message = await journal(team, team["다솜"], "show")
        stored = team.env.backend.get_message(message.channel_id, message.id)
        assert (set(stored.ping_user_ids), stored.mention_everyone) == (set(), False)
        assert "@everyone 나래" in message.content


async def test_another_teams_day_never_appears(team):
    await note(team, "가온", "우리 팀만의 이야기")
    guild = team.env.create_guild("다른 스터디")
    channel = guild.create_text_channel("study")
    role = guild.create_role("운영", permissions=discord.Permissions(manage_guild=True))
    stranger = guild.add_member(team.env.create_user("stranger"), roles=[role])
    await stranger.slash(channel, "setup", language="ko")
    await stranger.slash(channel, "roster join", name="낯선이")
    result = await stranger.slash(channel, "journal export")
    page = (await result.response.attachments[0].read()).decode()
    assert "우리 팀만의 이야기" not in page
    assert "낯선이" not in (await exported(team, "가온"))[1]


async def test_a_page_that_discord_would_not_take_is_packed():
    day = StudyDay(1, date(2026, 1, 5), 1, "", closed=False)
    text = "가나다라마바사 " * 500_000
    file = file_of(DayPage(day, None, text))
    assert file.filename == "day1.zip"
    with zipfile.ZipFile(file.fp) as archive:
        assert archive.namelist() == ["day1.md"]
        assert archive.read("day1.md").decode() == text


async def test_pages_of_several_days_come_as_a_file_of_any_kind_with_what_was_attached(team: StudyTeam) -> None:
    await live_through_day_two(team)
    await team.until(datetime(2026, 1, 12, 0, 0, tzinfo=UTC))
    name, _ = await taken(team, "나래", day="1", until="6", format="html")
    assert name == "day1-6.html"
    name, data = await taken(team, "가온", day="Day1", until="2026-01-09")
    assert name == "day1-5.zip"
    archive = zipfile.ZipFile(io.BytesIO(data))
    (kept,) = [entry for entry in archive.namelist() if "/media/" in entry]
    assert archive.read(kept).decode() == "문 그림"
    page = archive.read("week1/day2/README.md").decode()
    assert f"](media/{kept.rpartition('/')[2]})" in page
    assert "사실은 하나도 못 알아들었다" in page
    name, data = await taken(team, "나래", day="2", mine=True, format="csv")
    assert name == "day2-mine.csv"
    assert "가온님" not in data.decode()
    assert "이른 날을 먼저" in await refused(team, team["가온"], day="2", until="1")


async def taken(team: StudyTeam, name: str, **options: object) -> tuple[str, bytes]:
    (file,) = (await journal(team, team[name], "export", **options)).attachments
    return file.filename, await file.read()


def told_of(team: StudyTeam) -> list[str]:
    """What stood in the answer to the last export, one after the other."""
    calls = [(name, body) for kind, name, body in team.env.backend.transcript if kind == "HTTP"]
    return [body["content"] for name, body in calls if name.startswith("PATCH /webhooks/") and "content" in body]


async def test_a_long_export_tells_how_far_it_is_and_a_short_one_does_not(team):
    await team.until(seoul("2026-01-09 10:00"))
    await journal(team, team["나래"], "export", day="1", until="3")
    assert len(told_of(team)) == 1
    await journal(team, team["나래"], "export", day="1", until="5")
    first, *_, last = told_of(team)[1:]
    assert (first, last[:13]) == ("일지를 쓰고 있어요: 5일 중 1일 …", "Day1부터 Day5까지")


async def test_what_is_larger_than_discord_takes_is_packed_and_what_is_larger_still_is_refused(team, monkeypatch):
    await team["나래"].slash(team.channel, "ask", question="같은 말 " * 300)
    monkeypatch.setattr(page_exports, "KEPT_LIMIT", 2500)
    (file,) = (await journal(team, team["나래"], "export", format="html")).attachments
    assert file.filename == "day1.zip"
    with zipfile.ZipFile(io.BytesIO(await file.read())) as archive:
        assert archive.namelist() == ["day1.html"]
    monkeypatch.setattr(page_exports, "KEPT_LIMIT", 100)
    refused = await team["나래"].slash(team.channel, "journal export", format="html")
    assert refused.response.content.startswith("파일이 디스코드가 받는 크기보다 커요.")
