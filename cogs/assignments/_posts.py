"""What is posted about assignments, composed at the moment of sending."""

from datetime import datetime

from bot.clock import Clock
from bot.domain.deliveries import Delivery
from bot.domain.submissions import AssignmentBoard
from bot.i18n import Language, _, language
from bot.jobs.posts import Button, Post, Skip, TextFile, TryAgain
from bot.services.assignments.notices import AssignmentNotices
from bot.services.boards import Board
from bot.ui.answers import MESSAGE_LIMIT
from cogs.assignments._notice_texts import (
    board_blocks,
    morning_text,
    reminder_text,
    summary_head,
    summary_people,
)


class AssignmentPosts:
    """The composers of every kind of message about assignments, and the drawer of their boards."""

    def __init__(self, notices: AssignmentNotices, clock: Clock) -> None:
        self._notices = notices
        self._clock = clock

    async def reminder(self, delivery: Delivery) -> Post | Skip:
        """Ping whoever has not handed in at this moment; in the night, a late one waits for the morning."""
        now = self._clock.now()
        reminder = await self._notices.reminder(delivery, now)
        if isinstance(reminder, str):
            return Skip(reminder)
        if isinstance(reminder, datetime):
            raise TryAgain((reminder - now).total_seconds())
        lang = language(reminder.team.language)
        button_id = f"assignment:submit:{reminder.assignment.id}:{delivery.id}"
        return Post(
            channel_id=reminder.team.reminder_channel_id,
            text=reminder_text(reminder, now, lang),
            buttons=(Button(lang(_("Hand in A{number}"), number=reminder.assignment.number), button_id, "primary"),),
            mentions=tuple(member.user_id for member in reminder.missing),
        )

    async def summary(self, delivery: Delivery) -> Post | Skip:
        """Tell the moderators how a deadline went; more names than a message holds come as a file."""
        now = self._clock.now()
        summary = await self._notices.summary(delivery, now)
        if isinstance(summary, str):
            return Skip(summary)
        lang = language(summary.team.language)
        head, people = summary_head(summary, lang), summary_people(summary, lang)
        channel_id, text = summary.team.mod_channel_id, "\n".join([head, *people])
        if len(text) <= MESSAGE_LIMIT:
            return Post(channel_id=channel_id, text=text)
        file = TextFile(f"assignment-{summary.progress.assignment.number}.md", "\n\n".join(people))
        text = "\n".join([head, lang(_("The names are in the file."))])
        return Post(channel_id=channel_id, text=text, file=file)

    async def morning(self, delivery: Delivery) -> Post | Skip:
        """Tell what is due today and tomorrow, if anything is. It pings nobody."""
        now = self._clock.now()
        morning = await self._notices.morning(delivery.team_id, now)
        if isinstance(morning, str):
            return Skip(morning)
        lang = language(morning.team.language)
        return Post(channel_id=morning.team.reminder_channel_id, text=morning_text(morning, lang))

    async def board(self, board: Board) -> Post:
        """How far an assignment is, with a button to hand in and one to see what one has handed in."""
        now = self._clock.now()
        shown = await self._notices.board(board.subject_id, now)
        lang = language(shown.team.language)
        return Post(blocks=board_blocks(shown, now, lang), buttons=_board_buttons(shown, lang))


def _board_buttons(shown: AssignmentBoard, lang: Language) -> tuple[Button, ...]:
    """The first one's id is on no other message, so it tells the board's from the reminders."""
    if shown.removed:
        return ()
    assignment_id = shown.progress.assignment.id
    return (
        Button(lang(_("Hand in")), f"assignment:submit:{assignment_id}:board", "primary"),
        Button(lang(_("Mine")), f"assignment:mine:{assignment_id}"),
    )
