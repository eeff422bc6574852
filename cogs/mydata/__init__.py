"""`/mydata`: everything that is stored about oneself, and having it erased."""

import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.i18n import Language, _
from bot.services.mydata import FORMAT, VERSION, Holding, MyData
from bot.ui.answers import NOBODY, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.cooldowns import require_pause
from bot.ui.forms import Panel
from cogs.mydata._headings import HEADINGS, WRITTEN
from cogs.mydata._page import readable

if TYPE_CHECKING:
    from bot.client import StudyBot

LONGEST_LIST: Final = 900
"""Characters of the teams before they are told together, so that all of it stays one message."""


class MyDataCog(commands.GroupCog, group_name="mydata", group_description=_("What is stored about you")):
    def __init__(self, mydata: MyData, backup_nights: int) -> None:
        self._mydata = mydata
        self._backup_nights = backup_nights

    @app_commands.command(description=_("Everything that is stored about you, as two files"))
    async def export(self, interaction: Interaction) -> None:
        require_pause(interaction, "mydata export")
        holdings = await self._mydata.export(caller_of(interaction))
        lang = reader(interaction)
        text = _(
            "This is everything that is stored about you in this server: one file to read, one for programs. "
            "What you wrote anonymously is not in it, because nobody knows that it is yours."
        )
        files = [_file("mydata.md", readable(holdings, lang)), _file("mydata.json", as_json(holdings))]
        await interaction.response.send_message(lang(text), files=files, ephemeral=True, allowed_mentions=NOBODY)

    @app_commands.command(description=_("Erase what is stored about you; asks you first"))
    async def erase(self, interaction: Interaction) -> None:
        holdings = await self._mydata.export(caller_of(interaction))
        lang = reader(interaction)
        text = "\n".join(warning(holdings, self._backup_nights, lang))
        await answer(interaction, text, view=ErasePanel(self._mydata, lang))


class ErasePanel(Panel):
    """The button that erases. It is pressed once, and only by whoever asked for it: nobody else sees it."""

    def __init__(self, mydata: MyData, lang: Language) -> None:
        super().__init__()
        self._mydata = mydata
        self.erase.label = lang(_("Erase it for good"))

    @discord.ui.button(style=discord.ButtonStyle.danger)
    async def erase(self, interaction: Interaction, _button: discord.ui.Button["ErasePanel"]) -> None:
        teams = await self._mydata.erase(caller_of(interaction))
        lang = reader(interaction)
        text = lang(
            _("Erased. {teams} no longer knows who you are. You can join again at any time with /roster join."),
            teams=_named(teams, lang),
        )
        await interaction.response.edit_message(content=text, view=None, allowed_mentions=NOBODY)
        self.stop()


def warning(holdings: Sequence[Holding], backup_nights: int, lang: Language) -> Iterator[str]:
    """What will be gone, what stays, and what is not ours to erase."""
    yield lang(_("**Erase what is stored about you?** This cannot be undone."))
    yield from _held(holdings, lang)
    yield lang(
        _(
            "Gone: private retrospectives, days away and why, notes to what you handed in, votes and settings. "
            "You leave the roster, and others take your coming duties."
        )
    )
    yield lang(
        _(
            "Stays on the team's pages as “former member”: questions, answers, notes, minutes, "
            "work you handed in and retrospectives for the team."
        )
    )
    yield lang(_("Messages in Discord, files and pages that were exported are not reached."))
    if backup_nights:
        yield lang(_("Backups keep it for up to {count} more nights."), count=backup_nights)
    yield lang(_("Keep a copy first with /mydata export."))


def _held(holdings: Sequence[Holding], lang: Language) -> Sequence[str]:
    """How much of each kind there is, by team, or where the teams are too many for a message, in all of them."""
    lines = [f"- {escape_markdown(holding.team)}: {_kinds([holding], lang)}" for holding in holdings]
    if sum(map(len, lines)) <= LONGEST_LIST:
        return lines
    return [f"- {_named([holding.team for holding in holdings], lang)}: {_kinds(holdings, lang)}"]


def _kinds(holdings: Sequence[Holding], lang: Language) -> str:
    counts = Counter[str]()
    for holding in holdings:
        counts.update({name: len(rows) for name, rows in holding.tables.items()})
    told = [
        lang(_("{kind} {count}"), kind=lang(HEADINGS[name]), count=counts.pop(name)) for name in WRITTEN if counts[name]
    ]
    return ", ".join([*told, lang(_("other entries {count}"), count=counts.total())])


def _named(teams: Sequence[str], lang: Language) -> str:
    """The teams' names, or how many they are where nobody would read that many."""
    names = ", ".join(escape_markdown(team) for team in teams)
    return names if len(names) <= LONGEST_LIST else lang(_("{count} teams"), count=len(teams))


def as_json(holdings: Sequence[Holding]) -> str:
    """All rows as they are stored, by team and table."""
    teams = [{"team": holding.team, "tables": holding.tables} for holding in holdings]
    return json.dumps({"format": FORMAT, "version": VERSION, "teams": teams}, ensure_ascii=False, indent=1)


def _file(name: str, text: str) -> discord.File:
    return discord.File(io.BytesIO(text.encode()), name)


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(MyDataCog(bot.services.mydata, bot.backup_nights))
