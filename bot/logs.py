"""Logging: for people (text) or for collectors (one JSON object a line). Ids, never message text, never the token.

Who logs names the values (`"Delivery %(delivery)s", {"delivery": 7}`): in JSON they are fields of their own. Of an
error no more is told than what it is and where it was raised: its text may quote what somebody wrote, as may Discord's
answer that it reports, and so may the objects that a library prints.
"""

import json
import logging
import sqlite3
import sys
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Literal

log = logging.getLogger(__name__)

_NEVER_BELOW = {
    "aiosqlite": logging.WARNING,
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.INFO,
    "discord": logging.INFO,
    "discord.client": logging.ERROR,
    "discord.gateway": logging.WARNING,
    "sqlalchemy": logging.WARNING,
}
"""Levels below which a library would write what people wrote, or who wrote it, into the log."""

_OURS = ("bot.", "cogs.")
"""Loggers that are trusted to name ids and reasons only."""


class TextFormatter(logging.Formatter):
    """Lines for people."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record, '%Y-%m-%d %H:%M:%S')} {record.levelname:<8} {record.name}: {said(record)}"
        error = _error(record)
        return line if error is None else f"{line}\nTraceback (most recent call last):\n{where(error)}"


class JsonFormatter(logging.Formatter):
    """Lines for collectors: a JSON object each."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": said(record),
        }
        if isinstance(record.args, Mapping):
            entry = {key: _plain(value) for key, value in record.args.items()} | entry
        error = _error(record)
        if error is not None:
            entry["exception"] = where(error)
        return json.dumps(entry, ensure_ascii=False)


def said(record: logging.LogRecord) -> str:
    """The first line of a message: behind it stands what Discord found wrong in a text, or a task with its error."""
    if record.name.startswith(_OURS) or not isinstance(record.args, tuple):
        return _first_line(record.getMessage())
    args = tuple(arg if isinstance(arg, str | int | float) else type(arg).__name__ for arg in record.args)
    return _first_line(str(record.msg) % args if args else record.msg)


def where(error: BaseException) -> str:
    """A traceback whose exceptions, and those they came of, are named without their texts."""
    return "\n".join(_lines(error, set()))


def configure(form: Literal["text", "json"], level: str) -> None:
    """Send every log line, and what ends the process, to standard error in one form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in _NEVER_BELOW.items():
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), least))
    sys.excepthook = _ended_by


def _ended_by(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        log.critical("The process ends by an error", exc_info=error)


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield "which led to:"
    for frame in traceback.format_tb(error.__traceback__):
        yield frame.rstrip("\n")
    told = _told(error)
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    yield f"{kind}: {told}" if told else kind
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _lines(inner, seen)


def _told(error: BaseException) -> str:
    """SQLite's words name tables and constraints, never values; of others only what is a number is told."""
    if isinstance(error, sqlite3.Error):
        return _first_line(error)
    numbers = ((name, getattr(error, name, None)) for name in ("status", "code", "errno"))
    return ", ".join(f"{name} {value}" for name, value in numbers if isinstance(value, int))


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _plain(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else _first_line(value)


def _first_line(text: object) -> str:
    return next(iter(str(text).splitlines()), "")
