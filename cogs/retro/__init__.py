"""`/retro`, and the evening's prompt with its *Write* button."""

from typing import TYPE_CHECKING, Any

from discord import app_commands
from discord.ext import commands

from bot.domain.deliveries import Delivery
from bot.domain.schedules import RETRO_PROMPT
from bot.i18n import _, language
from bot.jobs.posts import Button, Post, Skip
from bot.services.retro import Retro, RetroQuestions
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import PersistentButton
from cogs.retro._form import RetroForm
from cogs.retro._questions import QuestionsForm

if TYPE_CHECKING:
    from bot.client import StudyBot


class WriteButton(PersistentButton, template=r"retro:write:(?P<day>\d+):\d+"):
    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        await open_form(interaction, client.services.retro, self.number("day"))


async def open_form(interaction: Interaction, retro: Retro, day_id: int | None) -> None:
    draft = await retro.draft(caller_of(interaction), day_id)
    await interaction.response.send_modal(RetroForm(retro, draft, reader(interaction)))


class RetroCog(commands.GroupCog, group_name="retro", group_description=_("Look back on the day")):
    def __init__(self, retro: Retro, questions: RetroQuestions) -> None:
        self._retro = retro
        self._questions = questions

    @app_commands.command(description=_("Write your retrospective of the study day"))
    async def write(self, interaction: Interaction) -> None:
        await open_form(interaction, self._retro, None)

    @app_commands.command(description=_("Choose what the retrospective asks: one to four questions, or one free field"))
    async def questions(self, interaction: Interaction) -> None:
        present = await self._questions.present(caller_of(interaction))
        await interaction.response.send_modal(QuestionsForm(self._questions, present, reader(interaction)))

    async def compose_prompt(self, delivery: Delivery) -> Post | Skip:
        prompt = await self._retro.prompt(delivery.team_id, delivery.subject_id)
        if prompt.members == 0:
            return Skip("nobody is there")
        if prompt.day.closed:
            return Skip("the day is closed")
        lang = language(prompt.team.language)
        return Post(
            channel_id=prompt.team.retro_channel_id,
            text=lang(_("Day {number} is done, well done. How was it?"), number=prompt.day.number),
            buttons=(Button(lang(_("Write")), f"retro:write:{prompt.day.id}:{delivery.id}", "primary"),),
        )


async def setup(bot: "StudyBot") -> None:
    cog = RetroCog(bot.services.retro, bot.services.retro_questions)
    bot.dispatcher.compose(RETRO_PROMPT, cog.compose_prompt)
    bot.add_dynamic_items(WriteButton)
    await bot.add_cog(cog)
