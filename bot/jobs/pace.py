"""How often, how fast and how long: the timing of background work, in one value, and the gate that keeps to it."""

import asyncio
import random
from dataclasses import dataclass
from typing import Final

LATE_START: Final = 1.5
"""How many passes in a row may catch up on a loop that was busy: 48 a second and these stay under Discord's 50."""


@dataclass(frozen=True)
class Pace:
    """Seconds, and `per_second`. In simulated time nothing may wait by itself: `watchdog` and `per_second` are None.

    discord.py waits out the limits of a channel inside a send, after the message was taken, for half a minute at most
    (`rate_limit`), and repeats for 25 s what was no message and had a 5xx: `send_timeout` is longer than both together.
    """

    interval: float = 5.0
    watchdog: float | None = 5.0
    board_delay: float = 2.0
    rate_limit: float = 30.0
    send_timeout: float = 60.0
    first_retry: float = 2.0
    longest_retry: float = 300.0
    per_second: float | None = 48.0

    def pause(self, times: int, rng: random.Random) -> float:
        """Before the next attempt, after `times` were in vain: doubled each time, give or take a fifth."""
        doubled = self.first_retry * 2.0 ** min(times, 16)
        return min(doubled, self.longest_retry) * rng.uniform(0.8, 1.2)


class Gate:
    """Lets requests to Discord through evenly, in the order in which they came, at most `per_second` of them.

    Discord counts 50 a second for the whole bot; discord.py only reacts once they are exceeded.
    """

    def __init__(self, per_second: float | None) -> None:
        self._step = 0.0 if per_second is None else 1 / per_second
        self._next = 0.0
        self._waiting: set[asyncio.Task[object]] = set()

    async def turn(self) -> None:
        """Wait for the next free moment. Whoever is cancelled meanwhile leaves theirs unused."""
        now = asyncio.get_running_loop().time()
        mine = max(self._next, now - LATE_START * self._step)
        self._next = mine + self._step
        task = asyncio.current_task()
        if mine > now and task is not None:
            self._waiting.add(task)
            try:
                await asyncio.sleep(mine - now)
            finally:
                self._waiting.discard(task)

    def close(self) -> None:
        """Cancel every task that waits: nothing of theirs is under way."""
        for task in self._waiting:
            task.cancel()
