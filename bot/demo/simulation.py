"""The real bot in a simulated Discord: time, language and people for the demo and the tests."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import discord
import simcord
from simcord import interactions

from bot.client import StudyBot
from bot.db.engine import Database
from bot.db.schema import migrate
from bot.demo.clock import SimulatedClock, following_scheduler
from bot.errors import UserError
from bot.jobs.backups import Backups
from bot.jobs.pace import Pace
from bot.ui.permissions import permission_integer

SIMULATED_PACE = Pace(interval=86400, watchdog=None, board_delay=0, per_second=None)
"""Every simulated action waits for timers that are due soon; so the heartbeat is daily, or when something is due."""


class Simulation(simcord.Env):
    """Looks every 5 ms whether the bot has come to rest. simcord looks every 50, for which each action would wait."""

    async def _settle_internal(self, *, idle: float = 0.005, **options: Any) -> None:
        await super()._settle_internal(idle=idle, **options)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Give the simulated people a Discord in this language; simcord's own people all speak American English."""
    original = interactions.base_payload

    def base_payload(*args: Any, **kwargs: Any) -> Any:
        record, payload = original(*args, **kwargs)
        payload["locale"] = locale
        return record, payload

    interactions.base_payload = base_payload
    try:
        yield
    finally:
        interactions.base_payload = original


@asynccontextmanager
async def simulated(
    path: Path, began: datetime, *, locale: str = "ko", settle_timeout: float = 10.0, backups: Backups | None = None
) -> AsyncIterator[simcord.Env]:
    """Run the bot from an instant on, over a fresh or existing database file; `env.bot` is the StudyBot."""
    url = f"sqlite+aiosqlite:///{path}"
    await migrate(url)
    database = Database(url)
    with following_scheduler(), speaking(locale):
        bot = StudyBot(database, SimulatedClock(), SIMULATED_PACE, backups=backups)
        env = Simulation(bot, settle_timeout=settle_timeout, shard_count=1)
        env.backend.advance_clock((began - env.now()).total_seconds())
        await env.start()
        try:
            yield env
        finally:
            halt(env)
            await env.shutdown()
            await database.dispose()
    _raise_defects(env)


def halt(env: simcord.Env) -> None:
    """Stop the bot's scheduler. The simulation leaves a bot behind without closing it, and when it is over, the clock
    is the real one again, by which everything that was planned would be due."""
    bot = env.bot
    if isinstance(bot, StudyBot):
        bot.heartbeat.halt()


EVERYONE = discord.Permissions(view_channel=True, use_application_commands=True)
"""What everybody may do in the simulated servers: too little to lend the bot what its invitation leaves out."""


def invite(env: simcord.Env, guild: simcord.GuildHandle) -> None:
    """Give the bot exactly the permissions of its invitation, not the broad ones of a simulated server."""
    roles = env.backend.get_guild(guild.id).roles
    for role in roles.values():
        least = permission_integer() if role.managed else EVERYONE.value
        env.backend.edit_role(guild.id, role.id, {"permissions": least})


def _raise_defects(env: simcord.Env) -> None:
    """Raise what went wrong in the bot. A refusal (UserError) was told to the person, so it is no defect."""
    defects = [error for error in env.errors if not isinstance(error.__cause__ or error, UserError)]
    if defects:
        raise BaseExceptionGroup("the bot has defects", defects)
