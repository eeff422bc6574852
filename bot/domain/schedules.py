"""What is posted every study day, when, and until when it still makes sense."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import StudyCalendar
from bot.domain.team import Team

RETRO_PROMPT = "retro.prompt"
ROTATION_ANNOUNCEMENT = "rotation.announcement"
SESSION_REMINDER = "session.reminder"

SESSION_NOTICE = timedelta(minutes=10)
"""How long before the session its reminder comes."""


@dataclass(frozen=True)
class Occurrence:
    """One planned post: the study day it is about, its instant, and the instant from which it is of no use (UTC)."""

    day: date
    due_at: datetime
    expires_at: datetime


def local_times(team: Team) -> dict[str, time]:
    """Kind → local time of its post; a kind that the team does not use is missing."""
    times = {RETRO_PROMPT: team.retro_time, ROTATION_ANNOUNCEMENT: team.announce_time}
    if team.session_time is not None:
        notice = datetime.combine(date(2000, 1, 2), team.session_time) - SESSION_NOTICE
        times[SESSION_REMINDER] = notice.time()
    return times


def next_occurrence(kind: str, local_time: time, team: Team, calendar: StudyCalendar, after: datetime) -> Occurrence:
    """The first post of a kind later than an instant."""
    day, due_at = calendar.next_moment(local_time, after)
    if kind == ROTATION_ANNOUNCEMENT:
        upcoming = calendar.next_after(day)
        start = calendar.moment(upcoming, team.session_time) if team.session_time else calendar.ends_at(upcoming)
        return Occurrence(day, due_at, start)
    if kind == SESSION_REMINDER:
        return Occurrence(day, due_at, due_at + SESSION_NOTICE + timedelta(minutes=50))
    return Occurrence(day, due_at, calendar.ends_at(day))
