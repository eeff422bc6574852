"""Pages as a file, with how far it is while that takes a while, and attachments fetched again."""

import asyncio
import io
import tempfile
import zipfile
from typing import BinaryIO, Final, cast

import aiohttp
import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.domain.day_record import KeptFile
from bot.errors import UserError
from bot.i18n import Language, _
from bot.pages.exports import Form, FoundFile
from bot.services.journal.exporting import JournalExport, Plan
from bot.ui.answers import NOBODY
from bot.ui.callers import Interaction, reader
from bot.ui.page_files import names_of, stem
from bot.ui.uploads import KEPT_LIMIT

FORMATS: Final = [
    app_commands.Choice(name=locale_str(_("Markdown, the page as it is")), value="md"),
    app_commands.Choice(name=locale_str(_("zip, a folder of pages with their attachments")), value="zip"),
    app_commands.Choice(name=locale_str(_("HTML, to read and to print")), value="html"),
    app_commands.Choice(name=locale_str(_("JSON, for other programs")), value="json"),
    app_commands.Choice(name=locale_str(_("CSV, for a spreadsheet")), value="csv"),
]

LONG: Final = 3
"""Days from which on it is told how far the export is."""

PAUSE: Final = 2.0
"""Seconds between two such tellings."""

MEDIA_ROOM: Final = KEPT_LIMIT * 3 // 4
"""Bytes of attachments in a file that Discord takes."""

MEDIA_TIMEOUT: Final = 20.0


async def send_export(interaction: Interaction, export: JournalExport, plan: Plan, form: Form | None) -> None:
    """Write the file and answer with it."""
    days = plan.export.days
    form = form or ("md" if len(days) == 1 else "zip")
    if form == "md" and len(days) > 1:
        form = "zip"  # the contents of a page lead to its own headings
    with tempfile.TemporaryFile() as out:
        await export.write(
            plan,
            form,
            out,
            names=names_of(interaction.guild),
            media=DiscordMedia(interaction.client, interaction.guild_id),
            room=MEDIA_ROOM,
            progress=Telling(interaction).tell,
        )
        await _send(interaction, plan, form, out)


async def _send(interaction: Interaction, plan: Plan, form: Form, out: BinaryIO) -> None:
    days = plan.export.days
    name = f"day{days[0].number}" if len(days) == 1 else f"day{days[0].number}-{days[-1].number}"
    name = f"{stem(name, plan.export.owner)}.{form}"
    if out.tell() <= KEPT_LIMIT:
        out.seek(0)
        await _answer(interaction, plan, discord.File(cast("io.BufferedIOBase", out), name))
        return
    with tempfile.TemporaryFile() as packed:  # text becomes ten times smaller
        await asyncio.to_thread(_pack, out, packed, name)
        if packed.tell() > KEPT_LIMIT:
            raise UserError(_("The file is larger than Discord takes. Please choose fewer days."))
        packed.seek(0)
        await _answer(
            interaction, plan, discord.File(cast("io.BufferedIOBase", packed), f"{name.rpartition('.')[0]}.zip")
        )


def _pack(source: BinaryIO, target: BinaryIO, name: str) -> None:
    source.seek(0)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as entry:
        while block := source.read(1 << 16):
            entry.write(block)
    target.seek(0, 2)


async def _answer(interaction: Interaction, plan: Plan, file: discord.File) -> None:
    text = exported_text(plan, reader(interaction))
    await interaction.edit_original_response(content=text, attachments=[file], allowed_mentions=NOBODY)


def exported_text(plan: Plan, lang: Language) -> str:
    """What is in the file."""
    first, last, owner = plan.export.days[0], plan.export.days[-1], plan.export.owner
    if first == last:
        text = _("The team's page of Day {number} ({date:day}), as it stands now.")
        if owner is not None:
            text = _("Your own page of Day {number} ({date:day}), as it stands now.")
        return lang(text, number=first.number, date=first.date)
    text = _("The team's pages from Day {first} to Day {last} ({count} days), as they stand now.")
    if owner is not None:
        text = _("Your own pages from Day {first} to Day {last} ({count} days), as they stand now.")
    return lang(text, first=first.number, last=last.number, count=len(plan.export.days))


class Telling:
    """Tells in the answer how far a long export is, not more often than is pleasant."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._told_at: float | None = None

    async def tell(self, done: int, days: int) -> None:
        now = asyncio.get_running_loop().time()
        if days <= LONG or done == days or (self._told_at is not None and now - self._told_at < PAUSE):
            return
        self._told_at = now
        text = reader(self._interaction)(_("Writing the pages: {done} of {days} days …"), done=done, days=days)
        await self._interaction.edit_original_response(content=text)


class DiscordMedia:
    """Attachments, fetched again from the messages that keep them: addresses of files expire within a day."""

    def __init__(self, client: discord.Client, guild_id: int | None) -> None:
        self._client, self._guild_id = client, guild_id

    async def fetch(self, kept: KeptFile, room: int) -> FoundFile | None:
        channel = self._client.get_partial_messageable(kept.channel_id, guild_id=self._guild_id)
        try:
            async with asyncio.timeout(MEDIA_TIMEOUT):
                message = await channel.fetch_message(kept.message_id)
                found = next((file for file in message.attachments if file.id == kept.attachment_id), None)
                if found is None or found.size > room:
                    return None
                return FoundFile(found.filename, await found.read())
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            return None
