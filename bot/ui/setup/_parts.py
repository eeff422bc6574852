"""Selects and buttons of the panel that tell what to do when they are used."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import discord

from bot.ui.callers import Interaction

Row = discord.ui.ActionRow[Any]
Part = discord.ui.Item[Any]
Pressed = Callable[[Interaction], Awaitable[None]]
Picked = Callable[[Interaction, Sequence[Any]], Awaitable[None]]

MOST: Final = 25
"""Options of a select, and people picked at once."""


class PanelButton(discord.ui.Button[Any]):
    """A button of the panel."""

    def __init__(
        self,
        label: str,
        name: str,
        pressed: Pressed,
        *,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        super().__init__(label=label, custom_id=f"setup:{name}", style=style, disabled=disabled)
        self._pressed = pressed

    async def callback(self, interaction: Interaction) -> None:
        await self._pressed(interaction)


class PanelSelect(discord.ui.Select[Any]):
    """A list to pick from; with several, as many as there are, at least one."""

    def __init__(
        self,
        name: str,
        options: Iterable[tuple[str, str]],
        chosen: Iterable[str],
        picked: Picked,
        *,
        several: bool = False,
        hint: str | None = None,
    ) -> None:
        marked = set(chosen)
        items = [discord.SelectOption(label=label, value=value, default=value in marked) for value, label in options]
        most = len(items) if several else 1
        super().__init__(custom_id=f"setup:{name}", options=items, max_values=most, placeholder=hint)
        self._picked = picked

    async def callback(self, interaction: Interaction) -> None:
        await self._picked(interaction, self.values)


class PanelChannels(discord.ui.ChannelSelect[Any]):
    """A text channel, the present one shown as chosen. `optional`: may be emptied."""

    def __init__(
        self,
        name: str,
        channel_id: int | None,
        picked: Picked,
        *,
        optional: bool,
        disabled: bool = False,
        hint: str | None = None,
    ) -> None:
        kind = discord.SelectDefaultValueType.channel
        super().__init__(
            custom_id=f"setup:{name}",
            channel_types=[discord.ChannelType.text],
            min_values=0 if optional else 1,
            default_values=[] if channel_id is None else [discord.SelectDefaultValue(id=channel_id, type=kind)],
            disabled=disabled,
            placeholder=hint,
        )
        self._picked = picked

    async def callback(self, interaction: Interaction) -> None:
        await self._picked(interaction, self.values)


class PanelRole(discord.ui.RoleSelect[Any]):
    """A role, or none."""

    def __init__(self, name: str, role_id: int | None, picked: Picked, hint: str) -> None:
        kind = discord.SelectDefaultValueType.role
        chosen = [] if role_id is None else [discord.SelectDefaultValue(id=role_id, type=kind)]
        super().__init__(custom_id=f"setup:{name}", min_values=0, default_values=chosen, placeholder=hint)
        self._picked = picked

    async def callback(self, interaction: Interaction) -> None:
        await self._picked(interaction, self.values)


class PanelPeople(discord.ui.UserSelect[Any]):
    """People, up to 25 at once."""

    def __init__(self, name: str, picked: Picked, hint: str) -> None:
        super().__init__(custom_id=f"setup:{name}", min_values=1, max_values=MOST, placeholder=hint)
        self._picked = picked

    async def callback(self, interaction: Interaction) -> None:
        await self._picked(interaction, self.values)


def line(text: str) -> discord.ui.TextDisplay[Any]:
    return discord.ui.TextDisplay(text)


def beside(text: str, button: PanelButton) -> discord.ui.Section[Any]:
    """A text with a button to its right."""
    return discord.ui.Section(text, accessory=button)


def labelled(label: str, select: Part) -> list[Part]:
    """A select under its label."""
    return [line(label), Row(select)]
