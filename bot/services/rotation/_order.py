"""The order in which a duty goes round, and who is next without history.

Works inside the transaction of whoever sets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import MemberRow, OrderRow, TeamRow
from bot.domain.rotation import PlannedTurn
from bot.domain.team import Member
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.rotation._people import people_named
from bot.services.rotation._shown import load_names, study_days
from bot.services.rotation._values import NamedDuty
from bot.services.teams import member_named, roster
from bot.services.turns import Situation, announced_until, load_situation, members
from bot.services.values import to_member

LISTED: Final = 5
"""Turns that are told as coming next."""

LOOKED_AHEAD: Final = 30
"""Study days in which they are looked for."""


@dataclass(frozen=True)
class OrderedTurn:
    """A turn of the duty as it will happen; `made`: it was given out before."""

    date: date
    duty: NamedDuty
    member: Member
    made: bool


@dataclass(frozen=True)
class NewOrder:
    """How a duty goes round from a day on, and its next turns, as far as there is something to do."""

    duty: NamedDuty
    since: date
    members: tuple[Member, ...]
    turns: tuple[OrderedTurn, ...]

    @property
    def is_first_next(self) -> bool:
        """Whether the next turn to be given out goes to the first in the order."""
        planned = [turn for turn in self.turns if not turn.made]
        return not planned or planned[0].member == self.members[0]


async def round_typed(
    session: AsyncSession, team: TeamRow, duty: str, order: str | None, next_user_id: int | None
) -> list[MemberRow]:
    """Everybody on the roster in the order in which the duty is to go round.

    `order` names people as typed; the others follow as they stand on the roster. Without it, it goes round as it does
    now. With `next_user_id` somebody else in it begins. Raises InvalidInput if neither is given or it cannot be read.
    """
    people = await roster(session, team)
    if order is not None:
        named = await people_named(session, team, order)
    elif next_user_id is not None:
        named = await _named_before(session, team, duty, people)
    else:
        raise InvalidInput(_("Say who is next with the option next, or name people in their order."))
    round_of = [*named, *(row for row in people if row not in named)]
    if next_user_id is None:
        return round_of
    begins = round_of.index(await member_named(session, team, next_user_id))
    return [*round_of[begins:], *round_of[:begins]]


async def _named_before(
    session: AsyncSession, team: TeamRow, duty: str, people: Sequence[MemberRow]
) -> list[MemberRow]:
    """The order that was set last, as far as its people are still on the roster."""
    query = select(OrderRow).where(OrderRow.team_id == team.id, OrderRow.duty == duty)
    latest = await session.scalar(query.order_by(OrderRow.since.desc(), OrderRow.id.desc()).limit(1))
    by_id = {row.id: row for row in people}
    return [] if latest is None else [by_id[int(key)] for key in latest.members.split(",") if int(key) in by_id]


async def first_open_turn(session: AsyncSession, team: TeamRow, situation: Situation, duty: str) -> date:
    """The first study day with a turn of the duty that nobody was given, or on which one may still be added."""
    until = await announced_until(session, team)
    coming = [turn.day for turn in situation.turns if turn.duty == duty and turn.day >= situation.today]
    told = max((day for day in coming if until is not None and day <= until), default=None)
    made = {turn.slot for turn in situation.turns}
    for day in study_days(situation.calendar, situation.today):
        slots = [slot for slot in situation.slots_of(day) if slot.duty == duty]
        if (told is None or day > told) and (not slots or any(slot not in made for slot in slots)):
            return day
    raise InvalidInput(_("There is no study day ahead. Set the study days with /calendar weekdays first."))


async def set_order(
    session: AsyncSession, team: TeamRow, duty: str, since: date, order: Sequence[MemberRow], now: datetime
) -> NewOrder:
    """Let the duty go round in this order from a day on; an order that was to begin later is overtaken."""
    await session.execute(
        delete(OrderRow).where(OrderRow.team_id == team.id, OrderRow.duty == duty, OrderRow.since >= since)
    )
    ids = ",".join(str(row.id) for row in order)
    session.add(OrderRow(team_id=team.id, duty=duty, since=since, members=ids, set_at=now))
    await session.flush()
    situation, names = await load_situation(session, team), await load_names(session, team)
    by_id = await members(session, team)
    made = {turn.slot for turn in situation.turns}
    turns = [
        OrderedTurn(turn.day, names.duty(duty, turn.slot.unit), by_id[turn.member_id], turn.slot in made)
        for turn in _planned(situation, duty, since)
        if turn.member_id is not None
    ]
    return NewOrder(names.duty(duty, ""), since, tuple(to_member(row) for row in order), tuple(turns[:LISTED]))


def _planned(situation: Situation, duty: str, since: date) -> list[PlannedTurn]:
    """The duty's turns from a day on; of a week's, the day on which it is given out."""
    days = list(islice(study_days(situation.calendar, situation.today), LOOKED_AHEAD))
    return [turn for turn in situation.plan(days) if turn.slot.duty == duty and turn.day >= since and not turn.held]
