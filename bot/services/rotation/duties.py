"""A team's own duties: adding one, removing one, and the list of them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import DutyRow, StudyDayRow, TeamRow, TurnRow
from bot.domain.calendar import ONE_DAY
from bot.domain.duties import MODERATOR, MOST_PEOPLE, PRESENTER, Per
from bot.domain.duty_names import MOST_DUTIES, NAME_LIMIT, DutyNameRefused, read_duty_name
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services import audit
from bot.services.deliveries import plan as plan_delivery
from bot.services.rotation import require_present
from bot.services.rotation._duty_values import AddedDuty, FreedTurn, NewDuty, RemovedDuty
from bot.services.rotation._order import NewOrder, OrderedTurn, first_open_turn, round_typed, set_order
from bot.services.rotation._shown import day_turns, load_names, study_days
from bot.services.rotation._values import NamedDuty
from bot.services.teams import changing_team_of, require_moderator, team_of
from bot.services.turns import (
    PROPOSED,
    SKIPPED,
    Situation,
    active_turns,
    announced_until,
    begin_act,
    covers,
    duties_by_day,
    load_situation,
    members,
    own_duty,
    replan,
    turns_are_settled,
)
from bot.services.values import to_team

__all__ = [
    "DUTY_REMOVED",
    "AddedDuty",
    "Duties",
    "FreedTurn",
    "NewDuty",
    "NewOrder",
    "OrderedTurn",
    "RemovedDuty",
    "first_day_to_announce",
]

DUTY_REMOVED: Final = "rotation.duty"
"""Kind of the message that frees those who were announced for a duty that is no more. Its subject is the duty."""


class Duties:
    """`/rotation add` and `/rotation remove`, and the duties that there are to pick."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def present(self, session: AsyncSession, caller: Caller) -> Sequence[NamedDuty]:
        """The moderator, the presenter, and the team's own duties in the order in which they were added."""
        team = await team_of(session, caller)
        own = [NamedDuty(own_duty(row.id), row.name) for row in await present_rows(session, team)]
        return [NamedDuty(MODERATOR), NamedDuty(PRESENTER), *own]

    @writes
    async def add(self, session: AsyncSession, caller: Caller, new: NewDuty) -> AddedDuty:
        """Add a duty, to be done from the first study day on that was not announced yet.

        Raises NotAllowed for anybody but moderators, InvalidInput for a name that is taken or too long, for a number
        of people that cannot be, for a weekday of what is not done weekly, and where there are too many duties.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        row = DutyRow(
            team_id=team.id,
            name=await _free_name(session, team, new.name),
            per=new.per,
            people=_possible_people(new.people),
            first_weekday=_possible_weekday(new),
            since=await first_day_to_announce(session, team, await load_situation(session, team), caller.at),
        )
        session.add(row)
        await session.flush()
        facts = {"name": row.name, "per": row.per, "people": row.people, "since": row.since}
        _record(session, team, caller, "duty.add", row, after=facts)
        return await _added(session, team, row)

    @writes
    async def remove(self, session: AsyncSession, caller: Caller, key: str) -> RemovedDuty:
        """Let a duty end today, or tomorrow if today's session has begun. Turns that were had stay as history.

        Raises NotAllowed for anybody but moderators, InvalidInput for moderator and presenter, NotFound for a duty
        that there is not (any more).
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        row = await _own(session, team, key)
        situation = await load_situation(session, team)
        begun = await turns_are_settled(session, team, situation.today)
        row.until = situation.today + ONE_DAY if begun else situation.today
        act = await begin_act(session, team, "duty", actor_id=caller.user_id, now=caller.at)
        await replan(session, team, act, cause="duty")
        _record(session, team, caller, "duty.remove", row, before={"name": row.name}, after={"until": row.until})
        removed = await _removed(session, team, row)
        if removed.told:
            last = situation.calendar.ends_at(max(turn.date for turn in removed.told))
            await plan_delivery(
                session, team_id=team.id, kind=DUTY_REMOVED, subject_id=row.id, due_at=caller.at, expires_at=last
            )
        self._wake()
        return removed

    @writes
    async def order(
        self, session: AsyncSession, caller: Caller, key: str, order: str | None, next_user_id: int | None
    ) -> NewOrder:
        """Let a duty go round in an order, as typed, or in the present one; whoever is named next begins it.

        Turns that were made stay as they are; those from then on begin anew, without history. Whoever is not named
        follows in the order of the roster. Raises NotAllowed for anybody but moderators, NotFound for a duty or a
        person that there is not, InvalidInput for an order that cannot be, and if the first is away then.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        await _require_duty(session, team, key)
        round_of = await round_typed(session, team, key, order, next_user_id)
        situation = await load_situation(session, team)
        since = await first_open_turn(session, team, situation, key)
        require_present(situation, round_of[0], since)
        new = await set_order(session, team, key, since, round_of, caller.at)
        audit.record(
            session,
            "rotation.order",
            f"duty:{key}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            after={"since": since, "members": [member.id for member in new.members]},
        )
        self._wake()
        return new

    @reads
    async def removed(self, session: AsyncSession, team_id: int, duty_id: int) -> RemovedDuty:
        """A duty that was removed, and whose turns were taken back by that."""
        return await _removed(session, await session.get_one(TeamRow, team_id), await session.get_one(DutyRow, duty_id))


async def present_rows(session: AsyncSession, team: TeamRow) -> Sequence[DutyRow]:
    """The team's own duties that were not removed."""
    query = select(DutyRow).where(DutyRow.team_id == team.id, DutyRow.until.is_(None))
    return (await session.scalars(query.order_by(DutyRow.id))).all()


async def first_day_to_announce(session: AsyncSession, team: TeamRow, situation: Situation, now: datetime) -> date:
    """The first study day from today on of which the team was told nothing yet, and which has not begun."""
    calendar, today = situation.calendar, situation.today
    told = await _told_until(session, team, situation, now)
    begun = await turns_are_settled(session, team, today) or calendar.moment(today, team.announce_time) <= now
    for day in study_days(calendar, today):
        if (told is None or day > told) and not (begun and day == today):
            return day
    raise InvalidInput(_("There is no study day ahead. Set the study days with /calendar weekdays first."))


async def _told_until(session: AsyncSession, team: TeamRow, situation: Situation, now: datetime) -> date | None:
    """The last day that was announced; None before the first. A day may have no turn of its own: weeks go on."""
    calendar, today = situation.calendar, situation.today
    until, before = await announced_until(session, team), calendar.previous_before(today)
    proposed = [row for row in await active_turns(session, team) if row.state == PROPOSED]
    if until is None or not any(covers(row, day) for row in proposed for day in (before, today) if day is not None):
        return until
    told = today if before is not None and any(covers(row, before) for row in proposed) else until
    if calendar.moment(today, team.announce_time) <= now or await _session_has_ended(session, team, today):
        told = next(islice(study_days(calendar, today), 1, None), today)
    return max(until, told)


async def _session_has_ended(session: AsyncSession, team: TeamRow, day: date) -> bool:
    query = select(StudyDayRow.session_ended_at).where(StudyDayRow.team_id == team.id, StudyDayRow.date == day)
    return await session.scalar(query) is not None


async def _require_duty(session: AsyncSession, team: TeamRow, key: str) -> None:
    """Raises NotFound if the team has no such duty now."""
    own = {own_duty(row.id) for row in await present_rows(session, team)}
    if key not in {MODERATOR, PRESENTER} | own:
        raise NotFound(_("There is no such duty. Choose one from the list."))


async def _own(session: AsyncSession, team: TeamRow, key: str) -> DutyRow:
    """The row of a duty of the team's own that was not removed."""
    if key in {MODERATOR, PRESENTER}:
        text = _("Every team has a moderator and presenters; only a duty that you added can be removed.")
        raise InvalidInput(text)
    row = next((row for row in await present_rows(session, team) if own_duty(row.id) == key), None)
    if row is None:
        raise NotFound(_("There is no such duty. Choose one from the list."))
    return row


async def _free_name(session: AsyncSession, team: TeamRow, name: str) -> str:
    rows = await present_rows(session, team)
    if len(rows) >= MOST_DUTIES:
        text = _("A team has at most {limit} duties of its own. Remove one with /rotation remove first.")
        raise InvalidInput(text, limit=MOST_DUTIES)
    try:
        return read_duty_name(name, (row.name for row in rows))
    except DutyNameRefused as error:
        if error.taken:
            text = _("{name} is already the name of a duty. Please choose another name.")
            raise InvalidInput(text, name=error.name) from None
        text = _("The name of a duty has 1 to {limit} characters. Please choose another.")
        raise InvalidInput(text, limit=NAME_LIMIT) from None


def _possible_people(people: int) -> int:
    if not 1 <= people <= MOST_PEOPLE:
        raise InvalidInput(_("A duty is done by 1 to {most} people, not {people}."), most=MOST_PEOPLE, people=people)
    return people


def _possible_weekday(new: NewDuty) -> int:
    if new.first_weekday is None:
        return 0
    if new.per is not Per.WEEK:
        raise InvalidInput(_("Only a weekly duty begins on a weekday. Leave it out, or choose per week."))
    return new.first_weekday


async def _added(session: AsyncSession, team: TeamRow, row: DutyRow) -> AddedDuty:
    situation = await load_situation(session, team)
    calendar, key = situation.calendar, own_duty(row.id)
    duties = await duties_by_day(session, team, calendar.between(situation.today, row.since))
    shown = day_turns(calendar, row.since, duties[row.since], await load_names(session, team))
    return AddedDuty(
        duty=NamedDuty(key, row.name),
        per=Per(row.per),
        people=row.people,
        first_weekday=row.first_weekday,
        since=row.since,
        number=calendar.number(row.since),
        first=tuple(turn for turn in shown.turns if turn.duty.key == key),
    )


async def _removed(session: AsyncSession, team: TeamRow, row: DutyRow) -> RemovedDuty:
    """The latest turns of each unit from the end of the duty on; nobody has to do them."""
    key, until = own_duty(row.id), await announced_until(session, team)
    query = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.duty == key, TurnRow.state != SKIPPED)
    latest = {turn.unit: turn for turn in await session.scalars(query.order_by(TurnRow.id))}
    by_id = await members(session, team)
    freed = [
        FreedTurn(day, by_id[turn.member_id], announced=until is not None and turn.date <= until)
        for turn in latest.values()
        if row.until is not None and covers(turn, day := max(turn.date, row.until))
    ]
    return RemovedDuty(to_team(team), NamedDuty(key, row.name), tuple(sorted(freed, key=lambda turn: turn.date)))


def _record(
    session: AsyncSession,
    team: TeamRow,
    caller: Caller,
    action: str,
    row: DutyRow,
    *,
    before: audit.Facts | None = None,
    after: audit.Facts,
) -> None:
    audit.record(
        session,
        action,
        f"duty:{row.id}",
        team_id=team.id,
        actor_id=caller.user_id,
        at=caller.at,
        before=before,
        after=after,
    )
