"""The peer session: who was there, what was at the table when, its minutes, and its round table."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DayKey, Key, MemberKey
from bot.db.types import PrimaryKey


class AttendanceRow(Base):
    """Who was at the session of a day. The reason is the member's alone."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("day_id", "member_id"),)

    id: Mapped[Key]
    day_id: Mapped[DayKey]
    member_id: Mapped[MemberKey]
    state: Mapped[str] = mapped_column(comment="present, late, absent")
    reason: Mapped[str | None]
    marked_at: Mapped[datetime]


class SessionStepRow(Base):
    """The session moved on: to a lecture (to none: all the rest), or to a question within it.

    The unique number is what lets two who press *Next* at once move it on once.
    """

    __tablename__ = "session_step"
    __table_args__ = (UniqueConstraint("day_id", "number"),)

    id: Mapped[Key]
    day_id: Mapped[DayKey]
    number: Mapped[int] = mapped_column(comment="counted from 1 on each day")
    lecture_id: Mapped[int | None] = mapped_column(ForeignKey("lecture.id", ondelete="CASCADE"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    began_at: Mapped[datetime]


class MinutesRow(Base):
    """One entry of the minutes, of the day or of a lecture."""

    __tablename__ = "minutes"

    id: Mapped[Key]
    day_id: Mapped[DayKey]
    lecture_id: Mapped[int | None] = mapped_column(ForeignKey("lecture.id"))
    member_id: Mapped[MemberKey]
    kind: Mapped[str] = mapped_column(comment="note, discussion, decision, action, announcement, material")
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    due: Mapped[date | None]
    noted_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(comment="of an action: it stands on the agenda until then")


class RoundtableRow(Base):
    """A question to everybody at the table."""

    __tablename__ = "roundtable"

    id: Mapped[Key]
    day_id: Mapped[DayKey]
    prompt: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(comment="until then nobody sees the others' replies")


class RoundtableReplyRow(Base):
    __tablename__ = "roundtable_reply"
    __table_args__ = (UniqueConstraint("roundtable_id", "member_id"),)

    id: Mapped[Key]
    roundtable_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("roundtable.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[MemberKey]
    text: Mapped[str]
    replied_at: Mapped[datetime]
