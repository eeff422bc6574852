"""Having back what was taken away, for a day: each act by whoever may do it, what one did to one's own by oneself.

What was taken away is put back as it was, as far as nobody has changed it since.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, rehearsal, writes
from bot.db.tables import AuditRow, QuestionChangeRow, TeamRow
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import Message, _
from bot.services import audit
from bot.services.assignments.restoring import restore_assignment, restore_submission
from bot.services.changed_days import restore_day
from bot.services.days import close_ended_days
from bot.services.lectures.restoring import restore_lecture
from bot.services.questions import WITHDRAW, Questions
from bot.services.roster import restore_member
from bot.services.rotation.restoring import restore_duty
from bot.services.teams import require_moderator

T = TypeVar("T")
Restore = Callable[[AsyncSession, TeamRow, Caller, AuditRow], Awaitable[Message]]

OWN: Final = frozenset({"roster.leave", "question.withdraw", "assignment.withdraw"})
"""Only whoever did it has it back."""

RESTORES: Final[Mapping[str, Restore]] = {
    "assignment.remove": restore_assignment,
    "assignment.withdraw": restore_submission,
    "calendar.day": restore_day,
    "duty.remove": restore_duty,
    "lecture.remove": restore_lecture,
    "roster.leave": restore_member,
    "roster.remove": restore_member,
}
"""How each act is taken back. Questions need their service for it."""


@dataclass(frozen=True)
class Undoable:
    """A change that can still be taken back: what was done when (in the team's zone), to what."""

    change_id: int
    at: datetime
    action: str
    what: str


class Undo:
    def __init__(self, database: Database, wake: Callable[[], None], questions: Questions) -> None:
        self.database = database
        self._wake = wake
        self._questions = questions
        self._restores = {**RESTORES, "question.withdraw": self._restore_question}

    async def rehearse(self, act: Callable[[], Awaitable[T]]) -> T:
        """What an act of a service would come to, which is then not done. Raises what the act would raise."""
        with rehearsal():
            return await act()

    @reads
    async def change_of(self, session: AsyncSession, caller: Caller) -> int:
        """The id of the change that the caller's interaction has made, to be given to `undo`."""
        query = select(AuditRow.id).where(AuditRow.actor_id == caller.user_id, AuditRow.at == caller.at)
        made = query.where(AuditRow.action.in_(self._restores)).order_by(AuditRow.id.desc()).limit(1)
        return (await session.scalars(made)).one()

    @writes
    async def undo(self, session: AsyncSession, caller: Caller, change_id: int) -> Message:
        """Take a change back. Returns what is there again.

        Raises NotFound for a change of another server, NotAllowed for whoever may not take it back, and InvalidInput
        more than `audit.UNDO` after it, once it was changed again, and where the day it is about is over.
        """
        change, team = await self._change(session, caller, change_id)
        await close_ended_days(session, team, caller.at)
        await _require_right(session, team, caller, change)
        if caller.at - change.at > audit.UNDO:
            raise InvalidInput(_("It was done more than a day ago, so it cannot be taken back any more."))
        if await audit.changed_since(session, change):
            raise InvalidInput(_("It was taken back already, or changed again since. Nothing was done."))
        restored = await self._restores[change.action](session, team, caller, change)
        audit.record(
            session,
            "change.undo",
            change.subject,
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            after={"undone": change.action},
        )
        self._wake()
        return restored

    async def _change(self, session: AsyncSession, caller: Caller, change_id: int) -> tuple[AuditRow, TeamRow]:
        change = await session.get(AuditRow, change_id)
        team = None if change is None or change.team_id is None else await session.get(TeamRow, change.team_id)
        if change is None or team is None or not team.is_of(caller.guild_id) or change.action not in self._restores:
            raise NotFound(_("This belongs to a team that is no longer here."))
        return change, team

    async def _restore_question(
        self, session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow
    ) -> Message:
        query = select(QuestionChangeRow).where(QuestionChangeRow.question_id == audit.subject_id(change))
        last = await session.scalar(query.order_by(QuestionChangeRow.id.desc()).limit(1))
        if last is None or last.action != WITHDRAW:
            raise InvalidInput(_("It was taken back already, or changed again since. Nothing was done."))
        taken = await self._questions.take_back(session, team, caller, last)
        return Message(_("Question #{number} is back, as it was."), {"number": taken.question.number})


async def undoable(session: AsyncSession, team: TeamRow, now: datetime) -> Sequence[Undoable]:
    """What moderators of a team could take back now, the latest first."""
    query = select(AuditRow).where(AuditRow.team_id == team.id, AuditRow.at >= now - audit.UNDO)
    rows = await session.scalars(query.where(AuditRow.action.in_(RESTORES.keys() - OWN)).order_by(AuditRow.id.desc()))
    zone = ZoneInfo(team.timezone)
    return [
        Undoable(row.id, row.at.astimezone(zone), row.action, _what(row))
        for row in rows
        if not await audit.changed_since(session, row)
    ]


def _what(change: AuditRow) -> str:
    """What was taken away, as people call it; of a day, its date."""
    facts = audit.kept(change)
    named = (str(facts[key]) for key in ("lecture", "title", "name") if key in facts)
    return next(named, change.subject.partition(":")[2])


async def _require_right(session: AsyncSession, team: TeamRow, caller: Caller, change: AuditRow) -> None:
    theirs = change.actor_id == caller.user_id
    if change.action in OWN and not theirs:
        raise NotAllowed(_("Only whoever did this can take it back."))
    if change.action in OWN or (theirs and change.action == "lecture.remove"):
        return
    await require_moderator(session, team, caller, today=change.action == "assignment.remove")
