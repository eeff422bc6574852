"""`/session`: the peer session, its agenda, its minutes and its round table."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.domain.deliveries import Delivery
from bot.domain.questions import shortened
from bot.domain.schedules import SESSION_NOTICE, SESSION_REMINDER
from bot.domain.session import MINUTES_KINDS, NoteDraft, minutes_kind, thread_name
from bot.i18n import Language, _, language
from bot.jobs.posts import Button, Post, Skip
from bot.services.boards import Board
from bot.services.deliveries import DAY_OPENING
from bot.services.session import AGENDA, MINUTES, PROMPT_LIMIT, ROUNDTABLE, TEXT_LIMIT, Noted, Question, Session
from bot.services.turns import BRIEFING
from bot.ui.answers import answer
from bot.ui.briefing import briefing_blocks
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.forms import Form, PersistentButton, filled
from bot.ui.references import LectureRef
from bot.ui.session import (
    KIND_NAMES,
    agenda_text,
    day_label,
    escaped,
    minutes_text,
    next_day_text,
    opening_text,
    pinged,
    reminder_text,
    within_a_message,
)

if TYPE_CHECKING:
    from bot.client import StudyBot


class SessionCog(commands.GroupCog, group_name="session", group_description=_("The peer session")):
    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    @app_commands.command(description=_("Start today's session: its agenda goes into the thread of the day"))
    async def start(self, interaction: Interaction) -> None:
        started = await self._session.start(caller_of(interaction))
        lang = reader(interaction)
        text = lang(
            _(
                "The session of {day} has begun; its agenda goes into the thread of the day. "
                "Take minutes with /session note and end it with /session end."
            ),
            day=day_label(started.day, lang),
        )
        if started.ahead:
            text += "\n" + lang(
                _("Today is a day off, so this is the session of the next study day, {day:day}."), day=started.day.date
            )
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
            await open_note_form(interaction, self._session, draft)
            return
        await answer(interaction, noted_text(await self._session.note(caller, draft, text), lang))

    @app_commands.command(description=_("Ask everybody something; the replies go into the minutes"))
    @app_commands.describe(prompt=_("What everybody is asked"))
    async def roundtable(self, interaction: Interaction, prompt: app_commands.Range[str, 1, PROMPT_LIMIT]) -> None:
        day = await self._session.ask_around(caller_of(interaction), prompt)
        lang = reader(interaction)
        text = lang(_("The question goes into the thread of {day}, with a button to reply."), day=day_label(day, lang))
        await answer(interaction, text)

    @app_commands.command(description=_("End today's session: its minutes go into the thread of the day"))
    async def end(self, interaction: Interaction) -> None:
        ended = await self._session.end(caller_of(interaction))
        lang = reader(interaction)
        text = lang(
            _("The session of {day} is over, well done. Its minutes go into the thread of the day."),
            day=day_label(ended.day, lang),
        )
        if ended.next_day is not None:
            text += "\n" + next_day_text(ended.next_day, lang, escaped)
        await answer(interaction, text)

    async def compose_opening(self, delivery: Delivery) -> Post:
        agenda = await self._session.agenda(delivery.subject_id, delivery.due_at)
        lang = language(agenda.team.language)
        name = thread_name(day_label(agenda.day, lang), agenda.day.title)
        return Post(channel_id=agenda.team.study_channel_id, text=opening_text(agenda, lang), thread=name)

    async def compose_agenda(self, delivery: Delivery) -> Post:
        agenda = await self._session.agenda(delivery.subject_id, delivery.due_at)
        lang = language(agenda.team.language)
        text, file = within_a_message(
            lambda quote: agenda_text(agenda, lang, quote), agenda.names, f"day{agenda.day.number}-agenda.md", lang
        )
        return Post(text=text, file=file)

    async def compose_minutes(self, delivery: Delivery) -> Post:
        minutes = await self._session.minutes(delivery.subject_id)
        lang = language(minutes.team.language)
        text, file = within_a_message(
            lambda quote: minutes_text(minutes, lang, quote), minutes.names, f"day{minutes.day.number}-minutes.md", lang
        )
        return Post(text=text, file=file)

    async def compose_roundtable(self, delivery: Delivery) -> Post:
        team, prompt = await self._session.prompt(delivery.subject_id)
        lang = language(team.language)
        invitation = lang(_("Everybody has a word: your reply goes into the minutes."))
        custom_id = f"session:roundtable:{delivery.subject_id}:{delivery.id}"
        return Post(
            text=f"{escaped(prompt)}\n\n{invitation}", buttons=(Button(lang(_("Reply")), custom_id, "primary"),)
        )

    async def draw_briefing(self, board: Board) -> Post:
        briefing = await self._session.briefing(board.subject_id)
        return Post(blocks=briefing_blocks(briefing, language(briefing.team.language)))

    async def compose_reminder(self, delivery: Delivery) -> Post | Skip:
        notice = await self._session.notice(delivery.subject_id, delivery.planned)
        if isinstance(notice, str):
            return Skip(notice)
        start = (delivery.planned + SESSION_NOTICE).astimezone(notice.team.zone)
        text = reminder_text(notice, start, self._clock.now(), language(notice.team.language))
        return Post(channel_id=notice.team.reminder_channel_id, text=text, mentions=pinged(notice))


def noted_text(noted: Noted, lang: Language) -> str:
    """`Day27 회의록에 적었어요: 할 일 · 나래님 · 1/8 목까지`."""
    details = [lang(KIND_NAMES[noted.kind])]
    if noted.about:
        details.append(escaped(noted.about))
    if noted.owner is not None:
        details.append(lang(_("by {name}"), name=escaped(noted.owner)))
    if noted.due is not None:
        details.append(lang(_("until {due:day}"), due=noted.due))
    text = lang(
        _("Noted in the minutes of {day}: {details}"), day=day_label(noted.day, lang), details=" · ".join(details)
    )
    if noted.posted:
        text += "\n" + lang(_("The minutes were posted before; this will be in the journal of the day."))
    return text


class NoteForm(Form):
    """An entry of the minutes; what it refers to was chosen with the command."""

    def __init__(self, session: Session, draft: NoteDraft, lang: Language) -> None:
        super().__init__(lang(_("Minutes")))
        self._session = session
        self._draft = draft
        self._text = self.field(lang(KIND_NAMES[draft.resolved_kind]), limit=TEXT_LIMIT)

    async def submitted(self, interaction: Interaction) -> None:
        noted = await self._session.note(caller_of(interaction), self._draft, filled(self._text))
        await answer(interaction, noted_text(noted, reader(interaction)))


class NoteButton(PersistentButton, template=r"session:note"):
    """Opens the form of a note."""

    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        await open_note_form(interaction, client.services.session, NoteDraft(None, None, None, None))


async def open_note_form(interaction: Interaction, session: Session, draft: NoteDraft) -> None:
    await session.check_note(caller_of(interaction), draft)
    await interaction.response.send_modal(NoteForm(session, draft, reader(interaction)))


class ReplyForm(Form):
    """A reply at the round table, filled with what one said before."""

    def __init__(self, session: Session, roundtable_id: int, question: Question, lang: Language) -> None:
        super().__init__(lang(_("Round table")))
        self._session = session
        self._roundtable_id = roundtable_id
        prompt = shortened(question.prompt, 99)
        self._text = self.field(lang(_("Your reply")), value=question.own, description=prompt, limit=TEXT_LIMIT)

    async def submitted(self, interaction: Interaction) -> None:
        text = filled(self._text)
        replied = await self._session.reply(caller_of(interaction), self._roundtable_id, text)
        lang = reader(interaction)
        saved = _("Your reply is saved; you can change it until the day ends. {count} of {people} have replied.")
        await answer(interaction, lang(saved, count=replied.count, people=replied.people))


class ReplyButton(PersistentButton, template=r"session:roundtable:(?P<id>\d+):(?P<delivery>\d+)"):
    async def pressed(self, interaction: Interaction) -> None:
        client: Any = interaction.client
        session: Session = client.services.session
        question = await session.question(caller_of(interaction), self.number("id"))
        form = ReplyForm(session, self.number("id"), question, reader(interaction))
        await interaction.response.send_modal(form)


async def setup(bot: "StudyBot") -> None:
    cog = SessionCog(bot.services.session, bot.clock)
    await bot.add_cog(cog)
    bot.add_dynamic_items(ReplyButton, NoteButton)
    bot.dispatcher.compose(DAY_OPENING, cog.compose_opening)
    bot.dispatcher.compose(AGENDA, cog.compose_agenda)
    bot.dispatcher.compose(ROUNDTABLE, cog.compose_roundtable)
    bot.dispatcher.compose(MINUTES, cog.compose_minutes)
    bot.dispatcher.compose(SESSION_REMINDER, cog.compose_reminder)
    bot.dispatcher.draw(BRIEFING, cog.draw_briefing)
