"""The log has ids, and nothing of what people write or are called, whatever goes wrong."""

import asyncio
import gc
import io
import json
import logging
import sqlite3
import sys
from types import SimpleNamespace

import discord
import pytest
from sqlalchemy.exc import StatementError

from bot import logs
from bot.errors import UserError
from bot.jobs.posts import Refused
from tests.study_team import StudyTeam, button, found_team, shown, sure

NAMES = ("표식가온", "표식나래", "표식다솜")
MARK = "표식"
"""In everything that people write or are called."""

log = logging.getLogger("bot.test")

TOKEN = "simcord_interaction"
"""How the simulated Discord's tokens begin, by which an interaction is answered."""


@pytest.fixture
def logged():
    """The log at its most talkative, in both forms, as `LOG_LEVEL=DEBUG` sets it up."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
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
    sys.excepthook = hook
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
    try:
        try:
            {}["비밀"]
        except KeyError as error:
            raise ExceptionGroup("several", [UserError("비밀"), ValueError("비밀")]) from error
    except ExceptionGroup as error:
        told = logs.where(error).splitlines()
    assert [line for line in told if not line.startswith("  ")] == [
        "KeyError",
        "which led to:",
        "ExceptionGroup",
        "bot.errors.UserError",
        "ValueError",
    ]
    assert "비밀" not in "".join(line for line in told if not line.startswith("    "))


def refused() -> discord.HTTPException:
    """Discord's answer to a text that it does not take; some of its explanations repeat the value."""
    response = SimpleNamespace(status=400, reason="Bad Request")
    errors = {"content": {"_errors": [{"code": "X", "message": f'Value "{MARK}" is not a snowflake.'}]}}
    return discord.HTTPException(response, {"code": 50035, "message": "Invalid Form Body", "errors": errors})


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuntimeError(MARK), "RuntimeError"),
        (TypeError(f"not serializable: {MARK}"), "TypeError"),
        (OSError(2, "No such file", f"/{MARK}"), "FileNotFoundError: errno 2"),
        (refused(), "discord.errors.HTTPException: status 400, code 50035"),
        (StatementError(MARK, "INSERT", {"text": MARK}, ValueError(MARK)), "sqlalchemy.exc.StatementError"),
        (sqlite3.IntegrityError("UNIQUE constraint failed: member.name"),
         "sqlite3.IntegrityError: UNIQUE constraint failed: member.name"),
    ],
)  # fmt: skip
def test_an_error_is_told_by_its_kind_and_what_is_nobodys_word(logged, error, told):
    log.error("It failed", exc_info=error)
    assert logged["text"].getvalue().splitlines()[-1] == told
    (entry,) = entries(logged)
    assert entry["exception"] == told


def test_two_errors_that_name_each_other_are_told_once():
    first, second = ValueError(), TypeError()
    first.__context__, second.__context__ = second, first
    assert logs.where(first).splitlines() == ["TypeError", "which led to:", "ValueError"]


def test_of_what_discord_says_of_a_text_only_its_first_line_is_told(logged):
    log.warning("Delivery %(delivery)s: %(error)s", {"delivery": 7, "error": Refused(50035, refused().text)})
    (entry,) = entries(logged)
    assert (entry["delivery"], entry["error"]) == (7, "50035: Invalid Form Body")
    assert logged["text"].getvalue().endswith("bot.test: Delivery 7: 50035: Invalid Form Body\n")


async def test_a_library_names_the_kind_of_an_object_only(logged):
    """discord.py prints a button with its label, and asyncio a task with its error."""
    logging.getLogger("discord.ui.view").error("Ignoring %r in %s", discord.ui.Button(label=MARK), "shard")
    task = asyncio.ensure_future(failing(MARK)())
    await asyncio.wait([task])
    del task
    gc.collect()
    messages = [(entry["logger"], entry["message"]) for entry in entries(logged) if entry["level"] == "ERROR"]
    assert messages == [
        ("discord.ui.view", "Ignoring 'Button' in shard"),
        ("asyncio", "Task exception was never retrieved"),
    ]
    assert MARK not in logged["text"].getvalue() + logged["json"].getvalue()


def test_what_ends_the_process_is_a_line_as_all_others(logged):
    sys.excepthook(RuntimeError, RuntimeError(MARK), None)
    (entry,) = entries(logged)
    assert (entry["level"], entry["exception"]) == ("CRITICAL", "RuntimeError")
