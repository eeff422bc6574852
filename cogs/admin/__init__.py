"""`/admin`: what is wrong, who changed what, what could not be delivered; sending again, pausing, backing up."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import InvalidInput, UserError
from bot.i18n import _
from bot.services.admin import UNDELIVERED
from bot.services.change_log import LOG
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.cooldowns import require_pause
from bot.ui.moments import readings
from bot.ui.page_exports import send_export
from cogs.admin._doctor import Process, findings_text
from cogs.admin._posts import AdminPosts
from cogs.admin._retry import RetryButton, UndeliveredRef, retry_all_view
from cogs.admin._texts import backup_text, failed_text, paused_text, retried_text
from cogs.admin._trail import show_trail

if TYPE_CHECKING:
    from bot.client import StudyBot


class AdminCog(commands.GroupCog, group_name="admin", group_description=_("Look after the bot")):
    def __init__(self, bot: "StudyBot") -> None:
        self._bot = bot
        self._admin = bot.services.admin
        self._checkup = bot.services.checkup
        self._trail = bot.services.trail
        self._clock = bot.clock

    @app_commands.command(description=_("What is wrong, and who can fix it"))
    async def doctor(self, interaction: Interaction) -> None:
        schedule = await self._checkup.schedule(caller_of(interaction))
        now = self._clock.now()
        await interaction.response.defer(ephemeral=True)
        storage = await self._checkup.storage()
        process = Process(not self._bot.heartbeat.stalled, await self._bot.commands_synced(), now)
        await answer(interaction, findings_text(interaction, schedule, storage, process), file_name="doctor.md")

    @app_commands.command(description=_("Who changed what, before and after"))
    @app_commands.describe(member=_("Whose changes (everybody's)"), since=_("From which day on, e.g. 2026-12-03"))
    async def audit(
        self, interaction: Interaction, member: discord.Member | discord.User | None = None, since: str | None = None
    ) -> None:
        user_id = None if member is None else member.id
        changes = await self._trail.changes(caller_of(interaction), user_id, since)
        await show_trail(interaction, changes, reader(interaction))

    @app_commands.command(description=_("All the team's pages as data (JSON)"))
    async def export(self, interaction: Interaction) -> None:
        plan = await self._bot.services.journal_export.plan_all(caller_of(interaction))
        require_pause(interaction, "journal export")
        await interaction.response.defer(ephemeral=True, thinking=True)
        await send_export(interaction, self._bot.services.journal_export, plan, "json")

    @app_commands.command(description=_("Make a backup now; whoever runs the bot has it"))
    async def backup(self, interaction: Interaction) -> None:
        await self._checkup.require_moderator(caller_of(interaction))
        lang, backups = reader(interaction), self._bot.backups
        if backups is None:
            raise InvalidInput(_("Backups are switched off. Whoever runs me can set BACKUP_KEEP."))
        if backups.recent:
            text = _("There is a backup that is less than an hour old. A new one would push the oldest out.")
            raise InvalidInput(text)
        await interaction.response.defer(ephemeral=True)
        copy = await backups.run()
        if copy is None:
            raise UserError(_("The backup could not be made. Whoever runs me finds more in the log."))
        await answer(interaction, backup_text(copy, backups.keep, lang))

    @app_commands.command(description=_("What could not be delivered, why, and what to do"))
    async def failed(self, interaction: Interaction) -> None:
        undelivered = await self._admin.failed(caller_of(interaction))
        lang = reader(interaction)
        view = retry_all_view(lang) if any(problem.retriable for problem in undelivered.unsent) else None
        await answer(interaction, failed_text(undelivered, lang), view=view, file_name="failed.md")

    @app_commands.command(description=_("Send a message again that could not be delivered"))
    @app_commands.describe(delivery=_("Which message"))
    async def retry(self, interaction: Interaction, delivery: UndeliveredRef) -> None:
        retried = await self._admin.retry(caller_of(interaction), delivery)
        await answer(interaction, retried_text(retried, reader(interaction)))

    @app_commands.command(description=_("Send no messages for a while; nothing is lost"))
    @app_commands.describe(until=_("Until when, e.g. mon 09:00, in 3 days (until /admin resume)"))
    async def pause(self, interaction: Interaction, until: str | None = None) -> None:
        pause = await self._admin.pause(caller_of(interaction), until)
        await answer(interaction, paused_text(pause, reader(interaction)))

    @pause.autocomplete("until")
    async def read_until(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """How the end is read, so that one sees it before anything is paused."""
        return await readings(interaction, typed)

    @app_commands.command(description=_("Send messages again after a pause"))
    async def resume(self, interaction: Interaction) -> None:
        await self._admin.resume(caller_of(interaction))
        text = _("Messages go out again. Those that waited and still matter come first.")
        await answer(interaction, reader(interaction)(text))


async def setup(bot: "StudyBot") -> None:
    cog = AdminCog(bot)
    posts = AdminPosts(bot.services.admin, bot.services.trail, bot.clock)
    bot.dispatcher.compose(UNDELIVERED, posts.notice)
    bot.dispatcher.compose(LOG, posts.log)
    bot.add_dynamic_items(RetryButton)
    await bot.add_cog(cog)
