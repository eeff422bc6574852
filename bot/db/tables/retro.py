"""Retrospectives. Anonymous ones are apart, so that nothing can join them to anybody."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DayKey, Key, MemberKey, TeamKey
from bot.db.types import PrimaryKey


class RetrospectiveRow(Base):
    """What a member wrote by name on a day; the texts are its reflections."""

    __tablename__ = "retrospective"
    __table_args__ = (UniqueConstraint("day_id", "member_id"),)

    id: Mapped[Key]
    day_id: Mapped[DayKey]
    member_id: Mapped[MemberKey]
    visibility: Mapped[str] = mapped_column(comment="team, private")
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None] = mapped_column(comment="when a text was last changed")


class ReflectionRow(Base):
    """One field of a retrospective's form, also an empty one: the form opens again as it was."""

    __tablename__ = "reflection"

    retrospective_id: Mapped[int] = mapped_column(
        PrimaryKey, ForeignKey("retrospective.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(comment="in the words of that day; empty for the one free field")
    text: Mapped[str]


class AnonymousRetrospectiveRow(Base):
    """A random key: no author, no time, and no row number that would tell the order of writing."""

    __tablename__ = "anonymous_retrospective"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(primary_key=True)
    day_id: Mapped[DayKey]


class AnonymousReflectionRow(Base):
    """A text of an anonymous retrospective."""

    __tablename__ = "anonymous_reflection"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(ForeignKey("anonymous_retrospective.key", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(comment="in the words of that day; empty for the one free field")
    text: Mapped[str]


class WrittenRow(Base):
    """That a member has written on a day; not what, not when."""

    __tablename__ = "retrospective_written"
    __table_args__ = ({"sqlite_with_rowid": False},)

    day_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("study_day.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("member.id"), primary_key=True)


class PassRow(Base):
    """That a member lets the retrospective of a day be."""

    __tablename__ = "retrospective_pass"
    __table_args__ = ({"sqlite_with_rowid": False},)

    day_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("study_day.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("member.id"), primary_key=True)


class ExperimentRow(Base):
    """What the team tries out in a week, chosen when it looked back on the week before."""

    __tablename__ = "experiment"
    __table_args__ = (UniqueConstraint("team_id", "week"),)

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    week: Mapped[date] = mapped_column(comment="its Monday")
    text: Mapped[str]
    member_id: Mapped[MemberKey] = mapped_column(comment="who put it into words last")
    chosen_at: Mapped[datetime]


class VerdictRow(Base):
    """What a member says is to become of an experiment."""

    __tablename__ = "experiment_verdict"

    experiment_id: Mapped[int] = mapped_column(
        PrimaryKey, ForeignKey("experiment.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("member.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(comment="keep, change, drop")
