"""Further questions that nobody answers: moderators are asked, and decide on several at once."""

from collections.abc import Sequence

import discord

from bot.domain.deliveries import Delivery
from bot.domain.questions import QuestionState, label
from bot.i18n import Language, _, language
from bot.jobs.posts import Button, Post, Skip
from bot.services.questions import Questions, Waiting
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton
from cogs.questions._buttons import questions_of
from cogs.questions._forms import CHOICES
from cogs.questions._texts import carried_text

OUTCOMES = {"mentor": QuestionState.MENTOR, "drop": QuestionState.DROPPED}


async def compose_carried(questions: Questions, delivery: Delivery) -> Post | Skip:
    """What is still to be decided on, with a button for each outcome."""
    carried = await questions.carried(delivery.subject_id)
    if not carried.waiting:
        return Skip("every further question is decided")
    lang = language(carried.team.language)
    buttons = (
        Button(lang(_("For the mentor")), f"question:carried:mentor:{delivery.id}", "primary"),
        Button(lang(_("Drop")), f"question:carried:drop:{delivery.id}"),
    )
    return Post(channel_id=carried.team.mod_channel_id, text=carried_text(carried, lang), buttons=buttons)


class CarriedButton(PersistentButton, template=r"question:carried:(?P<outcome>mentor|drop):(?P<delivery>\d+)"):
    """Keep some of the questions for the mentor, or drop some."""

    async def pressed(self, interaction: Interaction) -> None:
        questions = questions_of(interaction)
        waiting = await questions.deciding(caller_of(interaction))
        form = DecideForm(questions, waiting, OUTCOMES[self.match["outcome"]], reader(interaction))
        await interaction.response.send_modal(form)


class DecideForm(Form):
    """Which questions, and why."""

    def __init__(self, questions: Questions, waiting: Sequence[Waiting], state: QuestionState, lang: Language) -> None:
        super().__init__(lang(_("For the mentor")) if state is QuestionState.MENTOR else lang(_("Drop")))
        self._questions = questions
        self._state = state
        options = [
            discord.SelectOption(label=label(each.question), value=str(each.question.id)) for each in waiting[:CHOICES]
        ]
        self._picked: discord.ui.Select[DecideForm] = discord.ui.Select(options=options, max_values=len(options))
        self.add_item(discord.ui.Label(text=lang(_("Which questions?")), component=self._picked))
        self._reason = self.field(lang(_("Why; everybody reads it")), long=False, required=False, limit=300)

    async def submitted(self, interaction: Interaction) -> None:
        picked = [int(value) for value in self._picked.values]
        decided = await self._questions.decide(caller_of(interaction), picked, self._state, self._reason.value)
        numbers = ", ".join(f"#{question.number}" for question in decided)
        text = _("Kept for the mentor: {numbers}") if self._state is QuestionState.MENTOR else _("Dropped: {numbers}")
        if not decided:
            text = _("Somebody settled all of these meanwhile, so nothing was changed. /question list shows them.")
        await answer(interaction, reader(interaction)(text, numbers=numbers))
