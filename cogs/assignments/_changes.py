"""`/assignment edit`, `remove`, `extend` and `excuse`."""

from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.submissions import Changes
from bot.i18n import _
from bot.services.assignments.changes import AssignmentChanges
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.moments import readings
from bot.ui.references import AssignmentRef, LectureRef
from bot.ui.undo import Act, ask_first
from cogs.assignments._change_texts import (
    edited_text,
    excused_text,
    extended_text,
    removed_text,
    sure_text,
)


class ChangeCommands(commands.Cog):
    """The commands that change an assignment; a part of the cog."""

    _changes: AssignmentChanges

    @app_commands.command(description=_("Change an assignment; a moved deadline moves its reminders"))
    @app_commands.describe(
        assignment=_("Which assignment"),
        title=_("What is to be done"),
        due=_("The new deadline, e.g. tomorrow 23:59, fri 18:00, in 3 days, 2026-12-03 18:00"),
        required=_("Whether everybody has to hand it in"),
        link=_("Where the assignment is described, or off"),
        description=_("What one should know about it, or off"),
        remind=_("How long before to remind, e.g. 3d, 3h, 30m, or off"),
        lecture=_("The lecture it belongs to"),
    )
    async def edit(
        self,
        interaction: Interaction,
        assignment: AssignmentRef,
        title: str | None = None,
        due: str | None = None,
        required: bool | None = None,
        link: str | None = None,
        description: str | None = None,
        remind: str | None = None,
        lecture: LectureRef | None = None,
    ) -> None:
        changes = Changes(title, due, required, link, description, remind, lecture)
        edited = await self._changes.edit(caller_of(interaction), assignment, changes)
        await answer(interaction, edited_text(edited, reader(interaction)))

    @app_commands.command(description=_("Remove an assignment and its reminders"))
    @app_commands.describe(assignment=_("Which assignment"))
    async def remove(self, interaction: Interaction, assignment: AssignmentRef) -> None:
        remove = partial(self._changes.remove, assignment_id=assignment)
        await ask_first(interaction, Act(remove, sure_text, removed_text, _("Remove")))

    @app_commands.command(description=_("Give a member more time for an assignment"))
    @app_commands.describe(
        assignment=_("Which assignment"),
        member=_("Who gets more time"),
        until=_("Until when, e.g. tomorrow 23:59 or 2026-12-03 18:00; off takes it back"),
    )
    async def extend(
        self, interaction: Interaction, assignment: AssignmentRef, member: discord.Member, until: str
    ) -> None:
        extension = await self._changes.extend(caller_of(interaction), assignment, member.id, until)
        await answer(interaction, extended_text(extension, reader(interaction)))

    @app_commands.command(description=_("Let a member off an assignment; once more takes it back"))
    @app_commands.describe(assignment=_("Which assignment"), member=_("Who need not hand it in"))
    async def excuse(self, interaction: Interaction, assignment: AssignmentRef, member: discord.Member) -> None:
        excuse = await self._changes.excuse(caller_of(interaction), assignment, member.id)
        await answer(interaction, excused_text(excuse, reader(interaction)))

    @edit.autocomplete("due")
    @extend.autocomplete("until")
    async def read_moment(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """How the deadline is read, so that one sees it before anything is saved."""
        return await readings(interaction, typed)
