"""Handing over: announcing the next study day's duties, what people answer, who has not, and what changed since."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import ActRow, MemberRow, StudyDayRow, TeamRow, TurnRow
from bot.domain.calendar import NoStudyDay
from bot.domain.duties import Turn, week_of
from bot.domain.team import Caller, Member
from bot.errors import InvalidInput, NotFound, UserError
from bot.i18n import _
from bot.services import audit
from bot.services.days import close_ended_days, load_calendar
from bot.services.rotation._giving import rows_of_act
from bot.services.rotation._handover_values import Asked, Change, ChangedTurn, Confirmed, OwnTurn, Unanswered
from bot.services.rotation._meant import load_coming
from bot.services.rotation._shown import Names, day_turns, load_names
from bot.services.rotation._swap_values import HeldTurn, words_of
from bot.services.rotation._values import Announcement, DayTurns
from bot.services.teams import find_member, member_of, roster
from bot.services.turns import (
    ACTIVE,
    DayDuties,
    Situation,
    active_turns,
    covers,
    duties_on,
    expect_answers_to,
    load_situation,
    members,
    propose,
    turn_of,
    turns_are_settled,
)
from bot.services.values import to_member, to_team

__all__ = ["Asked", "Change", "ChangedTurn", "Confirmed", "Handover", "OwnTurn", "Unanswered"]


class Handover:
    """Who does what on the next study day, told to those who do it, and their answers."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @writes
    async def announce(self, session: AsyncSession, team_id: int, day_id: int, now: datetime) -> Announcement | None:
        """Make the turns of the study day after the day of this row. None if there is nobody, or it is over."""
        team = await session.get_one(TeamRow, team_id)
        said_on = await session.get_one(StudyDayRow, day_id)
        calendar = await load_calendar(session, team)
        try:
            day = calendar.next_after(said_on.date)
        except NoStudyDay:
            return None
        if calendar.ends_at(day) <= now or not await roster(session, team):
            return None
        duties = await propose(session, team, day, now)
        await expect_answers_to(session, team, said_on, now, now)
        turns = day_turns(calendar, day, duties, await load_names(session, team))
        nobody_free = _nobody_free(await load_situation(session, team), turns)
        pinged = await _to_ping(session, team, duties, day)
        return Announcement(to_team(team), calendar.date_at(now), turns, pinged, nobody_free=nobody_free)

    @writes
    async def confirm(self, session: AsyncSession, caller: Caller, asked: Asked) -> Confirmed:
        """Note that the caller will do all of their turns that were asked about. Doing it again changes nothing.

        Raises NotAllowed for somebody not on the roster, InvalidInput if none of the turns is theirs or all are past.
        """
        team, rows = await _own_rows(session, caller, asked)
        fresh = [row for row in rows if row.confirmed_at is None]
        for row in fresh:
            row.confirmed_at = caller.at
            subject = f"turn:{row.duty}:{row.unit}"
            audit.record(session, "rotation.confirm", subject, team_id=team.id, actor_id=caller.user_id, at=caller.at)
        return Confirmed(tuple(await _held(session, team, rows)), already=not fresh)

    @writes
    async def own_turns(self, session: AsyncSession, caller: Caller, asked: Asked) -> Sequence[OwnTurn]:
        """The caller's turns that were asked about. Raises what `confirm` raises."""
        team, rows = await _own_rows(session, caller, asked)
        return [OwnTurn(row.id, turn) for row, turn in zip(rows, await _held(session, team, rows), strict=True)]

    @reads
    async def unanswered(self, session: AsyncSession, team_id: int, day_id: int, now: datetime) -> Unanswered | str:
        """Who has not answered what was announced on a day; else why there is nothing to tell."""
        team = await session.get_one(TeamRow, team_id)
        said_on = await session.get_one(StudyDayRow, day_id)
        calendar = await load_calendar(session, team)
        if team.confirm_by is None:
            return "the team does not ask for answers"
        try:
            day = calendar.next_after(said_on.date)
        except NoStudyDay:
            return "there is no further study day"
        if calendar.ends_at(day) <= now or await turns_are_settled(session, team, day):
            return "the session has begun"
        everything = day_turns(calendar, day, await duties_on(session, team, day), await load_names(session, team))
        waiting = tuple(turn for turn in everything.turns if turn.made and not turn.confirmed)
        if not waiting:
            return "everybody has answered"
        return Unanswered(
            team=to_team(team),
            today=calendar.date_at(now),
            turns=DayTurns(everything.date, everything.number, waiting),
            moderator=await _moderator(session, team, said_on.date),
            channel_id=None if team.mod_channel_id == team.study_channel_id else team.mod_channel_id,
        )

    @reads
    async def change(self, session: AsyncSession, act_id: int, now: datetime) -> Change | None:
        """What an act changed; None if nothing of it stands any more, or all of it is over."""
        act = await session.get_one(ActRow, act_id)
        team = await session.get_one(TeamRow, act.team_id)
        changed = [
            await _changed(session, team, row, act.reason)
            for row in await rows_of_act(session, act.id)
            if row.state in ACTIVE and not await _is_over(session, team, row, now)
        ]
        again = await _planned_again(session, team, act) if act.kind == "undo" else []
        turns = tuple(turn for turn in (*changed, *again) if turn is not None)
        return Change(to_team(team), turns, act.actor_id) if turns else None


async def _to_ping(session: AsyncSession, team: TeamRow, duties: DayDuties, day: date) -> tuple[int, ...]:
    """Discord users on duty that day; but nobody every evening of a week which they have begun and said yes to."""
    begun = {(row.duty, row.unit) for row in await active_turns(session, team) if row.date < day}
    asked = [turn for turn in duties.turns if not turn.confirmed or (turn.duty, turn.unit) not in begun]
    return tuple(dict.fromkeys(turn.member.user_id for turn in asked))


def _nobody_free(situation: Situation, day: DayTurns) -> bool:
    """Whether everybody who is there that day has a duty."""
    busy = {member.id for member in day.members}
    return all(member.member_id in busy for member in situation.roster if member.present_on(day.date))


async def _own_rows(session: AsyncSession, caller: Caller, asked: Asked) -> tuple[TeamRow, list[TurnRow]]:
    """The caller's turns that were asked about and are still to come."""
    team = await session.get(TeamRow, asked.team_id)
    if team is None or not team.is_of(caller.guild_id):
        raise NotFound(_("This belongs to a team that is no longer here. /rotation show tells of yours."))
    await close_ended_days(session, team, caller.at)
    member = await member_of(session, team, caller)
    days = await _days(session, asked)
    rows = [
        row
        for row in await active_turns(session, team)
        if row.member_id == member.id and any(covers(row, day) for day in days)
    ]
    if not rows:
        raise await _not_theirs(session, team, member, days)
    coming = [row for row in rows if not await _is_over(session, team, row, caller.at)]
    if not coming:
        text = _("The session of {day:day} has begun, so nobody needs to answer any more.")
        raise InvalidInput(text, day=rows[0].date)
    return team, coming


async def _days(session: AsyncSession, asked: Asked) -> list[date]:
    if asked.day is not None:
        return [asked.day]
    rows = await rows_of_act(session, asked.act_id or 0)
    return sorted({row.date for row in rows if row.team_id == asked.team_id})


async def _not_theirs(session: AsyncSession, team: TeamRow, member: MemberRow, days: Sequence[date]) -> UserError:
    """Why there is nothing to answer: somebody else has the turn now, or it never was theirs."""
    query = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.member_id == member.id, TurnRow.date.in_(days))
    for row in await session.scalars(query.order_by(TurnRow.id.desc())):
        now = await turn_of(session, team, row.duty, row.unit)
        if now is not None:
            (turn,) = await _held(session, team, [now])
            text = _("{turn}: {name} does this now, so you need not answer.")
            return InvalidInput(text, turn=words_of(turn), name=turn.member.name)
    return InvalidInput(
        _("None of these duties is yours, so you need not answer. /rotation show tells whose turn it is.")
    )


async def _is_over(session: AsyncSession, team: TeamRow, row: TurnRow, now: datetime) -> bool:
    """Whether a turn needs no answer any more: its session has begun, or its day is over, of a week the last one."""
    calendar = await load_calendar(session, team)
    today = calendar.date_at(now)
    week = week_of(row.unit)
    if week is not None and week.until is not None:
        return week.until <= today
    return row.date < today or await turns_are_settled(session, team, row.date)


async def _held(session: AsyncSession, team: TeamRow, rows: Sequence[TurnRow]) -> list[HeldTurn]:
    names, by_id = await load_names(session, team), await members(session, team)
    return [_to_held(row, names, by_id[row.member_id]) for row in rows]


def _to_held(row: TurnRow, names: Names, member: Member) -> HeldTurn:
    return HeldTurn(names.duty(row.duty, row.unit), row.unit, row.date, member)


async def _moderator(session: AsyncSession, team: TeamRow, day: date) -> Member | None:
    """Who moderates on a day, if they are still there."""
    moderator = (await duties_on(session, team, day)).moderator
    row = None if moderator is None else await find_member(session, team, moderator.user_id)
    return None if row is None else to_member(row)


async def _changed(session: AsyncSession, team: TeamRow, row: TurnRow, reason: str | None) -> ChangedTurn | None:
    """A turn and whose it was before; None if it is as it was."""
    calendar = await load_calendar(session, team)
    if week_of(row.unit) is None and not calendar.is_study_day(row.date):
        return None
    query = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.duty == row.duty, TurnRow.unit == row.unit)
    before = await session.scalar(query.where(TurnRow.id < row.id).order_by(TurnRow.id.desc()).limit(1))
    if before is not None and before.end_act_id not in {None, row.act_id}:
        before = None  # it had ended before this act, so nobody had it
    if before is not None and (before.member_id, before.date) == (row.member_id, row.date):
        return None
    (turn,) = await _held(session, team, [row])
    by_id = await members(session, team)
    return ChangedTurn(
        turn=turn,
        before=None if before is None else by_id[before.member_id],
        day_before=None if before is None or before.date == row.date else before.date,
        cause=row.cause or "",
        reason=reason,
        confirmed=row.confirmed_at is not None,
    )


async def _planned_again(session: AsyncSession, team: TeamRow, undoing: ActRow) -> list[ChangedTurn]:
    """Turns that an act had given to somebody, and that are only planned again since it was taken back."""
    acts = select(ActRow).where(ActRow.team_id == team.id, ActRow.undone_at == undoing.at)
    undone = await session.scalar(acts.order_by(ActRow.id.desc()).limit(1))
    given = {} if undone is None else {(row.duty, row.unit): row for row in await rows_of_act(session, undone.id)}
    coming = await load_coming(session, team)
    again = []
    for (duty, unit), row in given.items():
        planned = coming.find(duty, unit)
        if planned is None or planned.member_id in {None, row.member_id} or coming.is_over(planned.day):
            continue
        if await turn_of(session, team, duty, unit) is None:
            turn = coming.held(Turn(duty, unit, planned.day, row.member_id), planned.member_id)
            before = coming.members[row.member_id]
            again.append(ChangedTurn(turn, before, None, "undo", None, confirmed=False, made=False))
    return again
