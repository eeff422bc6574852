"""`/journal`: the page of a day, to look at and to take away."""

import io
import unicodedata
import zipfile
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.team import StudyDay
from bot.i18n import Language, _
from bot.pages.preview import preview
from bot.services.journal import DayPage, Journal, ServerNames
from bot.ui.answers import MESSAGE_LIMIT, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.references import CHOICES, LABEL_LIMIT
from bot.ui.uploads import KEPT_LIMIT

if TYPE_CHECKING:
    from bot.client import StudyBot

PREVIEW_ROOM: Final = MESSAGE_LIMIT - 100
"""Characters of a preview; what is left is for the line that tells of the file."""


class JournalCog(commands.GroupCog, group_name="journal", group_description=_("The page of a day")):
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @app_commands.command(description=_("Look at the page of a day; only you see it"))
    @app_commands.describe(
        day=_("Which day, e.g. Day27 or 2026-12-03 (today)"),
        mine=_("Your own page: your notes, work and retrospective (the team's page)"),
    )
    async def show(self, interaction: Interaction, day: str | None = None, mine: bool = False) -> None:
        page = await self._page(interaction, day, mine)
        whole = preview(page.text, MESSAGE_LIMIT)
        if whole.complete:
            await answer(interaction, whole.text, previews=False)
            return
        begin = preview(page.text, PREVIEW_ROOM)
        more = reader(interaction)(_("This is the beginning. The whole page is in the file."))
        await answer(interaction, f"{begin.text}\n\n-# {more}", file=file_of(page), previews=False)

    @app_commands.command(description=_("Take the page of a day away as a Markdown file; only you get it"))
    @app_commands.describe(
        day=_("Which day, e.g. Day27 or 2026-12-03 (today)"),
        mine=_("Your own page: your notes, work and retrospective (the team's page)"),
    )
    async def export(self, interaction: Interaction, day: str | None = None, mine: bool = False) -> None:
        page = await self._page(interaction, day, mine)
        await answer(interaction, exported_text(page, reader(interaction)), file=file_of(page))

    @show.autocomplete("day")
    @export.autocomplete("day")
    async def _days(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        days = await self._journal.days(caller_of(interaction))
        labels = {day.date.isoformat(): day_label(day, reader(interaction)) for day in days}
        wanted = "".join(typed.split()).casefold()
        fitting = [iso for iso, label in labels.items() if wanted in f"{''.join(label.split()).casefold()} {iso}"]
        return [app_commands.Choice(name=labels[iso], value=iso) for iso in fitting[:CHOICES]]

    async def _page(self, interaction: Interaction, day: str | None, mine: bool) -> DayPage:
        await interaction.response.defer(ephemeral=True, thinking=True)
        return await self._journal.page(caller_of(interaction), day, own=mine, names=names_of(interaction.guild))


def day_label(day: StudyDay, lang: Language) -> str:
    """`Day27 · 11/24 화 · NLP 5강`, as long as Discord's lists take."""
    label = lang(_("Day {number} · {date:day}"), number=day.number, date=day.date)
    label = f"{label} · {day.title}" if day.title else label
    return label if len(label) <= LABEL_LIMIT else label[: LABEL_LIMIT - 1] + "…"


def exported_text(page: DayPage, lang: Language) -> str:
    """What is in the file."""
    text = _("The team's page of Day {number} ({date:day}), as it stands now.")
    if page.owner is not None:
        text = _("Your own page of Day {number} ({date:day}), as it stands now.")
    return lang(text, number=page.day.number, date=page.day.date)


def file_of(page: DayPage) -> discord.File:
    """The page as a file; a page larger than Discord takes is packed, which makes text ten times smaller."""
    data, name = page.text.encode(), file_name(page)
    if len(data) <= KEPT_LIMIT:
        return discord.File(io.BytesIO(data), name)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    packed.seek(0)
    return discord.File(packed, name.removesuffix(".md") + ".zip")


def file_name(page: DayPage) -> str:
    """`day27.md`, `day27-dain.md`; `day27-mine.md` for a name that ASCII cannot write, which Discord may drop."""
    stem = f"day{page.day.number}"
    if page.owner is None:
        return f"{stem}.md"
    plain = unicodedata.normalize("NFKD", page.owner)
    letters = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    slug = "-".join("".join(c if c.isalnum() else " " for c in letters).split())
    return f"{stem}-{slug if slug and slug.isascii() else 'mine'}.md"


def names_of(guild: discord.Guild | None) -> ServerNames:
    """What mentions of channels and roles mean in this server."""
    if guild is None:
        return ServerNames()
    channels = (*guild.channels, *guild.threads)
    return ServerNames(
        channels={channel.id: channel.name for channel in channels},
        roles={role.id: role.name for role in guild.roles},
        hidden=frozenset(channel.id for channel in channels if not _open_to_all(channel, guild)),
    )


def _open_to_all(channel: discord.abc.GuildChannel | discord.Thread, guild: discord.Guild) -> bool:
    if isinstance(channel, discord.Thread) and (channel.is_private() or channel.parent is None):
        return False
    return channel.permissions_for(guild.default_role).view_channel


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(JournalCog(bot.services.journal))
