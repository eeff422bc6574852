"""The README names every command, every setting, and the permissions the bot really uses."""

import re
from pathlib import Path

from discord import app_commands

from bot.settings import Settings
from bot.ui.permissions import permission_integer

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


async def test_every_command_is_in_the_readme_and_no_other(env):
    commands = {c.qualified_name for c in env.bot.tree.walk_commands() if not isinstance(c, app_commands.Group)}
    assert set(re.findall(r"`/([a-z ]+)`", README)) == commands | {"help"}


def test_every_setting_is_in_the_readme():
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)) == {
        name.upper() for name in Settings.model_fields
    }


def test_the_invitation_asks_for_exactly_what_is_used():
    assert f"permissions={permission_integer()}" in README
    assert f"`{permission_integer()}`" in README
