"""What the process tells Prometheus. No label names a team, a person or a text.

study_bot_deliveries{kind,state}          messages planned, sent, failed, held, …; failed and held want somebody
study_bot_last_tick_timestamp_seconds     when the last tick began; one that stands still is a stalled process
study_bot_tick_lag_seconds                how much later that was than it was due
"""

from datetime import datetime
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from bot.services.tally import Tally

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class Metrics:
    """The figures of one process. A registry of its own, so that two in one process do not meet."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._registry = CollectorRegistry()
        self._deliveries = Gauge(
            "study_bot_deliveries", "Deliveries by kind and state", ("kind", "state"), registry=self._registry
        )
        self._last_tick = Gauge(
            "study_bot_last_tick_timestamp_seconds", "When the last tick began", registry=self._registry
        )
        self._lag = Gauge(
            "study_bot_tick_lag_seconds", "How much later than due the last tick began", registry=self._registry
        )

    def ticked(self, began: datetime, due: datetime) -> None:
        """A tick has begun that was due at an instant."""
        self._last_tick.set(began.timestamp())
        self._lag.set(max(0.0, (began - due).total_seconds()))

    async def exposition(self) -> bytes:
        """Everything, counted now, in Prometheus' text format."""
        counts = await self._tally.deliveries()
        self._deliveries.clear()
        for (kind, state), count in counts.items():
            self._deliveries.labels(kind, state).set(count)
        return generate_latest(self._registry)
