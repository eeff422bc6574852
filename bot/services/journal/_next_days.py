"""Who does what on the study days after some others, as their pages tell. Inside the transaction of whoever asks."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DutyRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.day_record import NextDay, OwnDuty
from bot.domain.duties import MODERATOR
from bot.services.journal._grouped import grouped
from bot.services.journal._lectures import Lectures, to_lecture
from bot.services.turns import DayDuties, own_duty


async def load_next_days(
    session: AsyncSession,
    team: TeamRow,
    upcoming: Mapping[date, date],
    closed: Mapping[date, int],
    calendar: StudyCalendar,
    duties: Mapping[date, DayDuties],
    lectures: Lectures,
) -> Mapping[date, NextDay]:
    """Who does what on the study day after each; none where the calendar has none."""
    own = {
        own_duty(row.id): row.name for row in await session.scalars(select(DutyRow).where(DutyRow.team_id == team.id))
    }
    return {
        day: NextDay(
            number=closed[after] if after in closed else calendar.number(after),
            date=after,
            moderator_ids=moderators(duties[after]),
            lectures=tuple(to_lecture(row, duties[after]) for row in lectures.presented[after]),
            unconfirmed_ids=frozenset(
                turn.member.id for turn in duties[after].turns if turn.duty == MODERATOR and not turn.confirmed
            ),
            own=_own_duties(own, duties[after]),
        )
        for day, after in upcoming.items()
    }


def _own_duties(names: Mapping[str, str], duties: DayDuties) -> tuple[OwnDuty, ...]:
    """The team's own duties of a day; people who do one together stand together."""
    turns = grouped((turn for turn in duties.turns if turn.duty in names), lambda turn: (turn.duty, turn.lecture_id))
    return tuple(
        OwnDuty(
            names[duty],
            tuple(turn.member.id for turn in found),
            frozenset(turn.member.id for turn in found if not turn.confirmed),
            lecture_id,
        )
        for (duty, lecture_id), found in turns.items()
    )


def moderators(duties: DayDuties) -> tuple[int, ...]:
    return () if duties.moderator is None else (duties.moderator.id,)
