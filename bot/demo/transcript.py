"""The transcript of the demo: what people did and what the bot posted, with local times, as readable lines."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from simcord.results import InteractionResult, ResponseMessage

from bot.demo.stage import answers_of, buttons_of, text_of
from bot.demo.steps import Chapter, Step

WEEKDAYS: Final = "월화수목금토일"
INDENT: Final = " " * 13
BRIEF: Final = 100
"""Characters of a post in a brief chapter."""

ANONYMOUS: Final = "익명"

BOARD_FLAG: Final = 1 << 15
"""Discord's mark of a Components V2 message."""


class Transcript:
    """Writes lines as things happen. `names` are those of people and channels, by Discord's ids."""

    def __init__(self, write: Callable[[str], None], names: Mapping[int, str]) -> None:
        self._write = write
        self._names = names
        self._brief = False
        self._boards: dict[int, ResponseMessage] = {}

    def chapter(self, chapter: Chapter) -> None:
        day = chapter.date
        self._brief = chapter.brief
        self._write("")
        self._write(f"━━ {chapter.title} · {day.month}/{day.day} {WEEKDAYS[day.weekday()]} ━━")
        if not chapter.brief:
            self._write("")

    def acted(self, moment: datetime, step: Step, result: InteractionResult, form: Mapping[str, str]) -> None:
        if self._brief:
            return
        who = ANONYMOUS if is_anonymous(step) else step.who
        self._line(moment, who, [f"[{step.button}]" if step.button else typed_line(step)])
        for label, text in form.items():
            if text:
                self._write(f"{INDENT}│ {label}")
                self._below(text, "│   ")
        for response in answers_of(result):
            self._below(self._plain(text_of(response), moment), "↳ ", "  ")
            self._extras(response)

    def posted(self, moment: datetime, place: str, message: ResponseMessage) -> None:
        alone = place.startswith("@")
        if message.flags.value & BOARD_FLAG and not alone:
            self._boards[message.id] = message
        text = self._plain(text_of(message), moment)
        if self._brief and alone:
            return
        if self._brief:
            first = text.splitlines()[0]
            self._line(moment, "봇", [first if len(first) <= BRIEF else first[:BRIEF] + "…"])
            return
        self._line(moment, "봇", [f"{place[1:]}님께만" if alone else place])
        self._below(text, "")
        self._extras(message)

    def boards(self, now: datetime) -> None:
        """The boards as they stand now."""
        for message in self._boards.values():
            self._write("")
            self._below(self._plain(text_of(message), now), "")
            self._extras(message)
        self._boards.clear()

    def _line(self, moment: datetime, who: str, text: Iterable[str]) -> None:
        self._write(f"{moment:%H:%M}  {padded(who, 4)}  {' '.join(text)}")

    def _below(self, text: str, mark: str, further: str | None = None) -> None:
        for number, line in enumerate(text.splitlines()):
            prefix = mark if number == 0 or further is None else further
            self._write(f"{INDENT}{prefix}{line}".rstrip())

    def _extras(self, message: ResponseMessage) -> None:
        for attachment in message.attachments:
            self._write(f"{INDENT}📎 {attachment.filename}")
        if buttons := buttons_of(message):
            self._write(INDENT + " ".join(f"[{label}]" for label in buttons))

    def _plain(self, text: str, now: datetime) -> str:
        """Text as Discord shows it: names for ids, words for stamps; no marks of headings, bold print and escapes."""
        text = re.sub(r"<(@|#)(\d+)>", lambda match: match[1] + self._names.get(int(match[2]), "?"), text)
        text = re.sub(r"<t:(\d+)(?::\w)?>", lambda match: relative(int(match[1]) - now.timestamp()), text)
        text = re.sub(r"^(?:-#|>>>|#{1,3}) ", "", text, flags=re.MULTILINE)
        text = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", r"\1", text)
        return re.sub(r"\\([\\*_`~|>#:\-\[\]().!+])", r"\1", text)


def typed_line(step: Step) -> str:
    """`/ask question:… lecture:3강`, as one sees it while typing; of a file, its name."""
    options = [f"{name}:{_typed(value)}" for name, value in step.options.items()]
    return " ".join([f"/{step.command}", *options])


def _typed(value: object) -> str:
    return str(value[0] if isinstance(value, tuple) else value)


def relative(seconds: float) -> str:
    """What Discord shows for a relative time."""
    units = ((86400, "일"), (3600, "시간"), (60, "분"))
    size, name = next((unit for unit in units if abs(seconds) >= unit[0] * 0.9), (60, "분"))
    return f"{round(abs(seconds) / size)}{name} {'후' if seconds >= 0 else '전'}"


def is_anonymous(step: Step) -> bool:
    """Whether it is done so that nobody knows whose it is."""
    return "익명" in step.button or ["anonymous"] in step.form


def padded(text: str, columns: int) -> str:
    """Text filled up with blanks; Hangul takes two columns."""
    width = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(columns - width, 0)
