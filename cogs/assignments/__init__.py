"""`/assignment`: what is to be handed in, handing it in, and the reminders of deadlines."""

from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.schedules import ASSIGNMENT_MORNING
from bot.domain.submissions import Work
from bot.i18n import _
from bot.services.assignments import ASSIGNMENT_BOARD, ASSIGNMENT_REMINDER, ASSIGNMENT_SUMMARY, Assignments
from bot.services.assignments.changes import AssignmentChanges
from bot.services.assignments.imports import AssignmentImport
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.moments import readings
from bot.ui.references import AssignmentRef, LectureRef
from bot.ui.undo import Act, ask_first
from cogs.assignments._changes import ChangeCommands
from cogs.assignments._files import FileCommands
from cogs.assignments._hand_in import HandInButton, MineButton, hand_in, open_form
from cogs.assignments._posts import AssignmentPosts
from cogs.assignments._texts import added_text, list_text, show_text, status_text, withdraw_text, withdrawn_text

if TYPE_CHECKING:
    from bot.client import StudyBot


class AssignmentsCog(
    ChangeCommands,
    FileCommands,
    commands.GroupCog,
    group_name="assignment",
    group_description=_("Assignments, and handing them in"),
):
    def __init__(self, assignments: Assignments, changes: AssignmentChanges, imports: AssignmentImport) -> None:
        self._assignments = assignments
        self._changes = changes
        self._import = imports

    @app_commands.command(description=_("Add an assignment with its deadline"))
    @app_commands.describe(
        title=_("What is to be done"),
        due=_("The deadline, e.g. tomorrow 23:59, fri 18:00, in 3 days, 2026-12-03 18:00"),
        required=_("Whether everybody has to hand it in (yes)"),
        link=_("Where the assignment is described"),
        description=_("What one should know about it"),
        remind=_("How long before to remind, e.g. 3d, 3h, 30m, or off (the team's setting)"),
        lecture=_("The lecture it belongs to"),
    )
    async def add(
        self,
        interaction: Interaction,
        title: str,
        due: str,
        required: bool = True,
        link: str | None = None,
        description: str | None = None,
        remind: str | None = None,
        lecture: LectureRef | None = None,
    ) -> None:
        added = await self._assignments.add(
            caller_of(interaction),
            title,
            due,
            required=required,
            link=link,
            description=description,
            remind=remind,
            lecture_id=lecture,
        )
        await answer(interaction, added_text(added, reader(interaction)))

    @add.autocomplete("due")
    async def read_due(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """How the deadline is read, so that one sees it before anything is saved."""
        return await readings(interaction, typed)

    @app_commands.command(name="list", description=_("All assignments, and which of them you have handed in"))
    async def list_all(self, interaction: Interaction) -> None:
        caller = caller_of(interaction)
        overview = await self._assignments.list(caller)
        await answer(interaction, list_text(overview, caller.at, reader(interaction)))

    @app_commands.command(description=_("One assignment, and what you have handed in"))
    @app_commands.describe(assignment=_("Which assignment"))
    async def show(self, interaction: Interaction, assignment: AssignmentRef) -> None:
        overview = await self._assignments.show(caller_of(interaction), assignment)
        await answer(interaction, show_text(overview, reader(interaction)))

    @app_commands.command(description=_("Hand in your work for an assignment"))
    @app_commands.describe(
        assignment=_("Which assignment"),
        link=_("Where your work is, e.g. https://github.com/…"),
        file=_("Your work as a file; it is posted in the study channel"),
        note=_("What you did, for your own page"),
    )
    async def submit(
        self,
        interaction: Interaction,
        assignment: AssignmentRef,
        link: str | None = None,
        file: discord.Attachment | None = None,
        note: str | None = None,
    ) -> None:
        if link is None and file is None and note is None:
            await open_form(interaction, self._assignments, assignment)
        else:
            await hand_in(interaction, self._assignments, assignment, Work(link=link, note=note), file)

    @app_commands.command(description=_("Take back what you have handed in"))
    @app_commands.describe(assignment=_("Which assignment"))
    async def withdraw(self, interaction: Interaction, assignment: AssignmentRef) -> None:
        withdraw = partial(self._assignments.withdraw, assignment_id=assignment)
        await ask_first(interaction, Act(withdraw, withdraw_text, withdrawn_text, _("Withdraw my work")))

    @app_commands.command(description=_("How many have handed in"))
    @app_commands.describe(assignment=_("Which assignment (those that are open, and of the last week)"))
    async def status(self, interaction: Interaction, assignment: AssignmentRef | None = None) -> None:
        overview = await self._assignments.status(caller_of(interaction), assignment)
        await answer(interaction, status_text(overview, reader(interaction)))


async def setup(bot: "StudyBot") -> None:
    services = bot.services
    await bot.add_cog(AssignmentsCog(services.assignments, services.assignment_changes, services.assignment_import))
    bot.add_dynamic_items(HandInButton, MineButton)
    posts = AssignmentPosts(services.assignment_notices, bot.clock)
    bot.dispatcher.compose(ASSIGNMENT_REMINDER, posts.reminder)
    bot.dispatcher.compose(ASSIGNMENT_SUMMARY, posts.summary)
    bot.dispatcher.compose(ASSIGNMENT_MORNING, posts.morning)
    bot.dispatcher.draw(ASSIGNMENT_BOARD, posts.board)
