"""Days in a row, from what was written, let be and not due. Works inside the transaction of whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import PassRow, StudyDayRow, TeamRow, WrittenRow
from bot.domain.streaks import Streak, streak, team_streak
from bot.services.days import load_calendar
from bot.services.journal import study_days
from bot.services.turns import load_situation

People = Mapping[date, frozenset[int]]


@dataclass(frozen=True)
class Streaks:
    """One's own days in a row, and those on which everybody who was due has written."""

    own: Streak
    team: Streak


async def load_streaks(session: AsyncSession, team: TeamRow, at: datetime, member_id: int) -> Streaks:
    due, written, today = await _due_and_written(session, team, at)
    own = streak(
        {day for day, people in written.items() if member_id in people},
        due=(day for day, people in due.items() if member_id in people),
        open_day=today,
    )
    return Streaks(own, team_streak(due, written, open_day=today))


async def load_team_streak(session: AsyncSession, team: TeamRow, at: datetime) -> Streak:
    due, written, today = await _due_and_written(session, team, at)
    return team_streak(due, written, open_day=today)


async def _due_and_written(session: AsyncSession, team: TeamRow, at: datetime) -> tuple[People, People, date]:
    """Who was to write on each study day up to today, and who has written; whoever let a day be was not to."""
    calendar = await load_calendar(session, team)
    today = calendar.date_at(at)
    past = [day.date for day in await study_days(session, team, calendar, at) if day.date <= today]
    written, passed = await _by_day(session, team, WrittenRow), await _by_day(session, team, PassRow)
    everybody = (await load_situation(session, team)).roster
    present = {day: frozenset(each.member_id for each in everybody if each.present_on(day)) for day in past}
    due = {day: people - passed.get(day, frozenset()) for day, people in present.items()}
    return due, written, today


async def _by_day(session: AsyncSession, team: TeamRow, table: type[WrittenRow] | type[PassRow]) -> People:
    query = select(StudyDayRow.date, table.member_id).join(StudyDayRow, StudyDayRow.id == table.day_id)
    found: dict[date, frozenset[int]] = {}
    for day, member_id in await session.execute(query.where(StudyDayRow.team_id == team.id)):
        found[day] = found.get(day, frozenset()) | {member_id}
    return found
