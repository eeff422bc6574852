"""StudyBot: builds the services, loads the cogs, starts and stops the heartbeat."""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable
from importlib import import_module
from typing import Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.announcer import DiscordAnnouncer, repeats_no_message
from bot.clock import Clock
from bot.db.engine import Database, afterwards
from bot.i18n import KOREAN, korean_catalogue
from bot.jobs.backups import Backups
from bot.jobs.dispatch import Dispatcher
from bot.jobs.heartbeat import Heartbeat
from bot.jobs.nightly import PER_SECOND, Nightly
from bot.jobs.pace import Gate, Pace
from bot.metrics import Outcome
from bot.services import Services
from bot.services.boards import Boards
from bot.services.deliveries import Deliveries
from bot.services.housekeeping import Housekeeping
from bot.services.journal.publishing import Repositories
from bot.services.outlook import Outlook
from bot.services.purge import Purge
from bot.ui.answers import answer_error, typed_options
from bot.ui.callers import Interaction
from bot.ui.cooldowns import Cooldowns
from bot.ui.downloads import download_from_discord_only
from bot.ui.undo import UndoButton

log = logging.getLogger(__name__)

COGS: Final = (
    "setup",
    "team",
    "settings",
    "roster",
    "away",
    "calendar",
    "today",
    "help",
    "lectures",
    "rotation",
    "questions",
    "session",
    "assignments",
    "retro",
    "journal",
    "admin",
    "mydata",
)

COMMANDS_HASH: Final = "commands.hash"

IN_FLIGHT_TASKS: Final = ("CommandTree-invoker", "discord-ui-", "discord.py: on_interaction")
"""How discord.py names the tasks in which it answers interactions and tells of them."""


class StudyTree(app_commands.CommandTree["StudyBot"]):
    """The command tree; its errors end in `answer_error`."""

    async def interaction_check(self, interaction: discord.Interaction["StudyBot"], /) -> bool:
        """Every command may run here; its service says who may. From now on its time counts."""
        interaction.extras["since"] = time.monotonic()
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        told = await answer_error(interaction, error, typed=typed_options(interaction))
        self.client.command_ended(interaction, Outcome.REFUSED if told else Outcome.FAILED)


class CatalogueTranslator(app_commands.Translator):
    """Gives Discord the Korean descriptions. Names of commands and options, which people type, stay English."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        if locale is not discord.Locale.korean:  # which is most of the twenty thousand questions at a start
            return None
        named = {
            app_commands.TranslationContextLocation.command_name,
            app_commands.TranslationContextLocation.group_name,
            app_commands.TranslationContextLocation.parameter_name,
        }
        if context.location in named and not isinstance(context.data, app_commands.ContextMenu):
            return None
        return KOREAN(string.message) if string.message in korean_catalogue() else None


class StudyBot(commands.AutoShardedBot):
    """The bot. Everything it needs is passed in; what happens once happens in `setup_hook`."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        pace: Pace | None = None,
        *,
        backups: Backups | None = None,
        repositories: Repositories | None = None,
    ) -> None:
        self.pace = pace or Pace()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            tree_cls=StudyTree,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            max_ratelimit_timeout=self.pace.rate_limit,
            http_trace=repeats_no_message(),
        )
        download_from_discord_only(self)
        self.clock = clock
        self.database = database
        self.cooldowns = Cooldowns()
        self.services = Services.over(database, self.wake, repositories)
        self._housekeeping = Housekeeping(database, publishes=repositories is not None)
        deliveries, boards = Deliveries(database), Boards(database)
        announcer = DiscordAnnouncer(self, timeout=self.pace.send_timeout)
        self.dispatcher = Dispatcher(deliveries, boards, announcer, clock, self.pace)
        self.heartbeat = Heartbeat(self.dispatcher, Outlook(database), self._housekeeping, clock, self.pace)
        self.dispatcher.connect(wake=self.wake, log_out=self._log_out)
        gate = Gate(PER_SECOND if self.pace.per_second else None)
        self._nightly = Nightly(Purge(database), self.services.departures, announcer.is_member, clock, gate)
        self.backups = backups
        self._guilds: set[int] = set()
        self.commands_hash = ""
        self.commanded: Callable[[str, Outcome, float], None] = lambda _command, _outcome, _seconds: None
        self.logged_out = False

    async def commands_synced(self) -> bool:
        """Whether Discord has the commands of this program."""
        return await self._housekeeping.recall(COMMANDS_HASH) == self.commands_hash

    @property
    def backup_nights(self) -> int:
        """For how many nights a backup is kept; 0 without backups."""
        return 0 if self.backups is None else self.backups.keep

    async def on_app_command_completion(self, interaction: Interaction, _command: object) -> None:
        self.command_ended(interaction, Outcome.DONE)

    def command_ended(self, interaction: Interaction, outcome: Outcome) -> None:
        """Tell whoever counts what became of a command, and how long it took."""
        command, since = interaction.command, interaction.extras.get("since")
        if command is not None and since is not None:
            self.commanded(command.qualified_name, outcome, time.monotonic() - since)

    def wake(self) -> None:
        """Something may be due at once, or will be once the transaction that says so is committed."""
        afterwards(self.heartbeat.wake)

    async def setup_hook(self) -> None:
        await self.tree.set_translator(CatalogueTranslator())
        for name in COGS:
            await import_module(f"cogs.{name}").setup(self)
        self.add_dynamic_items(UndoButton)
        await self._sync_commands()
        self._guilds = await self._housekeeping.guilds()
        self.heartbeat.start()
        self.heartbeat.nightly(self._nightly)
        if self.backups is not None:
            self.heartbeat.back_up(self.backups)

    async def _sync_commands(self) -> None:
        """Send the commands to Discord only when they, or their translations, have changed."""
        payload = [
            await command.get_translated_payload(self.tree, self.tree.translator)  # type: ignore[arg-type]
            for command in self.tree.get_commands()
        ]
        assert self.application_id is not None  # Discord has told it at the log-in
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        current = f"{self.application_id}:{digest}"
        self.commands_hash = current
        if await self._housekeeping.recall(COMMANDS_HASH) == current:
            log.info("The commands are unchanged")
            return
        await self.http.bulk_upsert_global_commands(self.application_id, payload)  # `tree.sync` would translate again
        await self._housekeeping.remember(COMMANDS_HASH, current)
        log.info("Sent %s commands to Discord", len(payload))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Discord tells of each guild whenever it connects; a guild that is known to be there is not written again."""
        if guild.id not in self._guilds:
            await self._guild_seen(guild, present=True)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._guild_seen(guild, present=True)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._guild_seen(guild, present=False)

    async def on_ready(self) -> None:
        """Each time Discord has told anew where we are. A guild with an outage is among them."""
        self._guilds.intersection_update(guild.id for guild in self.guilds)
        await self._housekeeping.guilds_are([guild.id for guild in self.guilds], self.clock.now())

    async def _guild_seen(self, guild: discord.Guild, *, present: bool) -> None:
        (self._guilds.add if present else self._guilds.discard)(guild.id)
        await self._housekeeping.guild_seen(guild.id, present, self.clock.now())
        self.wake()

    async def close(self) -> None:
        """Stop gracefully: interactions in flight finish, then deliveries under way, then the connection closes.

        What came in meanwhile ends, too, before the database is let go of.
        """
        if self.is_closed():
            return
        await _finish_interactions()
        await self.heartbeat.stop()
        await super().close()
        await _finish_interactions()

    def _log_out(self) -> None:
        if self.logged_out:
            return
        self.logged_out = True
        log.critical("Discord no longer accepts the token. Put a new one into DISCORD_TOKEN and start again.")
        asyncio.get_running_loop().create_task(self.close(), name="log-out")  # it ends the loop


async def _finish_interactions() -> None:
    """Wait for the answers that people are being given, at most ten seconds."""
    current = asyncio.current_task()
    tasks = [
        task for task in asyncio.all_tasks() if task is not current and task.get_name().startswith(IN_FLIGHT_TASKS)
    ]
    if tasks:
        await asyncio.wait(tasks, timeout=10)
