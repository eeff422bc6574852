"""Changing assignments over a real database: moved deadlines, more time, excuses, removed ones, and their boards."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.db.tables import AuditRow, DeliveryRow, SubmissionRow
from bot.domain.submissions import Changes
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.services.assignments import ASSIGNMENT_SUMMARY
from tests.services.assignment_team import A_SNOWFLAKE, DEADLINE, MORNING, assignment_team, people
from tests.services.people import dump

OWN_DEADLINE = DEADLINE + timedelta(days=2)
"""1/8 23:59 in Seoul."""

PAST = "2026-01-04 10:00"


@pytest.fixture
async def team(database_file):
    async with assignment_team(database_file) as team:
        yield team


@pytest.fixture
def changes(team):
    return team.services.assignment_changes


def user(number):
    return A_SNOWFLAKE + number


def slots(due, *offsets, of=""):
    """Slots of reminders before a deadline; offsets are pairs of what people write and what it means."""
    return [f"{(due - before).astimezone(UTC).isoformat()}-{text}{of}" for text, before in offsets]


DAY, HOURS = ("1d", timedelta(days=1)), ("3h", timedelta(hours=3))


class TestEditing:
    async def test_a_moved_deadline_moves_what_is_planned_for_it(self, team, changes):
        assignment_id = await team.add(remind="1d, 3h")
        assert await team.pending() == slots(DEADLINE, DAY, HOURS)
        edited = await changes.edit(team.admin, assignment_id, Changes(due="2026-01-08 18:00"))
        due = datetime(2026, 1, 8, 9, 0, tzinfo=UTC)
        assert await team.pending() == slots(due, DAY, HOURS)
        assert await team.pending(ASSIGNMENT_SUMMARY) == [(due + timedelta(minutes=1)).isoformat()]
        assert [moment.astimezone(UTC) for moment in edited.reminders] == [due - DAY[1], due - HOURS[1]]
        assert (edited.before.due, edited.after.due) == (DEADLINE, due)

    async def test_moved_away_and_back_it_is_reminded_of_once_at_the_first_times(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add(remind="1d, 3h")
        await changes.edit(team.admin, assignment_id, Changes(due="2026-01-08 18:00"))
        await changes.edit(team.admin, assignment_id, Changes(due="2026-01-06 23:59"))
        assert await team.pending() == slots(DEADLINE, DAY, HOURS)
        posts = [post for hour in range(80) for post in await team.at(MORNING + timedelta(hours=hour, minutes=59))]
        assert len(posts) == 2

    async def test_other_reminders_take_the_place_of_the_planned_ones(self, team, changes):
        assignment_id = await team.add(remind="1d, 3h")
        edited = await changes.edit(team.admin, assignment_id, Changes(remind="3시간"))
        assert await team.pending() == slots(DEADLINE, HOURS)
        assert edited.after.reminders == "3h"

    async def test_what_is_not_given_stays(self, team, changes):
        assignment_id = await team.add(remind="1d", link="https://a.example", description="설명")
        planned = await team.rows(DeliveryRow)
        edited = await changes.edit(team.admin, assignment_id, Changes(title="  다른   제목 "))
        assert edited.after.title == "다른 제목"
        assert (edited.after.link, edited.after.description) == ("https://a.example", "설명")
        now = {row.id: (row.state, row.due_at) for row in await team.rows(DeliveryRow)}
        assert now == {row.id: (row.state, row.due_at) for row in planned}

    async def test_off_takes_a_link_and_a_description_away(self, team, changes):
        assignment_id = await team.add(link="https://a.example", description="설명")
        edited = await changes.edit(team.admin, assignment_id, Changes(link="off", description="없음"))
        assert (edited.after.link, edited.after.description) == (None, None)

    async def test_every_change_is_recorded_before_and_after(self, team, changes):
        assignment_id = await team.add()
        await changes.edit(team.admin, assignment_id, Changes(required=False))
        (record,) = [row for row in await team.rows(AuditRow) if row.action == "assignment.edit"]
        assert '"required": true' in record.before
        assert '"required": false' in record.after

    @pytest.mark.parametrize(
        "change",
        [
            Changes(),
            Changes(title="Attention 구현", required=True),
            Changes(due=PAST),
            Changes(due="언젠가"),
            Changes(title=" "),
            Changes(title="새 제목", link="ftp://a"),
            Changes(title="새 제목", remind="가끔"),
            Changes(title="새 제목", lecture_id=99),
        ],
    )
    async def test_what_cannot_be_is_refused_and_changes_nothing(self, team, changes, database_file, change):
        assignment_id = await team.add()
        before = await dump(database_file)
        with pytest.raises((InvalidInput, NotFound)):
            await changes.edit(team.admin, assignment_id, change)
        assert await dump(database_file) == before

    async def test_a_deadline_moved_after_it_was_over_takes_lateness_back(self, team, changes):
        await team.grow(2)
        assignment_id = await team.add()
        await team.at(DEADLINE + timedelta(hours=1))
        await team.submit(0, assignment_id)
        assert [row.late for row in await team.rows(SubmissionRow)] == [True]
        await changes.edit(team.admin, assignment_id, Changes(due="2026-01-08 18:00"))
        assert [row.late for row in await team.rows(SubmissionRow)] == [False]

    async def test_a_deadline_moved_behind_its_summary_has_another_one(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add(remind="off")
        await team.at(DEADLINE + timedelta(minutes=2))
        await changes.edit(team.admin, assignment_id, Changes(due="2026-01-08 18:00"))
        await team.at(datetime(2026, 1, 8, 9, 2, tzinfo=UTC))
        over = [post.text.splitlines()[0] for post in team.channel.posts if "마감됐어요" in post.text]
        assert over == [
            "과제 A1 Attention 구현, 1/6 화 23:59에 마감됐어요. 1명 중 0명 제출",
            "과제 A1 Attention 구현, 1/8 목 18:00에 마감됐어요. 1명 중 0명 제출",
        ]


class TestMoreTime:
    async def test_who_has_more_time_is_reminded_of_their_own_deadline_only(self, team, changes):
        await team.grow(3)
        assignment_id = await team.add(remind="3h")
        extension = await changes.extend(team.admin, assignment_id, user(1), "2026-01-08 23:59")
        assert (extension.member.name, extension.until) == ("팀원1", OWN_DEADLINE)
        assert await team.pending() == [*slots(DEADLINE, HOURS), *slots(OWN_DEADLINE, HOURS, of="@2")]
        (everybody,) = await team.at(DEADLINE - timedelta(hours=3))
        assert people(everybody) == [0, 2]
        (own,) = await team.at(OWN_DEADLINE - timedelta(hours=3))
        assert people(own) == [1]
        assert own.text.startswith("과제 A1 Attention 구현, 오늘 23:59 연장 마감이에요 (3시간 뒤). 아직인 분: <@")
        assert "1/8 목 23:59" in own.text

    async def test_they_are_late_only_after_their_own_deadline(self, team, changes):
        await team.grow(3)
        assignment_id = await team.add()
        for number in (0, 1):
            await changes.extend(team.admin, assignment_id, user(number), "2026-01-08 23:59")
        team.clock.instant = OWN_DEADLINE
        await team.submit(0, assignment_id)
        team.clock.instant = OWN_DEADLINE + timedelta(seconds=1)
        await team.submit(1, assignment_id)
        await team.submit(2, assignment_id)
        assert [row.late for row in await team.rows(SubmissionRow)] == [False, True, True]

    async def test_more_time_given_afterwards_takes_lateness_back_until_it_is_taken_back(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add()
        team.clock.instant = DEADLINE + timedelta(hours=1)
        await team.submit(0, assignment_id)
        await changes.extend(team.admin, assignment_id, user(0), "2026-01-08 23:59")
        assert [row.late for row in await team.rows(SubmissionRow)] == [False]
        taken_back = await changes.extend(team.admin, assignment_id, user(0), "off")
        assert taken_back.until is None
        assert [row.late for row in await team.rows(SubmissionRow)] == [True]

    async def test_taken_back_they_are_like_everybody_again(self, team, changes):
        await team.grow(2)
        assignment_id = await team.add(remind="3h")
        await changes.extend(team.admin, assignment_id, user(1), "2026-01-08 23:59")
        await changes.extend(team.admin, assignment_id, user(1), "없음")
        assert await team.pending() == slots(DEADLINE, HOURS)
        (post,) = await team.at(DEADLINE - timedelta(hours=3))
        assert people(post) == [0, 1]

    async def test_another_time_moves_their_own_reminders(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add(remind="3h")
        await changes.extend(team.admin, assignment_id, user(0), "2026-01-08 23:59")
        await changes.extend(team.admin, assignment_id, user(0), "2026-01-09 23:59")
        own = slots(OWN_DEADLINE + timedelta(days=1), HOURS, of="@1")
        assert await team.pending() == [*slots(DEADLINE, HOURS), *own]

    async def test_a_deadline_moved_behind_theirs_is_theirs_too(self, team, changes):
        await team.grow(2)
        assignment_id = await team.add(remind="3h")
        await changes.extend(team.admin, assignment_id, user(1), "2026-01-08 23:59")
        await changes.edit(team.admin, assignment_id, Changes(due="2026-01-09 23:59"))
        due = DEADLINE + timedelta(days=3)
        assert await team.pending() == slots(due, HOURS)
        (post,) = await team.at(due - timedelta(hours=3))
        assert people(post) == [0, 1]

    async def test_a_late_reminder_of_one_deadline_is_not_overtaken_by_the_others(self, team, changes):
        await team.grow(2)
        assignment_id = await team.add(remind="3h")
        own_due = DEADLINE + timedelta(hours=1)
        await changes.extend(team.admin, assignment_id, user(1), "2026-01-07 00:59")
        posts = await team.at(own_due - timedelta(hours=2, minutes=30))
        assert [people(post) for post in posts] == [[0, 1]]

    async def test_who_has_handed_in_or_is_away_is_not_pinged_by_their_own_reminder(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add(remind="3h")
        await changes.extend(team.admin, assignment_id, user(0), "2026-01-08 23:59")
        await team.submit(0, assignment_id)
        assert await team.at(OWN_DEADLINE - timedelta(hours=3)) == []
        assert (await team.reminders())[-1] == ("skipped", "everybody who is there has handed in")

    @pytest.mark.parametrize("until", ["2026-01-06 23:59", "2026-01-06 12:00", PAST, "언젠가", "off"])
    async def test_what_is_no_later_time_is_refused_and_changes_nothing(self, team, changes, database_file, until):
        await team.grow(1)
        assignment_id = await team.add()
        before = await dump(database_file)
        with pytest.raises(InvalidInput):
            await changes.extend(team.admin, assignment_id, user(0), until)
        assert await dump(database_file) == before

    async def test_the_excused_get_no_more_time(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add()
        await changes.excuse(team.admin, assignment_id, user(0))
        with pytest.raises(InvalidInput):
            await changes.extend(team.admin, assignment_id, user(0), "2026-01-08 23:59")


class TestExcuses:
    async def test_the_excused_are_neither_pinged_nor_missing_nor_counted(self, team, changes):
        await team.grow(3)
        assignment_id = await team.add(remind="3h")
        await team.submit(0, assignment_id)
        assert (await changes.excuse(team.admin, assignment_id, user(2))).excused
        (post,) = await team.at(DEADLINE - timedelta(hours=3))
        assert people(post) == [1]
        (progress,) = (await team.services.assignments.status(team.admin, assignment_id)).progress
        assert (progress.submitted, progress.expected) == (1, 2)
        assert [member.name for member in progress.missing] == ["팀원1"]
        assert [member.name for member in progress.excused] == ["팀원2"]

    async def test_what_an_excused_member_handed_in_is_not_counted_either(self, team, changes):
        await team.grow(2)
        assignment_id = await team.add()
        await changes.excuse(team.admin, assignment_id, user(0))
        await team.submit(0, assignment_id)
        (progress,) = (await team.services.assignments.list(team.member(0))).progress
        assert (progress.submitted, progress.expected, progress.own_excused) == (0, 1, True)

    async def test_done_again_it_is_taken_back(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add(remind="3h")
        await changes.excuse(team.admin, assignment_id, user(0))
        assert not (await changes.excuse(team.admin, assignment_id, user(0))).excused
        (post,) = await team.at(DEADLINE - timedelta(hours=3))
        assert people(post) == [0]

    async def test_own_reminders_stop_and_come_back_with_it(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add(remind="3h")
        await changes.extend(team.admin, assignment_id, user(0), "2026-01-08 23:59")
        await changes.excuse(team.admin, assignment_id, user(0))
        assert await team.pending() == slots(DEADLINE, HOURS)
        await changes.excuse(team.admin, assignment_id, user(0))
        assert await team.pending() == [*slots(DEADLINE, HOURS), *slots(OWN_DEADLINE, HOURS, of="@1")]


class TestRemoving:
    async def test_everything_planned_for_it_is_cancelled(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add(remind="3h")
        await changes.extend(team.admin, assignment_id, user(0), "2026-01-08 23:59")
        await changes.remove(team.admin, assignment_id)
        assert {row.state for row in await team.rows(DeliveryRow)} == {"cancelled"}
        await team.at(OWN_DEADLINE)
        assert team.channel.posts == []

    async def test_nobody_reaches_it_any_more_and_its_number_is_not_given_again(self, team, changes):
        await team.grow(1)
        assignment_id = await team.add()
        await changes.remove(team.admin, assignment_id)
        assignments = team.services.assignments
        for call in (assignments.show, assignments.status, assignments.withdraw, assignments.draft, assignments.mine):
            with pytest.raises(NotFound):
                await call(team.member(0), assignment_id)
        for call in (changes.remove, assignments.show):
            with pytest.raises(NotFound):
                await call(team.admin, assignment_id)
        assert await assignments.choices(team.admin, "") == []
        assert (await assignments.list(team.admin)).progress == []
        assert (await assignments.add(team.admin, "둘째", "내일")).assignment.number == 2

    async def test_a_board_that_is_there_says_so(self, team, changes):
        assignment_id = await team.add()
        await team.at(MORNING + timedelta(minutes=1))
        await changes.remove(team.admin, assignment_id)
        await team.at(MORNING + timedelta(minutes=2))
        last = team.channel.edits[-1]
        assert last.blocks == ("### ~~과제 A1 Attention 구현~~", "삭제된 과제예요. 제출하지 않아도 돼요.")
        assert last.buttons == ()


class TestRights:
    @pytest.fixture
    async def assignment_id(self, team):
        await team.grow(2)
        return await team.add()

    def calls(self, changes, assignment_id):
        return (
            lambda caller: changes.edit(caller, assignment_id, Changes(title="다른 제목")),
            lambda caller: changes.extend(caller, assignment_id, user(0), "2026-01-08 23:59"),
            lambda caller: changes.excuse(caller, assignment_id, user(0)),
            lambda caller: changes.remove(caller, assignment_id),
        )

    async def test_members_change_nothing(self, team, changes, assignment_id, database_file):
        before = await dump(database_file)
        for call in self.calls(changes, assignment_id):
            with pytest.raises(NotAllowed):
                await call(team.member(1))
        assert await dump(database_file) == before

    async def test_todays_moderator_may(self, team, changes, assignment_id):
        await team.services.rotation.assign(team.admin, "moderator", user(1), None, None)
        for call in self.calls(changes, assignment_id):
            await call(team.member(1))

    async def test_who_is_not_on_the_roster_has_no_exceptions(self, team, changes, assignment_id, database_file):
        before = await dump(database_file)
        with pytest.raises(NotFound):
            await changes.extend(team.admin, assignment_id, 77, "2026-01-08 23:59")
        with pytest.raises(NotFound):
            await changes.excuse(team.admin, assignment_id, 77)
        assert await dump(database_file) == before
