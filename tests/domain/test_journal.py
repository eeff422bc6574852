"""What stands where on the page of a day, and what the day is called."""

from dataclasses import replace
from datetime import UTC, date
from itertools import permutations

import pytest

from bot.domain.day_record import (
    Answer,
    DayRecord,
    Lecture,
    MinutesEntry,
    NextDay,
    Note,
    OwnDuty,
    Question,
    QuestionState,
    Retrospective,
    RoundTable,
)
from bot.domain.journal import Page, arrange_member_page, arrange_team_page
from bot.domain.journal_session import OnDuty
from bot.domain.retro import Reflection
from bot.domain.titles import day_title, lecture_heading, lecture_label

THIRD = Lecture(3, "NLP", "3강", "RNN")
FIFTH = Lecture(5, "NLP", "5강", "Seq2seq")
EMPTY = DayRecord(27, date(2026, 11, 24), UTC, ())


def day(**parts: object) -> DayRecord:
    return replace(EMPTY, lectures_presented=(THIRD,), lectures_studied=(FIFTH,), **parts)  # type: ignore[arg-type]


def lecture(name: str) -> Lecture:
    """`NLP 5강` → course and number; without a space, a number alone."""
    course, _, number = name.rpartition(" ")
    return Lecture(hash(name), course, number, "")


@pytest.mark.parametrize(
    ("studied", "title"),
    [
        ([], ""),
        (["1강"], "1강"),
        (["1강", "2강"], "1~2강"),
        (["1강", "3강"], "1, 3강"),
        (["1강", "2강", "4강"], "1~2, 4강"),
        (["4강", "2강", "1강", "2강"], "1~2, 4강"),
        (["NLP 5강", "NLP 6강"], "NLP 5~6강"),
        (["NLP 9강", "NLP 10강", "NLP 11강"], "NLP 9~11강"),
        (["NLP 6강", "CV 1강", "NLP 5강"], "NLP 5~6강, CV 1강"),
        (["Computer Vision 3강"], "Computer Vision 3강"),
        (["5장", "6강", "6장"], "5~6장, 6강"),
        (["L5", "L6"], "L5~6"),
        (["7", "8"], "7~8"),
        (["5-1강", "5-2강"], "5-1강, 5-2강"),
        (["특강", "1강"], "특강, 1강"),
        (["NLP 05강"], "NLP 05강"),
    ],
)
def test_a_day_is_called_after_the_lectures_studied(studied: list[str], title: str) -> None:
    assert day_title(lecture(name) for name in studied) == title


def test_a_lecture_without_number_is_called_by_its_title() -> None:
    paper = Lecture(1, "", "", "Attention Is All You Need")
    assert day_title([paper, FIFTH]) == "Attention Is All You Need, NLP 5강"
    assert lecture_heading(paper) == "Attention Is All You Need"


def test_a_lecture_has_a_label_and_a_heading() -> None:
    assert lecture_label(THIRD) == "NLP 3강"
    assert lecture_heading(THIRD, with_course=False) == "3강. RNN"
    assert lecture_heading(replace(THIRD, title="")) == "NLP 3강"
    assert lecture_heading(replace(THIRD, number="3.")) == "NLP 3. RNN"


def test_the_frozen_title_of_a_closed_day_stays() -> None:
    assert arrange_team_page(day(title="NLP 4강")).title == "NLP 4강"
    assert arrange_team_page(day(title="")).title == ""
    assert arrange_team_page(day()).title == "NLP 5강"


# Questions


def where(question: Question) -> list[str]:
    """In which parts of the session the question stands."""
    session = arrange_team_page(day(questions=(question,))).session
    parts = {"lecture": session.lectures[0].questions, "further": session.further, "minutes": session.minutes.questions}
    return [part for part, asked in parts.items() if any(each.question == question for each in asked)]


@pytest.mark.parametrize(
    ("lecture_id", "further", "place"),
    [
        (3, False, "lecture"),
        (3, True, "further"),
        (5, False, "minutes"),
        (None, False, "minutes"),
        (None, True, "further"),
    ],
)
@pytest.mark.parametrize("state", ["open", "discussing", "answered", "mentor"])
def test_a_question_stands_in_one_place_whatever_its_state(
    lecture_id: int | None, further: bool, place: str, state: QuestionState
) -> None:
    question = Question(1, "왜?", 1, state, further=further, lecture_id=lecture_id, answers=(Answer(2, "그래서"),))
    assert where(question) == [place]


def test_a_withdrawn_question_is_never_printed() -> None:
    assert where(Question(1, "왜?", 1, "withdrawn", lecture_id=3, answers=(Answer(2, "그래서"),))) == []


def test_a_dropped_question_is_printed_only_with_answers() -> None:
    assert where(Question(1, "왜?", 1, "dropped", lecture_id=3)) == []
    assert where(Question(1, "왜?", 1, "dropped", lecture_id=3, answers=(Answer(2, "그래서"),))) == ["lecture"]


def test_a_question_away_from_its_lecture_names_it() -> None:
    questions = (
        Question(1, "하나", 1, lecture_id=3),
        Question(2, "둘", 1, lecture_id=3, further=True),
        Question(3, "셋", 1, lecture_id=5),
    )
    session = arrange_team_page(day(questions=questions)).session
    assert [session.lectures[0].questions[0].about, session.further[0].about, session.minutes.questions[0].about] == [
        "",
        "NLP 3강",
        "NLP 5강",
    ]


# Minutes


def test_discussions_and_materials_stand_with_a_lecture_presented_and_all_else_in_the_minutes() -> None:
    entries = tuple(
        MinutesEntry(kind, "글", lecture_id=lecture_id)
        for kind in ("note", "discussion", "decision", "action", "announcement", "material")
        for lecture_id in (3, 5, None)
    )
    session = arrange_team_page(day(minutes=entries)).session
    assert [entry.entry.kind for entry in session.lectures[0].discussions] == ["discussion"]
    assert [entry.entry.kind for entry in session.lectures[0].more_materials] == ["material"]
    assert [(kind, [entry.about for entry in of_kind]) for kind, of_kind in session.minutes.entries] == [
        ("announcement", ["NLP 3강", "NLP 5강", ""]),
        ("decision", ["NLP 3강", "NLP 5강", ""]),
        ("action", ["NLP 3강", "NLP 5강", ""]),
        ("discussion", ["NLP 5강", ""]),
        ("note", ["NLP 3강", "NLP 5강", ""]),
        ("material", ["NLP 5강", ""]),
    ]


def test_the_next_duties_name_courses_only_where_there_are_several() -> None:
    one = replace(FIFTH, presenter_ids=(1,))
    other = Lecture(6, "CV", "1강", "", presenter_ids=(2,))
    unassigned = Lecture(7, "NLP", "6강", "")

    def presenters(*lectures: Lecture) -> object:
        duties = arrange_team_page(day(next_day=NextDay(28, date(2026, 11, 25), (3,), lectures))).session.minutes
        return duties.next_duties and duties.next_duties.presenters

    assert presenters(one, unassigned) == (("5강", (OnDuty(1),)),)
    assert presenters(one, other) == (("NLP 5강", (OnDuty(1),)), ("CV 1강", (OnDuty(2),)))


def test_whoever_has_not_answered_is_unconfirmed_for_that_duty_alone() -> None:
    fifth = replace(FIFTH, presenter_ids=(1, 2), unconfirmed_ids=frozenset({2}))
    own = (
        OwnDuty("기록", (1,), frozenset({1})),
        OwnDuty("질문 정리", (2,), lecture_id=fifth.id),
        OwnDuty("빈 당번", ()),
    )
    upcoming = NextDay(28, date(2026, 11, 25), (2,), (fifth,), own=own)
    duties = arrange_team_page(day(next_day=upcoming)).session.minutes.next_duties
    assert duties is not None
    assert duties.moderators == (OnDuty(2),)
    assert duties.presenters == (("5강", (OnDuty(1), OnDuty(2, confirmed=False))),)
    assert duties.own == (("기록", "", (OnDuty(1, confirmed=False),)), ("질문 정리", "5강", (OnDuty(2),)))


def test_a_session_of_which_nothing_is_known_is_empty() -> None:
    nothing = replace(EMPTY, next_day=NextDay(28, date(2026, 11, 25)), round_tables=(RoundTable(" "),))
    assert not arrange_team_page(nothing).session


# Who sees what

RETROSPECTIVES = (
    Retrospective("anonymous", (Reflection("잘한 점", "무명 둘"),), key="b"),
    Retrospective("team", (Reflection("잘한 점", "모두에게"),), 1),
    Retrospective("private", (Reflection("잘한 점", "나만"),), 2),
    Retrospective("anonymous", (Reflection("잘한 점", "무명 하나"),), key="a"),
    Retrospective("team", (Reflection("잘한 점", " "),), 3),
)


def retrospectives(page: Page) -> list[str]:
    return [reflection.text for each in page.retrospectives for reflection in each.reflections]


def test_anonymous_retrospectives_stand_by_their_key_however_they_came() -> None:
    for order in permutations(RETROSPECTIVES):
        page = arrange_team_page(day(retrospectives=order))
        assert retrospectives(page) == ["모두에게", "무명 하나", "무명 둘"]


def test_a_member_sees_ones_own_retrospective_only() -> None:
    record = day(retrospectives=RETROSPECTIVES)
    assert retrospectives(arrange_member_page(record, 1)) == ["모두에게"]
    assert retrospectives(arrange_member_page(record, 2)) == ["나만"]
    assert retrospectives(arrange_member_page(record, 4)) == []


def test_notes_are_all_on_the_team_page_and_ones_own_on_ones_own() -> None:
    record = day(notes=(Note(5, 1, "하나"), Note(5, 2, "둘"), Note(5, 1, " ")))
    assert [note.text for note in arrange_team_page(record).lectures[0].notes] == ["하나", "둘"]
    assert [note.text for note in arrange_member_page(record, 2).lectures[0].notes] == ["둘"]
