"""What is posted about assignments over a real database: how a deadline went, a morning's deadlines, boards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.db.tables import BoardRow, DeliveryRow
from bot.domain.schedules import ASSIGNMENT_MORNING
from bot.domain.submissions import Changes
from bot.jobs.posts import Refused
from bot.services.housekeeping import Housekeeping
from tests.services.assignment_team import A_SNOWFLAKE, CHANNEL, DEADLINE, MORNING, assignment_team


@pytest.fixture
async def team(database_file):
    async with assignment_team(database_file) as team:
        yield team


@pytest.fixture
def changes(team):
    return team.services.assignment_changes


def user(number):
    return A_SNOWFLAKE + number


class TestSummary:
    async def setting(self, team, key, value):
        await team.services.teams.set(team.admin, key, value)

    async def test_moderators_in_a_channel_of_their_own_read_names(self, team, changes):
        await self.setting(team, "mod_channel", "123456789012345678")
        await team.grow(5)
        assignment_id = await team.add(remind="off")
        await team.submit(0, assignment_id)
        await changes.extend(team.admin, assignment_id, user(3), "2026-01-08 23:59")
        await changes.excuse(team.admin, assignment_id, user(4))
        await team.at(DEADLINE + timedelta(minutes=1))
        (post,) = [post for post in team.channel.posts if not post.blocks]
        assert post.text.splitlines() == [
            "과제 A1 Attention 구현, 1/6 화 23:59에 마감됐어요. 4명 중 1명 제출",
            "아직인 분: 팀원1님, 팀원2님",
            "연장: 팀원3님 (1/8 목 23:59까지)",
            "면제: 팀원4님",
        ]
        assert post.channel_id == 123456789012345678
        assert post.mentions == ()

    @pytest.mark.parametrize("shared", [None, CHANNEL, 123456789012345678])
    async def test_where_others_read_too_there_are_counts_only(self, team, shared):
        if shared is not None:
            team.moderator = team.admin
            await team.services.teams.setup(team.admin, "", {"mod_channel_id": shared, "retro_channel_id": shared})
        await team.grow(2)
        await team.add(remind="off")
        await team.at(DEADLINE + timedelta(minutes=1))
        (post,) = [post for post in team.channel.posts if not post.blocks]
        assert post.text.splitlines()[1:] == ["-# 이름은 모더레이터가 /assignment status 로 볼 수 있어요."]
        assert "팀원" not in post.text

    async def test_it_comes_once_and_not_at_the_deadline_itself(self, team):
        await team.grow(1)
        assignment_id = await team.add(remind="off")
        await team.at(DEADLINE)
        await team.submit(0, assignment_id)
        for minutes in (1, 2, 60):
            await team.at(DEADLINE + timedelta(minutes=minutes))
        assert sum("마감됐어요" in post.text for post in team.channel.posts) == 1

    async def test_when_everybody_has_handed_in_it_says_so(self, team):
        await self.setting(team, "mod_channel", "123456789012345678")
        await team.grow(1)
        assignment_id = await team.add(remind="off")
        await team.submit(0, assignment_id)
        await team.at(DEADLINE + timedelta(minutes=10))
        (post,) = [post for post in team.channel.posts if not post.blocks]
        late, _head, said = post.text.splitlines()
        assert (late, said) == ("(00:00에 보낼 알림이 늦었어요)", "모두 제출했어요.")

    async def test_a_team_without_people_hears_nothing(self, team):
        await team.add(remind="off")
        await team.at(DEADLINE + timedelta(minutes=1))
        assert not any("마감됐어요" in post.text for post in team.channel.posts)

    async def test_more_names_than_a_message_holds_come_as_a_file(self, team):
        await self.setting(team, "mod_channel", "123456789012345678")
        for number in range(90):
            await team.services.roster.add(team.moderator, user(number), f"{number:03}{'가' * 25}")
        await team.add(remind="off")
        await team.at(DEADLINE + timedelta(minutes=1))
        (post,) = [post for post in team.channel.posts if not post.blocks]
        assert post.text.endswith("이름은 파일에 있어요.")
        assert post.file.text.count("님") == 90


class TestMorning:
    async def morning(self, team, day):
        await team.at(datetime(2026, 1, day, 0, 0, tzinfo=UTC))
        return [post.text for post in team.channel.posts if "마감: " in post.text]

    async def test_it_tells_what_is_due_today_and_tomorrow(self, team):
        await team.grow(3)
        await team.add("오늘 23:00", remind="off")
        first = await team.add("내일 23:59", remind="off")
        await team.add("2026-01-07 18:00", remind="off", required=False)
        await team.add("2026-01-08 18:00", remind="off")
        await team.submit(0, first)
        (text,) = await self.morning(team, 6)
        stamp = int(DEADLINE.timestamp())
        assert text.splitlines() == [
            f"오늘 23:59 마감: 과제 A2 Attention 구현 · 3명 중 1명 제출 (<t:{stamp}:R>)",
            f"내일 18:00 마감: 선택과제 A3 Attention 구현 · 3명 중 0명 제출 (<t:{stamp + 18 * 3600 + 60}:R>)",
        ]

    async def test_when_nothing_is_due_nothing_is_said(self, team):
        await team.grow(1)
        await team.add("2026-01-09 18:00", remind="off")
        assert await self.morning(team, 6) == []
        assert not any(row.kind == ASSIGNMENT_MORNING for row in await team.rows(DeliveryRow))

    async def test_when_all_of_it_is_gone_by_then_nothing_is_said(self, team):
        await team.grow(1)
        assignment_id = await team.add("내일 23:59", remind="off")
        nine = datetime(2026, 1, 6, 0, 0, tzinfo=UTC)
        await Housekeeping(team.database).step(nine)
        await team.services.assignment_changes.remove(replace(team.admin, at=nine), assignment_id)
        assert await self.morning(team, 6) == []
        (row,) = [row for row in await team.rows(DeliveryRow) if row.kind == ASSIGNMENT_MORNING]
        assert (row.state, row.reason) == ("skipped", "nothing is due today or tomorrow")

    async def test_what_nobody_is_to_hand_in_is_not_told_of_nor_its_end(self, team, changes):
        await team.services.teams.set(team.admin, "mod_channel", "123456789012345678")
        await team.grow(2)
        assignment_id = await team.add("내일 23:59", remind="off")
        for number in range(2):
            await changes.excuse(team.admin, assignment_id, user(number))
        assert await self.morning(team, 6) == []
        await team.at(DEADLINE + timedelta(minutes=1))
        assert [post.text for post in team.channel.posts if post.text] == []

    async def test_on_a_day_off_nothing_is_said(self, team):
        await team.grow(1)
        await team.add("2026-01-10 18:00", remind="off")
        assert len(await self.morning(team, 9)) == 1
        assert len(await self.morning(team, 10)) == 1

    async def test_its_time_can_be_changed_and_it_can_be_switched_off(self, team):
        await team.grow(1)
        await team.add("내일 23:59", remind="off")
        await team.services.teams.set(team.admin, "due_time", "off")
        assert await self.morning(team, 6) == []

    async def test_a_long_list_is_cut_where_it_says_so(self, team):
        await team.grow(1)
        for _number in range(14):
            await team.services.assignments.add(team.moderator, "가" * 100, "내일 23:59", remind="off", required=False)
        (text,) = await self.morning(team, 6)
        assert len(text) <= 2000
        assert text.endswith("-# … 외 2개: /assignment list")


class TestBoard:
    async def test_it_shows_how_many_have_handed_in_and_follows(self, team, changes):
        await team.grow(3)
        assignment_id = await team.add(link="https://a.example", description="직접 *구현*해요.")
        await team.at(MORNING)
        (board,) = team.channel.posts
        assert board.blocks == (
            "### 과제 A1 Attention 구현",
            f"마감 2026-01-06 (화) 23:59 (<t:{int(DEADLINE.timestamp())}:R>)\n<https://a.example>",
            "직접 *구현*해요.",
            "▱▱▱▱▱▱▱▱▱▱ 3명 중 0명 제출",
        )
        assert [button.custom_id for button in board.buttons] == ["assignment:submit:1:board", "assignment:mine:1"]
        for minutes, act in enumerate(
            [
                lambda: team.submit(0, assignment_id),
                lambda: changes.excuse(team.admin, assignment_id, user(2)),
                lambda: team.services.assignments.withdraw(team.member(0), assignment_id),
                lambda: changes.edit(team.admin, assignment_id, Changes(title="다른 제목")),
            ],
            1,
        ):
            await act()
            await team.at(MORNING + timedelta(minutes=minutes))
        assert [edit.blocks[-1] for edit in team.channel.edits] == [
            "▰▰▰▱▱▱▱▱▱▱ 3명 중 1명 제출",
            "▰▰▰▰▰▱▱▱▱▱ 2명 중 1명 제출",
            "▱▱▱▱▱▱▱▱▱▱ 2명 중 0명 제출",
            "▱▱▱▱▱▱▱▱▱▱ 2명 중 0명 제출",
        ]
        assert team.channel.edits[-1].blocks[0] == "### 과제 A1 다른 제목"
        assert len(await team.rows(BoardRow)) == 1

    async def test_after_the_deadline_it_says_that_it_is_over(self, team):
        await team.grow(1)
        await team.add(remind="off")
        await team.at(MORNING)
        await team.at(DEADLINE + timedelta(minutes=1))
        assert team.channel.edits[-1].blocks[1].startswith("마감이 지났어요. 지금 제출하면 늦은 제출로 표시돼요.")

    async def test_the_largest_one_is_within_discords_limits(self, team):
        await team.services.assignments.add(
            team.moderator, "가" * 100, "내일 23:59", link="https://a.example/" + "a" * 380, description="나" * 1000
        )
        await team.at(MORNING)
        (board,) = team.channel.posts
        text = "".join(board.blocks)
        assert len(text) <= 3000
        assert len(text.encode()) <= 9000

    async def test_one_that_discord_refused_is_posted_at_the_next_change(self, team):
        await team.grow(1)
        assignment_id = await team.add(remind="off")
        send, team.channel.send = team.channel.send, refuse
        await team.at(MORNING)
        team.channel.send = send
        await team.submit(0, assignment_id)
        await team.at(MORNING + timedelta(minutes=1))
        assert [post.blocks[-1] for post in team.channel.posts] == ["▰▰▰▰▰▰▰▰▰▰ 1명 중 1명 제출"]


async def refuse(*_anything):
    raise Refused(50013, "Missing Permissions")
