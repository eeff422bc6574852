"""`/rotation`: whose turn it is, and the announcement of the next study day's duties."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands
from discord.utils import escape_markdown

from bot.clock import Clock
from bot.domain.deliveries import Delivery
from bot.domain.rotation import MODERATOR, PRESENTER
from bot.domain.schedules import ROTATION_ANNOUNCEMENT
from bot.domain.team import Member
from bot.i18n import Language, _, language
from bot.jobs.posts import Post, Skip, TextFile
from bot.services.rotation import Announcement, Assignment, DayTurns, PastTurn, Presentation, Rotation
from bot.ui.answers import MESSAGE_LIMIT, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.references import LectureRef

if TYPE_CHECKING:
    from bot.client import StudyBot

DUTIES = [
    app_commands.Choice(name=locale_str(_("moderator")), value=MODERATOR),
    app_commands.Choice(name=locale_str(_("presenter")), value=PRESENTER),
]


class RotationCog(commands.GroupCog, group_name="rotation", group_description=_("Whose turn it is")):
    def __init__(self, rotation: Rotation, clock: Clock) -> None:
        self._rotation = rotation
        self._clock = clock

    @app_commands.command(description=_("The next turns, exactly as they will happen"))
    @app_commands.describe(count=_("How many study days (5)"))
    async def show(self, interaction: Interaction, count: app_commands.Range[int, 1, 30] = 5) -> None:
        days = await self._rotation.show(caller_of(interaction), count)
        await answer(interaction, turns_text(days, reader(interaction)), file_name="rotation.md")

    @app_commands.command(description=_("Give a duty to somebody; whoever had it is replaced"))
    @app_commands.describe(
        duty=_("Which duty"),
        member=_("Whom"),
        date=_("Day, e.g. 12/3 (today, or the day on which the lecture is presented)"),
        lecture=_("For a presenter: which lecture"),
    )
    @app_commands.choices(duty=DUTIES)
    async def assign(
        self,
        interaction: Interaction,
        duty: Literal["moderator", "presenter"],
        member: discord.Member,
        date: str | None = None,
        lecture: LectureRef | None = None,
    ) -> None:
        done = await self._rotation.assign(caller_of(interaction), duty, member.id, date, lecture)
        await answer(interaction, assigned_text(done, reader(interaction)))

    @app_commands.command(description=_("Who did what, and when"))
    @app_commands.describe(member=_("Whose turns (everybody's)"))
    async def history(self, interaction: Interaction, member: discord.Member | None = None) -> None:
        turns = await self._rotation.history(caller_of(interaction), None if member is None else member.id)
        await answer(interaction, history_text(turns, reader(interaction)), file_name="rotation.md")

    async def compose_announcement(self, delivery: Delivery) -> Post | Skip:
        """The duties of the study day after the one on which they are announced."""
        said = await self._rotation.announce(delivery.team_id, delivery.subject_id, self._clock.now())
        if said is None:
            return Skip("nobody is on the roster, or the day is over")
        lang = language(said.team.language)
        pinged = named_in(said.turns)
        text = announcement_text(said, lang)
        pings = " ".join(f"<@{user_id}>" for user_id in pinged)
        channel_id = said.team.reminder_channel_id
        if len(text) + len(pings) < MESSAGE_LIMIT:
            return Post(channel_id=channel_id, text=f"{text}\n{pings}", mentions=pinged)
        head = lang(_("{when}: the duties are in the file."), when=when_text(said, lang))
        return Post(channel_id=channel_id, text=f"{head}\n{pings}", mentions=pinged, file=TextFile("rotation.md", text))


def named_in(turns: DayTurns) -> tuple[int, ...]:
    """Discord users who have a duty, each once."""
    everybody = [turns.moderator, *(item.presenter for item in turns.presentations)]
    return tuple(dict.fromkeys(member.user_id for member in everybody if member is not None))


def announcement_text(said: Announcement, lang: Language) -> str:
    """`내일(11/24 화, Day28) 모더레이터는 하린님, 발표는 5강 은우님 · 6강 지안님이에요.`"""
    presented = [item for item in said.turns.presentations if item.presenter is not None]
    text = _("{when}: {moderator} moderates; {presenters} present.")
    if not presented:
        text = _("{when}: {moderator} moderates.")
    elif len(presented) == 1:
        text = _("{when}: {moderator} moderates; {presenters} presents.")
    return lang(
        text,
        when=when_text(said, lang),
        moderator=shown_name(said.turns.moderator),
        presenters=presenters_text(presented, lang),
    )


def when_text(said: Announcement, lang: Language) -> str:
    """Which day it is, called tomorrow only where it is."""
    names = {
        said.today: _("Today ({date:day}, Day {number})"),
        said.today + timedelta(days=1): _("Tomorrow ({date:day}, Day {number})"),
    }
    name = names.get(said.turns.date, _("The next study day ({date:day}, Day {number})"))
    return lang(name, date=said.turns.date, number=said.turns.number)


def presenters_text(presented: Iterable[Presentation], lang: Language) -> str:
    """`5강 은우님 · 6강 지안님`"""
    each = [
        lang(_("{lecture} {name}"), lecture=escape_markdown(item.lecture), name=shown_name(item.presenter))
        for item in presented
    ]
    text = each[0] if each else ""
    for presenter in each[1:]:
        text = lang(_("{presenters}, {presenter}"), presenters=text, presenter=presenter)
    return text


def shown_name(member: Member | None) -> str:
    return "—" if member is None else escape_markdown(member.name)


def turns_text(days: Sequence[DayTurns], lang: Language) -> str:
    """A paragraph for each study day."""
    if all(day.moderator is None for day in days):
        return lang(_("Nobody is on the roster yet, so there are no turns. Add people with /roster add."))
    return "\n".join(day_text(day, lang) for day in days)


def day_text(day: DayTurns, lang: Language) -> str:
    presenters = presenters_text(day.presentations, lang)
    text = _("- **Day {number}** {date:day}: {moderator} moderates; presenting: {presenters}")
    if not day.presentations:
        text = _("- **Day {number}** {date:day}: {moderator} moderates")
    return lang(text, number=day.number, date=day.date, moderator=shown_name(day.moderator), presenters=presenters)


def assigned_text(done: Assignment, lang: Language) -> str:
    """Who has the duty now, who had it before, and what else they have that day."""
    values = {"name": shown_name(done.member), "date": done.date, "number": done.number}
    if done.lecture is None:
        lines = [lang(_("{name} moderates on {date:day} (Day {number})."), **values)]
    else:
        lecture = escape_markdown(done.lecture)
        lines = [lang(_("{name} presents {lecture} on {date:day} (Day {number})."), lecture=lecture, **values)]
    if done.before is not None:
        lines.append(lang(_("It was {name}'s turn before."), name=shown_name(done.before)))
    if done.others:
        duties = [duty_text(duty, lecture, lang) for duty, lecture in done.others]
        text = _("⚠️ {name} has another duty that day: {duties}.")
        lines.append(lang(text, name=shown_name(done.member), duties=", ".join(duties)))
    return "\n".join(lines)


def duty_text(duty: str, lecture: str | None, lang: Language) -> str:
    if duty == MODERATOR:
        return lang(_("moderator"))
    if lecture is None:
        return lang(_("presenter"))
    return lang(_("presenter of {lecture}"), lecture=escape_markdown(lecture))


def history_text(turns: Sequence[PastTurn], lang: Language) -> str:
    """A line for each turn; those that were given to somebody else are struck through."""
    if not turns:
        return lang(_("No turns yet. They are settled when a day's duties are announced."))
    return "\n".join(past_text(turn, lang) for turn in turns)


def past_text(turn: PastTurn, lang: Language) -> str:
    text = _("- {date:day} {duty}: ~~{name}~~ (replaced)") if turn.replaced else _("- {date:day} {duty}: {name}")
    duty = duty_text(turn.duty, turn.lecture, lang)
    return lang(text, date=turn.date, duty=duty, name=shown_name(turn.member))


async def setup(bot: "StudyBot") -> None:
    cog = RotationCog(bot.services.rotation, bot.clock)
    await bot.add_cog(cog)
    bot.dispatcher.compose(ROTATION_ANNOUNCEMENT, cog.compose_announcement)
