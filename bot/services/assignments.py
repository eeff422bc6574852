"""Assignments and what was handed in."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import AssignmentRow, TeamRow
from bot.domain.references import Reference
from bot.domain.team import Caller
from bot.i18n import language
from bot.services.teams import team_of

SHOWN_TITLE = 60
"""Characters of a title in a list to pick from, so that the deadline behind it is never cut off."""


class Assignments:
    """`/assignment`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def choices(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[Reference]:
        """Assignments whose number or title fits the typed text: open ones first, the nearest deadline first."""
        team = await team_of(session, caller)
        query = select(AssignmentRow).where(AssignmentRow.team_id == team.id)
        rows = sorted(await session.scalars(query), key=lambda row: _nearness(row, caller))
        wanted = " ".join(typed.casefold().split())
        exact = [row for row in rows if wanted == f"a{row.number}"]
        fitting = exact or [row for row in rows if wanted in f"a{row.number} {row.title}".casefold()]
        return [Reference(row.id, _label(team, row)) for row in fitting]


def _nearness(row: AssignmentRow, caller: Caller) -> tuple[bool, float]:
    """Sorts open assignments by their deadline, then the others, the latest first."""
    left = (row.due_at - caller.at).total_seconds()
    return left < 0, abs(left)


def _label(team: TeamRow, row: AssignmentRow) -> str:
    title = row.title if len(row.title) <= SHOWN_TITLE else row.title[: SHOWN_TITLE - 1] + "…"
    due = language(team.language).format_value(row.due_at.astimezone(ZoneInfo(team.timezone)), "moment")
    return f"A{row.number} {title} · {due}"
