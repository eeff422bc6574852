"""`/retro`, and the evening's prompt with its *Write* button."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.deliveries import Delivery
from bot.domain.retro import Visibility
from bot.domain.schedules import RETRO_PROMPT
from bot.i18n import Language, _, language
from bot.jobs.posts import Button, Post, Skip
from bot.services.retro import Draft, Retro, Written
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton, filled

if TYPE_CHECKING:
    from bot.client import StudyBot


class RetroForm(Form):
    """One text, and who may read it."""

    def __init__(self, retro: Retro, draft: Draft, lang: Language) -> None:
        super().__init__(lang(_("Day {number} retrospective"), number=draft.day.number))
        self._retro = retro
        self._draft = draft
        self._text = self.field(
            lang(_("How was today?")),
            value=draft.text,
            placeholder=lang(_("What went well, what did not, what you learned, what comes tomorrow")),
        )
        self._visibility: discord.ui.Select[Any] = discord.ui.Select(options=_options(lang, draft.visibility))
        self.add_item(
            discord.ui.Label(
                text=lang(_("Who may read it")),
                description=lang(_("Anonymous: nobody's name is stored, so it cannot be changed later.")),
                component=self._visibility,
            )
        )

    async def submitted(self, interaction: Interaction) -> None:
        visibility = Visibility(self._visibility.values[0] if self._visibility.values else self._draft.visibility)
        written = await self._retro.write(caller_of(interaction), self._draft.day.id, filled(self._text), visibility)
        await answer(interaction, saved_text(written, reader(interaction)))


def _options(lang: Language, chosen: Visibility) -> list[discord.SelectOption]:
    labels = {
        Visibility.TEAM: lang(_("The team, with my name")),
        Visibility.ANONYMOUS: lang(_("The team, anonymously")),
        Visibility.PRIVATE: lang(_("Only me, in my own page")),
    }
    return [
        discord.SelectOption(label=label, value=visibility, default=visibility is chosen)
        for visibility, label in labels.items()
    ]


def saved_text(written: Written, lang: Language) -> str:
    """That it is saved, who reads it, and how far the team is."""
    saved = {
        Visibility.TEAM: _("Your Day {number} retrospective is saved. You can change it until the day closes."),
        Visibility.PRIVATE: _("Your Day {number} retrospective is saved, for your own page only."),
        Visibility.ANONYMOUS: _("The Day {number} retrospective is saved without a name."),
    }[written.visibility]
    count = lang(_("{written} of {members} have written."), written=written.written, members=written.members)
    return f"{lang(saved, number=written.day.number)} {count}"


class WriteButton(PersistentButton, template=r"retro:write:(?P<day>\d+):\d+"):
    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        await open_form(interaction, client.services.retro, self.number("day"))


async def open_form(interaction: Interaction, retro: Retro, day_id: int | None) -> None:
    draft = await retro.draft(caller_of(interaction), day_id)
    await interaction.response.send_modal(RetroForm(retro, draft, reader(interaction)))


class RetroCog(commands.GroupCog, group_name="retro", group_description=_("Look back on the day")):
    def __init__(self, retro: Retro) -> None:
        self._retro = retro

    @app_commands.command(description=_("Write your retrospective of the study day"))
    async def write(self, interaction: Interaction) -> None:
        await open_form(interaction, self._retro, None)

    async def compose_prompt(self, delivery: Delivery) -> Post | Skip:
        prompt = await self._retro.prompt(delivery.team_id, delivery.subject_id)
        if prompt.members == 0:
            return Skip("nobody is there")
        lang = language(prompt.team.language)
        return Post(
            channel_id=prompt.team.retro_channel_id,
            text=lang(_("Day {number} is done, well done. How was it?"), number=prompt.day.number),
            buttons=(Button(lang(_("Write")), f"retro:write:{prompt.day.id}:{delivery.id}", "primary"),),
        )


async def setup(bot: "StudyBot") -> None:
    cog = RetroCog(bot.services.retro)
    bot.dispatcher.compose(RETRO_PROMPT, cog.compose_prompt)
    bot.add_dynamic_items(WriteButton)
    await bot.add_cog(cog)
