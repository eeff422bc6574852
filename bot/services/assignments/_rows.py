"""The rows of assignments and hand-ins, and the values they become. Works inside the transaction of whoever asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AssignmentExceptionRow, AssignmentRow, LectureRow, MemberRow, SubmissionRow, TeamRow
from bot.domain.assignments import who_has_not
from bot.domain.references import Reference
from bot.domain.submissions import Assignment, Attachment, Extended, Overview, Progress, Submission, Work
from bot.domain.team import Caller
from bot.errors import NotFound
from bot.i18n import _, language
from bot.services.assignment_exceptions import due_for, exceptions_of, is_excused
from bot.services.audit import Facts
from bot.services.lectures import label
from bot.services.teams import roster
from bot.services.values import to_member

SHOWN_TITLE = 60
"""Characters of a title in a list to pick from, so that the deadline behind it is never cut off."""


async def assignment_of(session: AsyncSession, team: TeamRow, assignment_id: int) -> AssignmentRow:
    """An assignment of this team. Raises NotFound for any other, and for one that was removed."""
    query = select(AssignmentRow).where(AssignmentRow.id == assignment_id, AssignmentRow.team_id == team.id)
    row = await session.scalar(query.where(AssignmentRow.removed_at.is_(None)))
    if row is None:
        raise NotFound(_("This team has no such assignment. /assignment list shows them."))
    return row


async def assignments_of(session: AsyncSession, team: TeamRow, now: datetime) -> list[AssignmentRow]:
    """The team's assignments: open ones by their deadline, then the others, the latest first."""

    def nearness(row: AssignmentRow) -> tuple[bool, float]:
        left = (row.due_at - now).total_seconds()
        return left < 0, abs(left)

    query = select(AssignmentRow).where(AssignmentRow.team_id == team.id, AssignmentRow.removed_at.is_(None))
    return sorted(await session.scalars(query.order_by(AssignmentRow.id)), key=nearness)


async def submission_of(session: AsyncSession, row: AssignmentRow, member: MemberRow) -> SubmissionRow | None:
    """What a member has handed in for an assignment."""
    query = select(SubmissionRow).where(SubmissionRow.assignment_id == row.id, SubmissionRow.member_id == member.id)
    return await session.scalar(query)


async def next_number(session: AsyncSession, team: TeamRow) -> int:
    """One more than the highest; the number of a removed assignment is not given again."""
    query = select(func.max(AssignmentRow.number)).where(AssignmentRow.team_id == team.id)
    return (await session.scalar(query) or 0) + 1


async def overview(
    session: AsyncSession, team: TeamRow, caller: Caller, rows: Sequence[AssignmentRow], *, names: bool = False
) -> Overview:
    """Assignments with what the present roster has handed in; with `names`, who of it has not."""
    progress = await progress_of(session, team, rows, caller.at, user_id=caller.user_id, names=names)
    on_roster = any(member.user_id == caller.user_id for member in await roster(session, team))
    return Overview(progress, on_roster)


async def open_for(session: AsyncSession, team: TeamRow, caller: Caller) -> list[Progress]:
    """What the caller can still hand in before their own deadline and has not, the nearest first."""
    rows = await assignments_of(session, team, caller.at)
    found = await progress_of(session, team, rows, caller.at, user_id=caller.user_id)
    waiting = [each for each in found if each.own is None and not each.own_excused and each.own_due > caller.at]
    return sorted(waiting, key=lambda each: each.own_due)


async def progress_of(
    session: AsyncSession,
    team: TeamRow,
    rows: Sequence[AssignmentRow],
    now: datetime,
    *,
    user_id: int | None = None,
    names: bool = False,
) -> list[Progress]:
    """How far assignments are, as the Discord user `user_id` sees it; with `names`, who has not handed in."""
    members = await roster(session, team)
    me = next((member.id for member in members if member.user_id == user_id), None)
    handed_in: dict[int, dict[int, SubmissionRow]] = {row.id: {} for row in rows}
    for submission in await session.scalars(select(SubmissionRow).where(SubmissionRow.assignment_id.in_(handed_in))):
        handed_in[submission.assignment_id][submission.member_id] = submission
    exceptions = await exceptions_of(session, [row.id for row in rows])
    found = []
    for row in rows:
        of_row = await _counted(session, team, row, Group(members, handed_in[row.id], exceptions[row.id]))
        if names:
            of_row = _with_names(of_row, team, row, Group(members, handed_in[row.id], exceptions[row.id]), now)
        found.append(of_row if me is None else _with_own(of_row, team, row, me, handed_in[row.id], exceptions[row.id]))
    return found


@dataclass(frozen=True)
class Group:
    """The present members of a team, what was handed in (also by those who left), and who has an exception."""

    members: Sequence[MemberRow]
    handed_in: Mapping[int, SubmissionRow]
    exceptions: Mapping[int, AssignmentExceptionRow]

    @property
    def expected(self) -> list[MemberRow]:
        """Those who are to hand in."""
        return [member for member in self.members if not is_excused(self.exceptions.get(member.id))]


async def _counted(session: AsyncSession, team: TeamRow, row: AssignmentRow, group: Group) -> Progress:
    present = [group.handed_in[member.id] for member in group.expected if member.id in group.handed_in]
    return Progress(
        assignment=await as_assignment(session, team, row),
        own=None,
        submitted=len(present),
        late=sum(submission.late for submission in present),
        expected=len(group.expected),
    )


def _with_names(progress: Progress, team: TeamRow, row: AssignmentRow, group: Group, now: datetime) -> Progress:
    """Those who have not handed in, by whether they have more time than the others at this instant."""
    open_ids = who_has_not([member.id for member in group.expected], group.handed_in)
    zone = ZoneInfo(team.timezone)
    missing, extended = [], []
    for member in (member for member in group.expected if member.id in open_ids):
        due = due_for(row, group.exceptions.get(member.id))
        if due > max(row.due_at, now):
            extended.append(Extended(to_member(member), due.astimezone(zone)))
        else:
            missing.append(to_member(member))
    excused = [to_member(member) for member in group.members if is_excused(group.exceptions.get(member.id))]
    return replace(progress, missing=tuple(missing), extended=tuple(extended), excused=tuple(excused))


def _with_own(
    progress: Progress,
    team: TeamRow,
    row: AssignmentRow,
    me: int,
    handed_in: Mapping[int, SubmissionRow],
    exceptions: Mapping[int, AssignmentExceptionRow],
) -> Progress:
    own, due = handed_in.get(me), due_for(row, exceptions.get(me))
    return replace(
        progress,
        own=None if own is None else to_submission(team, own),
        own_until=due.astimezone(ZoneInfo(team.timezone)) if due > row.due_at else None,
        own_excused=is_excused(exceptions.get(me)),
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


ATTACHMENT: Final = ("attachment_channel_id", "attachment_message_id", "attachment_id", "attachment_name")


def submission_facts(row: SubmissionRow) -> Facts:
    """What the audit keeps of a hand-in."""
    return _columns(row, ("assignment_id", "link", "note", "late", "submitted_at", *ATTACHMENT))


def _columns(row: AssignmentRow | SubmissionRow, columns: Collection[str]) -> Facts:
    return {column: getattr(row, column) for column in columns}
