"""What people call the tables that hold something of them."""

from collections.abc import Mapping
from typing import Final

from bot.i18n import _

HEADINGS: Final[Mapping[str, str]] = {
    "member": _("on the roster"),
    "membership": _("days in the team"),
    "absence": _("days away"),
    "turn": _("duties"),
    "rotation_act": _("changes to duties"),
    "rotation_request": _("swaps and substitutes"),
    "question": _("questions"),
    "question_vote": _("votes for questions"),
    "question_change": _("changes to questions"),
    "answer": _("answers"),
    "answer_version": _("answers before they were edited"),
    "lecture_note": _("notes on lectures"),
    "lecture_material": _("materials"),
    "minutes": _("minutes"),
    "roundtable_reply": _("replies at the round table"),
    "attendance": _("attendance"),
    "submission": _("work handed in"),
    "assignment_exception": _("extensions and excuses"),
    "retrospective": _("retrospectives"),
    "reflection": _("texts of the retrospectives"),
    "retrospective_written": _("days with a retrospective"),
    "retrospective_pass": _("days without a retrospective"),
    "experiment": _("experiments put into words"),
    "experiment_verdict": _("verdicts on experiments"),
    "delivery": _("direct messages"),
    "board": _("boards in direct messages"),
    "audit": _("what you changed, and what was changed about you"),
}
"""Table → what a person calls it."""

WRITTEN: Final = (
    *("retrospective", "submission", "question", "answer", "lecture_note", "lecture_material"),
    *("minutes", "roundtable_reply", "experiment"),
)
"""Tables of what somebody wrote or handed in, in the order in which it is told; the rest follows from it."""

ORDER: Final = tuple(dict.fromkeys([*("retrospective", "reflection"), *WRITTEN, *HEADINGS]))
"""Of the sections of the page: what somebody wrote comes first."""
