"""Assignments that change, end to end: editing, removing, more time, excuses, boards and what moderators are told."""

import sqlite3
from datetime import UTC, datetime, timedelta

import discord
import pytest

from tests.study_team import MONDAY, StudyTeam, sure

DEADLINE = datetime(2026, 1, 6, 14, 59, tzinfo=UTC)
"""23:59 in Seoul on Tuesday."""


@pytest.fixture
async def assigned(team: StudyTeam) -> StudyTeam:
    """A team with an assignment due on Tuesday night."""
    await add(team)
    return team


async def add(team, title="Attention 구현", due="내일 23:59", **options):
    return await team.admin.slash(team.channel, "assignment add", title=title, due=due, **options)


async def change(team, command, **options):
    result = await team.admin.slash(team.channel, f"assignment {command}", assignment="1", **options)
    assert result.response.ephemeral
    return await sure(team.admin, result)


def walk(components):
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))


def shown(message):
    return "\n".join(item.content for item in walk(message.components) if isinstance(item, discord.TextDisplay))


def board(team, channel=None):
    (found,) = [message for message in team.posts(channel) if "Attention 구현" in shown(message)]
    return found


def states(path):
    with sqlite3.connect(path) as connection:
        return dict(
            connection.execute(
                "SELECT state, count(*) FROM delivery WHERE kind = 'assignment.reminder' GROUP BY state"
            ).fetchall()
        )


class TestEditing:
    async def test_the_answer_says_what_changed_and_when_reminders_come(self, assigned):
        answered = await change(
            assigned, "edit", title="Attention 다시", due="2026-01-08 18:00", required=False,
            link="https://school.example/a1", description="더 쉽게", remind="1d, 3h",
        )  # fmt: skip
        assert answered == (
            "A1을 고쳤어요: Attention 다시\n"
            "- 제목: Attention 구현 → Attention 다시\n"
            f"- 마감: 1/6 화 23:59 → 2026-01-08 (목) 18:00 (<t:{int(DEADLINE.timestamp()) + 42 * 3600 + 60}:R>)\n"
            "- 이제 선택과제예요.\n"
            "- 링크: <https://school.example/a1>\n"
            "- 설명이 바뀌었어요.\n"
            "- 마감 전 알림: 1일, 3시간\n"
            "알림: 1/7 수 18:00, 1/8 목 15:00"
        )
        assert await change(assigned, "edit", link="없음", description="off", remind="없음", required=True) == (
            "A1을 고쳤어요: Attention 다시\n"
            "- 이제 필수과제예요.\n"
            "- 링크: 없음\n"
            "- 설명을 지웠어요.\n"
            "- 마감 전 알림: 없음\n"
            "마감 전에 남은 알림 시각이 없어서 알림은 보내지 않아요."
        )

    async def test_the_lecture_can_be_named_afterwards(self, assigned):
        await assigned["가온"].slash(assigned.channel, "lecture add", title="RNN", course="NLP", number="3강")
        assert "- 강의: NLP 3강 · RNN" in await change(assigned, "edit", lecture="3강")

    async def test_the_deadline_is_read_while_it_is_typed(self, assigned):
        for command, option in (("edit", "due"), ("extend", "until")):
            filled = {"member": assigned["가온"]} if command == "extend" else {}
            choices = await assigned.admin.autocomplete(
                assigned.channel, f"assignment {command}", option, "목요일 18:00", assignment="1", **filled
            )
            assert choices == [{"name": "2026-01-08 (목) 18:00 · 3일 9시간 뒤", "value": "2026-01-08T18:00+09:00"}]

    async def test_a_command_without_any_change_says_so(self, assigned):
        assert await change(assigned, "edit") == "A1은 이미 그렇게 되어 있어요. 바꿀 내용을 적어 주세요."

    async def test_a_moved_deadline_is_reminded_of_at_its_own_times(self, assigned, database_file):
        await change(assigned, "edit", due="2026-01-08 23:59")
        assert states(database_file) == {"cancelled": 3, "pending": 4}
        await assigned.until(DEADLINE)
        assert not any("1/6 화 23:59" in message.content for message in assigned.posts())
        await assigned.until(DEADLINE + timedelta(days=2))
        told = [message.content for message in assigned.posts() if "마감이에요" in message.content]
        assert len(told) == 4
        assert all("1/8 목 23:59" in text for text in told)


class TestRemoving:
    async def test_it_asks_first_and_says_who_has_handed_in(self, assigned, database_file):
        await assigned["가온"].slash(assigned.channel, "assignment submit", assignment="1", note="끝")
        asked = await assigned.admin.slash(assigned.channel, "assignment remove", assignment="1")
        assert asked.response.content == (
            "과제 A1 Attention 구현을 삭제할까요? 예정된 알림은 취소되고, 이미 닫힌 날의 일지에는 그대로 남아요.\n"
            "7명 중 1명 제출"
        )
        assert states(database_file) == {"pending": 3}

    async def test_it_goes_with_all_that_was_planned(self, assigned, database_file):
        assert await change(assigned, "remove") == (
            "A1을 삭제했어요: Attention 구현\n예정된 알림은 취소했어요. 이미 닫힌 날의 일지에는 그대로 남아요."
        )
        assert states(database_file) == {"cancelled": 3}
        assert shown(board(assigned)).endswith("삭제된 과제예요. 제출하지 않아도 돼요.")
        await assigned.until(DEADLINE + timedelta(hours=1))
        assert not any("마감" in message.content for message in assigned.posts())
        listed = await assigned["가온"].slash(assigned.channel, "assignment list")
        assert listed.response.content.startswith("아직 과제가 없어요.")

    async def test_it_can_be_had_back_for_a_day_with_what_was_planned(self, assigned, database_file):
        asked = await assigned.admin.slash(assigned.channel, "assignment remove", assignment="1")
        await sure(assigned.admin, asked)
        await assigned.restart()
        back = await assigned.admin.click(asked.response, label="되돌리기")
        assert back.response.content == "A1을 되살렸어요: Attention 구현. 남은 알림도 다시 예정했어요."
        assert back.response.message.components == []
        assert states(database_file) == {"pending": 3}
        assert "제출하지 않아도" not in shown(board(assigned))
        await assigned.until(DEADLINE + timedelta(hours=1))
        assert any("마감" in message.content for message in assigned.posts())

    async def test_after_a_day_it_stays_removed(self, assigned, database_file):
        asked = await assigned.admin.slash(assigned.channel, "assignment remove", assignment="1")
        await sure(assigned.admin, asked)
        await assigned.env.advance_time(24 * 3600 + 1)
        late = await assigned.admin.click(asked.response, label="되돌리기")
        assert late.response.content == "하루가 지나서 이제는 되돌릴 수 없어요."
        assert states(database_file) == {"cancelled": 3}


class TestMoreTime:
    async def test_the_answer_says_until_when_and_when_they_are_reminded(self, assigned):
        stamp = int(DEADLINE.timestamp()) + 2 * 86400
        answered = await change(assigned, "extend", member=assigned["나래"], until="2026-01-08 23:59")
        assert answered.splitlines() == [
            f"나래님은 A1을 2026-01-08 (목) 23:59 (<t:{stamp}:R>)까지 제출하면 돼요.",
            "알림: 1/5 월 23:59, 1/7 수 23:59, 1/8 목 20:59, 1/8 목 23:29",
        ]
        own = (await assigned["나래"].slash(assigned.channel, "assignment show", assignment="1")).response.content
        assert f"내 마감: 1/8 목 23:59 (<t:{stamp}:R>)" in own
        others = (await assigned["가온"].slash(assigned.channel, "assignment show", assignment="1")).response.content
        assert "내 마감" not in others
        status = (await assigned.admin.slash(assigned.channel, "assignment status", assignment="1")).response.content
        assert "연장: 나래님 (1/8 목 23:59까지)" in status
        assert "나래" not in status.split("연장")[0]

    async def test_it_can_be_taken_back(self, assigned):
        await change(assigned, "extend", member=assigned["나래"], until="2026-01-08 23:59")
        assert await change(assigned, "extend", member=assigned["나래"], until="없음") == (
            "나래님도 이제 A1을 모두와 같이 2026-01-06 (화) 23:59까지 제출하면 돼요."
        )

    async def test_refusals_say_what_would_do(self, assigned):
        said = await change(assigned, "extend", member=assigned["나래"], until="2026-01-06 12:00")
        assert said == "A1의 원래 마감(1/6 화 23:59)보다 늦은 시각을 적어 주세요."
        said = await change(assigned, "extend", member=assigned["나래"], until="off")
        assert said == "나래님은 A1 마감이 연장되지 않아서 되돌릴 것이 없어요."
        await change(assigned, "excuse", member=assigned["나래"])
        said = await change(assigned, "extend", member=assigned["나래"], until="2026-01-08 12:00")
        assert said == "나래님은 A1을 제출하지 않아도 돼요. 먼저 /assignment excuse 로 되돌려 주세요."

    async def test_handing_in_before_ones_own_deadline_is_not_late(self, assigned):
        await change(assigned, "extend", member=assigned["나래"], until="2026-01-07 23:59")
        await assigned.until(DEADLINE + timedelta(hours=2))
        late = await assigned["가온"].slash(assigned.channel, "assignment submit", assignment="1", note="끝")
        assert "마감(1/6 화 23:59)이 지나서" in late.response.content
        in_time = await assigned["나래"].slash(assigned.channel, "assignment submit", assignment="1", note="끝")
        assert "지나서" not in in_time.response.content
        listed = (await assigned["나래"].slash(assigned.channel, "assignment list")).response.content
        assert listed.startswith("__진행 중__")


class TestExcuses:
    async def test_it_is_said_and_counted_and_taken_back(self, assigned):
        assert await change(assigned, "excuse", member=assigned["나래"]) == (
            "나래님은 A1을 제출하지 않아도 돼요. 인원에서 빼고 알림도 보내지 않아요.\n"
            "되돌리려면 /assignment excuse 를 한 번 더 써 주세요."
        )
        own = (await assigned["나래"].slash(assigned.channel, "assignment show", assignment="1")).response.content
        assert own.endswith("6명 중 0명 제출\n나: 제출하지 않아도 돼요")
        assert await change(assigned, "excuse", member=assigned["나래"]) == "나래님도 다시 A1을 제출해야 해요."
        status = (await assigned.admin.slash(assigned.channel, "assignment status", assignment="1")).response.content
        assert "7명 중 0명 제출" in status

    async def test_the_day_at_a_glance_shows_ones_own_deadline_and_nothing_excused(self, assigned):
        async def today(name):
            return (await assigned[name].slash(assigned.channel, "today")).response.content

        await change(assigned, "excuse", member=assigned["나래"])
        await change(assigned, "extend", member=assigned["다솜"], until="2026-01-07 12:00")
        assert "Attention 구현" in await today("가온")
        assert "Attention 구현" not in await today("나래")
        assert "Attention 구현" not in await today("다솜")
        await assigned.until(MONDAY + timedelta(days=1))
        assert "1/7 수 12:00" in await today("다솜") or "내일 12:00" in await today("다솜")


class TestBoard:
    async def test_it_is_in_the_reminder_channel_and_follows(self, team):
        alarms = team.guild.create_text_channel("알림")
        await team.admin.slash(team.channel, "setup", reminder_channel=alarms)
        await add(team)
        assert shown(board(team, alarms)).endswith("▱▱▱▱▱▱▱▱▱▱ 7명 중 0명 제출")
        await team["가온"].slash(team.channel, "assignment submit", assignment="1", note="끝")
        assert shown(board(team, alarms)).endswith("▰▱▱▱▱▱▱▱▱▱ 7명 중 1명 제출")
        withdraw = await team["가온"].slash(team.channel, "assignment withdraw", assignment="1")
        await sure(team["가온"], withdraw)
        assert shown(board(team, alarms)).endswith("▱▱▱▱▱▱▱▱▱▱ 7명 중 0명 제출")

    async def test_its_buttons_work_also_after_a_restart(self, assigned):
        await assigned.restart()
        form = await assigned["가온"].click(board(assigned), custom_id="assignment:submit:1:board")
        link = form.modal["components"][0]["component"]["custom_id"]
        await assigned["가온"].submit_modal(form, {link: "https://github.com/gaon/a1"})
        assert "7명 중 1명 제출" in shown(board(assigned))
        mine = await assigned["가온"].click(board(assigned), custom_id="assignment:mine:1")
        assert mine.response.content.splitlines()[2:] == ["나: 제출했어요", "- 링크: <https://github.com/gaon/a1>"]
        assert mine.response.ephemeral
        others = await assigned["나래"].click(board(assigned), custom_id="assignment:mine:1")
        assert "gaon" not in others.response.content
        assert others.response.content.endswith("나: 아직 제출하지 않았어요")

    async def test_they_tell_a_guest_the_way_in(self, assigned):
        guest = assigned.guild.add_member(assigned.env.create_user("guest", global_name="손님"))
        for custom_id in ("assignment:submit:1:board", "assignment:mine:1"):
            result = await guest.click(board(assigned), custom_id=custom_id)
            assert "/roster join" in result.response.content

    async def test_deleted_by_somebody_it_comes_back_at_the_next_change(self, assigned):
        first = board(assigned)
        janitor = assigned.guild.create_role("청소", permissions=discord.Permissions(manage_messages=True))
        await assigned.guild.add_member(assigned.env.create_user("janitor"), roles=[janitor]).delete(first)
        await assigned["가온"].slash(assigned.channel, "assignment submit", assignment="1", note="끝")
        assert board(assigned).id != first.id
        assert "7명 중 1명 제출" in shown(board(assigned))


class TestModerators:
    async def test_they_are_told_how_it_went_in_their_own_channel(self, team):
        staff = team.guild.create_text_channel("운영")
        await team.admin.slash(team.channel, "setup", mod_channel=staff)
        await add(team)
        for name in ("가온", "나래", "다솜", "라온"):
            await team[name].slash(team.channel, "assignment submit", assignment="1", note="끝")
        await change(team, "extend", member=team["마루"], until="2026-01-08 23:59")
        await change(team, "excuse", member=team["바다"])
        await team.until(DEADLINE + timedelta(minutes=2))
        (told,) = [message for message in team.posts(staff) if "마감됐어요" in message.content]
        assert told.content.splitlines() == [
            "과제 A1 Attention 구현, 1/6 화 23:59에 마감됐어요. 6명 중 4명 제출",
            "아직인 분: 새벽님",
            "연장: 마루님 (1/8 목 23:59까지)",
            "면제: 바다님",
        ]
        assert not any("새벽님" in message.content for message in team.posts())

    async def test_in_the_morning_everybody_hears_what_is_due(self, assigned):
        await assigned.until(MONDAY + timedelta(days=1, minutes=1))
        (told,) = [message for message in assigned.posts() if message.content.startswith("오늘 23:59 마감: ")]
        assert "과제 A1 Attention 구현 · 7명 중 0명 제출" in told.content
        assert told.mentions == []
