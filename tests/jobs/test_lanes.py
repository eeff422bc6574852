"""Teams beside each other: whoever has much to post, or a slow channel, keeps nobody else waiting."""

import asyncio

import pytest

from bot.domain.deliveries import Delivery
from bot.domain.team import Caller
from bot.jobs.posts import Post
from bot.services import Services
from bot.services.deliveries import BATCH, plan
from tests.jobs.desk import NOON, Desk, saying


@pytest.fixture
async def other_team(desk: Desk) -> int:
    caller = Caller(2, (600,), 3, "나래", True, frozenset(), NOON)
    return (await Services.over(desk.database, lambda: None).teams.setup(caller, "옆 스터디", {})).team.id


class Gate:
    """A composer that waits until it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    async def compose(self, delivery: Delivery) -> Post:
        self.reached.set()
        await self.opened.wait()
        return await saying(f"{delivery.subject_id}")(delivery)


async def plan_many(desk: Desk, team_id: int, kind: str, count: int) -> None:
    async with desk.database.write() as session:
        for subject_id in range(count):
            await plan(session, team_id=team_id, kind=kind, subject_id=subject_id, due_at=desk.clock.now())


async def test_a_team_with_more_than_a_batch_keeps_no_other_team_waiting(desk, other_team):
    gate, woken = Gate(), asyncio.Event()
    desk.dispatcher.connect(wake=woken.set, log_out=lambda: None)
    desk.dispatcher.compose("assignment.reminder", gate.compose)
    await plan_many(desk, desk.team_id, "assignment.reminder", BATCH + 1)
    desk.clock.advance(seconds=1)
    await plan_many(desk, other_team, "retro.prompt", 1)
    await desk.dispatcher.dispatch()
    assert woken.is_set()
    await gate.reached.wait()
    await desk.dispatcher.dispatch()
    async with asyncio.timeout(5):
        while not desk.channel.messages:  # noqa: ASYNC110  # the database answers from a thread
            await asyncio.sleep(0.01)
    assert [post.text for post in desk.channel.messages] == ["오늘은 어땠나요?"]
    gate.opened.set()
    await desk.dispatcher.finished()


async def test_stopping_finishes_the_message_under_way_and_begins_no_other(desk):
    gate = Gate()
    desk.dispatcher.compose("assignment.reminder", gate.compose)
    await plan_many(desk, desk.team_id, "assignment.reminder", 3)
    await desk.dispatcher.dispatch()
    await gate.reached.wait()
    stopping = asyncio.create_task(desk.dispatcher.stop())
    await asyncio.sleep(0)
    gate.opened.set()
    await stopping
    assert await desk.states() == [("sent", None), ("pending", None), ("pending", None)]
    assert await desk.dispatch() == [("sent", None), ("pending", None), ("pending", None)]


async def test_what_a_lane_finishes_while_the_next_tick_reads_is_not_sent_again(desk):
    """The tick has read the row as pending; before it goes on, the lane sends it and ends."""
    gate = Gate()
    desk.dispatcher.compose("assignment.reminder", gate.compose)
    await plan_many(desk, desk.team_id, "assignment.reminder", 1)
    await desk.dispatcher.dispatch()
    await gate.reached.wait()
    original = desk.boards.to_redraw

    async def slow(*args: object) -> object:
        gate.opened.set()
        await desk.dispatcher.finished()
        return await original(*args)

    desk.boards.to_redraw = slow
    await desk.dispatcher.dispatch()
    await desk.dispatcher.finished()
    assert desk.channel.attempts == 1
