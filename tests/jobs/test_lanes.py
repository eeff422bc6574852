"""Lanes beside each other: whoever has much to post, waits or fails keeps nobody else waiting, and a lane its order."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text, update

from bot.db.tables import BoardRow, DeliveryRow
from bot.domain.deliveries import PATIENCE, POISONED, Delivery
from bot.domain.team import Caller
from bot.jobs import dispatch
from bot.jobs.pace import Gate
from bot.jobs.posts import Ambiguous, Post, ServerError
from bot.services import Services
from bot.services.boards import Board
from bot.services.deliveries import plan
from tests.database import writing
from tests.jobs.desk import CHANNEL, NOON, PERSON, ROOM, Desk, saying

ELSEWHERE = 600


class Barrier:
    """A composer that waits until it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    async def compose(self, delivery: Delivery) -> Post:
        self.reached.set()
        await self.opened.wait()
        return await saying(f"{delivery.subject_id}")(delivery)

    async def draw(self, board: Board) -> Post:
        await self.opened.wait()
        return Post(blocks=(f"v{board.version}",))


@pytest.fixture
def barrier(desk: Desk) -> Barrier:
    """Reminders wait behind it."""
    gate = Barrier()
    desk.dispatcher.compose("assignment.reminder", gate.compose)
    return gate


async def plan_many(desk: Desk, team_id: int, kind: str, count: int, **more: object) -> None:
    async with writing(desk.database) as session:
        for subject_id in range(count):
            await plan(session, team_id=team_id, kind=kind, subject_id=subject_id, due_at=desk.clock.now(), **more)


async def teams(desk: Desk, count: int) -> list[int]:
    services = Services.over(desk.database, lambda: None)
    ids = []
    for number in range(count):
        caller = Caller(100 + number, (6000 + number,), 3, "나래", True, frozenset(), NOON)
        ids.append((await services.teams.setup(caller, "옆 스터디", {})).team.id)
    return ids


async def test_a_team_with_much_to_say_keeps_no_other_team_waiting(desk, barrier):
    (other,) = await teams(desk, 1)
    await plan_many(desk, desk.team_id, "assignment.reminder", 300)
    desk.clock.advance(seconds=1)
    await plan_many(desk, other, "retro.prompt", 1)
    await desk.dispatcher.dispatch()
    await barrier.reached.wait()
    await desk.channel.pulse.until(lambda: [post.text for post in desk.channel.messages] == ["오늘은 어땠나요?"])
    barrier.opened.set()
    await desk.dispatcher.stop()


async def test_a_git_repository_that_does_not_answer_keeps_none_of_the_teams_messages_waiting(desk):
    remote = Barrier()
    desk.dispatcher.compose("journal.publish", remote.compose)
    await plan_many(desk, desk.team_id, "journal.publish", 1)
    desk.clock.advance(seconds=1)
    await plan_many(desk, desk.team_id, "retro.prompt", 1)
    await desk.dispatcher.dispatch()
    await remote.reached.wait()
    await desk.channel.pulse.until(lambda: [post.text for post in desk.channel.messages] == ["오늘은 어땠나요?"])
    remote.opened.set()
    await desk.dispatcher.finished()


async def test_twenty_channels_that_do_not_answer_keep_no_other_channel_waiting(desk, barrier):
    slow = await teams(desk, 20)
    for team_id in slow:
        await plan_many(desk, team_id, "assignment.reminder", 1)
    desk.clock.advance(seconds=1)
    await plan_many(desk, desk.team_id, "retro.prompt", 1)
    await desk.dispatcher.dispatch()
    await desk.channel.pulse.until(lambda: [post.text for post in desk.channel.messages] == ["오늘은 어땠나요?"])
    barrier.opened.set()
    await desk.dispatcher.finished()
    assert len(desk.channel.messages) == 21


async def test_one_channel_of_a_team_does_not_wait_for_another_nor_for_direct_messages(desk, barrier):
    await desk.plan("assignment.reminder")
    await desk.plan("assignment.reminder", channel_id=CHANNEL, offset="there")
    await desk.plan("retro.prompt", channel_id=ELSEWHERE)
    await desk.plan("retro.prompt", user_id=PERSON, offset="person")
    await desk.dispatcher.dispatch()
    await desk.channel.pulse.until(lambda: sorted(desk.channel.held) == [ELSEWHERE, ROOM])
    barrier.opened.set()
    await desk.dispatcher.finished()


async def test_more_lanes_than_there_is_room_for_are_taken_in_turn(desk, monkeypatch):
    monkeypatch.setattr(dispatch, "LANES", 2)
    woken = asyncio.Event()
    desk.dispatcher.connect(wake=woken.set, log_out=lambda: None)
    for team_id in await teams(desk, 5):
        await plan_many(desk, team_id, "retro.prompt", 2)
    for taken in (4, 8, 10):
        woken.clear()
        await desk.dispatch()
        assert len(desk.channel.messages) == taken
        assert woken.is_set()


async def test_what_falls_due_for_a_lane_while_it_sends_goes_out_with_it(desk, barrier):
    await plan_many(desk, desk.team_id, "assignment.reminder", 1)
    await desk.dispatcher.dispatch()
    await barrier.reached.wait()
    await desk.plan("retro.prompt")
    await desk.dispatcher.dispatch()
    barrier.opened.set()
    await desk.dispatcher.finished()
    assert [post.text for post in desk.channel.messages] == ["0", "오늘은 어땠나요?"]


async def test_stopping_finishes_the_message_under_way_and_begins_no_other(desk, barrier):
    await plan_many(desk, desk.team_id, "assignment.reminder", 3)
    await desk.dispatcher.dispatch()
    await barrier.reached.wait()
    stopping = asyncio.create_task(desk.dispatcher.stop())
    await asyncio.sleep(0)
    barrier.opened.set()
    await stopping
    assert await desk.states() == [("sent", None), ("pending", None), ("pending", None)]
    assert await desk.dispatch() == [("sent", None), ("pending", None), ("pending", None)]


async def test_what_a_lane_finishes_while_the_next_tick_reads_is_not_sent_again(desk, barrier):
    """The tick has read the row as pending; before it goes on, the lane sends it and ends."""
    await plan_many(desk, desk.team_id, "assignment.reminder", 1)
    await desk.dispatcher.dispatch()
    await barrier.reached.wait()
    original = desk.boards.to_redraw

    async def slow(*args: object) -> object:
        barrier.opened.set()
        await desk.dispatcher.finished()
        return await original(*args)

    desk.boards.to_redraw = slow
    await desk.dispatcher.dispatch()
    await desk.dispatcher.finished()
    assert desk.channel.attempts == 1


# Order


def subjects(desk: Desk) -> list[str]:
    return [post.text for post in desk.channel.messages]


@pytest.fixture
def numbered(desk: Desk) -> Desk:
    """The desk, with round tables that say their number: each of them is owed, however late."""

    async def compose(delivery: Delivery) -> Post:
        return await saying(f"{delivery.subject_id}")(delivery)

    desk.dispatcher.compose("session.roundtable", compose)
    return desk


@pytest.mark.parametrize("error", [Ambiguous("reset"), ServerError("502")])
async def test_a_lane_keeps_its_order_through_an_outage(numbered, error):
    await plan_many(numbered, numbered.team_id, "session.roundtable", 3)
    numbered.channel.failures = [(error, False)] * 12
    for _ in range(20):
        numbered.clock.advance(minutes=6)
        await numbered.dispatch()
    assert subjects(numbered) == ["0", "1", "2"]
    assert [row.failures for row in await numbered.rows()] == [0, 0, 0]


async def test_retries_of_many_are_spread(desk):
    for team_id in await teams(desk, 5):
        await plan_many(desk, team_id, "retro.prompt", 1)
    desk.channel.failures = [(Ambiguous("502"), False)] * 5
    await desk.dispatch()
    assert len({row.due_at for row in await desk.rows()}) == 5


class Poison:
    """One message that Discord answers with a 5xx for ever; it takes all others."""

    def __init__(self, desk: Desk, text: str) -> None:
        self._send, self._text = desk.channel.send, text
        self.arrives = False
        desk.channel.send = self.send

    async def send(self, guild_id: int, channel_id: int, post: Post, nonce: str) -> int:
        if post.text == self._text:
            if self.arrives:
                await self._send(guild_id, channel_id, post, nonce)
            raise ServerError("500")
        return await self._send(guild_id, channel_id, post, nonce)


@pytest.fixture
async def live(numbered: Desk):
    """Let time pass, seven minutes a step; in each of them another team has something to say."""
    (other,) = await teams(numbered, 1)

    async def live(steps: int) -> None:
        for _step in range(steps):
            numbered.clock.advance(minutes=7)
            await plan_many(numbered, other, "assignment.reminder", 1)
            await numbered.dispatch()

    return live


async def test_a_message_that_discord_never_takes_fails_while_others_get_through(numbered, live, caplog):
    Poison(numbered, "0")
    await plan_many(numbered, numbered.team_id, "session.roundtable", 2)
    await live(14)
    first, second, *_ = await numbered.rows()
    assert (first.state, first.failures, first.reason) == ("failed", POISONED, "8 times a 5xx while others got through")
    assert second.state == "sent"
    assert f"Delivery {first.id} (session.roundtable) of team {numbered.team_id} is failed" in caplog.text


async def test_what_comes_behind_such_a_message_waits_only_for_its_first_attempts(numbered, live):
    Poison(numbered, "0")
    await plan_many(numbered, numbered.team_id, "session.roundtable", 2)
    await live(1)
    assert "1" not in subjects(numbered)
    await live(PATIENCE + 1)
    assert "1" in subjects(numbered)
    assert (await numbered.rows())[0].state == "sending"


async def test_a_message_that_arrived_with_its_last_5xx_is_not_failed(numbered, live):
    poison = Poison(numbered, "0")
    await plan_many(numbered, numbered.team_id, "session.roundtable", 1)
    while (await numbered.rows())[0].failures < POISONED - 1:
        await live(1)
    poison.arrives = True
    await live(3)
    assert (await numbered.rows())[0].state == "sent"
    assert subjects(numbered).count("0") == 1


async def test_a_long_outage_of_everything_fails_nothing(numbered):
    await plan_many(numbered, numbered.team_id, "session.roundtable", 2)
    for team_id in await teams(numbered, 1):
        await plan_many(numbered, team_id, "session.roundtable", 2)
    numbered.channel.closed = {CHANNEL: ServerError("503")}
    for _ in range(12):
        numbered.clock.advance(hours=2)
        await numbered.dispatch()
    assert {row.state for row in await numbered.rows()} == {"sending", "pending"}
    numbered.channel.closed = {}
    numbered.clock.advance(minutes=30)
    await numbered.dispatch()
    assert {row.state for row in await numbered.rows()} == {"sent"}


async def damaged(desk: Desk) -> None:
    async with writing(desk.database) as session:
        await session.execute(update(DeliveryRow).where(DeliveryRow.id == 1).values(payload="{}"))


async def unreadable(desk: Desk) -> None:
    desk.channel.find = failing_for("0", desk.channel.find, ServerError("500"))


async def unanswered(desk: Desk) -> None:
    desk.channel.send = failing_for("0", desk.channel.send, Ambiguous("time-out"))


def failing_for(
    text: str, method: Callable[..., Awaitable[object]], error: Exception
) -> Callable[..., Awaitable[object]]:
    async def fail(guild_id: int, channel_id: int, post: Post, last: object) -> object:
        if post.text == text:
            raise error
        return await method(guild_id, channel_id, post, last)

    return fail


@pytest.mark.parametrize("harm", [damaged, unreadable, unanswered])
async def test_one_that_cannot_be_brought_to_an_end_holds_up_its_lane_only_for_a_while(numbered, live, harm):
    await plan_many(numbered, numbered.team_id, "session.roundtable", 2)
    numbered.channel.failures = [(Ambiguous("reset"), False)]
    await numbered.dispatch()
    await harm(numbered)
    await live(5)
    assert "1" in subjects(numbered)
    await live(10)
    assert (await numbered.rows())[0].state == "sending", "only a 5xx to the message itself makes it fail"


async def test_in_an_outage_looking_back_has_longer_and_longer_pauses(desk):
    desk.channel.failures, desk.channel.reading = [(Ambiguous("reset"), False)], ServerError("503")
    await desk.plan()
    pauses = []
    for _ in range(10):
        await desk.dispatch()
        (row,) = await desk.rows()
        pauses.append((row.due_at - desk.clock.now()).total_seconds())
        desk.clock.instant = row.due_at
    assert pauses[:7] == sorted(pauses[:7])
    assert all(pause >= 300 * 0.8 for pause in pauses[8:])


# Room, and a database that fails


async def test_boards_that_take_all_the_room_leave_none_to_more_lanes(desk, barrier, monkeypatch):
    monkeypatch.setattr(dispatch, "LANES", 1)
    desk.dispatcher.draw("questions", barrier.draw)
    others = await teams(desk, 3)
    async with writing(desk.database) as session:
        session.add_all(
            BoardRow(
                team_id=team_id, kind="questions", subject_id=1, channel_id=5, message_id=6, version=2, shown_version=1,
                redraw_at=NOON,
            )
            for team_id in others
        )  # fmt: skip
    await desk.dispatcher.dispatch()
    for team_id in others:
        await plan_many(desk, team_id, "assignment.reminder", 1)
    await desk.dispatcher.dispatch()
    barrier.opened.set()
    await desk.dispatcher.finished()
    assert (len(desk.channel.drawn), desk.channel.attempts) == (3, 0)
    await desk.dispatch()
    assert desk.channel.attempts == 1


async def test_a_database_that_takes_nothing_is_asked_again_by_the_next_tick_and_not_in_circles(desk, caplog):
    woken = []
    desk.dispatcher.connect(wake=lambda: woken.append(True), log_out=lambda: None)
    await desk.plan()
    async with writing(desk.database) as session:
        await session.execute(
            text("CREATE TRIGGER full BEFORE UPDATE ON delivery BEGIN SELECT RAISE(FAIL, 'full'); END")
        )
    assert await desk.dispatch() == [("pending", None)]
    assert woken == []
    assert "Cannot record what became of lane" in caplog.text
    async with writing(desk.database) as session:
        await session.execute(text("DROP TRIGGER full"))
    assert await desk.dispatch() == [("sent", None)]


# The gate


async def test_the_gate_lets_through_evenly_and_in_order():
    gate, loop, passed = Gate(100), asyncio.get_running_loop(), []

    async def go(number: int) -> None:
        await gate.turn()
        passed.append((number, loop.time()))

    await asyncio.gather(*(go(number) for number in range(30)))
    assert [number for number, _ in passed] == list(range(30))
    assert passed[-1][1] - passed[0][1] >= 27 / 100


async def test_an_open_gate_keeps_nobody():
    gate, loop = Gate(None), asyncio.get_running_loop()
    began = loop.time()
    for _ in range(1000):
        await gate.turn()
    assert loop.time() - began < 0.5
