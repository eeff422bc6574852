"""Round tables and what members say at them. Works inside the transaction of whoever asks."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import MemberRow, RoundtableReplyRow, RoundtableRow, StudyDayRow, TeamRow
from bot.domain.team import Caller
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services.days import load_calendar
from bot.services.presence import present_members


@dataclass(frozen=True)
class Replied:
    """How many have replied at a round table, of how many."""

    count: int
    people: int


@dataclass(frozen=True)
class Question:
    """A round table's question to one member; `own` is what they said before."""

    prompt: str
    own: str


async def roundtable_of(session: AsyncSession, team: TeamRow, caller: Caller, roundtable_id: int) -> RoundtableRow:
    """A round table of this team that still takes replies. Raises NotFound or InvalidInput otherwise."""
    row, day = await table_of_team(session, team, roundtable_id)
    calendar = await load_calendar(session, team)
    if day.closed or calendar.ends_at(day.date) <= caller.at:
        raise InvalidInput(
            _("The day of this round table ({day:day}) ended at {cutoff:time}, so its replies stay as they are."),
            day=day.date,
            cutoff=team.cutoff,
        )
    if row.closed_at is not None:
        raise InvalidInput(
            _("This round table closed at {closed:time}. You can still add your word with /session note."),
            closed=row.closed_at.astimezone(ZoneInfo(team.timezone)),
        )
    return row


async def table_of_team(session: AsyncSession, team: TeamRow, roundtable_id: int) -> tuple[RoundtableRow, StudyDayRow]:
    """A round table of this team, and its day. Raises NotFound for any other."""
    query = select(RoundtableRow, StudyDayRow).join(StudyDayRow, StudyDayRow.id == RoundtableRow.day_id)
    found = (
        await session.execute(query.where(RoundtableRow.id == roundtable_id, StudyDayRow.team_id == team.id))
    ).one_or_none()
    if found is None:
        raise NotFound(_("This team has no such round table. Use the button in your own team's thread."))
    return found[0], found[1]


async def reply_of(session: AsyncSession, row: RoundtableRow, member: MemberRow) -> RoundtableReplyRow | None:
    query = select(RoundtableReplyRow).where(
        RoundtableReplyRow.roundtable_id == row.id, RoundtableReplyRow.member_id == member.id
    )
    return await session.scalar(query)


async def replied(session: AsyncSession, team: TeamRow, row: RoundtableRow) -> Replied:
    """How many have replied so far, of those who are there; whoever replied still counts, also who left or is away."""
    said = set(
        await session.scalars(select(RoundtableReplyRow.member_id).where(RoundtableReplyRow.roundtable_id == row.id))
    )
    day = await session.get_one(StudyDayRow, row.day_id)
    present = {member.id for member in await present_members(session, team, day.date)}
    return Replied(len(said), len(said | present))
