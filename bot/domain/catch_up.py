"""What becomes of messages that are late, because the bot stood still or Discord did: a rule for each kind.

Whatever the rule, a message past the end of its use is skipped, and moderators see it in the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Final

LATE: Final = timedelta(minutes=5)
"""How much later than planned a message is late."""


class Several(Enum):
    """What becomes of several that are due for one channel, or one person, when one of them is late."""

    EACH = "each goes out"
    LATEST = "the latest goes out, the others are overtaken"
    TOGETHER = "they go out as one message"


@dataclass(frozen=True)
class CatchUp:
    """The rule of a kind. `labelled`: a late one says for when it was meant."""

    several: Several = Several.EACH
    labelled: bool = False


SHOWN: Final = CatchUp()
"""It says what holds now, or what somebody asked for: it is the same late, and each is owed."""

TOLD: Final = CatchUp(labelled=True)
"""Somebody is told or asked something of its own, with own buttons."""

OF_THE_DAY: Final = CatchUp(Several.LATEST, labelled=True)
"""A later one makes an earlier one pointless."""

REMINDERS: Final = CatchUp(Several.TOGETHER, labelled=True)
"""Each is about something else, and together they are one glance."""

CATCH_UP: Final[Mapping[str, CatchUp]] = MappingProxyType(
    {
        "admin.log": SHOWN,
        "admin.undelivered": SHOWN,
        "assignment.morning": OF_THE_DAY,
        "assignment.reminder": REMINDERS,
        "assignment.summary": REMINDERS,
        "board": SHOWN,
        "calendar.holiday": TOLD,
        "day.opening": SHOWN,
        "journal.page": SHOWN,
        "journal.publish": SHOWN,
        "question.carried": OF_THE_DAY,
        "question.next": SHOWN,
        "retro.digest": OF_THE_DAY,
        "retro.experiment": SHOWN,
        "retro.nudge": OF_THE_DAY,
        "retro.prompt": OF_THE_DAY,
        "roster.gone": SHOWN,
        "rotation.announcement": OF_THE_DAY,
        "rotation.change": TOLD,
        "rotation.declined": TOLD,
        "rotation.duty": TOLD,
        "rotation.request": TOLD,
        "rotation.unanswered": OF_THE_DAY,
        "session.instead": SHOWN,
        "session.minutes": SHOWN,
        "session.part": SHOWN,
        "session.reminder": OF_THE_DAY,
        "session.replies": SHOWN,
        "session.roundtable": SHOWN,
    }
)


def catch_up(kind: str) -> CatchUp:
    return CATCH_UP.get(kind, SHOWN)


def is_late(planned: datetime, now: datetime) -> bool:
    return now - planned > LATE
