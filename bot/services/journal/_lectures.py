"""Lectures with their notes, materials and presenters, as the page wants them."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, MaterialRow, NoteRow, TeamRow
from bot.domain.day_record import Lecture, Material, Note
from bot.domain.duties import PRESENTER
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


async def load_lectures(
    session: AsyncSession, team: TeamRow, rows: Sequence[LectureRow], duties: DayDuties
) -> tuple[Lecture, ...]:
    """The lectures presented on a day, with their materials."""
    materials: dict[int, list[Material]] = {row.id: [] for row in rows}
    query = select(MaterialRow).where(MaterialRow.lecture_id.in_(materials)).order_by(MaterialRow.id)
    for row in await session.scalars(query):
        materials[row.lecture_id].append(_material(team, row))
    return tuple(to_lecture(row, duties, materials[row.id]) for row in rows)


def _material(team: TeamRow, row: MaterialRow) -> Material:
    kept = attached(team, row.title, row.channel_id, row.message_id, row.attachment_id)
    return Material(row.title, row.url) if row.url is not None or kept is None else kept


async def load_notes(session: AsyncSession, lecture_ids: Collection[int]) -> tuple[Note, ...]:
    """Notes, those of one person about one lecture together, in the order in which people began theirs."""
    query = select(NoteRow).where(NoteRow.lecture_id.in_(lecture_ids)).order_by(NoteRow.id)
    found: dict[tuple[int, int], list[Note]] = {}
    for row in await session.scalars(query):
        note = Note(row.lecture_id, row.member_id, row.text)
        found.setdefault((row.lecture_id, row.member_id), []).append(note)
    return tuple(note for notes in found.values() for note in notes)
