"""A delivery as the dispatcher sees it."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

HISTORY_UNREADABLE: Final = "history unreadable"
"""How the reason of a held delivery begins: it may have arrived, and nobody can look."""


_INSTANT: Final = re.compile(r"[-\d]{10}T[\d:.]+[+-]\d\d:\d\d")


def planned_instant(slot: str) -> datetime:
    """The instant with which a slot begins: when the message was to be sent. `due_at` moves when it is put off."""
    match = _INSTANT.match(slot)
    if match is None:
        raise ValueError(f"no instant in the slot {slot!r}")
    return datetime.fromisoformat(match[0])


class State(StrEnum):
    """pending → sending → sent | failed | held; pending → skipped | cancelled."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


POISONED = 8
"""After so many 5xx in a row, while others got through, it is the message: it fails, and moderators may retry it."""

PATIENCE = 2
"""After so many times that it did not get through, for whatever reason, and others did, its lane waits no longer."""


@dataclass(frozen=True)
class Lane:
    """Deliveries of one team that go out one after the other: those into one channel, the direct messages, and those
    whose channel their composer names."""

    team_id: int
    name: str


@dataclass(frozen=True)
class Delivery:
    """One planned message that is due.

    `subject_id` is the id of the feature's row it speaks of; `payload` is the JSON of the post once it was composed;
    `channel_id` is set when it was first tried or fixed when planned. `user_id`: to this person alone.
    """

    id: int
    team_id: int
    guild_id: int
    kind: str
    subject_id: int
    slot: str
    due_at: datetime
    expires_at: datetime | None
    state: State
    attempts: int
    first_tried_at: datetime | None
    payload: str | None
    nonce: str
    channel_id: int | None
    user_id: int | None = None
    lane: str = ""
    failures: int = 0
    language: str = "en"
    timezone: str = "UTC"

    @property
    def planned(self) -> datetime:
        """When it was to be sent, in UTC."""
        return planned_instant(self.slot)

    @property
    def asked_for(self) -> bool:
        """Whether somebody asked to try it once more, long after: it is looked for, and if it is not there, composed
        anew. What it was going to say then may not hold any more."""
        return self.state is State.SENDING and self.attempts == 0
