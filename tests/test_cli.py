"""The command line, as a person types it."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from bot.db.lock import exclusive

ROOT = Path(__file__).parents[1]


def study_bot(*arguments, cwd, **settings):
    ours = ("DISCORD_", "DATABASE_", "LOG_", "BACKUP_")
    env = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
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


def test_a_backup_is_taken_checked_and_put_back(tmp_path):
    study_bot("migrate", cwd=tmp_path)
    taken = study_bot("backup", cwd=tmp_path)
    assert taken.returncode == 0, taken.stderr
    (copy,) = (tmp_path / "data" / "backups").iterdir()
    assert copy.name in taken.stdout
    checked = study_bot("restore", "--check", str(copy), cwd=tmp_path)
    assert (checked.returncode, "0 teams" in checked.stdout) == (0, True)
    restored = study_bot("restore", str(copy), cwd=tmp_path)
    assert restored.returncode == 0, restored.stderr
    assert "is restored. The one before is" in restored.stdout


def test_a_file_that_is_no_backup_is_refused_with_one_line(tmp_path):
    (tmp_path / "photo").write_text("사진")
    result = study_bot("restore", "photo", cwd=tmp_path)
    assert result.returncode == 6
    assert result.stderr.count("\n") == 1
    assert "damaged or not a database" in result.stderr


def test_nothing_is_restored_or_migrated_while_the_bot_runs(tmp_path):
    study_bot("migrate", cwd=tmp_path)
    study_bot("backup", cwd=tmp_path)
    (copy,) = (tmp_path / "data" / "backups").iterdir()
    with exclusive(tmp_path / "data" / "study-bot.sqlite3"):
        for arguments in (["restore", str(copy)], ["migrate"]):
            result = study_bot(*arguments, cwd=tmp_path)
            assert result.returncode == 3
            assert "in use by another study-bot" in result.stderr


def test_the_doctor_names_a_missing_token_and_goes_on_looking(tmp_path):
    result = study_bot("doctor", cwd=tmp_path)
    assert result.returncode == 7
    assert result.stdout.startswith("✗ DISCORD_TOKEN: is missing")
    assert "✓ data can be written to." in result.stdout


def test_a_database_is_taken_along_and_pages_are_written_where_they_are_asked_for(tmp_path):
    study_bot("migrate", cwd=tmp_path)
    exported = study_bot("export", "data.json", cwd=tmp_path)
    assert exported.stdout.startswith("data.json: the whole database.")
    assert (tmp_path / "data.json").stat().st_mode & 0o077 == 0
    imported = study_bot("import", "data.json", cwd=tmp_path, DATABASE_URL="sqlite+aiosqlite:///new.sqlite3")
    assert imported.stdout == "new.sqlite3: 0 rows are imported.\n"
    for name, told in {"pages.zip": "There is no such team.", "pages.pdf": "end in one of .md, .zip"}.items():
        refused = study_bot("export", name, cwd=tmp_path)
        assert refused.returncode == 6
        assert told in refused.stderr
        assert refused.stderr.count("\n") == 1
        assert not (tmp_path / name).exists()
