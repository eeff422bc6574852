"""Changing assignments: what they say, when they are due, and for whom that differs."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, writes
from bot.db.tables import AssignmentExceptionRow, AssignmentRow, MemberRow, TeamRow
from bot.domain.settings import OFF
from bot.domain.submissions import Changes, Edited, Excuse, Extension, Progress
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.assignment_exceptions import due_for, ensure_exception, exception_facts, judge_lateness
from bot.services.assignments._adding import record
from bot.services.assignments._board import close_board, show_board
from bot.services.assignments._rows import as_assignment, assignment_facts, assignment_of, progress_of
from bot.services.assignments._typed import deadline_of, link_of, offsets_of, text_of, title_of
from bot.services.lectures import lecture_of
from bot.services.reminders import (
    cancel_deadline,
    cancel_own_reminders,
    plan_deadline,
    plan_own_reminders,
    reminders_to_come,
)
from bot.services.teams import changing_team_of, member_named, require_moderator
from bot.services.values import to_member


class AssignmentChanges:
    """`/assignment edit`, `remove`, `extend` and `excuse`.

    All raise NotAllowed unless the caller moderates (also today), and NotFound for an assignment of another team and
    for somebody who is not on the roster.
    """

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def edit(self, session: AsyncSession, caller: Caller, assignment_id: int, changes: Changes) -> Edited:
        """Change what is given. A moved deadline moves what is planned for it, and what was late may not be any more.

        Raises InvalidInput for what cannot be read, and if nothing would change.
        """
        team, row = await self._changing(session, caller, assignment_id)
        values = await _read(session, team, caller, changes)
        different = {column: value for column, value in values.items() if getattr(row, column) != value}
        if not different:
            text = _("A{number} says all of that already. Give what is to change.")
            raise InvalidInput(text, number=row.number)
        before, facts = await as_assignment(session, team, row), assignment_facts(row)
        for column, value in different.items():
            setattr(row, column, value)
        await session.flush()
        if different.keys() & {"due_at", "reminders"}:
            await cancel_deadline(session, row, "the deadline was moved", caller.at)
            await plan_deadline(session, team, row, caller.at)
            await judge_lateness(session, row)
        subject = f"assignment:{row.id}"
        record(session, team, caller, "assignment.edit", subject, before=facts, after=assignment_facts(row))
        await show_board(session, team, row, caller.at)
        self._wake()
        after = await as_assignment(session, team, row)
        return Edited(before, after, await reminders_to_come(session, team, row, caller.at))

    @writes
    async def remove(self, session: AsyncSession, caller: Caller, assignment_id: int) -> Progress:
        """Take an assignment away, with everything that is planned for it. Pages of closed days keep it."""
        team, row = await self._changing(session, caller, assignment_id)
        (progress,) = await progress_of(session, team, [row], caller.at)
        row.removed_at = caller.at
        await cancel_deadline(session, row, "the assignment was removed", caller.at)
        await close_board(session, team, row, caller.at)
        record(session, team, caller, "assignment.remove", f"assignment:{row.id}", before=assignment_facts(row))
        self._wake()
        return progress

    @writes
    async def extend(
        self, session: AsyncSession, caller: Caller, assignment_id: int, user_id: int, until: str
    ) -> Extension:
        """Give one member more time, or with `off` no longer. `until` is as typed.

        Raises InvalidInput for what cannot be read, what is not later than everybody's deadline, and an excused member.
        """
        team, row = await self._changing(session, caller, assignment_id)
        member = await member_named(session, team, user_id)
        exception = await ensure_exception(session, row, member)
        before = exception_facts(exception)
        exception.until = _until(team, caller, row, member, exception, until)
        await session.flush()
        await cancel_own_reminders(session, row, member, "the member's deadline was moved", caller.at)
        await plan_own_reminders(session, team, row, exception, caller.at)
        await judge_lateness(session, row)
        subject = f"assignment:{row.id}"
        record(session, team, caller, "assignment.extend", subject, before=before, after=exception_facts(exception))
        await show_board(session, team, row, caller.at)
        self._wake()
        due = due_for(row, exception)
        return Extension(
            await as_assignment(session, team, row),
            to_member(member),
            None if exception.until is None else due.astimezone(ZoneInfo(team.timezone)),
            await reminders_to_come(session, team, row, caller.at, member.id if due > row.due_at else None),
        )

    @writes
    async def excuse(self, session: AsyncSession, caller: Caller, assignment_id: int, user_id: int) -> Excuse:
        """Let a member off an assignment: not missing, not pinged, counted nowhere. Done again, it is taken back."""
        team, row = await self._changing(session, caller, assignment_id)
        member = await member_named(session, team, user_id)
        exception = await ensure_exception(session, row, member)
        before = exception_facts(exception)
        exception.excused = not exception.excused
        await session.flush()
        if exception.excused:
            await cancel_own_reminders(session, row, member, "the member is excused", caller.at)
        else:
            await plan_own_reminders(session, team, row, exception, caller.at)
        subject = f"assignment:{row.id}"
        record(session, team, caller, "assignment.excuse", subject, before=before, after=exception_facts(exception))
        await show_board(session, team, row, caller.at)
        self._wake()
        return Excuse(await as_assignment(session, team, row), to_member(member), exception.excused)

    async def _changing(
        self, session: AsyncSession, caller: Caller, assignment_id: int
    ) -> tuple[TeamRow, AssignmentRow]:
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        return team, await assignment_of(session, team, assignment_id)


async def _read(session: AsyncSession, team: TeamRow, caller: Caller, changes: Changes) -> dict[str, object]:
    """What was typed, by column."""
    values: dict[str, object] = {}
    if changes.title is not None:
        values["title"] = title_of(changes.title)
    if changes.due is not None:
        values["due_at"] = deadline_of(team, caller, changes.due)
    if changes.required is not None:
        values["required"] = changes.required
    if changes.link is not None:
        values["link"] = link_of(_or_none(changes.link))
    if changes.description is not None:
        values["description"] = text_of(_or_none(changes.description))
    if changes.remind is not None:
        values["reminders"] = offsets_of(changes.remind)
    if changes.lecture_id is not None:
        values["lecture_id"] = (await lecture_of(session, team, changes.lecture_id)).id
    return values


def _or_none(typed: str) -> str | None:
    return None if typed.strip().casefold() in OFF else typed


def _until(
    team: TeamRow, caller: Caller, row: AssignmentRow, member: MemberRow, exception: AssignmentExceptionRow, typed: str
) -> datetime | None:
    """A member's own deadline as typed, in UTC; None to take it back."""
    if exception.excused:
        text = _("{name} is excused from A{number}. Take that back first, with /assignment excuse.")
        raise InvalidInput(text, name=member.name, number=row.number)
    if typed.strip().casefold() in OFF:
        if exception.until is None:
            text = _("{name} has no later deadline for A{number}, so there is nothing to take back.")
            raise InvalidInput(text, name=member.name, number=row.number)
        return None
    until = deadline_of(team, caller, typed)
    if until <= row.due_at:
        due = row.due_at.astimezone(ZoneInfo(team.timezone))
        text = _("A{number} is due on {due:moment} for everybody. Give a later time.")
        raise InvalidInput(text, number=row.number, due=due)
    return until
