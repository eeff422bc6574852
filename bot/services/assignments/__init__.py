"""Assignments and what was handed in.

What changes an assignment later is in `changes`, what is posted about it in `notices`, many at once in `imports`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AssignmentRow, SubmissionRow, TeamRow
from bot.domain.assignments import is_late, parse_offsets
from bot.domain.references import Reference
from bot.domain.submissions import (
    Added,
    CalendarEntry,
    Deadlines,
    Draft,
    HandedIn,
    NewAssignment,
    Overview,
    Progress,
    Work,
)
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.assignment_exceptions import due_for as due_for
from bot.services.assignment_exceptions import exception_of
from bot.services.assignment_exceptions import exceptions_for as exceptions_for
from bot.services.assignment_exceptions import exceptions_of as exceptions_of
from bot.services.assignment_exceptions import is_excused as is_excused
from bot.services.assignments._adding import create_all, record
from bot.services.assignments._board import show_board
from bot.services.assignments._reminders import missing_members as missing_members
from bot.services.assignments._rows import (
    as_assignment,
    assignment_of,
    assignments_of,
    overview,
    put_work,
    reference,
    submission_facts,
    submission_of,
    to_submission,
)
from bot.services.assignments._rows import open_for as open_for
from bot.services.assignments._typed import LINK_LIMIT as LINK_LIMIT
from bot.services.assignments._typed import TEXT_LIMIT as TEXT_LIMIT
from bot.services.assignments._typed import deadline_of, link_of, offsets_of, readings_of, text_of, title_of
from bot.services.lectures import lecture_of
from bot.services.reminders import ASSIGNMENT_BOARD as ASSIGNMENT_BOARD
from bot.services.reminders import ASSIGNMENT_REMINDER as ASSIGNMENT_REMINDER
from bot.services.reminders import ASSIGNMENT_SUMMARY as ASSIGNMENT_SUMMARY
from bot.services.reminders import reminders_to_come
from bot.services.teams import changing_team_of, member_of, moderates, require_moderator, team_of
from bot.services.values import to_member, to_team

STILL_OF_INTEREST: Final = timedelta(days=7)
"""How long after its deadline an assignment stays in `/assignment status`."""


class Assignments:
    """`/assignment`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def choices(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[Reference]:
        """Assignments whose number or title fits the typed text: open ones first, the nearest deadline first."""
        team = await team_of(session, caller)
        rows = await assignments_of(session, team, caller.at)
        wanted = " ".join(typed.casefold().split())
        exact = [row for row in rows if wanted == f"a{row.number}"]
        fitting = exact or [row for row in rows if wanted in f"a{row.number} {row.title}".casefold()]
        return [reference(team, row) for row in fitting]

    @reads
    async def readings(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[datetime]:
        """What a deadline as typed so far may mean, in the team's zone; nothing while it cannot be read."""
        try:
            team = await team_of(session, caller)
        except NotFound:
            return []
        return readings_of(team, caller, typed)

    @writes
    async def add(
        self,
        session: AsyncSession,
        caller: Caller,
        title: str,
        due: str,
        *,
        required: bool = True,
        link: str | None = None,
        description: str | None = None,
        remind: str | None = None,
        lecture_id: int | None = None,
    ) -> Added:
        """Add an assignment and plan its reminders. `due` and `remind` are as typed.

        Raises NotAllowed unless the caller moderates (also today), NotFound for a lecture of another team, and
        InvalidInput for what cannot be read, saying what would do.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        lecture = None if lecture_id is None else await lecture_of(session, team, lecture_id)
        new = NewAssignment(
            title=title_of(title),
            due=deadline_of(team, caller, due),
            required=required,
            link=link_of(link),
            description=text_of(description),
            reminders=team.reminders if remind is None else offsets_of(remind),
            lecture_id=None if lecture is None else lecture.id,
        )
        (row,) = await create_all(session, team, caller, [new])
        await show_board(session, team, row, caller.at)
        self._wake()
        return Added(await as_assignment(session, team, row), await reminders_to_come(session, team, row, caller.at))

    @reads
    async def list(self, session: AsyncSession, caller: Caller) -> Overview:
        """Every assignment, open ones first, with the caller's own state."""
        team = await team_of(session, caller)
        rows = await assignments_of(session, team, caller.at)
        return await overview(session, team, caller, rows)

    @reads
    async def show(self, session: AsyncSession, caller: Caller, assignment_id: int) -> Overview:
        """One assignment. Raises NotFound for one of another team."""
        team = await team_of(session, caller)
        return await overview(session, team, caller, [await assignment_of(session, team, assignment_id)])

    @reads
    async def mine(self, session: AsyncSession, caller: Caller, assignment_id: int) -> Progress:
        """What the caller has handed in. Raises NotAllowed off the roster, NotFound for another team's assignment."""
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        row = await assignment_of(session, team, assignment_id)
        return (await overview(session, team, caller, [row])).progress[0]

    @reads
    async def status(self, session: AsyncSession, caller: Caller, assignment_id: int | None) -> Overview:
        """One assignment, or those that are open or were due in the last week. Moderators see who is missing."""
        team = await team_of(session, caller)
        if assignment_id is None:
            rows = await assignments_of(session, team, caller.at)
            rows = [row for row in rows if row.due_at > caller.at - STILL_OF_INTEREST]
        else:
            rows = [await assignment_of(session, team, assignment_id)]
        return await overview(session, team, caller, rows, names=await moderates(session, team, caller))

    @reads
    async def deadlines(self, session: AsyncSession, caller: Caller) -> Deadlines:
        """The caller's deadlines to come: none they are excused from, no alarms for what they have handed in."""
        team = await team_of(session, caller)
        rows = await assignments_of(session, team, caller.at)
        told = (await overview(session, team, caller, rows)).progress
        entries = [
            CalendarEntry(
                each.assignment,
                each.own_due.astimezone(UTC),
                parse_offsets(each.assignment.reminders) if each.own is None else (),
            )
            for each in told
            if each.own_due > caller.at and not each.own_excused
        ]
        return Deadlines(to_team(team), tuple(sorted(entries, key=lambda entry: entry.due)), caller.at)

    @reads
    async def draft(self, session: AsyncSession, caller: Caller, assignment_id: int, work: Work | None = None) -> Draft:
        """What handing in starts from.

        Raises NotAllowed off the roster, NotFound for another team's assignment; with `work`, whatever `submit` would.
        """
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await assignment_of(session, team, assignment_id)
        own = await submission_of(session, row, member)
        if work is not None:
            _checked(work)
        submission = None if own is None else to_submission(team, own)
        return Draft(to_team(team), to_member(member), await as_assignment(session, team, row), submission)

    @writes
    async def submit(self, session: AsyncSession, caller: Caller, assignment_id: int, work: Work) -> HandedIn:
        """Hand in; handing in again replaces. Late after the deadline.

        Raises InvalidInput when there is neither link nor file nor note, or a link that is none.
        """
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await assignment_of(session, team, assignment_id)
        own = await submission_of(session, row, member)
        due = due_for(row, await exception_of(session, row, member))
        _require_something(work, own)
        before = None if own is None else submission_facts(own)
        if own is None:
            own = SubmissionRow(assignment_id=row.id, member_id=member.id)
            session.add(own)
        put_work(own, _checked(work))
        own.late, own.submitted_at = is_late(caller.at, due), caller.at
        await session.flush()
        after = submission_facts(own)
        record(session, team, caller, "assignment.submit", f"submission:{own.id}", before=before, after=after)
        await self._changed(session, team, row, caller)
        progress = (await overview(session, team, caller, [row])).progress[0]
        return HandedIn(progress, to_submission(team, own), replaced=before is not None)

    @writes
    async def withdraw(self, session: AsyncSession, caller: Caller, assignment_id: int) -> Progress:
        """Take back what was handed in. Raises NotFound when there is nothing."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await assignment_of(session, team, assignment_id)
        own = await submission_of(session, row, member)
        if own is None:
            raise NotFound(_("You have not handed in A{number}, so there is nothing to withdraw."), number=row.number)
        facts, subject = submission_facts(own), f"submission:{own.id}"
        await session.delete(own)
        await session.flush()
        record(session, team, caller, "assignment.withdraw", subject, before=facts)
        await self._changed(session, team, row, caller)
        return (await overview(session, team, caller, [row])).progress[0]

    async def _changed(self, session: AsyncSession, team: TeamRow, row: AssignmentRow, caller: Caller) -> None:
        await show_board(session, team, row, caller.at)
        self._wake()


def _checked(work: Work) -> Work:
    return replace(work, link=link_of(work.link), note=text_of(work.note))


def _require_something(work: Work, own: SubmissionRow | None) -> None:
    file_stays = work.keep_file and own is not None and own.attachment_id is not None
    if not (work.file or file_stays or (work.link or "").strip() or (work.note or "").strip()):
        raise InvalidInput(_("There was nothing to hand in. Give a link, a file or a note."))
