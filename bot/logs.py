"""Logging: for people (text) or for collectors (one JSON object a line). Ids, never message text, never the token.

Who logs names the values (`"Delivery %(delivery)s", {"delivery": 7}`): in JSON they are fields of their own.
"""

import json
import logging
import logging.config
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Final, Literal

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

_QUOTING: Final = (ValueError, LookupError)
"""Errors that quote the value they are about (`invalid literal for int(): '…'`): it may be what somebody wrote."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextFormatter(logging.Formatter):
    """Lines for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-8s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  # as logging names it
        """Where an error was raised and what it is; of one that may quote what somebody wrote, only its kind."""
        return "" if ei[1] is None else "\n".join(_told(ei[1]))


class JsonFormatter(TextFormatter):
    """Lines for collectors: a JSON object each."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if isinstance(record.args, Mapping):
            entry = {**record.args, **entry}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


def _told(error: BaseException) -> Iterator[str]:
    """An error after what it came from, as Python tells it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "which led to:"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    yield kind if isinstance(error, _QUOTING) else f"{kind}: {error}"
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _told(each)


def configure(form: Literal["text", "json"], level: str) -> None:
    """Send every log line to standard error in one form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in _NEVER_BELOW.items():
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), least))
