"""`/retro`, and what is asked and told of the day in the evening."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.schedules import RETRO_NUDGE, RETRO_PROMPT
from bot.i18n import _
from bot.services.journal import Journal
from bot.services.retro import Retro, RetroQuestions, RetroReading
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.days import day_choices
from cogs.retro import _prompt
from cogs.retro._form import open_form
from cogs.retro._questions import QuestionsForm
from cogs.retro._reading import entries_text, streaks_text

if TYPE_CHECKING:
    from bot.client import StudyBot


class RetroCog(commands.GroupCog, group_name="retro", group_description=_("Look back on the day")):
    def __init__(self, retro: Retro, reading: RetroReading, questions: RetroQuestions, journal: Journal) -> None:
        self._retro = retro
        self._reading = reading
        self._questions = questions
        self._journal = journal

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

    @app_commands.command(description=_("Choose what the retrospective asks: one to four questions, or one free field"))
    async def questions(self, interaction: Interaction) -> None:
        present = await self._questions.present(caller_of(interaction))
        await interaction.response.send_modal(QuestionsForm(self._questions, present, reader(interaction)))

    @write.autocomplete("day")
    @show.autocomplete("day")
    async def _days(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return day_choices(await self._journal.days(caller_of(interaction)), typed, reader(interaction))


async def setup(bot: "StudyBot") -> None:
    evening = _prompt.register(bot)
    bot.dispatcher.compose(RETRO_PROMPT, evening.compose_prompt)
    bot.dispatcher.compose(RETRO_NUDGE, evening.compose_nudge)
    services = bot.services
    await bot.add_cog(RetroCog(services.retro, services.retro_reading, services.retro_questions, services.journal))
