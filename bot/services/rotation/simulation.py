"""`/rotation simulate`: what would happen, by the same rule as everything else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import TeamRow
from bot.domain.duties import Absence, Presented, Span, lecture_id_of
from bot.domain.rotation import PlannedTurn
from bot.domain.rotation_reasons import absent_on, explain
from bot.domain.team import Caller, Member
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.rotation._people import people_named
from bot.services.rotation._shown import Names, load_names, study_days
from bot.services.rotation._simulation_values import Away, Passed, Simulated, SimulatedDay, SimulatedTurn
from bot.services.teams import team_of
from bot.services.turns import Situation, load_situation, members

__all__ = ["MOST_DAYS", "MOST_LECTURES", "Away", "Passed", "Simulated", "SimulatedDay", "SimulatedTurn", "Simulation"]

MOST_DAYS: Final = 60
MOST_LECTURES: Final = 8

LOOKED_AHEAD: Final = 20
"""Study days within which each duty falls to somebody: four weeks."""


class Simulation:
    """`/rotation simulate`. Nothing is stored."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def simulate(
        self, session: AsyncSession, caller: Caller, days: int, away: str | None = None, lectures: int | None = None
    ) -> Simulated:
        """What would happen on the coming `days` study days, with the reason for each choice.

        With `away`, people as typed, they are taken to be away all the time. With `lectures`, each day is taken to
        have as many: the first of the real ones, and imagined ones besides. Raises InvalidInput for numbers that
        cannot be, and for people who are not on the roster.
        """
        _require_possible(days, lectures)
        team = await team_of(session, caller)
        situation = await load_situation(session, team)
        coming = list(islice(study_days(situation.calendar, situation.today), days))
        if away is not None:
            situation = without(situation, {row.id for row in await people_named(session, team, away)})
        if lectures is not None:
            situation = with_lectures(situation, coming, lectures)
        teller = _Teller(situation, await members(session, team), await load_names(session, team))
        return Simulated(teller.days(situation.plan(coming), coming), lectures)


def without(situation: Situation, member_ids: set[int]) -> Situation:
    """The situation if some people were away from today on."""
    absence = Absence(Span(situation.today))
    return replace(
        situation,
        roster=tuple(
            replace(member, away=(*member.away, absence)) if member.member_id in member_ids else member
            for member in situation.roster
        ),
    )


def with_lectures(situation: Situation, days: Sequence[date], count: int) -> Situation:
    """The situation if each of the days had as many lectures to present. Imagined ones have ids below zero."""
    lectures: dict[date, Sequence[Presented]] = dict(situation.lectures)
    imagined = 0
    for day in days:
        real = [lecture for lecture in situation.lectures.get(day, ()) if lecture.places][:count]
        missing = range(imagined + 1, imagined + 1 + count - len(real))
        lectures[day] = [*real, *(Presented(-number) for number in missing)]
        imagined += len(missing)
    return replace(situation, lectures=lectures)


async def next_by_duty(session: AsyncSession, team: TeamRow) -> Mapping[str, Member]:
    """Who has the next turn of each duty that was not given out yet, taking it that lectures go on."""
    situation = await load_situation(session, team)
    coming = list(islice(study_days(situation.calendar, situation.today), LOOKED_AHEAD))
    by_id = await members(session, team)
    found: dict[str, Member] = {}
    made = {turn.slot for turn in situation.turns}
    for assumed in (situation, with_lectures(situation, coming, 1)):
        for turn in assumed.plan(coming):
            if turn.slot not in made and turn.member_id is not None:
                found.setdefault(turn.slot.duty, by_id[turn.member_id])
    return found


def _require_possible(days: int, lectures: int | None) -> None:
    if not 1 <= days <= MOST_DAYS:
        text = _("I can look 1 to {most} study days ahead, not {days}.")
        raise InvalidInput(text, most=MOST_DAYS, days=days)
    if lectures is not None and not 0 <= lectures <= MOST_LECTURES:
        text = _("A day can have 0 to {most} lectures here, not {lectures}.")
        raise InvalidInput(text, most=MOST_LECTURES, lectures=lectures)


class _Teller:
    """Puts names to a plan."""

    def __init__(self, situation: Situation, by_id: Mapping[int, Member], names: Names) -> None:
        self._situation = situation
        self._by_id = by_id
        self._names = names

    def days(self, planned: Sequence[PlannedTurn], days: Sequence[date]) -> list[SimulatedDay]:
        number = self._situation.calendar.number
        return [
            SimulatedDay(day, number(day), self._away(day), self._turns([turn for turn in planned if turn.day == day]))
            for day in days
        ]

    def _away(self, day: date) -> tuple[Away, ...]:
        absent = absent_on(day, self._situation.roster)
        return tuple(Away(self._by_id[each.member_id], each.last_day) for each in absent)

    def _turns(self, planned: Sequence[PlannedTurn]) -> tuple[SimulatedTurn, ...]:
        imagined = list(dict.fromkeys(number for turn in planned if (number := lecture_id_of(turn.slot.unit) or 0) < 0))
        return tuple(self._turn(turn, imagined) for turn in planned)

    def _turn(self, turn: PlannedTurn, imagined: Sequence[int]) -> SimulatedTurn:
        why = explain(turn)
        lecture = lecture_id_of(turn.slot.unit)
        return SimulatedTurn(
            duty=self._names.duty(turn.slot.duty, turn.slot.unit),
            member=None if turn.member_id is None else self._by_id[turn.member_id],
            reason=why.reason,
            others_turns=why.others_turns,
            passed=tuple(
                Passed(
                    self._by_id[each.member_id],
                    each.hindrance,
                    None if each.duty is None else self._names.duty(each.duty, ""),
                )
                for each in why.passed_over
            ),
            imagined=imagined.index(lecture) + 1 if lecture in imagined else None,
            held=turn.held,
        )
