"""Pages in every form they are taken away in: whole, whatever the day was like, and only for whom they are."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.day_record import DayRecord, Lecture, Note, Question
from bot.domain.journal_weeks import page_folders
from bot.domain.team import StudyDay
from bot.i18n import ENGLISH, KOREAN
from bot.pages.archive import ZipWriter
from bot.pages.exports import CsvWriter, Export, ExportedDay, HtmlWriter, JsonWriter, MarkdownWriter
from bot.services.journal.exporting import arranged
from tests.costly import costly
from tests.pages.test_html import Reader
from tests.pages.test_real_life import MEMBERS, PIECES, crowded, days

WRITERS = {"md": MarkdownWriter, "zip": ZipWriter, "json": JsonWriter, "csv": CsvWriter, "html": HtmlWriter}


def file_of(form: str, records: list[DayRecord], lang, owner: int | None = None) -> bytes:
    """The pages of these days, the team's or a member's own."""
    listed = [StudyDay(record.number, record.date, record.number, "", closed=False) for record in records]
    name = next((member.name for member in MEMBERS if member.id == owner), None)
    out = io.BytesIO()
    writer = WRITERS[form](out, Export("스터디", name, listed, page_folders(listed), lang))
    for day, record in zip(listed, records, strict=True):
        writer.add(ExportedDay(day, arranged(record, owner)))
    writer.finish()
    return out.getvalue()


def said(form: str, data: bytes) -> str:
    """What a reader finds in the file; in what is not for people, all of it."""
    if form == "zip":
        archive = zipfile.ZipFile(io.BytesIO(data))
        return "\n".join(archive.read(name).decode() for name in archive.namelist())
    text = data.decode("utf-8-sig")
    if form == "json":
        return json.dumps(json.loads(text), ensure_ascii=False)
    if form == "csv":
        return "\n".join(cell for row in csv.reader(io.StringIO(text)) for cell in row)
    return Reader(text).text + str(Reader(text).attributes) if form == "html" else text


@costly(40)
@given(days(), st.sampled_from([None, 1, 2, 3]), st.sampled_from([KOREAN, ENGLISH]))
def test_nobody_takes_away_what_somebody_else_keeps_to_themselves(made, owner, lang) -> None:
    record, day = made
    for form in WRITERS:
        data = file_of(form, [record], lang, owner)
        raw = said(form, data) + data.decode(errors="replace")
        assert not [word for word in day.secrets(owner) if word in raw], form
        assert not [word for word in day.private.get(owner, ()) if word not in said(form, data)], form


@pytest.mark.parametrize("form", ["zip", "json", "csv", "html"])  # the zip has the Markdown
def test_a_day_of_real_life_is_whole_in_every_form(form) -> None:
    note = "\n\n".join(PIECES[n % len(PIECES)].format(f"note{n}z") for n in range(2700))
    assert len(note.encode()) > 100_000
    busy = replace(
        crowded(),
        lectures_studied=(Lecture(2, "NLP", "5강", "같은 이름"), Lecture(3, "NLP", "5강", "같은 이름")),
        lectures_presented=(Lecture(1, "NLP", "3강", "RNN", (1,)), Lecture(4, "NLP", "3강", "RNN", (2,))),
        notes=(Note(2, 1, note), Note(3, 2, "두 번째 같은 이름 twin2z")),
        questions=tuple(Question(n, f"질문 ask{n}z `코드` שלום", 1, lecture_id=(1, 4)[n % 2]) for n in range(200)),
    )
    quiet = replace(crowded(), number=2, date=busy.date.replace(day=6), lectures_presented=())
    text = said(form, file_of(form, [busy, quiet], KOREAN))
    words = [*(f"note{n}z" for n in range(2700)), "twin2z", *(f"ask{n}z" for n in range(200))]
    assert [word for word in words if word not in text] == []
    assert "שלום" in text
    assert "👩‍👩‍👧" in text


def test_a_page_to_print_loads_nothing_and_has_its_formulas_as_mathml() -> None:
    note = Note(2, 1, "\n\n".join(piece.format("x") for piece in PIECES))
    record = replace(crowded(), lectures_studied=(Lecture(2, "NLP", "5강", "x"),), notes=(note,))
    text = file_of("html", [record, replace(record, number=2, date=record.date.replace(day=6))], KOREAN).decode()
    reader = Reader(text)
    loaders = {"script", "link", "img", "iframe", "object", "embed", "video", "audio", "base", "source"}
    assert not loaders & set(reader.tags)
    loading = {"src", "srcset", "poster", "background", "data", "action", "ping"}
    assert not loading & {name for name, _value in reader.attributes}
    assert "url(" not in text
    assert "@import" not in text
    assert {value for name, value in reader.attributes if name == "xmlns"} <= {"http://www.w3.org/1998/Math/MathML"}
    assert reader.tags.count("math") == 2 * 3
    assert "https://example.com/a.png" in reader.of("href")
