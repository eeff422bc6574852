"""Lectures, notes and materials."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import LectureRow, TeamRow
from bot.domain.references import Reference
from bot.domain.team import Caller
from bot.errors import NotFound
from bot.i18n import _
from bot.services.days import load_calendar
from bot.services.teams import team_of


async def lecture_of(session: AsyncSession, team: TeamRow, lecture_id: int) -> LectureRow:
    """A lecture of this team. Raises NotFound for any other."""
    row = await session.scalar(select(LectureRow).where(LectureRow.id == lecture_id, LectureRow.team_id == team.id))
    if row is None:
        raise NotFound(_("This team has no such lecture. /lecture list shows them."))
    return row


def unit_label(row: LectureRow) -> str:
    """`NLP 5강`; the title where a lecture has no number."""
    return f"{row.course} {row.number or row.title}".strip()


def label(row: LectureRow) -> str:
    """`NLP 5강 · Attention`; course and number are left out where there are none."""
    return f"{unit_label(row)} · {row.title}" if row.number else unit_label(row)


class Lectures:
    """`/lecture`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def choices(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[Reference]:
        """Lectures whose label contains what was typed, those studied or presented nearest to today first."""
        team = await team_of(session, caller)
        today = (await load_calendar(session, team)).day_for_entry(caller.at)
        rows = await session.scalars(select(LectureRow).where(LectureRow.team_id == team.id).order_by(LectureRow.id))
        fitting = [row for row in rows if _plain(typed) in _plain(label(row))]
        nearest = sorted(fitting, key=lambda row: _distance(row, today))
        return [Reference(row.id, label(row)) for row in nearest]


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def _distance(row: LectureRow, today: date) -> int:
    """Days between today and whichever of the lecture's two dates is nearer."""
    return min(abs((day - today).days) for day in (row.study_date, row.session_date))
