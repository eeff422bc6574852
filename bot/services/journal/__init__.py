"""The journal of a day: which days have a page, and the page of the team or of one member."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import MemberRow, StudyDayRow, TeamRow
from bot.domain.day_record import DayRecord
from bot.domain.team import Caller, StudyDay
from bot.errors import NotFound
from bot.i18n import Language, language
from bot.pages.journal import render_member_page, render_team_page
from bot.services.days import load_calendar, to_study_day
from bot.services.journal._days import day_meant, days_with_content, study_days
from bot.services.journal._record import ServerNames, load_record
from bot.services.teams import find_member, is_moderator, member_of, team_of

__all__ = ["DayPage", "Journal", "ServerNames", "day_meant", "days_with_content", "study_days"]


@dataclass(frozen=True)
class DayPage:
    """A page: Markdown in the team's language. `owner` is whose it is, None for the team's."""

    day: StudyDay
    owner: str | None
    text: str


@dataclass(frozen=True)
class _Sources:
    """What a page is written from."""

    day: StudyDay
    owner: MemberRow | None
    record: DayRecord
    language: Language


class Journal:
    """`/journal`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def days(self, session: AsyncSession, caller: Caller) -> Sequence[StudyDay]:
        """The days whose page the caller may ask for, the latest first; none for guests."""
        try:
            team = await team_of(session, caller)
        except NotFound:
            return []
        if not is_moderator(team, caller) and await find_member(session, team, caller.user_id) is None:
            return []
        return await study_days(session, team, await load_calendar(session, team), caller.at)

    async def page(self, caller: Caller, typed: str | None, *, own: bool, names: ServerNames | None = None) -> DayPage:
        """The team's page of a day, or with `own` the caller's. `typed` is a date or a number; None: the usual day.

        The team's is for members and moderators, one's own for members. Raises NotAllowed for anybody else, NotFound
        and InvalidInput for a day that has no page. Writing a long page takes a while, so it is done in a thread.
        """
        sources = await self._sources(caller, typed, own=own, names=names or ServerNames())
        return await asyncio.to_thread(_write, sources)

    async def ended(self, team_id: int, day_id: int, names: ServerNames) -> tuple[DayPage, Language] | None:
        """The team's page of a day that is over, and its language; None if nothing was written."""
        sources = await self._ended(team_id, day_id, names)
        return None if sources is None else (await asyncio.to_thread(_write, sources), sources.language)

    @reads
    async def _ended(self, session: AsyncSession, team_id: int, day_id: int, names: ServerNames) -> _Sources | None:
        team = await session.get_one(TeamRow, team_id)
        row = await session.get_one(StudyDayRow, day_id)
        if row.date not in await days_with_content(session, team):
            return None
        day = await to_study_day(session, team, row)
        return _Sources(day, None, await load_record(session, team, day, None, names), language(team.language))

    @reads
    async def _sources(
        self, session: AsyncSession, caller: Caller, typed: str | None, *, own: bool, names: ServerNames
    ) -> _Sources:
        team = await team_of(session, caller)
        owner = await reader_of(session, team, caller, own=own)
        day = await day_meant(session, team, caller.at, typed)
        record = await load_record(session, team, day, owner, names)
        return _Sources(day, owner, record, language(team.language))


async def reader_of(session: AsyncSession, team: TeamRow, caller: Caller, *, own: bool) -> MemberRow | None:
    """Whose page it will be. Raises NotAllowed for those who may not have it."""
    if own:
        return await member_of(session, team, caller)
    if not is_moderator(team, caller):
        await member_of(session, team, caller)
    return None


def _write(sources: _Sources) -> DayPage:
    owner = sources.owner
    if owner is None:
        return DayPage(sources.day, None, render_team_page(sources.record, sources.language))
    text = render_member_page(sources.record, owner.id, sources.language)
    return DayPage(sources.day, owner.name, text)
