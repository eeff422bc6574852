"""What is installed elsewhere: no file is forgotten in the wheel."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def call(*command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_installed_wheel_plays_the_day_from_another_folder(tmp_path):
    """Our wheel goes into a fresh environment; the dependencies are lent to it by the one that runs this test."""
    source = tmp_path / "source"  # a build leaves files beside what it builds, which the next one would take in
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "data", "*.egg-info", "__pycache__"))
    call(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, source, cwd=tmp_path)
    (wheel,) = tmp_path.glob("study_bot-*.whl")
    venv.create(tmp_path / "fresh", with_pip=False, symlinks=True)
    fresh = tmp_path / "fresh"
    (packages,) = fresh.glob("lib/python*/site-packages")
    call(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", packages, wheel, cwd=tmp_path)
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = "import bot, sys; print(bot.__file__); from bot.cli import main; main()"
    output = call(fresh / "bin" / "python", "-c", run, "demo", "--once", cwd=elsewhere)
    assert str(packages) in output.splitlines()[0]
    assert (elsewhere / "day27.md").read_text("utf-8").startswith("# Day27 ")
    draw = "from bot.i18n import KOREAN as k; from bot.pictures.bars import bars_picture as b; print(b('가', [], k))"
    assert "PNG" in call(fresh / "bin" / "python", "-c", draw, cwd=elsewhere)
