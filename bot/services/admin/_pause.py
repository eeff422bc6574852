"""A team's pause. It is over by itself once its end has come, whether or not anybody has looked."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.db.tables import TeamRow
from bot.domain.deadlines import DeadlineError, DeadlinePast, read_deadline
from bot.domain.team import Caller, Pause
from bot.errors import InvalidInput
from bot.i18n import _
from bot.services.audit import Facts


def pause_of(team: TeamRow, now: datetime) -> Pause | None:
    """The pause that the team is in, if it is in one."""
    if team.paused_since is None or (team.paused_until is not None and team.paused_until <= now):
        return None
    return to_pause(team)


def to_pause(team: TeamRow) -> Pause:
    """The pause that is kept with the team, in its zone."""
    zone, until = ZoneInfo(team.timezone), team.paused_until
    if team.paused_since is None:
        raise ValueError(f"team {team.id} is not paused")
    return Pause(team.paused_since.astimezone(zone), None if until is None else until.astimezone(zone))


def pause_facts(team: TeamRow) -> Facts:
    """What the audit keeps of a pause."""
    return {"paused_since": team.paused_since, "paused_until": team.paused_until}


def end_of(team: TeamRow, caller: Caller, typed: str) -> datetime:
    """The end of a pause as typed, in UTC. A date alone is its last minute, as it is for a deadline."""
    try:
        return read_deadline(typed, now=caller.at, zone=ZoneInfo(team.timezone))
    except DeadlinePast as error:
        message = _("{due:moment} is already past. Give a time to come, e.g. mon 09:00.")
        raise InvalidInput(message, due=error.when) from None
    except DeadlineError:
        message = _("I cannot tell when {text} is. Write it like mon 09:00, in 3 days or 2026-12-03 09:00.")
        raise InvalidInput(message, text=typed) from None
