"""The assignments of some days, as their pages want them.

An assignment is of a study day on which something happened to it: it was given out, it was due, or somebody handed in.
Only those still open would leave out what was announced today for next week, and all that are open would print the
same list every day. What happens on a day off belongs to the next study day, as entries do, so nothing is lost.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, MemberRow, MembershipRow, SubmissionRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.day_record import Assignment, Submission
from bot.services.assignments import exceptions_of
from bot.services.journal._links import attached

Span = tuple[datetime, datetime]
"""From an instant to the one that is no longer in it, in UTC."""


def entries_between(calendar: StudyCalendar, day_before: date | None, day: date) -> Span:
    """The instants whose entries belong to a study day: from the end of the one before it. Before Day 1, all."""
    begin = datetime.min.replace(tzinfo=UTC) if day_before is None else calendar.ends_at(day_before)
    return begin, calendar.ends_at(day)


async def load_assignments(
    session: AsyncSession,
    team: TeamRow,
    spans: Mapping[date, Span],
    closed_at: Mapping[date, datetime | None],
    owner: MemberRow | None,
) -> Mapping[date, tuple[Assignment, ...]]:
    """Those of each day by deadline, with everything handed in; notes only those of the page's owner.

    `closed_at` is when the days were closed: a closed page keeps what it says.
    """
    begins, ends = zip(*spans.values(), strict=True)
    rows = await _rows_between(session, team, min(begins), max(ends))
    ids = [row.id for row in rows]
    submissions = await _submissions(session, team, ids, owner)
    memberships, excused = await _memberships(session, team), await _excused(session, ids)
    return {
        day: tuple(
            _assignment(row, submissions[row.id], _on_roster(memberships, day), excused[row.id])
            for row in rows
            if _still_told(row, closed_at.get(day)) and _happened_within(row, submissions[row.id], span)
        )
        for day, span in spans.items()
    }


async def _rows_between(
    session: AsyncSession, team: TeamRow, begin: datetime, end: datetime
) -> Sequence[AssignmentRow]:
    """The assignments that anything happened to, the removed ones too."""
    handed_in = select(SubmissionRow.assignment_id).where(
        SubmissionRow.submitted_at >= begin, SubmissionRow.submitted_at < end
    )
    query = select(AssignmentRow).where(
        AssignmentRow.team_id == team.id,
        or_(
            (AssignmentRow.due_at >= begin) & (AssignmentRow.due_at < end),
            (AssignmentRow.created_at >= begin) & (AssignmentRow.created_at < end),
            AssignmentRow.id.in_(handed_in),
        ),
    )
    return (await session.scalars(query.order_by(AssignmentRow.due_at, AssignmentRow.number))).all()


def _still_told(row: AssignmentRow, closed_at: datetime | None) -> bool:
    return row.removed_at is None or (closed_at is not None and row.removed_at >= closed_at)


def _happened_within(row: AssignmentRow, submissions: Sequence[Submission], span: Span) -> bool:
    begin, end = span
    instants = (row.due_at, row.created_at, *(each.at for each in submissions))
    return any(begin <= instant < end for instant in instants)


def _assignment(
    row: AssignmentRow, submissions: Sequence[Submission], on_roster: frozenset[int], excused: frozenset[int]
) -> Assignment:
    return Assignment(
        id=row.id,
        title=row.title,
        required=row.required,
        due=row.due_at,
        link=row.link,
        description=row.description or "",
        submissions=tuple(submissions),
        expected=len(on_roster - (excused - {each.member_id for each in submissions})),
        excused_ids=excused,
    )


async def _submissions(
    session: AsyncSession, team: TeamRow, assignment_ids: list[int], owner: MemberRow | None
) -> dict[int, list[Submission]]:
    found: dict[int, list[Submission]] = {assignment_id: [] for assignment_id in assignment_ids}
    query = select(SubmissionRow).where(SubmissionRow.assignment_id.in_(found)).order_by(SubmissionRow.id)
    for row in await session.scalars(query):
        own = owner is not None and row.member_id == owner.id
        found[row.assignment_id].append(
            Submission(
                member_id=row.member_id,
                at=row.submitted_at,
                late=row.late,
                link=row.link,
                attachment=attached(
                    team, row.attachment_name, row.attachment_channel_id, row.attachment_message_id, row.attachment_id
                ),
                note=(row.note or "") if own else "",
            )
        )
    return found


async def _excused(session: AsyncSession, assignment_ids: list[int]) -> dict[int, frozenset[int]]:
    """Assignment → the members who need not hand it in."""
    exceptions = await exceptions_of(session, assignment_ids)
    return {
        assignment_id: frozenset(member_id for member_id, row in of_members.items() if row.excused)
        for assignment_id, of_members in exceptions.items()
    }


async def _memberships(session: AsyncSession, team: TeamRow) -> Sequence[MembershipRow]:
    query = select(MembershipRow).join(MemberRow, MemberRow.id == MembershipRow.member_id)
    return (await session.scalars(query.where(MemberRow.team_id == team.id))).all()


def _on_roster(memberships: Collection[MembershipRow], day: date) -> frozenset[int]:
    """Who was on the roster on a day."""
    return frozenset(
        row.member_id for row in memberships if row.since <= day and (row.until is None or row.until > day)
    )
