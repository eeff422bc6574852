"""Answers that cost much, such as files and pictures, are given to each person a few times a minute."""

from collections import deque
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any, Final

from bot.errors import UserError
from bot.i18n import _
from bot.ui.callers import Interaction

USES: Final = 10
PERIOD: Final = timedelta(minutes=1)


class Cooldowns:
    """Who had which of them in the last minute: in memory only, for those who asked, and forgotten behind it.

    Not discord.py's own cooldowns: those are kept with the command and hence by all bots of a process together.
    """

    def __init__(self) -> None:
        self._uses: dict[Hashable, deque[datetime]] = {}

    def use(self, key: Hashable, now: datetime) -> timedelta:
        """Count one more use, if there is one left; how long to wait if not. Asking too early costs nothing."""
        self._forget_before(now - PERIOD)
        uses = self._uses.setdefault(key, deque())
        if len(uses) >= USES:
            return uses[0] + PERIOD - now
        uses.append(now)
        return timedelta()

    def _forget_before(self, moment: datetime) -> None:
        for key, uses in list(self._uses.items()):
            while uses and uses[0] <= moment:
                uses.popleft()
            if not uses:
                del self._uses[key]


def require_pause(interaction: Interaction, what: str) -> None:
    """Call it before the work. Raises UserError that says how long to wait if the person has had too many of these."""
    client: Any = interaction.client
    cooldowns: Cooldowns = client.cooldowns
    wait = cooldowns.use((what, interaction.user.id), interaction.created_at)
    if wait:
        seconds = -(-wait // timedelta(seconds=1))
        raise UserError(
            _("You can do this {uses} times a minute. Please try again in {seconds} s."),
            seconds=seconds,
            uses=USES,
        )
