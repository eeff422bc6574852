"""SQLite on the event loop's own thread, for tests that run thousands of small statements.

aiosqlite gives each connection a thread, so each step of a statement is handed there and back, which takes longer
than most of them. Here a step is a turn of the loop: others run in between as they do otherwise, nothing is switched.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosqlite import core

Step = tuple[asyncio.Future | None, Callable[[], Any]]


class LoopQueue:
    """In place of the queue to a connection's thread."""

    def put_nowait(self, step: Step) -> None:
        future, function = step
        if future is None:
            function()
        else:
            future.get_loop().call_soon(self._take, future, function)

    @staticmethod
    def _take(future: asyncio.Future, function: Callable[[], Any]) -> None:
        try:
            result = function()
        except Exception as error:  # noqa: BLE001  # whoever waits gets it, as from the thread
            core.set_exception(future, error)
        else:
            core.set_result(future, result)


@contextmanager
def without_threads() -> Iterator[None]:
    """Connections that are opened now are the loop's own. Two at once must not want to write the same file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "SimpleQueue", LoopQueue)
        patch.setattr(core, "_connection_worker_thread", lambda _queue: None)
        yield
