"""What somebody has chosen in the panel so far. Nothing of it is saved before they say so."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.settings import READERS
from bot.domain.team import CHANNELS, JOURNALS
from bot.errors import InvalidInput
from bot.i18n import Language
from bot.services.setup import Chosen, Newcomer, Present
from bot.services.team_settings import read_option
from bot.ui.settings import country_told, told, weekdays_told

LOG_CHANNEL: Final = "log_channel_id"
"""Where nothing is told unless it is set."""

OPTIONS: Final[Mapping[str, str]] = {
    "start": "start_date",
    "country": "country",
    "weekdays": "weekdays",
    **{key: column for key, (column, _reader) in READERS.items()},
}
"""What can be typed → the column it is kept in."""


class Draft:
    """The choices, over what a team has or would have."""

    def __init__(self, present: Present) -> None:
        self.present = present
        self.changes: dict[str, object] = {}
        self.people: dict[int, Newcomer] = {}
        self.unread: dict[str, str] = {}
        self.greeted: set[int] = set()

    @property
    def is_new(self) -> bool:
        return self.present.team_id is None

    @property
    def is_untouched(self) -> bool:
        return not (self.is_new or self.changes or self.people)

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.present.team_id, dict(self.changes), tuple(self.people.values()))

    def value(self, column: str) -> object:
        """What a column is going to be."""
        return self.changes.get(column, self.present.columns.get(column))

    def text(self, column: str) -> str:
        return str(self.value(column))

    def put(self, column: str, value: object) -> None:
        """Choose. What is as it was is no change."""
        if value == self.present.columns.get(column):
            self.changes.pop(column, None)
        else:
            self.changes[column] = value

    def channel(self, column: str) -> int:
        """The channel something goes to; the study channel where none is chosen."""
        return int(str(self.value(column) or self.value(CHANNELS[0])))

    def put_channel(self, column: str, channel_id: int | None) -> None:
        """Choose a channel. The study channel, or none: wherever the study channel is going to be, but for journals."""
        follows = column not in {CHANNELS[0], JOURNALS} and channel_id == self.channel(CHANNELS[0])
        self.put(column, None if follows else channel_id)

    def channels_to_try(self) -> list[int]:
        """Where nobody has posted yet: of a new team all its channels, else those newly chosen."""
        columns = [column for column in CHANNELS if self.is_new or self.changes.get(column) is not None]
        log = self.changes.get(LOG_CHANNEL)
        channels = [self.channel(column) for column in columns] + ([] if log is None else [int(str(log))])
        return list(dict.fromkeys(channels))

    def type(self, key: str, text: str, now: datetime) -> InvalidInput | None:
        """Choose by typing. What cannot be read is kept, to be mended, and returned with what would fit."""
        today = now.astimezone(ZoneInfo(self.text("timezone"))).date()
        try:
            setting = read_option(key, text, today)
        except InvalidInput as error:
            self.unread[key] = text
            return error
        self.unread.pop(key, None)
        self.put(setting.column, setting.value)
        return None

    def typed(self, key: str) -> str:
        """What stands in the field of a setting: what could not be read, or the setting as one would type it."""
        if key in self.unread:
            return self.unread[key]
        value = self.value(OPTIONS[key])
        if value in {None, "", 0}:
            return "off"
        return f"{value:%H:%M}" if isinstance(value, time) else str(value)

    def told(self, key: str, lang: Language) -> str:
        """A setting as people read it."""
        value = self.value(OPTIONS[key])
        if key == "weekdays":
            return weekdays_told(str(value), lang)
        if key == "country":
            return country_told(None if value is None else str(value), lang)
        return lang.day(value) if isinstance(value, date) else told(key, value, lang)
