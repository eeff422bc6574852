"""What the browser's page of the simulated Discord lacks for a demo: taking turns with time, and Korean commands."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

import simcord
from simcord.preview import Preview

LOCALE: Final = "ko"


def take_turns(preview: Preview, turn: asyncio.Lock) -> None:
    """Let what is done in the browser wait for whoever else holds the turn: simcord does one thing at a time.

    Time that moved on in between makes nobody's click stale: what is clicked is looked up again anyway.
    """
    act = preview._action  # noqa: SLF001  # simcord offers no other way in

    async def in_turn(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with turn:
            page = preview._pages.get(context_id or "")  # noqa: SLF001  # as above
            if page is not None and "published_revision" in body:
                body = {**body, "published_revision": page.revision}
            return await act(context_id, body)

    vars(preview)["_action"] = in_turn


def translate_commands(env: simcord.Env) -> None:
    """Describe the commands in Korean, as Discord does for people who use it in Korean; simcord's page does not."""
    for commands in env.backend.commands.values():
        _translate(commands.values())


def _translate(described: Iterable[dict[str, Any]]) -> None:
    """Commands, their options, and the choices of these."""
    for item in described:
        for key in ("name", "description"):
            if translation := (item.get(f"{key}_localizations") or {}).get(LOCALE):
                item[key] = translation
        _translate(item.get("options") or ())
        _translate(item.get("choices") or ())
