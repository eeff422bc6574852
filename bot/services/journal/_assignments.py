"""The assignments of a day, as the page wants them.

An assignment is of a study day on which something happened to it: it was given out, it was due, or somebody handed in.
Only those still open would leave out what was announced today for next week, and all that are open would print the
same list every day. What happens on a day off belongs to the next study day, as entries do, so nothing is lost.
"""

from datetime import UTC, date, datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, MemberRow, MembershipRow, StudyDayRow, SubmissionRow, TeamRow
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
    session: AsyncSession, team: TeamRow, day: date, span: Span, owner: MemberRow | None
) -> tuple[Assignment, ...]:
    """The assignments of a day by deadline, with everything handed in; notes only those of the page's owner."""
    begin, end = span
    handed_in = select(SubmissionRow.assignment_id).where(
        SubmissionRow.submitted_at >= begin, SubmissionRow.submitted_at < end
    )
    removed = AssignmentRow.removed_at
    closed_at = select(StudyDayRow.closed_at).where(StudyDayRow.team_id == team.id, StudyDayRow.date == day)
    query = select(AssignmentRow).where(
        AssignmentRow.team_id == team.id,
        or_(removed.is_(None), removed >= closed_at.scalar_subquery()),  # a closed page keeps what it says
        or_(
            (AssignmentRow.due_at >= begin) & (AssignmentRow.due_at < end),
            (AssignmentRow.created_at >= begin) & (AssignmentRow.created_at < end),
            AssignmentRow.id.in_(handed_in),
        ),
    )
    rows = (await session.scalars(query.order_by(AssignmentRow.due_at, AssignmentRow.number))).all()
    submissions = await _submissions(session, team, [row.id for row in rows], owner)
    expected = await _members_on(session, team, day)
    excused = await _excused(session, [row.id for row in rows])
    return tuple(
        Assignment(
            id=row.id,
            title=row.title,
            required=row.required,
            due=row.due_at,
            link=row.link,
            description=row.description or "",
            submissions=tuple(submissions[row.id]),
            expected=len(expected - (excused[row.id] - {each.member_id for each in submissions[row.id]})),
            excused_ids=excused[row.id],
        )
        for row in rows
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


async def _members_on(session: AsyncSession, team: TeamRow, day: date) -> frozenset[int]:
    """Who was on the roster on a day."""
    query = (
        select(MembershipRow.member_id)
        .join(MemberRow, MemberRow.id == MembershipRow.member_id)
        .where(MemberRow.team_id == team.id, MembershipRow.since <= day)
        .where(or_(MembershipRow.until.is_(None), MembershipRow.until > day))
        .distinct()
    )
    return frozenset(await session.scalars(query))
