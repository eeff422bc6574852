"""A delivery as the dispatcher sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """pending → sending → sent | failed | held; pending → skipped | cancelled."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


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
