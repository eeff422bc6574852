"""Where a session was, and how long: its steps as rows. Works inside the transaction of whoever asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, SessionStepRow, StudyDayRow, TeamRow
from bot.domain.session import Slot
from bot.domain.session_steps import REST, Step, in_minutes, planned_minutes, time_spent
from bot.domain.titles import lecture_label
from bot.services.days import lectures_presented, load_calendar


async def load_steps(session: AsyncSession, day: StudyDayRow) -> tuple[Step, ...]:
    return (await steps_by_day(session, [day.id]))[day.id]


async def steps_by_day(session: AsyncSession, day_ids: Collection[int]) -> Mapping[int, tuple[Step, ...]]:
    """The steps of several sessions; every day is there."""
    query = select(SessionStepRow).where(SessionStepRow.day_id.in_(day_ids)).order_by(SessionStepRow.number)
    found: dict[int, tuple[Step, ...]] = dict.fromkeys(day_ids, ())
    for row in await session.scalars(query):
        step = Step(row.number, row.lecture_id, row.question_id, row.began_at)
        found[row.day_id] = (*found[row.day_id], step)
    return found


def local(instant: datetime | None, team: TeamRow) -> datetime | None:
    return None if instant is None else instant.astimezone(ZoneInfo(team.timezone))


def slots(
    team: TeamRow, day: StudyDayRow, lecture_ids: Sequence[int], steps: Sequence[Step], until: datetime | None
) -> tuple[Slot, ...]:
    """The parts of a session in their order, from its start on; the last one lasts `until`."""
    planned = planned_minutes(team.session_minutes, len(lecture_ids))
    minutes = (*planned, team.session_minutes - sum(planned))
    spent = time_spent(steps, until)
    begins, found = local(day.session_started_at, team), []
    for part, length in zip((*lecture_ids, REST), minutes, strict=True):
        found.append(Slot(part, begins, length, in_minutes(spent[part]) if part in spent else None))
        begins = None if begins is None else begins + timedelta(minutes=length)
    return tuple(found)


@dataclass(frozen=True)
class SessionTimes:
    """How long a session that is over was planned and took: the whole, and each part that was at the table, by what it
    is called (empty: what came after the lectures). Nobody knows how long a forgotten one took.
    """

    whole: Slot | None
    parts: tuple[tuple[str, Slot], ...]
    forgotten: bool


async def session_times(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> SessionTimes:
    presented = await lectures_presented(session, team, day.date, day.date)
    ends_at = (await load_calendar(session, team)).ends_at(day.date)
    return times_of(team, day, presented, await load_steps(session, day), ends_at)


def times_of(
    team: TeamRow, day: StudyDayRow, presented: Sequence[LectureRow], steps: Sequence[Step], ends_at: datetime
) -> SessionTimes:
    """The same from what was read: the lectures presented on the day, the steps, and when the day ends."""
    begun, ended = day.session_started_at, day.session_ended_at
    if begun is None or ended is None:
        return SessionTimes(None, (), forgotten=False)
    forgotten = ended >= ends_at
    until = None if forgotten else ended
    taken = None if until is None else in_minutes(until - begun)
    whole = Slot(REST, local(begun, team), team.session_minutes, taken)
    several = len({row.course for row in presented}) > 1
    names = {row.id: lecture_label(row, with_course=several) for row in presented}
    found = slots(team, day, list(names), steps, until)
    parts = tuple((names.get(slot.part or 0, ""), slot) for slot in found if slot.taken is not None)
    return SessionTimes(whole, parts, forgotten)
