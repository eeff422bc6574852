"""Schedules: what a team posts every study day or before a holiday, and turning the due ones into deliveries.

Works inside the transaction of whoever asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DeliveryRow, ScheduleRow, StudyDayRow, TeamRow
from bot.domain.calendar import NoStudyDay, StudyCalendar
from bot.domain.holidays import HOLIDAY_NOTICE
from bot.domain.schedules import (
    ASSIGNMENT_MORNING,
    RETRO_DIGEST,
    RETRO_NUDGE,
    RETRO_PROMPT,
    ROTATION_ANNOUNCEMENT,
    SESSION_BRIEFING,
    Occurrence,
    announcement,
    local_times,
    next_occurrence,
)
from bot.domain.team import Team
from bot.services.carried_questions import offer_carried
from bot.services.days import ensure_day, load_calendar
from bot.services.deadlines import due_until_tomorrow
from bot.services.deliveries import plan
from bot.services.holiday_notices import plan_holiday_notices
from bot.services.nudges import plan_direct_nudges
from bot.services.turns import brief, expect_answers
from bot.services.values import to_team

INSTANT = timedelta(microseconds=1)

ONCE_A_DAY = frozenset({ASSIGNMENT_MORNING, RETRO_DIGEST, RETRO_NUDGE, RETRO_PROMPT, ROTATION_ANNOUNCEMENT})
"""Kinds that a day has once, also when their time is moved after the post. A moved session is announced anew."""


async def reschedule(session: AsyncSession, team: TeamRow, now: datetime) -> None:
    """Bring the team's schedules in step with its settings and calendar.

    What fell due up to now is planned first, at the time it was meant for: a changed setting loses nothing.
    """
    daily = (ScheduleRow.team_id == team.id) & (ScheduleRow.kind != HOLIDAY_NOTICE)
    existing = (await session.scalars(select(ScheduleRow).where(daily))).all()
    calendar = await load_calendar(session, team)
    for schedule in existing:
        await _plan_until(session, team, schedule, calendar, now)
    await session.execute(delete(ScheduleRow).where(daily))
    value = to_team(team)
    for kind, local_time in local_times(value).items():
        try:
            upcoming = next_occurrence(kind, local_time, value, calendar, now)
            if kind in ONCE_A_DAY and await _was_planned(session, team, kind, upcoming.day):
                upcoming = next_occurrence(kind, local_time, value, calendar, upcoming.due_at)
        except NoStudyDay:
            continue
        session.add(ScheduleRow(team_id=team.id, kind=kind, local_time=local_time, next_due_at=upcoming.due_at))
    await plan_holiday_notices(session, team, now, asked=True)
    await expect_answers(session, team, now)
    await brief(session, team, now)


async def coming_posts(session: AsyncSession, team: TeamRow, most: int) -> Sequence[tuple[str, datetime]]:
    """What the team's schedules will plan next, by kind, the soonest first."""
    value, calendar = to_team(team), await load_calendar(session, team)
    rows = (await session.scalars(select(ScheduleRow).where(ScheduleRow.team_id == team.id))).all()
    each = (islice(_instants(row, value, calendar), most) for row in rows)
    posts = [(row.kind, at) for row, instants in zip(rows, each, strict=True) for at in instants]
    return sorted(posts, key=lambda post: post[1])[:most]


def _instants(schedule: ScheduleRow, team: Team, calendar: StudyCalendar) -> Iterator[datetime]:
    """When a schedule falls due, from its next time on. The notices of holidays are planned one at a time."""
    due_at = schedule.next_due_at
    yield due_at
    with suppress(NoStudyDay):
        while schedule.kind != HOLIDAY_NOTICE:
            due_at = next_occurrence(schedule.kind, schedule.local_time, team, calendar, due_at).due_at
            yield due_at


async def awaited_days(session: AsyncSession, team: TeamRow) -> Mapping[str, date]:
    """Kind → the day of its next post, of the kinds that a day has once."""
    calendar = await load_calendar(session, team)
    query = select(ScheduleRow).where(ScheduleRow.team_id == team.id, ScheduleRow.kind.in_(ONCE_A_DAY))
    return {row.kind: calendar.date_at(row.next_due_at) for row in await session.scalars(query)}


async def ask_for_days(session: AsyncSession, team: TeamRow, awaited: Mapping[str, date], now: datetime) -> None:
    """The team's clock was put forward over the time of a post: plan it now, if its day is not over on the new clock.

    `awaited` is what the old clock was waiting for. Where the new one says that a day was told of, nothing is done.
    """
    if not awaited:
        return
    await session.flush()
    value, calendar = to_team(team), await load_calendar(session, team)
    for kind, local_time in local_times(value).items():
        day = awaited.get(kind)
        if day is None or not calendar.is_study_day(day) or await _was_planned(session, team, kind, day):
            continue
        with suppress(NoStudyDay):
            missed = next_occurrence(kind, local_time, value, calendar, calendar.begins_at(day) - INSTANT)
            if missed.day == day and missed.due_at <= now < missed.expires_at:
                await _plan_post(session, team, kind, replace(missed, due_at=now))


async def announce_now(session: AsyncSession, team: TeamRow, day: StudyDayRow, now: datetime) -> None:
    """Plan the announcement of a study day at once, because its session is over, unless it was planned before."""
    if await _was_planned(session, team, ROTATION_ANNOUNCEMENT, day.date):
        return
    with suppress(NoStudyDay):
        upcoming = announcement(to_team(team), await load_calendar(session, team), day.date, now)
        await _plan_post(session, team, ROTATION_ANNOUNCEMENT, upcoming)


async def _was_planned(session: AsyncSession, team: TeamRow, kind: str, day: date) -> bool:
    query = (
        select(DeliveryRow.id)
        .join(StudyDayRow, StudyDayRow.id == DeliveryRow.subject_id)
        .where(DeliveryRow.team_id == team.id, DeliveryRow.kind == kind, StudyDayRow.date == day)
    )
    return (await session.scalars(query.limit(1))).first() is not None


async def materialise(session: AsyncSession, team: TeamRow, now: datetime) -> None:
    """Plan what the team's due schedules ask for."""
    query = select(ScheduleRow).where(ScheduleRow.team_id == team.id, ScheduleRow.next_due_at <= now)
    due = (await session.scalars(query.order_by(ScheduleRow.next_due_at))).all()
    calendar = await load_calendar(session, team)
    for schedule in due:
        if schedule.kind == HOLIDAY_NOTICE:
            await plan_holiday_notices(session, team, now)
        else:
            await _plan_until(session, team, schedule, calendar, now)


async def _plan_until(
    session: AsyncSession, team: TeamRow, schedule: ScheduleRow, calendar: StudyCalendar, now: datetime
) -> None:
    """Plan the schedule's posts up to now, and leave it at its next one. A day taken off meanwhile is left out."""
    value = to_team(team)
    after = schedule.next_due_at - INSTANT
    try:
        upcoming = next_occurrence(schedule.kind, schedule.local_time, value, calendar, after)
        while upcoming.due_at <= now:
            if schedule.kind != ASSIGNMENT_MORNING or await due_until_tomorrow(session, team, calendar, now):
                await _fall_due(session, team, schedule.kind, upcoming, now)
            upcoming = next_occurrence(schedule.kind, schedule.local_time, value, calendar, upcoming.due_at)
    except NoStudyDay:
        await session.delete(schedule)
    else:
        schedule.next_due_at = upcoming.due_at


async def _fall_due(session: AsyncSession, team: TeamRow, kind: str, upcoming: Occurrence, now: datetime) -> None:
    if kind == ROTATION_ANNOUNCEMENT:
        await offer_carried(session, team, await load_calendar(session, team), upcoming.day, upcoming.due_at)
    if kind == SESSION_BRIEFING:
        await brief(session, team, now)
    elif kind not in ONCE_A_DAY or not await _was_planned(session, team, kind, upcoming.day):
        await _plan_post(session, team, kind, upcoming)


async def _plan_post(session: AsyncSession, team: TeamRow, kind: str, upcoming: Occurrence) -> None:
    day = await ensure_day(session, team, upcoming.day)
    if kind == RETRO_NUDGE:
        await plan_direct_nudges(session, team, day.id, upcoming)
    await plan(
        session,
        team_id=team.id,
        kind=kind,
        subject_id=day.id,
        due_at=upcoming.due_at,
        expires_at=upcoming.expires_at,
    )
