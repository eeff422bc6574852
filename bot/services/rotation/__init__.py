"""Whose turn it is: the turns ahead, who has had which, giving one to somebody, and what is announced."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import MemberRow, TeamRow, TurnRow
from bot.domain.duties import Turn
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.days import load_calendar
from bot.services.lectures import lecture_of, read_day, require_open_study_day
from bot.services.rotation._assigning import turn_meant
from bot.services.rotation._given_back import give_back
from bot.services.rotation._handed import HandedOver, hand_over
from bot.services.rotation._requests import close_requests_of, ended_requests
from bot.services.rotation._shown import Names, day_turns, load_names, study_days
from bot.services.rotation._values import (
    Announcement,
    Assignment,
    DayTurns,
    NamedDuty,
    PastTurn,
    ShownTurn,
)
from bot.services.teams import changing_team_of, member_named, require_moderator, team_of
from bot.services.turns import (
    ASSIGNED,
    DayDuties,
    Situation,
    active_turns,
    announced_until,
    begin_act,
    covers,
    duties_by_day,
    load_situation,
    make_turn,
    members,
    tell,
    turn_of,
)
from bot.services.values import to_member

__all__ = [
    "Announcement",
    "Assignment",
    "DayDuties",
    "DayTurns",
    "HandedOver",
    "NamedDuty",
    "PastTurn",
    "Rotation",
    "ShownTurn",
    "close_requests_of",
    "ended_requests",
    "give_back",
    "hand_over",
    "load_names",
]


class Rotation:
    """`/rotation`, and the announcement of the next study day's duties."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def show(self, session: AsyncSession, caller: Caller, count: int) -> Sequence[DayTurns]:
        """The turns of the next `count` study days, from today on, exactly as they will happen."""
        team = await team_of(session, caller)
        calendar = await load_calendar(session, team)
        days = list(islice(study_days(calendar, calendar.day_for_entry(caller.at)), count))
        duties = await duties_by_day(session, team, days)
        names = await load_names(session, team)
        return [day_turns(calendar, day, duties[day], names) for day in days]

    @writes
    async def assign(
        self, session: AsyncSession, caller: Caller, duty: str, user_id: int, day: str | None, lecture_id: int | None
    ) -> Assignment:
        """Give a duty of a day to somebody; whoever had it is replaced. `day` is a date as typed, today if None.

        Raises NotAllowed for anybody but moderators and today's, NotFound for somebody not on the roster or another
        team's lecture, InvalidInput for a day that is over or off, or on which they are away.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller, today=True)
        member = await member_named(session, team, user_id)
        situation = await load_situation(session, team)
        today = situation.calendar.day_for_entry(caller.at)
        lecture = None if lecture_id is None else await lecture_of(session, team, lecture_id)
        meant = None if day is None else read_day(day, situation.calendar, caller.at)
        chosen = await turn_meant(session, team, situation, duty, lecture, meant, member.id)
        turn = chosen.turn
        require_open_study_day(situation.calendar, chosen.day, today)
        require_present(situation, member, chosen.day)
        if turn.day >= today:  # a week goes to those who are there when it begins
            require_present(situation, member, turn.day)
        act = await begin_act(session, team, "assign", actor_id=caller.user_id, now=caller.at)
        row = await turn_of(session, team, turn.duty, turn.unit)
        if row is None or (row.state, row.date, row.member_id) != (ASSIGNED, turn.day, turn.member_id):
            await make_turn(
                session,
                team,
                turn,
                state=ASSIGNED,
                now=caller.at,
                actor_id=caller.user_id,
                act=act,
                cause="assign",
                confirmed=member.user_id == caller.user_id,
            )
        made = await turn_of(session, team, turn.duty, turn.unit)
        until = await announced_until(session, team)
        changed = row is None or row.member_id != turn.member_id
        told = changed and made is not None and until is not None and turn.day <= until
        if told and made is not None:
            await tell(session, team, act, [made])
        self._wake()
        names = await load_names(session, team)
        before = None if row is None or not changed else (await members(session, team))[row.member_id]
        return Assignment(
            duty=names.duty(turn.duty, turn.unit),
            date=chosen.day,
            number=situation.calendar.number(chosen.day),
            member=to_member(member),
            before=before,
            others=await _other_duties(session, team, turn, names),
            told=told,
        )

    @reads
    async def history(self, session: AsyncSession, caller: Caller, user_id: int | None) -> Sequence[PastTurn]:
        """Every turn that was made, also the replaced and skipped, the latest day first; of one member, or of all."""
        team = await team_of(session, caller)
        query = select(TurnRow, MemberRow).join(MemberRow, MemberRow.id == TurnRow.member_id)
        query = query.where(TurnRow.team_id == team.id)
        if user_id is not None:
            query = query.where(TurnRow.member_id == (await _member_ever(session, team, user_id)).id)
        names = await load_names(session, team)
        rows = await session.execute(query.order_by(TurnRow.date.desc(), TurnRow.id))
        return [
            PastTurn(
                date=turn.date,
                duty=names.duty(turn.duty, turn.unit),
                member=to_member(member),
                state=turn.state,
                confirmed=turn.confirmed_at is not None,
            )
            for turn, member in rows
        ]


def require_present(situation: Situation, member: MemberRow, day: date) -> None:
    """Raises InvalidInput if a member is away on a day."""
    here = next((each for each in situation.roster if each.member_id == member.id), None)
    if here is None or not here.present_on(day):
        text = _("{name} is away on {day:day}. Choose somebody else, or another day.")
        raise InvalidInput(text, name=member.name, day=day)


async def _other_duties(session: AsyncSession, team: TeamRow, turn: Turn, names: Names) -> tuple[NamedDuty, ...]:
    """What the member has on the same day besides."""
    rows = [row for row in await active_turns(session, team) if covers(row, turn.day)]
    others = [row for row in rows if row.member_id == turn.member_id and (row.duty, row.unit) != (turn.duty, turn.unit)]
    return tuple(names.duty(row.duty, row.unit) for row in others)


async def _member_ever(session: AsyncSession, team: TeamRow, user_id: int) -> MemberRow:
    """Somebody who is or was in the team. Raises NotFound for anybody else."""
    row = await session.scalar(select(MemberRow).where(MemberRow.team_id == team.id, MemberRow.user_id == user_id))
    if row is None:
        raise NotFound(_("This person has never been on the roster, so there is no history."))
    return row
