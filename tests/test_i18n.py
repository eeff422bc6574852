"""Korean and English: formats, particles, and the check that no translation is missing."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidInput
from bot.i18n import ENGLISH, KOREAN, Language, Message, korean_catalogue, language, read_catalogues
from bot.locale.__main__ import main
from bot.locale.catalogue import check, placeholders, update

TUESDAY = date(2026, 11, 24)


def test_dates_and_times_are_written_as_people_do():
    text = "{d:day} | {t:time} | {m:moment}"
    values = {"d": TUESDAY, "t": time(9, 5), "m": datetime(2026, 11, 24, 21, 0, tzinfo=UTC)}
    assert KOREAN(text, **values) == "11/24 화 | 09:05 | 11/24 화 21:00"
    assert ENGLISH(text, **values) == "Tue 24 Nov | 09:05 | Tue 24 Nov 21:00"


def test_other_formats_are_pythons_own():
    assert KOREAN("{n:02} {n}", n=7) == "07 7"


def test_weekdays_are_named_from_monday_on():
    assert "".join(KOREAN.weekday(number) for number in range(7)) == "월화수목금토일"
    assert [ENGLISH.weekday(number) for number in (0, 6)] == ["Mon", "Sun"]


def test_a_particle_follows_its_value():
    assert KOREAN("{name:이/가} {lecture:을/를}", name="민재", lecture="5강") == "민재가 5강을"


def test_a_message_may_hold_another_one():
    inner = Message("The team is ready.")
    assert KOREAN("{inner}", inner=inner) == "팀이 준비됐어요."
    assert ENGLISH("{inner}", inner=inner) == "The team is ready."


def test_an_error_speaks_the_readers_language():
    error = InvalidInput("I cannot read {text} as a time. Write it like 21:00.", text="25시")
    assert error.text(KOREAN) == "‘25시’에서 시각을 읽지 못했어요. 21:00처럼 적어 주세요."
    assert error.text(ENGLISH) == "I cannot read 25시 as a time. Write it like 21:00."


@given(st.text())
def test_a_value_is_put_in_as_it_is_braces_and_all(typed):
    assert KOREAN("<{typed}>", typed=typed) == f"<{typed}>"


def test_a_message_without_a_translation_is_shown_in_english():
    assert KOREAN("Nobody has translated {this}.", this="that") == "Nobody has translated that."


@pytest.mark.parametrize(
    ("code", "expected"), [("ko", KOREAN), ("en", ENGLISH), ("en-US", ENGLISH), ("ja", ENGLISH), ("", ENGLISH)]
)
def test_a_language_we_do_not_speak_is_english(code, expected):
    assert language(code) is expected


def test_every_korean_message_can_be_rendered():
    """With any value for each placeholder, particles and formats included."""
    day = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    formatted = {"day", "time", "moment"}
    for english, korean in korean_catalogue().items():
        for text in (english, korean):
            specs = {name: spec for _, name, spec, _ in Formatter().parse(text) if name}
            values = {
                name: day if (spec or "") in formatted or "%" in (spec or "") else 7 for name, spec in specs.items()
            }
            assert Language("ko")(text, **values)


# The check of the catalogues


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program with one message in a cog, and its catalogue."""
    (tmp_path / "bot").mkdir()
    (tmp_path / "cogs").mkdir()
    (tmp_path / "ko").mkdir()
    (tmp_path / "cogs" / "greeting.py").write_text('text = _("Hello {name}, it is {t:time}.")\n', encoding="utf-8")
    translate(tmp_path, "{name:은/는} 안녕, {t:time}이에요.")
    return tmp_path


def translate(project: Path, korean: str, *, flags: str = "", feature: str = "greeting") -> None:
    text = f'{flags}msgid "Hello {{name}}, it is {{t:time}}."\nmsgstr "{korean}"\n'
    (project / "ko" / f"{feature}.po").write_text(text, encoding="utf-8")


def problems(project: Path) -> list[str]:
    return check(project, project / "ko")


def test_a_translated_program_has_no_problem(project):
    assert problems(project) == []


@pytest.mark.parametrize(
    ("korean", "flags", "problem"),
    [
        pytest.param("", "", "no Korean translation", id="missing"),
        pytest.param("{name} 안녕, {t:time}이에요.", "#, fuzzy\n", "fuzzy", id="fuzzy"),
        pytest.param("안녕, {t:time}이에요.", "", "placeholders differ", id="a value is lost"),
        pytest.param("{nmae} 안녕, {t:time}이에요.", "", "placeholders differ", id="a value is misspelt"),
        pytest.param("{name 안녕, {t:time}이에요.", "", "unexpected '{'", id="a brace is missing"),
    ],
)
def test_a_bad_translation_is_a_problem(project, korean, flags, problem):
    translate(project, korean, flags=flags)
    assert len(problems(project)) == 1
    assert problem in problems(project)[0]
    assert problems(project)[0].startswith("greeting.po: 'Hello {name}")


def test_what_is_fuzzy_or_missing_is_not_shown(project):
    assert list(read_catalogues(project / "ko").values()) == ["{name:은/는} 안녕, {t:time}이에요."]
    translate(project, "{name} 안녕, {t:time}이에요.", flags="#, fuzzy\n")
    assert read_catalogues(project / "ko") == {}
    translate(project, "")
    assert read_catalogues(project / "ko") == {}


def test_a_catalogue_that_is_not_there_is_a_problem(project):
    (project / "ko" / "greeting.po").unlink()
    assert problems(project) == ["greeting.po: 'Hello {name}, it is {t:time}.': no Korean translation"]


def test_a_message_shared_by_two_features_is_translated_alike(project):
    (project / "bot" / "farewell.py").write_text('lang("Hello {name}, it is {t:time}.", name=1)\n', encoding="utf-8")
    translate(project, "{name} 잘 가, {t:time}이에요.", feature="farewell")
    assert [problem.rsplit(": ", 1)[1] for problem in problems(project)] == [
        "translated differently in another catalogue"
    ]


def test_a_message_is_english(project):
    (project / "cogs" / "greeting.py").write_text('_("안녕")\n', encoding="utf-8")
    assert problems(project) == [
        "greeting.po: '안녕': the message itself must be English",
        "greeting.po: '안녕': no Korean translation",
    ]


def test_updating_keeps_translations_and_their_doubts_and_drops_what_nobody_says(project):
    translate(project, "{name} 안녕, {t:time}이에요.", flags="#, fuzzy\n")
    translate(project, "{name} 안녕, {t:time}이에요.", feature="nobody")
    (project / "ko" / "greeting.po").rename(project / "ko" / "older.po")
    (project / "bot" / "new.py").write_text('_("New")\n', encoding="utf-8")
    (project / "ko" / "nobody.po").unlink()
    update(project, project / "ko")
    assert sorted(path.name for path in (project / "ko").iterdir()) == ["greeting.po", "new.po"]
    assert [problem.rsplit(": ", 1)[1] for problem in problems(project)] == ["no Korean translation", "fuzzy"]


def test_the_placeholders_of_a_message_are_names_without_their_formats():
    assert placeholders("{name:은/는} {t:time} {{no}}") == {"name", "t"}


def test_our_own_catalogues_are_complete(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bot.locale", "check"])
    assert main() == 0, capsys.readouterr().err


def test_the_check_is_told_how_to_be_used(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bot.locale"])
    assert main() == 2
    assert "update | check" in capsys.readouterr().err
