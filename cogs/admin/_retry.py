"""Naming a message to be sent again, and the button that sends them all."""

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands

from bot.errors import InvalidInput, UserError
from bot.i18n import Language, _
from bot.services.admin import Admin
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import PersistentButton
from bot.ui.references import CHOICES, PICKED
from cogs.admin._texts import retried_text, shown_labels


class UndeliveredTransformer(app_commands.Transformer):
    """A message that could not be delivered: people pick or type what it is, the command gets its id."""

    async def autocomplete(self, interaction: Interaction, value: str, /) -> list[app_commands.Choice[str]]:  # type: ignore[override]  # the choices of a text option are texts
        try:
            found = await _fitting(interaction, value)
        except UserError:  # a list cannot say it; the command will
            return []
        return [app_commands.Choice(name=label, value=f"{PICKED}{number}") for number, label in found[:CHOICES]]

    async def transform(self, interaction: Interaction, value: str, /) -> int:
        """The id that was picked, or whose label alone fits what was typed. Raises InvalidInput otherwise."""
        if picked := re.fullmatch(rf"{PICKED}(\d{{1,15}})", value, re.ASCII):
            return int(picked[1])
        found = await _fitting(interaction, value)
        if len(found) == 1:
            return found[0][0]
        raise InvalidInput(_("I cannot tell what {text} is. Choose one from the list that opens."), text=value)


async def _fitting(interaction: Interaction, typed: str) -> list[tuple[int, str]]:
    problems = await _admin(interaction).retriable(caller_of(interaction))
    return shown_labels(problems, typed, reader(interaction))


def _admin(interaction: Interaction) -> Admin:
    client: Any = interaction.client
    admin: Admin = client.services.admin
    return admin


if TYPE_CHECKING:
    UndeliveredRef: TypeAlias = int
else:
    UndeliveredRef = app_commands.Transform[int, UndeliveredTransformer]


class RetryButton(PersistentButton, template=r"admin:retry:(?P<notice>\d+)"):
    """Sends again what its notice told of; with 0, everything."""

    async def pressed(self, interaction: Interaction) -> None:
        retried = await _admin(interaction).retry_all(caller_of(interaction), self.number("notice") or None)
        await answer(interaction, retried_text(retried, reader(interaction)))


def retry_all_view(lang: Language) -> discord.ui.View:
    """The button under the list; `RetryButton` answers it."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=lang(_("Send all again")), custom_id="admin:retry:0"))
    view.stop()
    return view
