"""`/session`: the peer session, its agenda, its minutes and its round table."""

from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.attendance import Attendance
from bot.domain.schedules import SESSION_REMINDER
from bot.domain.session import MINUTES_KINDS, NoteDraft, minutes_kind
from bot.i18n import _
from bot.services import Services
from bot.services.deliveries import DAY_OPENING
from bot.services.session import AGENDA, INSTEAD, MINUTES, PROMPT_LIMIT, TEXT_LIMIT, Ahead
from bot.services.session_posts import PART, REPLIES, ROUNDTABLE
from bot.services.turns import BRIEFING
from bot.ui.answers import answer
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.references import ActionRef, LectureRef
from bot.ui.session import KIND_NAMES, day_label
from cogs.session._agenda import EndButton, FinishButton, NextButton, ended_text
from cogs.session._attendance import STATES, PresentButton, ReasonButton, marked_text
from cogs.session._notes import (
    DoneButton,
    NoteButton,
    NoteForm,
    TakeBackButton,
    UndoButton,
    done_text,
    minutes_menu,
    noted_text,
    undone_text,
)
from cogs.session._posts import SessionPosts
from cogs.session._roundtable import CloseButton, ReplyButton

if TYPE_CHECKING:
    from bot.client import StudyBot

_AHEAD: Final[dict[Ahead, str]] = {
    "day off": _("Today is a day off, so this is the session of the next study day, {day:day}."),
    "closed": _("Today is closed already, so this is the session of the next study day, {day:day}."),
}
"""Why a session is not today's."""


class SessionCog(commands.GroupCog, group_name="session", group_description=_("The peer session")):
    def __init__(self, services: Services) -> None:
        self._session = services.session
        self._attendances = services.attendances
        self._minutes = services.minutes
        self._tables = services.round_tables

    @app_commands.command(description=_("Start today's session: its agenda goes into the thread of the day"))
    async def start(self, interaction: Interaction) -> None:
        started = await self._session.start(caller_of(interaction))
        lang = reader(interaction)
        text = lang(
            _(
                "The session of {day} has begun. Its agenda goes into the thread of the day, with buttons to go on, "
                "take minutes and end it."
            ),
            day=day_label(started.day, lang),
        )
        if started.ahead is not None:
            text += "\n" + lang(_AHEAD[started.ahead], day=started.day.date)
        await answer(interaction, text)

    @app_commands.command(description=_("Add something to the minutes"))
    @app_commands.describe(
        text=_("What to note; without it a form opens"),
        kind=_("What it is (a note)"),
        lecture=_("The lecture it is about"),
        owner=_("Who does it (for an action)"),
        due=_("Until when, e.g. tomorrow, 12/3 (for an action)"),
    )
    @app_commands.choices(kind=[app_commands.Choice(name=KIND_NAMES[kind], value=kind) for kind in MINUTES_KINDS])
    async def note(
        self,
        interaction: Interaction,
        text: app_commands.Range[str, 1, TEXT_LIMIT] | None = None,
        kind: str | None = None,
        lecture: LectureRef | None = None,
        owner: discord.Member | None = None,
        due: str | None = None,
    ) -> None:
        chosen = None if kind is None else minutes_kind(kind)
        draft = NoteDraft(chosen, lecture, None if owner is None else owner.id, due)
        caller, lang = caller_of(interaction), reader(interaction)
        if text is None:
            await self._session.check_note(caller, draft)
            await interaction.response.send_modal(NoteForm(self._session, draft, lang))
            return
        await answer(interaction, noted_text(await self._session.note(caller, draft, text), lang))

    @app_commands.command(description=_("Ask everybody something; the replies go into the minutes"))
    @app_commands.describe(prompt=_("What everybody is asked"))
    async def roundtable(self, interaction: Interaction, prompt: app_commands.Range[str, 1, PROMPT_LIMIT]) -> None:
        day = await self._tables.ask(caller_of(interaction), prompt)
        lang = reader(interaction)
        text = lang(_("The question goes into the thread of {day}, with a button to reply."), day=day_label(day, lang))
        await answer(interaction, text)

    @app_commands.command(description=_("Say that you are here, late or not coming; moderators say it of others"))
    @app_commands.describe(state=_("Here, late or not coming"), member=_("Whose attendance (yours)"))
    @app_commands.choices(state=[app_commands.Choice(name=name, value=str(state)) for state, name in STATES.items()])
    async def attendance(self, interaction: Interaction, state: str, member: discord.Member | None = None) -> None:
        caller = caller_of(interaction)
        user_id = caller.user_id if member is None else member.id
        marked = await self._attendances.mark_member(caller, user_id, Attendance(state))
        await answer(interaction, marked_text(marked, caller, reader(interaction)))

    @app_commands.command(description=_("Take back the last entry of the minutes, or the last step of the session"))
    async def undo(self, interaction: Interaction) -> None:
        undone = await self._minutes.undo(caller_of(interaction))
        await answer(interaction, undone_text(undone, reader(interaction)))

    @app_commands.command(description=_("Mark something to do as done; until then it returns on every agenda"))
    @app_commands.describe(action=_("What is done"))
    async def done(self, interaction: Interaction, action: ActionRef) -> None:
        done = await self._minutes.finish(caller_of(interaction), [action])
        await answer(interaction, done_text(done, reader(interaction)))

    @app_commands.command(description=_("No session today: say what there is instead, such as mentoring"))
    @app_commands.describe(text=_("What there is instead; it stands on the page of the day"))
    async def off(self, interaction: Interaction, text: app_commands.Range[str, 1, PROMPT_LIMIT]) -> None:
        day = await self._session.call_off(caller_of(interaction), text)
        lang = reader(interaction)
        said = lang(
            _("There is no session on {day}, and the channel hears why. /session start brings it back."),
            day=day_label(day, lang),
        )
        await answer(interaction, said)

    @app_commands.command(description=_("End today's session: its minutes go into the thread of the day"))
    async def end(self, interaction: Interaction) -> None:
        ended = await self._session.end(caller_of(interaction))
        await answer(interaction, ended_text(ended, reader(interaction)))


async def setup(bot: "StudyBot") -> None:
    posts = SessionPosts(bot.services, bot.clock)
    await bot.add_cog(SessionCog(bot.services))
    bot.tree.add_command(minutes_menu())
    bot.add_dynamic_items(NextButton, EndButton, FinishButton, NoteButton, UndoButton, TakeBackButton, DoneButton)
    bot.add_dynamic_items(PresentButton, ReasonButton, ReplyButton, CloseButton)
    bot.dispatcher.compose(DAY_OPENING, posts.compose_opening)
    bot.dispatcher.compose(PART, posts.compose_part)
    bot.dispatcher.compose(ROUNDTABLE, posts.compose_roundtable)
    bot.dispatcher.compose(REPLIES, posts.compose_replies)
    bot.dispatcher.compose(MINUTES, posts.compose_minutes)
    bot.dispatcher.compose(INSTEAD, posts.compose_instead)
    bot.dispatcher.compose(SESSION_REMINDER, posts.compose_reminder)
    bot.dispatcher.draw(AGENDA, posts.draw_agenda)
    bot.dispatcher.draw(BRIEFING, posts.draw_briefing)
