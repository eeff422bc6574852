"""What is to be posted: schedules, the outbox of deliveries, and boards."""

from datetime import datetime, time

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DiscordId, Key, TeamKey


class ScheduleRow(Base):
    """Something due every study day at a local time of the team."""

    __tablename__ = "schedule"
    __table_args__ = (UniqueConstraint("team_id", "kind"), Index(None, "next_due_at"))

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    kind: Mapped[str]
    local_time: Mapped[time]
    next_due_at: Mapped[datetime]


class DeliveryRow(Base):
    """One planned message. The unique constraint is what makes planning it twice harmless."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("team_id", "kind", "subject_id", "slot"),
        Index("ix_delivery_due", "due_at", sqlite_where=text("state IN ('pending', 'sending')")),
        Index("ix_delivery_kind", "kind", "state"),
        Index("ix_delivery_merged", "merged_into_id", sqlite_where=text("merged_into_id IS NOT NULL")),
        Index("ix_delivery_lane", "team_id", "lane", "due_at", sqlite_where=text("state IN ('pending', 'sending')")),
    )

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    kind: Mapped[str]
    subject_id: Mapped[int] = mapped_column(comment="id of the feature's row it speaks of, or 0")
    slot: Mapped[str] = mapped_column(comment="planned instant in UTC, and the offset if there is one")
    lane: Mapped[str] = mapped_column(server_default="", comment="what is in one lane of a team goes out in order")
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(comment="pending, sending, sent, failed, held, skipped, cancelled")
    reason: Mapped[str | None]
    attempts: Mapped[int]
    failures: Mapped[int] = mapped_column(server_default="0", comment="times it did not get through while others did")
    first_tried_at: Mapped[datetime | None]
    payload: Mapped[str | None] = mapped_column(comment="JSON of the post, fixed at the first attempt")
    nonce: Mapped[str]
    channel_id: Mapped[DiscordId | None] = mapped_column(comment="where it is to go, or was tried last")
    placed: Mapped[bool] = mapped_column(
        server_default=text("0"), comment="channel_id was given when it was planned, not chosen when it was composed"
    )
    user_id: Mapped[DiscordId | None] = mapped_column(comment="to this person alone, in place of a channel")
    thread_of_day_id: Mapped[int | None] = mapped_column(ForeignKey("study_day.id", ondelete="CASCADE"))
    message_id: Mapped[DiscordId | None]
    merged_into_id: Mapped[int | None] = mapped_column(comment="the late delivery in whose message this one's text is")
    told_by_id: Mapped[int | None] = mapped_column(comment="the delivery that tells moderators of its failure")


class BoardRow(Base):
    """A message edited in place. It is redrawn while `shown_version` lags behind `version`."""

    __tablename__ = "board"
    __table_args__ = (
        UniqueConstraint("team_id", "kind", "subject_id"),
        Index("ix_board_redraw", "redraw_at", sqlite_where=text("redraw_at IS NOT NULL")),
    )

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    kind: Mapped[str]
    subject_id: Mapped[int]
    channel_id: Mapped[DiscordId | None] = mapped_column(comment="null until a board of one person is posted")
    user_id: Mapped[DiscordId | None] = mapped_column(comment="for this person alone")
    message_id: Mapped[DiscordId | None]
    version: Mapped[int]
    shown_version: Mapped[int]
    redraw_at: Mapped[datetime | None]
