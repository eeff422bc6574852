"""What the bot says in the evening by itself, and the buttons under it."""

from functools import partial
from typing import TYPE_CHECKING, Any

from discord.utils import escape_markdown

from bot.domain.deliveries import Delivery
from bot.i18n import Language, _, language
from bot.jobs.posts import Button, Post, Skip
from bot.services.retro import Nudge, Prompt, Retro, RetroNudges
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, direct_caller_of, reader
from bot.ui.forms import PersistentButton
from cogs.retro._digest import verdict_buttons
from cogs.retro._form import Asking, open_form

if TYPE_CHECKING:
    from bot.client import StudyBot


class EveningButton(PersistentButton, template=r"unused"):
    """A button in the team's channel, or in somebody's direct messages, where its id has the team before all else."""

    @property
    def asking(self) -> Asking:
        """Who presses it, and for which team."""
        team = self.match["team"]
        return caller_of if team is None else partial(direct_caller_of, team_id=int(team))


class WriteButton(EveningButton, template=r"retro:write:(?:(?P<team>\d+):)?(?P<day>\d+):\d+"):
    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        await open_form(interaction, client.services.retro, day_id=self.number("day"), asking=self.asking)


class PassButton(EveningButton, template=r"retro:pass:(?:(?P<team>\d+):)?(?P<day>\d+):\d+"):
    """Lets the day be. Nobody else is told."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        nudges: RetroNudges = client.services.retro_nudges
        day = await nudges.let_be(self.asking(interaction), self.number("day"))
        text = _("Rest well. Day {number} breaks no streak, and you can still write until the day closes.")
        await answer(interaction, reader(interaction)(text, number=day.number))


class DirectButton(EveningButton, template=r"retro:direct:(?:(?P<team>\d+):)?\d+"):
    """Switches the direct message on or off for whoever presses it."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        nudges: RetroNudges = client.services.retro_nudges
        team = await nudges.switch(self.asking(interaction))
        lang = reader(interaction)
        if team is None:
            await answer(interaction, lang(_("I will not send you a message any more. Press again to have one.")))
            return
        on = _("On days you have not written, you get a direct message at {time:time}. Press again to stop it.")
        await answer(interaction, lang(on, time=team.nudge_time))


class Evening:
    """Composes the prompt and the nudge."""

    def __init__(self, retro: Retro, nudges: RetroNudges) -> None:
        self._retro = retro
        self._nudges = nudges

    async def compose_prompt(self, delivery: Delivery) -> Post | Skip:
        prompt = await self._retro.prompt(delivery.team_id, delivery.subject_id)
        if isinstance(prompt, str):
            return Skip(prompt)
        if prompt.members == 0:
            return Skip("nobody is there")
        lang = language(prompt.team.language)
        return Post(
            channel_id=prompt.team.retro_channel_id,
            text=prompt_text(prompt, lang),
            buttons=prompt_buttons(prompt, delivery, lang),
        )

    async def compose_nudge(self, delivery: Delivery) -> Post | Skip:
        nudge = await self._nudges.nudge(delivery)
        if isinstance(nudge, str):
            return Skip(nudge)
        lang = language(nudge.team.language)
        if nudge.direct:
            return Post(text=direct_text(nudge, lang), buttons=_direct_buttons(nudge, delivery, lang))
        return Post(
            channel_id=nudge.team.retro_channel_id,
            text=nudge_text(nudge, lang),
            buttons=(_write_button(nudge.day.id, delivery, lang),),
        )


def prompt_text(prompt: Prompt, lang: Language) -> str:
    """How the day was, and at the end of a week what is to become of its experiment."""
    text = lang(_("Day {number} is done, well done. How was it?"), number=prompt.day.number)
    if prompt.experiment is None:
        return text
    tried = _("This week you tried: {text}. Keep it, change it, or drop it?")
    return f"{text}\n{lang(tried, text=escape_markdown(prompt.experiment.text))}"


def prompt_buttons(prompt: Prompt, delivery: Delivery, lang: Language) -> tuple[Button, ...]:
    """Write first: its id is how the message is recognised."""
    write = _write_button(prompt.day.id, delivery, lang)
    let_be = Button(lang(_("Not today")), f"retro:pass:{prompt.day.id}:{delivery.id}")
    buttons = [write, let_be]
    if prompt.team.nudge_time is not None:
        buttons.append(Button(lang(_("Remind me by DM")), f"retro:direct:{delivery.id}"))
    if prompt.experiment is not None:
        buttons += verdict_buttons(prompt.experiment, delivery, lang)
    return tuple(buttons)


def _write_button(day_id: int, delivery: Delivery, lang: Language) -> Button:
    return Button(lang(_("Write")), f"retro:write:{day_id}:{delivery.id}", "primary")


def _direct_buttons(nudge: Nudge, delivery: Delivery, lang: Language) -> tuple[Button, ...]:
    """All that one can do about the message, where one reads it."""
    team, day = nudge.team.id, nudge.day.id
    return (
        Button(lang(_("Write")), f"retro:write:{team}:{day}:{delivery.id}", "primary"),
        Button(lang(_("Not today")), f"retro:pass:{team}:{day}:{delivery.id}"),
        Button(lang(_("No more messages")), f"retro:direct:{team}:{delivery.id}"),
    )


def nudge_text(nudge: Nudge, lang: Language) -> str:
    """How many have written, and until when one can; nobody is named."""
    if nudge.written == 0:
        first = _("The first word on Day {number} is still to come. Open until {time:time}.")
        return lang(first, number=nudge.day.number, time=nudge.team.cutoff)
    text = _("{written} of {people} have written. Open until {time:time}.")
    return lang(text, written=nudge.written, people=nudge.people, time=nudge.team.cutoff)


def direct_text(nudge: Nudge, lang: Language) -> str:
    """For one person: which day of which team, and until when."""
    text = _("The Day {number} retrospective of {team} is open until {time:time}. It is fine to skip it.")
    return lang(
        text,
        number=nudge.day.number,
        team=escape_markdown(nudge.team.name),
        time=nudge.team.cutoff,
    )


def register(bot: "StudyBot") -> Evening:
    """Make the buttons work."""
    bot.add_dynamic_items(WriteButton, PassButton, DirectButton)
    return Evening(bot.services.retro, bot.services.retro_nudges)
