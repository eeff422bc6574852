"""Planning the notices of public holidays: each holiday is told of once, whatever happens to calendar and process.

The outbox itself remembers of which dates moderators were told: a notice's subject is the first date of its break,
and its slot ends with the last one. Works inside the transaction of whoever asks.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DeliveryRow, ScheduleRow, TeamRow
from bot.domain.calendar import ONE_DAY
from bot.domain.deliveries import State
from bot.domain.holidays import HOLIDAY_NOTICE, breaks, notice_at
from bot.services.days import load_calendar
from bot.services.deliveries import plan


async def plan_holiday_notices(session: AsyncSession, team: TeamRow, now: datetime, *, asked: bool = False) -> None:
    """Plan the notices due up to now, and keep when the next one is.

    What could not be told 14 days ahead, because the team, its country or its weekdays are newer than that, is told at
    once when somebody `asked` for it: whoever has just changed the calendar is there to decide. What nobody asked for
    (the holidays are other ones since an update of the program) waits for the announce time, not to come at night.
    """
    calendar = await load_calendar(session, team)
    schedule = await _schedule(session, team)
    awaited = now if schedule is None else schedule.next_due_at
    today = calendar.date_at(now)
    late = now if asked else max(now, calendar.moment(today, team.announce_time))
    upcoming = None
    for days in breaks(calendar, today, await _told(session, team)):
        due_at = notice_at(calendar, days[0], team.announce_time)
        if due_at > now:
            upcoming = due_at
            break
        await plan(
            session,
            team_id=team.id,
            kind=HOLIDAY_NOTICE,
            subject_id=days[0].toordinal(),
            due_at=due_at if due_at >= awaited else late,
            expires_at=calendar.begins_at(days[-1]),
            offset=str(days[-1].toordinal()),
        )
    await _wait_until(session, team, schedule, upcoming)


def dates_told(first_ordinal: int, slot: str) -> tuple[date, date]:
    """First and last date of a notice, from its subject and its slot."""
    return date.fromordinal(first_ordinal), date.fromordinal(int(slot.rsplit("-", 1)[1]))


async def notice_of(session: AsyncSession, team: TeamRow, day: date) -> DeliveryRow | None:
    """The notice in which moderators were told of a date."""
    query = select(DeliveryRow).where(DeliveryRow.team_id == team.id, DeliveryRow.kind == HOLIDAY_NOTICE)
    for row in await session.scalars(query.where(DeliveryRow.state == State.SENT)):
        first, last = dates_told(row.subject_id, row.slot)
        if first <= day <= last:
            return row
    return None


async def _told(session: AsyncSession, team: TeamRow) -> set[date]:
    """Every date inside a notice that was ever planned, whatever became of it."""
    query = select(DeliveryRow.subject_id, DeliveryRow.slot)
    notices = await session.execute(query.where(DeliveryRow.team_id == team.id, DeliveryRow.kind == HOLIDAY_NOTICE))
    told: set[date] = set()
    for first_ordinal, slot in notices:
        first, last = dates_told(first_ordinal, slot)
        told |= {first + step * ONE_DAY for step in range((last - first).days + 1)}
    return told


async def _schedule(session: AsyncSession, team: TeamRow) -> ScheduleRow | None:
    query = select(ScheduleRow).where(ScheduleRow.team_id == team.id, ScheduleRow.kind == HOLIDAY_NOTICE)
    return await session.scalar(query)


async def _wait_until(
    session: AsyncSession, team: TeamRow, schedule: ScheduleRow | None, upcoming: datetime | None
) -> None:
    if upcoming is None:
        if schedule is not None:
            await session.delete(schedule)
    elif schedule is None:
        local_time = team.announce_time
        session.add(ScheduleRow(team_id=team.id, kind=HOLIDAY_NOTICE, local_time=local_time, next_due_at=upcoming))
    else:
        schedule.local_time, schedule.next_due_at = team.announce_time, upcoming
