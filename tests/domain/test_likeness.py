"""What is held for the same question, and which question a message answers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.likeness import asked_before, likeliest_answered
from bot.domain.questions import Question, QuestionState

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
TANH = "RNN은 왜 tanh를 쓰나요?"


def question(number: int, text: str, state: QuestionState = QuestionState.OPEN) -> Question:
    return Question(number, number, text, state, False, None, 1, None, "", NOON)


@pytest.mark.parametrize(
    "text",
    ["RNN에서 왜 tanh를 쓰나요", "왜 RNN은 tanh 함수를 쓰나요?", "RNN은왜 tanh를쓰나요", "rnn은 왜 TANH를 쓰나요…"],
)
def test_other_particles_spaces_and_words_in_another_order_are_the_same_question(text):
    assert asked_before(text, [question(1, "GRU는 언제 써요?"), question(2, TANH)]).number == 2


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (TANH, "LSTM은 왜 tanh를 쓰나요?"),
        (TANH, "RNN은 왜 ReLU를 쓰지 않나요?"),
        ("3강 과제 2번 답이 뭐예요?", "3강 과제 4번 답이 뭐예요?"),
        ("왜요?", "왜요?"),
    ],
)
def test_other_things_are_other_questions(asked, text):
    assert asked_before(text, [question(1, asked)]) is None


def test_of_two_alike_the_closer_counts_and_what_was_dropped_does_not():
    dropped = question(1, TANH, QuestionState.DROPPED)
    assert asked_before(TANH, [dropped]) is None
    near = question(2, "RNN에서 왜 tanh를 쓰나요")
    assert asked_before(TANH, [dropped, near, question(3, TANH)]).number == 3


@given(st.text(min_size=6, max_size=200), st.lists(st.text(max_size=60), max_size=5))
def test_no_text_breaks_it_and_what_it_finds_was_asked(text, texts):
    asked = [question(number, each) for number, each in enumerate(texts, 1)]
    found = asked_before(text, asked)
    assert found is None or found in asked


def test_a_message_answers_what_was_just_brought_to_the_table_or_what_it_speaks_of():
    asked = [question(1, TANH), question(2, "드롭아웃은 언제 쓰나요?"), question(3, "인코더가 뭐예요?")]
    said = "드롭아웃은 과적합일 때 써요"

    def first(text, near=None, questions=asked):
        return likeliest_answered(text, questions, near or {})[0].number

    assert first(said) == 2
    assert first("네 맞아요", near={3: 0, 1: 1}) == 3
    discussing = [asked[0], replace(asked[1], state=QuestionState.DISCUSSING), asked[2]]
    assert first("네 맞아요", questions=discussing) == 2


def test_only_questions_that_take_an_answer_are_offered():
    asked = [question(number, f"질문 {state}", state) for number, state in enumerate(QuestionState, 1)]
    offered = {each.state for each in likeliest_answered("답", asked, {})}
    assert offered == set(QuestionState) - {QuestionState.DROPPED, QuestionState.WITHDRAWN, QuestionState.REMOVED}
