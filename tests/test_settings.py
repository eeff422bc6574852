"""Settings: from the environment, with one readable line when something is wrong."""

import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import DatabaseSettings, Settings, load_settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_token_is_enough(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    settings = load_settings(Settings)
    assert settings.database_path == Path("data/study-bot.sqlite3")
    assert settings.health_port is None


def test_a_missing_token_is_named():
    with pytest.raises(SettingsError, match=r"^DISCORD_TOKEN: is missing"):
        load_settings(Settings)


def test_commands_without_discord_need_no_token():
    assert load_settings(DatabaseSettings).discord_token.get_secret_value() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://somewhere"),
        ("DATABASE_URL", "sqlite+aiosqlite:///"),
        ("DATABASE_URL", "sqlite+aiosqlite:///data/study-bot.sqlite3?timeout=30"),
        ("DISCORD_API_URL", "not a url"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("HEALTH_PORT", "eighty"),
        ("HEALTH_PORT", "70000"),
    ],
)
def test_a_wrong_value_is_named_on_one_line(monkeypatch, name, value):
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(Settings)
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_token_is_never_shown(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    settings = load_settings(Settings)
    assert "very-secret" not in f"{settings!r} {settings} {settings.model_dump()}"


def test_the_level_may_be_written_small_and_the_port_left_empty(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("HEALTH_PORT", "")
    settings = load_settings(Settings)
    assert (settings.log_level, settings.health_port) == ("DEBUG", None)


def test_the_example_names_every_setting_with_its_default(monkeypatch):
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert set(example) == {name.upper() for name in Settings.model_fields}
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    defaults = load_settings(Settings)
    for name, value in example.items():
        monkeypatch.setenv(name, value or "secret" if name == "DISCORD_TOKEN" else value)
    assert load_settings(Settings) == defaults
