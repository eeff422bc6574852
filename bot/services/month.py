"""A month of the team's calendar, with the turns that were made and those that the rotation will choose.

Works inside the transaction of whoever asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DutyRow, StudyDayRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.dates import month_end
from bot.domain.duties import MODERATOR, PRESENTER
from bot.domain.month import CalendarDay, Month, MonthTurn
from bot.domain.titles import lecture_label
from bot.services.days import lectures_presented, load_calendar
from bot.services.turns import DutyTurn, duties_by_day, made_by_day, own_duty

PLANNED_AHEAD: Final = timedelta(days=92)
"""A month that begins later shows only turns that were made: until then too much changes for a plan to say anything."""


async def load_month(session: AsyncSession, team: TeamRow, first: date, at: datetime) -> Month:
    """The month that begins on a date, as it stands at an instant."""
    calendar = await load_calendar(session, team)
    today, last = calendar.date_at(at), month_end(first)
    frozen = await _frozen(session, team, min(first, today), last)
    dates = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    studied = [day for day in dates if day in frozen or calendar.is_study_day(day)]
    to_plan = calendar.between(today, last) if first - today <= PLANNED_AHEAD else []
    turns = await _turns(session, team, studied, [day for day in to_plan if day not in frozen])
    names = await _load_names(session, team, first, last)
    days = (_to_day(day, calendar, frozen.get(day), names.of(day, turns.get(day, ()))) for day in dates)
    return Month(today, tuple(days))


async def _frozen(session: AsyncSession, team: TeamRow, first: date, last: date) -> Mapping[date, int]:
    """The numbers of the days that are closed."""
    rows = await session.scalars(
        select(StudyDayRow).where(StudyDayRow.team_id == team.id, StudyDayRow.date.between(first, last))
    )
    return {row.date: row.number for row in rows if row.number is not None}


async def _turns(
    session: AsyncSession, team: TeamRow, studied: Sequence[date], coming: Sequence[date]
) -> Mapping[date, Sequence[DutyTurn]]:
    """The turns of each study day: those made, and on coming days those planned."""
    made = await made_by_day(session, team, studied)
    planned = await duties_by_day(session, team, coming) if coming else {}
    return {day: duties.turns for day, duties in {**made, **planned}.items()}


@dataclass(frozen=True)
class _Names:
    """What lectures and own duties are called; the lectures of each day come in the order in which they were added."""

    lectures: Mapping[date, Sequence[tuple[int, str]]]
    duties: Mapping[str, str]

    def of(self, day: date, turns: Sequence[DutyTurn]) -> "_Turns":
        moderators = [_to_turn("", turn) for turn in turns if turn.duty == MODERATOR]
        lectures = self.lectures.get(day, ())
        return _Turns(
            moderators[0] if moderators else None,
            tuple(turn for lecture_id, label in lectures for turn in _presenters(lecture_id, label, turns)),
            tuple(_to_turn(self.duties[turn.duty], turn) for turn in turns if turn.duty in self.duties),
        )


@dataclass(frozen=True)
class _Turns:
    """The turns of a day as a month shows them."""

    moderator: MonthTurn | None
    presenters: tuple[MonthTurn, ...]
    duties: tuple[MonthTurn, ...]


def _presenters(lecture_id: int, label: str, turns: Sequence[DutyTurn]) -> Iterator[MonthTurn]:
    """Whoever presents a lecture; its label alone if nobody does."""
    found = [turn for turn in turns if turn.duty == PRESENTER and turn.lecture_id == lecture_id]
    yield from (_to_turn(label, turn) for turn in found)
    if not found:
        yield MonthTurn(label, "")


def _to_turn(label: str, turn: DutyTurn) -> MonthTurn:
    return MonthTurn(label, turn.member.name, planned=not turn.made)


async def _load_names(session: AsyncSession, team: TeamRow, first: date, last: date) -> _Names:
    """Lectures are called without their course where all of the month are of the same one."""
    rows = await lectures_presented(session, team, first, last)
    several = len({row.course for row in rows}) > 1
    lectures: dict[date, list[tuple[int, str]]] = {}
    for row in rows:
        lectures.setdefault(row.session_date, []).append((row.id, lecture_label(row, with_course=several)))
    own = await session.scalars(select(DutyRow).where(DutyRow.team_id == team.id))
    return _Names(lectures, {own_duty(row.id): row.name for row in own})


def _to_day(day: date, calendar: StudyCalendar, frozen: int | None, turns: _Turns) -> CalendarDay:
    """Days off show no turns, whatever was made for them before."""
    if frozen is None and not calendar.is_study_day(day):
        return CalendarDay(day, None, off=calendar.day_off_reason(day))
    return CalendarDay(
        date=day,
        number=calendar.number(day) if frozen is None else frozen,
        label=calendar.extra.get(day, ""),
        extra=day in calendar.extra,
        closed=frozen is not None,
        moderator=turns.moderator,
        presenters=turns.presenters,
        duties=turns.duties,
    )
