"""`/today`: the day at a glance."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.calendar import DayOffKind
from bot.i18n import Language, _
from bot.services.gaps import Lack
from bot.services.today import Deadline, Glance, Lacking, Today
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader

if TYPE_CHECKING:
    from bot.client import StudyBot

LACKS: Mapping[Lack, str] = {
    Lack.LECTURES: _("today's lecture: /lecture add"),
    Lack.NOTES: _("notes on {lectures}: /lecture note"),
    Lack.PRESENTERS: _("a presenter for {lectures}: /rotation assign"),
    Lack.MINUTES: _("minutes: /session note"),
    Lack.RETROSPECTIVE: _("your retrospective: /retro write"),
}


class TodayCog(commands.Cog):
    def __init__(self, today: Today) -> None:
        self._today = today

    @app_commands.command(description=_("The day at a glance: lectures, duties, deadlines, open questions"))
    async def today(self, interaction: Interaction) -> None:
        glance = await self._today.glance(caller_of(interaction))
        await answer(interaction, glance_text(glance, reader(interaction)))


def glance_text(glance: Glance, lang: Language) -> str:
    """The day, a line or a short list for each part; parts with nothing in them are left out."""
    return "\n".join(line for part in (_pause, _head, _lectures, _duties, _rest, _lacks) for line in part(glance, lang))


def _pause(glance: Glance, lang: Language) -> Iterator[str]:
    if glance.pause is not None and glance.pause.until is not None:
        yield lang(_("⏸️ Messages are paused until {until:moment}."), until=glance.pause.until)
    elif glance.pause is not None:
        yield lang(_("⏸️ Messages are paused until a moderator resumes them."))


def _head(glance: Glance, lang: Language) -> Iterator[str]:
    if glance.off is not None:
        if glance.off.kind is DayOffKind.BEFORE_START:
            yield lang(_("The study has not begun yet. Day 1 comes next:"))
        elif glance.off.label:
            yield lang(_("Today is a day off ({label}). The next study day:"), label=escape_markdown(glance.off.label))
        else:
            yield lang(_("Today is a day off. The next study day:"))
    title = f" {escape_markdown(glance.title)}" if glance.title else ""
    yield lang(_("**Day {n}{title}** · {day:day}"), n=glance.number, title=title, day=glance.date)


def _lectures(glance: Glance, lang: Language) -> Iterator[str]:
    if glance.studied:
        yield lang(_("Studied: {lectures}"), lectures=escape_markdown(", ".join(glance.studied)))


def _duties(glance: Glance, lang: Language) -> Iterator[str]:
    if glance.session_time is not None:
        yield lang(_("Peer session {session:time}"), session=glance.session_time)
    if glance.presented:
        items = [_presented(item.lecture, item.presenter, lang) for item in glance.presented]
        yield lang(_("Presented: {presentations}"), presentations=escape_markdown(" · ".join(items)))
    if glance.moderator:
        yield lang(_("Moderator: {name}"), name=escape_markdown(glance.moderator))


def _presented(lecture: str, presenter: str | None, lang: Language) -> str:
    return lecture if presenter is None else lang(_("{lecture} {name}"), lecture=lecture, name=presenter)


def _rest(glance: Glance, lang: Language) -> Iterator[str]:
    if glance.deadlines:
        yield lang(_("Deadlines:"))
        yield from (_deadline(item, lang) for item in glance.deadlines)
    if glance.open_questions:
        yield lang(_("Open questions: {count}"), count=glance.open_questions)


def _deadline(item: Deadline, lang: Language) -> str:
    text = _("- A{number} {title}, {due:moment} ({stamp})")
    line = lang(
        text,
        number=item.number,
        title=escape_markdown(item.title),
        due=item.due,
        stamp=f"<t:{int(item.due.timestamp())}:R>",
    )
    if item.done:
        return line + lang(_(", handed in"))
    if item.past and item.done is False:
        return line + lang(_(", over and not handed in"))
    return line


def _lacks(glance: Glance, lang: Language) -> Iterator[str]:
    if glance.lacking:
        yield ""
        yield lang(_("The page of the day still lacks:"))
        yield from (f"- {_lack(item, lang)}" for item in glance.lacking)


def _lack(item: Lacking, lang: Language) -> str:
    return lang(LACKS[item.what], lectures=escape_markdown(", ".join(item.lectures)))


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(TodayCog(bot.services.today))
