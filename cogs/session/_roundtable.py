"""The round table: a button and a form for each member; the moderator closes it, and everybody sees the replies."""

from typing import Any

from bot.domain.questions import shortened
from bot.i18n import Language, _
from bot.services.session import TEXT_LIMIT
from bot.services.session.roundtable import Question, RoundTables
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton, filled


def tables_of(interaction: Interaction) -> RoundTables:
    client: Any = interaction.client
    tables: RoundTables = client.services.round_tables
    return tables


class ReplyForm(Form):
    """A reply at the round table, filled with what one said before."""

    def __init__(self, tables: RoundTables, roundtable_id: int, question: Question, lang: Language) -> None:
        super().__init__(lang(_("Round table")))
        self._tables = tables
        self._roundtable_id = roundtable_id
        prompt = shortened(question.prompt, 99)
        self._text = self.field(lang(_("Your reply")), value=question.own, description=prompt, limit=TEXT_LIMIT)

    async def submitted(self, interaction: Interaction) -> None:
        text = filled(self._text)
        replied = await self._tables.reply(caller_of(interaction), self._roundtable_id, text)
        lang = reader(interaction)
        saved = _("Your reply is saved; until the table closes you can change it. {count} of {people} have replied.")
        await answer(interaction, lang(saved, count=replied.count, people=replied.people))


class ReplyButton(PersistentButton, template=r"session:roundtable:(?P<id>\d+):(?P<delivery>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        tables = tables_of(interaction)
        question = await tables.question(caller_of(interaction), self.number("id"))
        form = ReplyForm(tables, self.number("id"), question, reader(interaction))
        await interaction.response.send_modal(form)


class CloseButton(PersistentButton, template=r"session:close:(?P<id>\d+):(?P<delivery>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        count = await tables_of(interaction).close(caller_of(interaction), self.number("id"))
        text = _("The round table is closed. Its replies ({count}) go into the thread of the day.")
        await answer(interaction, reader(interaction)(text, count=count))
