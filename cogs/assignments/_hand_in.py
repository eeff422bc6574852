"""Handing in: the form, the button under a reminder that opens it, and what both end in."""

from dataclasses import replace
from typing import Any, Self

import discord

from bot.domain.submissions import Attachment, Draft, Work
from bot.i18n import Language, _, language
from bot.services.assignments import LINK_LIMIT, TEXT_LIMIT, Assignments
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton
from bot.ui.uploads import keep
from cogs.assignments._texts import mine_text, submitted_text


async def hand_in(
    interaction: Interaction,
    assignments: Assignments,
    assignment_id: int,
    work: Work,
    upload: discord.Attachment | None = None,
) -> None:
    """Hand in and say so. Whatever may be refused is checked before the file is posted."""
    caller, lang = caller_of(interaction), reader(interaction)
    if upload is not None:
        draft = await assignments.draft(caller, assignment_id, work)
        work = replace(work, file=await _keep(interaction, draft, upload))
    done = await assignments.submit(caller, assignment_id, work)
    await answer(interaction, submitted_text(done, lang))


async def _keep(interaction: Interaction, draft: Draft, upload: discord.Attachment) -> Attachment:
    """Post the file in the study channel, under whose and what it is."""
    text = language(draft.team.language)(
        _("{name} hands in A{number}, {title}."),
        name=discord.utils.escape_markdown(draft.member.name),
        number=draft.assignment.number,
        title=discord.utils.escape_markdown(draft.assignment.title),
    )
    kept = await keep(interaction, draft.team.study_channel_id, upload, text)
    return Attachment(kept.channel_id, kept.message_id, kept.attachment_id, kept.name)


async def open_form(interaction: Interaction, assignments: Assignments, assignment_id: int) -> None:
    """Open the form, filled with what was handed in before."""
    draft = await assignments.draft(caller_of(interaction), assignment_id)
    await interaction.response.send_modal(HandInForm(assignments, draft, reader(interaction)))


class HandInForm(Form):
    """Link, note and file; any one of them is enough. A file handed in before stays until there is a new one."""

    def __init__(self, assignments: Assignments, draft: Draft, lang: Language) -> None:
        super().__init__(f"A{draft.assignment.number} {draft.assignment.title}")
        self._assignments = assignments
        self._assignment_id = draft.assignment.id
        own = draft.own
        self._link = self.field(
            lang(_("Link")),
            value=(own and own.link) or "",
            placeholder="https://github.com/…",
            long=False,
            required=False,
            limit=LINK_LIMIT,
        )
        self._note = self.field(
            lang(_("What you did")), value=(own and own.note) or "", required=False, limit=TEXT_LIMIT
        )
        self._upload: discord.ui.FileUpload[Self] = discord.ui.FileUpload(required=False, max_values=1)
        self.add_item(
            discord.ui.Label(text=lang(_("File")), component=self._upload, description=_file_words(draft, lang))
        )

    async def submitted(self, interaction: Interaction) -> None:
        work = Work(link=self._link.value, note=self._note.value, keep_file=True)
        upload = self._upload.values[0] if self._upload.values else None
        await hand_in(interaction, self._assignments, self._assignment_id, work, upload)


def _file_words(draft: Draft, lang: Language) -> str:
    """What becomes of a file here; at most 100 characters, as Discord's labels want it."""
    if draft.own is None or draft.own.file is None:
        return lang(_("It is posted in the study channel."))
    return lang(_("A new file takes the place of the earlier one. Without one, that stays."))


class HandInButton(PersistentButton, template=r"assignment:submit:(?P<assignment>\d+):(?P<message>\d+|board)"):
    """Under a reminder or a board: opens the form."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        await open_form(interaction, client.services.assignments, self.number("assignment"))


class MineButton(PersistentButton, template=r"assignment:mine:(?P<assignment>\d+)"):
    """Under a board: shows what the presser has handed in, to them alone."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        progress = await client.services.assignments.mine(caller_of(interaction), self.number("assignment"))
        await answer(interaction, mine_text(progress, reader(interaction)))
