"""Waiting for something to become true without sleeping: every change of the server is one beat."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Pulse:
    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        """Something changed: everybody looks again."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], T], *, within: float = 5.0, what: str = "it") -> T:
        """The first true value of `condition`. TimeoutError names `what` did not happen within that many seconds."""
        try:
            async with asyncio.timeout(within):
                while not (value := condition()):
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.add(future)
                    await future
        except TimeoutError:
            raise TimeoutError(f"{what} did not happen within {within:g} s") from None
        return value
