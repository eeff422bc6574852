"""Briefings: shortly before the session each presenter has a direct message, which follows what becomes of the day.

Works inside the transaction of whoever changes something that a briefing tells of.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import BoardRow, MemberRow, TeamRow, TurnRow
from bot.domain.duties import PRESENTER
from bot.domain.schedules import BRIEFING_NOTICE, SESSION_BRIEFING, session_start
from bot.services.boards import touch
from bot.services.days import load_calendar
from bot.services.session_posts import show_agenda
from bot.services.turns._rows import ACTIVE
from bot.services.turns._situation import turns_are_settled
from bot.services.values import to_team

BRIEFING: Final = SESSION_BRIEFING
"""Kind of the board. Its subject is the first turn of its presenter on the day."""


async def brief(session: AsyncSession, team: TeamRow, now: datetime) -> None:
    """Brief every presenter of the session that begins within half an hour, and redraw the briefings there are.

    Whoever presents no more keeps a briefing that says so. Once the session has begun it is its agenda that is redrawn;
    at any other time nothing is done.
    """
    await show_agenda(session, team, now)
    if team.session_time is None:
        return
    await session.flush()
    calendar = await load_calendar(session, team)
    day = calendar.date_at(now)
    start = session_start(to_team(team), calendar, day)
    if start is None or not start - BRIEFING_NOTICE <= now < start or not calendar.is_study_day(day):
        return
    if await turns_are_settled(session, team, day):
        return
    turns = await _presenting(session, team, day)
    boards = {board.subject_id: board for board in await _boards(session, team, turns)}
    for member_id in dict.fromkeys(turn.member_id for turn in turns):
        own = [turn for turn in turns if turn.member_id == member_id]
        presents = any(turn.state in ACTIVE for turn in own)
        subject_id = next((turn.id for turn in own if turn.id in boards), own[0].id)
        if presents or subject_id in boards:
            member = await session.get_one(MemberRow, member_id)
            await touch(session, team, BRIEFING, subject_id, None, now, user_id=member.user_id, expires_at=start)


async def _presenting(session: AsyncSession, team: TeamRow, day: date) -> Sequence[TurnRow]:
    """The turns of everybody who presents on a day or was to do so, in the order in which they were made."""
    query = select(TurnRow).where(TurnRow.team_id == team.id, TurnRow.date == day, TurnRow.duty == PRESENTER)
    return (await session.scalars(query.order_by(TurnRow.id))).all()


async def _boards(session: AsyncSession, team: TeamRow, turns: Sequence[TurnRow]) -> Sequence[BoardRow]:
    query = select(BoardRow).where(BoardRow.team_id == team.id, BoardRow.kind == BRIEFING)
    return (await session.scalars(query.where(BoardRow.subject_id.in_([turn.id for turn in turns])))).all()
