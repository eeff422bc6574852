"""Lectures as rows, and what people are told of one. Works inside the transaction of whoever asks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.duties import PRESENTER
from bot.domain.lectures import LectureSummary, NumberedDay
from bot.domain.titles import lecture_label
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.days import load_calendar
from bot.services.turns import active_turns, presenters_of


async def lecture_of(session: AsyncSession, team: TeamRow, lecture_id: int) -> LectureRow:
    """A lecture of this team. Raises NotFound for any other."""
    row = await session.scalar(select(LectureRow).where(LectureRow.id == lecture_id, LectureRow.team_id == team.id))
    if row is None:
        raise NotFound(_("This team has no such lecture. /lecture list shows them."))
    return row


async def lectures_of(session: AsyncSession, team: TeamRow) -> Sequence[LectureRow]:
    """Every lecture of the team, in the order in which they are studied."""
    query = select(LectureRow).where(LectureRow.team_id == team.id).order_by(LectureRow.study_date, LectureRow.id)
    return (await session.scalars(query)).all()


async def latest_course(session: AsyncSession, team: TeamRow) -> str:
    query = select(LectureRow.course).where(LectureRow.team_id == team.id).order_by(LectureRow.id.desc()).limit(1)
    return await session.scalar(query) or ""


async def require_new(session: AsyncSession, team: TeamRow, row: LectureRow) -> None:
    """Raises InvalidInput for the same lecture on the same day: a command sent twice."""
    for other in await lectures_of(session, team):
        same = (other.course, other.number, other.title) == (row.course, row.number, row.title)
        if same and other.study_date == row.study_date and other is not row:
            raise InvalidInput(_("{lecture} is already there. /lecture list shows it."), lecture=label(row))


def unit_label(row: LectureRow) -> str:
    """`NLP 5강`; the title where a lecture has no number."""
    return lecture_label(row)


def label(row: LectureRow) -> str:
    """`NLP 5강 · Attention`; course and number are left out where there are none."""
    return f"{lecture_label(row)} · {row.title}" if row.number else lecture_label(row)


async def summaries(
    session: AsyncSession, team: TeamRow, rows: Sequence[LectureRow], at: datetime
) -> list[LectureSummary]:
    calendar = await load_calendar(session, team)
    presenters = await presenters_of(session, team, rows, calendar.day_for_entry(at))
    turns = [turn for turn in await active_turns(session, team) if turn.duty == PRESENTER]
    settled = Counter(turn.lecture_id for turn in turns)
    return [
        LectureSummary(
            id=row.id,
            label=label(row),
            kind=row.kind,
            readers=row.readers,
            studied=_numbered(calendar, row.study_date),
            presented=_numbered(calendar, row.session_date),
            presenters=presenters.get(row.id, ()),
            settled=0 < len(presenters.get(row.id, ())) <= settled[row.id],
        )
        for row in rows
    ]


def _numbered(calendar: StudyCalendar, day: date) -> NumberedDay:
    return NumberedDay(day, calendar.number(day) if calendar.is_study_day(day) else None)


def facts_of(row: LectureRow) -> dict[str, object]:
    """What the record keeps of a lecture."""
    return {
        "lecture": label(row),
        "kind": row.kind,
        "readers": row.readers,
        "study_date": row.study_date,
        "session_date": row.session_date,
    }


def whole_facts_of(row: LectureRow, turns: Mapping[int, str]) -> dict[str, object]:
    """What the record keeps of a lecture that is removed: all that it takes to have it back."""
    columns = {"course": row.course, "number": row.number, "title": row.title, "created_at": row.created_at}
    return {**facts_of(row), **columns, "turns": dict(turns)}
