"""Assignments over a real database: two at once, a bot that was down, and teams too large for one message."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot.db.tables import AuditRow, SubmissionRow
from bot.domain.deliveries import Lane
from bot.domain.lectures import NewLecture
from bot.domain.submissions import Attachment, Work
from bot.errors import InvalidInput, NotFound
from bot.i18n import KOREAN
from bot.jobs.posts import Ambiguous
from bot.services.absences import NewAbsence
from bot.services.deliveries import Deliveries
from tests.services.assignment_team import CHANNEL, DEADLINE, MORNING, assignment_team, people


@pytest.fixture
async def team(database_file):
    async with assignment_team(database_file) as team:
        yield team


async def test_a_reminder_that_fell_due_while_the_bot_was_down_goes_out_once_afterwards(team):
    await team.grow(3)
    await team.add()
    (post,) = await team.at(DEADLINE - timedelta(hours=2, minutes=40))
    late, first, below = post.text.splitlines()
    assert "오늘 23:59 마감이에요 (2시간 40분 뒤)." in first
    assert below.startswith("-# 1/6 화 23:59 · <t:")
    assert late == "(20:59에 보낼 알림이 늦었어요)"
    assert people(post) == [0, 1, 2]
    assert await team.reminders() == [("skipped", "overtaken"), ("sent", None), ("pending", None)]
    assert await team.at(DEADLINE - timedelta(hours=2, minutes=39)) == []


async def test_who_is_away_that_day_or_has_left_is_left_in_peace(team):
    await team.grow(4)
    await team.add(remind="1d, 3h")
    tomorrow = NewAbsence(since="2026-01-06", until="2026-01-06")
    await team.services.absences.away(team.member(1), tomorrow)
    await team.services.roster.leave(team.member(2))
    await team.services.assignments.submit(team.member(3), 1, Work(note="끝"))
    (today,) = await team.at(DEADLINE - timedelta(days=1))
    assert people(today) == [0, 1]
    (last,) = await team.at(DEADLINE - timedelta(hours=3))
    assert people(last) == [0]


async def test_after_the_deadline_nothing_is_sent_any_more(team):
    await team.grow(3)
    await team.add()
    assert await team.at(DEADLINE + timedelta(minutes=1)) == []
    assert await team.reminders() == [("skipped", "expired")] * 3


async def test_a_reminder_on_time_does_not_say_that_it_is_late(team):
    await team.grow(1)
    await team.add()
    (post,) = await team.at(DEADLINE - timedelta(hours=3))
    assert "늦었어요" not in post.text


async def test_late_reminders_of_two_assignments_are_one_message(team):
    await team.grow(1)
    await team.add("내일 20:00", remind="1h")
    await team.add("내일 20:30", remind="1h")
    (post,) = await team.at(DEADLINE - timedelta(hours=4, minutes=15))
    first, second = post.text.split("\n\n")
    assert first.startswith("(19:00에 보낼 알림이 늦었어요)\n과제 A1")
    assert second.startswith("(19:30에 보낼 알림이 늦었어요)\n과제 A2")
    assert [button.label for button in post.buttons] == ["A1 제출하기", "A2 제출하기"]
    assert people(post) == [0]


async def test_reminders_that_are_already_past_are_not_planned(team):
    added = await team.services.assignments.add(team.moderator, "급한 과제", "오늘 10:00", remind="3d, 1h, 30m")
    assert [instant.astimezone(UTC) for instant in added.reminders] == [MORNING + timedelta(minutes=30)]
    assert await team.reminders() == [("pending", None)]


async def test_a_hundred_members_are_all_pinged_once_in_messages_that_discord_takes(team):
    await team.grow(100)
    title, link = "가" * 100, "https://school.example/" + "a" * 377
    added = await team.services.assignments.add(
        team.moderator, title, "내일 23:59", required=False, link=link, remind="1h"
    )
    await team.submit(40, added.assignment.id)
    posts = await team.at(DEADLINE - timedelta(minutes=50))
    assert Counter(number for post in posts for number in people(post)) == Counter(set(range(100)) - {40})
    assert [len(post.mentions) for post in posts] == [50, 49]
    for post in posts:
        assert len(post.text) <= 2000
        assert len(post.mentions) == post.text.count("<@")
    assert len({post.buttons[0].custom_id for post in posts}) == 2
    assert await team.at(DEADLINE - timedelta(minutes=40)) == []


async def test_who_hands_in_between_two_messages_shifts_nobody_out_of_them(team):
    await team.grow(120)
    assignment_id = await team.add(remind="1h")
    due = DEADLINE - timedelta(hours=1)
    delivery = await Deliveries(team.database).due(Lane(1, ""), due)
    first = await team.services.assignment_notices.reminder(delivery, due)
    await team.submit(3, assignment_id)
    again = await team.services.assignment_notices.reminder(delivery, due)
    assert {member.name for member in first.missing} - {member.name for member in again.missing} == {"팀원3"}
    posts = await team.at(due)
    assert Counter(number for post in posts for number in people(post)) == Counter(set(range(120)) - {3})


async def test_a_message_cut_off_while_sending_is_not_sent_again(team):
    await team.grow(60)
    await team.add(remind="1h")
    await team.at(DEADLINE - timedelta(minutes=61))  # what else is due by then goes before them
    team.channel.error = Ambiguous("reset")
    first = await team.at(DEADLINE - timedelta(hours=1))
    team.channel.error = None
    second = await team.at(DEADLINE - timedelta(minutes=58))
    assert (len(first), len(second)) == (1, 1)  # what follows waits until it is known that the first one is there
    assert sorted(people(first[0]) + people(second[0])) == list(range(60))
    assert [state for state, _reason in await team.reminders()] == ["sent", "sent"]


async def test_two_who_hand_in_at_once_are_both_counted(team):
    await team.grow(2)
    assignment_id = await team.add()
    done = await asyncio.gather(
        *(team.services.assignments.submit(team.member(number), assignment_id, Work(note="끝")) for number in (0, 1))
    )
    assert sorted(handed_in.progress.submitted for handed_in in done) == [1, 2]


async def test_one_who_hands_in_twice_at_once_has_one_hand_in(team):
    await team.grow(1)
    assignment_id = await team.add()
    done = await asyncio.gather(
        *(team.services.assignments.submit(team.member(0), assignment_id, Work(note=note)) for note in ("하나", "둘"))
    )
    assert sorted(handed_in.replaced for handed_in in done) == [False, True]
    (kept,) = await team.rows(SubmissionRow)
    (last,) = [handed_in.submission.note for handed_in in done if handed_in.replaced]
    assert kept.note == last
    assert sum(row.action == "assignment.submit" for row in await team.rows(AuditRow)) == 2


async def test_two_assignments_added_at_once_have_two_numbers(team):
    done = await asyncio.gather(
        *(team.services.assignments.add(team.moderator, title, "내일 23:59") for title in ("하나", "둘"))
    )
    assert sorted(added.assignment.number for added in done) == [1, 2]


async def test_a_deadline_is_late_from_the_instant_after_it(team):
    await team.grow(2)
    assignment_id = await team.add()
    team.clock.instant = DEADLINE
    await team.submit(0, assignment_id)
    team.clock.instant = DEADLINE + timedelta(seconds=1)
    await team.submit(1, assignment_id)
    assert [row.late for row in await team.rows(SubmissionRow)] == [False, True]


async def test_handing_in_again_without_a_file_takes_the_file_away_unless_it_is_kept(team):
    await team.grow(1)
    assignment_id = await team.add()
    submit, caller = team.services.assignments.submit, team.member(0)
    file = Attachment(CHANNEL, 10, 11, "attention.py")
    await submit(caller, assignment_id, Work(file=file))
    assert (await submit(caller, assignment_id, Work(keep_file=True))).submission.file == file
    assert (await submit(caller, assignment_id, Work(note="링크로 대신"))).submission.file is None


@pytest.mark.parametrize("work", [Work(), Work(link=" ", note="\n"), Work(keep_file=True)])
async def test_nothing_is_not_handed_in(team, work):
    await team.grow(1)
    assignment_id = await team.add()
    with pytest.raises(InvalidInput):
        await team.services.assignments.submit(team.member(0), assignment_id, work)
    assert await team.rows(SubmissionRow) == []


async def test_todays_moderator_may_add_and_see_names(team):
    await team.grow(2)
    assignment_id = await team.add()
    caller = team.member(1)
    assert (await team.services.assignments.status(caller, assignment_id)).progress[0].missing is None
    await team.services.rotation.assign(team.moderator, "moderator", caller.user_id, None, None)
    assert len((await team.services.assignments.status(caller, assignment_id)).progress[0].missing) == 2
    await team.services.assignments.add(caller, "둘째", "내일 23:59")


async def test_an_assignment_of_another_team_cannot_be_reached_by_its_id(team):
    await team.grow(1)
    other = replace(team.moderator, guild_id=99, channel_ids=(990,))
    await team.services.teams.setup(other, "다른 스터디", {})
    added = await team.services.assignments.add(other, "남의 과제", "내일 23:59")
    assignments, member = team.services.assignments, team.member(0)
    with pytest.raises(NotFound) as refused:
        await assignments.submit(member, added.assignment.id, Work(note="끝"))
    assert refused.value.text(KOREAN) == "이 팀에는 그런 과제가 없어요. /assignment list 에서 확인해 주세요."
    for call in (assignments.show, assignments.status, assignments.withdraw, assignments.draft):
        with pytest.raises(NotFound):
            await call(member, added.assignment.id)
    assert await assignments.choices(member, "") == []
    assert (await team.reminders())[0] == ("pending", None)


async def test_a_lecture_of_another_team_is_not_what_an_assignment_is_about(team):
    other = replace(team.moderator, guild_id=99, channel_ids=(990,))
    await team.services.teams.setup(other, "다른 스터디", {})
    theirs = await team.services.lectures.add(other, NewLecture("남의 강의"))
    with pytest.raises(NotFound):
        await team.services.assignments.add(team.moderator, "과제", "내일 23:59", lecture_id=theirs.id)
    assert await team.services.assignments.choices(team.moderator, "") == []
    assert await team.reminders() == []


async def test_what_is_typed_picks_by_number_first(team):
    for number in range(11):
        await team.services.assignments.add(team.moderator, f"과제 {number}", "내일 23:59")
    found = await team.services.assignments.choices(team.moderator, "A1")
    assert [reference.label for reference in found] == ["A1 과제 0 · 1/6 화 23:59"]
    assert len(await team.services.assignments.choices(team.moderator, "과제 1")) == 2


async def test_a_long_title_leaves_room_for_the_deadline(team):
    await team.services.assignments.add(team.moderator, "가" * 100, "내일 23:59")
    (reference,) = await team.services.assignments.choices(team.moderator, "")
    assert len(reference.label) <= 100
    assert reference.label.endswith("… · 1/6 화 23:59")
