"""The rows of assignments and hand-ins, and the values they become. Works inside the transaction of whoever asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentRow, LectureRow, MemberRow, SubmissionRow, TeamRow
from bot.domain.assignments import who_has_not
from bot.domain.references import Reference
from bot.domain.submissions import Assignment, Attachment, Overview, Progress, Submission, Work
from bot.domain.team import Caller
from bot.errors import NotFound
from bot.i18n import _, language
from bot.services.audit import Facts
from bot.services.lectures import label
from bot.services.teams import roster
from bot.services.values import to_member

SHOWN_TITLE = 60
"""Characters of a title in a list to pick from, so that the deadline behind it is never cut off."""


async def assignment_of(session: AsyncSession, team: TeamRow, assignment_id: int) -> AssignmentRow:
    """An assignment of this team. Raises NotFound for any other."""
    query = select(AssignmentRow).where(AssignmentRow.id == assignment_id, AssignmentRow.team_id == team.id)
    row = await session.scalar(query)
    if row is None:
        raise NotFound(_("This team has no such assignment. /assignment list shows them."))
    return row


async def assignments_of(session: AsyncSession, team: TeamRow, now: datetime) -> list[AssignmentRow]:
    """The team's assignments: open ones by their deadline, then the others, the latest first."""

    def nearness(row: AssignmentRow) -> tuple[bool, float]:
        left = (row.due_at - now).total_seconds()
        return left < 0, abs(left)

    query = select(AssignmentRow).where(AssignmentRow.team_id == team.id).order_by(AssignmentRow.id)
    return sorted(await session.scalars(query), key=nearness)


async def submission_of(session: AsyncSession, row: AssignmentRow, member: MemberRow) -> SubmissionRow | None:
    """What a member has handed in for an assignment."""
    query = select(SubmissionRow).where(SubmissionRow.assignment_id == row.id, SubmissionRow.member_id == member.id)
    return await session.scalar(query)


async def next_number(session: AsyncSession, team: TeamRow) -> int:
    query = select(func.max(AssignmentRow.number)).where(AssignmentRow.team_id == team.id)
    return (await session.scalar(query) or 0) + 1


async def overview(
    session: AsyncSession, team: TeamRow, caller: Caller, rows: Sequence[AssignmentRow], *, names: bool = False
) -> Overview:
    """Assignments with what the present roster has handed in; with `names`, who of it has not."""
    members = await roster(session, team)
    me = next((member.id for member in members if member.user_id == caller.user_id), None)
    handed_in: dict[int, dict[int, SubmissionRow]] = {row.id: {} for row in rows}
    for submission in await session.scalars(select(SubmissionRow).where(SubmissionRow.assignment_id.in_(handed_in))):
        handed_in[submission.assignment_id][submission.member_id] = submission
    progress = []
    for row in rows:
        own = None if me is None else handed_in[row.id].get(me)
        of_row = _progress(await as_assignment(session, team, row), members, handed_in[row.id], names=names)
        progress.append(replace(of_row, own=None if own is None else to_submission(team, own)))
    return Overview(progress, on_roster=me is not None)


def _progress(
    assignment: Assignment, members: Sequence[MemberRow], handed_in: Mapping[int, SubmissionRow], *, names: bool
) -> Progress:
    """Counts of the present members only; `handed_in` also holds what those left behind who are gone."""
    present = [handed_in[member.id] for member in members if member.id in handed_in]
    open_ids = who_has_not([member.id for member in members], handed_in)
    return Progress(
        assignment=assignment,
        own=None,
        submitted=len(present),
        late=sum(submission.late for submission in present),
        expected=len(members),
        missing=tuple(to_member(member) for member in members if member.id in open_ids) if names else None,
    )


async def as_assignment(session: AsyncSession, team: TeamRow, row: AssignmentRow) -> Assignment:
    """The value of a row, with the label of its lecture."""
    lecture = None if row.lecture_id is None else await session.get(LectureRow, row.lecture_id)
    return Assignment(
        id=row.id,
        number=row.number,
        title=row.title,
        due=row.due_at.astimezone(ZoneInfo(team.timezone)),
        required=row.required,
        link=row.link,
        description=row.description,
        reminders=row.reminders,
        lecture=None if lecture is None else label(lecture),
    )


def to_submission(team: TeamRow, row: SubmissionRow) -> Submission:
    return Submission(
        link=row.link,
        note=row.note,
        file=_to_attachment(row),
        late=row.late,
        at=row.submitted_at.astimezone(ZoneInfo(team.timezone)),
    )


def _to_attachment(row: SubmissionRow) -> Attachment | None:
    ids = (row.attachment_channel_id, row.attachment_message_id, row.attachment_id)
    channel_id, message_id, attachment_id = ids
    if channel_id is None or message_id is None or attachment_id is None:
        return None
    return Attachment(channel_id, message_id, attachment_id, row.attachment_name or "")


def put_work(row: SubmissionRow, work: Work) -> None:
    """Write what is handed in into its row, over what was there."""
    row.link, row.note = work.link, work.note
    if work.file is None and work.keep_file:
        return
    file = work.file
    row.attachment_channel_id = None if file is None else file.channel_id
    row.attachment_message_id = None if file is None else file.message_id
    row.attachment_id = None if file is None else file.attachment_id
    row.attachment_name = None if file is None else file.name


def reference(team: TeamRow, row: AssignmentRow) -> Reference:
    """`A7 title · 11/24 화 23:59`, in the team's language."""
    title = row.title if len(row.title) <= SHOWN_TITLE else row.title[: SHOWN_TITLE - 1] + "…"
    due = language(team.language).format_value(row.due_at.astimezone(ZoneInfo(team.timezone)), "moment")
    return Reference(row.id, f"A{row.number} {title} · {due}")


def assignment_facts(row: AssignmentRow) -> Facts:
    """What the audit keeps of an assignment."""
    return _columns(row, ("number", "title", "due_at", "required", "link", "description", "reminders", "lecture_id"))


def submission_facts(row: SubmissionRow) -> Facts:
    """What the audit keeps of a hand-in."""
    columns = ("assignment_id", "link", "note", "late", "submitted_at", "attachment_id", "attachment_name")
    return _columns(row, columns)


def _columns(row: AssignmentRow | SubmissionRow, columns: Collection[str]) -> Facts:
    return {column: getattr(row, column) for column in columns}
