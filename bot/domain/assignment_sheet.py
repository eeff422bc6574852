"""A table of assignments as spreadsheets write it: CSV with a line of column names, and one assignment a line.

    title,due,required,link,description,remind
    Attention 구현,2026-12-03 18:00,yes,https://school.example/3,,"3d, 3h"

Commas, semicolons and tabs part the cells, as the program that wrote it likes; the text is UTF-8, UTF-16 with its mark,
or what Korean Excel writes (CP949). Names may be Korean and in any order; only `title` and `due` are needed.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_LINES: Final = 1000
"""Assignments in one table."""

COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "title": frozenset({"title", "assignment", "제목", "과제", "과제명"}),
    "due": frozenset({"due", "deadline", "마감", "마감일", "마감일시", "기한"}),
    "required": frozenset({"required", "필수", "필수여부"}),
    "link": frozenset({"link", "url", "링크", "주소"}),
    "description": frozenset({"description", "설명", "내용"}),
    "remind": frozenset({"remind", "reminders", "알림"}),
}
"""Columns and what people call them."""

NEEDED: Final = ("title", "due")

YES: Final = frozenset({"", "yes", "y", "true", "1", "o", "required", "예", "네", "필수"})
NO: Final = frozenset({"no", "n", "false", "0", "x", "optional", "아니오", "아니요", "선택"})

_DELIMITERS: Final = (",", ";", "\t")
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR_HINT: Final = "sep="


class SheetUnreadable(ValueError):
    """This is no such table. `kind` says why, `text` is the column in question, `line` counts from 1.

    text: not text at all; empty: no assignment in it; missing, unknown, twice: a column; quotes: its quotation marks;
    long: more than `MOST_LINES`.
    """

    def __init__(self, kind: str, text: str = "", line: int = 0) -> None:
        super().__init__(f"{kind}: {text!r}, line {line}")
        self.kind = kind
        self.text = text
        self.line = line


@dataclass(frozen=True)
class SheetLine:
    """One assignment of the table: the line it begins on, and its cells by column, without the space around them.

    `extra` says that something stands in a cell whose column has no name.
    """

    number: int
    cells: Mapping[str, str]
    extra: bool


def read_sheet(data: bytes) -> tuple[SheetLine, ...]:
    """The assignments of a table, in its order; blank lines are left out. Raises SheetUnreadable, and nothing else."""
    text = _decoded(data)
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter)
    header = next(((number, cells) for number, cells in rows if any(cells)), None)
    if header is None:
        raise SheetUnreadable("empty")
    columns = _columns(*header)
    found: list[SheetLine] = []
    for number, cells in rows:
        if not any(cells):
            continue
        if len(found) == MOST_LINES:
            raise SheetUnreadable("long", line=number)
        found.append(_line(number, columns, cells))
    if not found:
        raise SheetUnreadable("empty")
    return tuple(found)


def _line(number: int, columns: Sequence[str | None], cells: Sequence[str]) -> SheetLine:
    """A line with fewer cells than there are columns has empty ones at its end."""
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    named = {column: cell for column, cell in zip(columns, padded, strict=False) if column is not None}
    unnamed = [cell for at, cell in enumerate(padded) if at >= len(columns) or columns[at] is None]
    return SheetLine(number, named, extra=any(unnamed))


def read_required(text: str) -> bool | None:
    """Whether a cell says that everybody hands it in, which an empty one does; None if nobody can tell."""
    word = text.casefold()
    return True if word in YES else False if word in NO else None


def _decoded(data: bytes) -> str:
    """The text without a mark at its beginning."""
    encodings = ("utf-16",) if data.startswith(_UTF_16_MARKS) else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetUnreadable("text")


def _delimiter(text: str) -> str:
    """What parts the cells: that with which most of the first line are names of columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.casefold().startswith(_SEPARATOR_HINT):
        return first.strip()[len(_SEPARATOR_HINT) :] or ","

    def named(delimiter: str) -> int:
        return sum(_column(cell.strip('"')) is not None for cell in first.split(delimiter))

    return max(_DELIMITERS, key=named)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Line number and stripped cells of each row."""
    if len(delimiter) != 1 or delimiter in '"\r\n ':
        raise SheetUnreadable("quotes", line=1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if not (begins == 1 and delimiter.join(cells).casefold().startswith(_SEPARATOR_HINT)):
                yield begins, [_plain(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        raise SheetUnreadable("quotes", line=begins) from None


def _plain(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _columns(number: int, names: Sequence[str]) -> list[str | None]:
    """The column of each cell of the first line; None where it has no name."""
    columns = [_column(name) if name else None for name in names]
    for name, column in zip(names, columns, strict=True):
        if name and column is None:
            raise SheetUnreadable("unknown", name, number)
        if column is not None and columns.count(column) > 1:
            raise SheetUnreadable("twice", name, number)
    for needed in NEEDED:
        if needed not in columns:
            raise SheetUnreadable("missing", needed, number)
    return columns


def _column(name: str) -> str | None:
    word = " ".join(name.casefold().split())
    return next((column for column, names in COLUMNS.items() if word in names), None)
