"""What the buttons under an announcement open: with whom to swap, and what to do about a turn one cannot take."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import discord

from bot.domain.team import Caller, Member
from bot.i18n import Language, _
from bot.services import Services
from bot.services.absences import NewAbsence
from bot.services.rotation.swaps import HeldTurn, Request, WantedTurn, words_of
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Panel
from bot.ui.references import CHOICES, LABEL_LIMIT
from bot.ui.rotation import handed_over_lines
from cogs.rotation._swap_texts import asked_text, skipped_text, turn_text

LISTS: Final = 4
"""Lists of people under one message, of 25 each; one row is left for buttons."""

Pressed = Callable[[Interaction], Awaitable[None]]
Chosen = Callable[[Interaction, int], Awaitable[None]]


async def open_swap(interaction: Interaction, turn_id: int) -> None:
    """Show with whom the presser can swap a turn of theirs, and for which; choosing one asks that person."""
    caller, lang, swaps = caller_of(interaction), reader(interaction), services_of(interaction).swaps
    _team, turn = await swaps.own_turn(caller, turn_id)
    partners = await swaps.partners(caller, turn_id)
    if not partners:
        text = lang(_("Nobody can swap {turn} with you. You can also:"), turn=turn_text(turn, lang))
        panel: Panel = CannotPanel(turn_id, turn, await swaps.able(caller, turn_id), lang)
    else:
        text = lang(_("With whom do you swap {turn}? They are asked, and both must agree."), turn=turn_text(turn, lang))
        panel = SwapPanel(turn_id, partners, lang)
    await interaction.response.send_message(text, view=panel, ephemeral=True)


async def open_cannot(interaction: Interaction, turn_id: int) -> None:
    """Show what the presser can do about a turn of theirs that they cannot take."""
    caller, lang, swaps = caller_of(interaction), reader(interaction), services_of(interaction).swaps
    _team, turn = await swaps.own_turn(caller, turn_id)
    panel = CannotPanel(turn_id, turn, await swaps.able(caller, turn_id), lang)
    text = lang(_("You cannot take {turn}? Choose what fits."), turn=turn_text(turn, lang))
    await interaction.response.send_message(text, view=panel, ephemeral=True)


class SwapPanel(Panel):
    """Those with whom one can swap, each with the turn that one would take in return."""

    def __init__(self, turn_id: int, partners: Sequence[HeldTurn], lang: Language) -> None:
        super().__init__()
        self._wanted = WantedTurn(turn_id=turn_id)
        options = [
            (f"{lang(_('{name}'), name=each.member.name)} · {lang.render(words_of(each))}", each.member.user_id)
            for each in partners
        ]
        add_lists(self, lang(_("Whose turn do you take for it?")), options, self._ask)

    async def _ask(self, interaction: Interaction, user_id: int) -> None:
        swaps = services_of(interaction).swaps
        request = await swaps.ask_swap(caller_of(interaction), user_id, self._wanted)
        await settle(interaction, asked_text(request, reader(interaction)))


class CannotPanel(Panel):
    """Let the rule give the turn to somebody, ask one of those who can or all of them, or be away that day."""

    def __init__(self, turn_id: int, turn: HeldTurn, able: Sequence[Member], lang: Language) -> None:
        super().__init__()
        self._turn_id = turn_id
        self._turn = turn
        self._wanted = WantedTurn(turn_id=turn_id)
        self.add_item(PanelButton(lang(_("Whoever is next")), self._skip))
        if able:
            self.add_item(PanelButton(lang(_("Ask all who can")), self._ask_all))
        self.add_item(PanelButton(lang(_("I am away that day")), self._away))
        options = [(lang(_("{name}"), name=member.name), member.user_id) for member in able]
        add_lists(self, lang(_("Choose whom to ask")), options, self._ask)

    async def _skip(self, interaction: Interaction) -> None:
        done = await services_of(interaction).swaps.skip(caller_of(interaction), self._wanted, None, None)
        await settle(interaction, skipped_text(done, reader(interaction)))

    async def _ask_all(self, interaction: Interaction) -> None:
        await self._substitute(interaction, None)

    async def _ask(self, interaction: Interaction, user_id: int) -> None:
        await self._substitute(interaction, user_id)

    async def _substitute(self, interaction: Interaction, user_id: int | None) -> None:
        swaps = services_of(interaction).swaps
        asked = await swaps.substitute(caller_of(interaction), self._wanted, user_id, None)
        if isinstance(asked, Request):  # it is the presser's own turn, so somebody is asked
            await settle(interaction, asked_text(asked, reader(interaction)))

    async def _away(self, interaction: Interaction) -> None:
        caller, lang, services = caller_of(interaction), reader(interaction), services_of(interaction)
        team, turn = await services.swaps.own_turn(caller, self._turn_id)
        here = _in_channel(caller, team.study_channel_id)
        gone = await services.absences.away(here, NewAbsence(since=turn.date.isoformat()))
        head = lang(_("You are away on {day:day}, without duties and pings. /back ends it."), day=turn.date)
        await settle(interaction, "\n".join([head, *handed_over_lines(gone.handed_over, lang)]))


class PanelButton(discord.ui.Button[Panel]):
    """A button of a panel and what it does."""

    def __init__(self, label: str, pressed: Pressed) -> None:
        super().__init__(label=label)
        self._pressed = pressed

    async def callback(self, interaction: Interaction) -> None:
        await self._pressed(interaction)


class PeopleSelect(discord.ui.Select[Panel]):
    """A list of at most 25 people, by what is said of them and their Discord user ids."""

    def __init__(self, placeholder: str, options: Sequence[tuple[str, int]], chosen: Chosen) -> None:
        shown = [discord.SelectOption(label=label[:LABEL_LIMIT], value=str(user_id)) for label, user_id in options]
        super().__init__(placeholder=placeholder, options=shown)
        self._chosen = chosen

    async def callback(self, interaction: Interaction) -> None:
        await self._chosen(interaction, int(self.values[0]))


def add_lists(panel: Panel, placeholder: str, options: Sequence[tuple[str, int]], chosen: Chosen) -> None:
    """As many lists as the people need; none for nobody."""
    for start in range(0, min(len(options), LISTS * CHOICES), CHOICES):
        panel.add_item(PeopleSelect(placeholder, options[start : start + CHOICES], chosen))


async def settle(interaction: Interaction, text: str) -> None:
    """The panel turns into what was done."""
    await interaction.response.edit_message(content=text, view=None)


def services_of(interaction: Interaction) -> Services:
    client: Any = interaction.client
    services: Services = client.services
    return services


def _in_channel(caller: Caller, channel_id: int) -> Caller:
    """The caller as if in the team's own channel: the button may stand in another."""
    return replace(caller, channel_ids=(channel_id,))
