"""The command line, as a person types it."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def study_bot(*arguments, cwd, **settings):
    env = {name: text for name, text in os.environ.items() if not name.startswith(("DISCORD_", "DATABASE_", "LOG_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={**env, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_missing_token_ends_with_one_line_and_code_2(tmp_path):
    result = study_bot("run", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr == "study-bot: DISCORD_TOKEN: is missing (see .env.example)\n"


def test_a_wrong_value_ends_with_one_line_that_names_it(tmp_path):
    result = study_bot("run", cwd=tmp_path, DISCORD_TOKEN="secret", HEALTH_PORT="eighty")
    assert result.returncode == 2
    assert result.stderr.startswith("study-bot: HEALTH_PORT: ")
    assert result.stderr.count("\n") == 1


def test_migrate_makes_the_database_where_the_setting_says(tmp_path):
    result = study_bot("migrate", cwd=tmp_path, DATABASE_URL="sqlite+aiosqlite:///here/bot.sqlite3")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "here" / "bot.sqlite3").exists()


def test_a_database_of_a_newer_program_ends_with_one_line(tmp_path):

    study_bot("migrate", cwd=tmp_path)
    with sqlite3.connect(tmp_path / "data" / "study-bot.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    result = study_bot("run", cwd=tmp_path, DISCORD_TOKEN="secret")
    assert result.returncode == 4
    assert "Traceback" not in result.stderr
    assert "Update study-bot" in result.stderr


def test_running_does_not_import_the_simulated_discord(tmp_path):
    script = "import sys, bot.process; sys.exit('simcord' in sys.modules or 'bot.demo' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=env, check=False).returncode == 0
