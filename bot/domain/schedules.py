"""What is posted every study day, when, and until when it still makes sense."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import NoStudyDay, StudyCalendar
from bot.domain.retro_week import is_last_of_week
from bot.domain.team import Team

ASSIGNMENT_MORNING = "assignment.morning"
RETRO_DIGEST = "retro.digest"
RETRO_NUDGE = "retro.nudge"
RETRO_PROMPT = "retro.prompt"
ROTATION_ANNOUNCEMENT = "rotation.announcement"
SESSION_BRIEFING = "session.briefing"
SESSION_REMINDER = "session.reminder"

SESSION_NOTICE = timedelta(minutes=10)
"""How long before the session its reminder comes."""

BRIEFING_NOTICE = timedelta(minutes=30)
"""How long before the session its presenters are briefed."""

ANSWER_TIME = timedelta(hours=1)
"""How long people have to answer an announcement that came later than they were to answer by."""


@dataclass(frozen=True)
class Occurrence:
    """One planned post: the study day it is about, its instant, and the instant from which it is of no use (UTC)."""

    day: date
    due_at: datetime
    expires_at: datetime


def local_times(team: Team) -> dict[str, time]:
    """Kind → local time of its post; a kind that the team does not use is missing."""
    times = {RETRO_PROMPT: team.retro_time, ROTATION_ANNOUNCEMENT: team.announce_time}
    if team.nudge_time is not None:
        times[RETRO_NUDGE] = team.nudge_time
    if team.digest is not None:
        times[RETRO_DIGEST] = team.digest
    if team.due_time is not None:
        times[ASSIGNMENT_MORNING] = team.due_time
    if team.session_time is not None:
        times[SESSION_REMINDER] = _before(team.session_time, SESSION_NOTICE)
        times[SESSION_BRIEFING] = _before(team.session_time, BRIEFING_NOTICE)
    return times


def _before(local_time: time, notice: timedelta) -> time:
    return (datetime.combine(date(2000, 1, 2), local_time) - notice).time()


def next_occurrence(kind: str, local_time: time, team: Team, calendar: StudyCalendar, after: datetime) -> Occurrence:
    """The first post of a kind later than an instant."""
    day, due_at = calendar.next_moment(local_time, after)
    if kind == ROTATION_ANNOUNCEMENT:
        return announcement(team, calendar, day, due_at)
    if kind == RETRO_DIGEST:
        while not is_last_of_week(calendar, day):
            day, due_at = calendar.next_moment(local_time, due_at)
        return Occurrence(day, due_at, _until_studied_again(calendar, day))
    if kind == SESSION_BRIEFING:
        return Occurrence(day, due_at, due_at + BRIEFING_NOTICE)
    if kind == SESSION_REMINDER:
        return Occurrence(day, due_at, due_at + SESSION_NOTICE + timedelta(minutes=50))
    return Occurrence(day, due_at, calendar.ends_at(day))


def _until_studied_again(calendar: StudyCalendar, day: date) -> datetime:
    try:
        return calendar.begins_at(calendar.next_after(day))
    except NoStudyDay:
        return calendar.ends_at(day)


def announcement(team: Team, calendar: StudyCalendar, day: date, due_at: datetime) -> Occurrence:
    """The post, on a study day, that tells the next one's duties: of no use once that one's session begins.

    NoStudyDay if there is no next one.
    """
    upcoming = calendar.next_after(day)
    return Occurrence(day, due_at, session_start(team, calendar, upcoming) or calendar.ends_at(upcoming))


def session_start(team: Team, calendar: StudyCalendar, day: date) -> datetime | None:
    """When the session of a study day begins (UTC); None where the team has no time for it."""
    return None if team.session_time is None else calendar.moment(day, team.session_time)


def reminder_of_session(team: Team, calendar: StudyCalendar, day: date) -> datetime | None:
    """When the session of a date is reminded of (UTC); None where there is none."""
    local_time = local_times(team).get(SESSION_REMINDER)
    return None if local_time is None or not calendar.is_study_day(day) else calendar.moment(day, local_time)


def answers_due(confirm_by: time, calendar: StudyCalendar, announced_at: datetime) -> datetime:
    """Until when those announced are to answer: that evening, or an hour later where that was past already (UTC)."""
    due_at = calendar.moment(calendar.date_at(announced_at), confirm_by)
    return due_at if due_at > announced_at else announced_at + ANSWER_TIME
