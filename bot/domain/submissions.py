"""Assignments, and what members handed in for them, as values. Deadlines are in the team's zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
class Progress:
    """How far an assignment is: how many of the roster have handed in, and what the caller has.

    `missing` names the others, and is None where the caller may not see names.
    """

    assignment: Assignment
    own: Submission | None
    submitted: int
    late: int
    expected: int
    missing: tuple[Member, ...] | None = None


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
    """One reminder, as things stand now. `planned` is when it was to be sent, in the team's zone."""

    team: Team
    assignment: Assignment
    planned: datetime
    missing: tuple[Member, ...]
