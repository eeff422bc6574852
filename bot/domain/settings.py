"""What a team can set, how it is read from what people type, and what it is when nobody set it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Final
from zoneinfo import available_timezones

from bot.domain.assignments import OffsetsUnreadable, format_offsets, parse_offsets
from bot.domain.calendar import CountryUnknown, public_holidays
from bot.domain.dates import DateUnreadable, read_date
from bot.domain.quiet_hours import parse_quiet_hours
from bot.domain.timewords import parse_time, parse_weekdays

DEFAULTS: Final[Mapping[str, object]] = {
    "language": "ko",
    "timezone": "Asia/Seoul",
    "country": "KR",
    "weekdays": "01234",
    "session_time": time(16),
    "session_minutes": 60,
    "announce_time": time(18),
    "confirm_by": time(22),
    "moderator_per": "day",
    "due_time": time(9),
    "retro_time": time(21),
    "nudge_time": time(23),
    "digest_time": time(23, 30),
    "streaks": True,
    "cutoff": time(4),
    "carry_days": 5,
    "reminders": "3d, 1d, 3h, 30m",
}
"""Values of a new team, by column."""

OFF: Final = frozenset({"off", "none", "없음", "끔"})
"""What people write for a setting that is not to be used."""

ON: Final = frozenset({"on", "yes", "켬", "켜기"})
"""What people write for a setting that is to be used."""

EARLIEST_START: Final = timedelta(days=2 * 366)
LATEST_START: Final = timedelta(days=366)
"""How far Day 1 may be from today."""


class SettingUnreadable(ValueError):
    """The value does not fit the key. `kind` says what was wanted: language, timezone, time, cutoff, …"""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{text!r} is no {kind}")
        self.kind = kind
        self.text = text


def _language(text: str) -> str:
    code = {"ko": "ko", "korean": "ko", "한국어": "ko", "en": "en", "english": "en", "영어": "en"}.get(text.casefold())
    if code is None:
        raise SettingUnreadable("language", text)
    return code


def _timezone(text: str) -> str:
    """An IANA zone, whatever the case: `asia/seoul`."""
    by_lower_case: dict[str, str] = {name.casefold(): name for name in available_timezones()}
    name = by_lower_case.get(text.replace(" ", "_").casefold())
    if name is None:
        raise SettingUnreadable("timezone", text)
    return name


def _time(text: str) -> time:
    try:
        return parse_time(text)
    except ValueError:
        raise SettingUnreadable("time", text) from None


def _optional_time(text: str) -> time | None:
    return None if text.casefold() in OFF else _time(text)


_SPANS: Final = {
    **dict.fromkeys(("day", "a day", "daily", "일", "하루", "매일"), "day"),
    **dict.fromkeys(("week", "a week", "weekly", "주", "한 주", "일주일", "매주"), "week"),
}
"""How people write for how long somebody moderates."""


def _switch(text: str) -> bool:
    if text.casefold() in OFF:
        return False
    if text.casefold() in ON:
        return True
    raise SettingUnreadable("switch", text)


def _moderator_per(text: str) -> str:
    if text.casefold() not in _SPANS:
        raise SettingUnreadable("moderator_per", text)
    return _SPANS[text.casefold()]


def _session_minutes(text: str) -> int:
    """`60`, `60분`, `90 min`: from ten minutes to eight hours."""
    match = re.fullmatch(r"(\d{1,3})\s*(?:분|min|minutes|m)?", text.casefold(), re.ASCII)
    if match is None or not 10 <= int(match[1]) <= 480:
        raise SettingUnreadable("session_minutes", text)
    return int(match[1])


def _cutoff(text: str) -> time:
    value = _time(text)
    if value > time(12):
        raise SettingUnreadable("cutoff", text)
    return value


def _reminders(text: str) -> str:
    try:
        return format_offsets(parse_offsets(text))
    except OffsetsUnreadable:
        raise SettingUnreadable("reminders", text) from None


def _quiet_hours(text: str) -> str | None:
    if text.casefold() in OFF:
        return None
    try:
        return str(parse_quiet_hours(text))
    except ValueError:
        raise SettingUnreadable("quiet_hours", text) from None


def _carry_days(text: str) -> int:
    """Study days: `5`, `5일`; 0 for never."""
    if text.casefold() in OFF:
        return 0
    match = re.fullmatch(r"(\d{1,2})\s*(?:일|days?|d)?", text.casefold(), re.ASCII)
    if match is None or not 1 <= int(match[1]) <= 60:
        raise SettingUnreadable("carry_days", text)
    return int(match[1])


def _channel(text: str) -> int | None:
    """A mention such as `<#123>`, a bare id, or `off` for the study channel."""
    return _discord_id(text, r"<#(\d{15,20})>", "channel")


def _role(text: str) -> int | None:
    """A mention such as `<@&123>`, a bare id, or `off` for none."""
    return _discord_id(text, r"<@&(\d{15,20})>", "role")


def _discord_id(text: str, mention: str, kind: str) -> int | None:
    if text.casefold() in OFF:
        return None
    match = re.fullmatch(rf"{mention}|(\d{{15,20}})", text)
    if match is None:
        raise SettingUnreadable(kind, text)
    return int(match[1] or match[2])


def read_start(text: str, today: date) -> date:
    """Day 1, at most two years back and one ahead: earlier and later ones are slips of the pen."""
    try:
        start = read_date(text, today, past=True)
    except DateUnreadable:
        raise SettingUnreadable("date", text) from None
    if not today - EARLIEST_START <= start <= today + LATEST_START:
        raise SettingUnreadable("start", text)
    return start


def read_country(text: str) -> str | None:
    """A country whose public holidays are known, or `off`."""
    text = text.strip()
    if text.casefold() in OFF:
        return None
    try:
        public_holidays(text, 2000, 2000)
    except CountryUnknown:
        raise SettingUnreadable("country", text) from None
    return text.strip().upper()


def read_weekdays(text: str) -> str:
    """Days of the week as digits, Monday 0."""
    try:
        return "".join(str(number) for number in sorted(parse_weekdays(text)))
    except ValueError:
        raise SettingUnreadable("weekdays", text) from None


READERS: Final[Mapping[str, tuple[str, Callable[[str], object]]]] = {
    "language": ("language", _language),
    "timezone": ("timezone", _timezone),
    "moderator_role": ("moderator_role_id", _role),
    "reminder_channel": ("reminder_channel_id", _channel),
    "retro_channel": ("retro_channel_id", _channel),
    "journal_channel": ("journal_channel_id", _channel),
    "mod_channel": ("mod_channel_id", _channel),
    "log_channel": ("log_channel_id", _channel),
    "session_time": ("session_time", _optional_time),
    "session_minutes": ("session_minutes", _session_minutes),
    "announce_time": ("announce_time", _time),
    "confirm_by": ("confirm_by", _optional_time),
    "moderator_per": ("moderator_per", _moderator_per),
    "due_time": ("due_time", _optional_time),
    "retro_time": ("retro_time", _time),
    "nudge_time": ("nudge_time", _optional_time),
    "digest": ("digest_time", _optional_time),
    "streaks": ("streaks", _switch),
    "cutoff": ("cutoff", _cutoff),
    "reminders": ("reminders", _reminders),
    "quiet_hours": ("quiet_hours", _quiet_hours),
    "carry_days": ("carry_days", _carry_days),
}
"""Key of `/settings set` → column and reader."""


def read_setting(key: str, text: str) -> tuple[str, object]:
    """Column and value of a setting as typed. KeyError for an unknown key, SettingUnreadable for an unfit value."""
    column, reader = READERS[key]
    return column, reader(text.strip())
