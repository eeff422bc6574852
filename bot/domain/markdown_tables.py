"""Tables: where GitHub's parser reads their lines otherwise than CommonMark's table extension does, and lost cells."""

import re
from typing import Final

from markdown_it.token import Token

from bot.domain.markdown_lines import (
    HTML_AT_START,
    ONE_PARAGRAPH,
    Unmendable,
    between_blanks,
    block_types,
    continuation,
    has_text,
    markers,
)
from bot.domain.markdown_scan import Scan

_UNDERLINE_ALONE: Final = re.compile(r"^([\s>]*)(-+[ \t]*)$")
_NO_ROW: Final = re.compile(r"^([\s>]*)(-+[ \t]*|=+[ \t]*|\|[ \t]*)$")
_ESCAPE_AT_START: Final = re.compile(
    r"^[ \t]*(?:(?=\[\^[^\]\s]+\]:)|(?P<html><)(?=/?(?:source|meta)\b))"
    # GitHub's parser is older, and takes titles without a bar
    r"|(?<=\n)[ \t]*(?=[^\n]*[|:])(?=\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$)",
    re.MULTILINE | re.IGNORECASE,
)


def part_rules_from_text(read: Scan) -> str:
    """GitHub may read `---` as the underline of a heading where it follows a table's row."""
    lines = list(read.lines)
    for token in reversed(read.tokens):
        if token.type != "hr" or not token.map:
            continue
        first = token.map[0]
        if _UNDERLINE_ALONE.match(lines[first]) and has_text(lines, first - 1):
            lines[first : first + 1] = between_blanks(lines, first, first + 1, [lines[first]])
    return "\n".join(lines)


def mend_tables(read: Scan) -> str:
    """Where GitHub reads a row as something else; and the cells beyond a table's columns, which Markdown drops."""
    lines = list(read.lines)
    columns = 0
    for token in read.tokens:
        if token.type == "th_open":
            columns += 1
        elif token.type == "thead_open" and token.map:
            columns, row = 0, token.map[0]
            lines[row] = escape_line_starts(HTML_AT_START.sub(r"\1&lt;", lines[row]))
            lines[row + 1] = _UNDERLINE_ALONE.sub(r"\1\\\2", lines[row + 1])
        elif token.type == "tr_open" and token.map and columns:
            row = token.map[0]
            lines[row] = _with_cells(_NO_ROW.sub(r"\1\\\2", HTML_AT_START.sub(r"\1&lt;", lines[row])), columns)
            lines[row] = escape_line_starts(lines[row])
    return "\n".join(lines)


def part_false_rows(read: Scan) -> str:
    """A line that begins something else is no row for GitHub: as titles it makes no table, and below it ends one."""
    lines = list(read.lines)
    titles = {token.map[0] for token in read.tokens if token.type == "thead_open" and token.map}
    firsts = {cell.map[0]: cell for cell in reversed(read.tokens) if cell.type == "inline" and cell.map}
    for row in sorted({t.map[0] for t in read.tokens if t.type == "tr_open" and t.map}, reverse=True):
        at = lines[row].find(firsts[row].content.replace("|", "\\|") or "|")
        prefix = lines[row][: max(at, 0)].rstrip(" \t|")
        if block_types(lines[row][len(prefix) :].strip()) != ONE_PARAGRAPH:
            lines.insert(row + 1 if row in titles else row, continuation(prefix).rstrip())
    return "\n".join(lines)


def _with_cells(row: str, columns: int) -> str:
    body_at = len(markers(row))
    body = row[body_at:].rstrip()
    bars = [match.start() for match in re.finditer(r"(?<!\\)\|", body)]
    bars = [at for at in bars if 0 < at < len(body) - 1]
    for at in reversed(bars[columns - 1 :]):
        body = f"{body[:at]}\\{body[at:]}"
    return row[:body_at] + body + row[body_at + len(row[body_at:].rstrip()) :]


def escape_line_starts(content: str) -> str:
    """The content of a paragraph without what GitHub alone takes for a footnote, a block of HTML or a table."""
    return _ESCAPE_AT_START.sub(_escaped_start, content)


def _escaped_start(match: re.Match[str]) -> str:
    if match["html"]:
        return match.group().removesuffix("<") + "&lt;"
    return match.group() + "\\"


def rewrite_cell(lines: list[str], token: Token, content: str, done_from: dict[int, int]) -> None:
    """Put a cell's new content into its line.

    Cells come last one first, so that a cell is looked for left of those already done.
    """
    row = (token.map or (0, 0))[0]
    old, new = token.content.replace("|", "\\|"), content.replace("|", "\\|")
    at = lines[row].rfind(old, 0, done_from.get(row, len(lines[row])))
    if at < 0:
        raise Unmendable
    lines[row] = lines[row][:at] + new + lines[row][at + len(old) :]
    done_from[row] = at
