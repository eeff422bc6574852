"""Pages of days as they really are: of any shape, with very much in them, with the same name twice, in any script."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.day_record import (
    Answer,
    Assignment,
    DayRecord,
    Lecture,
    Member,
    MinutesEntry,
    Note,
    Question,
    Retrospective,
    Submission,
)
from bot.domain.journal import arrange_member_page, arrange_team_page
from bot.domain.page_facts import page_facts
from bot.domain.page_rows import page_rows
from bot.domain.retro import FREE_FIELD, Reflection
from bot.i18n import ENGLISH, KOREAN
from bot.pages.html import page_html
from bot.pages.journal import render_member_page, render_team_page
from tests.domain.reading import headings, html_in, read
from tests.pages.test_html import Reader, assert_harmless
from tests.pages.test_journal import SECTIONS, assert_contents_resolve, missing, sections

MEMBERS = (Member(1, 1, "하늘"), Member(2, 2, "نور"), Member(3, 3, "🎉"))

PIECES = (
    "그냥 말 {}",
    "# 제목 {}\n본문",
    "- 목록 {}\n  - 안쪽\n    1. 더 안쪽",
    "| a | b |\n|---|---|\n| {} | $x_1$ |",
    '```rust\nfn main() {{ println!("{}"); }}\n```',
    "수식 $\\frac{{1}}{{2}}$ {}\n\n$$\na = b\n$$",
    "![그림 {}](https://example.com/a.png)",
    "<div>{}</div> @everyone <@1>",
    "שלום {} עולם",
    "👩‍👩‍👧 {} 🇰🇷",
)


@dataclass
class Day:
    """A day being made up, and the words of each section that have to be found there."""

    draw: st.DrawFn
    words: dict[int, list[str]] = field(default_factory=lambda: {1: [], 2: [], 3: [], 4: []})
    private: dict[int, list[str]] = field(default_factory=lambda: {member.id: [] for member in MEMBERS})
    written: int = 0

    def text(self, section: int) -> str:
        """For all to read."""
        return self._text(self.words[section])

    def secret(self, member: int) -> str:
        """For one person's own page."""
        return self._text(self.private[member])

    def _text(self, words: list[str]) -> str:
        self.written += 1
        words.append(f"word{self.written}z")
        return self.draw(st.sampled_from(PIECES)).format(words[-1])

    def secrets(self, reader: int | None) -> list[str]:
        """What nobody shows this reader; None: what the team's page does not show."""
        return [word for member, words in self.private.items() if member != reader for word in words]

    def many(self, most: int) -> range:
        return range(self.draw(st.integers(0, most)))

    def one_of(self, *values):
        return self.draw(st.sampled_from(values))


@st.composite
def days(draw: st.DrawFn) -> tuple[DayRecord, Day]:
    """Any number of everything, belonging to anything."""
    day = Day(draw)
    studied = tuple(Lecture(n, "NLP", day.one_of("5강", ""), day.one_of("같은 이름", "RNN")) for n in day.many(3))
    presented = tuple(Lecture(10 + n, "NLP", "3강", "같은 이름", (1,)) for n in day.many(3))
    anywhere = (None, *(lecture.id for lecture in (*studied, *presented)))
    kinds = ("note", "discussion", "decision", "action", "announcement", "material")
    due = datetime(2026, 11, 24, 9, tzinfo=UTC)
    record = DayRecord(
        number=27,
        date=date(2026, 11, 24),
        zone=UTC,
        members=MEMBERS,
        lectures_studied=studied,
        lectures_presented=presented,
        notes=tuple(Note(day.one_of(*studied).id, day.one_of(1, 2), day.text(1)) for _ in day.many(4) if studied),
        assignments=tuple(
            Assignment(n, f"과제 {n}", required=True, due=due, description=day.text(2),
                       submissions=tuple(Submission(m, due, note=day.secret(m)) for m in (1, 2)[: day.one_of(0, 2)]))
            for n in day.many(2)
        ),
        questions=tuple(
            Question(n, day.text(3), day.one_of(None, 1, 3), day.one_of("open", "answered", "mentor"),
                     day.one_of(True, False), day.one_of(*anywhere), tuple(Answer(2, day.text(3)) for _ in day.many(2)))
            for n in day.many(6)
        ),
        minutes=tuple(MinutesEntry(day.one_of(*kinds), day.text(3), day.one_of(*anywhere)) for _ in day.many(6)),
        retrospectives=(
            *(Retrospective("team", (Reflection(FREE_FIELD, day.text(4)),), m) for m in (1, 2)[: day.one_of(0, 1, 2)]),
            *(Retrospective("private", (Reflection(FREE_FIELD, day.secret(3)),), 3) for _ in day.many(1)),
        ),
    )  # fmt: skip
    return record, day


@given(days(), st.sampled_from([KOREAN, ENGLISH]))
def test_on_any_day_every_fact_is_in_its_section(made, lang) -> None:
    record, day = made
    page = render_team_page(record, lang)
    tokens = read(page)
    _contents, *titles = SECTIONS[lang.code]
    assert [text for level, text in headings(tokens) if level == "h2"] == SECTIONS[lang.code]
    assert len([level for level, _ in headings(tokens) if level == "h1"]) == 1
    assert_contents_resolve(page, lang)
    assert html_in(tokens) == []
    parts = sections(page)
    for section, title in enumerate(titles, start=1):
        assert missing(day.words[section], parts[title]) == []
    assert not [word for word in day.secrets(None) if word in page]
    html = Reader(page_html(page, "x"))
    assert_harmless(html)
    assert set(html.inner_links()) <= set(html.of("id"))
    arranged = arrange_team_page(record)
    for told in (html.text + str(html.attributes), str(page_facts(arranged)), str(list(page_rows(arranged)))):
        assert not [word for words in day.words.values() for word in words if word not in told]
        assert not [word for word in day.secrets(None) if word in told]


def crowded(**parts: object) -> DayRecord:
    presented = (Lecture(1, "", "", "RNN"),)
    day = DayRecord(number=1, date=date(2026, 1, 5), zone=UTC, members=MEMBERS, lectures_presented=presented)
    return replace(day, **parts)


@pytest.mark.parametrize("lang", [KOREAN, ENGLISH], ids=lambda lang: lang.code)
def test_two_hundred_questions_and_a_hundred_kilobytes_of_notes(lang) -> None:
    note = "\n\n".join(PIECES[n % len(PIECES)].format(f"note{n}z") for n in range(2700))
    assert len(note.encode()) > 100_000
    questions = tuple(Question(n, f"질문 ask{n}z `코드`", 1, lecture_id=1) for n in range(200))
    record = crowded(
        lectures_studied=(Lecture(2, "NLP", "5강", "긴 강의"),), notes=(Note(2, 1, note),), questions=questions
    )
    parts = sections(render_team_page(record, lang))
    titles = SECTIONS[lang.code]
    assert missing([f"ask{n}z" for n in range(200)], parts[titles[3]]) == []
    assert missing([f"note{n}z" for n in range(2700)], parts[titles[1]]) == []
    own = render_member_page(record, 2, lang)
    assert "note1z" not in own
    assert "ask199z" in own
    assert len(list(page_rows(arrange_member_page(record, 2)))) == 200
