"""The page of a day: read back by a parser, for any text, and as a whole for one invented day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import cycle, takewhile
from pathlib import Path
from urllib.parse import unquote

import pytest
from github_slugger import GithubSlugger
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from bot.domain.day_record import (
    Answer,
    Assignment,
    DayRecord,
    Lecture,
    Material,
    Member,
    MinutesEntry,
    NextDay,
    Note,
    OwnDuty,
    Question,
    Reply,
    Retrospective,
    RoundTable,
    SessionFacts,
    Submission,
)
from bot.domain.markdown import one_line
from bot.domain.retro import FREE_FIELD, Reflection
from bot.i18n import ENGLISH, KOREAN, Language
from bot.pages.journal import render_member_page, render_team_page
from bot.pages.wording import only_markdown
from tests.costly import costly
from tests.domain.nasty_text import nasty_text, numbered_words, with_words
from tests.domain.reading import headings, html_in, read, shown, visible
from tests.pages.day27 import BADA, DAY27, HANEUL, MEMBERS, NARAE

GOLDEN = Path(__file__).parent / "golden"

SECTIONS = {
    "ko": ["목차", "1. 강의 내용 정리", "2. 과제 정리", "3. 피어세션 정리", "4. 학습 회고"],
    "en": ["Contents", "1. Lecture notes", "2. Assignments", "3. Peer session", "4. Retrospectives"],
}
FURTHER = {"ko": "Further Question", "en": "Further questions"}
MINUTES = {"ko": "회의록", "en": "Minutes"}
LABELS = {"ko": "강의", "en": "Lecture"}


def sections(page: str) -> dict[str, list[Token]]:
    """The second-level headings of a page, each with all the tokens that stand under it."""
    found: dict[str, list[Token]] = {}
    current: list[Token] = []
    tokens = read(page)
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            current = found.setdefault(shown(tokens[place + 1]), [])
        current.append(token)
    return found


def links(tokens: list[Token]) -> list[tuple[str, str]]:
    """Text and address of each link."""
    found = []
    for inline in (token for token in tokens if token.type == "inline"):
        children = iter(inline.children or [])
        for child in children:
            if child.type == "link_open":
                text = "".join(part.content for part in takewhile(lambda part: part.type != "link_close", children))
                found.append((text, unquote(str(child.attrs["href"]))))
    return found


def slugs(page: str) -> list[tuple[str, str, str]]:
    """Level, text and address of each heading, as GitHub gives them."""
    slugger = GithubSlugger()
    return [(level, text, f"#{slugger.slug(text)}") for level, text in headings(read(page))]


def assert_contents_resolve(page: str, lang: Language) -> None:
    """The table of contents names the sections and the parts of the session, in order, with the right addresses."""
    expected = [
        (re.sub(r"^\d\. ", "", text) if level == "h2" else text, slug)
        for level, text, slug in slugs(page)
        if level in {"h2", "h3"} and text != SECTIONS[lang.code][0]
    ]
    assert links(sections(page)[SECTIONS[lang.code][0]]) == expected


# Any text, in any field


@dataclass
class Typist:
    """Types nasty texts with words of their own into a record, and remembers which words went where."""

    texts: Iterator[str]
    words: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, part: str) -> str:
        text, used = with_words(next(self.texts), numbered_words(f"{part}{len(self.words)}x"))
        self.words.setdefault(part, [])
        self.words[f"{part} {len(self.words)}"] = used
        return text

    def typed(self, *parts: str) -> list[str]:
        return [word for key, words in self.words.items() if key.split(" ")[0] in parts for word in words]


ADA, BEN, CHO = 1, 2, 3


def record_of(type_into: Typist) -> DayRecord:
    """A day on which every field holds something nasty. The names of parts say who may see them."""

    def answers(part: str) -> tuple[Reflection, ...]:
        return (Reflection(type_into("asked"), type_into(part)), Reflection(FREE_FIELD, type_into(part)))

    names = tuple(Member(number, number, type_into("name")) for number in (ADA, BEN, CHO))
    studied = Lecture(1, type_into("course"), "5강", type_into("studied"))
    presented = Lecture(
        2,
        "",
        type_into("number"),
        type_into("presented"),
        presenter_ids=(ADA, 99),
        materials=(Material(type_into("session"), type_into("session")),),
    )
    second = Lecture(3, "", "4강", type_into("presented"), materials=(Material(type_into("session"), "https://a.b/c"),))
    return DayRecord(
        number=27,
        date=date(2026, 11, 24),
        zone=UTC,
        members=names,
        lectures_studied=(studied,),
        lectures_presented=(presented, second),
        lectures_elsewhere=(Lecture(9, type_into("elsewhere"), "", ""),),
        moderator_ids=(BEN,),
        notes=(Note(1, ADA, type_into("notesofada")), Note(1, BEN, type_into("notesofben"))),
        assignments=(
            Assignment(
                1,
                type_into("assignment"),
                required=True,
                due=datetime(2026, 11, 24, 9, tzinfo=UTC),
                link=type_into("assignment"),
                description=type_into("assignment"),
                submissions=(
                    Submission(ADA, datetime(2026, 11, 24, 8, tzinfo=UTC), note=type_into("workofada")),
                    Submission(BEN, datetime(2026, 11, 24, 7, tzinfo=UTC), note=type_into("workofben")),
                ),
            ),
        ),
        questions=(
            Question(1, type_into("session"), ADA, lecture_id=2, answers=(Answer(BEN, type_into("session")),)),
            Question(2, type_into("session"), None, lecture_id=9, attachment=Material(type_into("session"))),
            Question(3, type_into("further"), CHO, further=True, lecture_id=2),
            Question(4, type_into("withdrawn"), CHO, "withdrawn", further=True),
        ),
        minutes=(
            MinutesEntry("discussion", type_into("session"), lecture_id=2),
            MinutesEntry("material", type_into("session"), lecture_id=2),
            MinutesEntry("decision", type_into("session"), lecture_id=9),
            MinutesEntry("action", type_into("session"), owner_id=ADA, due=date(2026, 11, 30)),
            MinutesEntry("note", type_into("session")),
        ),
        round_tables=(RoundTable(type_into("session"), (Reply(ADA, type_into("session")),)),),
        next_day=NextDay(
            28,
            date(2026, 11, 25),
            (ADA,),
            (replace(second, presenter_ids=(CHO,), unconfirmed_ids=frozenset({CHO})),),
            unconfirmed_ids=frozenset({ADA}),
            own=(OwnDuty(type_into("session"), (BEN,), frozenset({BEN}), lecture_id=2),),
        ),
        retrospectives=(
            Retrospective("team", answers("retroofada"), ADA),
            Retrospective("private", answers("secretofben"), BEN),
            Retrospective("anonymous", answers("nameless"), key="k"),
        ),
        channels={4: type_into("mentioned")},
        roles={3: type_into("mentioned")},
    )


def expected_headings(record: DayRecord, page: str, lang: Language) -> list[tuple[str, str]]:
    """What the template alone would have; which of the two last parts there are depends on what was blank."""
    first, *others = SECTIONS[lang.code]
    found = [text for _, text in headings(read(page))]
    day = f"{'Day27' if lang is KOREAN else 'Day 27'} {record.lectures_studied[0].course} 5강"
    lectures = [lecture_title(lecture, lang) for lecture in record.lectures_presented]
    parts = [*lectures, *(title for title in (FURTHER[lang.code], MINUTES[lang.code]) if title in found)]
    return [
        ("h1", one_line(day)),
        *(("h2", title) for title in (first, *others[:3])),
        *(("h3", title) for title in parts),
        ("h2", others[3]),
    ]


def lecture_title(lecture: Lecture, lang: Language) -> str:
    number, title = one_line(lecture.number), one_line(lecture.title)
    both = f"{number.removesuffix('.')}. {title}" if number and title else number or title
    return both or LABELS[lang.code]


def missing(words: list[str], tokens: list[Token]) -> list[str]:
    found = visible(tokens)
    return [word for word in words if word not in found]


@costly(50)
@given(st.lists(nasty_text, min_size=1, max_size=5), st.sampled_from([KOREAN, ENGLISH]))
def test_nothing_that_people_type_changes_the_page_or_is_lost(texts: list[str], lang: Language) -> None:
    typist = Typist(cycle(texts))
    record = record_of(typist)
    team, own = render_team_page(record, lang), render_member_page(record, BEN, lang)
    for page in (team, own):
        assert headings(read(page)) == expected_headings(record, page, lang)
        assert_contents_resolve(page, lang)
        assert html_in(read(page)) == []
        assert page == page.strip("\n") + "\n"
        assert "\r" not in page
    _, notes, work, session, retros = SECTIONS[lang.code]
    parts = sections(team)
    assert missing(typist.typed("course", "studied", "notesofada", "notesofben"), parts[notes]) == []
    assert missing(typist.typed("assignment"), parts[work]) == []
    assert missing(typist.typed("number", "presented", "session", "further"), parts[session]) == []
    assert missing(typist.typed("retroofada", "nameless"), parts[retros]) == []
    parts = sections(own)
    assert missing(typist.typed("notesofben"), parts[notes]) == []
    assert missing(typist.typed("workofben"), parts[work]) == []
    assert missing(typist.typed("number", "presented", "session", "further"), parts[session]) == []
    assert missing(typist.typed("secretofben"), parts[retros]) == []


@costly(50)
@given(st.lists(nasty_text, min_size=1, max_size=3))
def test_no_page_shows_what_is_not_for_its_readers(texts: list[str]) -> None:
    typist = Typist(cycle(texts))
    record = record_of(typist)
    hidden = {
        render_team_page(record, KOREAN): typist.typed("secretofben", "workofada", "workofben", "withdrawn"),
        render_member_page(record, ADA, KOREAN): typist.typed(
            "secretofben", "notesofben", "workofben", "nameless", "withdrawn"
        ),
        render_member_page(record, BEN, KOREAN): typist.typed(
            "retroofada", "notesofada", "workofada", "nameless", "withdrawn"
        ),
    }
    for page, words in hidden.items():
        assert [word for word in words if word in page] == []


@costly(50)
@given(st.lists(nasty_text, min_size=1, max_size=3))
def test_the_same_day_makes_the_same_bytes(texts: list[str]) -> None:
    pages = {render_team_page(record_of(Typist(cycle(texts))), ENGLISH).encode() for _ in range(2)}
    assert len(pages) == 1


def test_a_template_cannot_print_what_was_not_made_safe() -> None:
    with pytest.raises(TypeError, match="make it Markdown first"):
        only_markdown("<b>")


# One whole day


@pytest.mark.parametrize("lang", [KOREAN, ENGLISH], ids=lambda lang: lang.code)
@pytest.mark.parametrize("owner", [None, NARAE], ids=["team", "narae"])
def test_the_whole_day_is_the_page_we_are_proud_of(lang: Language, owner: int | None) -> None:
    page = render_team_page(DAY27, lang) if owner is None else render_member_page(DAY27, owner, lang)
    golden = GOLDEN / f"day27.{'team' if owner is None else 'narae'}.{lang.code}.md"
    assert page == golden.read_text(encoding="utf-8")


def test_the_headings_are_those_of_the_contract() -> None:
    assert headings(read(render_team_page(DAY27, KOREAN))) == [
        ("h1", "Day27 NLP 5~6강"),
        ("h2", "목차"),
        ("h2", "1. 강의 내용 정리"),
        ("h2", "2. 과제 정리"),
        ("h2", "3. 피어세션 정리"),
        ("h3", "3강. 순환 신경망과 언어 모델"),
        ("h3", "4강. LSTM & GRU"),
        ("h3", "Further Question"),
        ("h3", "회의록"),
        ("h2", "4. 학습 회고"),
    ]
    assert render_team_page(DAY27, KOREAN).startswith("# Day27 NLP 5~6강\n\n")


def test_no_line_ends_in_a_space_outside_code() -> None:
    assert [line for line in render_team_page(DAY27, KOREAN).split("\n") if line != line.rstrip()] == []


def test_code_latex_tables_images_and_links_are_on_the_page_as_typed() -> None:
    page = render_team_page(DAY27, KOREAN)
    for typed in (
        "```python\npairs = Counter(zip(word, word[1:]))\n\n\nbest = max(pairs, key=pairs.get)  # <best>\n```",
        "| 1    | `l` + `o` | 11 |",
        "$\\hat{p} = \\arg\\max_{(a,b)} c_{ab}$",
        "$$\nc_{ab} = \\sum_{w \\in V} n_w \\cdot [ab \\subset w]\n$$",
        '![합치는 순서](https://example.com/bpe.png "그림 1")',
        "[RNN 그림 모음](https://example.com/rnn-figures)",
        "$W_{hy}$ 는 시간마다",
    ):
        assert typed in page


def test_titles_that_come_twice_get_addresses_of_their_own() -> None:
    twins = (Lecture(1, "", "3강", "같은 제목!"), Lecture(2, "", "3강", "같은 제목!"), Lecture(3, "", "", "회의록"))
    page = render_team_page(replace(DAY27, lectures_presented=twins), KOREAN)
    assert_contents_resolve(page, KOREAN)
    assert "(#3강-같은-제목-1)" in page
    assert "(#회의록-1)" in page


def test_lectures_of_several_courses_are_named_with_their_course() -> None:
    lectures = (Lecture(1, "NLP", "3강", "가"), Lecture(2, "CV", "3강", "나"))
    page = render_team_page(replace(DAY27, lectures_presented=lectures), KOREAN)
    assert [text for level, text in headings(read(page)) if level == "h3"][:2] == ["NLP 3강. 가", "CV 3강. 나"]


def test_an_empty_day_has_kind_sentences_and_no_empty_headings() -> None:
    page = render_team_page(DayRecord(1, date(2026, 11, 24), UTC, MEMBERS), KOREAN)
    assert [text for _, text in headings(read(page))] == ["Day1", *SECTIONS["ko"]]
    for sentence in ("이날 공부한 강의는 없어요.", "이날은 과제가 없어요.", "이날은 피어세션 기록이 없어요."):
        assert sentence in page
    assert page.endswith("아직 올라온 회고가 없어요.\n")


def test_a_round_table_without_a_reply_says_so_and_the_facts_of_the_session_are_one_list() -> None:
    facts = SessionFacts(present=3)
    page = render_team_page(replace(DAY27, round_tables=(RoundTable("어땠나요?", ()),), session=facts), KOREAN)
    assert "**돌아가며 한마디** 어땠나요?\n\n*아직 답이 없어요.*\n" in page
    assert re.search(r"^- \*\*다음 학습일 .+\n- 참석 3명\n", page, re.MULTILINE)


def test_the_team_page_tells_who_handed_in_and_never_who_did_not() -> None:
    work = visible(sections(render_team_page(DAY27, KOREAN))["2. 과제 정리"])
    assert "7명 중 2명이 제출했어요: " in work
    assert "하늘님" in work
    assert "바다님" in work
    assert [member.name for member in MEMBERS if member.id not in {HANEUL, BADA} and member.name in work] == []


@pytest.mark.parametrize(
    ("submission", "excused", "sentence"),
    [
        (None, False, "아직 제출하지 않았어요."),
        (None, True, "이번 과제는 제출하지 않아도 괜찮아요."),
        (Submission(NARAE, datetime(2026, 11, 24, 12, 0, tzinfo=UTC)), False, "제출했어요 (11/24 화 21:00)"),
        (
            Submission(NARAE, datetime(2026, 11, 24, 16, 0, tzinfo=UTC), late=True),
            False,
            "늦게 제출했어요 (11/25 수 01:00)",
        ),
    ],
)
def test_ones_own_page_tells_ones_own_state(submission: Submission | None, excused: bool, sentence: str) -> None:
    assignment = replace(
        DAY27.assignments[0],
        submissions=(submission,) if submission else (),
        excused_ids=frozenset({NARAE} if excused else ()),
    )
    page = render_member_page(replace(DAY27, assignments=(assignment,)), NARAE, KOREAN)
    assert f"\n{sentence}\n" in page
