"""Minutes of the peer session, and its round table."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DayKey, Key, MemberKey
from bot.db.types import PrimaryKey


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


class RoundtableRow(Base):
    """A question to everybody at the table."""

    __tablename__ = "roundtable"

    id: Mapped[Key]
    day_id: Mapped[DayKey]
    prompt: Mapped[str]
    opened_at: Mapped[datetime]


class RoundtableReplyRow(Base):
    __tablename__ = "roundtable_reply"
    __table_args__ = (UniqueConstraint("roundtable_id", "member_id"),)

    id: Mapped[Key]
    roundtable_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("roundtable.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[MemberKey]
    text: Mapped[str]
    replied_at: Mapped[datetime]
