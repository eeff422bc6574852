"""What takes something away: shown before it is done, asked for, and taken back with a button for a day."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import discord
from discord.utils import escape_markdown

from bot.domain.questions import shortened
from bot.domain.team import Caller
from bot.i18n import Language, Message, _
from bot.services.actions import ACTIONS
from bot.services.undo import Undo, Undoable
from bot.ui.answers import NOBODY, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Panel, PersistentButton, persistent

T = TypeVar("T")

TAKEN_BACK: Final = "taken_back"
"""Event that a change was taken back: the interaction and the id of the change. A cog listens as `on_taken_back`."""


@dataclass(frozen=True)
class Act(Generic[T]):
    """Something that takes away: one call of a service, and how its outcome is told before and after.

    `label` is on the button that does it. Nobody is asked where the outcome is `harmless`.
    """

    do: Callable[[Caller], Awaitable[T]]
    question: Callable[[T, Language], str]
    told: Callable[[T, Language], str]
    label: str
    harmless: Callable[[T], bool] = lambda _outcome: False
    then: Callable[[Interaction, T], Awaitable[None]] | None = None


async def ask_first(interaction: Interaction, act: Act[Any]) -> None:
    """Tell what an act would come to, with a button that does it. Raises what the act would raise."""
    caller, lang = caller_of(interaction), reader(interaction)
    would = await _undo(interaction).rehearse(lambda: act.do(caller))
    if not act.harmless(would):
        await answer(interaction, act.question(would, lang), view=SurePanel(act, lang))
        return
    done = await act.do(caller)
    await answer(interaction, act.told(done, lang), view=await _undo_view(interaction))
    await _after(interaction, act, done)


async def _after(interaction: Interaction, act: Act[T], done: T) -> None:
    if act.then is not None:
        await act.then(interaction, done)


async def _undo_view(interaction: Interaction) -> discord.ui.View:
    """The button that takes back what this interaction has done."""
    change_id = await _undo(interaction).change_of(caller_of(interaction))
    label = reader(interaction)(_("Take it back"))
    return persistent(label, f"undo:{change_id}", discord.ButtonStyle.secondary)


class SurePanel(Panel):
    """Only whoever asked sees it. It is pressed once."""

    def __init__(self, act: Act[Any], lang: Language) -> None:
        super().__init__()
        self._act = act
        self.sure.label = lang(act.label)

    @discord.ui.button(style=discord.ButtonStyle.danger)
    async def sure(self, interaction: Interaction, _button: discord.ui.Button["SurePanel"]) -> None:
        done = await self._act.do(caller_of(interaction))
        text, view = self._act.told(done, reader(interaction)), await _undo_view(interaction)
        await interaction.response.edit_message(content=text, view=view, allowed_mentions=NOBODY)
        self.stop()
        await _after(interaction, self._act, done)


class UndoButton(PersistentButton, template=r"undo:(?P<change>\d+)"):
    """Puts back what was taken away."""

    async def pressed(self, interaction: Interaction) -> None:
        text = await _take_back(interaction, self.number("change"))
        await interaction.response.edit_message(content=text, view=None, allowed_mentions=NOBODY)


class UndoList(discord.ui.Select[Any]):
    """What can still be taken back, for whoever has closed the answer with the button."""

    def __init__(self, undoable: Sequence[Undoable], lang: Language) -> None:
        options = [
            discord.SelectOption(
                label=shortened(f"{lang(ACTIONS[each.action])} · {each.what}", 99),
                value=str(each.change_id),
                description=lang(_("{at:moment}"), at=each.at),
            )
            for each in undoable[:25]
        ]
        super().__init__(placeholder=lang(_("Take something back")), options=options)

    async def callback(self, interaction: Interaction) -> None:
        await answer(interaction, await _take_back(interaction, int(self.values[0])))


async def _take_back(interaction: Interaction, change_id: int) -> str:
    """Take a change back and say what is there again. Cogs hear of it as an event, to draw what shows it anew."""
    restored = await _undo(interaction).undo(caller_of(interaction), change_id)
    interaction.client.dispatch(TAKEN_BACK, interaction, change_id)
    return reader(interaction).render(_harmless(restored))


def _harmless(message: Message) -> Message:
    values = message.values.items()
    return Message(message.text, {k: escape_markdown(v) if isinstance(v, str) else v for k, v in values})


def _undo(interaction: Interaction) -> Undo:
    client: Any = interaction.client
    undo: Undo = client.services.undo
    return undo
