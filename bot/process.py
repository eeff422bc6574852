"""The running process: connect, reconnect when the very first connection is refused, stop on a signal."""

import asyncio
import logging
import signal
from contextlib import suppress

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import StudyBot
from bot.clock import SystemClock
from bot.db.engine import Database
from bot.errors import LoginFailed
from bot.health import Health, health_server
from bot.jobs.backups import Backups
from bot.metrics import Metrics
from bot.pages.repository import Remote
from bot.services.journal.publishing import Repositories
from bot.services.tally import Tally
from bot.settings import Settings

log = logging.getLogger(__name__)

TOKEN_REJECTED = 4004
"""Close code of the gateway for a token that was reset while we were connected."""
NO_LONGER_ACCEPTED = "Discord no longer accepts DISCORD_TOKEN. Reset it in the developer portal."
GATEWAY_TIMEOUT = aiohttp.ClientTimeout(total=10)
LONGEST_PAUSE = 300.0
"""Seconds between two attempts to connect, at most: Discord counts 1,000 of them a day."""


async def serve(settings: Settings) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises LoginFailed if Discord does not accept the token."""
    proxied = settings.discord_api_url != Settings.model_fields["discord_api_url"].default
    Route.BASE = str(settings.discord_api_url).rstrip("/")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    database = Database(settings.database_url)
    health = Health(Metrics(Tally(database)))
    try:
        async with health_server(settings.health_port, health):
            await _supervise(database, settings, stop, health, proxied=proxied)
    finally:
        await database.dispose()
    log.info("Stopped")


async def _supervise(
    database: Database, settings: Settings, stop: asyncio.Event, health: Health, *, proxied: bool
) -> None:
    """Start the bot, again and again while Discord cannot be reached.

    discord.py reconnects by itself once it was connected; the very first refused connection raises, in several guises.
    """
    pause, clock, token = 1.0, SystemClock(), settings.discord_token.get_secret_value()
    backups = Backups(settings.database_path, settings.backup_dir, settings.backup_keep, clock)
    while not stop.is_set():
        bot = StudyBot(
            database,
            clock,
            backups=backups if settings.backup_keep else None,
            repositories=repositories_of(settings),
        )
        health.watch(bot.heartbeat, bot.is_ready)
        health.metrics.connected_by(lambda bot=bot: bot.latency)  # type: ignore[misc]  # each attempt has its own bot
        bot.commanded = health.metrics.commanded
        try:
            if proxied:
                await _ask_for_gateway(token)
            await _until_stopped(bot, token, stop)
        except discord.LoginFailure:
            raise LoginFailed("Discord does not accept DISCORD_TOKEN. Reset it in the developer portal.") from None
        except discord.ConnectionClosed as error:
            if error.code != TOKEN_REJECTED:
                raise
            raise LoginFailed(NO_LONGER_ACCEPTED) from None
        except (aiohttp.ClientError, OSError, discord.GatewayNotFound, discord.HTTPException, AttributeError) as error:
            log.warning("Cannot connect to Discord (%s: %s); again in %.0f s", type(error).__name__, error, pause)
        if bot.logged_out:
            raise LoginFailed(NO_LONGER_ACCEPTED)
        if not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def repositories_of(settings: Settings) -> Repositories | None:
    """Where pages are published; None if nowhere."""
    if not settings.journal_repository:
        return None
    token = settings.journal_token.get_secret_value() or None
    remote = Remote(settings.journal_repository, settings.journal_branch, token, settings.journal_ssh_key)
    return Repositories(remote, settings.database_path.parent / "journal")


async def _ask_for_gateway(token: str) -> None:
    """Let the API address say where its gateway is.

    discord.py asks it for the first connection, and falls back to Discord's own address when a session was invalidated.
    """
    headers = {"Authorization": f"Bot {token}"}
    async with (
        aiohttp.ClientSession(headers=headers, timeout=GATEWAY_TIMEOUT) as session,
        session.get(f"{Route.BASE}/gateway") as response,
    ):
        if response.ok:  # what is wrong otherwise, the login says better
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL((await response.json())["url"])


async def _until_stopped(bot: StudyBot, token: str, stop: asyncio.Event) -> None:
    """Run one client until it ends by itself, which raises, or until it is to stop."""
    running = asyncio.ensure_future(bot.start(token))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    await bot.close()
    await running
