"""What keeps the bot from running, found before the first start: `python -m bot doctor`."""

import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

import aiohttp

from bot.clock import Clock
from bot.db.backup import described, inspect, newest
from bot.db.lock import exclusive
from bot.db.schema import known_revisions
from bot.errors import AlreadyRunning, BackupUnusable, SettingsError
from bot.settings import DatabaseSettings, Settings, load_settings

TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
LEAST_FREE: Final = 200_000_000
"""Bytes on the disk below which it gets tight."""
TOLERATED: Final = timedelta(seconds=5)
"""How far the clock may be from Discord's, whose Date header counts whole seconds."""
BACKUP_AGE: Final = timedelta(days=2)
WAL_MENDED: Final = (3, 51, 3)
"""The SQLite from which on a rare corruption in WAL mode is mended; the single writer avoids its condition."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what is so, and `remedy`, what to do if it is not well. `blocks`: the bot cannot run so."""

    text: str
    remedy: str = ""
    blocks: bool = False

    def __str__(self) -> str:
        sign = "✗" if self.blocks else "!" if self.remedy else "✓"
        return f"{sign} {self.text}" + (f"\n  → {self.remedy}" if self.remedy else "")


async def examine(clock: Clock) -> Sequence[Finding]:
    """Look at everything, in the order in which one would mend it. Changes nothing, but for folders that it makes."""
    try:
        settings: Settings = load_settings(Settings)
    except SettingsError as error:
        findings = [Finding(str(error), "Put it into .env, as .env.example shows.", blocks=True)]
        try:
            settings = load_settings(DatabaseSettings)
        except SettingsError:  # the same, or one that hides behind it: it is told the next time
            return findings
    else:
        findings = [Finding("Settings are complete.")]
    findings += _folders(settings)
    findings += _database(settings, clock.now())
    if token := settings.discord_token.get_secret_value():
        findings += [finding async for finding in _discord(str(settings.discord_api_url).rstrip("/"), token, clock)]
    return findings


def _folders(settings: Settings) -> Iterator[Finding]:
    for variable, folder in (
        ("DATABASE_URL", settings.database_path.parent),
        ("BACKUP_DIR", settings.backup_dir),
    ):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            writable = os.access(folder, os.W_OK)
        except OSError:
            writable = False
        if not writable:
            yield Finding(f"{folder} cannot be written to.", f"Give its owner the right, or change {variable}.", True)
        elif (free := shutil.disk_usage(folder).free) < LEAST_FREE:
            yield Finding(f"{folder} has only {free / 1e6:.0f} MB left.", "Make room on that disk.")
        else:
            yield Finding(f"{folder} can be written to.")


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < WAL_MENDED:
        yield Finding(f"SQLite {version}: works; {'.'.join(map(str, WAL_MENDED))} fixes a rare fault of its journal.")
    else:
        yield Finding(f"SQLite {version}.")
    path = settings.database_path
    if not path.exists():
        yield Finding(f"No database at {path} yet; the first start makes it.")
        return
    try:
        found = inspect(path)
    except BackupUnusable as error:
        yield Finding(str(error), "Put a backup back: study-bot restore BACKUP", blocks=True)
        return
    behind = "" if found.revision == known_revisions()[0] else "; the next start brings it up to date"
    yield Finding(f"{path}: {described(found)}{behind}.")
    try:
        with exclusive(path):
            pass
    except AlreadyRunning:
        yield Finding("A study-bot is running on it.")
    yield from _backups(settings.backup_dir, settings.backup_keep, now)


def _backups(folder: Path, keep: int, now: datetime) -> Iterator[Finding]:
    last = newest(folder)
    if last is not None and now - last <= BACKUP_AGE:
        yield Finding(f"The last backup is of {last:%Y-%m-%d %H:%M} UTC.")
    elif keep == 0:
        yield Finding("There are no nightly backups.", "Set BACKUP_KEEP, or make your own with study-bot backup.")
    else:
        age = "There is no backup yet." if last is None else f"The last backup is of {last:%Y-%m-%d}."
        yield Finding(age, "A running bot makes one each night; study-bot backup makes one now.")


async def _discord(api: str, token: str, clock: Clock) -> AsyncIterator[Finding]:
    headers = {"Authorization": f"Bot {token}"}
    try:
        async with (
            aiohttp.ClientSession(headers=headers, timeout=TIMEOUT) as session,
            session.get(f"{api}/users/@me") as response,
        ):
            status, date = response.status, response.headers.get("Date")
            name = (await response.json()).get("username") if status == 200 else None
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        reason = type(error).__name__
        yield Finding(f"Discord cannot be reached at {api} ({reason}).", "Check the network and DISCORD_API_URL.", True)
        return
    if status == 401:
        yield Finding("Discord does not accept DISCORD_TOKEN.", "Reset it in the developer portal.", blocks=True)
    elif status != 200:
        yield Finding(f"Discord answers {status}.", "Try again in a few minutes.")
    else:
        yield Finding(f"Discord knows the token as {name}.")
    if date is not None:
        yield _clock_against(parsedate_to_datetime(date), clock.now())


def _clock_against(discord: datetime, ours: datetime) -> Finding:
    apart = abs(ours - discord)
    if apart <= TOLERATED:
        return Finding("The clock agrees with Discord's.")
    return Finding(
        f"The clock is {apart.total_seconds():.0f} s away from Discord's.",
        "Switch on time synchronisation: reminders come by this clock.",
    )
