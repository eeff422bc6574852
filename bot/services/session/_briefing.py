"""What a presenter is told shortly before the session. Works inside the transaction of whoever asks."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import LectureRow, TeamRow, TurnRow
from bot.domain.duties import PRESENTER
from bot.domain.schedules import session_start
from bot.domain.session import Briefing, TakenOver
from bot.domain.team import Member, StudyDay
from bot.domain.titles import lecture_label
from bot.services.days import load_calendar
from bot.services.session._agenda import load_carried, load_presented
from bot.services.turns import members, turn_of
from bot.services.values import to_team


async def load_briefing(session: AsyncSession, team: TeamRow, turn: TurnRow) -> Briefing:
    """The briefing of whoever has, or had, a turn to present; of all that they present on its day."""
    calendar = await load_calendar(session, team)
    people = await members(session, team)
    duties = await load_presented(session, team, turn.date)
    value, presenter = to_team(team), people[turn.member_id]
    start = session_start(value, calendar, turn.date)
    number = calendar.number(turn.date) if calendar.is_study_day(turn.date) else 0
    own = [each for each in duties.lectures if presenter in (on_duty.member for on_duty in each.presenters)]
    return Briefing(
        team=value,
        day=StudyDay(0, turn.date, number, "", closed=False),
        start=None if start is None else start.astimezone(ZoneInfo(team.timezone)),
        presenter=presenter,
        moderator=None if duties.moderator is None else duties.moderator.member,
        lectures=tuple(own),
        carried=await load_carried(session, team, calendar, turn.date) if own else (),
        gone=await _gone(session, team, turn, {each.id for each in own}, people),
    )


async def _gone(
    session: AsyncSession, team: TeamRow, turn: TurnRow, presented: set[int], people: dict[int, Member]
) -> tuple[TakenOver, ...]:
    """Lectures that they were to present on that day and do not any more, and who presents them now."""
    query = (
        select(TurnRow.unit, LectureRow)
        .join(LectureRow, LectureRow.id == TurnRow.lecture_id)
        .where(TurnRow.team_id == team.id, TurnRow.member_id == turn.member_id, TurnRow.duty == PRESENTER)
        .where(TurnRow.date == turn.date, LectureRow.id.not_in(presented))
        .order_by(TurnRow.id)
    )
    rows = (await session.execute(query)).all()
    found: list[TakenOver] = []
    for unit, lecture in {unit: lecture for unit, lecture in rows}.items():  # noqa: C416  # dict() of rows has no types
        now = await turn_of(session, team, PRESENTER, unit)
        found.append(TakenOver(lecture_label(lecture), None if now is None else people[now.member_id]))
    return tuple(found)
