"""Deadlines as a calendar file (RFC 5545), for Google Calendar, Apple Calendar and the like."""

from collections.abc import Iterable
from typing import Final

from icalendar import Alarm, Calendar, Event

from bot.domain.discord_text import clean
from bot.domain.submissions import Assignment, CalendarEntry, Deadlines
from bot.i18n import Language, _

MAKER: Final = "-//study-bot//deadlines//EN"


def deadlines_calendar(deadlines: Deadlines, lang: Language) -> bytes:
    """The file: an event at each deadline, in UTC, with its alarms.

    An event keeps its UID for ever and its SEQUENCE grows with time, so that reading in a newer file moves the event
    instead of adding another.
    """
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", clean(lang(_("Deadlines of {team}"), team=deadlines.team.name)))
    for entry in deadlines.entries:
        calendar.add_component(_event(entry, deadlines, lang))
    file: bytes = calendar.to_ical()
    return file


def _event(entry: CalendarEntry, deadlines: Deadlines, lang: Language) -> Event:
    assignment = entry.assignment
    event = Event()
    event.add("uid", f"assignment-{assignment.id}.team-{deadlines.team.id}.{deadlines.team.guild_id}@study-bot")
    event.add("dtstamp", deadlines.at)
    event.add("sequence", int(deadlines.at.timestamp()) // 60)
    event.add("dtstart", entry.due)
    event.add("summary", _summary(assignment, lang))
    if text := "\n\n".join(_description(assignment)):
        event.add("description", text)
    if assignment.link is not None:
        event.add("url", assignment.link.replace("\\", "%5C"))  # readers take a backslash for an escape
    event.add("transp", "TRANSPARENT")  # one is free at that moment, all the same
    for before in entry.alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _summary(assignment, lang))
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event


def _summary(assignment: Assignment, lang: Language) -> str:
    return clean(lang(_("Due: A{number} {title}"), number=assignment.number, title=assignment.title))


def _description(assignment: Assignment) -> Iterable[str]:
    if text := clean(assignment.description or ""):
        yield text
    if assignment.link is not None:
        yield assignment.link
