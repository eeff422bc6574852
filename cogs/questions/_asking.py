"""Asking: what was likely asked before is shown first, and a file is kept in the thread of the day."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import discord

from bot.domain.questions import Attachment, harmless
from bot.errors import UserError
from bot.i18n import Language, _, language
from bot.services.questions import Alike, Questions, Source
from bot.ui.answers import answer, answer_error
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Panel
from bot.ui.questions import asked_text
from bot.ui.uploads import KeptFile, keep, require_keepable
from cogs.questions._texts import alike_text, can_vote_instead, voted_text

PAUSES: Final = (0.2, 0.4, 0.8, 1.6)
"""Seconds between looks for the thread of the day, which is made when it is first needed."""


@dataclass(frozen=True)
class Draft:
    """A question before its text: what it is about, whether anybody's name is stored, what hangs on it."""

    lecture_id: int | None = None
    anonymous: bool = False
    file: discord.Attachment | None = None
    message: Source | None = None


async def ask(interaction: Interaction, questions: Questions, text: str, draft: Draft) -> None:
    """Ask, unless the same was likely asked before: then that is shown, and the person decides."""
    caller = caller_of(interaction)
    await questions.asking(
        caller, draft.lecture_id, text=text, anonymous=draft.anonymous, with_file=draft.file is not None
    )
    alike = await questions.alike(caller, text)
    if alike is None:
        await ask_anyway(interaction, questions, text, draft)
        return
    lang = reader(interaction)
    view = AlikePanel(questions, alike, text, draft, lang)
    await answer(interaction, alike_text(alike, text, lang), view=view, file_name="question.md", previews=False)


async def ask_anyway(interaction: Interaction, questions: Questions, text: str, draft: Draft) -> None:
    """Ask, and say where the question stands."""
    attachment = await _keep(interaction, questions, text, draft)
    asked = await questions.ask(
        caller_of(interaction),
        text,
        lecture_id=draft.lecture_id,
        anonymous=draft.anonymous,
        attachment=attachment,
        about=draft.message,
    )
    await answer(interaction, asked_text(asked, reader(interaction)))


async def _keep(interaction: Interaction, questions: Questions, text: str, draft: Draft) -> Attachment | None:
    if draft.file is None:
        return None
    require_keepable(draft.file)  # before a thread is made for it
    asking = await questions.asking(
        caller_of(interaction), draft.lecture_id, text=text, anonymous=draft.anonymous, with_file=True
    )
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=True, thinking=True)
    thread_id = await _thread(interaction, questions)
    note = language(asking.team.language)(_("A file with a question by {name}"), name=harmless(asking.member.name))
    kept = await _keep_in(interaction, (thread_id, asking.team.study_channel_id), draft.file, note)
    return Attachment(kept.channel_id, kept.message_id, kept.attachment_id, kept.name, kept.url)


async def _keep_in(
    interaction: Interaction, places: tuple[int | None, int], file: discord.Attachment, note: str
) -> KeptFile:
    """In the thread, or where there is none any more, in the channel: somebody may have deleted it."""
    thread_id, channel_id = places
    if thread_id is not None:
        with suppress(UserError):
            return await keep(interaction, thread_id, file, note)
    return await keep(interaction, channel_id, file, note)


async def _thread(interaction: Interaction, questions: Questions) -> int | None:
    """The thread of the day; None if Discord does not make one soon."""
    for pause in PAUSES:
        thread_id = await questions.thread_for_file(caller_of(interaction))
        if thread_id is not None:
            return thread_id
        await asyncio.sleep(pause)
    return await questions.thread_for_file(caller_of(interaction))


class AlikePanel(Panel):
    """What was asked before: vote for it, or ask anyway. What was typed stands in the message and here."""

    def __init__(self, questions: Questions, alike: Alike, text: str, draft: Draft, lang: Language) -> None:
        super().__init__()
        self._questions = questions
        self._alike = alike
        self._text = text
        self._draft = draft
        self._asked = False
        if can_vote_instead(alike):
            self._add(lang(_("Vote for #{number}"), number=alike.question.number), self._vote, primary=True)
        self._add(lang(_("Ask anyway")), self._ask, primary=not can_vote_instead(alike))

    def _add(self, label: str, pressed: Any, *, primary: bool) -> None:
        style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
        button: discord.ui.Button[AlikePanel] = discord.ui.Button(label=label, style=style)
        button.callback = pressed  # type: ignore[method-assign]  # the way of discord.py without a decorator
        self.add_item(button)

    async def _vote(self, interaction: Interaction) -> None:
        voted = await self._questions.vote(caller_of(interaction), self._alike.question.id, only_for=True)
        await interaction.response.edit_message(content=voted_text(voted, reader(interaction)), view=None)
        self.stop()

    async def _ask(self, interaction: Interaction) -> None:
        """A second press at once asks nothing more. Should it fail, the text comes back with the reason."""
        if self._asked:
            await interaction.response.defer()
            return
        self._asked = True
        await interaction.response.edit_message(view=None)
        self.stop()
        await ask_anyway(interaction, self._questions, self._text, self._draft)

    async def on_error(self, interaction: Interaction, error: Exception, item: discord.ui.Item[Any]) -> None:  # noqa: ARG002
        await answer_error(interaction, error, typed=self._text)
