"""`/calendar`: study days, days off, and the month."""

import logging
from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.announcer import buttons_view
from bot.clock import Clock
from bot.domain.calendar import DayOff, DayOffKind
from bot.domain.deliveries import Delivery
from bot.domain.holidays import HOLIDAY_NOTICE
from bot.domain.month import CalendarDay, Month
from bot.i18n import Language, _, language
from bot.jobs.posts import Post, Skip
from bot.pictures.month import month_alt, month_name, month_picture, turn_texts
from bot.services.calendar import Calendar
from bot.services.changed_days import CalendarChange
from bot.services.holidays import HolidayNotice, Holidays, PostedNotice
from bot.services.moved_days import Moved
from bot.ui.answers import NOBODY, answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import PersistentButton
from bot.ui.holidays import (
    HOLIDAY_BUTTON,
    decided_notice_text,
    decided_text,
    holidays_text,
    notice_buttons,
    notice_post,
)
from bot.ui.pictures import answer_with_picture, takes_pictures
from bot.ui.undo import Act, ask_first

if TYPE_CHECKING:
    from bot.client import StudyBot

log = logging.getLogger(__name__)


class CalendarCog(commands.GroupCog, group_name="calendar", group_description=_("Study days and days off")):
    def __init__(self, calendar: Calendar, holidays: Holidays, clock: Clock) -> None:
        self._calendar = calendar
        self._holidays = holidays
        self._clock = clock

    @app_commands.command(description=_("A month: study days with their numbers, days off, duties"))
    @app_commands.describe(
        month=_("Which month, e.g. 2026-12 or 12 (this month)"), text=_("In words instead of a picture")
    )
    async def show(self, interaction: Interaction, month: str | None = None, text: bool = False) -> None:
        shown = await self._calendar.show(caller_of(interaction), month)
        lang = reader(interaction)
        if text or not takes_pictures(interaction):
            await answer(interaction, month_text(shown, lang), file_name="calendar.md")
        else:
            draw = partial(month_picture, shown, lang)
            await answer_with_picture(interaction, month_head(shown, lang), draw, month_alt(shown, lang), "calendar")

    @app_commands.command(description=_("Make a date a day off"))
    @app_commands.describe(date=_("Which date, e.g. 2026-12-03, 12/3 or tomorrow"), label=_("Why, e.g. Team trip"))
    async def off(self, interaction: Interaction, date: str, label: str | None = None) -> None:
        await ask_first(
            interaction,
            Act(
                do=partial(self._calendar.off, typed=date, label=label),
                question=sure_text,
                told=partial(change_text, head=_("{day} is a day off now.")),
                label=_("Take it off"),
                harmless=lambda changed: not changed.moved,
                then=self._redraw_notice,
            ),
        )

    @app_commands.command(description=_("Make a date a study day, or take back a day off"))
    @app_commands.describe(date=_("Which date, e.g. 2026-12-03, 12/3 or tomorrow"), label=_("Why, e.g. Extra session"))
    async def on(self, interaction: Interaction, date: str, label: str | None = None) -> None:
        changed = await self._calendar.on(caller_of(interaction), date, label)
        await self._answer(interaction, changed, _("{day} is a study day now."))
        await self._redraw_notice(interaction, changed)

    @app_commands.command(description=_("Set Day 1; days already closed keep their numbers"))
    @app_commands.describe(date=_("Day 1, e.g. 2026-12-03"))
    async def start(self, interaction: Interaction, date: str) -> None:
        changed = await self._calendar.start(caller_of(interaction), date)
        await self._answer(interaction, changed, _("Day 1 is set. Days already closed keep their numbers."))

    @app_commands.command(description=_("Set the days of the week on which the team studies"))
    @app_commands.describe(days=_("Which days, e.g. mon-fri or mon,wed,fri"))
    async def weekdays(self, interaction: Interaction, days: str) -> None:
        changed = await self._calendar.weekdays(caller_of(interaction), days)
        await self._answer(interaction, changed, _("The study days of the week are set."))

    @app_commands.command(description=_("The coming public holidays, or choose whose are days off"))
    @app_commands.describe(country=_("Country code, e.g. KR, or off; without it they are listed"))
    async def holidays(self, interaction: Interaction, country: str | None = None) -> None:
        if country is None:
            coming = await self._holidays.coming(caller_of(interaction))
            await answer(interaction, holidays_text(coming, reader(interaction)))
            return
        changed = await self._calendar.holidays(caller_of(interaction), country)
        await self._answer(interaction, changed, _("The public holidays are set."))

    async def _answer(self, interaction: Interaction, changed: CalendarChange, head: str) -> None:
        await answer(interaction, change_text(changed, reader(interaction), head))

    async def _redraw_notice(self, interaction: Interaction, changed: CalendarChange) -> None:
        """The notice of a holiday says what was decided of it, also where it was not decided with its buttons."""
        if changed.changed is not None:
            await _redraw_posted(interaction, await self._holidays.posted(caller_of(interaction), changed.changed))

    @commands.Cog.listener()
    async def on_taken_back(self, interaction: Interaction, change_id: int) -> None:
        """So does the notice of one on which a decision was taken back."""
        await _redraw_posted(interaction, await self._holidays.posted_of_change(caller_of(interaction), change_id))

    async def compose_holiday_notice(self, delivery: Delivery) -> Post | Skip:
        notice = await self._holidays.notice(delivery, self._clock.now())
        if notice is None:
            return Skip("no holiday is taken off any more")
        return notice_post(notice, delivery, language(notice.team.language))


class HolidayButton(PersistentButton, template=HOLIDAY_BUTTON):
    """Rest or study on holidays. Pressed in the moderators' channel, so the team stands in its id."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        holidays: Holidays = client.services.holidays
        caller, lang, team_id = caller_of(interaction), reader(interaction), self.number("team")
        first, last = date.fromisoformat(self.match["first"]), date.fromisoformat(self.match["last"])
        notice_id = self.number("delivery")
        if self.match["choice"] == "study":
            decided = await holidays.study(caller, team_id, first, notice_id)
        else:
            decided = await holidays.rest(caller, team_id, first, last, notice_id)
        await _redraw(interaction, decided.notice, notice_id)
        lines = [decided_text(decided, first, last, lang)]
        if decided.days:
            lines += consequences(decided.change, lang)
        await answer(interaction, "\n".join(lines))


async def _redraw(interaction: Interaction, notice: HolidayNotice | None, delivery_id: int) -> None:
    """Show in the notice itself what was decided, so that nobody reads yesterday's state in it."""
    if notice is None or not notice.holidays:
        return
    await interaction.response.edit_message(**_as_decided(interaction, notice, delivery_id))


async def _redraw_posted(interaction: Interaction, posted: PostedNotice | None) -> None:
    """The same where it was not decided with its buttons."""
    if posted is None:
        return
    channel = interaction.client.get_partial_messageable(posted.channel_id, guild_id=interaction.guild_id)
    try:
        await channel.get_partial_message(posted.message_id).edit(
            **_as_decided(interaction, posted.notice, posted.delivery_id)
        )
    except discord.HTTPException:
        told = {"delivery": posted.delivery_id}
        log.warning("The notice of delivery %(delivery)s could not be edited", told, exc_info=True)


def _as_decided(interaction: Interaction, notice: HolidayNotice, delivery_id: int) -> dict[str, Any]:
    lang = language(notice.team.language)
    return {
        "content": decided_notice_text(notice, interaction.user.id, lang),
        "view": buttons_view(notice_buttons(notice, delivery_id, lang, decided=True)),
        "allowed_mentions": NOBODY,
    }


def change_text(changed: CalendarChange, lang: Language, head: str) -> str:
    """What was changed, what moved because of it, and where the team stands now."""
    day = "" if changed.changed is None else lang.day(changed.changed)
    return "\n".join([lang(head, day=day), *consequences(changed, lang)])


def sure_text(changed: CalendarChange, lang: Language) -> str:
    """Asks before a date is a day off, with what would move."""
    lines = [lang(_("Make {day} a day off?"), day="" if changed.changed is None else lang.day(changed.changed))]
    text = _("{lecture} would move: studied {study:day}, presented {session:day}.")
    return "\n".join([*lines, *(_moved_line(text, moved, lang) for moved in changed.moved)])


def consequences(changed: CalendarChange, lang: Language) -> list[str]:
    """What moved because of a change, and where the team stands now, a line each."""
    text = _("{lecture} moved: studied {study:day}, presented {session:day}.")
    lines = [_moved_line(text, moved, lang) for moved in changed.moved]
    is_today = changed.next_day == changed.today
    coming = _("Today is {day:day}, Day {n}.") if is_today else _("The coming study day is {day:day}, Day {n}.")
    lines.append(lang(coming, day=changed.next_day, n=changed.next_number))
    return lines


def _moved_line(text: str, moved: Moved, lang: Language) -> str:
    lecture = escape_markdown(moved.lecture)
    return "- " + lang(text, lecture=lecture, study=moved.study_date, session=moved.session_date)


def month_head(month: Month, lang: Language) -> str:
    """What stands above the picture: the month, where the team stands in it, and how to read it in words."""
    lines = [f"### {month_name(month, lang)}"]
    lines += [
        lang(_("Today is {day:day}, Day {n}."), day=day.date, n=day.number)
        for day in month.study_days
        if day.date == month.today
    ]
    return "\n".join([*lines, "-# " + lang(_("In words: /calendar show text:True"))])


def month_text(month: Month, lang: Language) -> str:
    """The month as a list, a line a day; weekends and other usual days off are left out."""
    lines = [f"**{month_name(month, lang)}**"]
    lines += "\n\n".join(_weeks(month, lang)).splitlines()
    if not month.study_days:
        lines.append(lang(_("No study day in this month.")))
    return "\n".join(lines)


def _weeks(month: Month, lang: Language) -> Iterator[str]:
    """The lines of each week that has any."""
    for _week, days in groupby(month.days, key=lambda day: day.date.isocalendar().week):
        lines = [day_line(day, lang, today=day.date == month.today) for day in days]
        if any(lines):
            yield "\n".join(line for line in lines if line)


def day_line(day: CalendarDay, lang: Language, *, today: bool) -> str:
    """`11/24 Tue` Day 28 · 하린 moderates · 5강 은우. Empty for usual days off, unless it is today."""
    parts = [_number_or_reason(day, lang), escape_markdown(day.label) if day.number else ""]
    parts += [escape_markdown(text) for text in turn_texts(day, lang)]
    if today:
        parts.append(lang(_("**today**")))
    text = " · ".join(part for part in parts if part)
    return f"`{lang.day(day.date)}` {text}" if text else ""


def _number_or_reason(day: CalendarDay, lang: Language) -> str:
    if day.number:
        return lang(_("Day {n}"), n=day.number)
    return reason_text(day.off, lang) if day.off else ""


def reason_text(off: DayOff, lang: Language) -> str:
    """Why a date is no study day, as far as it needs saying."""
    if off.kind in {DayOffKind.WEEKDAY, DayOffKind.BEFORE_START}:
        return ""
    return lang(_("day off: {label}"), label=escape_markdown(off.label)) if off.label else lang(_("day off"))


async def setup(bot: "StudyBot") -> None:
    cog = CalendarCog(bot.services.calendar, bot.services.holidays, bot.clock)
    await bot.add_cog(cog)
    bot.add_dynamic_items(HolidayButton)
    bot.dispatcher.compose(HOLIDAY_NOTICE, cog.compose_holiday_notice)
