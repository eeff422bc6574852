"""Whom a reminder pings, decided when it is sent. `bot.services.reminders` plans it, and says what its slot means.

Works inside the transaction of whoever asks.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, DeliveryRow, MemberRow, SubmissionRow, TeamRow
from bot.domain.assignments import format_offsets, parse_offsets, who_has_not
from bot.domain.deliveries import Delivery, State
from bot.services.assignment_exceptions import due_for, exceptions_of, is_excused
from bot.services.deliveries import plan
from bot.services.presence import present_members

PINGED_AT_ONCE: Final = 50
"""Members in one message: 24 characters each, which with the text around them stays under Discord's 2,000."""


async def missing_members(session: AsyncSession, team: TeamRow, row: AssignmentRow, day: date) -> list[MemberRow]:
    """Who is to be reminded of everybody's deadline, in roster order.

    That is who has not handed in, is not excused, and has no later deadline; whoever is away on the day is left in
    peace.
    """
    exceptions = (await exceptions_of(session, [row.id]))[row.id]
    missing = await _without_hand_in(session, team, row, day)
    common = [member for member in missing if due_for(row, exceptions.get(member.id)) == row.due_at]
    return [member for member in common if not is_excused(exceptions.get(member.id))]


async def missing_with_more_time(
    session: AsyncSession, team: TeamRow, row: AssignmentRow, day: date, member_id: int
) -> list[MemberRow]:
    """The one member whose own reminder this is, as long as they are to be reminded."""
    exception = (await exceptions_of(session, [row.id]))[row.id].get(member_id)
    if is_excused(exception) or due_for(row, exception) == row.due_at:
        return []
    return [member for member in await _without_hand_in(session, team, row, day) if member.id == member_id]


async def _without_hand_in(session: AsyncSession, team: TeamRow, row: AssignmentRow, day: date) -> list[MemberRow]:
    query = select(SubmissionRow.member_id).where(SubmissionRow.assignment_id == row.id)
    members = await present_members(session, team, day)
    open_ids = who_has_not([member.id for member in members], set(await session.scalars(query)))
    return [member for member in members if member.id in open_ids]


async def is_overtaken(session: AsyncSession, delivery: Delivery, now: datetime) -> bool:
    """Whether a later reminder of the same deadline is due as well, or was sent already."""
    planned, _offset = _slot_parts(delivery.slot)
    member_id = own_member_id(delivery)
    slot = DeliveryRow.slot
    query = select(DeliveryRow.id).where(
        DeliveryRow.team_id == delivery.team_id,
        DeliveryRow.kind == delivery.kind,
        DeliveryRow.subject_id == delivery.subject_id,
        slot > f"{planned}~",  # sorts behind every slot of the same instant
        slot.not_like("%@%") if member_id is None else slot.endswith(f"@{member_id}"),
        DeliveryRow.due_at <= now,
        DeliveryRow.state.in_([State.PENDING, State.SENDING, State.SENT]),
    )
    return await session.scalar(query.limit(1)) is not None


def is_wanted(row: AssignmentRow, delivery: Delivery) -> bool:
    """Whether the assignment still has a reminder so long before its deadline."""
    _planned, offset = _slot_parts(delivery.slot)
    length, _, _whose = offset.replace(">", "@").partition("@")
    return length in {format_offsets([each]) for each in parse_offsets(row.reminders)}


def own_member_id(delivery: Delivery) -> int | None:
    """The member whose later deadline this reminder is of; None for everybody's."""
    _, _, member_id = delivery.slot.partition("@")
    return int(member_id) if member_id else None


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
        due_at=delivery.planned,
        expires_at=delivery.expires_at,
        offset=f"{offset}>{last}",
    )


def _slot_parts(slot: str) -> tuple[str, str]:
    planned, _, offset = slot.rpartition("-")
    return planned, offset
