"""Assignments, and what members handed in for them, as values. Deadlines are in the team's zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.team import Member, Team


@dataclass(frozen=True)
class Assignment:
    """An assignment, `A7` to its team. `reminders` are the offsets as people write them: `1d, 3h`."""

    id: int
    number: int
    title: str
    due: datetime
    required: bool
    link: str | None
    description: str | None
    reminders: str
    lecture: str | None


@dataclass(frozen=True)
class NewAssignment:
    """What is to become an assignment, read and checked. `due` is in UTC, `reminders` as people write them."""

    title: str
    due: datetime
    required: bool
    link: str | None
    description: str | None
    reminders: str
    lecture_id: int | None = None


@dataclass(frozen=True)
class Attachment:
    """A file in the channel in which it was posted again; the ids find it after its address has expired."""

    channel_id: int
    message_id: int
    attachment_id: int
    name: str


@dataclass(frozen=True)
class Work:
    """What somebody hands in. `keep_file` leaves the file of an earlier hand-in where no new one is given."""

    link: str | None = None
    note: str | None = None
    file: Attachment | None = None
    keep_file: bool = False


@dataclass(frozen=True)
class Submission:
    """What a member has handed in; `at` is in the team's zone."""

    link: str | None
    note: str | None
    file: Attachment | None
    late: bool
    at: datetime


@dataclass(frozen=True)
class Added:
    """A new assignment and when its reminders will come, earliest first, in the team's zone."""

    assignment: Assignment
    reminders: Sequence[datetime]


@dataclass(frozen=True)
class Extended:
    """A member who has not handed in and has more time than the others; `until` is in the team's zone."""

    member: Member
    until: datetime


@dataclass(frozen=True)
class Progress:
    """How far an assignment is: how many of those who are to hand it in have, and what the caller has.

    `missing` names those whose time is over or the common one, and is None where the caller may not see names; then
    `extended` and `excused` are empty. The excused count nowhere. `own_until` is the caller's own later deadline.
    """

    assignment: Assignment
    own: Submission | None
    submitted: int
    late: int
    expected: int
    missing: tuple[Member, ...] | None = None
    extended: tuple[Extended, ...] = ()
    excused: tuple[Member, ...] = ()
    own_until: datetime | None = None
    own_excused: bool = False

    @property
    def own_due(self) -> datetime:
        """The caller's deadline, in the team's zone."""
        return self.own_until or self.assignment.due


@dataclass(frozen=True)
class Overview:
    """Assignments with their progress; `on_roster` says whether the caller is somebody who hands in."""

    progress: Sequence[Progress]
    on_roster: bool


@dataclass(frozen=True)
class Draft:
    """What handing in starts from: `own` is what the member has handed in before."""

    team: Team
    member: Member
    assignment: Assignment
    own: Submission | None


@dataclass(frozen=True)
class HandedIn:
    """A hand-in just made; `replaced` if it took the place of an earlier one."""

    progress: Progress
    submission: Submission
    replaced: bool


@dataclass(frozen=True)
class Reminder:
    """One reminder, as things stand now; `extended`: of the later deadline that one member has."""

    team: Team
    assignment: Assignment
    missing: tuple[Member, ...]
    extended: bool


@dataclass(frozen=True)
class Changes:
    """What of an assignment is to be changed, as typed; None leaves it. `off` takes a link or a description away."""

    title: str | None = None
    due: str | None = None
    required: bool | None = None
    link: str | None = None
    description: str | None = None
    remind: str | None = None
    lecture_id: int | None = None


@dataclass(frozen=True)
class Edited:
    """An assignment before and after, and when its reminders will come now, in the team's zone."""

    before: Assignment
    after: Assignment
    reminders: Sequence[datetime]


@dataclass(frozen=True)
class Extension:
    """More time for one member; `until` is None when it was taken back. Instants are in the team's zone."""

    assignment: Assignment
    member: Member
    until: datetime | None
    reminders: Sequence[datetime]


@dataclass(frozen=True)
class Excuse:
    """A member who need not hand in, or, with `excused` false, is to hand in again."""

    assignment: Assignment
    member: Member
    excused: bool


@dataclass(frozen=True)
class Summary:
    """How a deadline went, for the moderators. `progress.missing` is None where others would read the names too."""

    team: Team
    progress: Progress


@dataclass(frozen=True)
class Morning:
    """What is due today and tomorrow; `today` is the date on the team's clock."""

    team: Team
    today: date
    progress: tuple[Progress, ...]


@dataclass(frozen=True)
class AssignmentBoard:
    """What the board of an assignment shows."""

    team: Team
    progress: Progress
    removed: bool


@dataclass(frozen=True)
class CalendarEntry:
    """A deadline for one's own calendar: `due` is one's own, `alarms` are how long before it to be reminded."""

    assignment: Assignment
    due: datetime
    alarms: tuple[timedelta, ...]


@dataclass(frozen=True)
class Deadlines:
    """The deadlines to come of one person, as they are at an instant."""

    team: Team
    entries: tuple[CalendarEntry, ...]
    at: datetime


@dataclass(frozen=True)
class SheetEntry:
    """An assignment read from a line of a table, counted from 1."""

    line: int
    new: NewAssignment
