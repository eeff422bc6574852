"""The dispatcher over a real database, with a channel that can be made to fail."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import DeliveryRow, StudyDayRow, TeamRow
from bot.domain.deliveries import Delivery
from bot.jobs.posts import Ambiguous, Button, LoggedOut, Post, Refused, Skip, TryAgain
from bot.services.deliveries import cancel, open_thread
from bot.services.housekeeping import Housekeeping
from tests.database import reading, writing
from tests.jobs.desk import CHANNEL, NOON, saying


async def test_planning_the_same_twice_delivers_it_once(desk):
    await desk.plan()
    await desk.plan()
    assert await desk.dispatch() == [("sent", None)]
    assert await desk.dispatch() == [("sent", None)]
    assert len(desk.channel.messages) == 1


async def test_a_message_that_arrived_before_the_connection_broke_is_not_sent_again(desk):
    desk.channel.failures = [(Ambiguous("reset"), True)]
    await desk.plan()
    assert await desk.dispatch() == [("sending", None)]
    desk.clock.advance(minutes=10)
    assert await desk.dispatch() == [("sent", None)]
    assert (desk.channel.attempts, len(desk.channel.messages)) == (1, 1)


async def test_a_message_that_did_not_arrive_is_sent_again_with_the_same_words(desk):
    desk.channel.failures = [(Ambiguous("reset"), False)]
    await desk.plan()
    await desk.dispatch()
    desk.dispatcher.compose("retro.prompt", saying("다른 말"))
    desk.clock.advance(minutes=4)
    assert await desk.dispatch() == [("sent", None)]
    assert [post.text for post in desk.channel.messages] == ["오늘은 어땠나요?"]


async def test_a_retry_waits_longer_each_time(desk):
    desk.channel.failures = [(Ambiguous("502"), False)] * 3
    await desk.plan()
    waits = []
    for _ in range(3):
        await desk.dispatch()
        async with reading(desk.database) as session:
            due = await session.scalar(select(DeliveryRow.due_at))
        waits.append((due - desk.clock.now()).total_seconds())
        desk.clock.instant = due
    assert waits == sorted(set(waits))


async def test_a_rate_limit_is_waited_out_as_discord_asks(desk):
    desk.channel.failures = [(TryAgain(17), False)]
    await desk.plan()
    await desk.dispatch()
    desk.clock.advance(seconds=16)
    await desk.dispatch()
    assert desk.channel.attempts == 1
    desk.clock.advance(seconds=2)
    assert await desk.dispatch() == [("sent", None)]


async def test_a_refused_message_fails_and_is_not_tried_again(desk):
    desk.channel.failures = [(Refused(50013, "Missing Permissions"), False)]
    await desk.plan()
    assert await desk.dispatch() == [("failed", "50013: Missing Permissions")]
    desk.clock.advance(days=1)
    await desk.dispatch()
    assert desk.channel.attempts == 1


async def test_a_prompt_whose_history_cannot_be_read_is_held(desk):
    desk.channel.failures, desk.channel.unreadable = [(Ambiguous("reset"), True)], True
    await desk.plan()
    await desk.dispatch()
    desk.clock.advance(minutes=10)
    ((state, reason),) = await desk.dispatch()
    assert state == "held"
    assert "50001" in reason


async def test_a_deadline_reminder_whose_history_cannot_be_read_is_sent_again(desk):
    desk.channel.failures, desk.channel.unreadable = [(Ambiguous("reset"), False)], True
    await desk.plan("assignment.reminder")
    await desk.dispatch()
    desk.clock.advance(minutes=10)
    assert await desk.dispatch() == [("sent", None)]


async def test_what_is_past_its_use_is_skipped(desk):
    await desk.plan(expires_at=NOON + timedelta(hours=1))
    desk.clock.advance(hours=1)
    assert await desk.dispatch() == [("skipped", "expired")]
    assert desk.channel.attempts == 0


async def test_nothing_to_say_is_recorded_as_skipped(desk):
    async def nothing(delivery: Delivery) -> Skip:
        return Skip("everybody has handed in")

    desk.dispatcher.compose("retro.prompt", nothing)
    await desk.plan()
    assert await desk.dispatch() == [("skipped", "everybody has handed in")]


async def test_a_defect_in_one_composer_holds_up_no_other_delivery(desk, caplog):
    async def broken(delivery: Delivery) -> Post:
        raise RuntimeError("defect")

    desk.dispatcher.compose("assignment.reminder", broken)
    await desk.plan("assignment.reminder")
    await desk.plan("retro.prompt")
    assert await desk.dispatch() == [("pending", None), ("sent", None)]
    assert "Cannot compose delivery 1" in caplog.text
    desk.dispatcher.compose("assignment.reminder", saying("이제 된다"))
    desk.clock.advance(minutes=10)
    assert (await desk.dispatch())[0] == ("sent", None)


async def test_a_guild_that_removed_the_bot_waits_until_it_is_back(desk):
    await Housekeeping(desk.database).guild_seen(1, present=False, now=desk.clock.now())
    await desk.plan()
    assert await desk.dispatch() == [("pending", None)]
    await Housekeeping(desk.database).guild_seen(1, present=True, now=desk.clock.now())
    assert await desk.dispatch() == [("sent", None)]


async def test_a_token_that_is_no_longer_valid_stops_the_process(desk):
    stopped = asyncio.Event()
    desk.dispatcher.connect(wake=lambda: None, log_out=stopped.set)
    desk.channel.failures = [(LoggedOut("401"), False)]
    await desk.plan()
    assert await desk.dispatch() == [("sending", None)]
    assert stopped.is_set()


async def test_what_is_past_its_use_is_not_sent_again_either(desk):
    desk.channel.failures = [(Ambiguous("reset"), False)]
    await desk.plan(expires_at=NOON + timedelta(hours=1))
    await desk.dispatch()
    desk.clock.advance(hours=1)
    assert await desk.dispatch() == [("skipped", "expired")]
    assert desk.channel.attempts == 1


async def test_what_arrived_counts_as_sent_even_when_it_is_past_its_use(desk):
    desk.channel.failures = [(Ambiguous("reset"), True)]
    await desk.plan(expires_at=NOON + timedelta(hours=1))
    await desk.dispatch()
    desk.clock.advance(hours=1)
    assert await desk.dispatch() == [("sent", None)]


async def test_what_is_cancelled_while_it_waits_behind_others_is_not_sent(desk):
    """The team's lane has taken both; while the first is on its way, the second is cancelled."""

    async def cancelling(delivery: Delivery) -> Post:
        async with writing(desk.database) as session:
            await cancel(session, team_id=desk.team_id, kind="retro.prompt", subject_id=1, reason="moved")
        return await saying("하나")(delivery)

    desk.dispatcher.compose("assignment.reminder", cancelling)
    await desk.plan("assignment.reminder")
    await desk.plan("retro.prompt")
    assert await desk.dispatch() == [("sent", None), ("cancelled", "moved")]
    assert [post.text for post in desk.channel.messages] == ["하나"]


async def test_a_defect_while_sending_is_not_tried_again_at_once(desk, caplog):
    desk.channel.failures = [(ValueError("no JSON"), True)]
    await desk.plan()
    assert await desk.dispatch() == [("sending", None)]
    assert "Defect in delivery 1 (retro.prompt)" in caplog.text
    await desk.dispatch()
    assert await desk.states() == [("sending", None)]
    desk.clock.advance(minutes=10)
    assert await desk.dispatch() == [("sent", None)]
    assert len(desk.channel.messages) == 1


async def test_a_token_that_turns_invalid_while_history_is_read_stops_the_process(desk):
    stopped = asyncio.Event()
    desk.dispatcher.connect(wake=lambda: None, log_out=stopped.set)
    desk.channel.failures = [(Ambiguous("reset"), False)]
    await desk.plan()
    await desk.dispatch()
    desk.channel.reading = LoggedOut("401")
    desk.clock.advance(minutes=10)
    assert await desk.dispatch() == [("sending", None)]
    assert stopped.is_set()


@pytest.mark.parametrize(
    ("finishing", "failures", "place"),
    [
        (None, [], 1),
        (Refused(50013, "Missing Permissions"), [], CHANNEL),
        (None, [(Refused(50013, "Missing Permissions"), False)], CHANNEL),
    ],
    ids=["thread", "no thread", "no opening"],
)
async def test_what_is_for_a_thread_goes_into_the_channel_where_there_is_none(desk, finishing, failures, place):
    day_id = await desk.day()
    desk.channel.finishing, desk.channel.failures = finishing, failures
    desk.dispatcher.compose("day.opening", saying("Day1"))
    desk.dispatcher.compose("session.agenda", saying("안건"))
    async with writing(desk.database) as session:
        team = await session.get_one(TeamRow, desk.team_id)
        await open_thread(session, team, await session.get_one(StudyDayRow, day_id), desk.clock.now())
    await desk.plan("session.agenda", thread_of_day_id=day_id)
    await desk.dispatch()
    assert desk.channel.places == [CHANNEL]
    assert (await desk.dispatch())[1] == ("sent", None)
    assert desk.channel.places == [CHANNEL, place]


async def test_what_is_for_a_thread_waits_where_it_is_opened_once_more(desk):
    day_id = await desk.day()

    async def open_once() -> None:
        async with writing(desk.database) as session:
            team = await session.get_one(TeamRow, desk.team_id)
            await open_thread(session, team, await session.get_one(StudyDayRow, day_id), desk.clock.now())
        await desk.dispatch()

    desk.dispatcher.compose("day.opening", saying("Day1"))
    desk.channel.closed = {CHANNEL: Refused(50013, "Missing Permissions")}
    await open_once()
    desk.channel.closed, desk.channel.failures = {}, [(Ambiguous("reset"), False)]
    desk.clock.advance(minutes=1)
    await open_once()
    await desk.plan(thread_of_day_id=day_id)
    assert await desk.dispatch() == [("failed", "50013: Missing Permissions"), ("sending", None), ("pending", None)]
    desk.clock.advance(minutes=1)
    await desk.dispatch()
    await desk.dispatch()
    assert desk.channel.held == [CHANNEL, 1], "the thread has the id of the message that opens it"


async def test_a_message_for_a_thread_that_never_came_expires(desk):
    await desk.plan(expires_at=NOON + timedelta(hours=1), thread_of_day_id=await desk.day())
    assert await desk.dispatch() == [("pending", None)]
    desk.clock.advance(hours=1)
    assert await desk.dispatch() == [("skipped", "expired")]


@pytest.mark.parametrize("post", [
    Post(text="안녕", mentions=(1, 2), buttons=(Button("쓰기", "a:1", "primary"),), thread="Day27"),
    Post(blocks=("# 질문", "- 하나"), board_version=3),
])  # fmt: skip
def test_a_post_comes_back_from_its_payload_as_it_was(post):
    assert Post.from_json(post.to_json()) == post
