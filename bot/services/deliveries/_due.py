"""What is to be sent now. The statements are made once: each message asks them, and making them takes longer than
answering."""

from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVarTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Exists,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from bot.db.tables import DeliveryRow, GuildRow, TeamRow
from bot.db.types import UtcDateTime
from bot.domain.deliveries import PATIENCE, Delivery, State
from bot.services.deliveries._planning import DAY_OPENING
from bot.services.deliveries._states import LIVE, UNSENT

Ts = TypeVarTuple("Ts")

MOST_BESIDE: Final = 200

IS_LIVE = DeliveryRow.state.in_([literal_column("'pending'"), literal_column("'sending'")])
"""Word for word the condition of the partial indexes, or they are not used."""

NOW: Final = bindparam("now", type_=UtcDateTime())


def _thread_of_its_day() -> ScalarSelect[int | None]:
    """Where a delivery for a day's thread goes: the thread, which has the id of the day's opening message.

    Where Discord refused the message or its thread, the channel of the opening: better there than nowhere. The latest
    opening counts: while it is under way, nobody knows yet.
    """
    opening = aliased(DeliveryRow)
    made = and_(opening.state == State.SENT, opening.reason.is_(None))
    return (
        select(case((made, opening.message_id), (opening.state.in_(LIVE), null()), else_=opening.channel_id))
        .where(opening.kind == DAY_OPENING, opening.subject_id == DeliveryRow.thread_of_day_id)
        .where(opening.team_id == DeliveryRow.team_id, opening.state.in_([*LIVE, State.SENT, *UNSENT]))
        .order_by(opening.slot.desc())
        .limit(1)
        .scalar_subquery()
    )


_THREAD: Final = _thread_of_its_day()


def _held_back() -> Exists:
    """Whether a message before it in its lane may be there or not, and is tried again later."""
    first = aliased(DeliveryRow)
    return (
        exists()
        .where(first.team_id == DeliveryRow.team_id, first.lane == DeliveryRow.lane, first.due_at > NOW)
        .where(first.state == literal_column("'sending'"), first.failures < PATIENCE)
    )


def may_post(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """That a team is there and not paused at an instant. A pause with an end is over by itself."""
    return and_(TeamRow.removed_at.is_(None), or_(TeamRow.paused_since.is_(None), TeamRow.paused_until <= now))


def _takeable(query: Select[*Ts]) -> Select[*Ts]:
    """Of the live deliveries those that are due, of guilds we are in and teams that are not paused, whose thread is
    there, and that nothing before them in their lane holds back."""
    has_place = or_(DeliveryRow.thread_of_day_id.is_(None), _THREAD.is_not(None), DeliveryRow.expires_at <= NOW)
    return (
        query.join(TeamRow, TeamRow.id == DeliveryRow.team_id)
        .join(GuildRow, GuildRow.id == TeamRow.guild_id)
        .where(IS_LIVE, DeliveryRow.due_at <= NOW, GuildRow.present, may_post(NOW), has_place, ~_held_back())
    )


_LANE: Final = tuple_(DeliveryRow.team_id, DeliveryRow.lane)
LANES: Final = (
    _takeable(select(DeliveryRow.team_id, DeliveryRow.lane))
    .where(_LANE.not_in(bindparam("busy", expanding=True)))
    .group_by(DeliveryRow.team_id + literal_column("0"), DeliveryRow.lane)  # or it reads all lanes in their order
    .order_by(func.max(DeliveryRow.state).desc(), func.min(DeliveryRow.due_at))
    .limit(bindparam("free"))
)
_OF_LANE: Final = (
    _takeable(select(DeliveryRow, TeamRow.guild_id, _THREAD, TeamRow.language, TeamRow.timezone))
    .where(DeliveryRow.team_id == bindparam("team"), DeliveryRow.lane == bindparam("lane"))
    .order_by(DeliveryRow.state.desc(), DeliveryRow.due_at, DeliveryRow.id)
)
NEXT: Final = _OF_LANE.limit(1)
BESIDE: Final = _OF_LANE.where(
    DeliveryRow.kind == bindparam("kind"),
    DeliveryRow.user_id.is_not_distinct_from(bindparam("user")),
    DeliveryRow.id != bindparam("id"),
    DeliveryRow.state == literal_column("'pending'"),
).limit(MOST_BESIDE)
"""What else is due of a kind, in the same lane and for the same person."""

CONTENTS: Final = (
    select(DeliveryRow, TeamRow.guild_id, _THREAD, TeamRow.language, TeamRow.timezone)
    .join(TeamRow, TeamRow.id == DeliveryRow.team_id)
    .where(or_(DeliveryRow.id == bindparam("id"), DeliveryRow.merged_into_id == bindparam("id")))
    .order_by(DeliveryRow.id)
)
"""A delivery, and those whose texts are in its message."""


def to_delivery(row: DeliveryRow, guild_id: int, thread_id: int | None, language: str, timezone: str) -> Delivery:
    return Delivery(
        id=row.id,
        team_id=row.team_id,
        guild_id=guild_id,
        kind=row.kind,
        subject_id=row.subject_id,
        slot=row.slot,
        due_at=row.due_at,
        expires_at=row.expires_at,
        state=State(row.state),
        attempts=row.attempts,
        first_tried_at=row.first_tried_at,
        payload=row.payload,
        nonce=row.nonce,
        channel_id=row.channel_id or thread_id,
        user_id=row.user_id,
        lane=row.lane,
        failures=row.failures,
        language=language,
        timezone=timezone,
    )


def as_it_was_planned(row: DeliveryRow, guild_id: int, thread_id: int | None, language: str, timezone: str) -> Delivery:
    """A delivery for whoever composes it, who is not to know where it was tried before."""
    tried = to_delivery(row, guild_id, thread_id, language, timezone)
    return tried if row.placed else replace(tried, channel_id=thread_id)
