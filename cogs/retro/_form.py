"""The form in which one looks back on the day."""

from collections.abc import Callable
from typing import Any

import discord

from bot.domain.retro import FREE_FIELD, Reflection, Visibility
from bot.domain.team import Caller
from bot.i18n import Language, _
from bot.services.retro import TEXT_LIMIT, Draft, Retro, Written
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, require_filled

Asking = Callable[[Interaction], Caller]


class RetroForm(Form):
    """A field for each question, and who may read it. `asking` tells who sends it, and for which team."""

    def __init__(self, retro: Retro, draft: Draft, lang: Language, asking: Asking) -> None:
        super().__init__(lang(_("Day {number} retrospective"), number=draft.day.number))
        self._retro = retro
        self._draft = draft
        self._asking = asking
        self._fields = [self._field(each, lang, alone=len(draft.fields) == 1) for each in draft.fields]
        self._visibility: discord.ui.Select[Any] = discord.ui.Select(options=_options(lang, draft.visibility))
        self.add_item(
            discord.ui.Label(
                text=lang(_("Who may read it")),
                description=lang(_("Anonymous: nobody's name is stored, so it cannot be changed later.")),
                component=self._visibility,
            )
        )

    def _field(self, reflection: Reflection, lang: Language, *, alone: bool) -> discord.ui.TextInput[Any]:
        free = reflection.question == FREE_FIELD
        hint = _("What went well, what did not, what you learned, what comes tomorrow")
        return self.field(
            lang(_("How was today?")) if free else reflection.question,
            value=reflection.text,
            placeholder=lang(hint) if free else "",
            required=alone,
            limit=TEXT_LIMIT,
        )

    async def submitted(self, interaction: Interaction) -> None:
        require_filled(self._fields)
        asked = (each.question for each in self._draft.fields)
        fields = [Reflection(question, field.value) for question, field in zip(asked, self._fields, strict=True)]
        visibility = Visibility(self._visibility.values[0] if self._visibility.values else self._draft.visibility)
        written = await self._retro.write(self._asking(interaction), self._draft.day.id, fields, visibility)
        await answer(interaction, saved_text(written, reader(interaction)))


def _options(lang: Language, chosen: Visibility) -> list[discord.SelectOption]:
    labels = {
        Visibility.TEAM: lang(_("The team, with my name")),
        Visibility.ANONYMOUS: lang(_("The team, anonymously")),
        Visibility.PRIVATE: lang(_("Only me, in my own page")),
    }
    return [
        discord.SelectOption(label=label, value=visibility, default=visibility is chosen)
        for visibility, label in labels.items()
    ]


def saved_text(written: Written, lang: Language) -> str:
    """That it is saved, who reads it, and how far the team is."""
    saved = {
        Visibility.TEAM: _("Your Day {number} retrospective is saved. You can change it until {until:time}."),
        Visibility.PRIVATE: _("Your Day {number} retrospective is saved, for your own page only."),
        Visibility.ANONYMOUS: _("The Day {number} retrospective is saved without a name."),
    }[written.visibility]
    count = lang(_("{written} of {members} have written."), written=written.written, members=written.members)
    return f"{lang(saved, number=written.day.number, until=written.until)} {count}"


async def open_form(
    interaction: Interaction,
    retro: Retro,
    *,
    day_id: int | None = None,
    typed: str | None = None,
    asking: Asking = caller_of,
) -> None:
    """Of a day by its id or as somebody typed it, else of the latest."""
    draft = await retro.draft(asking(interaction), day_id, typed)
    await interaction.response.send_modal(RetroForm(retro, draft, reader(interaction), asking))
