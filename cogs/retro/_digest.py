"""The week's digest: its text, the experiment that is chosen with it, and what is said of one."""

import io
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.announcer import buttons_view
from bot.clock import Clock
from bot.domain.deliveries import Delivery
from bot.domain.retro_week import EXPERIMENT_LIMIT, Experiment, OpenAction, Said, Verdict, Week
from bot.i18n import Language, _, language
from bot.jobs.posts import Button, Post, Skip, TextFile
from bot.pictures.week import week_alt, week_dates, week_lines, week_picture
from bot.services.retro import Choice, RetroExperiments, RetroWeeks
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton, filled
from bot.ui.pictures import answer_with_picture, takes_pictures
from bot.ui.session import Quote, escaped, within_a_message

if TYPE_CHECKING:
    from bot.client import StudyBot

VERDICTS = {Verdict.KEEP: _("Keep it"), Verdict.CHANGE: _("Change it"), Verdict.DROP: _("Drop it")}


def week_text(week: Week, lang: Language, quote: Quote) -> str:
    """The week in words: how far everybody came, what is tried out, what is left, and what was written."""
    sections = [
        "\n".join(_head(week, lang, quote)),
        _actions(week.actions, lang, quote),
        *(_answers(question, said, lang, quote) for question, said in week.answers),
    ]
    return "\n\n".join(section for section in sections if section)


def _head(week: Week, lang: Language, quote: Quote) -> list[str]:
    first, last = week.days[0], week.days[-1]
    several = _("Day {first} to {last}") if len(week.days) > 1 else _("Day {first}")
    days = lang(several, first=first.number, last=last.number)
    head = _("**Looking back on the week** · {dates} · {days}")
    lines = [lang(head, dates=week_dates(week, lang), days=days)]
    counts = (f"{lang.weekday(day.date.weekday())} {day.written}/{day.people}" for day in week.days)
    lines.append(lang(_("Retrospectives: {counts}"), counts=" · ".join(counts)))
    lines.append(
        lang(
            _("Questions: {asked}, answered: {answered} · handed in: {handed_in}"),
            asked=sum(day.asked for day in week.days),
            answered=sum(day.answered for day in week.days),
            handed_in=sum(day.handed_in for day in week.days),
        )
    )
    if week.together > 1:
        together = _("The team: everybody who was there has written, {count} study days in a row.")
        lines.append(lang(together, count=week.together))
    return [*lines, *_experiments(week, lang, quote)]


def _experiments(week: Week, lang: Language, quote: Quote) -> list[str]:
    lines: list[str] = []
    if week.tried is not None:
        said = " · ".join(f"{lang(label)} {week.tried.verdicts.get(verdict, 0)}" for verdict, label in VERDICTS.items())
        text = _("This week's experiment: {text} ({said})")
        lines.append(lang(text, text=quote(week.tried.text), said=said))
    if week.chosen is not None:
        lines.append(lang(_("Next week's experiment: {text}"), text=quote(week.chosen.text)))
    return lines


def _actions(actions: tuple[OpenAction, ...], lang: Language, quote: Quote) -> str:
    if not actions:
        return ""
    lines = [f"**{lang(_('To do'))}**"]
    for action in actions:
        parts = [_item(action.text, quote)]
        if action.owner is not None:
            parts.append(lang(_("by {name}"), name=quote(action.owner)))
        if action.due is not None:
            parts.append(lang(_("until {due:day}"), due=action.due))
        lines.append(" · ".join(parts))
    return "\n".join(lines)


def _answers(question: str, said: tuple[Said, ...], lang: Language, quote: Quote) -> str:
    title = quote(question) or lang(_("How the days were"))
    return "\n".join([f"**{title}**", *(_answer(each, lang, quote) for each in said)])


def _answer(said: Said, lang: Language, quote: Quote) -> str:
    author = lang(_("Anonymous")) if said.author is None else lang(_("{name}"), name=quote(said.author))
    return _item(f"{author} ({lang.weekday(said.day.weekday())}): ", str) + quote(said.text).replace("\n", "\n  ")


def _item(text: str, quote: Quote) -> str:
    """A list item; further lines stay in it."""
    return "- " + quote(text).replace("\n", "\n  ")


def digest(week: Week, lang: Language) -> tuple[str, TextFile | None]:
    """The text as a message takes it, and a file with all of it where it is longer."""
    names = {member.user_id: member.name for member in week.members}
    name = f"day{week.last.number}-week.md"
    return within_a_message(lambda quote: week_text(week, lang, quote), names, name, lang)


def week_buttons(week: Week, delivery_id: int, lang: Language) -> tuple[Button, ...]:
    """Look at the week; choose what comes next, but not with a day that nobody has used, which has no id yet."""
    look = Button(lang(_("See it as a picture")), f"retro:week:{week.last.date}:{delivery_id}")
    if not week.last.id:
        return (look,)
    choose = Button(lang(_("Choose an experiment")), f"retro:experiment:{week.last.id}:{delivery_id}", "primary")
    return (choose, look)


def verdict_buttons(experiment: Experiment, delivery: Delivery, lang: Language) -> tuple[Button, ...]:
    return tuple(
        Button(lang(label), f"retro:verdict:{experiment.id}:{verdict}:{delivery.id}")
        for verdict, label in VERDICTS.items()
    )


class ExperimentForm(Form):
    """One thing to try out next week."""

    def __init__(self, experiments: RetroExperiments, day_id: int, choice: Choice, lang: Language) -> None:
        super().__init__(lang(_("Next week's experiment")))
        self._experiments = experiments
        self._day_id = day_id
        self._text = self.field(
            lang(_("One thing to try out")),
            value=choice.text,
            placeholder=lang(_("e.g. Everybody asks one question before the session")),
            long=False,
            limit=EXPERIMENT_LIMIT,
            description=lang(
                _("From {day:day} on. It heads the week's agendas; at its end you are asked about it."),
                day=choice.week,
            ),
        )

    async def submitted(self, interaction: Interaction) -> None:
        chosen = await self._experiments.choose(caller_of(interaction), self._day_id, filled(self._text))
        text = _("The experiment from {day:day} on is: {text}. The team is told.")
        await answer(interaction, reader(interaction)(text, day=chosen.week, text=escaped(chosen.text)))


class ExperimentButton(PersistentButton, template=r"retro:experiment:(?P<day>\d+):\d+"):
    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        experiments: RetroExperiments = client.services.retro_experiments
        choice = await experiments.choice(caller_of(interaction), self.number("day"))
        form = ExperimentForm(experiments, self.number("day"), choice, reader(interaction))
        await interaction.response.send_modal(form)


class VerdictButton(PersistentButton, template=r"retro:verdict:(?P<experiment>\d+):(?P<verdict>keep|change|drop):\d+"):
    """Says what is to become of the experiment. How many say what stands in the digest, without names."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        experiments: RetroExperiments = client.services.retro_experiments
        verdict = Verdict(self.match["verdict"])
        judged = await experiments.judge(caller_of(interaction), self.number("experiment"), verdict)
        lang = reader(interaction)
        text = _("Noted for {text}: {verdict}. Press another one to change it; the digest shows counts only.")
        await answer(interaction, lang(text, text=escaped(judged.text), verdict=lang(VERDICTS[verdict])))


class WeekEnd:
    """Composes the digest, and the news of the experiment that was chosen."""

    def __init__(self, weeks: RetroWeeks, experiments: RetroExperiments, clock: Clock) -> None:
        self._weeks = weeks
        self._experiments = experiments
        self._clock = clock

    async def compose_digest(self, delivery: Delivery) -> Post | Skip:
        week = await self._weeks.digest(delivery.team_id, delivery.subject_id, self._clock.now())
        if week.written == 0:
            return Skip("nobody has written this week")
        lang = language(week.team.language)
        text, file = digest(week, lang)
        buttons = week_buttons(week, delivery.id, lang)
        return Post(channel_id=week.team.retro_channel_id, text=text, file=file, buttons=buttons)

    async def compose_chosen(self, delivery: Delivery) -> Post:
        chosen = await self._experiments.chosen(delivery.subject_id)
        lang = language(chosen.team.language)
        text = _("The experiment from {day:day} on: {text} (written by {name})")
        said = lang(text, day=chosen.experiment.week, text=escaped(chosen.experiment.text), name=escaped(chosen.author))
        return Post(channel_id=chosen.team.retro_channel_id, text=said)


class WeekButton(PersistentButton, template=r"retro:week:(?P<day>\d{4}-\d\d-\d\d):\d+"):
    """Shows the week of a day as a picture."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        weeks: RetroWeeks = client.services.retro_weeks
        await answer_with_picture_of(interaction, await weeks.week(caller_of(interaction), self.match["day"]))


async def answer_with_picture_of(interaction: Interaction, week: Week) -> None:
    """The week as a picture, or in the same words where the bot may not attach files."""
    lang = reader(interaction)
    if not takes_pictures(interaction):
        await answer(interaction, "\n".join(escaped(line) for line in week_lines(week, lang)), file_name="week.md")
        return
    head = lang(_("The week at a glance; in words it is in the picture's description."))
    draw = partial(week_picture, week, lang)
    await answer_with_picture(interaction, head, draw, week_alt(week, lang), f"day{week.last.number}-week")


async def answer_with_week(interaction: Interaction, week: Week) -> None:
    """The week for one person, with the buttons under it."""
    lang = reader(interaction)
    text, file = digest(week, lang)
    attached = None if file is None else discord.File(io.BytesIO(file.text.encode()), file.name)
    view = buttons_view(week_buttons(week, 0, lang))
    await answer(interaction, text, file=attached, view=view, previews=False)


def register(bot: "StudyBot") -> WeekEnd:
    """Make the buttons work."""
    bot.add_dynamic_items(ExperimentButton, VerdictButton, WeekButton)
    return WeekEnd(bot.services.retro_weeks, bot.services.retro_experiments, bot.clock)
