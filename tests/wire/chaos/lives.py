"""The lives and deaths of a bot: each round is many of them, and one in which it may finish."""

import asyncio
import random
import re
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.wire.chaos.plan import Due, due_messages
from tests.wire.chaos.rounds import Round
from tests.wire.chaos.tally import Tally, count
from tests.wire.discord_server import DiscordServer
from tests.wire.process import BotProcess, environment, eventually, start
from tests.wire.rest import Call

MESSAGES = r"/channels/\d+/messages$"
LONGEST_LIFE = 20.0
START_TAKES = 3.0
TO_THE_END = 900.0
"""Seconds in which a bot that is left alone must have delivered everything."""


async def play(round_: Round, folder: Path, seed: int) -> Tally:
    """One round, from planning to counting. AssertionError if a process did not end as it was meant to."""
    async with DiscordServer(seed=seed) as server:
        story = Story(server, round_, folder / f"{seed}.sqlite3", random.Random(seed))
        return await story.tell()


class Story:
    def __init__(self, server: DiscordServer, round_: Round, database: Path, chance: random.Random) -> None:
        self.server = server
        self.round = round_
        self.database = database
        self.chance = chance
        self.planned: list[Due] = []
        self.tally = Tally(round_.planned)
        self.lives: list[BotProcess] = []
        self.first_request = 0

    async def tell(self) -> Tally:
        try:
            return await self._tell()
        finally:
            for bot in self.lives:
                await bot.stop(signal.SIGKILL)

    async def _tell(self) -> Tally:
        self.planned = await due_messages(self.server, self.database, self.round.channels, self.round.each)
        self.server.message_routes.nonce_seconds = 300.0 if self.round.remembers else 0.0
        self.server.faults.latency, self.server.faults.slow = self.round.latency, MESSAGES
        self._arm()
        began = asyncio.get_running_loop().time()
        async with self._weather():
            for number in range(self.round.kills):
                await self._live_and_die(number)
        await self._live_on()
        tally = count(self.server, self.planned)
        tally.kills, tally.refused, tally.faults = self.tally.kills, self.tally.refused, len(self.server.faults.strikes)
        tally.states, tally.seconds = states(self.database), asyncio.get_running_loop().time() - began
        return tally

    def _arm(self) -> None:
        if self.round.weather:
            self.server.faults.storm(0.05, method="GET|POST", path=MESSAGES)
        if self.round.failing:
            answers = (500, 502, 503, "close", "reset")
            self.server.faults.add(
                answers, accepted=True, method="POST", path=MESSAGES, times=None, chance=self.round.failing
            )

    # Dying

    async def _live_and_die(self, number: int) -> None:
        """Start, be killed at a random moment, and be known to have died of it."""
        self.first_request = len(self.server.requests)
        bot = await self._start()
        if self.round.second and number % 10 == 5:
            await self._second_is_refused(bot)
        await self._some_moment(number)
        doing = self._doing()
        assert await bot.stop(signal.SIGKILL) == -signal.SIGKILL, bot.output
        self.tally.kills[doing] += 1

    async def _some_moment(self, number: int) -> None:
        """While it starts, while it sends, or, at last, while it looks for what an earlier life may have sent.

        What the moment waits for decides where it lies, and then a while that nobody chose.
        """
        lives = self.round.kills - number
        if lives <= self.round.kills // 8:
            await self._unless_it_never_comes(self._looks, self.chance.randint(1, 8))
        elif number % 4 == 2:
            await asyncio.sleep(self.chance.uniform(0, START_TAKES))
            return
        else:
            posted = self._posted()
            share = 2 * (self.round.planned - posted) // (lives + 1)
            await self._unless_it_never_comes(self._posted, posted + self.chance.randint(1, max(1, share)))
        await asyncio.sleep(self.chance.uniform(0, 0.3))

    async def _unless_it_never_comes(self, count: Callable[[], int], wanted: int) -> None:
        with suppress(TimeoutError):
            await self.server.until(lambda: count() >= wanted, within=LONGEST_LIFE)

    def _doing(self) -> str:
        """What the server sees of the process at this moment."""
        under_way = {call.method for call in self._message_calls() if call.status is None}
        if "GET" in under_way:
            return "looking back"
        if "POST" in under_way:
            return "sending"
        return "at rest" if self.server.gateway.connected else "starting"

    async def _second_is_refused(self, first: BotProcess) -> None:
        lock = self.database.with_name(f"{self.database.name}.lock")
        await eventually(lambda: lock.exists() and lock.read_text() == str(first.pid))
        second = await self._start(module="bot")
        assert await second.ended() == 3, second.output
        assert "in use by another study-bot" in second.output
        self.tally.refused += 1

    # Living

    async def _live_on(self) -> None:
        """One life that nobody cuts short: everything is delivered, and it ends as asked."""
        bot = await self._start()
        await self.server.until(lambda: self.server.gateway.connected, within=60, what="connecting")
        if self.round.outage:
            enough = self._posted() + self.round.planned // 5
            await self.server.until(lambda: self._posted() >= enough, within=60, what="the first messages")
            await self._away(self.round.outage)
        await eventually(lambda: not self._is_left() or not bot.running, within=TO_THE_END)
        assert await bot.stop() == 0, bot.output

    async def _start(self, module: str = "") -> BotProcess:
        env = environment(self.server, self.database, LOG_LEVEL="WARNING")
        bot = await start(env, self.database.parent, module=module or self.round.module)
        self.lives.append(bot)
        return bot

    def _posted(self) -> int:
        return sum(len(channel.messages) for channel in self.server.world.channels.values())

    def _looks(self) -> int:
        """How often this life has looked back."""
        return sum(call.method == "GET" for call in self._message_calls())

    def _message_calls(self) -> list[Call]:
        """What this life has asked of the channels' messages."""
        return [call for call in self.server.requests[self.first_request :] if re.search(MESSAGES, call.path)]

    def _is_left(self) -> bool:
        return bool({"pending", "sending"} & states(self.database).keys())

    # Weather

    async def _away(self, seconds: float) -> None:
        """Discord is gone, or answers nothing but 503."""
        if not self.round.refusing:
            async with self.server.outage():
                await asyncio.sleep(seconds)
            return
        fault = self.server.faults.add(503, times=None)
        self.server.gateway.refusing = True
        await self.server.gateway.drop()
        await asyncio.sleep(seconds)
        self.server.faults.rules.remove(fault)
        self.server.gateway.refusing = False

    @asynccontextmanager
    async def _weather(self) -> AsyncIterator[None]:
        if not self.round.weather:
            yield
            return
        blowing = asyncio.ensure_future(self._blow())
        try:
            yield
        finally:
            blowing.cancel()
            with suppress(asyncio.CancelledError):
                await blowing

    async def _blow(self) -> None:
        gateway = self.server.gateway
        while True:
            await asyncio.sleep(self.chance.uniform(1, 5))
            await self.chance.choice([gateway.drop, gateway.invalidate, gateway.ask_to_reconnect, self._blink])()

    async def _blink(self) -> None:
        async with self.server.outage():
            await asyncio.sleep(self.chance.uniform(0.1, 2))


def states(database: Path) -> dict[str, int]:
    """How many deliveries are in which state."""
    with sqlite3.connect(database) as connection:
        return dict(connection.execute("SELECT state, count(*) FROM delivery GROUP BY state"))
