"""Many assignments at once, from a table: shown first, then added all together or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import AssignmentRow, TeamRow
from bot.domain.assignment_sheet import MOST_LINES, SheetLine, SheetUnreadable, read_required, read_sheet
from bot.domain.submissions import NewAssignment, SheetEntry
from bot.domain.team import Caller, Team
from bot.errors import InvalidInput
from bot.i18n import Message, _
from bot.services.assignments._adding import create_all
from bot.services.assignments._board import show_boards_in_time
from bot.services.assignments._typed import deadline_of, link_of, offsets_of, text_of, title_of
from bot.services.teams import changing_team_of, require_moderator, team_of
from bot.services.values import to_team

T = TypeVar("T")
Known = Mapping[tuple[str, datetime], int]
"""Numbers of the team's assignments by title and deadline."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line of a table."""

    line: int
    message: Message


@dataclass(frozen=True)
class SheetPreview:
    """What a table would add: nothing, if there are problems."""

    team: Team
    entries: tuple[SheetEntry, ...]
    problems: tuple[Problem, ...]


class AssignmentImport:
    """`/assignment import`. Raises NotAllowed unless the caller is a moderator."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def check(self, session: AsyncSession, caller: Caller) -> None:
        """Raise what `preview` would raise, before a file is fetched."""
        await require_moderator(session, await team_of(session, caller), caller)

    @reads
    async def preview(self, session: AsyncSession, caller: Caller, data: bytes) -> SheetPreview:
        """What a file would add, or what is wrong in which line. Raises InvalidInput for a file that is no table."""
        team = await team_of(session, caller)
        await require_moderator(session, team, caller)
        lines = _lines(data)
        known = await _known(session, team)
        entries: list[SheetEntry] = []
        problems: list[Problem] = []
        seen: dict[tuple[str, datetime], int] = {}
        for line in lines:
            new, wrong = _read(team, caller, line)
            if new is not None:
                wrong += _repeated(new, known, seen)
                seen.setdefault((new.title, new.due), line.number)
                entries.append(SheetEntry(line.number, new))
            problems += [Problem(line.number, message) for message in wrong]
        return SheetPreview(to_team(team), () if problems else tuple(entries), tuple(problems))

    @writes
    async def add_all(self, session: AsyncSession, caller: Caller, entries: Sequence[SheetEntry]) -> int:
        """Add what was shown, all of it; how many there are.

        Raises InvalidInput, and adds nothing, if a deadline has passed meanwhile or an assignment is there already.
        """
        team = await changing_team_of(session, caller)
        await require_moderator(session, team, caller)
        known = await _known(session, team)
        for entry in entries:
            _require_still_new(team, caller, entry, known)
        rows = await create_all(session, team, caller, [entry.new for entry in entries])
        await show_boards_in_time(session, team, rows, caller.at)
        self._wake()
        return len(entries)


_REFUSALS: Mapping[str, str] = {
    "text": _("This is not a text file I can read. In your spreadsheet, save it as CSV (UTF-8) and attach that."),
    "empty": _("The file has no assignment in it. Its first line names the columns: title, due, required, link, …"),
    "missing": _("The column {text} is missing. The first line names the columns; title and due are needed."),
    "unknown": _("I do not know the column {text}. Columns are title, due, required, link, description and remind."),
    "twice": _("The column {text} is there twice. Please leave one of them out."),
    "quotes": _("I cannot read line {line}. Please check its quotation marks."),
    "long": _("The file has more than {limit} assignments. Please divide it."),
}


def _lines(data: bytes) -> Sequence[SheetLine]:
    try:
        return read_sheet(data)
    except SheetUnreadable as error:
        text = error.text[:50]
        raise InvalidInput(_REFUSALS[error.kind], text=text, line=error.line, limit=MOST_LINES) from None


async def _known(session: AsyncSession, team: TeamRow) -> Known:
    query = select(AssignmentRow).where(AssignmentRow.team_id == team.id, AssignmentRow.removed_at.is_(None))
    return {(row.title, row.due_at): row.number for row in await session.scalars(query)}


def _read(team: TeamRow, caller: Caller, line: SheetLine) -> tuple[NewAssignment | None, list[Message]]:
    """An assignment, or everything that is wrong in its line."""
    wrong: list[Message] = []
    cells = line.cells
    required = read_required(cells.get("required", ""))
    if required is None:
        text = _("{text} is neither yes nor no, for whether it is required.")
        wrong.append(Message(text, {"text": cells["required"][:50]}))
    if line.extra:
        wrong.append(Message(_("There is something in a column without a name. Is a comma outside quotation marks?")))
    new = NewAssignment(
        title=_attempt(wrong, lambda: title_of(cells["title"]), ""),
        due=_attempt(wrong, lambda: deadline_of(team, caller, cells["due"]), caller.at),
        required=bool(required),
        link=_attempt(wrong, lambda: link_of(cells.get("link")), None),
        description=_attempt(wrong, lambda: text_of(cells.get("description")), None),
        reminders=_attempt(wrong, lambda: offsets_of(cells["remind"]) if cells.get("remind") else team.reminders, ""),
    )
    return (None if wrong else new), wrong


def _attempt(wrong: list[Message], read: Callable[[], T], otherwise: T) -> T:
    """What a cell says; if it cannot be read, that is noted."""
    try:
        return read()
    except InvalidInput as error:
        wrong.append(error.message)
        return otherwise


def _repeated(new: NewAssignment, known: Known, seen: Mapping[tuple[str, datetime], int]) -> list[Message]:
    """What is wrong with an assignment that is there already, in the team or in a line above."""
    key = (new.title, new.due)
    if key in known:
        return [Message(_("A{number} is the same: title and deadline."), {"number": known[key]})]
    if key in seen:
        return [Message(_("Line {line} is the same: title and deadline."), {"line": seen[key]})]
    return []


def _require_still_new(team: TeamRow, caller: Caller, entry: SheetEntry, known: Known) -> None:
    if (entry.new.title, entry.new.due) in known:
        text = _("A{number} is one of them already, so nothing was added. /assignment list shows what is there.")
        raise InvalidInput(text, number=known[entry.new.title, entry.new.due])
    if entry.new.due <= caller.at:
        due = entry.new.due.astimezone(ZoneInfo(team.timezone))
        text = _("{due:moment} in line {line} has passed meanwhile, so nothing was added. Please correct the file.")
        raise InvalidInput(text, due=due, line=entry.line)
