"""The turns of a day as people are shown them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DutyRow, LectureRow, TeamRow
from bot.domain.calendar import NoStudyDay, StudyCalendar
from bot.domain.duties import lecture_id_of
from bot.domain.titles import lecture_label
from bot.services.rotation._values import DayTurns, NamedDuty, ShownTurn
from bot.services.turns import DayDuties, own_duty


def study_days(calendar: StudyCalendar, first: date) -> Iterator[date]:
    """Study days from the first one on, without end."""
    day = first
    while True:
        yield day
        try:
            day = calendar.next_after(day)
        except NoStudyDay:
            return


@dataclass(frozen=True)
class Names:
    """What duties and lectures are called."""

    duties: Mapping[str, str]
    lectures: Mapping[int, LectureRow]

    def duty(self, key: str, unit: str, *, with_course: bool = True) -> NamedDuty:
        """A duty for a unit, as people call it."""
        row = self.lectures.get(lecture_id_of(unit) or 0)
        lecture = None if row is None else lecture_label(row, with_course=with_course)
        return NamedDuty(key, self.duties.get(key, ""), lecture)


async def load_names(session: AsyncSession, team: TeamRow) -> Names:
    """The team's own duties, also those that were removed, and all its lectures."""
    duties = await session.scalars(select(DutyRow).where(DutyRow.team_id == team.id))
    lectures = await session.scalars(select(LectureRow).where(LectureRow.team_id == team.id))
    return Names({own_duty(row.id): row.name for row in duties}, {row.id: row for row in lectures})


def day_turns(calendar: StudyCalendar, day: date, duties: DayDuties, names: Names) -> DayTurns:
    """The duties of a study day, with lectures called as shortly as the day allows."""
    slots = [*((turn.duty, turn.unit) for turn in duties.turns), *duties.unfilled]
    presented = [names.lectures.get(lecture_id_of(unit) or 0) for _duty, unit in slots]
    with_course = len({row.course for row in presented if row is not None}) > 1
    shown = [
        ShownTurn(
            names.duty(turn.duty, turn.unit, with_course=with_course),
            turn.member,
            made=turn.made,
            confirmed=turn.confirmed,
            double=turn.double,
        )
        for turn in duties.turns
    ]
    shown += [ShownTurn(names.duty(key, unit, with_course=with_course), None) for key, unit in duties.unfilled]
    return DayTurns(day, calendar.number(day), tuple(shown))


async def presented_on(session: AsyncSession, team: TeamRow, day: date) -> Sequence[LectureRow]:
    query = select(LectureRow).where(LectureRow.team_id == team.id, LectureRow.session_date == day)
    return (await session.scalars(query.order_by(LectureRow.id))).all()
