"""Lectures, and what belongs to them."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DiscordId, Key, LectureKey, MemberKey, TeamKey


class LectureRow(Base):
    """A unit of a course, with the day it is studied and the day it is presented."""

    __tablename__ = "lecture"
    __table_args__ = (
        Index("ix_lecture_studied", "team_id", "study_date"),
        Index("ix_lecture_presented", "team_id", "session_date"),
    )

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    course: Mapped[str]
    number: Mapped[str] = mapped_column(comment="as the team writes it: 5강")
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(comment="lecture, paper, event")
    readers: Mapped[int] = mapped_column(server_default=text("1"), comment="how many present it; an event has none")
    study_date: Mapped[date]
    session_date: Mapped[date]
    created_at: Mapped[datetime]


class NoteRow(Base):
    __tablename__ = "lecture_note"

    id: Mapped[Key]
    lecture_id: Mapped[LectureKey]
    member_id: Mapped[MemberKey]
    text: Mapped[str]
    written_at: Mapped[datetime]


class MaterialRow(Base):
    """Slides and links: a URL, or an attachment kept by the ids under which Discord finds it again."""

    __tablename__ = "lecture_material"

    id: Mapped[Key]
    lecture_id: Mapped[LectureKey]
    member_id: Mapped[MemberKey]
    title: Mapped[str]
    url: Mapped[str | None]
    channel_id: Mapped[DiscordId | None]
    message_id: Mapped[DiscordId | None]
    attachment_id: Mapped[DiscordId | None]
    added_at: Mapped[datetime]
