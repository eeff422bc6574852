"""Who can take over a turn: there that day, without another duty, and not having skipped it."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import TeamRow, TurnRow
from bot.domain.duties import Turn, shared_unit, week_of
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.rotation._meant import HORIZON, Coming, next_turns, require_not_begun
from bot.services.teams import roster
from bot.services.turns import active_turns, covers


def days_of(coming: Coming, turn: Turn) -> Sequence[date]:
    """The study days on which a turn is still to be done."""
    week = week_of(turn.unit)
    if week is None or week.until is None:
        return [turn.day]
    return coming.situation.calendar.between(turn.day, week.until - timedelta(days=1))


def is_present(coming: Coming, member_id: int, day: date) -> bool:
    return any(each.present_on(day) for each in coming.situation.roster if each.member_id == member_id)


async def made_turns(session: AsyncSession, team: TeamRow, coming: Coming) -> Sequence[TurnRow]:
    """The turns as they stand that are made for today and later."""
    rows = await active_turns(session, team)
    return [row for row in rows if row.date >= coming.situation.today or week_of(row.unit) is not None]


async def require_able(session: AsyncSession, team: TeamRow, coming: Coming, member_id: int, turn: Turn) -> None:
    """Raises InvalidInput unless the member is there, and has no duty on the days of the turn.

    A duty that is only planned is no hindrance: the rule gives it to somebody else.
    """
    name = coming.members[member_id].name
    if not is_present(coming, member_id, turn.day):
        text = _("{name} is away on {day:day}. Choose somebody else, or another day.")
        raise InvalidInput(text, name=name, day=turn.day)
    days = days_of(coming, turn)
    for row in await made_turns(session, team, coming):
        other = Turn(row.duty, row.unit, row.date, row.member_id)
        if row.member_id == member_id and any(covers(row, day) for day in days):
            text = _("{name} has another duty then: {turn}. Choose somebody else, or another day.")
            raise InvalidInput(text, name=name, turn=coming.words(other))


async def able_members(session: AsyncSession, team: TeamRow, coming: Coming, turn: Turn) -> list[int]:
    """Ids of those who can take over a turn, in roster order.

    Whoever is planned for another duty that day is left out as long as somebody else is there.
    """
    days = days_of(coming, turn)
    busy = {row.member_id for row in await made_turns(session, team, coming) if any(covers(row, day) for day in days)}
    skipped = {
        skip.member_id
        for skip in coming.situation.skips
        if skip.duty == turn.duty and (skip.day == turn.day or shared_unit(skip.unit) == shared_unit(turn.unit))
    }
    not_able = busy | skipped | {turn.member_id}
    there = [member.id for member in await roster(session, team) if is_present(coming, member.id, turn.day)]
    able = [member_id for member_id in there if member_id not in not_able]
    planned = {each.member_id for each in coming.turns if each.day in days}
    return [member_id for member_id in able if member_id not in planned] or able


async def require_somebody(session: AsyncSession, team: TeamRow, coming: Coming, turn: Turn) -> None:
    """Raises InvalidInput if nobody can take over a turn."""
    if not await able_members(session, team, coming, turn):
        text = _("Nobody is free for {turn}. Skip it with /rotation skip, or ask a moderator.")
        raise InvalidInput(text, turn=coming.words(turn))


async def turn_in_return(session: AsyncSession, team: TeamRow, coming: Coming, turn: Turn, other_id: int) -> Turn:
    """The turn that somebody would give for one: their next one of the same duty after today, on another day.

    Raises InvalidInput if there is none, or if one of the two could not take the other's.
    """
    require_not_begun(coming, turn)
    planned = coming.find(turn.duty, turn.unit)
    if planned is not None and planned.held:
        text = _("The week has begun, so it is not swapped: {turn}. /rotation substitute finds somebody for the rest.")
        raise InvalidInput(text, turn=coming.words(turn))
    days = days_of(coming, turn)
    theirs = next_turns(coming, other_id, turn.duty, after=coming.situation.today)
    in_return = next((each for each in theirs if not set(days_of(coming, each)) & set(days)), None)
    if in_return is None:
        text = _("{name} has no turn to swap for {turn} within {count} study days. Ask with /rotation substitute.")
        raise InvalidInput(text, name=coming.members[other_id].name, turn=coming.words(turn), count=HORIZON)
    await require_able(session, team, coming, other_id, turn)
    await require_able(session, team, coming, turn.member_id, in_return)
    return in_return
