"""`/rotation skip`, `swap`, `substitute` and `undo`, and the posts that ask somebody."""

from typing import Any, Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.deliveries import Delivery
from bot.i18n import Language, _, language
from bot.jobs.posts import Post, Skip
from bot.services.boards import Board
from bot.services.rotation.swaps import Answered, Request, SteppedIn, Swaps, WantedTurn
from bot.ui.answers import NOBODY, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import PersistentButton
from bot.ui.references import DutyRef, LectureRef
from cogs.rotation._swap_panels import open_cannot, open_swap
from cogs.rotation._swap_texts import (
    asked_text,
    declined_text,
    request_buttons,
    request_text,
    result_text,
    skipped_text,
    stepped_in_text,
    undone_text,
)

__all__ = ["AgreeButton", "DeclineButton", "SwapCommands", "SwapPosts", "open_cannot", "open_swap"]

REASON_LIMIT: Final = 200

_DUTY = _("Which duty (your next turn)")
_DATE = _("Day of the turn, e.g. 12/3 (your next turn)")
_LECTURE = _("If you present several lectures: which one")


class SwapCommands(commands.Cog):
    """Commands of `/rotation` with which people hand their turns over."""

    _swaps: Swaps

    @app_commands.command(description=_("Skip a turn: somebody else has it, and you come first next time"))
    @app_commands.describe(
        duty=_DUTY,
        date=_DATE,
        lecture=_LECTURE,
        reason=_("Why; if you give one, the team sees it"),
        member=_("Whose turn, for moderators (your own)"),
    )
    async def skip(
        self,
        interaction: Interaction,
        duty: DutyRef | None = None,
        date: str | None = None,
        lecture: LectureRef | None = None,
        reason: app_commands.Range[str, 1, REASON_LIMIT] | None = None,
        member: discord.Member | None = None,
    ) -> None:
        wanted = WantedTurn(duty, date, lecture)
        done = await self._swaps.skip(caller_of(interaction), wanted, reason, None if member is None else member.id)
        await answer(interaction, skipped_text(done, reader(interaction)))

    @app_commands.command(description=_("Ask somebody to swap: your turn for their next one of the same duty"))
    @app_commands.rename(partner="with")
    @app_commands.describe(partner=_("With whom; they are asked"), date=_DATE, duty=_DUTY, lecture=_LECTURE)
    async def swap(
        self,
        interaction: Interaction,
        partner: discord.Member,
        date: str | None = None,
        duty: DutyRef | None = None,
        lecture: LectureRef | None = None,
    ) -> None:
        wanted = WantedTurn(duty, date, lecture)
        request = await self._swaps.ask_swap(caller_of(interaction), partner.id, wanted)
        await answer(interaction, asked_text(request, reader(interaction)))

    @app_commands.command(description=_("Let somebody step in for one turn; it counts for them"))
    @app_commands.describe(
        duty=_DUTY,
        date=_DATE,
        member=_("Who steps in (all who can are asked)"),
        lecture=_LECTURE,
        whose=_("Whose turn, for moderators: with a member it is settled at once (your own)"),
    )
    async def substitute(
        self,
        interaction: Interaction,
        duty: DutyRef | None = None,
        date: str | None = None,
        member: discord.Member | None = None,
        lecture: LectureRef | None = None,
        whose: discord.Member | None = None,
    ) -> None:
        done = await self._swaps.substitute(
            caller_of(interaction),
            WantedTurn(duty, date, lecture),
            None if member is None else member.id,
            None if whose is None else whose.id,
        )
        lang = reader(interaction)
        text = stepped_in_text(done, lang) if isinstance(done, SteppedIn) else asked_text(done, lang)
        await answer(interaction, text)

    @app_commands.command(description=_("Take back your last change of a turn, or your request, until the day starts"))
    async def undo(self, interaction: Interaction) -> None:
        undone = await self._swaps.undo(caller_of(interaction))
        await answer(interaction, undone_text(undone, reader(interaction)))


class SwapPosts:
    """What is posted when somebody asks, and when it is not to be; and what a request's post says after that."""

    def __init__(self, swaps: Swaps) -> None:
        self._swaps = swaps

    async def request(self, delivery: Delivery) -> Post | Skip:
        """A request, with its buttons; only those who are asked are pinged."""
        asking = await self._swaps.asking(delivery.subject_id)
        if isinstance(asking, str):
            return Skip(asking)
        lang = language(asking.team.language)
        return Post(
            channel_id=asking.team.reminder_channel_id,
            text=f"{request_text(asking.request, lang)}\n{_pings(asking.pinged)}",
            mentions=asking.pinged,
            buttons=request_buttons(asking.request, lang),
        )

    async def declined(self, delivery: Delivery) -> Post:
        """It is not to be: only whoever asked is pinged."""
        asking = await self._swaps.declined(delivery.subject_id)
        text = declined_text(asking.request, language(asking.team.language))
        return Post(
            channel_id=asking.team.reminder_channel_id,
            text=f"{text}\n{_pings(asking.pinged)}",
            mentions=asking.pinged,
        )

    async def settled(self, board: Board) -> Post:
        """The post of a request that nobody can answer any more."""
        asking = await self._swaps.posted(board.subject_id)
        return Post(text=result_text(asking.request, language(asking.team.language)))


def _pings(user_ids: tuple[int, ...]) -> str:
    return " ".join(f"<@{user_id}>" for user_id in user_ids)


class AgreeButton(PersistentButton, template=r"rotation:agree:(?P<request>\d+)"):
    """Yes to a request: it is done at once."""

    async def pressed(self, interaction: Interaction) -> None:
        await _settle(interaction, await _swaps_of(interaction).accept(caller_of(interaction), self.number("request")))


class DeclineButton(PersistentButton, template=r"rotation:decline:(?P<request>\d+)"):
    """No to a request: whoever asked is told."""

    async def pressed(self, interaction: Interaction) -> None:
        await _settle(interaction, await _swaps_of(interaction).decline(caller_of(interaction), self.number("request")))


def _swaps_of(interaction: Interaction) -> Swaps:
    client: Any = interaction.client
    swaps: Swaps = client.services.swaps
    return swaps


async def _settle(interaction: Interaction, answered: Answered) -> None:
    """The post turns into what became of the request; whoever pressed too late is also told so."""
    lang = language(answered.team.language)
    request = answered.request
    await interaction.response.edit_message(
        content=result_text(request, lang), view=_settled_buttons(request, lang), allowed_mentions=NOBODY
    )
    if not answered.by_this:
        await answer(interaction, result_text(request, reader(interaction)))


def _settled_buttons(request: Request, lang: Language) -> discord.ui.View:
    """The buttons of a request, not to be pressed any more. They stay, because by the first one it is found again."""
    view = discord.ui.View(timeout=None)
    for value in request_buttons(request, lang):
        button: discord.ui.Button[discord.ui.View] = discord.ui.Button(
            label=value.label, custom_id=value.custom_id, disabled=True
        )
        view.add_item(button)
    view.stop()
    return view
