"""Korean particles follow the last sound of the word before them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.particles import final_consonant, with_particle

SYLLABLES = [chr(code) for code in range(ord("가"), ord("힣") + 1)]
PAIRS = ["을/를", "이/가", "은/는", "과/와", "으로/로", "이라는/라는"]
RIEUL = "\N{HANGUL JONGSEONG RIEUL}"


@pytest.mark.parametrize("pair", PAIRS)
def test_every_hangul_syllable_takes_the_particle_of_its_sound(pair):
    """The sound is told by Unicode's own decomposition: a third letter is a final consonant."""
    after_consonant, after_vowel = pair.split("/")
    for syllable in SYLLABLES:
        letters = unicodedata.normalize("NFD", syllable)
        closed = len(letters) == 3 and not (pair == "으로/로" and letters[2] == RIEUL)
        assert with_particle(syllable, pair) == syllable + (after_consonant if closed else after_vowel)


@given(st.text(alphabet=SYLLABLES), st.sampled_from(SYLLABLES), st.sampled_from(PAIRS))
def test_only_the_last_sound_counts(before, last, pair):
    assert with_particle(before + last, pair) == before + with_particle(last, pair)


@given(st.text(), st.sampled_from(PAIRS))
def test_the_word_itself_is_never_changed(word, pair):
    assert with_particle(word, pair).startswith(word)
    assert with_particle(word, pair) != word


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("하준", "이/가", "하준이"),
        ("민재", "이/가", "민재가"),
        ("5강", "을/를", "5강을"),
        ("GRU", "을/를", "GRU를"),
        ("LSTM", "을/를", "LSTM을"),
        ("HTML", "으로/로", "HTML로"),
        ("Transformer", "을/를", "Transformer를"),
        ("token", "을/를", "token을"),
        ("Rating", "은/는", "Rating은"),
        ("3", "을/를", "3을"),
        ("7", "으로/로", "7로"),
        ("10", "을/를", "10을"),
        ("서울", "으로/로", "서울로"),
        ("부산", "으로/로", "부산으로"),
        ("5강)", "을/를", "5강)을"),
        ("**민재**", "은/는", "**민재**는"),
        ("🎉", "을/를", "🎉을(를)"),
        ("", "은/는", "은(는)"),
        ("東京", "으로/로", "東京(으)로"),
    ],
)
def test_as_people_say_it(word, pair, expected):
    assert with_particle(word, pair) == expected


def test_a_digit_is_read_as_korean():
    assert [final_consonant(digit) != 0 for digit in "0123456789"] == [
        True, True, False, True, False, False, True, True, True, False,
    ]  # fmt: skip
