"""Lectures as values: what is typed to make one, and what is shown of one."""

from dataclasses import dataclass
from datetime import date

from bot.domain.duties import KINDS_WITHOUT_PRESENTER
from bot.domain.team import Member


@dataclass(frozen=True)
class NewLecture:
    """A lecture as typed into `/lecture add`. What is not given is None; dates are as people write them."""

    title: str
    kind: str = "lecture"
    course: str | None = None
    number: str | None = None
    studied: str | None = None
    presented: str | None = None
    presenter_user_id: int | None = None
    readers: int | None = None


@dataclass(frozen=True)
class LectureEdit:
    """What `/lecture edit` is to change, as typed; None stays as it is."""

    title: str | None = None
    course: str | None = None
    number: str | None = None
    kind: str | None = None
    readers: int | None = None


@dataclass(frozen=True)
class LectureMove:
    """The days that `/lecture move` is to change, as people write them; None stays as it is."""

    studied: str | None = None
    presented: str | None = None


@dataclass(frozen=True)
class NumberedDay:
    """A date, with its number where it is a study day."""

    date: date
    number: int | None


@dataclass(frozen=True)
class LectureSummary:
    """A lecture, its two days, and who presents it: one, or several readers of a paper.

    `settled` tells presenters who were told from those who would be chosen now.
    """

    id: int
    label: str
    kind: str
    readers: int
    studied: NumberedDay
    presented: NumberedDay
    presenters: tuple[Member, ...]
    settled: bool

    @property
    def is_presented(self) -> bool:
        """Whether somebody presents it at all."""
        return self.kind not in KINDS_WITHOUT_PRESENTER


@dataclass(frozen=True)
class LectureChange:
    """A lecture as it is after a change, or was before it was removed; `released` were to present it and no more."""

    lecture: LectureSummary
    released: tuple[Member, ...]


@dataclass(frozen=True)
class NewMaterial:
    """A link, or a file that is kept in a message. The title falls back to the file's name or the address."""

    title: str | None
    url: str | None = None
    channel_id: int | None = None
    message_id: int | None = None
    attachment_id: int | None = None
    file_name: str | None = None


@dataclass(frozen=True)
class MaterialPlace:
    """Where a file of a lecture is to be kept, and what is said there, in which language."""

    channel_id: int
    language: str
    lecture: str
    member: Member
