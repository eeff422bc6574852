"""`/retro`, and what is asked and told of the day in the evening."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.schedules import RETRO_DIGEST, RETRO_NUDGE, RETRO_PROMPT
from bot.i18n import _
from bot.services import Services
from bot.services.retro import EXPERIMENT_CHOSEN
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.days import day_choices
from cogs.retro import _digest, _prompt
from cogs.retro._digest import answer_with_week
from cogs.retro._form import open_form
from cogs.retro._questions import QuestionsForm
from cogs.retro._reading import entries_text, streaks_text

if TYPE_CHECKING:
    from bot.client import StudyBot


class RetroCog(commands.GroupCog, group_name="retro", group_description=_("Look back on the day")):
    def __init__(self, services: Services) -> None:
        self._retro = services.retro
        self._reading = services.retro_reading
        self._weeks = services.retro_weeks
        self._questions = services.retro_questions
        self._journal = services.journal

    @app_commands.command(description=_("Write your retrospective of the study day"))
    @app_commands.describe(day=_("Which day, if it is open, e.g. Day27 or 2026-12-03 (the latest)"))
    async def write(self, interaction: Interaction, day: str | None = None) -> None:
        await open_form(interaction, self._retro, typed=day)

    @app_commands.command(description=_("Read what was written about a day"))
    @app_commands.describe(
        day=_("Which day, e.g. Day27 or 2026-12-03 (the latest)"), member=_("Whose, by name (everybody's)")
    )
    async def show(
        self, interaction: Interaction, day: str | None = None, member: discord.Member | None = None
    ) -> None:
        user_id = None if member is None else member.id
        entries = await self._reading.show(caller_of(interaction), day, user_id)
        text = entries_text(entries, reader(interaction))
        await answer(interaction, text, file_name=f"day{entries.day.number}-retro.md", previews=False)

    @app_commands.command(description=_("How many study days in a row you have written; only you see it"))
    async def streak(self, interaction: Interaction) -> None:
        await answer(interaction, streaks_text(await self._reading.streak(caller_of(interaction)), reader(interaction)))

    @app_commands.command(description=_("The week: how far everybody came, what was written, the next experiment"))
    @app_commands.describe(day=_("A day of the week, e.g. Day27 or 2026-12-03 (this week)"))
    async def digest(self, interaction: Interaction, day: str | None = None) -> None:
        await answer_with_week(interaction, await self._weeks.week(caller_of(interaction), day))

    @app_commands.command(description=_("Choose what the retrospective asks: one to four questions, or one free field"))
    async def questions(self, interaction: Interaction) -> None:
        present = await self._questions.present(caller_of(interaction))
        await interaction.response.send_modal(QuestionsForm(self._questions, present, reader(interaction)))

    @write.autocomplete("day")
    @show.autocomplete("day")
    @digest.autocomplete("day")
    async def _days(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return day_choices(await self._journal.days(caller_of(interaction)), typed, reader(interaction))


async def setup(bot: "StudyBot") -> None:
    evening = _prompt.register(bot)
    bot.dispatcher.compose(RETRO_PROMPT, evening.compose_prompt)
    bot.dispatcher.compose(RETRO_NUDGE, evening.compose_nudge)
    week_end = _digest.register(bot)
    bot.dispatcher.compose(RETRO_DIGEST, week_end.compose_digest)
    bot.dispatcher.compose(EXPERIMENT_CHOSEN, week_end.compose_chosen)
    await bot.add_cog(RetroCog(bot.services))
