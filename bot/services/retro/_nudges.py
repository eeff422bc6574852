"""The nudge in the evening: to whom it comes, how, and letting a day be."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import PassRow, StudyDayRow, TeamRow, WrittenRow
from bot.domain.deliveries import Delivery
from bot.domain.team import Caller, StudyDay, Team
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services import audit
from bot.services.days import load_calendar, to_study_day
from bot.services.retro._days import load_due, open_day
from bot.services.teams import changing_team_of, member_of
from bot.services.values import to_team


@dataclass(frozen=True)
class Nudge:
    """How far the team is with a day; `direct`: for one person alone."""

    team: Team
    day: StudyDay
    written: int
    people: int
    direct: bool


class RetroNudges:
    """Reminding those who have not written, and only them."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def nudge(self, session: AsyncSession, delivery: Delivery) -> Nudge | str:
        """What a due nudge speaks of, or why it need not come.

        In the channel it is for those who did not ask for a direct message.
        """
        team = await session.get_one(TeamRow, delivery.team_id)
        day = await session.get_one(StudyDayRow, delivery.subject_id)
        calendar = await load_calendar(session, team)
        if day.closed or not calendar.is_study_day(day.date):
            return "nobody is to write that day any more"
        if delivery.due_at <= calendar.moment(day.date, team.retro_time):
            return "the day was not asked about yet"
        due = await load_due(session, team, day)
        direct = delivery.user_id is not None
        nudged = [member for member in due.missing if member.nudged_directly is direct]
        if not any(delivery.user_id in {None, member.user_id} for member in nudged):
            return "everybody has written who was to"
        value = await to_study_day(session, team, day)
        return Nudge(to_team(team), value, len(due.written), due.people, direct)

    @writes
    async def let_be(self, session: AsyncSession, caller: Caller, day_id: int) -> StudyDay:
        """Let the retrospective of a day be. Raises InvalidInput for somebody who has written."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        day = await open_day(session, team, caller, day_id)
        if await session.get(WrittenRow, (day.id, member.id)) is not None:
            raise InvalidInput(_("You have already written today, so there is nothing left to do. Rest well."))
        if await session.get(PassRow, (day.id, member.id)) is None:
            session.add(PassRow(day_id=day.id, member_id=member.id))
            audit.record(
                session, "retro.pass", f"day:{day.date}", team_id=team.id, actor_id=caller.user_id, at=caller.at
            )
        return await to_study_day(session, team, day)

    @writes
    async def switch(self, session: AsyncSession, caller: Caller) -> Team | None:
        """Switch the direct message on or off. The team if it is on now. Raises InvalidInput where nobody is nudged."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        if team.nudge_time is None:
            raise InvalidInput(_("Your team reminds nobody in the evening. A moderator can set nudge_time."))
        member.nudged_directly = not member.nudged_directly
        audit.record(
            session,
            "retro.nudge",
            f"member:{member.id}",
            team_id=team.id,
            actor_id=caller.user_id,
            at=caller.at,
            before={"direct": not member.nudged_directly},
            after={"direct": member.nudged_directly},
        )
        return to_team(team) if member.nudged_directly else None
