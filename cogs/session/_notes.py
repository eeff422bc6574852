"""Putting something into the minutes: by command, by the agenda's button, from a message; and taking it back."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from bot.domain.questions import harmless, quoted, shortened
from bot.domain.session import MINUTES_KINDS, Action, NoteDraft, minutes_kind
from bot.i18n import Language, _
from bot.services.session import TEXT_LIMIT, Noted, Noting, Session
from bot.services.session.minutes import Last, LastKind, MinutesBook
from bot.ui.agenda import action_line
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, Panel, PersistentButton, filled, persistent
from bot.ui.session import KIND_NAMES, day_label, escaped

CHOICES = 25


def session_of(interaction: Interaction) -> Session:
    client: Any = interaction.client
    found: Session = client.services.session
    return found


def minutes_of(interaction: Interaction) -> MinutesBook:
    client: Any = interaction.client
    found: MinutesBook = client.services.minutes
    return found


def noted_text(noted: Noted, lang: Language) -> str:
    """`Day27 회의록에 적었어요: 할 일 · 나래님 · 1/8 목까지`."""
    details = [lang(KIND_NAMES[noted.kind])]
    if noted.about:
        details.append(escaped(noted.about))
    if noted.owner is not None:
        details.append(lang(_("by {name}"), name=escaped(noted.owner)))
    if noted.due is not None:
        details.append(lang(_("until {due:day}"), due=noted.due))
    text = lang(
        _("Noted in the minutes of {day}: {details}"), day=day_label(noted.day, lang), details=" · ".join(details)
    )
    if noted.posted:
        text += "\n" + lang(_("The minutes were posted before; this will be in the journal of the day."))
    return text


class NoteForm(Form):
    """An entry of the minutes; what it refers to was chosen with the command."""

    def __init__(self, session: Session, draft: NoteDraft, lang: Language) -> None:
        super().__init__(lang(_("Minutes")))
        self._session = session
        self._draft = draft
        self._text = self.field(lang(KIND_NAMES[draft.resolved_kind]), limit=TEXT_LIMIT)

    async def submitted(self, interaction: Interaction) -> None:
        noted = await self._session.note(caller_of(interaction), self._draft, filled(self._text))
        await answer(interaction, noted_text(noted, reader(interaction)))


class MinutesForm(Form):
    """An entry with everything it may refer to. Without a kind it is a note, or an action if somebody is to do it."""

    def __init__(self, session: Session, noting: Noting, lang: Language, text: str = "") -> None:
        super().__init__(lang(_("Add to minutes")))
        self._session = session
        self._text = self.field(lang(_("Text")), value=text, limit=TEXT_LIMIT)
        kinds = [discord.SelectOption(label=lang(KIND_NAMES[kind]), value=kind) for kind in MINUTES_KINDS]
        self._kind = self._choice(lang(_("What it is")), kinds, lang(_("A note; with an owner or a date, an action")))
        lectures = [
            discord.SelectOption(label=shortened(label, 99), value=str(lecture_id))
            for lecture_id, label in noting.lectures[:CHOICES]
        ]
        self._lecture = self._choice(lang(_("Lecture")), lectures, lang(_("None"))) if lectures else None
        self._owner: discord.ui.UserSelect[Any] = discord.ui.UserSelect(required=False, min_values=0, max_values=1)
        self.add_item(discord.ui.Label(text=lang(_("Who does it")), component=self._owner))
        self._due = self.field(
            lang(_("Until when")), placeholder=lang(_("tomorrow, 12/3")), long=False, required=False, limit=100
        )

    def _choice(self, label: str, options: list[discord.SelectOption], placeholder: str) -> discord.ui.Select[Any]:
        select: discord.ui.Select[Any] = discord.ui.Select(
            options=options, placeholder=placeholder, required=False, min_values=0, max_values=1
        )
        self.add_item(discord.ui.Label(text=label, component=select))
        return select

    async def submitted(self, interaction: Interaction) -> None:
        kind = self._kind.values
        lecture = [] if self._lecture is None else self._lecture.values
        draft = NoteDraft(
            kind=minutes_kind(kind[0]) if kind else None,
            lecture_id=int(lecture[0]) if lecture else None,
            owner_user_id=self._owner.values[0].id if self._owner.values else None,
            due=self._due.value.strip() or None,
        )
        noted = await self._session.note(caller_of(interaction), draft, filled(self._text))
        await answer(interaction, noted_text(noted, reader(interaction)))


class NoteButton(PersistentButton, template=r"session:note(?::(?P<day>\d+))?"):
    """Under the agenda of a day, and wherever else minutes are missing."""

    async def pressed(self, interaction: Interaction) -> None:
        session = session_of(interaction)
        noting = await session.noting(caller_of(interaction), self.number("day") if self.match["day"] else None)
        await interaction.response.send_modal(MinutesForm(session, noting, reader(interaction)))


async def add_to_minutes(interaction: Interaction, message: discord.Message) -> None:
    """A form filled with a message; what is in it is kept even if the message is deleted meanwhile."""
    session, lang = session_of(interaction), reader(interaction)
    noting = await session.noting(caller_of(interaction))
    name = noting.names.get(message.author.id)
    said = message.content.strip()
    if name is not None and said and message.author.id != interaction.user.id:
        said = lang(_("{name} said: {text}"), name=name, text=said)
    await interaction.response.send_modal(MinutesForm(session, noting, lang, said[:TEXT_LIMIT]))


def minutes_menu() -> app_commands.ContextMenu:
    return app_commands.ContextMenu(name="Add to minutes", callback=add_to_minutes)


def last_text(last: Last, lang: Language) -> str:
    """What an entry or a step was: `결정`, `질문 #12`, `NLP 3강`."""
    if last.kind is not None:
        return lang(KIND_NAMES[last.kind])
    if last.question is not None:
        return lang(_("question #{number}"), number=last.question)
    return harmless(last.text) or lang(_("The rest of the agenda"))


def undone_text(last: Last, lang: Language) -> str:
    """That it was taken back; of an entry or an answer its text, so that nothing is lost."""
    text = lang(_("Taken back: {what}"), what=last_text(last, lang))
    return f"{text}\n>>> {quoted(last.lost)}" if last.lost else text


class UndoButton(PersistentButton, template=r"session:undo:(?P<day>\d+)"):
    """Ask before the last entry or step is taken back; the question names it."""

    async def pressed(self, interaction: Interaction) -> None:
        last = await minutes_of(interaction).last(caller_of(interaction), self.number("day"))
        lang = reader(interaction)
        text = lang(_("Take this back: {what}?"), what=last_text(last, lang))
        if last.lost:
            text += f"\n> {harmless(shortened(last.lost))}"
        take_back = persistent(lang(_("Take back")), f"session:takeback:{last.what}:{last.id}")
        await answer(interaction, text, view=take_back)


class TakeBackButton(PersistentButton, template=r"session:takeback:(?P<what>entry|step|question):(?P<id>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        kinds: dict[str, LastKind] = {"entry": "entry", "step": "step", "question": "question"}
        what = kinds[self.match["what"]]
        undone = await minutes_of(interaction).take_back(caller_of(interaction), what, self.number("id"))
        await answer(interaction, undone_text(undone, reader(interaction)))


class DoneButton(PersistentButton, template=r"session:done:(?P<day>\d+)"):
    """Choose which of the open actions are done."""

    async def pressed(self, interaction: Interaction) -> None:
        lang = reader(interaction)
        actions = await minutes_of(interaction).actions(caller_of(interaction))
        if not actions:
            await answer(interaction, lang(_("Nothing is left to do.")))
            return
        await answer(interaction, lang(_("What is done?")), view=DonePanel(actions, lang))


class DonePanel(Panel):
    """The open actions to choose from, the most urgent first."""

    def __init__(self, actions: Sequence[Action], lang: Language) -> None:
        super().__init__()
        self.add_item(DoneSelect(actions[:CHOICES], lang))


class DoneSelect(discord.ui.Select[DonePanel]):
    def __init__(self, actions: Sequence[Action], lang: Language) -> None:
        options = [
            discord.SelectOption(label=shortened(action_label(action, lang), 99), value=str(action.id))
            for action in actions
        ]
        super().__init__(options=options, max_values=len(options), placeholder=lang(_("What is done?")))

    async def callback(self, interaction: Interaction) -> None:
        ids = [int(value) for value in self.values]
        done = await minutes_of(interaction).finish(caller_of(interaction), ids)
        await answer(interaction, done_text(done, reader(interaction)))


def action_label(action: Action, lang: Language) -> str:
    """`논문 읽기 · 마루님`, as it stands in a list to pick from."""
    owner = "" if action.owner is None else lang(_("{name}"), name=action.owner.name)
    return " · ".join(part for part in (shortened(action.text, 70), owner) if part)


def done_text(done: Sequence[Action], lang: Language) -> str:
    return "\n".join([lang(_("Done, and off the next agenda:")), *(action_line(action, lang) for action in done)])
