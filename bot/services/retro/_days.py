"""The days one may still look back on, and who is due to. Works inside the transaction of whoever asks."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import MemberRow, PassRow, StudyDayRow, TeamRow, WrittenRow
from bot.domain.calendar import StudyCalendar
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.days import ensure_day, load_calendar, row_of_day
from bot.services.journal import day_meant
from bot.services.presence import present_members


@dataclass(frozen=True)
class Due:
    """Ids of those who have written, and who is due to: whoever is there and does not let the day be."""

    written: frozenset[int]
    members: tuple[MemberRow, ...]

    @property
    def missing(self) -> tuple[MemberRow, ...]:
        return tuple(member for member in self.members if member.id not in self.written)

    @property
    def people(self) -> int:
        """How many in all: also those who wrote although they were away."""
        return len(self.written | {member.id for member in self.members})


async def load_due(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> Due:
    written = frozenset(await session.scalars(select(WrittenRow.member_id).where(WrittenRow.day_id == day.id)))
    passed = set(await session.scalars(select(PassRow.member_id).where(PassRow.day_id == day.id)))
    present = await present_members(session, team, day.date)
    return Due(written, tuple(member for member in present if member.id not in passed))


async def is_to_look_back(session: AsyncSession, team: TeamRow, day: date, member: MemberRow) -> bool:
    """Whether a member has still to write on a day that is open."""
    row = await row_of_day(session, team, day)
    if row is None:
        return any(each.id == member.id for each in await present_members(session, team, day))
    return not row.closed and any(each.id == member.id for each in (await load_due(session, team, row)).missing)


async def named_day(session: AsyncSession, team: TeamRow, caller: Caller, typed: str) -> int:
    """The id of a day that somebody names by its number or date. Raises InvalidInput for one that is to come."""
    named = await day_meant(session, team, caller.at, typed)
    if named.date > (await load_calendar(session, team)).date_at(caller.at):
        raise InvalidInput(_("{day:day} has not come yet. Look back on it in its evening."), day=named.date)
    return (await ensure_day(session, team, named.date)).id


async def open_day(session: AsyncSession, team: TeamRow, caller: Caller, day_id: int | None) -> StudyDayRow:
    """A day one may write to; without an id the latest study day. Raises InvalidInput if it is closed."""
    if day_id is None:
        latest = (await load_calendar(session, team)).day_for_retrospective(caller.at)
        if latest is None:
            raise InvalidInput(_("There was no study day yet. The first one is on {day:day}."), day=team.start_date)
        day: StudyDayRow | None = await ensure_day(session, team, latest)
    else:
        day = await session.get(StudyDayRow, day_id)
    if day is None or day.team_id != team.id:
        raise NotFound(_("I cannot find that day in this team. Use /retro write in your team's channel."))
    if day.closed:
        raise _too_late(team, await load_calendar(session, team), caller, day)
    return day


def _too_late(team: TeamRow, calendar: StudyCalendar, caller: Caller, day: StudyDayRow) -> InvalidInput:
    """Why nobody can write about a closed day, and what one can do: on a day off there is no other to write about."""
    if caller.at < calendar.ends_at(day.date):
        text = _("Day {number} is closed. A moderator can open it again with /journal reopen.")
        return InvalidInput(text, number=day.number)
    if calendar.is_study_day(calendar.date_at(caller.at)):
        text = _("Day {number} ended at {time:time} and is closed. Today's retrospective: /retro write")
        return InvalidInput(text, number=day.number, time=team.cutoff)
    text = _("Day {number} ended at {time:time} and is closed. The next retrospective is on {next:day}.")
    return InvalidInput(text, number=day.number, time=team.cutoff, next=calendar.day_for_entry(caller.at))
