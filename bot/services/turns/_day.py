"""Who does what on one day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import TeamRow, TurnRow
from bot.domain.duties import MODERATOR, PRESENTER, lecture_id_of, week_of
from bot.domain.rotation import PlannedTurn, ReasonKind
from bot.domain.team import Member
from bot.services.turns._rows import active_turns, members
from bot.services.turns._situation import load_duties


@dataclass(frozen=True)
class DutyTurn:
    """A duty of a day, and whose it is.

    `made`: it was given out, not only planned. `confirmed`: the member said yes. `double`: they have two duties that
    day because the team is too small.
    """

    duty: str
    unit: str
    member: Member
    made: bool = True
    confirmed: bool = False
    double: bool = False

    @property
    def lecture_id(self) -> int | None:
        return lecture_id_of(self.unit)


@dataclass(frozen=True)
class DayDuties:
    """Who does what on a study day: the presenters in the order of the lectures, the moderator, the team's own duties.

    `unfilled` are duties that nobody is there for.
    """

    turns: tuple[DutyTurn, ...] = ()
    unfilled: tuple[tuple[str, str], ...] = ()

    @property
    def moderator(self) -> Member | None:
        return next((turn.member for turn in self.turns if turn.duty == MODERATOR), None)

    @property
    def presenters(self) -> Mapping[int, tuple[Member, ...]]:
        """Lecture ids, in the order of the lectures, with everybody who presents them."""
        found: dict[int, tuple[Member, ...]] = {}
        for turn in self.turns:
            if turn.duty == PRESENTER and turn.lecture_id is not None:
                found[turn.lecture_id] = (*found.get(turn.lecture_id, ()), turn.member)
        return found

    def of(self, member_id: int) -> tuple[DutyTurn, ...]:
        """What one member has that day."""
        return tuple(turn for turn in self.turns if turn.member.id == member_id)


async def made_on(session: AsyncSession, team: TeamRow, day: date) -> DayDuties:
    """The turns made for a day, those of its week among them; nothing that is only planned."""
    by_id = await members(session, team)
    ended = {duty.key for duty in await load_duties(session, team) if day not in duty.span}
    rows = [row for row in await active_turns(session, team) if covers(row, day) and row.duty not in ended]
    rows.sort(key=_order)
    return DayDuties(
        tuple(
            DutyTurn(row.duty, row.unit, by_id[row.member_id], confirmed=row.confirmed_at is not None) for row in rows
        )
    )


def covers(row: TurnRow, day: date) -> bool:
    """Whether a turn is one of this day's: its own, or of the week that it goes on in."""
    week = week_of(row.unit)
    return row.date == day if week is None else row.date <= day and day in week


def to_duties(planned: Iterable[PlannedTurn], by_id: Mapping[int, Member], rows: Iterable[TurnRow]) -> DayDuties:
    """Planned turns of one day, with what is known of those that were made."""
    made = {(row.duty, row.unit, row.member_id): row.confirmed_at is not None for row in rows}
    turns, unfilled = [], []
    for turn in planned:
        key = (turn.slot.duty, turn.slot.unit)
        if turn.member_id is None:
            unfilled.append(key)
            continue
        confirmed = made.get((*key, turn.member_id))
        turns.append(
            DutyTurn(
                *key,
                member=by_id[turn.member_id],
                made=confirmed is not None,
                confirmed=bool(confirmed),
                double=turn.reason.kind is ReasonKind.DOUBLE,
            )
        )
    return DayDuties(tuple(turns), tuple(unfilled))


def _order(row: TurnRow) -> tuple[int, int, int]:
    """Presenters by their lectures, then the moderator, then own duties as they were added."""
    if row.duty == PRESENTER:
        return (0, row.lecture_id or 0, row.id)
    return (1, 0, row.id) if row.duty == MODERATOR else (2, int(row.duty.partition(":")[2] or 0), row.id)
