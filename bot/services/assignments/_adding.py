"""Making assignments, one by one or many at once. Works inside the transaction of whoever asks."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, TeamRow
from bot.domain.submissions import NewAssignment
from bot.domain.team import Caller
from bot.services import audit
from bot.services.assignments._rows import assignment_facts, next_number
from bot.services.deliveries import plan_all
from bot.services.reminders import common_deadline


async def create_all(
    session: AsyncSession, team: TeamRow, caller: Caller, assignments: Sequence[NewAssignment]
) -> list[AssignmentRow]:
    """Add assignments, numbered in their order, and plan what their deadlines bring; a few statements for all."""
    first = await next_number(session, team)
    rows = [_row(team, caller, new, number) for number, new in enumerate(assignments, first)]
    session.add_all(rows)
    await session.flush()
    for row in rows:
        record(session, team, caller, "assignment.add", f"assignment:{row.id}", after=assignment_facts(row))
    await plan_all(session, [planned for row in rows for planned in common_deadline(team, row, caller.at)])
    return rows


def _row(team: TeamRow, caller: Caller, new: NewAssignment, number: int) -> AssignmentRow:
    return AssignmentRow(
        team_id=team.id,
        number=number,
        title=new.title,
        due_at=new.due,
        required=new.required,
        link=new.link,
        description=new.description,
        reminders=new.reminders,
        lecture_id=new.lecture_id,
        created_at=caller.at,
    )


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
