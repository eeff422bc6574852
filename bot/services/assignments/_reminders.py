"""Reminders of deadlines: planned with the assignment, decided when they are sent.

Works inside the transaction of whoever asks. The slot of a reminder is its planned instant and its offset,
`2026-12-03T06:00:00+00:00-3h`. Where more members are missing than one message can ping, the rest get a message of
their own, planned when the first one is composed: its slot ends in `>17`, the last member that the one before it pings.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, DeliveryRow, MemberRow, SubmissionRow, TeamRow
from bot.domain.assignments import format_offsets, parse_offsets, reminders, who_has_not
from bot.domain.deliveries import Delivery, State
from bot.services.deliveries import plan
from bot.services.presence import present_members

ASSIGNMENT_REMINDER: Final = "assignment.reminder"

PINGED_AT_ONCE: Final = 50
"""Members in one message: 24 characters each, which with the text around them stays under Discord's 2,000."""


async def plan_reminders(session: AsyncSession, row: AssignmentRow, now: datetime) -> list[datetime]:
    """Plan the reminders that are still to come; their instants in UTC, earliest first."""
    to_come = reminders(row.due_at, parse_offsets(row.reminders), now)
    for reminder in to_come:
        await plan(
            session,
            team_id=row.team_id,
            kind=ASSIGNMENT_REMINDER,
            subject_id=row.id,
            due_at=reminder.at.astimezone(UTC),
            expires_at=row.due_at,
            offset=format_offsets([reminder.offset]),
        )
    return [reminder.at for reminder in to_come]


async def missing_members(session: AsyncSession, team: TeamRow, assignment_id: int, day: date) -> list[MemberRow]:
    """Who has not handed in, in roster order; whoever is away on the day is left in peace."""
    query = select(SubmissionRow.member_id).where(SubmissionRow.assignment_id == assignment_id)
    members = await present_members(session, team, day)
    open_ids = who_has_not([member.id for member in members], set(await session.scalars(query)))
    return [member for member in members if member.id in open_ids]


async def is_overtaken(session: AsyncSession, delivery: Delivery, now: datetime) -> bool:
    """Whether a later reminder of the same assignment is due as well, or was sent already."""
    planned, _offset = _slot_parts(delivery.slot)
    query = select(DeliveryRow.id).where(
        DeliveryRow.team_id == delivery.team_id,
        DeliveryRow.kind == delivery.kind,
        DeliveryRow.subject_id == delivery.subject_id,
        DeliveryRow.slot > f"{planned}~",  # sorts behind every slot of the same instant
        DeliveryRow.due_at <= now,
        DeliveryRow.state.in_([State.PENDING, State.SENDING, State.SENT]),
    )
    return await session.scalar(query.limit(1)) is not None


def planned_instant(delivery: Delivery) -> datetime:
    """When the reminder was to be sent; `due_at` moves when it is put off."""
    return datetime.fromisoformat(_slot_parts(delivery.slot)[0])


async def pinged_now(session: AsyncSession, delivery: Delivery, missing: Sequence[MemberRow]) -> list[MemberRow]:
    """Those of the missing whom this message pings. Plans the message for the others, if there are any left.

    Composing it anew finds the message already planned and pings the same part, so that nobody is pinged twice.
    """
    first, _, behind = delivery.slot.partition(">")
    left = [member for member in missing if member.id > int(behind or 0)]
    last = await _last_of_part(session, delivery, first, int(behind or 0))
    if last is None:
        if len(left) <= PINGED_AT_ONCE:
            return left
        last = left[PINGED_AT_ONCE - 1].id
        await _plan_rest(session, delivery, first, last)
    return [member for member in left if member.id <= last]


async def _last_of_part(session: AsyncSession, delivery: Delivery, first: str, behind: int) -> int | None:
    """The member with whom this part ends, if the part after it is planned."""
    query = select(DeliveryRow.slot).where(
        DeliveryRow.team_id == delivery.team_id,
        DeliveryRow.kind == delivery.kind,
        DeliveryRow.subject_id == delivery.subject_id,
        DeliveryRow.slot.startswith(f"{first}>", autoescape=True),
    )
    ends = [int(slot.partition(">")[2]) for slot in await session.scalars(query)]
    return min((end for end in ends if end > behind), default=None)


async def _plan_rest(session: AsyncSession, delivery: Delivery, first: str, last: int) -> None:
    _planned, offset = _slot_parts(first)
    await plan(
        session,
        team_id=delivery.team_id,
        kind=delivery.kind,
        subject_id=delivery.subject_id,
        due_at=planned_instant(delivery),
        expires_at=delivery.expires_at,
        offset=f"{offset}>{last}",
    )


def _slot_parts(slot: str) -> tuple[str, str]:
    planned, _, offset = slot.rpartition("-")
    return planned, offset
