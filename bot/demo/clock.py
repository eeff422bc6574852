"""Simulated time: our clock and APScheduler's follow the simulated Discord's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from types import ModuleType

import discord
from apscheduler.schedulers import base
from apscheduler.triggers import interval


class SimulatedClock:
    """Says what discord.py believes, which inside a simulated Discord is the simulated time."""

    def now(self) -> datetime:
        return discord.utils.utcnow()  # noqa: TID251  # simcord moves this one


class _FollowingDatetime(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "datetime":  # type: ignore[override]  # APScheduler needs only the instant
        return discord.utils.utcnow().astimezone(tz)  # noqa: TID251


_MODULES: tuple[ModuleType, ...] = (base, interval)


@contextmanager
def following_scheduler() -> Iterator[None]:
    """Let APScheduler take the time from discord.py while this context is open."""
    for module in _MODULES:
        vars(module)["datetime"] = _FollowingDatetime
    try:
        yield
    finally:
        for module in _MODULES:
            vars(module)["datetime"] = datetime
