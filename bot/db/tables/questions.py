"""Questions and answers."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DayKey, DiscordId, Key, MemberKey, TeamKey
from bot.db.types import PrimaryKey


class QuestionRow(Base):
    """A question, counted per team. `day_id` is the study day whose page it belongs to.

    An anonymous one has no author, and nothing else in the database leads to one.
    """

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("team_id", "number"),)

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    number: Mapped[int]
    day_id: Mapped[DayKey]
    lecture_id: Mapped[int | None] = mapped_column(ForeignKey("lecture.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str]
    state: Mapped[str] = mapped_column(comment="open, discussing, answered, mentor, dropped, withdrawn")
    further: Mapped[bool] = mapped_column(comment="stays when it is answered")
    asked_at: Mapped[datetime]
    attachment_channel_id: Mapped[DiscordId | None]
    attachment_message_id: Mapped[DiscordId | None]
    attachment_id: Mapped[DiscordId | None]
    attachment_name: Mapped[str | None]


class AnswerRow(Base):
    __tablename__ = "answer"

    id: Mapped[Key]
    question_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("question.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[MemberKey]
    text: Mapped[str]
    answered_at: Mapped[datetime]
