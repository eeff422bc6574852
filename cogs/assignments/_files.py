"""`/assignment calendar` and `import`: assignments as files."""

import io
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.submissions import SheetEntry
from bot.i18n import Language, _
from bot.pages.assignments import deadlines_calendar
from bot.services.assignments import Assignments
from bot.services.assignments.imports import AssignmentImport
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.cooldowns import require_pause
from bot.ui.forms import Panel
from bot.ui.uploads import read_bytes
from cogs.assignments._sheet_texts import imported_text, preview_text, problems_text


class FileCommands(commands.Cog):
    """The commands that give and take files; a part of the cog."""

    _assignments: Assignments
    _import: AssignmentImport

    @app_commands.command(description=_("Your deadlines as a file for your calendar"))
    async def calendar(self, interaction: Interaction) -> None:
        deadlines = await self._assignments.deadlines(caller_of(interaction))
        lang = reader(interaction)
        if not deadlines.entries:
            await answer(interaction, lang(_("No deadline is ahead of you, so there is nothing for your calendar.")))
            return
        file = discord.File(io.BytesIO(deadlines_calendar(deadlines, lang)), "deadlines.ics")
        text = _("Open the file with your calendar (deadlines: {count}). After a deadline has moved, get a new one.")
        await answer(interaction, lang(text, count=len(deadlines.entries)), file=file)

    @app_commands.command(name="import", description=_("Add many assignments from a CSV file; you see them first"))
    @app_commands.describe(file=_("CSV with the columns title, due, required, link, description, remind"))
    async def read_sheet(self, interaction: Interaction, file: discord.Attachment) -> None:
        caller, lang = caller_of(interaction), reader(interaction)
        await self._import.check(caller)
        require_pause(interaction, "assignment import")
        await interaction.response.defer(ephemeral=True, thinking=True)
        preview = await self._import.preview(caller, await read_bytes(file))
        if preview.problems:
            await answer(interaction, problems_text(preview, lang), file_name="problems.md")
            return
        panel = AddAllPanel(self._import, preview.entries, lang)
        await answer(interaction, preview_text(preview, lang), view=panel, file_name="assignments.md")


class AddAllPanel(Panel):
    """Adds everything that was shown."""

    def __init__(self, imports: AssignmentImport, entries: Sequence[SheetEntry], lang: Language) -> None:
        super().__init__()
        self._imports = imports
        self._entries = entries
        button: discord.ui.Button[Any] = discord.ui.Button(label=lang(_("Add all")), style=discord.ButtonStyle.primary)
        button.callback = self._add  # type: ignore[method-assign]  # as discord.py lets one name it
        self.add_item(button)

    async def _add(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        count = await self._imports.add_all(caller_of(interaction), self._entries)
        await interaction.edit_original_response(content=imported_text(count, reader(interaction)), view=None)
