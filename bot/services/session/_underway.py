"""The session that somebody's button or command belongs to. Works inside the transaction of whoever asks."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import AuditRow, MemberRow, StudyDayRow, TeamRow
from bot.errors import InvalidInput, NotFound
from bot.i18n import _

START = "session.start"
END = "session.end"


async def day_of_button(session: AsyncSession, team: TeamRow, day_id: int) -> StudyDayRow:
    """The day of an agenda whose button was pressed. Raises NotFound for another team's, InvalidInput for one over."""
    day = await session.scalar(select(StudyDayRow).where(StudyDayRow.id == day_id, StudyDayRow.team_id == team.id))
    if day is None:
        raise NotFound(_("This agenda belongs to another team. Use the buttons in your own team's thread."))
    if day.closed:
        raise InvalidInput(
            _("{day:day} is over and its page is closed. Start today's session with /session start."), day=day.date
        )
    return day


async def session_under_way(session: AsyncSession, team: TeamRow, day_id: int) -> StudyDayRow:
    """The day of an agenda whose session goes on. Raises InvalidInput if it has ended."""
    day = await day_of_button(session, team, day_id)
    if day.session_ended_at is not None:
        raise await over_before(session, team, day)
    return day


async def begun_before(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> InvalidInput:
    """What to tell whoever starts a session that has begun."""
    if day.session_started_at is None or day.session_ended_at is not None:
        return await over_before(session, team, day)
    begun, name = day.session_started_at.astimezone(ZoneInfo(team.timezone)), await _who(session, team, START, day)
    if name is None:
        return InvalidInput(_("The session began at {begun:time}. End it with /session end."), begun=begun)
    return InvalidInput(
        _("{name} began the session at {begun:time}. End it with /session end."), name=name, begun=begun
    )


async def over_before(session: AsyncSession, team: TeamRow, day: StudyDayRow) -> InvalidInput:
    """What to tell whoever wants something of a session that has ended, or has not begun."""
    if day.session_ended_at is None:
        return InvalidInput(_("Today's session has not begun. Start it with /session start."))
    over, name = day.session_ended_at.astimezone(ZoneInfo(team.timezone)), await _who(session, team, END, day)
    if name is None:
        return InvalidInput(
            _("The session ended at {over:time}. What is still missing can be added with /session note."), over=over
        )
    return InvalidInput(
        _("{name} ended the session at {over:time}. What is still missing can be added with /session note."),
        name=name,
        over=over,
    )


async def _who(session: AsyncSession, team: TeamRow, action: str, day: StudyDayRow) -> str | None:
    """Roster name of whoever did something to a day; None for somebody who is not on the roster."""
    query = (
        select(MemberRow.name)
        .join(AuditRow, AuditRow.actor_id == MemberRow.user_id)
        .where(MemberRow.team_id == team.id, AuditRow.team_id == team.id)
        .where(AuditRow.action == action, AuditRow.subject == f"day:{day.date}")
        .order_by(AuditRow.id.desc())
        .limit(1)
    )
    return await session.scalar(query)
