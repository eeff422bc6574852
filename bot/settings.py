"""Settings from the environment and `.env`. Built once in `cli.py`; nothing else reads the environment."""

import re
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError


class Settings(BaseSettings):
    """Every setting with its default. `.env.example` names each of them (a test compares)."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    discord_token: SecretStr = Field(min_length=1)
    database_url: str = "sqlite+aiosqlite:///data/study-bot.sqlite3"
    discord_api_url: HttpUrl = HttpUrl("https://discord.com/api/v10")
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    health_port: int | None = Field(default=None, ge=1, le=65535)
    backup_dir: Path = Path("data/backups")
    backup_keep: int = Field(default=14, ge=0)

    journal_repository: str = ""
    journal_branch: str = Field(default="main", pattern=r"^[\w][\w./-]*$")
    journal_token: SecretStr = SecretStr("")
    journal_ssh_key: Path | None = None

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("health_port", "journal_ssh_key", mode="before")
    @classmethod
    def _empty_is_off(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("database_url")
    @classmethod
    def _is_sqlite(cls, value: str) -> str:
        if not value.startswith("sqlite+aiosqlite:///") or value.endswith("///") or "?" in value:
            raise ValueError("must name an SQLite file, e.g. sqlite+aiosqlite:///data/study-bot.sqlite3")
        return value

    @field_validator("journal_repository")
    @classmethod
    def _holds_no_secret(cls, value: str) -> str:
        if re.match(r"https?://[^/]*@", value):
            raise ValueError("must not hold a token: put it into JOURNAL_TOKEN")
        return value

    @property
    def database_path(self) -> Path:
        return database_path(self.database_url)


class DatabaseSettings(Settings):
    """The settings of commands that do without Discord: the token may be missing."""

    discord_token: SecretStr = SecretStr("")


def database_path(url: str) -> Path:
    """File of an SQLite URL; `///data/x` is relative to the working directory, `////data/x` is absolute."""
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


SettingsKind = TypeVar("SettingsKind", bound=Settings)


def load_settings(kind: type[SettingsKind]) -> SettingsKind:
    """Read the settings.

    Raises SettingsError with one line that names the variable, and never its value.
    """
    try:
        return kind()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        variable = str(first["loc"][0]).upper()
        missing = first["type"] == "missing" or variable == "DISCORD_TOKEN"
        reason = "is missing" if missing else str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(f"{variable}: {reason} (see .env.example)") from None
