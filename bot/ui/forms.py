"""Forms (modals) and buttons whose errors end in `answer_error`, and whose text is never lost."""

import re
from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, Final, Self

import discord

from bot.errors import InvalidInput
from bot.i18n import _
from bot.ui.answers import answer_error
from bot.ui.callers import Interaction

TITLE_LIMIT: Final = 45
"""Characters that Discord takes as the title of a form."""


class Form(discord.ui.Modal):
    """A modal. Subclasses add fields with `field` and implement `submitted`."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title if len(title) <= TITLE_LIMIT else title[: TITLE_LIMIT - 1] + "…", timeout=None)
        self._inputs: list[discord.ui.TextInput[Self]] = []

    def field(
        self,
        label: str,
        *,
        value: str = "",
        placeholder: str = "",
        long: bool = True,
        required: bool = True,
        limit: int = 4000,
        description: str | None = None,
    ) -> discord.ui.TextInput[Self]:
        """Add a text field. `value` is what stands in it at first; `limit` is in characters, 4,000 at most."""
        text_input: discord.ui.TextInput[Self] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
            default=value or None,
            placeholder=placeholder[:100] or None,
            required=required,
            max_length=limit,
        )
        self.add_item(discord.ui.Label(text=label[:45], component=text_input, description=description))
        self._inputs.append(text_input)
        return text_input

    @abstractmethod
    async def submitted(self, interaction: Interaction) -> None:
        """Do what the form is for; errors raised here reach the person together with what they wrote."""

    async def on_submit(self, interaction: Interaction) -> None:
        await self.submitted(interaction)

    async def on_error(self, interaction: Interaction, error: Exception) -> None:  # type: ignore[override]  # as Modal has it
        typed = "\n\n".join(text for text in (field.value for field in self._inputs) if text.strip())
        await answer_error(interaction, error, typed=typed)


def filled(text_input: discord.ui.TextInput[Any]) -> str:
    """What was typed into a field. Raises InvalidInput if it is blank."""
    require_filled([text_input])
    return text_input.value.strip()


def require_filled(fields: Iterable[discord.ui.TextInput[Any]]) -> None:
    """Raise InvalidInput if nothing was typed into any of the fields."""
    if not any(field.value.strip() for field in fields):
        raise InvalidInput(_("The form was empty, so nothing was saved. Please write something and send it again."))


class PersistentButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"unused"):
    """A button that carries its state in its custom id and therefore works after a restart.

    Subclasses give the `template` and implement `pressed`; `self.match` holds the id's groups.
    """

    def __init__(self, item: discord.ui.Button[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str]) -> Self:  # noqa: ARG003
        return cls(item, match)

    def number(self, group: str) -> int:
        """A group of the custom id, as a number."""
        return int(self.match[group])

    @abstractmethod
    async def pressed(self, interaction: Interaction) -> None:
        """What the button does."""

    async def callback(self, interaction: Interaction) -> None:
        try:
            await self.pressed(interaction)
        except Exception as error:  # noqa: BLE001  # discord.py only logs what a dynamic item raises
            await answer_error(interaction, error)


class Panel(discord.ui.View):
    """A view for one person's next minutes; its errors reach that person."""

    def __init__(self, *, timeout: float = 600) -> None:
        super().__init__(timeout=timeout)

    async def on_error(self, interaction: Interaction, error: Exception, item: discord.ui.Item[Any]) -> None:  # noqa: ARG002
        await answer_error(interaction, error)


def persistent(label: str, custom_id: str, style: discord.ButtonStyle = discord.ButtonStyle.danger) -> discord.ui.View:
    """One button that a PersistentButton answers, also after a restart; the view itself listens to nothing."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=label, custom_id=custom_id, style=style))
    view.stop()
    return view
