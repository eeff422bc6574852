"""The form that names the presenter of a lecture, for whoever closes the day and misses one."""

from typing import Any

import discord

from bot.domain.duties import PRESENTER
from bot.i18n import Language, _
from bot.services.rotation import Rotation
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton
from cogs.rotation._texts import assigned_text


class PresenterForm(Form):
    def __init__(self, rotation: Rotation, lecture_id: int, lang: Language) -> None:
        super().__init__(lang(_("The presenter")))
        self._rotation = rotation
        self._lecture_id = lecture_id
        self._member: discord.ui.UserSelect[Any] = discord.ui.UserSelect(required=True)
        self.add_item(discord.ui.Label(text=lang(_("Who presents it")), component=self._member))

    async def submitted(self, interaction: Interaction) -> None:
        (member,) = self._member.values
        caller = caller_of(interaction)
        done = await self._rotation.assign(caller, PRESENTER, member.id, None, self._lecture_id)
        await answer(interaction, assigned_text(done, reader(interaction)))


class PresenterButton(PersistentButton, template=r"rotation:presenter:(?P<lecture>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        form = PresenterForm(client.services.rotation, self.number("lecture"), reader(interaction))
        await interaction.response.send_modal(form)
