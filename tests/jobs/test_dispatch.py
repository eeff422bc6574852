"""The dispatcher over a real database, with a channel that can be made to fail."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.schema import migrate
from bot.db.tables import DeliveryRow
from bot.domain.deliveries import Delivery
from bot.domain.team import Caller
from bot.jobs.dispatch import Dispatcher, Pace
from bot.jobs.posts import Ambiguous, Button, LoggedOut, Post, Refused, Skip, TryAgain
from bot.services import Services
from bot.services.boards import Boards
from bot.services.deliveries import Deliveries, plan
from bot.services.housekeeping import Housekeeping

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
CHANNEL = 500


class FakeClock:
    def __init__(self) -> None:
        self.instant = NOON

    def now(self) -> datetime:
        return self.instant

    def advance(self, **time: float) -> None:
        self.instant += timedelta(**time)


@dataclass
class Channel:
    """An announcer whose answers are scripted: `arrives` says whether a failing send leaves its message behind."""

    messages: list[Post] = field(default_factory=list)
    failures: list[tuple[Exception, bool]] = field(default_factory=list)
    unreadable: bool = False
    attempts: int = 0

    async def send(self, guild_id: int, channel_id: int, post: Post, nonce: str) -> int:
        self.attempts += 1
        if self.failures:
            error, arrives = self.failures.pop(0)
            if arrives:
                self.messages.append(post)
            raise error
        self.messages.append(post)
        return len(self.messages)

    async def find(self, guild_id: int, channel_id: int, post: Post, since: datetime) -> int | None:
        if self.unreadable:
            raise Refused(50001, "Missing Access")
        return self.messages.index(post) + 1 if post in self.messages else None

    async def finish(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        pass

    async def edit(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        raise AssertionError("no board here")


@dataclass
class Desk:
    """A dispatcher and all it works with."""

    database: Database
    clock: FakeClock
    channel: Channel
    dispatcher: Dispatcher
    team_id: int

    async def plan(self, kind: str = "retro.prompt", **more: object) -> None:
        async with self.database.write() as session:
            await plan(session, team_id=self.team_id, kind=kind, subject_id=1, due_at=self.clock.now(), **more)

    async def dispatch(self) -> list[tuple[str, str | None]]:
        """One tick, to its end: the deliveries' states and reasons."""
        await self.dispatcher.dispatch()
        await self.dispatcher.stop()
        return await self.states()

    async def states(self) -> list[tuple[str, str | None]]:
        async with self.database.read() as session:
            return list(await session.execute(select(DeliveryRow.state, DeliveryRow.reason).order_by(DeliveryRow.id)))


def saying(text: str) -> Callable[[Delivery], Awaitable[Post | Skip]]:
    async def compose(delivery: Delivery) -> Post | Skip:
        return Post(channel_id=CHANNEL, text=text, buttons=(Button("쓰기", f"retro:write:1:{delivery.id}"),))

    return compose


@pytest.fixture
async def desk(database_file):
    url = f"sqlite+aiosqlite:///{database_file}"
    await migrate(url)
    database, clock, channel = Database(url), FakeClock(), Channel()
    caller = Caller(1, (CHANNEL,), 2, "가온", True, frozenset(), NOON)
    setup = await Services.over(database, lambda: None).teams.setup(caller, "스터디", {})
    dispatcher = Dispatcher(Deliveries(database), Boards(database), channel, clock, Pace())
    for kind in ("retro.prompt", "assignment.reminder"):
        dispatcher.compose(kind, saying("오늘은 어땠나요?"))
    yield Desk(database, clock, channel, dispatcher, setup.team.id)
    await database.dispose()


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
    desk.clock.advance(minutes=10)
    assert await desk.dispatch() == [("sent", None)]
    assert [post.text for post in desk.channel.messages] == ["오늘은 어땠나요?"]


async def test_a_retry_waits_longer_each_time(desk):
    desk.channel.failures = [(Ambiguous("502"), False)] * 3
    await desk.plan()
    waits = []
    for _ in range(3):
        await desk.dispatch()
        async with desk.database.read() as session:
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
    await Housekeeping(desk.database).guild_seen(1, present=False)
    await desk.plan()
    assert await desk.dispatch() == [("pending", None)]
    await Housekeeping(desk.database).guild_seen(1, present=True)
    assert await desk.dispatch() == [("sent", None)]


async def test_a_token_that_is_no_longer_valid_stops_the_process(desk):
    stopped = asyncio.Event()
    desk.dispatcher.connect(wake=lambda: None, log_out=stopped.set)
    desk.channel.failures = [(LoggedOut("401"), False)]
    await desk.plan()
    assert await desk.dispatch() == [("sending", None)]
    assert stopped.is_set()


@pytest.mark.parametrize("post", [
    Post(text="안녕", mentions=(1, 2), buttons=(Button("쓰기", "a:1", "primary"),), thread="Day27"),
    Post(blocks=("# 질문", "- 하나"), board_version=3),
])  # fmt: skip
def test_a_post_comes_back_from_its_payload_as_it_was(post):
    assert Post.from_json(post.to_json()) == post
