"""Reminders of deadlines: planned with the assignment, decided when they are sent.

Works inside the transaction of whoever asks. The slot of a reminder is its planned instant and its offset,
`2026-12-03T06:00:00+00:00-3h`. Where more members are missing than one message can ping, the rest get a message of
their own, planned when the first one is composed: its slot ends in `>17`, the last member that the one before it pings.
A member with a later deadline has own reminders, whose slots end in `@17`, the member.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentExceptionRow, AssignmentRow, DeliveryRow, MemberRow, SubmissionRow, TeamRow
from bot.domain.assignments import format_offsets, parse_offsets, reminders, summary_at, who_has_not
from bot.domain.deliveries import Delivery, State
from bot.services.assignments._exceptions import due_for, exceptions_of, is_excused
from bot.services.deliveries import Planned, cancel, plan, plan_all
from bot.services.presence import present_members

ASSIGNMENT_REMINDER: Final = "assignment.reminder"
ASSIGNMENT_SUMMARY: Final = "assignment.summary"

SUMMARY_OF_USE: Final = timedelta(days=7)
"""How long after a deadline moderators still want to hear how it went."""

PINGED_AT_ONCE: Final = 50
"""Members in one message: 24 characters each, which with the text around them stays under Discord's 2,000."""


async def plan_deadline(session: AsyncSession, row: AssignmentRow, now: datetime) -> None:
    """Plan everything that a deadline brings: reminders, own ones of those with more time, the moderators' summary."""
    exceptions = (await exceptions_of(session, [row.id]))[row.id].values()
    own = [planned for exception in exceptions for planned in _own_reminders(row, exception, now)]
    await plan_all(session, [*common_deadline(row, now), *own])


async def plan_own_reminders(
    session: AsyncSession, row: AssignmentRow, exception: AssignmentExceptionRow, now: datetime
) -> None:
    """Plan the reminders of one member's later deadline; none for who has no later one, or is excused."""
    await plan_all(session, _own_reminders(row, exception, now))


def common_deadline(row: AssignmentRow, now: datetime) -> list[Planned]:
    """Everybody's reminders that are still to come, and the summary."""
    if row.due_at <= now:
        return []
    expires_at = row.due_at + SUMMARY_OF_USE
    summary = Planned(row.team_id, ASSIGNMENT_SUMMARY, row.id, summary_at(row.due_at), expires_at)
    return [*_reminders(row, row.due_at, now), summary]


def _own_reminders(row: AssignmentRow, exception: AssignmentExceptionRow, now: datetime) -> list[Planned]:
    due = due_for(row, exception)
    if due <= row.due_at or exception.excused:
        return []
    return _reminders(row, due, now, of_member=f"@{exception.member_id}")


def _reminders(row: AssignmentRow, due: datetime, now: datetime, *, of_member: str = "") -> list[Planned]:
    """The reminders of a deadline that are still to come."""
    return [
        Planned(
            team_id=row.team_id,
            kind=ASSIGNMENT_REMINDER,
            subject_id=row.id,
            due_at=reminder.at.astimezone(UTC),
            expires_at=due,
            offset=format_offsets([reminder.offset]) + of_member,
        )
        for reminder in reminders(due, parse_offsets(row.reminders), now)
    ]


def reminders_to_come(team: TeamRow, row: AssignmentRow, due: datetime, now: datetime) -> list[datetime]:
    """When the reminders of a deadline will come, in the team's zone, earliest first."""
    zone = ZoneInfo(team.timezone)
    return [planned.due_at.astimezone(zone) for planned in _reminders(row, due, now)]


async def cancel_deadline(session: AsyncSession, row: AssignmentRow, reason: str) -> None:
    """Cancel everything that is planned for the deadline and not yet under way."""
    for kind in (ASSIGNMENT_REMINDER, ASSIGNMENT_SUMMARY):
        await cancel(session, team_id=row.team_id, kind=kind, subject_id=row.id, reason=reason)


async def cancel_own_reminders(session: AsyncSession, row: AssignmentRow, member: MemberRow, reason: str) -> None:
    """Cancel the reminders of one member's later deadline."""
    await session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.team_id == row.team_id,
            DeliveryRow.kind == ASSIGNMENT_REMINDER,
            DeliveryRow.subject_id == row.id,
            DeliveryRow.slot.endswith(f"@{member.id}"),
            DeliveryRow.state == State.PENDING,
        )
        .values(state=State.CANCELLED, reason=reason)
    )


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
