"""Making assignments, one by one or many at once. Works inside the transaction of whoever asks."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, TeamRow
from bot.domain.submissions import NewAssignment
from bot.domain.team import Caller
from bot.services import audit
from bot.services.assignments._reminders import plan_deadline
from bot.services.assignments._rows import assignment_facts, next_number


async def create(
    session: AsyncSession, team: TeamRow, caller: Caller, new: NewAssignment
) -> tuple[AssignmentRow, list[datetime]]:
    """Add an assignment and plan what its deadline brings. Its row, and when its reminders come, in UTC."""
    row = AssignmentRow(
        team_id=team.id,
        number=await next_number(session, team),
        title=new.title,
        due_at=new.due,
        required=new.required,
        link=new.link,
        description=new.description,
        reminders=new.reminders,
        lecture_id=new.lecture_id,
        created_at=caller.at,
    )
    session.add(row)
    await session.flush()
    record(session, team, caller, "assignment.add", f"assignment:{row.id}", after=assignment_facts(row))
    return row, await plan_deadline(session, row, caller.at)


def record(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    action: str,
    subject: str,
    *,
    before: audit.Facts | None = None,
    after: audit.Facts | None = None,
) -> None:
    """Put a change by the caller into the audit."""
    audit.record(
        session, action, subject, team_id=team.id, actor_id=caller.user_id, at=caller.at, before=before, after=after
    )
