"""Questions, their votes and answers, and what was changed about them."""

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
    state: Mapped[str] = mapped_column(comment="open, discussing, answered, mentor, dropped, withdrawn, removed")
    reason: Mapped[str | None] = mapped_column(comment="why it is in its state, for everybody to read")
    further: Mapped[bool] = mapped_column(comment="stays when it is answered")
    asked_at: Mapped[datetime]
    about_channel_id: Mapped[DiscordId | None] = mapped_column(comment="of the message that it is about")
    about_message_id: Mapped[DiscordId | None]
    attachment_channel_id: Mapped[DiscordId | None]
    attachment_message_id: Mapped[DiscordId | None]
    attachment_id: Mapped[DiscordId | None]
    attachment_name: Mapped[str | None]


class VoteRow(Base):
    """Somebody wants a question answered."""

    __tablename__ = "question_vote"

    question_id: Mapped[int] = mapped_column(
        PrimaryKey, ForeignKey("question.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("member.id"), primary_key=True)


class AnswerRow(Base):
    """`day_id` is the study day on which it was given; null for answers older than this column: the question's day."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("question_id", "message_id"),)

    id: Mapped[Key]
    question_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("question.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[MemberKey]
    day_id: Mapped[int | None] = mapped_column(ForeignKey("study_day.id"), index=True)
    text: Mapped[str]
    answered_at: Mapped[datetime]
    channel_id: Mapped[DiscordId | None] = mapped_column(comment="of the message that was saved as the answer")
    message_id: Mapped[DiscordId | None]


class AnswerVersionRow(Base):
    """A text that an answer had until it was edited."""

    __tablename__ = "answer_version"

    id: Mapped[Key]
    answer_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("answer.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    replaced_at: Mapped[datetime]


class QuestionChangeRow(Base):
    """How a question stood before it changed, for taking that back. `actor_id` is null where nobody is to be named."""

    __tablename__ = "question_change"

    id: Mapped[Key]
    question_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("question.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[DiscordId | None]
    at: Mapped[datetime]
    action: Mapped[str]
    was_state: Mapped[str]
    was_reason: Mapped[str | None]
    was_further: Mapped[bool]
    answer_id: Mapped[int | None] = mapped_column(
        ForeignKey("answer.id", ondelete="CASCADE"), comment="the answer that the change brought"
    )
