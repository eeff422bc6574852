"""The rules of questions: their order, their excerpts, and what fits onto a board."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.questions import (
    Line,
    Question,
    QuestionState,
    fitting,
    harmless,
    label,
    matching,
    most_wanted_first,
    quoted,
    shortened,
)

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
STATES = list(QuestionState)
TEXTS = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" \n*_`|<>@[]():/\\가나")), max_size=400)


def question(number: int, state: QuestionState = QuestionState.OPEN, text: str = "왜요?") -> Question:
    return Question(number, number, text, state, False, None, 1, None, "", NOON)


@st.composite
def several(draw) -> list[Question]:
    states = draw(st.lists(st.sampled_from(STATES), max_size=12))
    return [question(number, state) for number, state in enumerate(states, 1)]


# Order


def test_open_questions_come_first_and_the_oldest_of_them_at_the_top():
    states = ("answered", "open", "mentor", "open", "discussing", "dropped", "withdrawn")
    ordered = most_wanted_first(question(number, QuestionState(state)) for number, state in enumerate(states, 1))
    assert [each.number for each in ordered] == [2, 4, 5, 3, 1, 6, 7]


def test_votes_decide_from_the_session_on_and_age_among_equals():
    asked = [replace(question(number), votes=votes) for number, votes in ((1, 0), (2, 3), (3, 1), (4, 3))]
    assert [each.number for each in most_wanted_first(asked)] == [1, 2, 3, 4]
    begun = [replace(each, voted=True) for each in asked]
    assert [each.number for each in most_wanted_first(begun)] == [2, 4, 3, 1]


def test_a_full_board_keeps_what_people_want_most():
    asked = [replace(question(number), votes=number, voted=True) for number in (1, 2, 3)]
    lines = [Line(each, "가" * 10) for each in most_wanted_first(asked)]
    assert [line.question.number for line in fitting(lines, characters=22, size=1000)] == [3, 2]


@given(several())
def test_ordering_loses_nothing(questions):
    assert sorted(each.number for each in most_wanted_first(questions)) == [each.number for each in questions]


def test_a_question_is_found_by_its_number_or_its_text():
    questions = [question(1, text="RNN은 왜 느린가요?"), question(2, text="GRU의 문"), question(12, text="LSTM 3강")]

    def found(typed):
        return [each.number for each in matching(questions, typed)]

    assert found("") == [1, 2, 12]
    assert found("#12") == found("12") == [12]
    assert found("1") == [1, 12]
    assert found("rnn") == [1]
    assert found(" gru ") == [2]
    assert found("3강") == [12]
    assert found("없는 말") == []


# Excerpts


def test_a_text_is_cut_between_words():
    assert shortened("하나 둘 셋 넷", 7) == "하나 둘 셋…"
    assert shortened("하나 둘\n셋   넷", 9) == "하나 둘 셋 넷"


def test_a_word_too_long_to_be_left_out_is_cut():
    assert shortened("가" * 20, 10) == "가" * 10 + "…"
    assert shortened("아 " + "가" * 20, 10) == "아 " + "가" * 8 + "…"


@given(TEXTS, st.integers(1, 200))
def test_an_excerpt_is_the_beginning_on_one_line(text, limit):
    excerpt = shortened(text, limit)
    assert len(excerpt) <= limit + 1
    assert not re.search(r"[\n\r\t]", excerpt)
    assert shortened(text, 500).startswith(excerpt.removesuffix("…"))


@given(st.integers(1, 10**6), TEXTS)
def test_a_label_fits_into_a_choice(number, text):
    assert len(label(question(number, text=text))) <= 100


# Harmless


def test_what_is_markdown_is_shown_as_typed():
    assert harmless("**굵게** `x_1` ||비밀||") == r"\*\*굵게\*\* \`x\_1\` \|\|비밀\|\|"
    assert harmless("[여기](http://a.b)") == r"\[여기\]\(http\://a.b\)"
    assert harmless("$\\frac{1}{2}$") == "$\\\\frac{1}{2}$"


def test_mentions_emoji_and_addresses_stay_whole():
    for whole in ("<@123456789012345678>", "<:rnn_cell:123>", "<t:1767571200:F>", "https://a.b/c_d?e=~f#g"):
        assert harmless(f"* {whole} *") == rf"\* {whole} \*"


def test_an_address_that_was_cut_leads_nowhere():
    assert harmless("https://example.org/abc…") == r"https\://example.org/abc…"


def test_everyone_is_not_called():
    assert harmless("@everyone @here") == quoted("@everyone @here") == "@\u200beveryone @\u200bhere"


@given(st.text(alphabet=st.one_of(st.characters(exclude_characters="</"), st.sampled_from("*_`|>@\\[]()#:"))))
def test_escaping_loses_nothing(text):
    line = shortened(text, 400)
    assert re.sub(r"\\(.)|@\u200b(?=everyone|here)", lambda match: match[1] or "@", harmless(line)) == line


@given(TEXTS)
def test_no_sign_of_markdown_is_left_outside_what_is_kept_whole(text):
    shown = harmless(shortened(text, 400))
    rest = re.sub(r"<[^<>\s]{2,60}>|(?<!\S)https?://\S+", "", shown)
    assert not re.search(r"[*_`|~]", re.sub(r"\\.", "", rest))


# What fits


def lines(questions: list[Question], length: int = 50) -> list[Line]:
    return [Line(each, f"#{each.number} " + "가" * length) for each in questions]


def test_the_oldest_answered_questions_give_way_first():
    answered, waiting = QuestionState.ANSWERED, QuestionState.OPEN
    shown = lines([question(1, answered), question(2, waiting), question(3, answered), question(4, waiting)])
    kept = fitting(shown, characters=170, size=1000)
    assert [line.question.number for line in kept] == [2, 3, 4]
    kept = fitting(shown, characters=120, size=1000)
    assert [line.question.number for line in kept] == [2, 4]
    kept = fitting(shown, characters=60, size=1000)
    assert [line.question.number for line in kept] == [2]


def test_bytes_count_as_well_as_characters():
    shown = lines([question(1), question(2)])
    assert len(fitting(shown, characters=1000, size=200)) == 1


@given(several(), st.integers(0, 60), st.integers(0, 800), st.integers(0, 2400))
def test_what_is_kept_fits_and_nothing_waiting_is_given_up_for_something_settled(questions, length, characters, size):
    shown = lines(questions, length)
    kept = fitting(shown, characters=characters, size=size)
    text = "\n".join(line.text for line in kept)
    assert len(text) <= characters
    assert len(text.encode()) <= size
    assert list(kept) == [line for line in shown if line in kept]
    lost_waiting = [line for line in shown if line not in kept and not line.question.settled]
    assert not lost_waiting or not any(line.question.settled for line in kept)
