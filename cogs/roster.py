"""`/roster`: who is in the team."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.i18n import _
from bot.services.roster import Roster
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader

if TYPE_CHECKING:
    from bot.client import StudyBot


class RosterCog(commands.GroupCog, group_name="roster", group_description=_("Who is in the team")):
    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    @app_commands.command(description=_("Add somebody to the team"))
    @app_commands.describe(member=_("Whom"), name=_("How pages call them"))
    async def add(self, interaction: Interaction, member: discord.Member, name: str) -> None:
        added = await self._roster.add(caller_of(interaction), member.id, name)
        lang = reader(interaction)
        await answer(interaction, lang(_("{name} is on the roster now."), name=added.name))


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(RosterCog(bot.services.roster))
