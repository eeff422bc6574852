"""How often somebody asks without a name. Nothing of it is ever kept: not on disk, not in a log, not by name."""

import hashlib
import secrets
import threading
from collections import Counter
from datetime import UTC, datetime
from typing import Final

ANONYMOUS_PER_HOUR: Final = 5
"""Anonymous questions of one person in an hour: enough for a session, too few to flood a board."""


class AnonymousLimit:
    """Counts in memory, for the current hour only, under keys that no one can turn back into people.

    No instant is kept beside a count: it would lead to the question that was asked then.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._hour = datetime.min.replace(tzinfo=UTC)
        self._asked: Counter[bytes] = Counter()
        self._lock = threading.Lock()  # transactions run on several threads

    def reached(self, team_id: int, user_id: int, at: datetime) -> bool:
        """Whether this person has asked as many as one may in this hour."""
        with self._lock:
            self._forget_before(at)
            return self._asked[self._key(team_id, user_id)] >= ANONYMOUS_PER_HOUR

    def count(self, team_id: int, user_id: int, at: datetime) -> None:
        """One more was asked."""
        with self._lock:
            self._forget_before(at)
            self._asked[self._key(team_id, user_id)] += 1

    def _forget_before(self, at: datetime) -> None:
        hour = at.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour = hour
            self._asked.clear()

    def _key(self, team_id: int, user_id: int) -> bytes:
        return hashlib.blake2b(f"{team_id}:{user_id}".encode(), key=self._secret, digest_size=16).digest()
