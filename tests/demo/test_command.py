"""The demo as somebody finds it who did not install everything."""

import subprocess
import sys

WITHOUT_SIMCORD = (
    "import sys; sys.modules['simcord'] = None; sys.argv = ['study-bot', 'demo', *{}]; from bot.cli import main; main()"
)


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = WITHOUT_SIMCORD.format(list(arguments))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_without_the_simulated_discord_one_line_says_what_to_install():
    for done in (demo(), demo("--once")):
        assert done.returncode == 2
        assert done.stderr.endswith("pip install 'study-bot[demo]'\n")
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""


def test_a_folder_that_is_not_there_is_refused_before_anything_happens(tmp_path):
    done = demo("--once", "--out", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "nowhere" in done.stderr
