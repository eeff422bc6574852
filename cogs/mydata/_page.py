"""The page that one reads of what is stored about oneself: in words, and on the team's clock."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from discord.utils import escape_markdown

from bot.i18n import Language, _
from bot.services.actions import ACTIONS
from bot.services.mydata import Holding, Row
from bot.ui.moments import full_day, full_moment
from bot.ui.questions import STATES
from bot.ui.session import KIND_NAMES
from cogs.mydata._headings import HEADINGS, ORDER

REFERENCES: Final[Mapping[str, str]] = {
    "day_id": "study_day",
    "lecture_id": "lecture",
    "assignment_id": "assignment",
    "question_id": "question",
    "answer_id": "answer",
    "retrospective_id": "retrospective",
}
"""Column → the table whose names it is told by."""

MOMENTS: Final = (
    *("asked_at", "answered_at", "replaced_at", "written_at", "noted_at", "replied_at", "marked_at", "submitted_at"),
    *("added_at", "chosen_at", "made_at", "at", "due_at"),
)
"""Columns with the instant at which a row came to be; it begins with the first that there is."""

DATES: Final = ("date", "week", "turn_date")
EDGES: Final = {"since": _("from {day}"), "until": _("until {day}"), "due": _("until {day}")}
"""Columns with the first or the last day of something, or the instant until which it is to be done."""

PLAIN: Final = frozenset(
    {*DATES, *EDGES, "number", "name", "title", "url", "link", "attachment_name", "reason", "was_reason", "question"}
)
"""Columns that are told as they are."""

TEXTS: Final = ("text", "note")
"""Columns with what somebody wrote, which is quoted."""

DUTY: Final = {"moderator": _("moderator"), "presenter": _("presenter")}
ACT: Final = {
    "assign": _("turn given"),
    "skip": _("turn skipped"),
    "swap": _("they swapped turns"),
    "substitute": _("stepping in this once"),
}
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "audit.action": ACTIONS,
    "question.state": {state.value: words for state, words in STATES.items()},
    "question.further": {"True": _("further question")},
    "question_change.action": {key.removeprefix("question."): words for key, words in ACTIONS.items()},
    "minutes.kind": {str(kind): words for kind, words in KIND_NAMES.items()},
    "attendance.state": {"present": _("here"), "late": _("late"), "absent": _("not coming")},
    "submission.late": {"True": _("handed in late")},
    "assignment_exception.excused": {"True": _("excused")},
    "turn.duty": DUTY,
    "turn.state": {"skipped": _("turn skipped"), "replaced": _("somebody else has it")},
    "rotation_act.kind": ACT,
    "rotation_request.kind": ACT,
    "rotation_request.duty": DUTY,
    "rotation_request.state": {
        "open": _("open"),
        "agreed": _("agreed"),
        "declined": _("declined"),
        "withdrawn": _("withdrawn"),
        "left": _("over, because somebody left"),
        "asked_left": _("over, because somebody left"),
    },
    "retrospective.visibility": {"team": _("The team, with my name"), "private": _("Only me, in my own page")},
    "experiment_verdict.verdict": {"keep": _("Keep it"), "change": _("Change it"), "drop": _("Drop it")},
}
"""Table and column → code → what people call it. What is not told is in the file for programs."""

OWN_DUTY: Final = re.compile(r"duty:(\d+)")


def readable(holdings: Sequence[Holding], lang: Language) -> str:
    """A section for each team, a list for each kind of thing, first what one wrote; without what only programs use."""
    lines = [f"# {lang(_('What is stored about you'))}", ""]
    lines.append(lang(_("What only programs need, such as numbers and earlier values, is in mydata.json.")))
    for holding in holdings:
        lines += ["", f"## {_safe(holding.team)} · {_safe(holding.name)}", ""]
        lines.append(lang(_("Times are those of {zone}."), zone=holding.zone.key))
        for table in (table for table in ORDER if table in holding.tables):
            rows = holding.tables[table]
            lines += ["", f"### {lang(HEADINGS[table])} ({len(rows)})", ""]
            lines += [line for row in rows for line in _told(table, row, holding, lang)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _told(table: str, row: Row, holding: Holding, lang: Language) -> Iterator[str]:
    """A row as an item of a list, with what somebody wrote quoted under it, as it was written."""
    if row.get("text") == "":
        return
    began = _began(row, holding, lang)
    facts = [fact for fact in _facts(table, row, holding, lang) if not began.startswith(fact)]
    texts = [str(row[column]) for column in TEXTS if row.get(column)]
    if began or facts or texts:
        yield "- " + " · ".join(dict.fromkeys([*([began] if began else []), *facts]))
    for text in texts:
        yield "\n" + "\n".join(f"  > {line}".rstrip() for line in text.splitlines()) + "\n"


def _began(row: Row, holding: Holding, lang: Language) -> str:
    """When it came to be; empty where that is not kept."""
    kept = next((str(row[column]) for column in MOMENTS if row.get(column)), None)
    return "" if kept is None else _moment(kept, holding, lang)


def _moment(kept: str, holding: Holding, lang: Language) -> str:
    return full_moment(datetime.fromisoformat(kept).astimezone(holding.zone), lang)


def _facts(table: str, row: Row, holding: Holding, lang: Language) -> Iterator[str]:
    for column, value in row.items():
        told = None if value in {None, "", False} else _fact(table, column, value, holding, lang)
        if told is not None:
            yield told


def _fact(table: str, column: str, value: object, holding: Holding, lang: Language) -> str | None:
    if (codes := CODES.get(f"{table}.{column}")) is not None:
        return lang(codes[str(value)]) if str(value) in codes else _own_duty(value, holding)
    if column in REFERENCES:
        name = holding.names[REFERENCES[column]].get(int(str(value)))
        return name if name is None or name.startswith("#") else _plain(name, lang)
    if column not in PLAIN:
        return None
    if column == "number":
        return f"#{value}"
    if column in EDGES:
        return lang(EDGES[column], day=_edge(column, str(value), holding, lang))
    return _plain(str(value), lang)


def _edge(column: str, value: str, holding: Holding, lang: Language) -> str:
    """The first or the last day of it; what is kept as `until` is the day after. Or an instant."""
    if "T" in value:
        return _moment(value, holding, lang)
    return full_day(date.fromisoformat(value) - timedelta(days=column == "until"), lang)


def _own_duty(value: object, holding: Holding) -> str | None:
    found = OWN_DUTY.fullmatch(str(value))
    name = None if found is None else holding.names["duty"].get(int(found[1]))
    return None if name is None else _safe(name)


def _plain(text: str, lang: Language) -> str:
    """A date with its weekday; anything else on one line, as it is."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return full_day(date.fromisoformat(text), lang)
    return _safe(text)


def _safe(text: str) -> str:
    return escape_markdown(" ".join(text.split()), as_needed=False)
