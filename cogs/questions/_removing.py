"""Removing a question: asked back first, because it cannot be undone; then its messages are deleted too."""

from collections.abc import Iterable
from contextlib import suppress

import discord

from bot.domain.questions import Question, harmless, shortened
from bot.i18n import Language, _
from bot.services.questions import Questions, Removed
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Panel

JUMP = "https://discord.com/channels/{guild}/{channel}/{message}"


async def ask_back(interaction: Interaction, questions: Questions, question_id: int, reason: str | None) -> None:
    question = await questions.removing(caller_of(interaction), question_id)
    lang = reader(interaction)
    await answer(interaction, _warning(question, lang), view=RemovePanel(questions, question, reason, lang))


def _warning(question: Question, lang: Language) -> str:
    text = _(
        "Remove question #{number} for good? Its text, answers, votes and file go from everywhere; "
        "the number and your reason stay."
    )
    return f"{lang(text, number=question.number)}\n> {harmless(shortened(question.text))}"


class RemovePanel(Panel):
    def __init__(self, questions: Questions, question: Question, reason: str | None, lang: Language) -> None:
        super().__init__()
        self._questions = questions
        self._question = question
        self._reason = reason
        self.remove.label = lang(_("Remove it"))

    @discord.ui.button(style=discord.ButtonStyle.danger)
    async def remove(self, interaction: Interaction, _button: discord.ui.Button["RemovePanel"]) -> None:
        removed = await self._questions.remove(caller_of(interaction), self._question.id, self._reason)
        lang = reader(interaction)
        text = lang(_("Question #{number} is removed."), number=removed.question.number)
        await interaction.response.edit_message(content=text, view=None)
        self.stop()
        left = await _delete(interaction, removed)
        if left:
            text = _("I could not delete these messages, please delete them by hand: {places}")
            await answer(interaction, lang(text, places=" ".join(left)))


async def _delete(interaction: Interaction, removed: Removed) -> list[str]:
    """Delete the messages that show the question or carry its file. Returns the addresses of those that stay."""
    return [
        JUMP.format(guild=interaction.guild_id, channel=channel_id, message=message_id)
        for channel_id, message_id in _once(removed.posts)
        if not await _deleted(interaction, channel_id, message_id)
    ]


def _once(posts: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    return dict.fromkeys(posts)


async def _deleted(interaction: Interaction, channel_id: int, message_id: int) -> bool:
    channel = interaction.client.get_partial_messageable(channel_id, guild_id=interaction.guild_id)
    try:
        with suppress(discord.NotFound):
            await channel.get_partial_message(message_id).delete()
    except discord.HTTPException:
        return False
    return True
