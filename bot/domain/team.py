"""A team, its people, and whoever is asking."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.quiet_hours import QuietHours

CHANNELS: Final = (
    "study_channel_id",
    "reminder_channel_id",
    "retro_channel_id",
    "journal_channel_id",
    "mod_channel_id",
)
"""A team's channels, of the settings and of the table; those that are not set are the first, but for the journals'."""

JOURNALS: Final = "journal_channel_id"
"""Where the pages of days go; nowhere if it is not set."""


@dataclass(frozen=True)
class Caller:
    """Who does something, where and when.

    `channel_ids` is the channel and, for a thread, its parent; `at` is the interaction's own timestamp in UTC.
    Direct messages belong to no guild and to no channel of a team, and give no rights: `team_id` is there instead,
    from the button that was pressed, and says nothing about whether they are on that team's roster.
    """

    guild_id: int
    channel_ids: tuple[int, ...]
    user_id: int
    name: str
    manage_guild: bool
    role_ids: frozenset[int]
    at: datetime
    team_id: int | None = None


@dataclass(frozen=True)
class Pause:
    """A time in which nothing is posted; without `until`, until somebody resumes. Instants are in the team's zone."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Team:
    """A team and its settings. Channels that are not set are the study channel."""

    id: int
    guild_id: int
    name: str
    language: str
    zone: ZoneInfo
    study_channel_id: int
    reminder_channel_id: int
    retro_channel_id: int
    journal_channel_id: int | None
    mod_channel_id: int
    moderator_role_id: int | None
    start: date
    country: str | None
    weekdays: frozenset[int]
    session_time: time | None
    session_minutes: int
    announce_time: time
    confirm_by: time | None
    moderator_per: str
    due_time: time | None
    retro_time: time
    nudge_time: time | None
    digest: time | None
    streaks: bool
    cutoff: time
    reminders: str
    quiet_hours: QuietHours | None = None
    carry_days: int = 5
    log_channel_id: int | None = None

    @property
    def channels(self) -> tuple[int, ...]:
        """Every channel into which its messages go, each once."""
        all_of_them = [*(getattr(self, name) for name in CHANNELS), self.log_channel_id]
        return tuple(dict.fromkeys(channel for channel in all_of_them if channel is not None))


@dataclass(frozen=True)
class Member:
    """A member of a team; `name` is how pages call them, without 님."""

    id: int
    user_id: int
    name: str


@dataclass(frozen=True)
class StudyDay:
    """A day of the team's calendar. `title` is empty while no lecture is studied on it."""

    id: int
    date: date
    number: int
    title: str
    closed: bool
