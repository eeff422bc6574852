"""Turns of the rotation, a team's own duties, and what people did to the turns."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.tables.base import Base, DiscordId, Key, MemberKey, TeamKey


class DutyRow(Base):
    """A team's own duty, besides moderator and presenter; one that was removed keeps its turns."""

    __tablename__ = "duty"

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    name: Mapped[str]
    per: Mapped[str] = mapped_column(comment="day, week, lecture")
    people: Mapped[int]
    first_weekday: Mapped[int] = mapped_column(comment="on which its weeks begin, Monday is 0")
    since: Mapped[date]
    until: Mapped[date | None] = mapped_column(comment="the first day on which it is not done any more")


class OrderRow(Base):
    """From a day on a duty goes round in a stated order, and turns before it no longer count. The latest one holds."""

    __tablename__ = "rotation_order"

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    duty: Mapped[str]
    since: Mapped[date]
    members: Mapped[str] = mapped_column(comment="member ids in order, parted by commas")
    set_at: Mapped[datetime]


class ActRow(Base):
    """Something that somebody did to turns and can take back: the turns that it made, or ended, point here."""

    __tablename__ = "rotation_act"

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    kind: Mapped[str] = mapped_column(comment="assign, skip, swap, substitute")
    actor_id: Mapped[DiscordId]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(comment="of a skip: in the words of whoever did it, for the team")


class TurnRow(Base):
    """One member doing one duty for one unit. Never handed to another: it is replaced, and stays as history."""

    __tablename__ = "turn"
    __table_args__ = (
        Index(
            "uq_turn_active",
            "team_id",
            "duty",
            "unit",
            unique=True,
            sqlite_where=text("state NOT IN ('replaced', 'skipped')"),
        ),
        Index("ix_turn_date", "team_id", "date"),
    )

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    duty: Mapped[str] = mapped_column(comment="moderator, presenter, or duty:7 for a team's own")
    unit: Mapped[str] = mapped_column(
        comment="lecture:17, day:2026-11-24, week:2026-11-23; of two the second: lecture:17/2"
    )
    date: Mapped[date]
    lecture_id: Mapped[int | None] = mapped_column(ForeignKey("lecture.id", ondelete="CASCADE"))
    member_id: Mapped[MemberKey]
    state: Mapped[str] = mapped_column(comment="proposed, assigned, replaced, skipped")
    made_as: Mapped[str] = mapped_column(
        default=lambda row: row.get_current_parameters()["state"],
        comment="proposed or assigned, also once it is replaced or skipped",
    )
    cause: Mapped[str | None] = mapped_column(comment="why it went to somebody else than before: away, left, swap, …")
    act_id: Mapped[int | None] = mapped_column(ForeignKey("rotation_act.id", ondelete="CASCADE"), index=True)
    end_act_id: Mapped[int | None] = mapped_column(
        "skip_act_id",  # so called when no other way of ending was kept
        ForeignKey("rotation_act.id", ondelete="SET NULL"),
        index=True,
        comment="the act that ended it: skipped, or taken from its member. Null where another turn took its place",
    )
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RequestRow(Base):
    """Somebody asks somebody else, or whoever can, to take a turn or to swap turns."""

    __tablename__ = "rotation_request"

    id: Mapped[Key]
    team_id: Mapped[TeamKey]
    kind: Mapped[str] = mapped_column(comment="swap, substitute")
    duty: Mapped[str]
    unit: Mapped[str]
    turn_date: Mapped[date]
    member_id: Mapped[MemberKey] = mapped_column(comment="whose turn it is")
    other_member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), comment="null: whoever can")
    other_duty: Mapped[str | None] = mapped_column(comment="for a swap: the turn given in return")
    other_unit: Mapped[str | None]
    other_turn_date: Mapped[date | None]
    asked_by: Mapped[DiscordId]
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(comment="open, agreed, declined, withdrawn, left, asked_left")
    answered_by: Mapped[DiscordId | None]
    answered_at: Mapped[datetime | None]
