"""Korean and English.

English is the message id, Korean stands in `bot/locale/ko/<feature>.po`; the catalogues are read and merged in memory
when the module is first used. A message is marked with `_("…")` where it is written and rendered by calling a
`Language` where it is shown. Values are put in with format specs that know people's dates and Korean particles:

    {name:이/가}   하준님이, 민재가          (Korean catalogues; the particle follows the sound)
    {date:day}     11/24 화   Tue 24 Nov
    {time:time}    21:00
    {when:moment}  11/24 화 21:00            (an aware datetime, already in the team's zone)
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, Literal

from babel.dates import format_date
from babel.messages.pofile import read_po

from bot.domain.particles import with_particle

LanguageCode = Literal["ko", "en"]


def _(message: str) -> str:
    """Mark a message for the catalogues; it is rendered later, by the reader's language."""
    return message


@dataclass(frozen=True)
class Message:
    """A message and its values, on the way to somebody whose language is not known yet."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


class _Formatter(string.Formatter):
    def __init__(self, language: "Language") -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            value = self._language.render(value)
        if "/" in format_spec:
            return with_particle(str(value), format_spec)
        return self._language.format_value(value, format_spec)


class Language:
    """One of the two languages. Calling it renders a message in it."""

    def __init__(self, code: LanguageCode) -> None:
        self.code: Final = code
        self._formatter = _Formatter(self)

    def __call__(self, message: str, /, **values: object) -> str:
        text = message if self.code == "en" else korean_catalogue().get(message, message)
        return self._formatter.vformat(text, (), values)

    def render(self, message: Message) -> str:
        return self(message.text, **message.values)

    def format_value(self, value: object, spec: str) -> str:
        if spec == "day" and isinstance(value, date):
            return self.day(value)
        if spec == "time" and isinstance(value, time | datetime):
            return f"{value:%H:%M}"
        if spec == "moment" and isinstance(value, datetime):
            return f"{self.day(value)} {value:%H:%M}"
        return format(value, spec)

    def day(self, value: date) -> str:
        """`11/24 화` or `Tue 24 Nov`."""
        return format_date(value, "M/d EEEEE" if self.code == "ko" else "EEE d MMM", locale=self.code)

    def weekday(self, number: int) -> str:
        """`월` or `Mon`; Monday is 0."""
        monday = date(2024, 1, 1)
        return format_date(monday.replace(day=1 + number), "EEEEE" if self.code == "ko" else "EEE", locale=self.code)

    def __repr__(self) -> str:
        return f"Language({self.code!r})"


@cache
def korean_catalogue() -> Mapping[str, str]:
    """English message → Korean, of every `.po` file together."""
    return read_catalogues(files("bot.locale").joinpath("ko"))


def read_catalogues(folder: Traversable) -> Mapping[str, str]:
    """Message → translation, of every `.po` file of a folder. Fuzzy ones do not count."""
    catalogue: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda path: path.name):
        if entry.name.endswith(".po"):
            with entry.open("rb") as file:
                translations = read_po(file, locale="ko")
            catalogue |= {str(m.id): str(m.string) for m in translations if m.id and m.string and not m.fuzzy}
    return catalogue


KOREAN: Final = Language("ko")
ENGLISH: Final = Language("en")


def language(code: str) -> Language:
    """The language of a code such as `ko`, `en` or `en-US`; English for any other."""
    return KOREAN if code.split("-", maxsplit=1)[0] == "ko" else ENGLISH
