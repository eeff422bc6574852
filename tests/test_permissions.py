"""The documentation explains the permissions of the invitation."""

import re
from pathlib import Path

from bot.ui.permissions import NEEDED
from tests.discord_calls import documented_calls

DOCUMENT = (Path(__file__).parents[1] / "docs" / "permissions.md").read_text("utf-8")


def test_every_permission_of_the_invitation_is_explained():
    wanted = " ".join(re.findall(r"^\| `.*? \| (.*?) \| ", DOCUMENT, re.MULTILINE))
    assert [name for name in NEEDED.values() if not re.search(rf"\b{name}\b", wanted)] == []
    assert len(documented_calls()) > 10
