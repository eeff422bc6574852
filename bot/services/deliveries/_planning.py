"""Planning messages, inside the transaction of whoever plans."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import DeliveryRow, StudyDayRow, TeamRow
from bot.domain.deliveries import State
from bot.services.deliveries._states import LIVE

DAY_OPENING = "day.opening"
"""The first message of a day's thread. The thread has the message's id."""


ELSEWHERE = frozenset({"journal.publish"})
"""Kinds that wait for somebody else than Discord; nothing that is for Discord waits behind them."""


async def plan(
    session: AsyncSession,
    *,
    team_id: int,
    kind: str,
    subject_id: int,
    due_at: datetime,
    expires_at: datetime | None = None,
    offset: str = "",
    channel_id: int | None = None,
    user_id: int | None = None,
    thread_of_day_id: int | None = None,
) -> None:
    """Plan one message. Planning the same again (team, kind, subject, instant and offset) does nothing, unless it was
    cancelled: then it is planned once more, as when a deadline is moved away and back.

    `thread_of_day_id` sends it into that day's thread; it waits until the thread is there. `user_id` sends it to that
    person alone, in place of a channel.
    """
    planned = Planned(
        team_id, kind, subject_id, due_at, expires_at, offset, channel_id, user_id, thread_of_day_id=thread_of_day_id
    )
    await plan_all(session, [planned])


@dataclass(frozen=True)
class Planned:
    """A message to be planned; see `plan`."""

    team_id: int
    kind: str
    subject_id: int
    due_at: datetime
    expires_at: datetime | None = None
    offset: str = ""
    channel_id: int | None = None
    user_id: int | None = None
    thread_of_day_id: int | None = None


async def plan_all(session: AsyncSession, planned: Sequence[Planned]) -> None:
    """Plan many messages as `plan` does one, in one statement."""
    if not planned:
        return
    inserted = insert(DeliveryRow)
    fresh = inserted.excluded
    await session.execute(
        inserted.on_conflict_do_update(
            index_elements=["team_id", "kind", "subject_id", "slot"],
            set_={"state": State.PENDING, "reason": None, "due_at": fresh.due_at, "expires_at": fresh.expires_at},
            where=DeliveryRow.state == State.CANCELLED,
        ),
        [_values(each) for each in planned],
    )


def _values(planned: Planned) -> dict[str, object]:
    return {
        "team_id": planned.team_id,
        "kind": planned.kind,
        "subject_id": planned.subject_id,
        "slot": planned.due_at.isoformat() + (f"-{planned.offset}" if planned.offset else ""),
        "lane": _lane(planned),
        "due_at": planned.due_at,
        "expires_at": planned.expires_at,
        "state": State.PENDING,
        "attempts": 0,
        "nonce": secrets.token_urlsafe(15),
        "channel_id": planned.channel_id,
        "placed": planned.channel_id is not None,
        "user_id": planned.user_id,
        "thread_of_day_id": planned.thread_of_day_id,
    }


def _lane(planned: Planned) -> str:
    """Direct messages are one lane: Discord minds a bot that opens many of their channels at once."""
    if planned.kind in ELSEWHERE:
        return planned.kind
    if planned.user_id is not None:
        return "direct"
    if planned.channel_id is not None:
        return f"channel:{planned.channel_id}"
    return "" if planned.thread_of_day_id is None else f"day:{planned.thread_of_day_id}"


async def open_thread(session: AsyncSession, team: TeamRow, day: StudyDayRow, now: datetime) -> None:
    """Plan the day's opening message, from which its thread is made, unless that was done before."""
    planned = await session.scalar(
        select(DeliveryRow.id).where(
            DeliveryRow.team_id == team.id,
            DeliveryRow.kind == DAY_OPENING,
            DeliveryRow.subject_id == day.id,
            DeliveryRow.state.in_([*LIVE, State.SENT]),
        )
    )
    if planned is None:
        await plan(session, team_id=team.id, kind=DAY_OPENING, subject_id=day.id, due_at=now)


async def thread_of(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> int | None:
    """The thread of a day, if it was made. It has the id of the day's opening message."""
    query = select(DeliveryRow.message_id).where(
        DeliveryRow.team_id == team.id, DeliveryRow.kind == DAY_OPENING, DeliveryRow.subject_id == day.id
    )
    made = query.where(DeliveryRow.state == State.SENT, DeliveryRow.reason.is_(None))
    return await session.scalar(made.order_by(DeliveryRow.id.desc()).limit(1))


async def cancel(session: AsyncSession, *, team_id: int, kind: str, subject_id: int, reason: str) -> None:
    """Cancel what is planned and not yet under way. What is under way is not sent again where its composer says so."""
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.team_id == team_id, DeliveryRow.kind == kind, DeliveryRow.subject_id == subject_id)
        .where(DeliveryRow.state == State.PENDING)
        .values(state=State.CANCELLED, reason=reason)
    )
