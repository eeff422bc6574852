"""`/journal`: the page of a day to look at and to take away, closing days, and what has become of them."""

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.deliveries import Delivery
from bot.i18n import _
from bot.jobs.posts import Post, Skip
from bot.pages.exports import Form
from bot.pages.preview import preview
from bot.services.journal import DayPage
from bot.services.journal.publishing import PUBLISH
from bot.services.journal_posts import PAGE
from bot.ui.answers import MESSAGE_LIMIT, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.cooldowns import require_pause
from bot.ui.days import day_choices
from bot.ui.page_exports import FORMATS, send_export
from bot.ui.page_files import file_of, names_of
from bot.ui.pages import CHARACTERS, open_pages
from cogs.journal._closing import CloseButton, reopened_text, show_readiness
from cogs.journal._index import index_file, index_text
from cogs.journal._posted import compose_page
from cogs.journal._publish import compose_publication, publish

if TYPE_CHECKING:
    from bot.client import StudyBot


class JournalCog(commands.GroupCog, group_name="journal", group_description=_("The page of a day")):
    def __init__(self, bot: "StudyBot") -> None:
        self._client = bot
        self._journal = bot.services.journal
        self._export = bot.services.journal_export
        self._closing = bot.services.journal_closing
        self._index = bot.services.journal_index
        self._publishing = bot.services.publishing

    @app_commands.command(description=_("Look at the page of a day; only you see it"))
    @app_commands.describe(
        day=_("Which day, e.g. Day27 or 2026-12-03 (today)"),
        mine=_("Your own page: your notes, work and retrospective (the team's page)"),
    )
    async def show(self, interaction: Interaction, day: str | None = None, mine: bool = False) -> None:
        page = await self._page(interaction, day, mine)
        whole = preview(page.text, MESSAGE_LIMIT)
        if len(whole) == 1:
            await answer(interaction, whole[0], previews=False)
            return
        await open_pages(interaction, preview(page.text, CHARACTERS), file=file_of(page))

    @app_commands.command(description=_("Take pages away as a file; only you get it"))
    @app_commands.describe(
        day=_("Which day, e.g. Day27 or 2026-12-03 (today)"),
        until=_("The last day, for all pages from the one to the other (that day alone)"),
        mine=_("Your own page: your notes, work and retrospective (the team's page)"),
        format=_("What kind of file (Markdown; of several days a folder)"),
    )
    @app_commands.choices(format=FORMATS)
    async def export(
        self,
        interaction: Interaction,
        day: str | None = None,
        until: str | None = None,
        mine: bool = False,
        format: Form | None = None,  # noqa: A002  # people type it
    ) -> None:
        require_pause(interaction, "journal export")
        await interaction.response.defer(ephemeral=True, thinking=True)
        plan = await self._export.plan(caller_of(interaction), day, until, own=mine)
        await send_export(interaction, self._export, plan, format)

    @app_commands.command(description=_("Close a day: what its page still lacks, then nobody can write to it"))
    @app_commands.describe(
        day=_("Which day, e.g. Day27 or 2026-12-03 (today)"),
        reason=_("Why it is closed although something is missing; the page says it"),
    )
    async def close(self, interaction: Interaction, day: str | None = None, reason: str | None = None) -> None:
        readiness = await self._closing.close(caller_of(interaction), day, reason)
        await show_readiness(interaction, readiness)

    @app_commands.command(description=_("Open a closed day again, until the next day begins"))
    @app_commands.describe(
        day=_("Which day, e.g. Day27 or 2026-12-03 (today)"),
        reason=_("Why it is opened; it is kept in the record of changes"),
    )
    async def reopen(self, interaction: Interaction, day: str | None = None, reason: str | None = None) -> None:
        reopened = await self._closing.reopen(caller_of(interaction), day, reason)
        await show_readiness(interaction, reopened.readiness, reopened_text(reopened, reader(interaction)))

    @app_commands.command(description=_("Commit the team's pages to its Git repository"))
    @app_commands.describe(day=_("Which day, e.g. Day27 or 2026-12-03 (all that have changed)"))
    async def publish(self, interaction: Interaction, day: str | None = None) -> None:
        await publish(interaction, self._publishing, day)

    async def compose_publication(self, delivery: Delivery) -> Post | Skip:
        guild = self._client.get_guild(delivery.guild_id)
        return await compose_publication(self._publishing, delivery, names_of(guild))

    async def compose_page(self, delivery: Delivery) -> Post | Skip:
        guild = self._client.get_guild(delivery.guild_id)
        return await compose_page(self._journal, delivery, names_of(guild))

    @app_commands.command(description=_("What has become of every day: closed, open, late, missing, a day off"))
    async def index(self, interaction: Interaction) -> None:
        days = await self._index.index(caller_of(interaction))
        lang = reader(interaction)
        await answer(interaction, index_text(days, lang), file=index_file(days, lang))

    @show.autocomplete("day")
    @export.autocomplete("day")
    @export.autocomplete("until")
    @close.autocomplete("day")
    @reopen.autocomplete("day")
    @publish.autocomplete("day")
    async def _days(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return day_choices(await self._journal.days(caller_of(interaction)), typed, reader(interaction))

    async def _page(self, interaction: Interaction, day: str | None, mine: bool) -> DayPage:
        await interaction.response.defer(ephemeral=True, thinking=True)
        return await self._journal.page(caller_of(interaction), day, own=mine, names=names_of(interaction.guild))


async def setup(bot: "StudyBot") -> None:
    cog = JournalCog(bot)
    await bot.add_cog(cog)
    bot.add_dynamic_items(CloseButton)
    bot.dispatcher.compose(PUBLISH, cog.compose_publication)
    bot.dispatcher.compose(PAGE, cog.compose_page)
