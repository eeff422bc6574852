"""What a session posts, and how one ends: for whoever changes something that its agenda shows, and for the cut-off.

Works inside the transaction of whoever asks.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import RoundtableRow, StudyDayRow, TeamRow
from bot.services.boards import touch
from bot.services.deliveries import open_thread, plan
from bot.services.session_moves import clear_table

AGENDA: Final = "session.agenda"
"""Kind of the board of a session under way; its subject is the day."""

MINUTES: Final = "session.minutes"
PART: Final = "session.part"
"""Kind of the delivery that says which lecture is presented now; its subject is the step."""

ROUNDTABLE: Final = "session.roundtable"
REPLIES: Final = "session.replies"
INSTEAD: Final = "session.instead"
"""Kind of the delivery that says what there is in place of a session; its subject is the day."""

IN_CHANNEL: Final = "channel"
"""Offset of the minutes that go to the channel, besides those in the thread."""

MINUTES_LAST: Final = timedelta(days=1)
"""How long after the end of its day a session's minutes are still worth posting."""


_UNDER_WAY: Final = select(StudyDayRow).where(
    StudyDayRow.team_id == bindparam("team_id"),
    StudyDayRow.session_started_at.is_not(None),
    StudyDayRow.session_ended_at.is_(None),
)


async def show_agenda(session: AsyncSession, team: TeamRow, now: datetime) -> None:
    """Draw the agenda of the session under way again; without one nothing is done."""
    for day in await session.scalars(_UNDER_WAY, {"team_id": team.id}):
        await draw_agenda(session, team, day, now)


async def draw_agenda(
    session: AsyncSession, team: TeamRow, day: StudyDayRow, now: datetime, expires_at: datetime | None = None
) -> None:
    """Draw a day's agenda, in its thread."""
    await touch(session, team, AGENDA, day.id, None, now, thread_of_day_id=day.id, expires_at=expires_at)


async def post(
    session: AsyncSession,
    team: TeamRow,
    day: StudyDayRow,
    kind: str,
    subject_id: int,
    now: datetime,
    *,
    expires_at: datetime,
) -> None:
    """Plan a message for the day's thread, which is made if it is not there."""
    await open_thread(session, team, day, now)
    await plan(
        session,
        team_id=team.id,
        kind=kind,
        subject_id=subject_id,
        due_at=now,
        expires_at=expires_at,
        thread_of_day_id=day.id,
    )


async def end_session(
    session: AsyncSession, team: TeamRow, day: StudyDayRow, now: datetime, *, day_ends: datetime, actor_id: int | None
) -> None:
    """End a day's session: its table is cleared, its round tables close, its minutes go to the thread and the channel.

    `actor_id` is None where nobody did it.
    """
    day.session_ended_at = now
    await session.execute(
        update(RoundtableRow)
        .where(RoundtableRow.day_id == day.id, RoundtableRow.closed_at.is_(None))
        .values(closed_at=now)
    )
    await clear_table(session, team, now, actor_id=actor_id)
    await session.flush()
    expires_at = day_ends + MINUTES_LAST
    await draw_agenda(session, team, day, now)
    await post(session, team, day, MINUTES, day.id, now, expires_at=expires_at)
    await plan(
        session,
        team_id=team.id,
        kind=MINUTES,
        subject_id=day.id,
        due_at=now,
        expires_at=expires_at,
        offset=IN_CHANNEL,
    )


async def end_forgotten(
    session: AsyncSession, team: TeamRow, day: StudyDayRow, now: datetime, *, day_ends: datetime
) -> bool:
    """End the session of a day that is over, if nobody has. True if it was so; the minutes then say it."""
    if day.session_started_at is None or day.session_ended_at is not None:
        return False
    await end_session(session, team, day, now, day_ends=day_ends, actor_id=None)
    return True
