"""Korean particles follow the last sound of the word before them: 5강을, GRU를, LSTM을, 3을, 서울로."""

_DIGITS = {"0": 21, "1": 8, "2": 0, "3": 16, "4": 0, "5": 0, "6": 1, "7": 8, "8": 8, "9": 0}
"""Final consonant of each digit as it is read (영 일 이 삼 …), numbered as in Unicode's Hangul syllables."""

_LETTERS_WITH_FINAL = {"L": 8, "M": 16, "N": 4, "R": 8}
"""Letters whose Korean name closes with a consonant: 엘, 엠, 엔, 알."""

_WORD_ENDINGS_WITH_FINAL = {"l": 8, "m": 16, "n": 4, "ng": 21}

_RIEUL = 8


def final_consonant(word: str) -> int | None:
    """Number of the final consonant of the word's last sound (0 for none, 8 for ㄹ); None when it cannot be told."""
    spoken = [character for character in word if character.isalnum()]
    if not spoken:
        return None
    last = spoken[-1]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28
    if last in _DIGITS:
        return _DIGITS[last]
    if last.isascii() and last.isupper():
        return _LETTERS_WITH_FINAL.get(last, 0)
    if last.isascii():
        ending = "".join(spoken[-2:])
        return _WORD_ENDINGS_WITH_FINAL.get(ending, _WORD_ENDINGS_WITH_FINAL.get(last, 0))
    return None


def with_particle(word: str, pair: str) -> str:
    """Append the right one of a pair such as `을/를`, `이/가`, `은/는`, `과/와`, `으로/로`.

    The first stands after a consonant, the second after a vowel; `으로/로` takes the second after ㄹ too.
    A word whose sound is unknown gets both: `🎉을(를)`.
    """
    after_consonant, after_vowel = pair.split("/")
    final = final_consonant(word)
    if final is None:
        return f"{word}(으)로" if after_consonant == "으로" else f"{word}{after_consonant}({after_vowel})"
    if final == 0 or (final == _RIEUL and after_consonant == "으로"):
        return word + after_vowel
    return word + after_consonant
