"""The systemd unit, the image and the compose file, as far as they can be judged without an engine."""

import configparser
import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import OperatorError
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
UNIT = configparser.RawConfigParser(strict=False)
UNIT.optionxform = str
UNIT.read_string((ROOT / "deploy" / "study-bot.service").read_text("utf-8"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
README = (ROOT / "README.md").read_text("utf-8")


def dockerfile():
    """(instruction, rest) of the file, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line and not line.startswith("#")]


def last_stage():
    instructions = dockerfile()
    return instructions[max(number for number, (name, _) in enumerate(instructions) if name == "FROM") :]


def of(name, instructions):
    return [rest for found, rest in instructions if found == name]


def is_a_command(arguments):
    return CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0


def exit_codes(kind=OperatorError):
    """Exit code → exceptions that end with it."""
    return {each.exit_code for each in kind.__subclasses__()}


def test_the_unit_starts_a_command_that_there_is_and_keeps_to_its_folder():
    service = dict(UNIT["Service"])
    program, *arguments = shlex.split(service["ExecStart"])
    assert Path(program).name == "study-bot"
    assert is_a_command(arguments)
    assert Path(program).is_relative_to(service["WorkingDirectory"])
    database = Path(service["WorkingDirectory"]) / "data"
    assert service["ReadWritePaths"] == str(database)
    for default in (Settings.model_fields["backup_dir"].default, Path("data/study-bot.sqlite3")):
        assert (Path(service["WorkingDirectory"]) / default).is_relative_to(database)
    assert service["User"] != "root"


def test_the_unit_does_not_start_again_what_only_a_person_can_mend():
    given_up = {int(code) for code in UNIT["Service"]["RestartPreventExitStatus"].split()}
    assert given_up == {2, 3, 4, 5}
    assert given_up < exit_codes()


def test_the_readme_explains_every_exit_code():
    explained = {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)}
    assert explained == exit_codes() | {0}


def test_the_image_copies_what_there_is_and_what_is_not_kept_out():
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    copied = [name for rest in of("COPY", dockerfile()) if "--from" not in rest for name in rest.split()[:-1]]
    assert copied
    for name in copied:
        assert (ROOT / name).exists()
        assert any(fnmatch(name, pattern) for pattern in kept)


def test_the_image_runs_a_command_that_there_is_as_somebody_without_rights():
    stage = last_stage()
    (user,) = of("USER", stage)
    assert int(user) > 0
    assert json.loads(of("ENTRYPOINT", stage)[0]) == ["study-bot"]
    assert is_a_command(json.loads(of("CMD", stage)[0]))


def test_the_image_names_only_settings_that_there_are_and_keeps_everything_in_its_volume():
    stage = last_stage()
    (assignments,) = of("ENV", stage)
    values = dict(item.split("=", 1) for item in shlex.split(assignments))
    settings = set(values) - {"PATH", "PYTHONDONTWRITEBYTECODE"}
    assert settings <= {name.upper() for name in Settings.model_fields}
    (volume,) = of("VOLUME", stage)
    chosen = Settings(discord_token="x", **{name.lower(): values[name] for name in settings})
    assert chosen.database_path.is_relative_to(volume)
    assert chosen.backup_dir.is_relative_to(volume)


def test_the_health_check_is_python_that_asks_the_port_of_the_settings():
    (check,) = of("HEALTHCHECK", last_stage())
    command = json.loads(check[check.index("[") :])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "health check", "exec")
    assert "HEALTH_PORT" in command[2]
    assert "/healthz" in command[2]


def test_the_service_of_compose_has_no_rights_and_a_read_only_root():
    (service,) = COMPOSE["services"].values()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert set(service["environment"]) <= {name.upper() for name in Settings.model_fields}
    (mount,) = service["volumes"]
    volume, folder = mount.split(":")
    assert volume in COMPOSE["volumes"]
    assert folder == of("VOLUME", last_stage())[0]
