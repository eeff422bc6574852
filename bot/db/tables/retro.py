"""Retrospectives. Anonymous ones are apart, so that nothing can join them to anybody."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DayKey, Key, MemberKey
from bot.db.types import PrimaryKey


class RetrospectiveRow(Base):
    __tablename__ = "retrospective"
    __table_args__ = (UniqueConstraint("day_id", "member_id"),)

    id: Mapped[Key]
    day_id: Mapped[DayKey]
    member_id: Mapped[MemberKey]
    text: Mapped[str]
    visibility: Mapped[str] = mapped_column(comment="team, private")
    written_at: Mapped[datetime]


class AnonymousRetrospectiveRow(Base):
    """A text under a random key: no author, no time, and no row number that would tell the order of writing."""

    __tablename__ = "anonymous_retrospective"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(primary_key=True)
    day_id: Mapped[DayKey]
    text: Mapped[str]


class WrittenRow(Base):
    """That a member has written on a day; not what, not when."""

    __tablename__ = "retrospective_written"
    __table_args__ = ({"sqlite_with_rowid": False},)

    day_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("study_day.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("member.id"), primary_key=True)
