"""The team's pages in its Git repository, in `week6/day27/README.md`; only what has changed, nothing changed by hand.

Where the repository is, and what opens it, comes from the environment of the process and is kept nowhere else.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import MetaRow, PublishedPageRow, TeamRow
from bot.domain.calendar import StudyCalendar
from bot.domain.day_record import DayRecord
from bot.domain.journal_weeks import page_folders
from bot.domain.team import Caller, StudyDay, Team
from bot.errors import NotFound
from bot.i18n import Language, _, language
from bot.pages.exports import day_name
from bot.pages.journal import render_team_page
from bot.pages.links import with_links
from bot.pages.repository import PagesRepository, Published, Remote
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.deliveries import plan
from bot.services.journal._days import day_meant, study_days
from bot.services.journal._record import ServerNames, batches, load_records
from bot.services.teams import require_moderator, team_of
from bot.services.values import to_team

log = logging.getLogger(__name__)

PUBLISH = "journal.publish"
"""The kind of the delivery that publishes: at a day's end, and again where the repository was not reached."""


OWNER = "journal.repository"
"""Under what is remembered which team published to an address first: its number, and the address as a hash."""


@dataclass(frozen=True)
class Repositories:
    """The repository of the process, and the folder for copies of it."""

    remote: Remote
    folder: Path

    def of(self, team: TeamRow, first_team: int | None) -> PagesRepository | None:
        """The repository of a team. An address without `{team}` is the first team's: pages of teams never mix."""
        address = self.remote.address
        if "{team}" not in address and team.id != first_team:
            return None
        address = address.replace("{team}", str(team.id)).replace("{server}", str(team.guild_id))
        remote = Remote(address, self.remote.branch, self.remote.token, self.remote.ssh_key)
        return PagesRepository(remote, self.folder / f"team-{team.id}.git")


@dataclass(frozen=True)
class Publication:
    """What is to be published: the days, and whose team's they are."""

    team: Team
    days: tuple[StudyDay, ...]
    folders: Mapping[int, str]
    """Day number → folder, of all days; of two with one number, the first."""
    paths: Mapping[str, StudyDay]
    ours: Mapping[str, str]
    repository: PagesRepository
    actor_id: int | None
    at: datetime


class Publishing:
    """`/journal publish`, and what is published when a day ends."""

    def __init__(self, database: Database, wake: Callable[[], None], repositories: Repositories | None = None) -> None:
        self.database = database
        self._wake = wake
        self._repositories = repositories
        self._busy = asyncio.Lock()

    async def publish(self, caller: Caller, typed: str | None, names: ServerNames) -> Published:
        """Publish one day, or without a day all up to now. Raises NotAllowed for those who do not moderate, UserError
        where no repository is set, RemoteError where it did not take the pages.
        """
        async with self._busy:
            return await self._publish(await self._asked(caller, typed), names)

    async def publish_ended(self, team_id: int, at: datetime, names: ServerNames) -> tuple[Team, Published | None]:
        """Publish all days that are over, for a delivery. None where the team has no repository."""
        async with self._busy:
            team, publication = await self._ended(team_id, at)
            return team, None if publication is None else await self._publish(publication, names)

    @reads
    async def team(self, session: AsyncSession, team_id: int) -> Team:
        return to_team(await session.get_one(TeamRow, team_id))

    @writes
    async def again_later(self, session: AsyncSession, caller: Caller) -> None:
        """Plan another attempt, after the repository was not reached."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        await plan_publication(session, team, await load_calendar(session, team), caller.at)
        self._wake()

    @reads
    async def _asked(self, session: AsyncSession, caller: Caller, typed: str | None) -> Publication:
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        days = await study_days(session, team, await load_calendar(session, team), caller.at)
        wanted = days if typed is None else [await day_meant(session, team, caller.at, typed)]
        found = await self._publication(session, team, days, wanted, caller.at, caller.user_id)
        if found is None:
            text = _("No Git repository is set for this team. Whoever runs the bot sets JOURNAL_REPOSITORY.")
            raise NotFound(text)
        return found

    @reads
    async def _ended(self, session: AsyncSession, team_id: int, at: datetime) -> tuple[Team, Publication | None]:
        team = await session.get_one(TeamRow, team_id)
        days = await study_days(session, team, await load_calendar(session, team), at)
        ended = [day for day in days if day.closed]
        return to_team(team), await self._publication(session, team, days, ended, at, None)

    async def _publication(
        self,
        session: AsyncSession,
        team: TeamRow,
        days: Sequence[StudyDay],
        wanted: Sequence[StudyDay],
        at: datetime,
        actor_id: int | None,
    ) -> Publication | None:
        if self._repositories is None:
            return None
        repository = self._repositories.of(team, await _first_team(session, self._repositories.remote.address))
        if repository is None:
            return None
        folders = page_folders(days)
        numbered = {day.number: folders[day.date] for day in sorted(days, key=lambda day: day.date, reverse=True)}
        known = select(PublishedPageRow).where(PublishedPageRow.team_id == team.id)
        return Publication(
            team=to_team(team),
            days=tuple(wanted),
            folders=numbered,
            paths={f"{folders[day.date]}/README.md": day for day in wanted},
            ours={row.path: row.blob for row in await session.scalars(known)},
            repository=repository,
            actor_id=actor_id,
            at=at,
        )

    async def _publish(self, publication: Publication, names: ServerNames) -> Published:
        lang = language(publication.team.language)
        pages: dict[str, str] = {}
        for paths in batches(list(publication.paths)):
            pages |= await self._pages(publication, paths, names, lang)
        message = commit_message(publication, lang)
        published = await asyncio.to_thread(
            publication.repository.publish, pages, publication.ours, message, publication.at
        )
        await self._remember(publication, published)
        counts = {
            "team": publication.team.id,
            "written": len(published.written),
            "unchanged": len(published.unchanged),
            "by_hand": len(published.by_hand),
        }
        text = "Published pages of team %(team)s: %(written)s written, %(unchanged)s unchanged, %(by_hand)s by hand"
        log.info(text, counts)
        return published

    async def _pages(
        self, publication: Publication, paths: Sequence[str], names: ServerNames, lang: Language
    ) -> Mapping[str, str]:
        pages: dict[str, str] = {}
        records = await self._records(publication.team.id, [publication.paths[path] for path in paths], names)
        for path, record in zip(paths, records, strict=True):
            text = await asyncio.to_thread(render_team_page, record, lang)
            pages[path] = with_links(text, path.rpartition("/")[0], publication.folders)
        return pages

    @reads
    async def _records(
        self, session: AsyncSession, team_id: int, days: Sequence[StudyDay], names: ServerNames
    ) -> Sequence[DayRecord]:
        return await load_records(session, await session.get_one(TeamRow, team_id), days, None, names)

    @writes
    async def _remember(self, session: AsyncSession, publication: Publication, published: Published) -> None:
        team_id = publication.team.id
        for path, blob in published.blobs.items():
            if publication.ours.get(path) != blob:
                await session.merge(PublishedPageRow(team_id=team_id, path=path, blob=blob))
        if self._repositories is not None:
            address = self._repositories.remote.address
            first = await _first_team(session, address) or team_id
            await session.merge(MetaRow(key=OWNER, value=f"{first} {_hash(address)}"))
        if published.commit is not None:
            audit.record(
                session,
                PUBLISH,
                f"team:{team_id}",
                team_id=team_id,
                actor_id=publication.actor_id,
                at=publication.at,
                after={"commit": published.commit, "pages": list(published.written)},
            )


async def _first_team(session: AsyncSession, address: str) -> int | None:
    """Whose an address is that names no team: whoever published there first, also when that team was deleted since.

    What it wrote is still there, and its people read it; another team has no place among its pages.
    """
    known = await session.get(MetaRow, OWNER)
    if known is not None and known.value.endswith(f" {_hash(address)}"):
        return int(known.value.split()[0])
    return await session.scalar(select(func.min(TeamRow.id)))


def _hash(address: str) -> str:
    """An address may hold a password."""
    return hashlib.sha256(address.encode()).hexdigest()


async def plan_publication(session: AsyncSession, team: TeamRow, calendar: StudyCalendar, now: datetime) -> None:
    """At once, and again while the repository is not reached, until the day ends: then the next one is planned."""
    expires = calendar.ends_at(calendar.date_at(now))
    await plan(session, team_id=team.id, kind=PUBLISH, subject_id=0, due_at=now, expires_at=expires)


def commit_message(publication: Publication, lang: Language) -> str:
    """`Day27 NLP 5~6강`, `Pages of 스터디`."""
    if len(publication.days) == 1:
        return day_name(publication.days[0], lang) + "\n"
    return lang(_("Pages of {team}"), team=publication.team.name) + "\n"
