"""What the session posts, said at the moment of sending."""

from typing import Final

from bot.clock import Clock
from bot.domain.deliveries import Delivery
from bot.domain.questions import shortened
from bot.domain.schedules import SESSION_NOTICE
from bot.domain.session import thread_name
from bot.i18n import _, language
from bot.jobs.posts import Button, Post, Skip
from bot.services import Services
from bot.services.boards import Board
from bot.ui.agenda import agenda_blocks, agenda_buttons
from bot.ui.briefing import briefing_blocks
from bot.ui.session import (
    day_label,
    escaped,
    heading,
    minutes_text,
    opening_text,
    part_text,
    pinged,
    reminder_text,
    replies_text,
    within_a_message,
)

TITLE: Final = 60
"""Characters of the day's name above what there is instead of a session: with 900 of that it fits, each escaped."""


class SessionPosts:
    """Composers and drawers of the session's messages."""

    def __init__(self, services: Services, clock: Clock) -> None:
        self._session = services.session
        self._steps = services.session_steps
        self._tables = services.round_tables
        self._clock = clock

    async def compose_opening(self, delivery: Delivery) -> Post:
        agenda = await self._session.agenda(delivery.subject_id, delivery.due_at)
        lang = language(agenda.team.language)
        name = thread_name(day_label(agenda.day, lang), agenda.day.title)
        return Post(channel_id=agenda.team.study_channel_id, text=opening_text(agenda, lang), thread=name)

    async def draw_agenda(self, board: Board) -> Post:
        agenda = await self._session.agenda(board.subject_id, self._clock.now())
        lang = language(agenda.team.language)
        return Post(blocks=agenda_blocks(agenda, lang), buttons=agenda_buttons(agenda, lang))

    async def compose_part(self, delivery: Delivery) -> Post | Skip:
        """Which lecture is presented now."""
        begun = await self._steps.begun(delivery.subject_id)
        if begun is None:
            return Skip("the step was taken back")
        agenda, part = begun
        text = part_text(agenda, part, language(agenda.team.language))
        return Skip("the lecture is not presented any more") if text is None else Post(text=text)

    async def compose_minutes(self, delivery: Delivery) -> Post | Skip:
        """For the thread of the day, and for the channel, unless the delivery names a place."""
        minutes = await self._session.minutes(delivery.subject_id)
        if delivery.channel_id == minutes.team.study_channel_id:
            return Skip("the day has no thread, and the channel has its own")
        lang = language(minutes.team.language)
        text, file = within_a_message(
            lambda quote: minutes_text(minutes, lang, quote), minutes.names, f"day{minutes.day.number}-minutes.md", lang
        )
        return Post(channel_id=minutes.team.study_channel_id, text=text, file=file)

    async def compose_roundtable(self, delivery: Delivery) -> Post:
        team, prompt = await self._tables.prompt(delivery.subject_id)
        lang = language(team.language)
        invitation = lang(_("Everybody has a word. The replies are shown together once a moderator closes the table."))
        ids = f"{delivery.subject_id}:{delivery.id}"
        buttons = (
            Button(lang(_("Reply")), f"session:roundtable:{ids}", "primary"),
            Button(lang(_("Close and show")), f"session:close:{ids}"),
        )
        return Post(text=f"{escaped(prompt)}\n\n{invitation}", buttons=buttons)

    async def compose_replies(self, delivery: Delivery) -> Post:
        replies = await self._tables.replies(delivery.subject_id)
        lang = language(replies.team.language)
        text, file = within_a_message(
            lambda quote: replies_text(replies, lang, quote), replies.names, "round-table.md", lang
        )
        return Post(text=text, file=file)

    async def compose_instead(self, delivery: Delivery) -> Post | Skip:
        team, day, text = await self._session.instead(delivery.subject_id)
        if text is None:
            return Skip("there is a session after all")
        lang = language(team.language)
        head = lang(_("{day}: no peer session today."), day=escaped(shortened(heading(day, lang), TITLE)))
        return Post(text=f"{head}\n{escaped(text)}")

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
