"""Which calls of Discord's API the bot made, and those that are documented."""

import re
from pathlib import Path

import simcord

BY_TESTS = frozenset({"GET /applications/{id}/commands"})
"""Calls that only a test makes, to look at what the bot has sent."""

_CALL = re.compile(r"`([A-Z]+ /[^`]*)`")


def documented_calls() -> set[str]:
    """The calls in `docs/permissions.md`, and those of tests."""
    text = (Path(__file__).parents[1] / "docs" / "permissions.md").read_text("utf-8")
    return BY_TESTS | {call for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for call in _CALL.findall(row)}


def calls_of(env: simcord.Env) -> set[str]:
    """The calls that the bot made in a simulated Discord, with their ids and tokens taken out."""
    routes = {name.strip() for kind, name, _ in env.backend.transcript if kind == "HTTP"}
    return {_general(route) for route in routes}


def _general(route: str) -> str:
    route = re.sub(r"simcord_interaction_\d+", "{token}", route)
    return re.sub(r"/\d+", "/{id}", route).replace("/@original", "/{id}")
