"""How a deadline is read while it is typed."""

from typing import Any

from discord import app_commands

from bot.i18n import _
from bot.services.assignments import Assignments
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.references import CHOICES
from cogs.assignments._texts import reading_label


async def readings(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """What a deadline as typed so far may mean, for an autocompleted option; its value is exact."""
    client: Any = interaction.client
    assignments: Assignments = client.services.assignments
    caller, lang = caller_of(interaction), reader(interaction)
    found = await assignments.readings(caller, typed.strip() or lang(_("tomorrow 23:59")))
    return [
        app_commands.Choice(name=reading_label(due, caller.at, lang), value=due.isoformat(timespec="minutes"))
        for due in found[:CHOICES]
    ]
