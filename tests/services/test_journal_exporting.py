"""Exports of pages: whose, which days, what is in each form, and nothing of anybody else's."""

import csv
import io
import json
import zipfile
from dataclasses import dataclass, field

import pytest

from bot.db.tables import MemberRow, TeamRow
from bot.domain.day_record import KeptFile
from bot.domain.lectures import NewLecture, NewMaterial
from bot.domain.retro import Visibility
from bot.domain.session import NoteDraft
from bot.domain.submissions import Work
from bot.errors import InvalidInput, NotAllowed
from bot.pages.exports import FoundFile
from bot.services import Services
from bot.services.journal._record import ServerNames, load_record, load_records
from tests.database import reading
from tests.domain.reading import links, read
from tests.services.people import ADMIN, GAON, NARAE, STRANGER, caller
from tests.services.test_journal import look_back

SECRETS = ("나래의 비밀", "나래의 속사정", "거둔 질문")


@dataclass
class FoundMedia:
    """Attachments that are there, by message."""

    files: dict[int, tuple[str, bytes]]
    asked: list[KeptFile] = field(default_factory=list)

    async def fetch(self, kept: KeptFile, room: int) -> FoundFile | None:
        self.asked.append(kept)
        name, data = self.files.get(kept.message_id, ("", None))
        return FoundFile(name, data) if data is not None and len(data) <= room else None


@pytest.fixture
async def lived(team: Services) -> Services:
    """Two days: one with everything that is for the team, for one person, and for nobody; one with a single note."""
    for user, name in ((GAON, "가온"), (NARAE, "나래")):
        await team.roster.add(caller(ADMIN), user, name)
    at = "2026-01-05 10:00"
    gaon, narae = caller(GAON, at=at), caller(NARAE, at=at)
    lecture = await team.lectures.add(gaon, NewLecture("*RNN*", course="NLP", number="3강", presented="오늘"))
    await team.lectures.add_note(
        narae, lecture.id, "나래의 정리: $h_t = \\tanh(W)$\n\n# 큰 제목\n<script>alert(1)</script>"
    )
    for message, name in ((501, "slides.pdf"), (502, "gone.pdf"), (503, "großß 그림.png")):
        material = NewMaterial(name, None, 70, message, message + 1000, name)
        await team.lectures.add_material(gaon, lecture.id, material)
    await team.questions.ask(narae, '=HYPERLINK("http://evil")', lecture_id=lecture.id)
    asked = await team.questions.ask(narae, "거둔 질문")
    await team.questions.withdraw(narae, asked.id)
    await team.session.note(gaon, NoteDraft("decision", None, None, None), "@SUM(1)은 쓰지 않는다")
    added = await team.assignments.add(caller(ADMIN, at=at), "과제", "2026-01-05 23:59")
    await team.assignments.submit(narae, added.assignment.id, Work(link="https://ex.org/n", note="나래의 속사정"))
    await look_back(team, narae, "나래의 비밀", Visibility.PRIVATE)
    await look_back(team, gaon, "가온의 회고", Visibility.TEAM)
    await team.session.note(caller(GAON, at="2026-01-06 10:00"), NoteDraft(None, None, None, None), "둘째 날의 메모")
    return team


async def exported(services: Services, who, form, days=("1", "2"), *, own=False, **options) -> bytes:
    plan = await services.journal_export.plan(who, *days, own=own)
    out = io.BytesIO()
    await services.journal_export.write(plan, form, out, **options)
    return out.getvalue()


NOW = "2026-01-06 12:00"


@pytest.mark.parametrize("own", [False, True])
async def test_days_read_together_are_what_each_is_alone(lived, own):
    """Also with what one day says of another: late answers, turns, an assignment given out before."""
    later = "2026-01-15 10:00"
    narae, admin = caller(NARAE, at=NOW), caller(ADMIN, at=NOW)
    await lived.lectures.add(narae, NewLecture("LSTM", course="NLP", number="4강", presented="내일"))
    asked = await lived.questions.ask(narae, "언제 쓰나요?")
    await lived.questions.answer(caller(GAON, at="2026-01-07 10:00"), asked.id, "긴 글에요.")
    await lived.assignments.add(admin, "다음 과제", "2026-01-14 18:00")
    await lived.rotation.assign(admin, "moderator", GAON, "2026-01-07", None)
    await lived.session.call_off(caller(ADMIN, at="2026-01-08 10:00"), "저마다 읽었다")
    plan = await lived.journal_export.plan(caller(NARAE, at=later), "1", "9", own=own)
    async with reading(lived.journal.database) as session:
        team = await session.get_one(TeamRow, plan.team_id)
        owner = await session.get_one(MemberRow, plan.owner_id) if own else None
        together = await load_records(session, team, plan.export.days, owner, ServerNames())
        alone = [await load_record(session, team, day, owner, ServerNames()) for day in plan.export.days]
    assert together == alone
    assert [len(record.questions) for record in together] == [1, 1, 1, *[0] * 6]
    assert len({record.moderator_ids for record in together}) > 1
    assert [len(record.assignments) for record in together] == [1, 1, 0, 0, 0, 0, 0, 1, 0]
    assert together[3].session.instead == "저마다 읽었다"


@pytest.mark.parametrize("form", ["md", "zip", "json", "csv", "html"])
async def test_no_form_holds_what_somebody_else_keeps_to_themselves(lived, form):
    for who, own, secrets in (
        (GAON, False, SECRETS),
        (GAON, True, SECRETS),
        (NARAE, False, SECRETS),
        (NARAE, True, ()),
    ):
        data = await exported(lived, caller(who, at=NOW), form, own=own)
        if form == "zip":
            archive = zipfile.ZipFile(io.BytesIO(data))
            data = b"".join(archive.read(name) for name in archive.namelist())
        text = data.decode()
        assert ("나래의 정리" in text) is (who == NARAE or not own)
        assert "둘째 날의 메모" in text
        for secret in secrets:
            assert secret not in text
        if (who, own) == (NARAE, True):
            assert "나래의 비밀" in text
            assert "나래의 속사정" in text


async def test_only_those_who_may_read_the_pages_may_take_them_away(lived):
    with pytest.raises(NotAllowed):
        await lived.journal_export.plan(caller(STRANGER, at=NOW), None, None, own=False)
    with pytest.raises(NotAllowed):
        await lived.journal_export.plan(caller(ADMIN, at=NOW), None, None, own=True)
    with pytest.raises(InvalidInput, match="before"):
        await lived.journal_export.plan(caller(GAON, at=NOW), "2", "1", own=False)


async def test_a_folder_has_an_index_weeks_front_matter_and_the_attachments_that_are_there(lived):
    media = FoundMedia({501: ("slides.pdf", b"%PDF"), 503: ("../groß 그림.png", b"PNG")})
    told = []

    async def progress(done, of):
        told.append((done, of))

    data = await exported(lived, caller(GAON, at=NOW), "zip", media=media, room=1000, progress=progress)
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert archive.namelist() == [
        "week1/day1/media/501-slides.pdf",
        "week1/day1/media/503-_gro_.png",
        "week1/day1/README.md",
        "week1/day2/README.md",
        "week1/README.md",
        "README.md",
    ]
    assert told == [(1, 2), (2, 2)]
    assert media.asked[0] == KeptFile(70, 501, 1501)
    page = archive.read("week1/day1/README.md").decode()
    head, _, body = page.removeprefix("---\n").partition("---\n\n")
    assert head.splitlines() == [
        "day: 1", 'date: "2026-01-05"', 'title: "NLP 3강"', 'team: "스터디"', "closed: true",
    ]  # fmt: skip
    assert body == (await lived.journal.page(caller(GAON, at=NOW), "1", own=False)).text.replace(
        "https://discord.com/channels/7/70/501", "media/501-slides.pdf"
    ).replace("https://discord.com/channels/7/70/503", "media/503-_gro_.png")
    index, week = archive.read("README.md").decode(), archive.read("week1/README.md").decode()
    assert "[gone.pdf](https://discord.com/channels/7/70/502)" in index
    assert "slides.pdf" not in index
    assert r"3강. \*RNN\*" in week
    assert "질문 1개" in week
    for text, folder in ((index, ""), (week, "week1/"), (page, "week1/day1/")):
        for target in links(read(text)):
            if not target.startswith(("http", "#")):
                assert folder + target in archive.namelist(), target


async def test_equal_pages_make_equal_files_and_attachments_stay_within_their_room(lived):
    who = caller(GAON, at=NOW)
    first, second = [await exported(lived, who, "zip") for _ in range(2)]
    assert first == second
    media = FoundMedia({501: ("a.pdf", b"x" * 60), 502: ("b.pdf", b"x" * 60), 503: ("c.png", b"x" * 30)})
    archive = zipfile.ZipFile(io.BytesIO(await exported(lived, who, "zip", media=media, room=100)))
    assert [name for name in archive.namelist() if "media" in name] == [
        "week1/day1/media/501-a.pdf", "week1/day1/media/503-c.png",
    ]  # fmt: skip


async def test_json_says_what_the_page_says_under_a_version(lived):
    data = json.loads(await exported(lived, caller(GAON, at=NOW), "json"))
    assert {key: data[key] for key in ("format", "version", "team", "owner")} == {
        "format": "study-bot/journal", "version": 1, "team": "스터디", "owner": None,
    }  # fmt: skip
    first, second = data["days"]
    assert (first["number"], first["date"], first["closed"], second["closed"]) == (1, "2026-01-05", True, False)
    assert first["session"]["lectures"][0]["questions"][0]["author"] == "나래"
    assert first["assignments"][0]["handed_in"] == [{"member": "나래", "link": "https://ex.org/n", "attachment": None}]
    assert second["session"]["minutes"] == [
        {"kind": "note", "text": "둘째 날의 메모", "about": "", "owner": None, "due": None}
    ]
    own = json.loads(await exported(lived, caller(NARAE, at=NOW), "json", own=True))
    assert own["days"][0]["assignments"][0]["handed_in"][0]["note"] == "나래의 속사정"


async def test_a_spreadsheet_takes_nothing_for_a_formula(lived):
    text = (await exported(lived, caller(GAON, at=NOW), "csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert '\'=HYPERLINK("http://evil")' in {row["text"] for row in rows}
    assert "'@SUM(1)은 쓰지 않는다" in {row["text"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row["section"] for row in rows} == {"notes", "assignments", "session", "retrospectives"}
    assert {row["person"] for row in rows if row["kind"] == "note"} == {"나래", ""}
