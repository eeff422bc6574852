"""The form that adds a lecture of a day, for whoever closes the day and misses it."""

from typing import Any

from bot.domain.lectures import NewLecture
from bot.i18n import Language, _
from bot.services.lectures import Lectures
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton, filled
from cogs.lectures._texts import added_text


class AddForm(Form):
    """What the lecture studied on a day is called; for everything else there is the command."""

    def __init__(self, lectures: Lectures, day: str, lang: Language) -> None:
        super().__init__(lang(_("The lecture studied")))
        self._lectures = lectures
        self._day = day
        self._title = self.field(lang(_("What it is about")), long=False, limit=200)
        self._course = self.field(lang(_("Which course (the one used last)")), long=False, required=False, limit=100)
        self._number = self.field(
            lang(_("Number as the team writes it, e.g. 5 or week 3")), long=False, required=False, limit=100
        )

    async def submitted(self, interaction: Interaction) -> None:
        course, number = self._course.value.strip() or None, self._number.value.strip() or None
        new = NewLecture(filled(self._title), course=course, number=number, studied=self._day)
        added = await self._lectures.add(caller_of(interaction), new)
        await answer(interaction, added_text(added, reader(interaction)))


class AddButton(PersistentButton, template=r"lecture:add:(?P<day>\d{4}-\d\d-\d\d)"):
    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        await interaction.response.send_modal(AddForm(client.services.lectures, self.match["day"], reader(interaction)))
