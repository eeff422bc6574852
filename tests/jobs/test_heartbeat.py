"""The heartbeat: it ticks on when somebody sets the clock, and says whether it does."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp.test_utils import make_mocked_request
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from bot.db.tables import TeamRow
from bot.domain.deliveries import Delivery
from bot.health import Health
from bot.jobs.heartbeat import Heartbeat
from bot.jobs.pace import Pace
from bot.jobs.posts import Ambiguous, Post, TryAgain
from bot.metrics import Metrics
from bot.services.boards import Board, touch
from bot.services.housekeeping import Housekeeping
from bot.services.outlook import Outlook, View
from bot.services.tally import Tally
from tests.database import writing
from tests.jobs.desk import CHANNEL, NOON, saying
from tests.wire.pulse import Pulse


class WallClock:
    """The computer's clock, which somebody may set."""

    def __init__(self) -> None:
        self.set_by = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.set_by  # noqa: TID251


@pytest.fixture
def wall(monkeypatch):
    """APScheduler goes by it."""
    clock = WallClock()

    class Following(datetime):
        @classmethod
        def now(cls, tz=None):
            return clock.now().astimezone(tz)

    for module in (base, interval):
        monkeypatch.setattr(module, "datetime", Following)
    return clock


class Ticks:
    """An outlook with nothing to do, which counts how often it is asked and can be made to fail."""

    def __init__(self) -> None:
        self.count = 0
        self.pulse = Pulse()
        self.defect: Exception | None = None

    async def look(self, now: datetime) -> View:
        self.count += 1
        self.pulse.beat()
        if self.defect is not None:
            raise self.defect
        return View(plan=False, deliver=False, redraw=False, next_at=None)

    async def more(self) -> None:
        """Wait until it was asked twice more; TimeoutError if that takes long."""
        wanted = self.count + 2
        await self.pulse.until(lambda: self.count >= wanted, within=3, what="two more ticks")


@pytest.fixture
async def beating(desk, wall):
    """Starts a heartbeat with this watchdog; it is stopped at the end."""
    started = []

    def start(watchdog: float | None) -> tuple[Heartbeat, Ticks]:
        ticks, pace = Ticks(), Pace(interval=0.2, watchdog=watchdog)
        heartbeat = Heartbeat(desk.dispatcher, ticks, Housekeeping(desk.database), wall, pace)
        heartbeat.start()
        started.append(heartbeat)
        return heartbeat, ticks

    yield start
    for heartbeat in started:
        await heartbeat.stop()


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1)])
async def test_it_ticks_on_when_the_clock_is_set(beating, wall, jump):
    heartbeat, ticks = beating(watchdog=0.2)
    await ticks.more()
    wall.set_by = jump
    await ticks.more()
    assert heartbeat.healthy


async def test_without_a_watchdog_it_stalls_when_the_clock_is_set_back(beating, wall):
    heartbeat, ticks = beating(watchdog=None)
    await ticks.more()
    wall.set_by = timedelta(hours=-1)
    with pytest.raises(TimeoutError):
        await ticks.more()
    assert not heartbeat.healthy


async def test_woken_at_any_moment_it_ticks_without_a_word(beating, caplog):
    heartbeat, ticks = beating(watchdog=None)
    for turns in range(6):  # of the loop: before the tick is on its way, before it has begun, until it has ended
        heartbeat.wake()
        for _ in range(turns):
            await asyncio.sleep(0)
        heartbeat.wake()
        await ticks.more()
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_was_tried_while_the_clock_was_ahead_is_looked_for_once_it_is_set_back(desk, restarted):
    looked, find = [], desk.channel.find

    async def finding(guild_id: int, channel_id: int, post: Post, since: datetime) -> int | None:
        looked.append(since)
        return await find(guild_id, channel_id, post, since)

    def begin() -> Heartbeat:
        return Heartbeat(desk.dispatcher, Outlook(desk.database), Housekeeping(desk.database), desk.clock, Pace())

    desk.channel.find, desk.channel.failures = finding, [(Ambiguous("reset"), True)]
    heartbeat, truth = begin(), desk.clock.now()
    desk.clock.advance(hours=5)
    await desk.plan()
    await heartbeat.tick()
    await desk.dispatcher.finished()
    desk.clock.advance(hours=-5, minutes=10)
    await (begin() if restarted else heartbeat).tick()
    await desk.dispatcher.finished()
    first, *_ = await desk.states()
    assert (first, desk.channel.attempts) == (("sent", None), 1)
    assert looked[0] < truth


async def test_what_was_put_off_while_the_clock_was_ahead_waits_no_longer_once_it_is_set_back(desk):
    """A message that could not be composed, and a board that could not be drawn, both untried. What was planned for
    later than the true time still comes then."""

    async def waiting(delivery: Delivery) -> Post:
        raise TryAgain(3600)

    async def draw(board: Board) -> Post:
        return Post(blocks=(f"v{board.version}",))

    desk.dispatcher.draw("questions", draw)
    heartbeat = Heartbeat(desk.dispatcher, Outlook(desk.database), Housekeeping(desk.database), desk.clock, Pace())

    async def beat() -> None:
        await heartbeat.tick()
        await desk.dispatcher.finished()

    async def touch_board() -> None:
        async with writing(desk.database) as session:
            team = await session.get_one(TeamRow, desk.team_id)
            await touch(session, team, "questions", 1, CHANNEL, desk.clock.now())

    await touch_board()
    await beat()
    await desk.plan("assignment.reminder")
    desk.clock.advance(hours=3)
    await desk.plan("assignment.reminder")
    desk.clock.advance(hours=2)
    desk.dispatcher.compose("assignment.reminder", waiting)
    desk.channel.drawing = Ambiguous("reset")
    await touch_board()
    await beat()
    desk.dispatcher.compose("assignment.reminder", saying("오늘은 어땠나요?"))
    desk.channel.drawing = None
    desk.clock.advance(hours=-5, minutes=1)
    await beat()
    assert [post.blocks[0] for post in desk.channel.drawn] == ["v2"]
    assert [(row.state, row.due_at - NOON) for row in await desk.rows() if row.kind == "assignment.reminder"] == [
        ("sent", timedelta(minutes=1)),
        ("pending", timedelta(hours=3)),
    ]


async def test_it_is_not_healthy_while_its_ticks_fail_and_goes_on_trying(beating, desk, caplog):
    heartbeat, ticks = beating(watchdog=0.2)
    health, request = Health(Metrics(Tally(desk.database))), make_mocked_request("GET", "/healthz")
    health.watch(heartbeat, lambda: True)
    await ticks.more()
    assert heartbeat.healthy
    assert (await health.alive(request)).status == 200
    ticks.defect = OSError("disk I/O error")
    for _ in range(3):
        await ticks.more()
    assert not heartbeat.healthy
    assert (await health.alive(request)).status == 503
    ticks.defect = None
    await ticks.more()
    assert heartbeat.healthy
    assert (await health.alive(request)).status == 200
    assert "The tick failed" in caplog.text
