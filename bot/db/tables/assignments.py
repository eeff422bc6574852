"""Assignments and what was handed in."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DiscordId, Key, MemberKey, TeamKey
from bot.db.types import PrimaryKey


class AssignmentRow(Base):
    """An assignment, counted per team (A7)."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("team_id", "number"),)

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    number: Mapped[int]
    title: Mapped[str]
    due_at: Mapped[datetime]
    required: Mapped[bool]
    link: Mapped[str | None]
    description: Mapped[str | None]
    reminders: Mapped[str] = mapped_column(comment="offsets before the deadline, such as 1d, 3h")
    lecture_id: Mapped[int | None] = mapped_column(ForeignKey("lecture.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(comment="pages of days closed before it keep the assignment")


class AssignmentExceptionRow(Base):
    """What holds for one member only: a later deadline, or that they need not hand in."""

    __tablename__ = "assignment_exception"
    __table_args__ = (UniqueConstraint("assignment_id", "member_id"),)

    id: Mapped[Key]
    assignment_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[MemberKey]
    until: Mapped[datetime | None] = mapped_column(comment="their own deadline, where it is later than everybody's")
    excused: Mapped[bool]


class SubmissionRow(Base):
    """What a member handed in. `late` is decided when it is handed in."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("assignment_id", "member_id"),)

    id: Mapped[Key]
    assignment_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[MemberKey]
    link: Mapped[str | None]
    note: Mapped[str | None]
    late: Mapped[bool]
    submitted_at: Mapped[datetime]
    attachment_channel_id: Mapped[DiscordId | None]
    attachment_message_id: Mapped[DiscordId | None]
    attachment_id: Mapped[DiscordId | None]
    attachment_name: Mapped[str | None]
