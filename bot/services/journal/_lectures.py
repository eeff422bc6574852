"""Lectures with their notes, materials and presenters, as the page wants them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, MaterialRow, NoteRow, TeamRow
from bot.domain.day_record import Lecture, Material, Note
from bot.domain.duties import PRESENTER
from bot.services.journal._grouped import grouped
from bot.services.journal._links import attached
from bot.services.turns import DayDuties, DutyTurn


def to_lecture(row: LectureRow, duties: DayDuties | None = None, materials: Sequence[Material] = ()) -> Lecture:
    """A lecture, presented by whoever has the duty."""
    turns = [] if duties is None else [turn for turn in duties.turns if _presents(turn, row)]
    return Lecture(
        row.id,
        row.course,
        row.number,
        row.title,
        tuple(turn.member.id for turn in turns),
        tuple(materials),
        frozenset(turn.member.id for turn in turns if not turn.confirmed),
    )


def _presents(turn: DutyTurn, lecture: LectureRow) -> bool:
    return turn.duty == PRESENTER and turn.lecture_id == lecture.id


@dataclass(frozen=True)
class Lectures:
    """The lectures of some days, in the order in which they were added, and what belongs to them."""

    studied: Mapping[date, Sequence[LectureRow]]
    presented: Mapping[date, Sequence[LectureRow]]
    materials: Mapping[int, Sequence[Material]]
    notes: Mapping[int, Sequence[NoteRow]]

    def presented_on(self, day: date, duties: DayDuties) -> tuple[Lecture, ...]:
        """With their materials."""
        return tuple(to_lecture(row, duties, self.materials[row.id]) for row in self.presented[day])

    def notes_on(self, day: date) -> tuple[Note, ...]:
        """Notes, those of one person about one lecture together, in the order in which people began theirs."""
        rows = sorted((row for lecture in self.studied[day] for row in self.notes[lecture.id]), key=lambda row: row.id)
        found = grouped(rows, lambda row: (row.lecture_id, row.member_id))
        return tuple(Note(row.lecture_id, row.member_id, row.text) for notes in found.values() for row in notes)


async def load_lectures(
    session: AsyncSession, team: TeamRow, days: Collection[date], next_days: Collection[date]
) -> Lectures:
    """Those studied or presented on these days, and those presented on the days after them."""
    about = or_(LectureRow.study_date.in_(days), LectureRow.session_date.in_({*days, *next_days}))
    query = select(LectureRow).where(LectureRow.team_id == team.id, about).order_by(LectureRow.id)
    rows = (await session.scalars(query)).all()
    ids = [row.id for row in rows]
    shown = select(MaterialRow).where(MaterialRow.lecture_id.in_(ids)).order_by(MaterialRow.id)
    materials = grouped(await session.scalars(shown), lambda row: row.lecture_id)
    written = select(NoteRow).where(NoteRow.lecture_id.in_(row.id for row in rows if row.study_date in days))
    return Lectures(
        studied=grouped(rows, lambda row: row.study_date),
        presented=grouped(rows, lambda row: row.session_date),
        materials=defaultdict(list, {key: [_material(team, row) for row in found] for key, found in materials.items()}),
        notes=grouped(await session.scalars(written), lambda row: row.lecture_id),
    )


def _material(team: TeamRow, row: MaterialRow) -> Material:
    kept = attached(team, row.title, row.channel_id, row.message_id, row.attachment_id)
    return Material(row.title, row.url) if row.url is not None or kept is None else kept
