"""Logging: for people (text) or for collectors (one JSON object a line). Ids, never message text, never the token."""

import json
import logging
import logging.config
from typing import Literal

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


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def configure(form: Literal["text", "json"], level: str) -> None:
    """Send every log line to standard error in one form."""
    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(levelname)-8s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
    handler.setFormatter(JsonFormatter() if form == "json" else text)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in _NEVER_BELOW.items():
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), least))
