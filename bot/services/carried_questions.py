"""Further questions that nobody answers: after a while moderators are asked what is to become of them.

Works inside the transaction of whoever asks.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import QuestionRow, StudyDayRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.questions import QuestionState
from bot.services.days import ensure_day
from bot.services.deliveries import plan

CARRIED: Final = "question.carried"
"""Kind of the delivery that asks moderators about them; its subject is the day."""


async def carried_ages(session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: date) -> Mapping[int, int]:
    """Open further questions of earlier days → how many study days ago they were asked; the oldest first."""
    query = (
        select(QuestionRow.id, StudyDayRow.date)
        .join(StudyDayRow, StudyDayRow.id == QuestionRow.day_id)
        .where(QuestionRow.team_id == team.id, QuestionRow.further, StudyDayRow.date < day)
        .where(QuestionRow.state.in_([QuestionState.OPEN, QuestionState.DISCUSSING]))
        .order_by(StudyDayRow.date, QuestionRow.number)
    )
    rows = await session.execute(query)
    return {row_id: len(calendar.between(asked_on + timedelta(days=1), day)) for row_id, asked_on in rows}


async def long_carried(session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: date) -> Mapping[int, int]:
    """Those that are as old as the team carries them, or older; none where it carries them for ever."""
    if not team.carry_days:
        return {}
    ages = await carried_ages(session, team, calendar, day)
    return {row_id: age for row_id, age in ages.items() if age >= team.carry_days}


async def offer_carried(
    session: AsyncSession, team: TeamRow, calendar: StudyCalendar, day: date, due_at: datetime
) -> None:
    """Plan to ask moderators on a study day on which a question became that old, or once more as old again."""
    ages = await long_carried(session, team, calendar, day)
    if not any(age % team.carry_days == 0 for age in ages.values()):
        return
    row = await ensure_day(session, team, day)
    await plan(
        session,
        team_id=team.id,
        kind=CARRIED,
        subject_id=row.id,
        due_at=due_at,
        expires_at=calendar.ends_at(calendar.next_after(day)),
    )
