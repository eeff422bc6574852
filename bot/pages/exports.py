"""Pages of several days written into one file, one day at a time, so that memory holds one day.

md     one page                      json   what the pages say, for other programs
zip    a folder of pages             csv    the same as a table
html   one file to read and print
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Literal, Protocol

from bot.domain.day_record import KeptFile
from bot.domain.journal import Page
from bot.domain.page_facts import FORMAT, VERSION, page_facts
from bot.domain.page_rows import COLUMNS, page_rows
from bot.domain.team import StudyDay
from bot.i18n import Language, _
from bot.pages.html import html_parts, page_html
from bot.pages.journal import render_page
from bot.pages.links import with_targets

Form = Literal["md", "zip", "json", "csv", "html"]


@dataclass(frozen=True)
class Export:
    """What is exported: whose pages (`owner` None: the team's), of which days, and the folder of each."""

    team: str
    owner: str | None
    days: Sequence[StudyDay]
    folders: Mapping[date, str]
    language: Language


@dataclass(frozen=True)
class FoundFile:
    """An attachment as it was fetched: its own name, which says what kind of file it is, and what is in it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class MediaFile:
    """An attachment of a page under the title it has there; `found` is None if it is gone or does not fit."""

    kept: KeptFile
    url: str
    title: str
    found: FoundFile | None


@dataclass(frozen=True)
class ExportedDay:
    """A day with its page."""

    day: StudyDay
    page: Page
    media: Sequence[MediaFile] = ()


class Writer(Protocol):
    """Writes an export into a file. `with_media`: it has a place for attachments."""

    with_media: bool

    def add(self, exported: ExportedDay) -> None:
        """Write one day; they come in order."""

    def finish(self) -> None:
        """Write what comes last."""


class MarkdownWriter:
    with_media = False

    def __init__(self, out: BinaryIO, export: Export) -> None:
        self._out, self._export = out, export

    def add(self, exported: ExportedDay) -> None:
        self._out.write(render_page(exported.page, self._export.language).encode())

    def finish(self) -> None:
        """Nothing comes behind a page."""


class JsonWriter:
    with_media = False

    def __init__(self, out: BinaryIO, export: Export) -> None:
        self._out = out
        self._begun = False
        head = {"format": FORMAT, "version": VERSION, "team": export.team, "owner": export.owner}
        self._write(json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "days": [')

    def add(self, exported: ExportedDay) -> None:
        facts = {**page_facts(exported.page), "closed": exported.day.closed}
        self._write((",\n" if self._begun else "\n") + json.dumps(facts, ensure_ascii=False, indent=1))
        self._begun = True

    def finish(self) -> None:
        self._write("\n ]\n}\n")

    def _write(self, text: str) -> None:
        self._out.write(text.encode("utf-8", "replace"))


class CsvWriter:
    with_media = False

    def __init__(self, out: BinaryIO, export: Export) -> None:  # noqa: ARG002  # as all writers are made
        self._out = out
        out.write("\ufeff".encode())  # spreadsheets read Hangul only behind it
        self._write([COLUMNS])

    def add(self, exported: ExportedDay) -> None:
        self._write(list(page_rows(exported.page)))

    def finish(self) -> None:
        """Nothing comes behind the rows."""

    def _write(self, rows: Sequence[Sequence[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        self._out.write(text.getvalue().encode())


class HtmlWriter:
    with_media = False

    def __init__(self, out: BinaryIO, export: Export) -> None:
        self._out, self._export = out, export
        self._anchors = {day.number: f"#{anchor(day)}" for day in reversed(export.days)}
        days = [(anchor(day), day_name(day, export.language)) for day in export.days]
        before, self._behind = html_parts(export_title(export), days, export.language)
        out.write(before.encode())

    def add(self, exported: ExportedDay) -> None:
        page = with_targets(render_page(exported.page, self._export.language), self._anchors.get)
        self._out.write(page_html(page, anchor(exported.day)).encode())

    def finish(self) -> None:
        self._out.write(self._behind.encode())


def anchor(day: StudyDay) -> str:
    """`day27-2026-11-24`: a moved start may give a number out twice."""
    return f"day{day.number}-{day.date}"


def day_name(day: StudyDay, lang: Language) -> str:
    """`Day27 NLP 5~6강`."""
    number = lang(_("Day {number}"), number=day.number)
    return f"{number} {day.title}".strip()


def export_title(export: Export) -> str:
    """`스터디 · Day27 NLP 5~6강`, `스터디 · 하늘 · 2026-11-02 – 2026-11-24`."""
    first, last = export.days[0], export.days[-1]
    span = day_name(first, export.language) if first == last else f"{first.date} – {last.date}"
    return " · ".join(filter(None, (export.team, export.owner, span)))
