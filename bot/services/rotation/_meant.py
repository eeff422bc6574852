"""Which turn somebody means, and what is to come: made turns, and those that the rule will give out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import MemberRow, TeamRow, TurnRow
from bot.domain.duties import PRESENTER, Slot, Turn, week_of
from bot.domain.rotation import PlannedTurn
from bot.domain.team import Caller, Member
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.i18n import Message, _
from bot.services.lectures import lecture_of, read_day, require_open_study_day
from bot.services.rotation._shown import Names, load_names, study_days
from bot.services.rotation._swap_values import HeldTurn, WantedTurn, listed, turn_words
from bot.services.turns import (
    ACTIVE,
    Situation,
    load_situation,
    members,
    turns_are_settled,
)

HORIZON: Final = 60
"""Study days that are looked ahead for somebody's next turn."""


@dataclass(frozen=True)
class Coming:
    """What a team has to do from today on, by whom, and what things are called. `begun`: today's session has."""

    situation: Situation
    names: Names
    members: dict[int, Member]
    begun: bool
    turns: Sequence[PlannedTurn]

    def is_over(self, day: date) -> bool:
        """Whether a day is over, or its session has begun."""
        today = self.situation.today
        return day < today or (self.begun and day == today)

    def find(self, duty: str, unit: str) -> PlannedTurn | None:
        return next((turn for turn in self.turns if turn.slot == Slot(duty, unit)), None)

    def words(self, turn: Turn) -> Message:
        return turn_words(self.names.duty(turn.duty, turn.unit), turn.unit, turn.day)

    def held(self, turn: Turn, member_id: int | None = None) -> HeldTurn:
        """A turn as people call it, as that of a member, or of whoever has it."""
        member = self.members[turn.member_id if member_id is None else member_id]
        return HeldTurn(self.names.duty(turn.duty, turn.unit), turn.unit, turn.day, member)


async def load_coming(session: AsyncSession, team: TeamRow) -> Coming:
    """The turns of the next 60 study days, each once: a week's on the first day from today on that it is done."""
    situation = await load_situation(session, team)
    days = list(islice(study_days(situation.calendar, situation.today), HORIZON))
    turns: dict[Slot, PlannedTurn] = {}
    for planned in situation.plan(days):
        if planned.member_id is not None:
            turns.setdefault(planned.slot, planned)
    return Coming(
        situation=situation,
        names=await load_names(session, team),
        members=await members(session, team),
        begun=await turns_are_settled(session, team, situation.today),
        turns=tuple(turns.values()),
    )


async def meant_turn(
    session: AsyncSession, team: TeamRow, coming: Coming, member: MemberRow, wanted: WantedTurn, caller: Caller
) -> Turn:
    """A member's turn that is meant; their next one where nothing else is said. Its day has not begun.

    Raises InvalidInput if they have no such turn, if there are several, or if its day has begun; NotFound or NotAllowed
    for the turn of a button that is not there, or not theirs, any more.
    """
    if wanted.turn_id is not None:
        return await _turn_of_button(session, team, coming, member, wanted.turn_id)
    found = [_turn(planned) for planned in coming.turns if planned.member_id == member.id]
    found = [turn for turn in found if wanted.duty in {None, turn.duty}]
    if wanted.lecture_id is not None:
        lecture = await lecture_of(session, team, wanted.lecture_id)
        found = [turn for turn in found if turn.unit.partition("/")[0] == f"lecture:{lecture.id}"]
    if wanted.date is None:
        return _next(coming, member, found)
    day = read_day(wanted.date, coming.situation.calendar, caller.at)
    require_open_study_day(coming.situation.calendar, day, coming.situation.today)
    found = [turn for turn in found if turn.day == day or day in (week_of(turn.unit) or ())]
    if not found:
        text = _("{name} has no such turn on {day:day}. /rotation show tells whose turn it is.")
        raise InvalidInput(text, name=member.name, day=day)
    return require_not_begun(coming, _only(coming, found))


def require_not_begun(coming: Coming, turn: Turn) -> Turn:
    """The turn. Raises InvalidInput if its day is over, or its session has begun."""
    if coming.is_over(turn.day):
        text = _(
            "Too late for {turn}: the session has begun, or the day is over. A moderator can use /rotation assign."
        )
        raise InvalidInput(text, turn=coming.words(turn))
    return turn


def next_turns(coming: Coming, member_id: int, duty: str, after: date) -> Iterable[Turn]:
    """A member's turns of a duty on days later than one."""
    for planned in coming.turns:
        if planned.member_id == member_id and planned.slot.duty == duty and planned.day > after:
            yield _turn(planned)


def _turn(planned: PlannedTurn) -> Turn:
    if planned.member_id is None:
        raise ValueError("a turn that nobody has")
    return Turn(planned.slot.duty, planned.slot.unit, planned.day, planned.member_id)


def _next(coming: Coming, member: MemberRow, found: Sequence[Turn]) -> Turn:
    """The first turn whose day has not begun; if all have begun, the refusal says so."""
    open_ones = [turn for turn in found if not coming.is_over(turn.day)]
    if found and not open_ones:
        require_not_begun(coming, found[0])
    if not open_ones:
        text = _("{name} has no such turn within {count} study days. /rotation show tells whose turn it is.")
        raise InvalidInput(text, name=member.name, count=HORIZON)
    first = min(turn.day for turn in open_ones)
    return _only(coming, [turn for turn in open_ones if turn.day == first])


def _only(coming: Coming, found: Sequence[Turn]) -> Turn:
    if len(found) == 1:
        return found[0]
    text = _("Which turn do you mean: {turns}? Say it with the option duty.")
    if all(turn.duty == PRESENTER for turn in found):
        text = _("Which turn do you mean: {turns}? Say it with the option lecture.")
    raise InvalidInput(text, turns=listed(coming.words(turn) for turn in found))


async def _turn_of_button(
    session: AsyncSession, team: TeamRow, coming: Coming, member: MemberRow, turn_id: int
) -> Turn:
    row = await session.get(TurnRow, turn_id)
    if row is None or row.team_id != team.id:
        raise NotFound(_("This turn is not there any more. /rotation show tells whose turn it is."))
    turn = Turn(row.duty, row.unit, row.date, row.member_id)
    if row.member_id != member.id:
        text = _("{turn}: this is {name}'s turn, only they can hand it over.")
        raise NotAllowed(text, turn=coming.words(turn), name=coming.members[row.member_id].name)
    planned = coming.find(row.duty, row.unit)
    if planned is not None and planned.member_id == member.id:
        turn = _turn(planned)
    require_not_begun(coming, turn)
    if row.state not in ACTIVE or planned is None or planned.member_id != member.id:
        text = _("{turn}: this is not your turn any more. /rotation show tells whose turn it is.")
        raise InvalidInput(text, turn=coming.words(turn))
    return turn
