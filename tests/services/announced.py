"""A team's rows, and days whose duties were announced or whose session has begun."""

from datetime import date

from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import TeamRow
from bot.services.days import ensure_day, load_calendar
from bot.services.turns import DayDuties, propose
from tests.database import reading, writing
from tests.services.people import GUILD, seoul

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 1, day) for day in (5, 6, 7, 8, 9))


async def rows(database: Database, table: type) -> list:
    """Every row of a table, by id."""
    async with reading(database) as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def team_row(session) -> TeamRow:
    return (await session.scalars(select(TeamRow).where(TeamRow.guild_id == GUILD))).one()


async def announce(database: Database, said_on: date = MONDAY) -> DayDuties:
    """Give out the duties of the study day after one, as in its evening."""
    async with writing(database) as session:
        team = await team_row(session)
        day = (await load_calendar(session, team)).next_after(said_on)
        return await propose(session, team, day, seoul(f"{said_on} 18:00"))


async def start_session(database: Database, day: date) -> None:
    async with writing(database) as session:
        row = await ensure_day(session, await team_row(session), day)
        row.session_started_at = seoul(f"{day} 16:00")
