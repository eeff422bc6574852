"""Mending Markdown that people typed, so that it can stand in a page among others.

The text is read (CommonMark with tables, as GitHub reads it), and each thing that would reach beyond the text, or that
a page must not contain, is changed where the parser saw it; then it is read again, until nothing is left to change:

    headings               bold paragraphs
    raw HTML               escaped
    open fences            closed
    link definitions       shown as text; the links that used them become inline links
    footnote definitions   shown as text
    mentions, time stamps  names, dates
    display LaTeX that Markdown would take apart   a fenced `math` block
    indented code          fenced code: it does not depend on what stands before it
    cells beyond a table's columns                 part of the last cell

Code, LaTeX, tables, images and links are otherwise left byte for byte as they are.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from markdown_it.token import Token

from bot.domain.discord_text import Mentions
from bot.domain.markdown_scan import Edit, Scan, inline_edits, inline_html, inline_tokens, scan

MAX_LEVEL: Final = 12
"""Deepest nesting that a page takes; parsers give up at about twenty, and the page's own lists come on top."""

_MAX_ROUNDS: Final = 40
_PATIENT_ROUNDS: Final = 8

_MARKERS: Final = re.compile(r"(?:[ \t>]|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))*")
_UNDERLINE: Final = re.compile(r"(?:=+|-+)[ \t]*$")
_ONE_PARAGRAPH: Final = ["paragraph_open", "inline", "paragraph_close"]
_UNDERLINE_ALONE: Final = re.compile(r"^([\s>]*)(-+[ \t]*)$")
_NO_ROW: Final = re.compile(r"^([\s>]*)(-+[ \t]*|=+[ \t]*|\|[ \t]*)$")
_HTML_AT_START: Final = re.compile(r"^([\s>]*)<(?=[!?]|/?[A-Za-z][A-Za-z0-9-]*(?:[\s/>]|$))")
_ESCAPE_AT_START: Final = re.compile(
    r"^[ \t]*(?:(?=\[\^[^\]\s]+\]:)|(?P<html><)(?=/?(?:source|meta)\b))"
    # GitHub's parser is older, and takes titles without a bar
    r"|(?<=\n)[ \t]*(?=[^\n]*[|:])(?=\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$)",
    re.MULTILINE | re.IGNORECASE,
)


class Unmendable(Exception):
    """The text cannot be mended in place."""


def mend(text: str, mentions: Mentions) -> str:
    """The text (cleaned, not blank) such that it neither contains nor does anything that a page forbids.

    Raises Unmendable when it is nested too deeply, or when changing it does not come to an end.
    """
    try:
        for round_number in range(_MAX_ROUNDS):
            mended = _round(scan(text), mentions, patient=round_number < _PATIENT_ROUNDS)
            if mended == text:
                return text
            text = mended
    except RecursionError as error:
        raise Unmendable from error
    raise Unmendable


def _round(read: Scan, mentions: Mentions, *, patient: bool) -> str:
    """One kind of change: the first of which there is something to change."""
    if any(token.level > MAX_LEVEL for token in read.tokens):
        raise Unmendable
    for change in (_fence_math, _fence_indented_code, _expand_tabs, _straighten_quotes, _close_fences):
        if (mended := change(read)) != read.text:
            return mended
    if (mended := _escape_html_blocks(read, patient=patient)) != read.text:
        return mended
    for change in (_demote_headings, _part_rules_from_text, _mend_tables, _part_false_rows):
        if (mended := change(read)) != read.text:
            return mended
    # Links are made inline while their definitions are still there.
    if (mended := _mend_inline(read, mentions)) != read.text:
        return mended
    return _show_definitions(read)


# Lines and what stands before the text in them


def code_lines(read: Scan, kinds: Collection[str] = ("fence", "code_block")) -> set[int]:
    """Numbers of the lines that are code, fences included."""
    return {number for token in read.tokens if token.type in kinds for number in range(*(token.map or (0, 0)))}


def _markers(source: str) -> str:
    match = _MARKERS.match(source)
    return match.group() if match else ""


def _continuation(prefix: str) -> str:
    """What the lines after one with this prefix begin with: `> - ` → `>   `."""
    return re.sub(r"[^>\s]", " ", prefix)


def _has_text(lines: list[str], number: int) -> bool:
    return 0 <= number < len(lines) and bool(lines[number].strip(" \t>"))


def rewrite(lines: list[str], token: Token, content: str) -> None:
    """Put a paragraph's new content into its lines, behind the prefixes they have."""
    first, end = token.map or (0, 0)
    old, new = token.content.split("\n"), content.split("\n")
    prefixes = [_prefix(source, piece) for source, piece in zip(lines[first:end], old, strict=False)]
    if len(prefixes) < len(new):
        raise Unmendable
    lines[first:end] = [prefix + piece for prefix, piece in zip(prefixes, new, strict=False)]


def _prefix(source: str, piece: str) -> str:
    source, piece = source.rstrip(), piece.rstrip()
    if not source.endswith(piece):
        raise Unmendable
    return source[: len(source) - len(piece)]


# The changes


def _fence_math(read: Scan) -> str:
    """`$$` blocks that Markdown would read as more than one paragraph (a `=` line, a blank line, a list)."""
    lines = list(read.lines)
    inside_code = code_lines(read)
    marks = [n for n, source in enumerate(lines) if source.strip() == "$$" and n not in inside_code]
    for first, last in reversed(list(zip(marks[::2], marks[1::2], strict=False))):
        if not _is_one_paragraph("\n".join(lines[first : last + 1])):
            lines[first : last + 1] = _fenced(lines[first + 1 : last], "math")
    return "\n".join(lines)


def _is_one_paragraph(text: str) -> bool:
    html = any(token.type == "html_inline" for token in inline_tokens(text))
    return _block_types(text) == _ONE_PARAGRAPH and not html


def _block_types(text: str) -> list[str]:
    return [token.type for token in scan(text).tokens]


def _fenced(lines: list[str], info: str = "") -> list[str]:
    longest = max((len(run) for run in re.findall("`+", "\n".join(lines))), default=0)
    marks = "`" * max(3, longest + 1)
    return [marks + info, *lines, marks]


def fenced(text: str) -> str:
    """The text as a block of code."""
    return "\n".join(_fenced(text.split("\n")))


def _fence_indented_code(read: Scan) -> str:
    lines = list(read.lines)
    for token in reversed(read.tokens):
        if token.type == "code_block" and token.level == 0 and token.map:
            lines[slice(*token.map)] = _fenced(token.content.removesuffix("\n").split("\n"))
    return "\n".join(lines)


def _straighten_quotes(read: Scan) -> str:
    """Parsers disagree about a `>` behind four spaces."""
    lines = list(read.lines)
    inside_code = code_lines(read)
    for token in read.tokens:
        if token.type == "blockquote_open" and token.level == 0 and token.map:
            for number in range(*token.map):
                if number not in inside_code and number < len(lines):
                    lines[number] = re.sub(r"^ {4,}(?=>)", "", lines[number])
    return "\n".join(lines)


def _expand_tabs(read: Scan) -> str:
    """Tabs in indentations become spaces: how far they reach must not depend on where the text is put."""
    inside_code = code_lines(read, kinds=("fence",))
    return "\n".join(
        source if number in inside_code else _MARKERS.sub(lambda match: match.group().expandtabs(4), source, count=1)
        for number, source in enumerate(read.lines)
    )


def _close_fences(read: Scan) -> str:
    lines = list(read.lines)
    for token in reversed(read.tokens):
        if token.type == "fence" and token.map and not _is_closed(token):
            first, end = token.map
            while end - 1 > first and not lines[end - 1].strip(" \t>"):
                end -= 1
            prefix = lines[first][: lines[first].index(token.markup)]
            lines.insert(min(end, len(lines)), _continuation(prefix) + token.markup)
    return "\n".join(lines)


def _is_closed(fence: Token) -> bool:
    first, end = fence.map or (0, 0)
    inside = fence.content.count("\n") + (not fence.content.endswith("\n") and bool(fence.content))
    return end - first - 1 > inside


def _escape_html_blocks(read: Scan, *, patient: bool) -> str:
    """The `<` that begins a block of HTML; when there is no end of them, that of each of its lines."""
    lines = list(read.lines)
    for token in read.tokens:
        if token.type == "html_block" and token.map:
            first, end = token.map
            lines[first] = lines[first].replace("<", "&lt;", 1)
            if not patient:
                lines[first:end] = [_HTML_AT_START.sub(r"\1&lt;", source) for source in lines[first:end]]
    return "\n".join(lines)


def _demote_headings(read: Scan) -> str:
    lines = list(read.lines)
    for opening, inline in reversed(list(zip(read.tokens, read.tokens[1:], strict=False))):
        if opening.type == "heading_open" and opening.map:
            first, end = opening.map
            demote = _demoted_underlined if opening.markup in {"=", "-"} else _demoted
            lines[first:end] = _between_blanks(lines, first, end, demote(lines[first:end], inline))
    return "\n".join(lines)


def _demoted(lines: list[str], inline: Token) -> list[str]:
    at = lines[0].index("#")
    prefix = lines[0][:at]
    return [prefix + (_bold(inline.content) or "\\" + lines[0][at:])]


def _demoted_underlined(lines: list[str], inline: Token) -> list[str]:
    body = lines[:-1]
    shown = _bold(inline.content)
    if shown is None:
        return [*body, _UNDERLINE.sub(lambda match: "\\" + match.group(), lines[-1])]
    rewrite(body, Token("inline", "", 0, content=inline.content, map=[0, len(body)]), shown)
    return body


def _bold(content: str) -> str | None:
    """The content of a heading as a bold paragraph; as it is, if only so it stays what it was; else None."""
    if not content:
        return None
    bold = f"**{content}**"
    if "**" not in content and inline_html(bold) == f"<strong>{inline_html(content)}</strong>":
        return bold
    return content if _is_one_paragraph(content) else None


def _between_blanks(lines: list[str], first: int, end: int, paragraph: list[str]) -> Iterator[str]:
    prefix = _markers(lines[first])
    blank = _continuation(prefix).rstrip()
    if _has_text(lines, first - 1) and not prefix.strip(" \t>"):
        yield blank
    yield from paragraph
    if _has_text(lines, end):
        yield blank


def _part_rules_from_text(read: Scan) -> str:
    """GitHub may read `---` as the underline of a heading where it follows a table's row."""
    lines = list(read.lines)
    for token in reversed(read.tokens):
        if token.type == "hr" and token.map and _has_text(lines, token.map[0] - 1):
            first = token.map[0]
            lines[first : first + 1] = _between_blanks(lines, first, first + 1, [lines[first]])
    return "\n".join(lines)


def _mend_tables(read: Scan) -> str:
    """Where GitHub reads a row as something else; and the cells beyond a table's columns, which Markdown drops."""
    lines = list(read.lines)
    columns = 0
    for token in read.tokens:
        if token.type == "th_open":
            columns += 1
        elif token.type == "thead_open" and token.map:
            columns, row = 0, token.map[0]
            lines[row] = _HTML_AT_START.sub(r"\1&lt;", lines[row])
            lines[row + 1] = _UNDERLINE_ALONE.sub(r"\1\\\2", lines[row + 1])
        elif token.type == "tr_open" and token.map and columns:
            row = token.map[0]
            lines[row] = _with_cells(_NO_ROW.sub(r"\1\\\2", _HTML_AT_START.sub(r"\1&lt;", lines[row])), columns)
            lines[row] = _ESCAPE_AT_START.sub(_escaped_start, lines[row])
    return "\n".join(lines)


def _part_false_rows(read: Scan) -> str:
    """A line that begins something else is no row for GitHub: as titles it makes no table, and below it ends one."""
    lines = list(read.lines)
    titles = {token.map[0] for token in read.tokens if token.type == "thead_open" and token.map}
    firsts = {cell.map[0]: cell for cell in reversed(read.tokens) if cell.type == "inline" and cell.map}
    for row in sorted({t.map[0] for t in read.tokens if t.type == "tr_open" and t.map}, reverse=True):
        at = lines[row].find(firsts[row].content.replace("|", "\\|") or "|")
        prefix = lines[row][: max(at, 0)].rstrip(" \t|")
        if _block_types(lines[row][len(prefix) :].strip()) != _ONE_PARAGRAPH:
            lines.insert(row + 1 if row in titles else row, _continuation(prefix).rstrip())
    return "\n".join(lines)


def _with_cells(row: str, columns: int) -> str:
    body_at = len(_markers(row))
    body = row[body_at:].rstrip()
    bars = [match.start() for match in re.finditer(r"(?<!\\)\|", body)]
    bars = [at for at in bars if 0 < at < len(body) - 1]
    for at in reversed(bars[columns - 1 :]):
        body = f"{body[:at]}\\{body[at:]}"
    return row[:body_at] + body + row[body_at + len(row[body_at:].rstrip()) :]


def _mend_inline(read: Scan, mentions: Mentions) -> str:
    lines = list(read.lines)
    cell_at: dict[int, int] = {}
    for opening, token in reversed(list(zip(read.tokens, read.tokens[1:], strict=False))):
        if token.type != "inline" or opening.type == "heading_open":
            continue
        content = _apply(token.content, inline_edits(token.content, read.references, mentions))
        if opening.type == "paragraph_open":
            content = _ESCAPE_AT_START.sub(_escaped_start, content)
        if content == token.content:
            continue
        if opening.type == "paragraph_open":
            rewrite(lines, token, content)
        else:
            _rewrite_cell(lines, token, content, cell_at)
    return "\n".join(lines)


def _escaped_start(match: re.Match[str]) -> str:
    if match["html"]:
        return match.group().removesuffix("<") + "&lt;"
    return match.group() + "\\"


def _apply(content: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        content = content[: edit.start] + edit.text + content[edit.end :]
    return content


def _rewrite_cell(lines: list[str], token: Token, content: str, done_from: dict[int, int]) -> None:
    """Cells come last one first, so that a cell is looked for left of those already done."""
    row = (token.map or (0, 0))[0]
    old, new = token.content.replace("|", "\\|"), content.replace("|", "\\|")
    at = lines[row].rfind(old, 0, done_from.get(row, len(lines[row])))
    if at < 0:
        raise Unmendable
    lines[row] = lines[row][:at] + new + lines[row][at + len(old) :]
    done_from[row] = at


def _show_definitions(read: Scan) -> str:
    text = read.text
    for offset in sorted(read.definitions, reverse=True):
        text = f"{text[:offset]}\\{text[offset:]}"
    return text
