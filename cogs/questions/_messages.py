"""The menus of a message: *Save as answer* and *Ask about this*."""

from collections.abc import Sequence

import discord
from discord import app_commands

from bot.domain.questions import Question, harmless, shortened
from bot.i18n import Language, _
from bot.services.lectures import Lectures
from bot.services.questions import Questions, Source
from bot.ui.answers import answer, answer_error
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, filled
from cogs.questions._asking import Draft, ask
from cogs.questions._forms import CHOICES, choice_of


def message_menus(questions: Questions, lectures: Lectures) -> tuple[app_commands.ContextMenu, ...]:
    """Both menus, for the command tree."""

    async def save_as_answer(interaction: Interaction, message: discord.Message) -> None:
        await open_save_form(interaction, questions, message)

    async def ask_about_this(interaction: Interaction, message: discord.Message) -> None:
        await open_about_form(interaction, questions, lectures, message)

    return (
        app_commands.ContextMenu(name=_("Save as answer"), callback=save_as_answer),
        app_commands.ContextMenu(name=_("Ask about this"), callback=ask_about_this),
    )


def source_of(message: discord.Message) -> Source:
    return Source(message.channel.id, message.id)


async def open_save_form(interaction: Interaction, questions: Questions, message: discord.Message) -> None:
    """Offer the questions that the message may answer."""
    replied_to = None if message.reference is None else message.reference.message_id
    offered = await questions.saveable(
        caller_of(interaction), source_of(message), message.content, replied_to=replied_to
    )
    await interaction.response.send_modal(SaveForm(questions, offered, message, reader(interaction)))


class SaveForm(Form):
    """Which question a message answers, the likeliest picked already."""

    def __init__(
        self, questions: Questions, offered: Sequence[Question], message: discord.Message, lang: Language
    ) -> None:
        super().__init__(lang(_("Save as answer")))
        self._questions = questions
        self._message = message
        self._picked = choice_of(offered)
        self._picked.options[0].default = True
        said = lang(_("{name}: {text}"), name=message.author.display_name, text=message.content)
        self.add_item(
            discord.ui.Label(
                text=lang(_("Which question does it answer?")), component=self._picked, description=shortened(said, 99)
            )
        )

    async def submitted(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        source = source_of(self._message) if await _is_there(interaction, self._message) else None
        saved = await self._questions.save(
            caller_of(interaction), int(self._picked.values[0]), source, self._message.content, self._message.author.id
        )
        text = _("{name}'s message is an answer to question #{number} now.")
        if saved.before:
            text = _("{name}'s message was an answer to question #{number} already.")
        elif source is None:
            text = _("The message was deleted meanwhile; its text is saved as {name}'s answer to question #{number}.")
        await answer(interaction, reader(interaction)(text, name=harmless(saved.name), number=saved.question.number))

    async def on_error(self, interaction: Interaction, error: Exception) -> None:  # type: ignore[override]  # as Modal has it
        await answer_error(interaction, error, typed=self._message.content)


async def _is_there(interaction: Interaction, message: discord.Message) -> bool:
    channel = interaction.client.get_partial_messageable(message.channel.id, guild_id=interaction.guild_id)
    try:
        await channel.fetch_message(message.id)
    except discord.NotFound:
        return False
    except discord.HTTPException:
        return True  # we may not look; the person could, a moment ago
    return True


async def open_about_form(
    interaction: Interaction, questions: Questions, lectures: Lectures, message: discord.Message
) -> None:
    """Open the form of a question that links to the message."""
    caller = caller_of(interaction)
    await questions.asking(caller)
    offered = await lectures.choices(caller, "")
    options = [discord.SelectOption(label=shortened(each.label, 99), value=str(each.id)) for each in offered[:CHOICES]]
    await interaction.response.send_modal(AboutForm(questions, message, options, reader(interaction)))


class AboutForm(Form):
    """A question about a message, and of which lecture, if of any."""

    def __init__(
        self,
        questions: Questions,
        message: discord.Message,
        lectures: list[discord.SelectOption],
        lang: Language,
    ) -> None:
        super().__init__(lang(_("Ask about this")))
        self._questions = questions
        self._message = message
        said = lang(_("{name}: {text}"), name=message.author.display_name, text=message.content)
        self._text = self.field(
            lang(_("Question")),
            placeholder=lang(_("What would you like to know? Code and LaTeX are fine.")),
            description=shortened(said, 99),
        )
        self._lecture: discord.ui.Select[AboutForm] | None = None
        if lectures:
            self._lecture = discord.ui.Select(options=lectures, required=False, min_values=0)
            self.add_item(
                discord.ui.Label(text=lang(_("Lecture (none: a question of the day)")), component=self._lecture)
            )

    async def submitted(self, interaction: Interaction) -> None:
        picked = [] if self._lecture is None else self._lecture.values
        draft = Draft(int(picked[0]) if picked else None, message=source_of(self._message))
        await ask(interaction, self._questions, filled(self._text), draft)
