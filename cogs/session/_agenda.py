"""The moderator's buttons under the agenda: *Next*, with where else one could go, and *End*."""

from typing import Any

import discord

from bot.domain.questions import shortened
from bot.domain.session import Agenda
from bot.domain.session_steps import REST, Part
from bot.i18n import Language, _
from bot.services.session import Ended
from bot.services.session.steps import Moved, SessionSteps
from bot.ui.agenda import where
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Panel, PersistentButton, persistent
from bot.ui.session import day_label, escaped, next_day_text
from cogs.session._notes import session_of

CHOICES = 25


def steps_of(interaction: Interaction) -> SessionSteps:
    client: Any = interaction.client
    found: SessionSteps = client.services.session_steps
    return found


class NextButton(PersistentButton, template=r"session:next:(?P<day>\d+):(?P<step>\d+)"):
    """Go on. The id carries the step that the presser looked at."""

    async def pressed(self, interaction: Interaction) -> None:
        moved = await steps_of(interaction).next(caller_of(interaction), self.number("day"), self.number("step"))
        await tell_moved(interaction, moved)


async def tell_moved(interaction: Interaction, moved: Moved) -> None:
    """Where the session is now, and a list of where else it could go."""
    lang = reader(interaction)
    panel = GoToPanel(moved.agenda, lang)
    await answer(interaction, moved_text(moved, lang), view=panel if panel.children else None)


def moved_text(moved: Moved, lang: Language) -> str:
    place = where(moved.agenda, lang)
    if moved.by is None:
        return lang(_("Now: {place}"), place=place)
    if not moved.agenda.steps:
        return lang(_("Somebody has just taken the step back. Press Next again."))
    if not moved.by:
        return lang(_("Somebody has just moved on. Now: {place}"), place=place)
    return lang(_("{name} has just moved on. Now: {place}"), name=escaped(moved.by), place=place)


class GoToPanel(Panel):
    """Another part of the agenda to go to."""

    def __init__(self, agenda: Agenda, lang: Language) -> None:
        super().__init__()
        here = agenda.steps[-1].part if agenda.steps else 0
        parts = [(lecture.id, lecture.label) for lecture in agenda.lectures if lecture.id != here]
        rest: list[tuple[Part, str]] = [] if here is REST else [(REST, lang(_("The rest of the agenda")))]
        options = [
            discord.SelectOption(label=shortened(label, 99), value=str(part or 0))
            for part, label in [*parts[: CHOICES - 1], *rest]
        ]
        if options:
            self.add_item(GoToSelect(agenda, options, lang))


class GoToSelect(discord.ui.Select[GoToPanel]):
    def __init__(self, agenda: Agenda, options: list[discord.SelectOption], lang: Language) -> None:
        super().__init__(options=options, placeholder=lang(_("Go somewhere else on the agenda")))
        self._day_id, self._step = agenda.day.id, agenda.step

    async def callback(self, interaction: Interaction) -> None:
        part = int(self.values[0]) or REST
        moved = await steps_of(interaction).go_to(caller_of(interaction), self._day_id, self._step, part)
        await tell_moved(interaction, moved)


class EndButton(PersistentButton, template=r"session:end:(?P<day>\d+)"):
    """Ask before the session ends, with what is still open."""

    async def pressed(self, interaction: Interaction) -> None:
        agenda = await session_of(interaction).ending(caller_of(interaction), self.number("day"))
        lang = reader(interaction)
        open_tables = sum(not table.closed for table in agenda.round_tables)
        lines = [lang(_("End the session of {day}?"), day=day_label(agenda.day, lang))]
        if agenda.open_questions:
            lines.append("- " + lang(_("open questions: {count}"), count=agenda.open_questions))
        if open_tables:
            lines.append("- " + lang(_("round tables that close with it: {count}"), count=open_tables))
        view = persistent(lang(_("End")), f"session:finish:{agenda.day.id}")
        await answer(interaction, "\n".join(lines), view=view)


class FinishButton(PersistentButton, template=r"session:finish:(?P<day>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        ended = await session_of(interaction).end(caller_of(interaction), self.number("day"))
        await answer(interaction, ended_text(ended, reader(interaction)))


def ended_text(ended: Ended, lang: Language) -> str:
    text = lang(
        _("The session of {day} is over, well done. Its minutes go into the thread and the channel."),
        day=day_label(ended.day, lang),
    )
    return text if ended.next_day is None else text + "\n" + next_day_text(ended.next_day, lang, escaped)
