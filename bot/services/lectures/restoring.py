"""Having back a lecture that was removed. Works inside the transaction of whoever takes it back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AuditRow, LectureRow, TeamRow
from bot.domain.team import Caller
from bot.errors import InvalidInput
from bot.i18n import Message, _
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.lectures._rows import label, require_new
from bot.services.lectures._turns import attach_turns, give_out


async def restore_lecture(session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow) -> Message:
    """The lecture on its days, with those who were to present it, if they are there and free.

    Raises InvalidInput if one of its days is over or off by now, or if the same lecture was added again.
    """
    row = await _as_it_was(session, team, change)
    calendar = await load_calendar(session, team)
    today = calendar.day_for_entry(caller.at)
    if row.session_date < today or not calendar.is_study_day(row.session_date):
        text = _("{lecture} was to be presented on {day:day}, which is over or off by now. Add it with /lecture add.")
        raise InvalidInput(text, lecture=label(row), day=row.session_date)
    await require_new(session, team, row)
    session.add(row)
    await session.flush()
    turns = {int(turn_id): state for turn_id, state in audit.kept(change)["turns"].items()}
    await attach_turns(session, row, turns)
    await give_out(session, team, caller, [row])
    return Message(_("{lecture} is back, with its days and its presenter."), {"lecture": label(row)})


async def _as_it_was(session: AsyncSession, team: TeamRow, change: AuditRow) -> LectureRow:
    facts: dict[str, Any] = audit.kept(change)
    if not facts:
        raise InvalidInput(_("What the lecture was is not on record any more. Add it with /lecture add."))
    number = audit.subject_id(change)
    return LectureRow(
        id=None if await session.get(LectureRow, number) else number,
        team_id=team.id,
        study_date=date.fromisoformat(facts["study_date"]),
        session_date=date.fromisoformat(facts["session_date"]),
        created_at=datetime.fromisoformat(facts["created_at"]),
        **{column: facts[column] for column in ("course", "number", "title", "kind", "readers")},
    )
