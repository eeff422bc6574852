"""Planning what a deadline brings: reminders, and the moderators' summary. Whom a reminder pings is decided later.

Works inside the transaction of whoever asks. The slot of a reminder is its planned instant and its offset,
`2026-12-03T06:00:00+00:00-3h`. Where more members are missing than one message can ping, the rest get a message of
their own, planned when the first one is composed: its slot ends in `>17`, the last member that the one before it pings.
A member with a later deadline has own reminders, whose slots end in `@17`, the member.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentExceptionRow, AssignmentRow, BoardRow, DeliveryRow, MemberRow, TeamRow
from bot.domain.assignments import Night, format_offsets, parse_offsets, reminders, summary_at
from bot.domain.deliveries import State
from bot.domain.quiet_hours import parse_quiet_hours
from bot.services.assignment_exceptions import due_for, exceptions_of
from bot.services.deliveries import Planned, plan_all

ASSIGNMENT_BOARD: Final = "assignment.board"
ASSIGNMENT_REMINDER: Final = "assignment.reminder"
ASSIGNMENT_SUMMARY: Final = "assignment.summary"

SUMMARY_OF_USE: Final = timedelta(days=7)
"""How long after a deadline moderators still want to hear how it went."""

NOT_TOLD: Final = (State.PENDING, State.CANCELLED)


async def plan_deadline(session: AsyncSession, team: TeamRow, row: AssignmentRow, now: datetime) -> None:
    """Plan everything that a deadline brings: reminders, own ones of those with more time, the moderators' summary."""
    exceptions = (await exceptions_of(session, [row.id]))[row.id].values()
    own = [planned for exception in exceptions for planned in _own_reminders(team, row, exception, now)]
    await _plan_untold(session, row, [*common_deadline(team, row, now), *own])


async def plan_own_reminders(
    session: AsyncSession, team: TeamRow, row: AssignmentRow, exception: AssignmentExceptionRow, now: datetime
) -> None:
    """Plan the reminders of one member's later deadline; none for who has no later one, or is excused."""
    await _plan_untold(session, row, _own_reminders(team, row, exception, now))


def common_deadline(team: TeamRow, row: AssignmentRow, now: datetime) -> list[Planned]:
    """Everybody's reminders that are still to come, and the summary."""
    if row.due_at <= now:
        return []
    expires_at = row.due_at + SUMMARY_OF_USE
    summary = Planned(row.team_id, ASSIGNMENT_SUMMARY, row.id, summary_at(row.due_at), expires_at)
    return [*_reminders(team, row, row.due_at, now), summary]


def _own_reminders(
    team: TeamRow, row: AssignmentRow, exception: AssignmentExceptionRow, now: datetime
) -> list[Planned]:
    due = due_for(row, exception)
    if due <= row.due_at or exception.excused:
        return []
    return _reminders(team, row, due, now, of_member=f"@{exception.member_id}")


def _reminders(
    team: TeamRow, row: AssignmentRow, due: datetime, now: datetime, *, of_member: str = ""
) -> list[Planned]:
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
        for reminder in reminders(due, parse_offsets(row.reminders), now, nights(team))
    ]


def nights(team: TeamRow) -> Callable[[datetime], Night | None] | None:
    """In which night of the team's an instant lies; None for a team without quiet hours."""
    if team.quiet_hours is None:
        return None
    return partial(parse_quiet_hours(team.quiet_hours).around, zone=ZoneInfo(team.timezone))


async def _plan_untold(session: AsyncSession, row: AssignmentRow, planned: Sequence[Planned]) -> None:
    """Plan what was not told before. With quiet hours the same reminder may have had another instant then."""
    query = select(DeliveryRow.expires_at, DeliveryRow.slot).where(*_of(row), DeliveryRow.state.not_in(NOT_TOLD))
    told = {(expires_at, _offset(slot)) for expires_at, slot in await session.execute(query)}
    await plan_all(session, [each for each in planned if (each.expires_at, each.offset) not in told])


def _of(row: AssignmentRow) -> tuple[ColumnElement[bool], ...]:
    return (
        DeliveryRow.team_id == row.team_id,
        DeliveryRow.kind == ASSIGNMENT_REMINDER,
        DeliveryRow.subject_id == row.id,
    )


def _offset(slot: str) -> str:
    """`3h` or `3h@17`, of whichever part of the message."""
    return slot.rpartition("-")[2].partition(">")[0]


async def reminders_to_come(
    session: AsyncSession, team: TeamRow, row: AssignmentRow, now: datetime, member_id: int | None = None
) -> list[datetime]:
    """When everybody's reminders will come, or those of a member with more time; in the team's zone, earliest first."""
    whose = DeliveryRow.slot.not_like("%@%") if member_id is None else DeliveryRow.slot.endswith(f"@{member_id}")
    query = select(DeliveryRow.due_at).where(*_of(row), whose, DeliveryRow.state == State.PENDING, _to_come(now))
    moments = await session.scalars(query.where(DeliveryRow.slot.not_like("%>%")).order_by(DeliveryRow.due_at))
    return [moment.astimezone(ZoneInfo(team.timezone)) for moment in moments]


async def cancel_deadline(session: AsyncSession, row: AssignmentRow, reason: str, now: datetime) -> None:
    """Cancel everything of the deadline that is still to come.

    What is due already is left alone: whether it still holds is seen when it is sent, and until then this may be taken
    back.
    """
    kinds = (ASSIGNMENT_REMINDER, ASSIGNMENT_SUMMARY)
    of_deadline = DeliveryRow.team_id == row.team_id, DeliveryRow.subject_id == row.id, DeliveryRow.kind.in_(kinds)
    await _cancel(session, [*of_deadline, _to_come(now)], reason)


async def cancel_own_reminders(
    session: AsyncSession, row: AssignmentRow, member: MemberRow, reason: str, now: datetime
) -> None:
    """Cancel the reminders of one member's later deadline that are still to come."""
    await _cancel(session, [*_of(row), DeliveryRow.slot.endswith(f"@{member.id}"), _to_come(now)], reason)


async def _cancel(session: AsyncSession, which: Iterable[ColumnElement[bool]], reason: str) -> None:
    pending = update(DeliveryRow).where(DeliveryRow.state == State.PENDING, *which)
    await session.execute(pending.values(state=State.CANCELLED, reason=reason))


def _to_come(now: datetime) -> ColumnElement[bool]:
    """That it is planned for later than now, whether or not it was put off."""
    return DeliveryRow.slot > f"{now.astimezone(UTC).isoformat()}~"  # which sorts behind every slot of the instant


async def follow_clock(session: AsyncSession, team: TeamRow, now: datetime) -> None:
    """The team's zone or its quiet hours are other ones: deadlines stay, and reminders keep clear of the night.

    A deadline is an instant that people were told, with Discord's own stamp; a team that moves does not move it. Its
    board is drawn again, because it names the hour. Reminders still to come are planned anew; those that are due
    already, or were told, are left alone.
    """
    rows = await _open_assignments(session, team, now)
    for row in rows:
        await _cancel(session, [*_of(row), _to_come(now)], "the clock has changed")
        await plan_deadline(session, team, row, now)
    boards = update(BoardRow).where(BoardRow.team_id == team.id, BoardRow.kind == ASSIGNMENT_BOARD)
    await session.execute(
        boards.where(BoardRow.subject_id.in_([row.id for row in rows])).values(
            version=BoardRow.version + 1, redraw_at=now
        )
    )


async def _open_assignments(session: AsyncSession, team: TeamRow, now: datetime) -> Sequence[AssignmentRow]:
    """Assignments whose deadline is still to come, for everybody or for somebody."""
    later = select(AssignmentExceptionRow.assignment_id).where(AssignmentExceptionRow.until > now)
    query = select(AssignmentRow).where(AssignmentRow.team_id == team.id, AssignmentRow.removed_at.is_(None))
    return (await session.scalars(query.where(or_(AssignmentRow.due_at > now, AssignmentRow.id.in_(later))))).all()
