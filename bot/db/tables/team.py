"""Teams, people, days, and the record of who changed what."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DiscordId, Key, MemberKey, TeamKey
from bot.db.types import PrimaryKey, Snowflake


class MetaRow(Base):
    """What the program remembers of itself, such as the hash of the commands last synced."""

    __tablename__ = "meta"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class GuildRow(Base):
    """Whether the bot is in a guild, from GUILD_CREATE and GUILD_DELETE."""

    __tablename__ = "guild"

    id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    present: Mapped[bool]
    left_at: Mapped[datetime | None] = mapped_column(comment="since when the bot is not in it any more")


class TeamRow(Base):
    """The tenant. Channels that are not set fall back to the study channel."""

    __tablename__ = "team"
    __table_args__ = (
        Index("uq_team_guild_id_name", "guild_id", "name", unique=True, sqlite_where=text("removed_at IS NULL")),
        Index("uq_team_study_channel_id", "study_channel_id", unique=True, sqlite_where=text("removed_at IS NULL")),
        Index(None, "next_close_at"),
        Index(None, "paused_until"),
        Index("ix_team_log", "log_channel_id", sqlite_where=text("log_channel_id IS NOT NULL")),
    )

    id: Mapped[Key]
    guild_id: Mapped[int] = mapped_column(Snowflake, index=True)
    name: Mapped[str]
    language: Mapped[str]
    timezone: Mapped[str]
    study_channel_id: Mapped[int] = mapped_column(Snowflake)
    reminder_channel_id: Mapped[DiscordId | None]
    retro_channel_id: Mapped[DiscordId | None]
    journal_channel_id: Mapped[DiscordId | None]
    mod_channel_id: Mapped[DiscordId | None]
    log_channel_id: Mapped[DiscordId | None]
    logged_audit_id: Mapped[int] = mapped_column(
        server_default="0", comment="the last change that was told, or is about to be, in the log channel"
    )
    moderator_role_id: Mapped[DiscordId | None]
    start_date: Mapped[date]
    start_set_at: Mapped[datetime] = mapped_column(comment="days closed before it do not decide the numbers after it")
    country: Mapped[str | None]
    weekdays: Mapped[str] = mapped_column(comment="digits of the study weekdays, Monday is 0")
    session_time: Mapped[time | None]
    session_minutes: Mapped[int] = mapped_column(server_default=text("60"), comment="how long a session is to be")
    announce_time: Mapped[time]
    confirm_by: Mapped[time | None] = mapped_column(comment="until when the announced are to answer")
    moderator_per: Mapped[str] = mapped_column(server_default=text("'day'"), comment="day, week")
    due_time: Mapped[time | None] = mapped_column(comment="when a study day's deadlines are told of; null for never")
    retro_time: Mapped[time]
    retro_questions: Mapped[str | None] = mapped_column(comment="JSON list; null for the usual ones")
    nudge_time: Mapped[time | None] = mapped_column(comment="when those who have not looked back are reminded")
    digest_time: Mapped[time | None] = mapped_column(comment="when a week's last study day is followed by its digest")
    streaks: Mapped[bool] = mapped_column(server_default=text("1"))
    cutoff: Mapped[time]
    carry_days: Mapped[int] = mapped_column(
        server_default=text("5"), comment="study days after which an open further question is to be decided on"
    )
    reminders: Mapped[str] = mapped_column(comment="offsets before a deadline, such as 3d, 1d, 3h, 30m")
    quiet_hours: Mapped[str | None] = mapped_column(comment="local times such as 23:00-08:00")
    paused_since: Mapped[datetime | None] = mapped_column(comment="from when on nothing is posted; null for not paused")
    paused_until: Mapped[datetime | None] = mapped_column(comment="null until somebody resumes")
    next_close_at: Mapped[datetime] = mapped_column(comment="the next cut-off at which a day may close")
    removed_at: Mapped[datetime | None] = mapped_column(comment="since when it is to be deleted; null for a live team")

    def is_of(self, guild_id: int) -> bool:
        """Whether it is a live team of a guild."""
        return self.guild_id == guild_id and self.removed_at is None


class MemberRow(Base):
    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("team_id", "user_id"), UniqueConstraint("team_id", "name"))

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    user_id: Mapped[DiscordId]
    name: Mapped[str] = mapped_column(comment="how pages call them, without 님")
    nudged_directly: Mapped[bool] = mapped_column(
        server_default=text("0"), comment="whether the evening's nudge is a direct message to them"
    )
    gone_since: Mapped[date | None] = mapped_column(comment="the day on which they were not in the server")


class MembershipRow(Base):
    """A span of days in which a member belongs to the team; `until` is the first day no longer in it."""

    __tablename__ = "membership"

    id: Mapped[Key]
    member_id: Mapped[MemberKey] = mapped_column(index=True)
    since: Mapped[date]
    until: Mapped[date | None]


class AbsenceRow(Base):
    """Days on which a member is away: all from `since` on, or only some weekdays. The reason is theirs alone."""

    __tablename__ = "absence"

    id: Mapped[Key]
    member_id: Mapped[MemberKey] = mapped_column(index=True)
    since: Mapped[date]
    until: Mapped[date | None] = mapped_column(comment="the first day no longer away; null until they are back")
    weekdays: Mapped[str] = mapped_column(comment="digits, Monday is 0; empty for all days")
    reason: Mapped[str | None]


class CalendarDayRow(Base):
    """A team day off, or an extra study day."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("team_id", "date"),)

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    date: Mapped[date]
    studied: Mapped[bool]
    label: Mapped[str]


class StudyDayRow(Base):
    """Made on first use. Number and title are null until the day is closed, which freezes them.

    A day that was opened again keeps its number, on which those after it count, and is given its title anew.
    """

    __tablename__ = "study_day"
    __table_args__ = (UniqueConstraint("team_id", "date"),)

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    date: Mapped[date]
    number: Mapped[int | None]
    title: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None] = mapped_column(comment="while a closed day is open once more")
    close_reason: Mapped[str | None] = mapped_column(comment="why it was closed although something was missing")
    session_started_at: Mapped[datetime | None]
    session_ended_at: Mapped[datetime | None]
    session_instead: Mapped[str | None] = mapped_column(comment="what there was in place of a session")

    @property
    def closed(self) -> bool:
        """Whether it can no longer be written to."""
        return self.closed_at is not None and self.reopened_at is None


class PublishedPageRow(Base):
    """A page in the team's Git repository as we wrote it last; what is something else there was changed by hand."""

    __tablename__ = "published_page"

    team_id: Mapped[int] = mapped_column(PrimaryKey, ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    blob: Mapped[str] = mapped_column(comment="what Git calls its content")


class AuditRow(Base):
    """One change: who (null for anonymous and for the program itself), what, before, after, why."""

    __tablename__ = "audit"

    id: Mapped[Key]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[DiscordId | None]
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[str | None] = mapped_column(comment="JSON")
    after: Mapped[str | None] = mapped_column(comment="JSON")
    reason: Mapped[str | None]
