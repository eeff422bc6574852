"""A folder of pages as a zip file: an index, a page for each week, days with front matter, and their attachments."""

import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import BinaryIO, Final

from bot.domain import markdown
from bot.domain.day_record import KeptFile
from bot.domain.journal import Page
from bot.domain.team import StudyDay
from bot.domain.titles import lecture_heading
from bot.i18n import Language, _
from bot.pages.exports import Export, ExportedDay, FoundFile, MediaFile, day_name
from bot.pages.journal import render_page
from bot.pages.links import with_links

_STORED: Final = re.compile(r"\.(zip|gz|7z|png|jpe?g|gif|webp|mp[34]|pdf|docx|pptx|xlsx)$", re.IGNORECASE)
"""Files that are packed already."""


class ZipWriter:
    with_media = True

    def __init__(self, out: BinaryIO, export: Export) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._export = export
        self._numbered = {day.number: export.folders[day.date] for day in reversed(export.days)}
        self._summaries: list[tuple[StudyDay, list[str]]] = []
        self._missing: list[tuple[StudyDay, MediaFile]] = []

    def add(self, exported: ExportedDay) -> None:
        folder = self._export.folders[exported.day.date]
        text = with_links(render_page(exported.page, self._export.language), folder, self._numbered)
        for file in exported.media:
            if file.found is None:
                self._missing.append((exported.day, file))
                continue
            name = media_name(file.kept, file.found)
            self._write(f"{folder}/media/{name}", file.found.data)
            text = text.replace(f"]({file.url})", f"](media/{name})")
        self._write(f"{folder}/README.md", (front_matter(exported, self._export) + text).encode())
        self._summaries.append((exported.day, list(_summary(exported.page, self._export.language))))

    def finish(self) -> None:
        for week, summaries in groupby(self._summaries, key=lambda each: self._week(each[0])):
            self._write(f"{week}/README.md", self._week_page(week, list(summaries)).encode())
        self._write("README.md", self._index().encode())
        self._zip.close()

    def _week(self, day: StudyDay) -> str:
        return self._export.folders[day.date].split("/")[0]

    def _write(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(name)  # always the same time, so that equal pages make equal files
        entry.compress_type = zipfile.ZIP_STORED if _STORED.search(name) else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        self._zip.writestr(entry, data)

    def _week_page(self, week: str, summaries: Sequence[tuple[StudyDay, list[str]]]) -> str:
        """The days of a week, with the lectures presented and how much there is."""
        lines = [f"# {_week_name(week, self._export.language)}", ""]
        for day, summary in summaries:
            lines.append(self._link(day, self._export.folders[day.date].split("/")[1]))
            lines += [f"  - {line}" for line in summary]
        return "\n".join(lines) + "\n"

    def _index(self) -> str:
        lang = self._export.language
        owner = "" if self._export.owner is None else f" · {self._export.owner}"
        lines = [f"# {markdown.line(self._export.team + owner)}"]
        for week, summaries in groupby(self._summaries, key=lambda each: self._week(each[0])):
            lines += ["", f"## [{_week_name(week, lang)}]({week}/README.md)", ""]
            lines += [self._link(day, self._export.folders[day.date]) for day, _summary in summaries]
        if self._missing:
            heading = lang(_("Attachments that could not be fetched"))
            lines += ["", f"## {heading}", ""]
            lines += [f"- {markdown.line(day_name(day, lang))} · {_original(file)}" for day, file in self._missing]
        return "\n".join(lines) + "\n"

    def _link(self, day: StudyDay, folder: str) -> str:
        lang = self._export.language
        return f"- [{markdown.line(day_name(day, lang))}]({folder}/README.md) · {lang.day(day.date)}"


def front_matter(exported: ExportedDay, export: Export) -> str:
    """What programs want to know of a page, as YAML: every value is JSON, which YAML reads."""
    day = exported.day
    facts: dict[str, object] = {
        "day": day.number,
        "date": day.date.isoformat(),
        "title": exported.page.title,
        "team": export.team,
        "member": export.owner,
        "closed": day.closed,
    }
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items() if value is not None)
    return "\n".join(["---", *lines, "---", "", ""])


def media_name(kept: KeptFile, found: FoundFile) -> str:
    """`1234-slides.pdf`: the message's id keeps apart what has the same name."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", found.name).strip(".")
    return f"{kept.message_id}-{plain[-60:] or 'file'}"


def _original(file: MediaFile) -> str:
    return markdown.link(file.title, file.url)


def _week_name(week: str, lang: Language) -> str:
    return lang(_("Week {number}"), number=int(week.removeprefix("week")))


def _summary(page: Page, lang: Language) -> Iterator[str]:
    for presented in page.session.lectures:
        yield markdown.line(lecture_heading(presented.lecture) or lang(_("Lecture")))
    questions = sum(len(presented.questions) for presented in page.session.lectures)
    questions += len(page.session.further) + len(page.session.minutes.questions)
    counts = (
        (_("notes: {count}"), sum(len(part.notes) for part in page.lectures)),
        (_("questions: {count}"), questions),
        (_("retrospectives: {count}"), len(page.retrospectives)),
    )
    shown = [lang(text, count=count) for text, count in counts if count]
    if shown:
        yield " · ".join(shown)
