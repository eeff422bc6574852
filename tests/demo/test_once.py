"""`demo --once`: what people typed is found on the page, and the output is the one that was looked at.

After a wanted change: `python -m bot demo --once --out tests/demo/golden > tests/demo/golden/once.txt`, then read the
difference.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it.token import Token

from bot.demo.day27 import ASK_ANONYMOUSLY, CLOSE, DAY27, HAND_IN, HERE, LATE, NEXT, REPLY, VOTE, WRITE
from bot.demo.day27_evening import PRIVATE
from bot.demo.day27_talk import LATE_BECAUSE
from bot.demo.history import ASSIGNMENT, ASSIGNMENT_DESCRIPTION, ASSIGNMENT_LINK
from bot.demo.steps import I_WILL, Step
from tests.domain.reading import everything, read, shown, visible

GOLDEN = Path(__file__).parent / "golden"

NOTES, ASSIGNMENTS, SESSION, RETROSPECTIVES = (
    "1. 강의 내용 정리",
    "2. 과제 정리",
    "3. 피어세션 정리",
    "4. 학습 회고",
)

PRINTED_OPTIONS = {
    "lecture add": (NOTES, ("number", "title")),
    "lecture note": (NOTES, ("file",)),
    "lecture material": (SESSION, ("title", "url")),
    "assignment add": (ASSIGNMENTS, ("title",)),
    "assignment submit": (ASSIGNMENTS, ("link",)),
    "ask": (SESSION, ("question",)),
    "question answer": (SESSION, ("text",)),
    "session note": (SESSION, ("text", "owner")),
    "session roundtable": (SESSION, ("prompt",)),
}
"""Command → the section of the page in which it ends up, and the options whose text is printed there."""

PRINTED_BUTTONS = {ASK_ANONYMOUSLY: SESSION, REPLY: SESSION, HAND_IN: ASSIGNMENTS, WRITE: RETROSPECTIVES}

BUTTONS_WITHOUT_TEXT = {I_WILL, VOTE, HERE, LATE, NEXT, CLOSE}

WITHOUT_TEXT = {
    "today", "rotation show", "question further", "question mentor", "session start", "session end",
    "assignment status",
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder in which the demo left its page, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "bot", "demo", "--once", "--out", str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout


@pytest.fixture(scope="module")
def page(run):
    return (run[0] / "day27.md").read_bytes().decode()


def sections(page: str) -> dict[str, list[Token]]:
    """The second-level headings, each with the tokens that stand under it."""
    found: dict[str, list[Token]] = {}
    current: list[Token] = []
    tokens = read(page)
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            current = found.setdefault(shown(tokens[place + 1]), [])
        current.append(token)
    return found


def typed(steps: tuple[Step, ...]) -> Iterator[tuple[str, str]]:
    """Section and text of everything people typed that belongs on the team's page."""
    yield from ((ASSIGNMENTS, text) for text in (ASSIGNMENT, ASSIGNMENT_LINK, ASSIGNMENT_DESCRIPTION))
    for step in steps:
        if step.command in WITHOUT_TEXT or step.button in BUTTONS_WITHOUT_TEXT or ["private"] in step.form:
            continue
        if step.button in PRINTED_BUTTONS:
            answered = [text for text in step.form if isinstance(text, str) and text]
            printed = answered if step.button == WRITE else answered[:1]
            yield from ((PRINTED_BUTTONS[step.button], text) for text in printed)
            continue
        section, options = PRINTED_OPTIONS[step.command]
        yield from ((section, text_of(step.options[name])) for name in options if name in step.options)
        yield from ((section, str(text)) for text in step.form)


def text_of(value: object) -> str:
    return value[1].decode() if isinstance(value, tuple) else str(value)


def pieces(text: str) -> list[str]:
    """The words, code and formulas of a text, as a parser takes it apart."""
    return [
        token.content.strip() for token in everything(read(text)) if token.type != "inline" and token.content.strip()
    ]


@pytest.mark.parametrize(("section", "text"), list(typed(DAY27.steps)), ids=lambda value: value.splitlines()[0][:30])
def test_what_somebody_typed_is_found_in_its_section(page, section, text):
    found = visible(sections(page)[section])
    assert pieces(text)
    assert [piece for piece in pieces(text) if piece not in found] == []


def test_what_is_private_is_nowhere_on_the_page_of_the_team(page):
    assert [text for text in PRIVATE if text and text in page] == []
    assert LATE_BECAUSE not in page
    assert "민재님" not in visible(sections(page)[RETROSPECTIVES])


def test_the_page_is_the_golden_one(run):
    assert (run[0] / "day27.md").read_bytes() == (GOLDEN / "day27.md").read_bytes()


def test_the_transcript_is_the_golden_one(run):
    assert run[1] == (GOLDEN / "once.txt").read_text(encoding="utf-8")
