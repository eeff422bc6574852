"""Pages of one day or many, written into a file: a transaction for some days, one page in memory at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads
from bot.db.tables import MemberRow, TeamRow
from bot.domain.day_record import DayRecord, KeptFile, Material
from bot.domain.journal import Page, arrange_member_page, arrange_team_page
from bot.domain.journal_weeks import page_folders
from bot.domain.team import Caller, StudyDay
from bot.errors import InvalidInput, NotFound
from bot.i18n import _, language
from bot.pages.archive import ZipWriter
from bot.pages.exports import (
    CsvWriter,
    Export,
    ExportedDay,
    Form,
    FoundFile,
    HtmlWriter,
    JsonWriter,
    MarkdownWriter,
    MediaFile,
    Writer,
)
from bot.services.days import load_calendar
from bot.services.journal import reader_of
from bot.services.journal._days import day_meant, study_days
from bot.services.journal._record import ServerNames, batches, load_records
from bot.services.teams import require_moderator, team_of

Progress = Callable[[int, int], Awaitable[None]]

_WRITERS: Final[Mapping[Form, Callable[[BinaryIO, Export], Writer]]] = {
    "md": MarkdownWriter,
    "zip": ZipWriter,
    "json": JsonWriter,
    "csv": CsvWriter,
    "html": HtmlWriter,
}


class Media(Protocol):
    """Where attachments come from."""

    async def fetch(self, kept: KeptFile, room: int) -> FoundFile | None:
        """An attachment; None if it is gone, cannot be read, or is larger than `room`."""


@dataclass(frozen=True)
class Plan:
    """Whose pages, of which days (in order)."""

    team_id: int
    owner_id: int | None
    export: Export


@dataclass(frozen=True)
class Named:
    """Whose pages whoever runs the process wants: of the only team and of it all, where nothing is said."""

    team: str | None = None
    member: str | None = None


class JournalExport:
    """`/journal export`, and `study-bot export`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def plan(
        self, session: AsyncSession, caller: Caller, typed: str | None, until: str | None, *, own: bool
    ) -> Plan:
        """What the caller may take away: a day, or all from it to another. Raises what `Journal.page` raises."""
        team = await team_of(session, caller)
        owner = await reader_of(session, team, caller, own=own)
        days = await study_days(session, team, await load_calendar(session, team), caller.at)
        first = await day_meant(session, team, caller.at, typed)
        last = first if until is None else await day_meant(session, team, caller.at, until)
        return _plan(team, owner, days, first, last)

    @reads
    async def plan_all(self, session: AsyncSession, caller: Caller) -> Plan:
        """All the team's pages up to now. Raises NotAllowed unless the caller is a moderator, NotFound before day 1."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        days = await study_days(session, team, await load_calendar(session, team), caller.at)
        if not days:
            raise NotFound(_("The team has not studied on any day yet, so there is nothing to export."))
        return _plan(team, None, days, days[-1], days[0])

    @reads
    async def plan_for(
        self, session: AsyncSession, named: Named, first: str | None, last: str | None, now: datetime
    ) -> Plan:
        """The same for whoever runs the process: without days, all of them. Raises NotFound."""
        team = await _only_team(session, named.team)
        owner = None if named.member is None else await _member_named(session, team, named.member)
        days = await study_days(session, team, await load_calendar(session, team), now)
        begin = days[-1] if first is None else await day_meant(session, team, now, first)
        end = days[0] if last is None else await day_meant(session, team, now, last)
        return _plan(team, owner, days, begin, end)

    @reads
    async def _records(
        self, session: AsyncSession, plan: Plan, days: Sequence[StudyDay], names: ServerNames
    ) -> Sequence[DayRecord]:
        """What the pages of some days are made of."""
        team = await session.get_one(TeamRow, plan.team_id)
        owner = None if plan.owner_id is None else await session.get_one(MemberRow, plan.owner_id)
        return await load_records(session, team, days, owner, names)

    async def _pages(self, plan: Plan, names: ServerNames) -> AsyncIterator[tuple[StudyDay, Page]]:
        for days in batches(plan.export.days):
            for day, record in zip(days, await self._records(plan, days, names), strict=True):
                yield day, arranged(record, plan.owner_id)

    async def write(
        self,
        plan: Plan,
        form: Form,
        out: BinaryIO,
        *,
        names: ServerNames | None = None,
        media: Media | None = None,
        room: int = 0,
        progress: Progress | None = None,
    ) -> Sequence[MediaFile]:
        """Write the pages into a file. At most `room` bytes of attachments come along, where the form has a place.

        Those are returned that should have come and did not.
        """
        writer = _WRITERS[form](out, plan.export)
        done, missing = 0, list[MediaFile]()
        async for day, page in self._pages(plan, names or ServerNames()):
            files = await _fetched(page, media, room) if writer.with_media else []
            room -= sum(len(file.found.data) for file in files if file.found is not None)
            await asyncio.to_thread(writer.add, ExportedDay(day, page, files))
            missing += [file for file in files if file.found is None]
            done += 1
            if progress is not None:
                await progress(done, len(plan.export.days))
        await asyncio.to_thread(writer.finish)
        return missing


async def _only_team(session: AsyncSession, name: str | None) -> TeamRow:
    query = select(TeamRow).where(TeamRow.removed_at.is_(None)).order_by(TeamRow.id)
    teams = (await session.scalars(query if name is None else query.where(TeamRow.name == name))).all()
    if len(teams) > 1:
        names = ", ".join(team.name for team in teams)
        raise NotFound(_("There are several teams. Choose one by its name (--team): {names}"), names=names)
    if not teams:
        raise NotFound(_("There is no such team."))
    return teams[0]


async def _member_named(session: AsyncSession, team: TeamRow, name: str) -> MemberRow:
    query = select(MemberRow).where(MemberRow.team_id == team.id, MemberRow.name == name)
    row = await session.scalar(query)
    if row is None:
        raise NotFound(_("There is no {name} in this team."), name=name)
    return row


def _plan(team: TeamRow, owner: MemberRow | None, days: Sequence[StudyDay], first: StudyDay, last: StudyDay) -> Plan:
    if last.date < first.date:
        text = _("{last:day} is before {first:day}. Give the earlier day first.")
        raise InvalidInput(text, first=first.date, last=last.date)
    folders = page_folders(days)
    wanted = sorted((day for day in days if first.date <= day.date <= last.date), key=lambda day: day.date)
    name = None if owner is None else owner.name
    export = Export(team.name, name, wanted, folders, language(team.language))
    return Plan(team.id, None if owner is None else owner.id, export)


def arranged(record: DayRecord, owner_id: int | None) -> Page:
    return arrange_team_page(record) if owner_id is None else arrange_member_page(record, owner_id)


async def _fetched(page: Page, media: Media | None, room: int) -> list[MediaFile]:
    """The attachments that the page names."""
    if media is None:
        return []
    files: list[MediaFile] = []
    for material in dict.fromkeys(_attachments(page)):
        if material.kept is not None:
            found = await media.fetch(material.kept, room)
            room -= 0 if found is None else len(found.data)
            files.append(MediaFile(material.kept, material.url or "", material.title, found))
    return files


def _attachments(page: Page) -> Iterator[Material]:
    """In the order of the page. Of hand-ins a link comes first, so a file beside it is not named on the team's page."""
    for part in page.assignments:
        for submission in part.submissions:
            if submission.attachment and (page.owner_id is not None or not submission.link):
                yield submission.attachment
    session = page.session
    lectures = [asked for lecture in session.lectures for asked in lecture.questions]
    for lecture in session.lectures:
        yield from lecture.materials
    for asked in (*lectures, *session.further, *session.minutes.questions):
        if asked.question.attachment:
            yield asked.question.attachment
