"""Handing over: the announcement and what follows it, and the buttons with which people answer."""

from datetime import date, datetime
from typing import Any, Protocol

import discord

from bot.clock import Clock
from bot.domain.deliveries import Delivery
from bot.i18n import Language, _, language
from bot.jobs.posts import Button, Post, Skip, TextFile
from bot.services.rotation.handover import Asked, Handover, OwnTurn
from bot.ui.answers import MESSAGE_LIMIT, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Panel, PersistentButton
from cogs.rotation._handover_texts import (
    announcement_text,
    change_text,
    confirmed_text,
    own_answer_text,
    turns_words,
    unanswered_text,
    when_text,
)
from cogs.rotation._swap_panels import open_cannot, open_swap

ASKED = r"(?P<team>\d+):(?:day(?P<day>\d{8})|act(?P<act>\d+)):(?P<delivery>\d+)"
"""What the custom id of a button says after what it does: of which team, about which day or act, in which message."""

LABEL_LIMIT = 80
"""Characters that Discord shows on a button."""


class HandoverPosts:
    """What is posted when duties are handed over."""

    def __init__(self, handover: Handover, clock: Clock) -> None:
        self._handover = handover
        self._clock = clock

    async def announcement(self, delivery: Delivery) -> Post | Skip:
        """The duties of the study day after the one on which they are announced; only those who have one are pinged."""
        said = await self._handover.announce(delivery.team_id, delivery.subject_id, self._clock.now())
        if said is None:
            return Skip("nobody is on the roster, or the day is over")
        lang = language(said.team.language)
        head = lang(_("{when}: the duties are in the file."), when=when_text(said.turns, said.today, lang))
        asked = f"{said.team.id}:day{said.turns.date:%Y%m%d}:{delivery.id}"
        buttons = answer_buttons(asked, lang) if said.turns.members else ()
        return pinging(said.team.reminder_channel_id, announcement_text(said, lang), head, said.pinged, buttons)

    async def change(self, delivery: Delivery) -> Post | Skip:
        """Who changed, and why; only those whom it concerns are pinged."""
        change = await self._handover.change(delivery.subject_id, self._clock.now())
        if change is None:
            return Skip("nothing of the change stands any more")
        lang = language(change.team.language)
        waiting = any(turn.made and not turn.confirmed for turn in change.turns)
        asked = f"{change.team.id}:act{delivery.subject_id}:{delivery.id}"
        buttons = answer_buttons(asked, lang) if waiting else ()
        head = lang(_("Turns have changed: they are in the file."))
        return pinging(change.team.reminder_channel_id, change_text(change, lang), head, change.concerned, buttons)

    async def unanswered(self, delivery: Delivery) -> Post | Skip:
        """Who has not answered: to the moderator of the day, else to the moderators, never to everybody.

        If the moderator alone has not answered, the moderators are told, where they have a channel of their own.
        """
        said = await self._handover.unanswered(delivery.team_id, delivery.subject_id, self._clock.now())
        if isinstance(said, str):
            return Skip(said)
        lang = language(said.team.language)
        alone = said.turns.members == (said.moderator,)
        text = unanswered_text(said, lang)
        if alone and said.channel_id is None:
            text = own_answer_text(said, lang)
        if said.moderator is not None and not (alone and said.channel_id is not None):
            return Post(user_id=said.moderator.user_id, text=text, fallback_channel_id=said.channel_id)
        if said.channel_id is None:
            return Skip("nobody moderates, and the moderators have no channel of their own")
        return Post(channel_id=said.channel_id, text=text)


def answer_buttons(asked: str, lang: Language) -> tuple[Button, ...]:
    """I will, Swap, Cannot; `asked` is what their custom ids say."""
    return (
        Button(lang(_("I will")), f"rotation:will:{asked}", "success"),
        Button(lang(_("Swap")), f"rotation:swap:{asked}"),
        Button(lang(_("Cannot")), f"rotation:cannot:{asked}"),
    )


def pinging(channel_id: int, text: str, head: str, pinged: tuple[int, ...], buttons: tuple[Button, ...]) -> Post:
    """A text and below it whom it pings; a text that is too long comes as a file under its head."""
    pings = " ".join(f"<@{user_id}>" for user_id in pinged)
    if len(text) + len(pings) < MESSAGE_LIMIT:
        return Post(channel_id=channel_id, text=f"{text}\n{pings}".strip(), mentions=pinged, buttons=buttons)
    file = TextFile("rotation.md", text)
    return Post(channel_id=channel_id, text=f"{head}\n{pings}".strip(), mentions=pinged, buttons=buttons, file=file)


class _AnswerButton(PersistentButton, template=r"rotation:unused"):
    """A button of an announcement or of a change."""

    @property
    def asked(self) -> Asked:
        day, act = self.match["day"], self.match["act"]
        return Asked(
            team_id=self.number("team"),
            day=None if day is None else _read(day),
            act_id=None if act is None else int(act),
        )

    async def choose(self, interaction: Interaction, question: str, path: "Path") -> None:
        """Go the way of a turn of the presser's; of several they choose one first."""
        client: Any = interaction.client
        handover: Handover = client.services.handover
        turns = await handover.own_turns(caller_of(interaction), self.asked)
        if len(turns) == 1:
            await path(interaction, turns[0].id)
            return
        lang = reader(interaction)
        view = TurnChoice(path)
        for turn in turns[:25]:
            view.offer(turn, lang)
        await answer(interaction, lang(question), view=view)


def _read(day: str) -> date:
    return datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007  # a date has no zone


class WillButton(_AnswerButton, template=rf"rotation:will:{ASKED}"):
    """I will: all of the presser's turns that were asked about are confirmed."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        handover: Handover = client.services.handover
        done = await handover.confirm(caller_of(interaction), self.asked)
        await answer(interaction, confirmed_text(done, reader(interaction)))


class SwapButton(_AnswerButton, template=rf"rotation:swap:{ASKED}"):
    """Swap: the presser chooses with whom."""

    async def pressed(self, interaction: Interaction) -> None:
        await self.choose(interaction, _("Which of your turns do you want to swap?"), open_swap)


class CannotButton(_AnswerButton, template=rf"rotation:cannot:{ASKED}"):
    """Cannot: somebody else is looked for."""

    async def pressed(self, interaction: Interaction) -> None:
        await self.choose(interaction, _("Which of your turns can you not take?"), open_cannot)


class Path(Protocol):
    """What follows once it is clear which turn is meant."""

    async def __call__(self, interaction: Interaction, turn_id: int) -> None: ...


class TurnChoice(Panel):
    """A button for each of somebody's turns."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def offer(self, turn: OwnTurn, lang: Language) -> None:
        label = lang.render(turns_words([turn.turn]))
        chosen: discord.ui.Button[TurnChoice] = discord.ui.Button(label=label[:LABEL_LIMIT])

        async def pressed(interaction: Interaction) -> None:
            await self._path(interaction, turn.id)

        chosen.callback = pressed  # type: ignore[method-assign]  # discord.py documents it so
        self.add_item(chosen)
