"""`/rotation`: whose turn it is, and the announcement of the next study day's duties."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.schedules import ROTATION_ANNOUNCEMENT
from bot.i18n import _
from bot.services.rotation import Rotation
from bot.services.rotation.balance import Balance
from bot.services.rotation.duties import DUTY_REMOVED, Duties
from bot.services.rotation.simulation import Simulation
from bot.services.rotation.swaps import DECLINED, REQUEST, Swaps
from bot.services.turns import ROTATION_CHANGE, ROTATION_UNANSWERED
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.references import DutyRef, LectureRef
from cogs.rotation._balance import BalanceCommand
from cogs.rotation._board import ShowCommand
from cogs.rotation._duties import DutyCommands
from cogs.rotation._handover import CannotButton, HandoverPosts, SwapButton, WillButton
from cogs.rotation._presenter import PresenterButton
from cogs.rotation._simulation import SimulateCommand
from cogs.rotation._swaps import AgreeButton, DeclineButton, SwapCommands, SwapPosts
from cogs.rotation._texts import assigned_text, history_text

if TYPE_CHECKING:
    from bot.client import StudyBot


class RotationCog(
    ShowCommand,
    BalanceCommand,
    SimulateCommand,
    DutyCommands,
    SwapCommands,
    commands.GroupCog,
    group_name="rotation",
    group_description=_("Whose turn it is"),
):
    def __init__(
        self,
        rotation: Rotation,
        duties: Duties,
        simulation: Simulation,
        balance: Balance,
        swaps: Swaps,
        clock: Clock,
    ) -> None:
        self._rotation = rotation
        self._duties = duties
        self._simulation = simulation
        self._balance = balance
        self._swaps = swaps
        self._clock = clock

    @app_commands.command(description=_("Give a duty to somebody; whoever had it is replaced"))
    @app_commands.describe(
        duty=_("Which duty"),
        member=_("Whom"),
        date=_("Day, e.g. 12/3 (today, or the day on which the lecture is presented)"),
        lecture=_("For a presenter: which lecture"),
    )
    async def assign(
        self,
        interaction: Interaction,
        duty: DutyRef,
        member: discord.Member,
        date: str | None = None,
        lecture: LectureRef | None = None,
    ) -> None:
        done = await self._rotation.assign(caller_of(interaction), duty, member.id, date, lecture)
        await answer(interaction, assigned_text(done, reader(interaction)))

    @app_commands.command(description=_("Who did what, and when"))
    @app_commands.describe(member=_("Whose turns (everybody's)"))
    async def history(self, interaction: Interaction, member: discord.Member | None = None) -> None:
        turns = await self._rotation.history(caller_of(interaction), None if member is None else member.id)
        await answer(interaction, history_text(turns, reader(interaction)), file_name="rotation.md")


async def setup(bot: "StudyBot") -> None:
    services = bot.services
    cog = RotationCog(
        services.rotation, services.duties, services.simulation, services.balance, services.swaps, bot.clock
    )
    await bot.add_cog(cog)
    posts = HandoverPosts(services.handover, bot.clock)
    bot.add_dynamic_items(WillButton, SwapButton, CannotButton, PresenterButton)
    bot.dispatcher.compose(ROTATION_ANNOUNCEMENT, posts.announcement)
    bot.dispatcher.compose(ROTATION_CHANGE, posts.change)
    bot.dispatcher.compose(ROTATION_UNANSWERED, posts.unanswered)
    bot.dispatcher.compose(DUTY_REMOVED, cog.compose_duty_removed)
    asked = SwapPosts(services.swaps)
    bot.add_dynamic_items(AgreeButton, DeclineButton)
    bot.dispatcher.compose(REQUEST, asked.request)
    bot.dispatcher.compose(DECLINED, asked.declined)
    bot.dispatcher.draw(REQUEST, asked.settled)
