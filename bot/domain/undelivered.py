"""What could not be delivered: why, as people understand it, and whether trying again makes sense."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from bot.domain.deliveries import HISTORY_UNREADABLE, State
from bot.domain.team import Pause, Team


class Cause(Enum):
    """Why a message was not delivered, or not all of it."""

    CHANNEL_GONE = "the channel is gone"
    NO_ACCESS = "the channel cannot be seen"
    NO_PERMISSION = "a permission is missing"
    NO_DIRECT_MESSAGES = "the person takes no direct messages"
    SERVER_GONE = "the bot is not in the server"
    UNCERTAIN = "it may have arrived, and the history cannot be read"
    REFUSED = "Discord did not take it"
    TRYING = "it may have arrived, and Discord does not answer"
    DEFECT = "the program cannot say it"
    BOARD = "a board cannot be drawn again"
    NO_THREAD = "it is there, but without its thread"
    EXPIRED = "it was too late for it"
    OVERTAKEN = "a later one took its place"
    MERGED = "it was told in another message"


_OF_CODE: Final = {
    10003: Cause.CHANNEL_GONE,
    10004: Cause.SERVER_GONE,
    50001: Cause.NO_ACCESS,
    50013: Cause.NO_PERMISSION,
    50007: Cause.NO_DIRECT_MESSAGES,
}
_OF_SKIPPED: Final = {"expired": Cause.EXPIRED, "overtaken": Cause.OVERTAKEN, "merged": Cause.MERGED}
LATE_REASONS: Final = tuple(_OF_SKIPPED)
"""How the reasons of messages begin that were skipped because they were late."""


def cause_of(state: State, reason: str | None) -> Cause:
    """The cause of a delivery that ended in a state other than plainly sent."""
    told = reason or ""
    if state in {State.PENDING, State.SENDING}:
        return Cause.TRYING if state is State.SENDING else Cause.DEFECT
    if state is State.SENT:
        return Cause.NO_THREAD
    if state is State.SKIPPED:
        return next((cause for begin, cause in _OF_SKIPPED.items() if told.startswith(begin)), Cause.EXPIRED)
    if told.startswith(HISTORY_UNREADABLE):
        return Cause.UNCERTAIN
    code = re.match(r"(\d+):", told)
    return Cause.REFUSED if code is None else _OF_CODE.get(int(code[1]), Cause.REFUSED)


@dataclass(frozen=True)
class Problem:
    """A delivery that failed, is held, was late, does not get on, or is there in part; or a board that stands still.

    `planned` is in the team's zone; a board that is there already has none.
    `subject` names what it is about (`A3 Attention`, `Day 27`); `user_id` is set for a direct message. `over` says that
    it is of no use any more.
    """

    id: int
    kind: str
    subject: str | None
    planned: datetime | None
    state: State
    cause: Cause
    channel_id: int | None
    user_id: int | None
    over: bool

    @property
    def retriable(self) -> bool:
        return self.state in {State.FAILED, State.HELD} and not self.over


@dataclass(frozen=True)
class Undelivered:
    """What a team's moderators are shown: `unsent` needs somebody, `late` was skipped, both the latest first.

    `more` counts those that are older than the ones shown.
    """

    team: Team
    pause: Pause | None
    unsent: tuple[Problem, ...]
    late: tuple[Problem, ...]
    more: int = 0


@dataclass(frozen=True)
class Notice:
    """What moderators are told of by themselves, and where: a channel, else a person."""

    team: Team
    problems: tuple[Problem, ...]
    channel_id: int | None
    user_id: int | None


@dataclass(frozen=True)
class Retried:
    """What is tried again, and how many were not, because their time is over or something later took their place."""

    problems: tuple[Problem, ...]
    left: int = 0
    pause: Pause | None = None
