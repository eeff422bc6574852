"""What is posted about assignments: reminders, how a deadline went, a morning's deadlines, boards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AssignmentRow, TeamRow
from bot.domain.assignments import morning_after, summary_at
from bot.domain.deliveries import Delivery
from bot.domain.submissions import AssignmentBoard, Morning, Reminder, Summary
from bot.services.assignment_exceptions import due_for, exceptions_of
from bot.services.assignments._board import show_board
from bot.services.assignments._reminders import (
    is_overtaken,
    is_wanted,
    missing_members,
    missing_with_more_time,
    own_member_id,
    pinged_now,
)
from bot.services.assignments._rows import as_assignment, progress_of
from bot.services.days import load_calendar
from bot.services.deadlines import due_until_tomorrow
from bot.services.reminders import nights
from bot.services.values import to_member, to_team


class AssignmentNotices:
    """Asked when something about an assignment is to be posted: what it says at that moment."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def reminder(self, session: AsyncSession, delivery: Delivery, now: datetime) -> Reminder | str | datetime:
        """Whom a due reminder is to ping, why nobody, or until when it waits because it is late and now it is night.

        Where one message does not hold them all, plans the next.
        """
        team = await session.get_one(TeamRow, delivery.team_id)
        row = await session.get(AssignmentRow, delivery.subject_id)
        if row is None or row.removed_at is not None:
            return "the assignment is gone"
        if await is_overtaken(session, delivery, now):
            return "overtaken"
        today, member_id = (await load_calendar(session, team)).date_at(now), own_member_id(delivery)
        due = row.due_at
        if member_id is None:
            missing = await missing_members(session, team, row, today)
        else:
            missing = await missing_with_more_time(session, team, row, today, member_id)
            due = due_for(row, (await exceptions_of(session, [row.id]))[row.id].get(member_id))
        if (delivery.expires_at is not None and delivery.expires_at != due) or not is_wanted(row, delivery):
            return "the deadline was moved"  # it was under way, or had failed and somebody asked to try it again
        if (morning := morning_after(delivery.planned, now, due, nights(team))) is not None:
            return morning
        pinged = await pinged_now(session, delivery, missing)
        if not pinged:
            return "everybody who is there has handed in"
        zone = ZoneInfo(team.timezone)
        assignment = replace(await as_assignment(session, team, row), due=due.astimezone(zone))
        people = tuple(to_member(member) for member in pinged)
        return Reminder(to_team(team), assignment, people, extended=member_id is not None)

    @writes
    async def summary(self, session: AsyncSession, delivery: Delivery, now: datetime) -> Summary | str:
        """How a deadline went, or why it need not be told. The board then says that it is over."""
        team = await session.get_one(TeamRow, delivery.team_id)
        row = await session.get(AssignmentRow, delivery.subject_id)
        if row is None or row.removed_at is not None:
            return "the assignment is gone"
        if delivery.planned != summary_at(row.due_at):
            return "the deadline was moved"
        (progress,) = await progress_of(session, team, [row], now, names=_is_for_moderators_alone(team))
        await show_board(session, team, row, now)
        if not progress.expected:
            return "nobody was to hand it in"
        return Summary(to_team(team), progress)

    @reads
    async def morning(self, session: AsyncSession, team_id: int, now: datetime) -> Morning | str:
        """What is still to be handed in today or tomorrow, by the cut-off of the days; or that there is nothing."""
        team = await session.get_one(TeamRow, team_id)
        calendar = await load_calendar(session, team)
        rows = await due_until_tomorrow(session, team, calendar, now)
        due = tuple(each for each in await progress_of(session, team, rows, now) if each.expected)
        if not due:
            return "nothing is due today or tomorrow"
        return Morning(to_team(team), now.astimezone(calendar.zone).date(), due)

    @reads
    async def board(self, session: AsyncSession, assignment_id: int, now: datetime) -> AssignmentBoard:
        """What an assignment's board shows now."""
        row = await session.get_one(AssignmentRow, assignment_id)
        team = await session.get_one(TeamRow, row.team_id)
        (progress,) = await progress_of(session, team, [row], now)
        return AssignmentBoard(to_team(team), progress, removed=row.removed_at is not None)


def _is_for_moderators_alone(team: TeamRow) -> bool:
    """Whether the moderators' channel is none of those in which everybody reads."""
    others = {
        team.study_channel_id,
        team.reminder_channel_id,
        team.retro_channel_id,
        team.journal_channel_id,
    }
    return team.mod_channel_id is not None and team.mod_channel_id not in others
