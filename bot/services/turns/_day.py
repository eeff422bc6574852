"""Who does what on one day."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import TeamRow, TurnRow
from bot.domain.duties import MODERATOR, PRESENTER, lecture_id_of, week_of
from bot.domain.rotation import PlannedTurn, ReasonKind
from bot.domain.team import Member
from bot.services.days import load_calendar
from bot.services.turns._rows import ACTIVE, REPLACED, members
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

    def with_turns(self, others: Mapping[tuple[str, str], DutyTurn]) -> Self:
        """The same day with some turns, by duty and unit, of others."""
        turns = tuple(others.get((turn.duty, turn.unit), turn) for turn in self.turns)
        return replace(self, turns=turns)

    def of(self, member_id: int) -> tuple[DutyTurn, ...]:
        """What one member has that day."""
        return tuple(turn for turn in self.turns if turn.member.id == member_id)


async def made_on(session: AsyncSession, team: TeamRow, day: date) -> DayDuties:
    """The turns made for a day, those of its week among them; nothing that is only planned."""
    return (await made_by_day(session, team, [day]))[day]


async def made_by_day(session: AsyncSession, team: TeamRow, days: Collection[date]) -> Mapping[date, DayDuties]:
    """The turns made for some days. Of a week's that went to somebody else within it, each has their own days."""
    query = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.state.in_([*ACTIVE, REPLACED]))
    rows = (await session.scalars(query.order_by(TurnRow.id))).all()
    by_id, calendar = await members(session, team), await load_calendar(session, team)
    spans = {duty.key: duty.span for duty in await load_duties(session, team)}
    made = {}
    for day in days:
        done = (row for row in rows if row.duty not in spans or day in spans[row.duty])
        turns = sorted(_standing(done, day, calendar.ends_at(day)), key=_order)
        made[day] = DayDuties(
            tuple(
                DutyTurn(row.duty, row.unit, by_id[row.member_id], confirmed=row.confirmed_at is not None)
                for row in turns
            )
        )
    return made


def _standing(rows: Iterable[TurnRow], day: date, ended_at: datetime) -> Collection[TurnRow]:
    """The turns of a day: of a week's, who had it when the day ended, whatever became of the rest of the week."""
    standing = {}
    for row in rows:
        if week_of(row.unit) is None:
            if row.state in ACTIVE and covers(row, day):
                standing[row.duty, row.unit] = row
        elif row.made_at < ended_at and covers(row, day):
            standing[row.duty, row.unit] = row
    return standing.values()


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
