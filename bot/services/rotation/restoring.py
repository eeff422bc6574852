"""Having back a duty that was removed. Works inside the transaction of whoever takes it back."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AuditRow, DutyRow, TeamRow
from bot.domain.duty_names import MOST_DUTIES
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import Message, _
from bot.services import audit
from bot.services.deliveries import cancel
from bot.services.rotation._given_back import give_back
from bot.services.rotation.duties import DUTY_REMOVED, present_rows


async def restore_duty(session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow) -> Message:
    """The duty goes on as if it had not been removed; who was freed of it has it again unless that was changed since.

    Raises InvalidInput if another duty has its name by now, or where there are too many.
    """
    row = await session.get_one(DutyRow, audit.subject_id(change))
    present = await present_rows(session, team)
    if row.name.casefold() in {other.name.casefold() for other in present}:
        text = _("There is another duty called {name} by now. Remove that one first with /rotation remove.")
        raise InvalidInput(text, name=row.name)
    if len(present) >= MOST_DUTIES:
        text = _("A team has at most {limit} duties of its own. Remove one with /rotation remove first.")
        raise InvalidInput(text, limit=MOST_DUTIES)
    row.until = None
    reason = "the duty was brought back"
    await cancel(session, team_id=team.id, kind=DUTY_REMOVED, subject_id=row.id, reason=reason)
    await give_back(session, team, caller, change)
    return Message(_("{name} is a duty again, as before."), {"name": row.name})
