"""`/lecture`: what is studied and presented, notes, and materials."""

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.lectures import LectureEdit, LectureMove, NewLecture, NewMaterial
from bot.i18n import Language, _
from bot.services.lectures import Lectures
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton, filled
from bot.ui.references import LectureRef
from bot.ui.undo import Act, ask_first
from bot.ui.uploads import keep, read_text
from cogs.lectures._adding import AddButton
from cogs.lectures._texts import (
    added_text,
    edited_text,
    kept_text,
    listed_text,
    moved_text,
    noted_text,
    removed_text,
    sure_text,
)

if TYPE_CHECKING:
    from bot.client import StudyBot

KINDS = [
    app_commands.Choice(name=locale_str(_("lecture")), value="lecture"),
    app_commands.Choice(name=locale_str(_("paper")), value="paper"),
    app_commands.Choice(name=locale_str(_("event, without a presenter")), value="event"),
]


class LecturesCog(commands.GroupCog, group_name="lecture", group_description=_("Lectures, notes and materials")):
    def __init__(self, lectures: Lectures) -> None:
        self._lectures = lectures

    @app_commands.command(description=_("Add a lecture, and see who presents it"))
    @app_commands.describe(
        title=_("What it is about"),
        course=_("Which course (the one used last)"),
        number=_("Number as the team writes it, e.g. 5 or week 3"),
        date=_("Day on which it is studied, e.g. 12/3 (today)"),
        present_on=_("Day on which it is presented (the next study day)"),
        presenter=_("Who presents it (whose turn it is)"),
        kind=_("What it is (a lecture)"),
        readers=_("How many present it together, e.g. a paper: 1 to 3 (1)"),
    )
    @app_commands.choices(kind=KINDS)
    async def add(
        self,
        interaction: Interaction,
        title: str,
        course: str | None = None,
        number: str | None = None,
        date: str | None = None,
        present_on: str | None = None,
        presenter: discord.Member | None = None,
        kind: Literal["lecture", "paper", "event"] = "lecture",
        readers: int | None = None,
    ) -> None:
        presenter_id = None if presenter is None else presenter.id
        new = NewLecture(title, kind, course, number, date, present_on, presenter_id, readers)
        added = await self._lectures.add(caller_of(interaction), new)
        await answer(interaction, added_text(added, reader(interaction)))

    @app_commands.command(description=_("Change a lecture's name, what it is, or how many present it"))
    @app_commands.describe(
        lecture=_("Which lecture"),
        title=_("What it is about"),
        course=_("Which course"),
        number=_("Number as the team writes it, e.g. 5 or week 3"),
        kind=_("What it is"),
        readers=_("How many present it together: 1 to 3"),
    )
    @app_commands.choices(kind=KINDS)
    async def edit(
        self,
        interaction: Interaction,
        lecture: LectureRef,
        title: str | None = None,
        course: str | None = None,
        number: str | None = None,
        kind: Literal["lecture", "paper", "event"] | None = None,
        readers: int | None = None,
    ) -> None:
        edit = LectureEdit(title, course, number, kind, readers)
        change = await self._lectures.edit(caller_of(interaction), lecture, edit)
        await answer(interaction, edited_text(change, reader(interaction)))

    @app_commands.command(description=_("Study or present a lecture on another day; its presenter goes with it"))
    @app_commands.describe(
        lecture=_("Which lecture"),
        date=_("Day on which it is studied, e.g. 12/3 (as before)"),
        present_on=_("Day on which it is presented (as before, or the next study day)"),
    )
    async def move(
        self, interaction: Interaction, lecture: LectureRef, date: str | None = None, present_on: str | None = None
    ) -> None:
        change = await self._lectures.move(caller_of(interaction), lecture, LectureMove(date, present_on))
        await answer(interaction, moved_text(change, reader(interaction)))

    @app_commands.command(description=_("Remove a lecture that nobody has used yet"))
    @app_commands.describe(lecture=_("Which lecture"))
    async def remove(self, interaction: Interaction, lecture: LectureRef) -> None:
        remove = partial(self._lectures.remove, lecture_id=lecture)
        await ask_first(interaction, Act(remove, sure_text, removed_text, _("Remove")))

    @app_commands.command(description=_("All lectures, their days and presenters"))
    @app_commands.describe(kind=_("Only these; of papers it is the reading list (all)"))
    @app_commands.choices(kind=KINDS)
    async def list(self, interaction: Interaction, kind: Literal["lecture", "paper", "event"] | None = None) -> None:
        lectures = await self._lectures.list(caller_of(interaction), kind)
        lang = reader(interaction)
        if not lectures and kind is not None:
            await answer(interaction, lang(_("There is none of this kind. /lecture list shows all lectures.")))
            return
        if not lectures:
            await answer(interaction, lang(_("No lectures yet. Add the first one with /lecture add.")))
            return
        lines = (listed_text(lecture, lang) for lecture in lectures)
        await answer(interaction, "\n".join(lines), file_name="lectures.md")

    @app_commands.command(description=_("Add to your notes of a lecture; the team sees them"))
    @app_commands.describe(lecture=_("Which lecture"), file=_("A .md or .txt file, for long notes (a form opens)"))
    async def note(self, interaction: Interaction, lecture: LectureRef, file: discord.Attachment | None = None) -> None:
        if file is None:
            await open_note_form(interaction, self._lectures, lecture)
            return
        caller = caller_of(interaction)
        label = await self._lectures.check_note(caller, lecture)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._lectures.add_note(caller, lecture, await read_text(file))
        await answer(interaction, noted_text(label, reader(interaction)))

    @app_commands.command(description=_("Add slides or a link to a lecture"))
    @app_commands.describe(
        lecture=_("Which lecture"),
        title=_("What it is (the file's name, or the address)"),
        url=_("A web address"),
        file=_("A file of at most 10 MB; it is posted in the study channel"),
    )
    async def material(
        self,
        interaction: Interaction,
        lecture: LectureRef,
        title: str | None = None,
        url: str | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        caller = caller_of(interaction)
        new = NewMaterial(title, url)
        place = await self._lectures.check_material(caller, lecture, new, has_file=file is not None)
        if file is not None:
            kept = await keep(interaction, place.channel_id, file, kept_text(place, title))
            new = NewMaterial(title, None, kept.channel_id, kept.message_id, kept.attachment_id, kept.name)
        added = await self._lectures.add_material(caller, lecture, new)
        text = _("{title} is under {lecture} now. It will stand in the journal, under the presenter.")
        shown = escape_markdown(added)
        await answer(interaction, reader(interaction)(text, title=shown, lecture=escape_markdown(place.lecture)))


class NoteForm(Form):
    """One's notes of a lecture. Each time adds to what is there."""

    def __init__(self, lectures: Lectures, lecture_id: int, label: str, lang: Language) -> None:
        super().__init__(label)
        self._lectures = lectures
        self._lecture_id = lecture_id
        self._text = self.field(
            lang(_("Your notes")),
            description=lang(_("The whole team sees them, and they stand in the journal. What is there stays.")),
            placeholder=lang(_("Markdown works. For more than 4,000 characters attach a file.")),
        )

    async def submitted(self, interaction: Interaction) -> None:
        label = await self._lectures.add_note(caller_of(interaction), self._lecture_id, filled(self._text))
        await answer(interaction, noted_text(label, reader(interaction)))


class NoteButton(PersistentButton, template=r"lecture:note:(?P<lecture>\d+)"):
    """Opens the form of one's notes."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        await open_note_form(interaction, client.services.lectures, self.number("lecture"))


async def open_note_form(interaction: Interaction, lectures: Lectures, lecture_id: int) -> None:
    label = await lectures.check_note(caller_of(interaction), lecture_id)
    await interaction.response.send_modal(NoteForm(lectures, lecture_id, label, reader(interaction)))


async def setup(bot: "StudyBot") -> None:
    bot.add_dynamic_items(AddButton, NoteButton)
    await bot.add_cog(LecturesCog(bot.services.lectures))
