"""What is stored about a person in the teams of a server: all of it as data, and taking it away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AuditRow, Base, MemberRow, TeamRow
from bot.domain.team import Caller
from bot.errors import NotFound
from bot.i18n import _
from bot.services import audit
from bot.services.days import close_ended_days
from bot.services.mydata._erasing import erase_member
from bot.services.mydata._names import Names, names_of
from bot.services.mydata._tables import PARTS, member_columns, personal_tables, user_columns
from bot.services.roster import depart
from bot.services.teams import find_member

FORMAT: Final = "study-bot/mydata"
VERSION: Final = 1

Row = Mapping[str, object]


@dataclass(frozen=True)
class Holding:
    """What a team has of a person: table → rows, as they are stored. Tables without any are left out.

    `names` says what the numbers in the rows stand for, `zone` is the team's.
    """

    team: str
    name: str
    tables: Mapping[str, Sequence[Row]]
    names: Names
    zone: ZoneInfo


class MyData:
    """`/mydata`: for whoever is, or was, on a roster of the server. Nobody sees another one's."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def export(self, session: AsyncSession, caller: Caller) -> Sequence[Holding]:
        """Everything that the teams of this server have of the caller. Raises NotFound if that is nothing.

        Anonymous questions and retrospectives are not among it: nothing leads from them to anybody.
        """
        found = await _members(session, caller)
        return [await _holding(session, team, row) for team, row in found]

    async def erase(self, caller: Caller) -> Sequence[str]:
        """Take the caller out of every team of this server, for good; the names of the teams.

        Private texts go, pages keep what the team was shown, without the name. Raises NotFound if there is nothing.
        """
        teams = await self._erase(caller)
        await self.database.checkpoint()
        return teams

    @writes
    async def _erase(self, session: AsyncSession, caller: Caller) -> Sequence[str]:
        found = await _members(session, caller)
        for team, row in found:
            await close_ended_days(session, team, caller.at)
            if await find_member(session, team, caller.user_id) is not None:
                await depart(session, team, caller, row, action="roster.leave")
            audit.record(session, "mydata.erase", f"member:{row.id}", team_id=team.id, actor_id=None, at=caller.at)
            await erase_member(session, team, row, caller.at)
        self._wake()
        return [team.name for team, _row in found]


async def _members(session: AsyncSession, caller: Caller) -> Sequence[tuple[TeamRow, MemberRow]]:
    query = (
        select(TeamRow, MemberRow)
        .join(MemberRow, MemberRow.team_id == TeamRow.id)
        .where(TeamRow.guild_id == caller.guild_id, MemberRow.user_id == caller.user_id)
        .order_by(TeamRow.id)
    )
    found = [(team, row) for team, row in await session.execute(query)]
    if not found:
        raise NotFound(_("Nothing is stored about you in this server. That begins with /roster join."))
    return found


async def _holding(session: AsyncSession, team: TeamRow, member: MemberRow) -> Holding:
    tables: dict[str, Sequence[Row]] = {}
    for table in personal_tables():
        rows = await _rows(session, table, team, member)
        if table.name == AuditRow.__tablename__:
            rows = [*rows, *await _changes_about(session, team, member)]
        if rows:
            tables[table.name] = rows
    for name, whole in PARTS.items():
        if rows := await _parts(session, Base.metadata.tables[name], Base.metadata.tables[whole], member):
            tables[name] = rows
    return Holding(team.name, member.name, tables, await names_of(session, team, member), ZoneInfo(team.timezone))


async def _rows(session: AsyncSession, table: Table, team: TeamRow, member: MemberRow) -> Sequence[Row]:
    theirs = [column == member.id for column in member_columns(table)]
    theirs += [column == member.user_id for column in user_columns(table)]
    query = select(table).where(or_(*theirs)).order_by(*table.primary_key.columns)
    if "team_id" in table.columns:
        query = query.where(table.columns["team_id"] == team.id)
    return [_plain(row) for row in (await session.execute(query)).mappings()]


async def _changes_about(session: AsyncSession, team: TeamRow, member: MemberRow) -> Sequence[Row]:
    """What others changed about them; by whom is not theirs to take away."""
    query = select(AuditRow.__table__).where(AuditRow.team_id == team.id, AuditRow.subject == f"member:{member.id}")
    others = query.where(AuditRow.actor_id.is_distinct_from(member.user_id)).order_by(AuditRow.id)
    return [{**_plain(row), "actor_id": None} for row in (await session.execute(others)).mappings()]


async def _parts(session: AsyncSession, table: Table, whole: Table, member: MemberRow) -> Sequence[Row]:
    query = select(table).join(whole).where(whole.columns["member_id"] == member.id)
    rows = await session.execute(query.order_by(*table.primary_key.columns))
    return [_plain(row) for row in rows.mappings()]


def _plain(row: RowMapping) -> Row:
    return {str(name): value.isoformat() if isinstance(value, date | time) else value for name, value in row.items()}
