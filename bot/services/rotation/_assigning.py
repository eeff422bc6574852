"""Which turn is meant when a moderator gives one to somebody.

Works inside the transaction of whoever asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, TeamRow
from bot.domain.duties import (
    KINDS_WITHOUT_PRESENTER,
    PRESENTER,
    Duty,
    Per,
    Turn,
    day_unit,
    lecture_unit,
    week_of,
    week_unit,
)
from bot.domain.titles import lecture_label
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.rotation._shown import presented_on
from bot.services.turns import Situation, turn_of


@dataclass(frozen=True)
class Meant:
    """A turn to give, and the day for which it is meant: of a week's turn, any of its days."""

    turn: Turn
    day: date


async def turn_meant(
    session: AsyncSession,
    team: TeamRow,
    situation: Situation,
    duty: str,
    lecture: LectureRow | None,
    meant: date | None,
    member_id: int,
) -> Meant:
    """The turn that is meant, for a member. Raises InvalidInput if it cannot be told which."""
    day = meant or situation.today
    known = _duty_on(situation, duty, day if lecture is None else lecture.session_date)
    if known is None or known.per is Per.LECTURE:
        lecture = lecture or await _only_lecture(session, team, day)
        presented, people = _date_presented(lecture, meant), lecture.readers if known is None else known.people
        units = [lecture_unit(lecture.id, place) for place in range(1, people + 1)]
        unit = await _place(session, team, duty, units, member_id)
        return Meant(Turn(duty, unit, presented, member_id), presented)
    places = range(1, known.people + 1)
    if known.per is Per.DAY:
        unit = await _place(session, team, duty, [day_unit(day, place) for place in places], member_id)
        return Meant(Turn(duty, unit, day, member_id), day)
    units = [week_unit(day, known.first_weekday, place) for place in places]
    unit = await _place(session, team, duty, units, member_id)
    row = await turn_of(session, team, duty, unit)
    begins = _first_day(situation, known, unit, day) if row is None else row.date
    return Meant(Turn(duty, unit, begins, member_id), day)


def _duty_on(situation: Situation, key: str, day: date) -> Duty | None:
    """How a duty is done on a day; None for presenting. Raises InvalidInput if it is not."""
    if key == PRESENTER:
        return None
    known = next((each for each in situation.duties_of(day) if each.key == key), None)
    if known is None:
        text = _("There is no such duty on {day:day}. Choose one from the list, or another day.")
        raise InvalidInput(text, day=day)
    return known


async def _place(session: AsyncSession, team: TeamRow, duty: str, units: Sequence[str], member_id: int) -> str:
    """Of the places of a duty, the one that the member has, else the first that nobody was given, else the first."""
    rows = [await turn_of(session, team, duty, unit) for unit in units]
    own = [unit for unit, row in zip(units, rows, strict=True) if row is not None and row.member_id == member_id]
    free = [unit for unit, row in zip(units, rows, strict=True) if row is None]
    return [*own, *free, *units][0]


def _first_day(situation: Situation, duty: Duty, unit: str, day: date) -> date:
    """The first study day of a week that is still to come, and on which the duty is done."""
    week = week_of(unit)
    first = max(duty.span.since, situation.today, situation.today if week is None else week.since)
    return next(iter(situation.calendar.between(first, day)), day)


async def _only_lecture(session: AsyncSession, team: TeamRow, day: date) -> LectureRow:
    """The lecture presented on a day, if there is just one. Raises InvalidInput asking for it otherwise."""
    rows = [row for row in await presented_on(session, team, day) if row.kind not in KINDS_WITHOUT_PRESENTER]
    if len(rows) != 1:
        raise InvalidInput(_("Which lecture is to be presented? Choose it with the option lecture."))
    return rows[0]


def _date_presented(lecture: LectureRow, date_meant: date | None) -> date:
    """The day on which a lecture is presented. Raises InvalidInput if another day was given, or nobody presents it."""
    if lecture.kind in KINDS_WITHOUT_PRESENTER:
        raise InvalidInput(_("{lecture} has no presenter, it is an event."), lecture=lecture_label(lecture))
    if date_meant not in {None, lecture.session_date}:
        raise InvalidInput(
            _("{lecture} is presented on {day:day}. Leave the date out, or choose another lecture."),
            lecture=lecture_label(lecture),
            day=lecture.session_date,
        )
    return lecture.session_date
