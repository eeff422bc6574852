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
from collections.abc import Callable
from typing import Final

from markdown_it.token import Token

from bot.domain.discord_text import Mentions
from bot.domain.markdown_lines import (
    HTML_AT_START,
    Unmendable,
    between_blanks,
    code_lines,
    continuation,
    is_one_paragraph,
    markers,
    rewrite,
)
from bot.domain.markdown_scan import Edit, Scan, inline_edits, inline_html, scan
from bot.domain.markdown_tables import (
    escape_line_starts,
    mend_tables,
    part_false_rows,
    part_rules_from_text,
    rewrite_cell,
)

MAX_LEVEL: Final = 12
"""Deepest nesting that a page takes; parsers give up at about twenty, and the page's own lists come on top."""

_MAX_ROUNDS: Final = 40
_PATIENT_ROUNDS: Final = 8

_UNDERLINE: Final = re.compile(r"(?:=+|-+)[ \t]*$")


def mend(text: str, mentions: Mentions) -> str:
    """The text (cleaned, not blank) such that it neither contains nor does anything that a page forbids.

    Raises Unmendable when it is nested too deeply, or when changing it does not come to an end.
    """
    try:
        for round_number in range(_MAX_ROUNDS):
            mended = _round(scan(text), mentions)
            if round_number > _PATIENT_ROUNDS:
                mended = _escape_all_html_blocks(scan(mended))
            if mended == text:
                return text
            text = mended
    except RecursionError as error:
        raise Unmendable from error
    raise Unmendable


def _round(read: Scan, mentions: Mentions) -> str:
    """One kind of change: the first of which there is something to change."""
    if any(token.level > MAX_LEVEL for token in read.tokens):
        raise Unmendable
    for change in _CHANGES:
        if (mended := change(read)) != read.text:
            return mended
    # Links are made inline while their definitions are still there.
    if (mended := _mend_inline(read, mentions)) != read.text:
        return mended
    return _show_definitions(read)


# The changes


def _fence_math(read: Scan) -> str:
    """`$$` blocks that Markdown would read as more than one paragraph (a `=` line, a blank line, a list)."""
    lines = list(read.lines)
    inside_code = code_lines(read)
    marks = [n for n, source in enumerate(lines) if source.strip() == "$$" and n not in inside_code]
    for first, last in reversed(list(zip(marks[::2], marks[1::2], strict=False))):
        if not is_one_paragraph("\n".join(lines[first : last + 1])):
            lines[first : last + 1] = _fenced(lines[first + 1 : last], "math")
    return "\n".join(lines)


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
        source if number in inside_code else markers(source).expandtabs(4) + source[len(markers(source)) :]
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
            lines.insert(min(end, len(lines)), continuation(prefix) + token.markup)
    return "\n".join(lines)


def _is_closed(fence: Token) -> bool:
    first, end = fence.map or (0, 0)
    inside = fence.content.count("\n") + (not fence.content.endswith("\n") and bool(fence.content))
    return end - first - 1 > inside


def _escape_html_blocks(read: Scan) -> str:
    """The `<` that begins a block of HTML."""
    lines = list(read.lines)
    for token in read.tokens:
        if token.type == "html_block" and token.map:
            lines[token.map[0]] = lines[token.map[0]].replace("<", "&lt;", 1)
    return "\n".join(lines)


def _escape_all_html_blocks(read: Scan) -> str:
    """When there is no end of them, the `<` of all their lines, though some may be in code."""
    lines = list(read.lines)
    for token in read.tokens:
        if token.type == "html_block" and token.map:
            span = slice(*token.map)
            lines[span] = [HTML_AT_START.sub(r"\1&lt;", source) for source in lines[span]]
    return "\n".join(lines)


def _demote_headings(read: Scan) -> str:
    lines = list(read.lines)
    for opening, inline in reversed(list(zip(read.tokens, read.tokens[1:], strict=False))):
        if opening.type == "heading_open" and opening.map:
            first, end = opening.map
            demote = _demoted_underlined if opening.markup in {"=", "-"} else _demoted
            lines[first:end] = between_blanks(lines, first, end, demote(lines[first:end], inline))
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
    return content if is_one_paragraph(content) else None


def _mend_inline(read: Scan, mentions: Mentions) -> str:
    lines = list(read.lines)
    cell_at: dict[int, int] = {}
    for opening, token in reversed(list(zip(read.tokens, read.tokens[1:], strict=False))):
        if token.type != "inline" or opening.type == "heading_open":
            continue
        content = _apply(token.content, inline_edits(token.content, read.references, mentions))
        if opening.type == "paragraph_open":
            content = escape_line_starts(content)
        if content == token.content:
            continue
        if opening.type == "paragraph_open":
            rewrite(lines, token, content)
        else:
            rewrite_cell(lines, token, content, cell_at)
    return "\n".join(lines)


def _apply(content: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        content = content[: edit.start] + edit.text + content[edit.end :]
    return content


def _show_definitions(read: Scan) -> str:
    text = read.text
    for offset in sorted(read.definitions, reverse=True):
        text = f"{text[:offset]}\\{text[offset:]}"
    return text


_CHANGES: Final[tuple[Callable[[Scan], str], ...]] = (
    _fence_math,
    _fence_indented_code,
    _expand_tabs,
    _straighten_quotes,
    _close_fences,
    _escape_html_blocks,
    _demote_headings,
    part_rules_from_text,
    mend_tables,
    part_false_rows,
)
"""In this order: what comes later relies on what is before it being done."""
