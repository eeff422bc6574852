"""What holds for one member of an assignment only: more time, or an excuse. Inside the transaction of whoever asks."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentExceptionRow, AssignmentRow, MemberRow, SubmissionRow
from bot.domain.assignments import is_late, own_due
from bot.services.audit import Facts


async def exceptions_of(
    session: AsyncSession, assignment_ids: Collection[int]
) -> dict[int, dict[int, AssignmentExceptionRow]]:
    """Assignment → member → exception; every assignment is there."""
    found: dict[int, dict[int, AssignmentExceptionRow]] = {assignment_id: {} for assignment_id in assignment_ids}
    query = select(AssignmentExceptionRow).where(AssignmentExceptionRow.assignment_id.in_(found))
    for row in await session.scalars(query):
        found[row.assignment_id][row.member_id] = row
    return found


async def exceptions_for(session: AsyncSession, member: MemberRow) -> dict[int, AssignmentExceptionRow]:
    """Assignment → exception of one member."""
    query = select(AssignmentExceptionRow).where(AssignmentExceptionRow.member_id == member.id)
    return {row.assignment_id: row for row in await session.scalars(query)}


async def exception_of(session: AsyncSession, row: AssignmentRow, member: MemberRow) -> AssignmentExceptionRow | None:
    """A member's exception, if there is one."""
    query = select(AssignmentExceptionRow).where(
        AssignmentExceptionRow.assignment_id == row.id, AssignmentExceptionRow.member_id == member.id
    )
    return await session.scalar(query)


async def ensure_exception(session: AsyncSession, row: AssignmentRow, member: MemberRow) -> AssignmentExceptionRow:
    """A member's exception, made if it is the first."""
    found = await exception_of(session, row, member)
    if found is None:
        found = AssignmentExceptionRow(assignment_id=row.id, member_id=member.id, excused=False)
        session.add(found)
        await session.flush()
    return found


def due_for(row: AssignmentRow, exception: AssignmentExceptionRow | None) -> datetime:
    """The deadline of a member, in UTC."""
    return own_due(row.due_at, None if exception is None else exception.until)


def is_excused(exception: AssignmentExceptionRow | None) -> bool:
    return exception is not None and exception.excused


def exception_facts(exception: AssignmentExceptionRow) -> Facts:
    """What the audit keeps of an exception."""
    return {"member_id": exception.member_id, "until": exception.until, "excused": exception.excused}


async def judge_lateness(session: AsyncSession, row: AssignmentRow) -> None:
    """Mark what was handed in as late or not by the deadlines as they are now."""
    exceptions = (await exceptions_of(session, [row.id]))[row.id]
    for own in await session.scalars(select(SubmissionRow).where(SubmissionRow.assignment_id == row.id)):
        own.late = is_late(own.submitted_at, due_for(row, exceptions.get(own.member_id)))
