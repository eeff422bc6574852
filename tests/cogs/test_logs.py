"""The log has ids, and nothing of what people write or are called, whatever goes wrong."""

import io
import json
import logging

import pytest

from bot import logs
from bot.errors import UserError
from tests.study_team import StudyTeam, button, found_team, shown, sure

NAMES = ("표식가온", "표식나래", "표식다솜")
MARK = "표식"
"""In everything that people write or are called."""

TOKEN = "simcord_interaction"
"""How the simulated Discord's tokens begin, by which an interaction is answered."""


@pytest.fixture
def logged():
    """The log at its most talkative, in both forms, as `LOG_LEVEL=DEBUG` sets it up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._NEVER_BELOW}
    logs.configure("text", "DEBUG")
    written = {"text": io.StringIO(), "json": io.StringIO()}
    for stream, formatter in ((written["text"], logs.TextFormatter()), (written["json"], logs.JsonFormatter())):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        root.addHandler(handler)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


def entries(logged) -> list[dict[str, object]]:
    return [json.loads(line) for line in logged["json"].getvalue().splitlines()]


def failing(text: str):
    """A defect whose error quotes what somebody wrote, and comes from another one that does."""

    async def fail(*_args: object, **_kwargs: object) -> None:
        try:
            int(text)
        except ValueError as error:
            raise KeyError(text) from error

    return fail


async def live(team: StudyTeam) -> None:
    """A bit of everything that people write: taken, refused, and withdrawn."""
    gaon, narae = team[NAMES[0]], team[NAMES[1]]
    lecture = {"title": f"{MARK} 강의", "course": MARK, "number": f"{MARK}강"}
    await gaon.slash(team.channel, "lecture add", **lecture)
    await gaon.slash(team.channel, "ask", question=f"{MARK} 질문", file=(f"{MARK}.txt", MARK.encode()))
    await narae.slash(team.channel, "question answer", question="1", text=f"{MARK} 답")
    await narae.slash(team.channel, "question drop", question="1", reason=f"{MARK} 까닭")
    await gaon.slash(team.channel, "session note", text=f"{MARK} 회의록")
    await team.admin.slash(team.channel, "assignment add", title=f"{MARK} 과제", due="내일 23:59")
    await gaon.slash(team.channel, "assignment submit", assignment="1", note=f"{MARK} 메모")
    await sure(gaon, await gaon.slash(team.channel, "assignment withdraw", assignment="1"))
    await narae.slash(team.channel, "away", until="1/7", reason=f"{MARK} 사정")
    form = await gaon.slash(team.channel, "retro write")
    first, *_others, choice = [part["component"] for part in form.modal["components"] if "component" in part]
    await gaon.submit_modal(form, {first["custom_id"]: f"{MARK} 회고", choice["custom_id"]: ["private"]})
    await gaon.slash(team.channel, "lecture move", lecture="id:1", date=f"{MARK} 언제")
    await gaon.slash(team.channel, "roster join", name=f"{MARK} 이름")


async def test_nothing_that_people_write_or_are_called_is_logged(env, logged, monkeypatch):
    team = await found_team(env, NAMES)
    await live(team)
    board = next(post for post in team.posts() if f"{MARK} 질문" in shown(post))
    monkeypatch.setattr(env.bot.services.questions, "asking", failing(f"{MARK} 질문"))
    failed = await team[NAMES[0]].click(board, custom_id=button(board, "question:ask:"))
    assert "문제가 생겼어요" in failed.response.content
    env.bot.dispatcher.compose("retro.prompt", failing(f"{MARK} 회고"))
    await team.until(env.now().replace(hour=13, minute=0))
    team.forbid(send_messages=False)
    await team.until(env.now().replace(hour=15, minute=30))
    for form, written in logged.items():
        text = written.getvalue()
        assert "Traceback" in text or "which led to" in text, form
        assert "KeyError" in text, form
        assert MARK not in text, form
        assert MARK.encode().hex() not in text, form
        assert TOKEN not in text, form


async def test_a_line_names_what_it_is_about_in_fields_of_their_own(env, logged, monkeypatch):
    team = await found_team(env, NAMES)
    await team[NAMES[0]].slash(team.channel, "ask", question="왜요?")
    board = team.posts()[-1]
    monkeypatch.setattr(env.bot.services.questions, "asking", failing("x"))
    failed = await team[NAMES[0]].click(board, custom_id=button(board, "question:ask:"))
    (entry,) = [entry for entry in entries(logged) if entry["level"] == "ERROR"]
    assert entry["ref"] in failed.response.content
    assert entry["message"] == f"Interaction {entry['interaction']} failed (ref {entry['ref']})"
    env.bot.dispatcher.compose("retro.prompt", failing("x"))
    await team.until(env.now().replace(hour=13, minute=0))
    prompt = next(entry for entry in entries(logged) if entry.get("kind") == "retro.prompt")
    assert prompt["message"] == f"Cannot compose delivery {prompt['delivery']} (retro.prompt)"
    assert prompt["team"] == 1


def test_what_an_error_came_from_is_told_without_what_it_quotes():
    formatter = logs.TextFormatter()
    try:
        try:
            {}["비밀"]
        except KeyError as error:
            raise ExceptionGroup("several", [UserError("kept"), ValueError("비밀")]) from error
    except ExceptionGroup as error:
        told = formatter.formatException((type(error), error, error.__traceback__)).splitlines()
    assert [line for line in told if not line.startswith("  ")] == [
        "KeyError",
        "which led to:",
        "ExceptionGroup: several (2 sub-exceptions)",
        "bot.errors.UserError: kept",
        "ValueError",
    ]
    assert "비밀" not in "".join(line for line in told if not line.startswith("    "))
