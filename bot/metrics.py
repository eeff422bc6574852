"""What the process tells Prometheus. No label names a team, a person or a text.

study_bot_commands_total{command,outcome}   commands by what became of them: done, refused (told why), failed
study_bot_command_seconds{command}          from the command's arrival to the end of its answer
study_bot_deliveries{kind,state}            messages planned, sent, failed, held, …; failed and held want somebody
study_bot_last_tick_timestamp_seconds       when the last tick began; one that stands still is a stalled process
study_bot_tick_lag_seconds                  how much later that was than it was due
study_bot_loop_lag_seconds                  how long others wait for the event loop, looked at each second
study_bot_gateway_latency_seconds           between a heartbeat to Discord and its answer; NaN while not connected

`docs/grafana.json` is a dashboard of them.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.services.tally import Tally

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
LOOKED_AT: Final = 1.0
"""Seconds between two looks at the event loop."""

_ANSWERS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 10, 60)
"""Seconds; Discord gives up on a command that was not acknowledged after three."""

_WAITS: Final = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5)


class Outcome(StrEnum):
    """What became of a command."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Metrics:
    """The figures of one process. A registry of its own, so that two in one process do not meet."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._registry = registry = CollectorRegistry()
        self._commands = Counter(
            "study_bot_commands", "Commands by what became of them", ("command", "outcome"), registry=registry
        )
        self._answers = Histogram(
            "study_bot_command_seconds",
            "From a command's arrival to the end of its answer",
            ("command",),
            buckets=_ANSWERS,
            registry=registry,
        )
        self._deliveries = Gauge(
            "study_bot_deliveries", "Deliveries by kind and state", ("kind", "state"), registry=registry
        )
        self._last_tick = Gauge("study_bot_last_tick_timestamp_seconds", "When the last tick began", registry=registry)
        self._lag = Gauge(
            "study_bot_tick_lag_seconds", "How much later than due the last tick began", registry=registry
        )
        self._loop_lag = Histogram(
            "study_bot_loop_lag_seconds", "How long others wait for the event loop", buckets=_WAITS, registry=registry
        )
        self._gateway = Gauge(
            "study_bot_gateway_latency_seconds", "Between a heartbeat to Discord and its answer", registry=registry
        )

    def commanded(self, command: str, outcome: Outcome, seconds: float) -> None:
        """A command, by its name, has come to its end."""
        self._commands.labels(command, outcome).inc()
        self._answers.labels(command).observe(seconds)

    def ticked(self, began: datetime, due: datetime) -> None:
        """A tick has begun that was due at an instant."""
        self._last_tick.set(began.timestamp())
        self._lag.set(max(0.0, (began - due).total_seconds()))

    def connected_by(self, latency: Callable[[], float]) -> None:
        """Ask this for the gateway's latency, in seconds."""
        self._gateway.set_function(latency)

    async def watch_loop(self) -> None:
        """Look each second how late the event loop is. Runs until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            wanted = loop.time() + LOOKED_AT
            await asyncio.sleep(LOOKED_AT)
            self._loop_lag.observe(max(0.0, loop.time() - wanted))

    async def exposition(self) -> bytes:
        """Everything, counted now, in Prometheus' text format."""
        counts = await self._tally.deliveries()
        self._deliveries.clear()
        for (kind, state), count in counts.items():
            self._deliveries.labels(kind, state).set(count)
        return generate_latest(self._registry)
