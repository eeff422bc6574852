"""How long a loop lets others wait."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

EVERY = 0.005


@dataclass(frozen=True)
class Wait:
    """Of somebody who came at `since`, by `time.monotonic()`, which all processes share.

    `own` is the part in which the loop's thread really worked; the rest of it, it waited for a processor or the GIL.
    """

    since: float
    seconds: float
    own: float


class Lags:
    """Somebody wants something of the loop every five milliseconds, also while it is busy with something else.

    So a block of 50 ms counts as ten waits of 50, 45, 40 … ms, and not as a single one. `busy` is how much processor
    time all threads of the process used meanwhile.
    """

    def __init__(self) -> None:
        self.waits: list[Wait] = []
        self.busy = 0.0
        self._next = self._began = self._worked = 0.0

    async def watch(self) -> None:
        self._next, self._began, self._worked = time.monotonic(), time.process_time(), time.thread_time()
        while True:
            self._answer()
            await asyncio.sleep(max(0.0, self._next - time.monotonic()))

    def _answer(self) -> None:
        now, worked = time.monotonic(), time.thread_time()
        while self._next <= now:
            waited = now - self._next
            self.waits.append(Wait(self._next, waited, min(waited, worked - self._worked)))
            self._next += EVERY
        self._worked, self.busy = worked, time.process_time() - self._began

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        watcher = asyncio.ensure_future(self.watch())
        try:
            yield
        finally:
            self._answer()
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher

    def between(self, first: float, last: float) -> list[Wait]:
        """The waits of those who came in this time."""
        return [wait for wait in self.waits if first <= wait.since <= last]

    @property
    def longest(self) -> float:
        return max(wait.seconds for wait in self.waits)

    def save(self, file: Path) -> None:
        file.write_text(json.dumps([self.busy, [asdict(wait) for wait in self.waits]]), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Self:
        lags = cls()
        lags.busy, waits = json.loads(file.read_text(encoding="utf-8"))
        lags.waits = [Wait(**wait) for wait in waits]
        return lags


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
