"""The record of changes, whose every action has words."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from bot.services import audit
from bot.services.actions import ACTIONS
from tests.services.people import MONDAY

SERVICES = Path(audit.__file__).parent
COMPUTED = {
    *("question.dropped", "question.mentor", "question.open", "question.withdraw"),
    *("roster.gone", "roster.seen", "rotation.agree", "rotation.decline", "rotation.withdraw"),
    *("session.instead", "session.next", "session.roundtable"),
}
"""Actions that are chosen on the way to the call, which the reading below does not see."""

ACTION = re.compile(r"[a-z]+(\.[a-z]+)+")


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def texts_of(values: Iterable[ast.expr], constants: Mapping[str, str]) -> list[str]:
    """The texts that stand in arguments, also by the name of a constant."""
    nodes = [node for value in values for node in ast.walk(value)]
    named = [constants[node.id] for node in nodes if isinstance(node, ast.Name) and node.id in constants]
    return named + [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def written() -> Iterator[str]:
    """Every action that stands in a call which records it, directly or through a function of its own."""
    trees = {path: ast.parse(path.read_text()) for path in SERVICES.rglob("*.py")}
    constants = {
        target.id: node.value.value
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for path, tree in trees.items():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            values = [*call.args, *(keyword.value for keyword in call.keywords)]
            if "record" in called(call) or any(keyword.arg == "action" for keyword in call.keywords):
                yield from filter(ACTION.fullmatch, texts_of(values, constants))
            if called(call) == "record_request":
                yield from (f"rotation.{text}" for text in texts_of(call.args, {}))
            if called(call) == "_changed" and path.parent.name == "questions":
                yield from (f"question.{text}" for text in texts_of(call.args, {}))


def test_every_action_that_is_written_has_words():
    found = set(written())
    assert found | COMPUTED == set(ACTIONS)
    assert found & COMPUTED == set()


def test_no_action_without_words_is_written():
    with pytest.raises(KeyError):
        audit.record(None, "team.paint", "team:1", team_id=1, actor_id=None, at=MONDAY)
