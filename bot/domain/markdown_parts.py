"""Texts made of parts that are safe as they stand: paragraphs, headings, lists, tables, code, LaTeX.

What the long way through the parser would come to is known beforehand if every part begins at the margin (or is a list
below a list) and holds nothing that a page forbids or that is left open. All else is not recognised. A property in the
tests checks that the long way would have come to the same.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from bot.domain.discord_text import DISCORD_MARKUP, Mentions
from bot.domain.markdown_line import Markdown, line
from bot.domain.markdown_prose import ADDRESS, PLAIN_LINE, WORDS, Prose, with_breaks

_FENCE: Final = re.compile(r"```[A-Za-z0-9_+#.-]*")
_HEADING: Final = re.compile(rf"#{{1,6}} ({WORDS})")
_BULLET: Final = re.compile(r"( *)- (\S.*)")
_NUMBERED: Final = re.compile(r"(\d{1,9})([.)]) (\S.*)")
_CODE: Final = r"`[^`|\\<\s](?:[^`|\\<]*[^`|\\<\s])?`"
_CELL: Final = rf" *(?:{WORDS}|{_CODE}(?: [+·/] {_CODE})*|\$[A-Za-z]\$) *"
_ROW: Final = re.compile(rf"\|(?:{_CELL}\|)+")
_RULE: Final = re.compile(r"\|(?: ?:?-+:? ?\|)+")
_DEFINITION: Final = re.compile(rf"^\[([0-9]+)\]: ({ADDRESS})$", re.MULTILINE)
_NUMBER_IN_BRACKETS: Final = re.compile(r"\[\s*[0-9]+\s*\]")
_REFERENCE: Final = re.compile(rf"\[({WORDS})\]\[([0-9]+)\]")

_CALM: Final = re.compile(r"(?:[^\W\d_]|\$|\*{1,2}[^\W_]|`(?!``))(?:[^<!\t]|!(?!\[))*(?<!\s)")
"""A line that begins no block. What is in it stays as it was typed, be it code, LaTeX or stray marks."""

_FORMULA: Final = re.compile(r"[A-Za-z\\{(&](?:[^<!\t]|!(?!\[))*(?<!\s)")
_MARKS: Final = re.compile(r"[*_\[]")
_MOST_MARKS: Final = 20
"""More of them in a paragraph could be nested deeper than a page takes."""

_MOST_COLUMNS: Final = 3 * 4
"""How far in a list below a list begins at most: three levels of four."""


class Parts(Markdown):
    """Blocks of which the first is no paragraph: a label stands above them."""

    __slots__ = ()


class _Unrecognised(Exception):
    """Only the long way can tell."""


@dataclass(frozen=True)
class Reader:
    """Recognises the parts of one text, each by how it begins."""

    lines: list[str]
    mentions: Mentions
    line_breaks: bool
    definitions: Mapping[str, str]

    def parts(self) -> Iterator[tuple[type[Markdown], list[str]]]:
        """What each part is, were it the first, and its lines as the page has them."""
        at = 0
        while at < len(self.lines):
            kind, end, made = self._part(at)
            yield kind, made
            at = end

    def _part(self, at: int) -> tuple[type[Markdown], int, list[str]]:
        source = self.lines[at]
        if not source:
            return Markdown, at + 1, [""]
        for begins, kind, read in _KINDS:
            if begins.match(source):
                return kind, *read(self, at)
        return self._paragraph(at)

    def _above(self, at: int) -> str:
        return self.lines[at - 1] if at else ""

    def _below(self, at: int) -> str:
        return self.lines[at] if at < len(self.lines) else ""

    def code(self, at: int) -> tuple[int, list[str]]:
        """From a fence to the next, whatever is in it."""
        inside = list(takewhile(lambda source: "```" not in source, self.lines[at + 1 :]))
        end = at + len(inside) + 1
        _must(_FENCE.fullmatch(self.lines[at]) and self._below(end) == "```")
        _must(not (self.definitions and any(map(_DEFINITION.fullmatch, inside))))
        return end + 1, self.lines[at : end + 1]

    def heading(self, at: int) -> tuple[int, list[str]]:
        heading = _HEADING.fullmatch(self.lines[at])
        if heading is None:
            raise _Unrecognised
        above = [""] if self._above(at) and not self._above(at).startswith("#") else []
        below = [""] if self._below(at + 1) else []
        return at + 1, [*above, f"**{heading[1]}**", *below]

    def bullets(self, at: int) -> tuple[int, list[str]]:
        """Dashes, some further in than others, with one line each."""
        made: list[str] = []
        columns = [0]
        while (source := self._below(at + len(made))) and (bullet := _BULLET.fullmatch(source)):
            column = len(bullet[1])
            while column < columns[-1]:
                columns.pop()
            if column > columns[-1]:
                _must(columns[-1] + 2 <= column <= min(columns[-1] + 5, _MOST_COLUMNS))
                columns.append(column)
            made.append(f"{bullet[1]}- {self._single(bullet[2])}")
        self._must_end(at + len(made))
        return at + len(made), made

    def numbered(self, at: int) -> tuple[int, list[str]]:
        made: list[str] = []
        marks = set()
        while (source := self._below(at + len(made))) and (numbered := _NUMBERED.fullmatch(source)):
            _must(made or not self._above(at))
            marks.add(numbered[2])
            made.append(f"{numbered[1]}{numbered[2]} {self._single(numbered[3])}")
        _must(len(marks) == 1)
        self._must_end(at + len(made))
        return at + len(made), made

    def _must_end(self, at: int) -> None:
        """What goes on under a list belongs to its last item."""
        below = self._below(at)
        _must(not below or below.startswith("```") or _HEADING.fullmatch(below))

    def table(self, at: int) -> tuple[int, list[str]]:
        rows = list(takewhile(bool, self.lines[at:]))
        _must(not self._above(at) and len(rows) > 1 and _RULE.fullmatch(rows[1]))
        bars = rows[1].count("|")
        _must(all(row.count("|") == bars and _ROW.fullmatch(row) for row in (rows[0], *rows[2:])))
        return at + len(rows), rows

    def targets(self, at: int) -> tuple[int, list[str]]:
        """Where numbered links lead: shown, as the links have it from now on."""
        rows = list(takewhile(bool, self.lines[at:]))
        _must(not self._above(at) and all(map(_DEFINITION.fullmatch, rows)))
        _must(len(rows) == 1 or not self.line_breaks)
        return at + len(rows), [f"\\{row}" for row in rows]

    def _paragraph(self, at: int) -> tuple[type[Markdown], int, list[str]]:
        rows = list(takewhile(_goes_on, self.lines[at:]))
        _must(rows)
        made = [self._worded(row) for row in rows]
        if all(map(PLAIN_LINE.fullmatch, made)):
            return Prose, at + len(rows), with_breaks(made) if self.line_breaks else made
        _must(made == rows and (len(rows) == 1 or not self.line_breaks or _has_long_formula(rows)))
        self._must_be_calm(rows)
        return Markdown, at + len(rows), rows

    def _single(self, source: str) -> str:
        """A paragraph of one line, in a list."""
        made = self._worded(source)
        if not PLAIN_LINE.fullmatch(made):
            _must(made == source)
            self._must_be_calm([source])
        return made

    def _worded(self, source: str) -> str:
        """With names for mentions and addresses for numbers; for plain words only."""
        source = DISCORD_MARKUP.sub(lambda match: line(self.mentions.text(match)), source)
        return _REFERENCE.sub(self._referred, source) if self.definitions else source

    def _referred(self, match: re.Match[str]) -> str:
        address = self.definitions.get(match[2])
        return match.group() if address is None else f"[{match[1]}]({address})"

    def _must_be_calm(self, rows: list[str]) -> None:
        text = "\n".join(rows)
        _must(len(_MARKS.findall(text)) <= _MOST_MARKS)
        _must(not (self.definitions and _NUMBER_IN_BRACKETS.search(text)))
        inside = False
        for row in rows:
            if row == "$$":
                inside = not inside
            else:
                _must((_FORMULA if inside else _CALM).fullmatch(row))
        _must(not inside)


_KINDS: Final[Sequence[tuple[re.Pattern[str], type[Markdown], Callable[[Reader, int], tuple[int, list[str]]]]]] = (
    (re.compile("```"), Parts, Reader.code),
    (re.compile("#"), Prose, Reader.heading),
    (re.compile("- "), Parts, Reader.bullets),
    (_NUMBERED, Parts, Reader.numbered),
    (re.compile(r"\|"), Parts, Reader.table),
    (re.compile(r"\["), Markdown, Reader.targets),
)
"""How a part begins → what it is, were it the first, and how it is read; all else are paragraphs."""


def parts(text: str, mentions: Mentions, *, line_breaks: bool) -> Markdown | None:
    """The parts of a text (cleaned, no blank lines around it) as Markdown; None if there is anything else in it."""
    definitions = _DEFINITION.findall(text) if "]: " in text else []
    try:
        _must(len(dict(definitions)) == len(definitions))
        read = list(Reader(text.split("\n"), mentions, line_breaks, dict(definitions)).parts())
    except _Unrecognised:
        return None
    kind, _ = read[0]
    return kind("\n".join(made for _, lines in read for made in lines))


def _must(holds: object) -> None:
    if not holds:
        raise _Unrecognised


def _goes_on(source: str) -> bool:
    """Whether a line belongs to the paragraph before it; else a part of its own begins."""
    return bool(source) and not source.startswith(("```", "# ", "##", "- "))


def _has_long_formula(rows: list[str]) -> bool:
    """Lines of LaTeX are never broken."""
    return any(row.count("$") % 2 or "$$" in row for row in rows)
