"""The minutes of a study day, read together. Works inside the transaction of whoever asks."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, MemberRow, MinutesRow, RoundtableReplyRow, RoundtableRow, StudyDayRow, TeamRow
from bot.domain.session import Entry, Minutes, Reply, RoundTable, minutes_kind
from bot.services.days import to_study_day
from bot.services.lectures import unit_label
from bot.services.session._agenda import load_next_day
from bot.services.session._roll import load_roll
from bot.services.session.course import session_times
from bot.services.turns import members
from bot.services.values import to_team


async def load_minutes(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> Minutes:
    """Everything noted and said on a study day, in the order in which it came."""
    people = await members(session, team)
    query = (
        select(MinutesRow, LectureRow)
        .outerjoin(LectureRow, LectureRow.id == MinutesRow.lecture_id)
        .where(MinutesRow.day_id == day.id)
        .order_by(MinutesRow.noted_at, MinutesRow.id)
    )
    entries = tuple(
        Entry(
            kind=minutes_kind(row.kind),
            text=row.text,
            about="" if row.lecture_id is None else unit_label(lecture),
            owner=None if row.owner_id is None else people[row.owner_id],
            due=row.due,
        )
        for row, lecture in await session.execute(query)
    )
    times = await session_times(session, team, day)
    return Minutes(
        team=to_team(team),
        day=await to_study_day(session, team, day),
        roll=await load_roll(session, team, day),
        whole=times.whole,
        times=times.parts,
        forgotten=times.forgotten,
        entries=entries,
        round_tables=await _round_tables(session, day),
        next_day=await load_next_day(session, team, day.date),
        names={member.user_id: member.name for member in people.values()},
    )


async def _round_tables(session: AsyncSession, day: StudyDayRow) -> tuple[RoundTable, ...]:
    query = select(RoundtableRow).where(RoundtableRow.day_id == day.id).order_by(RoundtableRow.id)
    rows = (await session.scalars(query)).all()
    return tuple(
        [RoundTable(row.prompt, () if row.closed_at is None else await replies_of(session, row.id)) for row in rows]
    )


async def replies_of(session: AsyncSession, roundtable_id: int) -> tuple[Reply, ...]:
    query = (
        select(RoundtableReplyRow, MemberRow.name)
        .join(MemberRow, MemberRow.id == RoundtableReplyRow.member_id)
        .where(RoundtableReplyRow.roundtable_id == roundtable_id)
        .order_by(RoundtableReplyRow.id)
    )
    return tuple(Reply(name, row.text) for row, name in await session.execute(query))
