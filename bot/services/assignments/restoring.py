"""Having back an assignment that was removed, or what somebody withdrew.

Works inside the transaction of whoever takes it back.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, AuditRow, MemberRow, SubmissionRow, TeamRow
from bot.domain.team import Caller
from bot.errors import NotFound
from bot.i18n import Message, _
from bot.services import audit
from bot.services.assignments._board import show_board
from bot.services.assignments._rows import ATTACHMENT, assignment_of, submission_of
from bot.services.reminders import plan_deadline
from bot.services.teams import member_of


async def restore_assignment(session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow) -> Message:
    """With what was handed in, and the reminders that are still to come."""
    row = await session.get_one(AssignmentRow, audit.subject_id(change))
    row.removed_at = None
    await session.flush()
    await plan_deadline(session, team, row, caller.at)
    await show_board(session, team, row, caller.at)
    text = _("A{number} is back: {title}. The reminders still to come are planned again.")
    return Message(text, {"number": row.number, "title": row.title})


async def restore_submission(session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow) -> Message:
    """As it was handed in, and when. Raises NotFound where there is another one by now, or no assignment."""
    facts, member = audit.kept(change), await member_of(session, team, caller)
    row = await assignment_of(session, team, facts["assignment_id"])
    if await submission_of(session, row, member) is not None:
        text = _("You have handed in A{number} again since, so that stays. /assignment show tells what it is.")
        raise NotFound(text, number=row.number)
    session.add(_as_it_was(row, member, facts))
    await session.flush()
    await show_board(session, team, row, caller.at)
    return Message(_("What you handed in for A{number} is back, as it was."), {"number": row.number})


def _as_it_was(row: AssignmentRow, member: MemberRow, facts: dict[str, object]) -> SubmissionRow:
    return SubmissionRow(
        assignment_id=row.id,
        member_id=member.id,
        link=facts["link"],
        note=facts["note"],
        late=facts["late"],
        submitted_at=datetime.fromisoformat(str(facts["submitted_at"])),
        **{column: facts[column] for column in ATTACHMENT},
    )
