"""`/admin`: what could not be delivered, sending it again, pausing and resuming."""

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.deliveries import Delivery
from bot.i18n import _, language
from bot.jobs.posts import Button, Post, Skip
from bot.services.admin import UNDELIVERED, Admin
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.moments import readings
from cogs.admin._retry import RetryButton, UndeliveredRef, retry_all_view
from cogs.admin._texts import failed_text, notice_text, paused_text, retried_text

if TYPE_CHECKING:
    from bot.client import StudyBot


class AdminCog(commands.GroupCog, group_name="admin", group_description=_("Look after the bot")):
    def __init__(self, admin: Admin, clock: Clock) -> None:
        self._admin = admin
        self._clock = clock

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

    async def compose_notice(self, delivery: Delivery) -> Post | Skip:
        """Tell moderators what could not be delivered. A direct message has no button: it works in the server only."""
        notice = await self._admin.notice(delivery, self._clock.now())
        if isinstance(notice, str):
            return Skip(notice)
        lang = language(notice.team.language)
        text = notice_text(notice, lang)
        if notice.user_id is not None:
            return Post(user_id=notice.user_id, text=text)
        again = Button(lang(_("Send again")), f"admin:retry:{delivery.id}")
        return Post(channel_id=notice.channel_id, text=text, buttons=(again,))


async def setup(bot: "StudyBot") -> None:
    cog = AdminCog(bot.services.admin, bot.clock)
    bot.dispatcher.compose(UNDELIVERED, cog.compose_notice)
    bot.add_dynamic_items(RetryButton)
    await bot.add_cog(cog)
