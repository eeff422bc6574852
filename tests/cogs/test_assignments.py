"""Assignments, end to end: adding, handing in, and reminders that ping only those who are missing."""

import sqlite3
from datetime import UTC, datetime, timedelta

import discord
import pytest

from tests.study_team import MONDAY, NAMES, button, found_team, sure

DEADLINE = datetime(2026, 1, 6, 14, 59, tzinfo=UTC)
"""23:59 in Seoul on Tuesday: `내일 23:59` on the Monday on which the tests begin."""


async def add(team, title="Attention 구현", due="내일 23:59", **options):
    return await team.admin.slash(team.channel, "assignment add", title=title, due=due, **options)


async def submit(team, name, typed="1", **options):
    return await team[name].slash(team.channel, "assignment submit", assignment=typed, **options)


def reminders(team, channel=None):
    return [message for message in team.posts(channel) if "마감이에요" in message.content]


def pinged(team, message):
    by_id = {member.id: name for name, member in team.members.items()}
    return {by_id[user.id] for user in message.mentions}


def inputs(form):
    """Custom ids of the form's link, note and file."""
    return [label["component"]["custom_id"] for label in form.modal["components"]]


def rows(path, query):
    with sqlite3.connect(path) as connection:
        return connection.execute(query).fetchall()


class TestAdding:
    async def test_the_answer_echoes_the_date_and_when_reminders_come(self, team):
        result = await add(team)
        assert result.response.content == (
            "과제 A1을 올렸어요: Attention 구현\n"
            f"마감 2026-01-06 (화) 23:59 (<t:{int(DEADLINE.timestamp())}:R>)\n"
            "알림: 1/5 월 23:59, 1/6 화 20:59, 1/6 화 23:29"
        )
        assert result.response.ephemeral

    async def test_what_is_typed_is_read_before_it_is_sent(self, team):
        choices = await team.admin.autocomplete(team.channel, "assignment add", "due", "목요일 18:00", title="복습")
        assert choices == [{"name": "2026-01-08 (목) 18:00 · 3일 9시간 뒤", "value": "2026-01-08T18:00+09:00"}]
        result = await add(team, due=choices[0]["value"])
        assert "2026-01-08 (목) 18:00" in result.response.content

    async def test_while_nothing_is_typed_tomorrow_night_is_offered(self, team):
        choices = await team.admin.autocomplete(team.channel, "assignment add", "due", "", title="복습")
        assert [choice["name"] for choice in choices] == ["2026-01-06 (화) 23:59 · 1일 14시간 뒤"]

    async def test_both_meanings_of_six_are_offered(self, team):
        choices = await team.admin.autocomplete(team.channel, "assignment add", "due", "내일 6시", title="복습")
        assert [choice["value"] for choice in choices] == ["2026-01-06T06:00+09:00", "2026-01-06T18:00+09:00"]

    @pytest.mark.parametrize("typed", ["asdf", "2025-12-31 18:00"])
    async def test_what_cannot_be_a_deadline_offers_nothing(self, team, typed):
        assert await team.admin.autocomplete(team.channel, "assignment add", "due", typed, title="복습") == []

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (
                {"due": "2025-12-31 18:00"},
                "12/31 수 18:00은 이미 지났어요. 앞으로의 시각을 적어 주세요. 예: 내일 23:59",
            ),
            ({"due": "오늘 08:00"}, "1/5 월 08:00은 이미 지났어요. 앞으로의 시각을 적어 주세요. 예: 내일 23:59"),
            ({"due": "언젠가"}, "‘언젠가’에서 마감을 읽지 못했어요. 내일 23:59, 금요일 18:00"),
            ({"due": "내일 6시"}, "‘내일 6시’만으로는 1/6 화 06:00인지 1/6 화 18:00인지 알 수 없어요."),
            ({"due": "1/9(목) 18:00"}, "1/8 목 18:00인지 1/9 금 18:00인지 알 수 없어요. 2026-01-09 18:00처럼"),
            ({"link": "javascript:alert(1)"}, "쓸 수 있는 링크가 아니에요."),
            ({"link": "https://"}, "쓸 수 있는 링크가 아니에요."),
            ({"link": "https://a.example/<b>"}, "쓸 수 있는 링크가 아니에요."),
            ({"link": "https://me:secret@a.example/"}, "@ 앞부분을 빼고"),
            ({"link": "https://a.example/" + "b" * 400}, "링크는 400자까지예요."),
            ({"remind": "가끔"}, "‘가끔’에서 알림 시각을 읽지 못했어요."),
            ({"title": "가" * 101}, "제목은 1자에서 100자까지예요."),
            ({"title": " "}, "제목은 1자에서 100자까지예요."),
            ({"description": "가" * 1001}, "글은 1000자까지예요."),
            ({"lecture": "id:99"}, "강의"),
        ],
    )
    async def test_what_cannot_be_used_is_refused_and_nothing_is_saved(self, team, database_file, options, says):
        result = await add(team, **options)
        assert says in result.response.content
        assert rows(database_file, "SELECT * FROM assignment") == []
        assert rows(database_file, "SELECT * FROM delivery WHERE kind = 'assignment.reminder'") == []

    async def test_only_moderators_add(self, team, database_file):
        result = await team["나래"].slash(team.channel, "assignment add", title="몰래", due="내일")
        assert "모더레이터만" in result.response.content
        assert rows(database_file, "SELECT * FROM assignment") == []

    async def test_without_reminders_the_answer_says_so(self, team):
        assert "알림은 보내지 않아요" in (await add(team, remind="없음")).response.content
        await team.until(DEADLINE)
        assert reminders(team) == []

    async def test_show_tells_all_that_is_known(self, team):
        await add(team, required=False, link="https://school.example/a1", description="직접 *구현*해요.")
        shown = (await team["가온"].slash(team.channel, "assignment show", assignment="1")).response.content
        for part in ("**A1** Attention 구현", "2026-01-06 (화) 23:59", "선택과제", "<https://school.example/a1>"):
            assert part in shown
        assert "직접 *구현*해요." in shown
        assert "나: 아직 제출하지 않았어요" in shown
        assert "7명 중 0명 제출" in shown

    async def test_a_title_is_shown_as_typed(self, team):
        await add(team, title="__init__ 읽기 <@1>")
        shown = (await team["가온"].slash(team.channel, "assignment list")).response.content
        assert r"\_\_init\_\_ 읽기 <@1>" in shown


class TestHandingIn:
    async def test_the_answer_counts_who_has(self, team):
        await add(team)
        await submit(team, "가온", link="https://github.com/gaon/a1")
        result = await submit(team, "나래", typed="a1", link="https://github.com/narae/a1", note="직접 구현했다.")
        assert result.response.content == (
            "A1을 제출했어요: Attention 구현\n"
            "- 링크: <https://github.com/narae/a1>\n"
            "- 메모: 직접 구현했다.\n"
            "7명 중 2명 제출"
        )
        assert result.response.ephemeral

    async def test_handing_in_again_replaces_and_is_recorded(self, team, database_file):
        await add(team)
        await submit(team, "가온", link="https://github.com/gaon/draft")
        result = await submit(team, "가온", note="발표로 대신한다.")
        assert "다시 제출했어요" in result.response.content
        assert rows(database_file, "SELECT link, note FROM submission") == [(None, "발표로 대신한다.")]
        records = rows(database_file, "SELECT before, after FROM audit WHERE action = 'assignment.submit' ORDER BY id")
        assert records[0][0] is None
        assert "gaon/draft" in records[1][0]
        assert "발표로" in records[1][1]

    async def test_without_anything_a_form_opens_with_what_was_there(self, team):
        await add(team)
        await submit(team, "가온", link="https://github.com/gaon/a1", note="초안")
        form = await submit(team, "가온")
        link, note, _file = [label["component"] for label in form.modal["components"]]
        assert (link["value"], note["value"]) == ("https://github.com/gaon/a1", "초안")
        result = await team["가온"].submit_modal(form, {link["custom_id"]: link["value"], note["custom_id"]: "끝"})
        assert "- 링크: <https://github.com/gaon/a1>\n- 메모: 끝" in result.response.content

    async def test_an_empty_form_is_refused(self, team, database_file):
        await add(team)
        form = await submit(team, "가온")
        result = await team["가온"].submit_modal(form, {inputs(form)[1]: "  "})
        assert "링크, 파일, 메모 가운데 하나는" in result.response.content
        assert rows(database_file, "SELECT * FROM submission") == []

    async def test_a_wrong_link_gives_back_what_was_typed(self, team):
        await add(team)
        form = await submit(team, "가온")
        link, note, _file = inputs(form)
        result = await team["가온"].submit_modal(form, {link: "github.com/gaon", note: "긴 설명"})
        assert "쓸 수 있는 링크가 아니에요." in result.response.content
        assert "github.com/gaon" in result.response.content
        assert "긴 설명" in result.response.content

    async def test_a_file_is_posted_for_the_team_and_kept(self, team, database_file):
        await add(team)
        result = await submit(team, "가온", file=("attention.py", b"print('hi')"))
        assert "- 파일: attention.py" in result.response.content
        (post,) = [message for message in team.posts() if message.attachments]
        assert post.content == "가온님이 제출한 과제 A1 Attention 구현 파일이에요."
        (kept,) = rows(database_file, "SELECT attachment_message_id, attachment_id FROM submission")
        assert kept == (post.id, post.attachments[0].id)

    async def test_a_name_formats_nothing_where_the_bot_posts_it(self, team):
        await add(team)
        await team.admin.slash(team.channel, "roster rename", member=team["가온"], name="[가온](https://x.example)**")
        await submit(team, "가온", file=("attention.py", b"print('hi')"))
        (post,) = [message for message in team.posts() if message.attachments]
        assert post.content.startswith("\\[가온](https://x.example)\\*\\*님이 제출한")

    async def test_a_file_stays_when_only_the_note_is_changed_in_the_form(self, team):
        await add(team)
        form = await submit(team, "가온")
        _link, _note, upload = inputs(form)
        await team["가온"].submit_modal(form, {upload: ("attention.py", b"print('hi')")})
        form = await submit(team, "가온")
        result = await team["가온"].submit_modal(form, {inputs(form)[1]: "설명을 더했다."})
        assert "- 파일: attention.py" in result.response.content

    async def test_a_file_with_a_wrong_link_is_not_posted(self, team):
        await add(team)
        result = await submit(team, "가온", link="attention", file=("attention.py", b"print('hi')"))
        assert "쓸 수 있는 링크가 아니에요." in result.response.content
        assert not any(message.attachments for message in team.posts())

    async def test_a_file_over_the_limit_is_refused_and_nothing_is_handed_in(self, team, database_file):
        await add(team)
        result = await submit(team, "가온", file=("model.bin", b"0" * (10 * 1024 * 1024 + 1)))
        assert "model.bin" in result.response.content
        assert "10 MB" in result.response.content.replace("10MB", "10 MB")
        assert rows(database_file, "SELECT * FROM submission") == []

    async def test_late_is_marked_late(self, team):
        await add(team)
        await team.until(DEADLINE - timedelta(minutes=1))
        assert "늦은 제출" not in (await submit(team, "가온", note="겨우")).response.content
        await team.until(DEADLINE + timedelta(minutes=1))
        late = (await submit(team, "나래", note="조금 늦었다")).response.content
        assert "마감(1/6 화 23:59)이 지나서 늦은 제출로 표시돼요." in late
        assert "7명 중 2명 제출 (늦게 1명)" in late
        listed = (await team["나래"].slash(team.channel, "assignment list")).response.content
        assert "마감 지남" in listed
        assert "늦게 제출했어요" in listed

    async def test_withdrawing_takes_it_back(self, team, database_file):
        await add(team)
        await submit(team, "가온", note="잘못 냄")
        result = await team["가온"].slash(team.channel, "assignment withdraw", assignment="1")
        assert result.response.content == "A1 제출을 취소할까요?"
        assert await sure(team["가온"], result) == "A1 제출을 취소했어요.\n7명 중 0명 제출"
        again = await team["가온"].slash(team.channel, "assignment withdraw", assignment="1")
        assert "아직 제출하지 않아서" in again.response.content
        ((before, after),) = rows(database_file, "SELECT before, after FROM audit WHERE action = 'assignment.withdraw'")
        assert "잘못 냄" in before
        assert after is None

    @pytest.mark.parametrize("command", ["submit", "withdraw"])
    async def test_somebody_who_is_not_on_the_roster_is_told_the_way_in(self, team, command):
        await add(team)
        guest = team.guild.add_member(team.env.create_user("guest", global_name="손님"))
        result = await guest.slash(team.channel, f"assignment {command}", assignment="id:1")
        assert "/roster join" in result.response.content

    @pytest.mark.parametrize("command", ["show", "status", "submit", "withdraw"])
    async def test_an_assignment_of_another_team_does_not_exist_here(self, team, command):
        elsewhere = team.env.create_guild("다른 스터디")
        channel = elsewhere.create_text_channel("study")
        role = elsewhere.create_role("운영", permissions=discord.Permissions(manage_guild=True))
        admin = elsewhere.add_member(team.env.create_user("other", global_name="다른 운영자"), roles=[role])
        await admin.slash(channel, "setup", language="ko")
        await admin.slash(channel, "assignment add", title="남의 과제", due="내일 23:59")
        result = await team["가온"].slash(team.channel, f"assignment {command}", assignment="id:1")
        assert result.response.content == "이 팀에는 그런 과제가 없어요. /assignment list 에서 확인해 주세요."
        assert await team["가온"].autocomplete(team.channel, "assignment show", "assignment", "") == []


class TestLooking:
    async def test_a_team_without_assignments_is_told_the_next_step(self, team):
        result = await team["가온"].slash(team.channel, "assignment list")
        assert result.response.content == "아직 과제가 없어요. 모더레이터가 /assignment add 로 올릴 수 있어요."

    async def test_open_ones_come_first_by_their_deadline(self, team):
        await add(team, "오늘 것", "오늘 12:00")
        await add(team, "먼 것", "다음 주 금요일 18:00")
        await add(team, "가까운 것", "내일 23:59", required=False)
        await team.until(MONDAY + timedelta(hours=4))
        await submit(team, "가온", typed="가까운", note="끝")
        listed = (await team["가온"].slash(team.channel, "assignment list")).response.content.splitlines()
        assert [line.split(" · ")[0] for line in listed if line.startswith("-")] == [
            "- **A3** 가까운 것",
            "- **A2** 먼 것",
            "- **A1** 오늘 것",
        ]
        assert " · 선택 · " in listed[1]
        assert listed[1].endswith("제출했어요 · 7명 중 1명 제출")
        choices = await team["가온"].autocomplete(team.channel, "assignment show", "assignment", "")
        assert [choice["name"] for choice in choices] == [
            "A3 가까운 것 · 1/6 화 23:59",
            "A2 먼 것 · 1/16 금 18:00",
            "A1 오늘 것 · 1/5 월 12:00",
        ]

    async def test_members_see_counts_and_moderators_names(self, team):
        await add(team)
        for name in NAMES[:5]:
            await submit(team, name, note="끝")
        to_member = (await team["나래"].slash(team.channel, "assignment status")).response.content
        to_moderator = (await team.admin.slash(team.channel, "assignment status", assignment="1")).response.content
        assert "7명 중 5명 제출" in to_member
        assert "바다" not in to_member
        assert "아직인 분: 바다님, 새벽님" in to_moderator

    async def test_status_without_an_assignment_shows_the_last_week(self, team):
        await add(team, "지난 것", "오늘 12:00")
        await team.until(MONDAY + timedelta(days=2))
        assert "지난 것" in (await team["가온"].slash(team.channel, "assignment status")).response.content
        await team.until(MONDAY + timedelta(days=8))
        result = await team["가온"].slash(team.channel, "assignment status")
        assert result.response.content == "진행 중인 과제가 없어요. 지난 과제는 /assignment list 로 볼 수 있어요."


class TestReminders:
    async def test_each_pings_only_those_who_have_not_handed_in(self, team):
        await add(team, link="https://school.example/a1")
        stamp = int(DEADLINE.timestamp())
        await submit(team, "가온", note="끝")
        await team.until(DEADLINE - timedelta(days=1))
        (first,) = reminders(team)
        assert pinged(team, first) == set(NAMES) - {"가온"}
        assert first.content.startswith("과제 A1 Attention 구현, 내일 23:59 마감이에요 (1일 뒤). 아직인 분: <@")
        assert first.content.endswith(f"-# 1/6 화 23:59 · <t:{stamp}:R> · <https://school.example/a1>")
        for name in NAMES[1:5]:
            await submit(team, name, note="끝")
        await team.until(DEADLINE - timedelta(hours=3))
        second = reminders(team)[1]
        assert pinged(team, second) == {"바다", "새벽"}
        mentions = " ".join(team[name].mention for name in ("바다", "새벽"))
        assert second.content.splitlines()[0] == (
            f"과제 A1 Attention 구현, 오늘 23:59 마감이에요 (3시간 뒤). 아직인 분: {mentions}"
        )
        await team.until(DEADLINE - timedelta(minutes=30))
        assert "(30분 뒤)" in reminders(team)[2].content
        await team.until(DEADLINE + timedelta(days=3))
        assert len(reminders(team)) == 3

    async def test_who_hands_in_a_second_before_is_not_pinged(self, team):
        await add(team)
        for name in NAMES[2:]:
            await submit(team, name, note="끝")
        await team.until(DEADLINE - timedelta(hours=3, seconds=1))
        await submit(team, "가온", note="1초 전")
        await team.until(DEADLINE - timedelta(hours=3))
        assert pinged(team, reminders(team)[-1]) == {"나래"}

    async def test_who_withdraws_is_pinged_again(self, team):
        await add(team)
        for name in NAMES:
            await submit(team, name, note="끝")
        await sure(team["가온"], await team["가온"].slash(team.channel, "assignment withdraw", assignment="1"))
        await team.until(DEADLINE - timedelta(hours=3))
        assert pinged(team, reminders(team)[-1]) == {"가온"}

    async def test_when_everybody_has_handed_in_nothing_is_posted(self, team, database_file):
        await add(team)
        for name in NAMES:
            await submit(team, name, note="끝")
        await team.until(DEADLINE)
        assert reminders(team) == []
        outcomes = rows(database_file, "SELECT DISTINCT state, reason FROM delivery WHERE kind = 'assignment.reminder'")
        assert outcomes == [("skipped", "everybody who is there has handed in")]

    async def test_who_left_the_team_is_not_pinged_and_not_counted(self, team):
        await add(team)
        await sure(team["새벽"], await team["새벽"].slash(team.channel, "roster leave"))
        await team.until(DEADLINE - timedelta(hours=3))
        assert pinged(team, reminders(team)[-1]) == set(NAMES) - {"새벽"}
        assert "6명 중 0명 제출" in (await team["가온"].slash(team.channel, "assignment status")).response.content

    async def test_one_that_fell_due_while_the_bot_was_down_goes_out_once_afterwards(self, team):
        await add(team)
        await team.env.bot.close()
        await team.until(DEADLINE - timedelta(hours=2))
        assert reminders(team) == []
        await team.restart()
        (post,) = reminders(team)
        assert "오늘 23:59 마감이에요 (2시간 뒤)" in post.content
        await team.until(DEADLINE - timedelta(hours=1))
        assert len(reminders(team)) == 1

    async def test_they_go_to_the_reminder_channel(self, env):
        team = await found_team(env)
        alarms = team.guild.create_text_channel("알림")
        await team.admin.slash(team.channel, "setup", reminder_channel=alarms)
        await add(team)
        await team.until(DEADLINE - timedelta(hours=3))
        assert len(reminders(team, alarms)) == 2
        assert reminders(team) == []

    async def test_the_button_opens_the_form_also_after_a_restart(self, team):
        await add(team)
        await team.until(DEADLINE - timedelta(hours=3))
        message = reminders(team)[-1]
        await team.restart()
        form = await team["가온"].click(message, custom_id=button(message, "assignment:submit:1:"))
        assert form.modal["title"] == "A1 Attention 구현"
        result = await team["가온"].submit_modal(form, {inputs(form)[0]: "https://github.com/gaon/a1"})
        assert "7명 중 1명 제출" in result.response.content

    async def test_the_button_tells_a_guest_the_way_in(self, team):
        await add(team)
        await team.until(DEADLINE - timedelta(hours=3))
        message = reminders(team)[-1]
        guest = team.guild.add_member(team.env.create_user("guest", global_name="손님"))
        result = await guest.click(message, custom_id=button(message, "assignment:submit:1:"))
        assert "/roster join" in result.response.content
