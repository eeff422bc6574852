"""People who put hostile text into every field: options of commands, and the forms behind buttons and menus."""

import logging
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands
from simcord import SetupError
from simcord.results import to_discord_message

from bot.ui.forms import Form
from tests.cogs.test_rights import NEEDS
from tests.domain.nasty_text import FRAGMENTS, WORD
from tests.study_team import StudyTeam, walk

SEED = 20260105
TEXTS_PER_FIELD = 2
"""Raise it to try more; each text costs about a fortieth of a second for each of the fields."""

OPTION_LIMIT, FORM_LIMIT = 6000, 4000
"""Characters that Discord takes in an option of a command, and in a field of a form."""

LAST = ("remove", "withdraw", "drop")
"""Commands that take away what others need come last."""

SPARED = (*LAST, "leave", "erase", "end", "pause")
"""Commands that are not followed through: nothing would be left to attack."""

SPARED_BUTTONS = ("session:end", "session:finish")

MESSAGE_LIMIT = 2000
EMPTY = ("", " ")
"""As near to nothing as Discord takes in a field that may be left out, and in one that may not."""

TEXT_OR_FILE = (discord.AppCommandOptionType.string, discord.AppCommandOptionType.attachment)


def hostile_texts(bystander: discord.abc.Snowflake, role: discord.abc.Snowflake) -> list[str]:
    """Texts that have broken other programs. Only they name the bystander and the role, so nothing may ping those."""
    return [
        f"@everyone @here <@{bystander.id}> <@!{bystander.id}> <@&{role.id}> @{bystander.id}",
        f"```\n@everyone <@{bystander.id}>",
        "".join(map(chr, (*range(1, 32), 127, 0x85, 0x9B))),
        "끝\x00뒤",
        "\u202e\u2066\u200f뒤집힌 글\u202d\u2069\u200b\ufeff",
        "Z" + "\u0300\u0301\u0316\u0317\u0489" * 60 + "algo",
        "🧨" * 4000,
        "# 제목\n\n## 또 제목\n\n# 회고\n---\n===\n> [!NOTE]\n| a |\n|---|\n",
        "</details></div>-->]]></script><script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>",
        "[x](javascript:alert(1)) ![x](data:text/html,<script>) <javascript:alert(1)>",
        "{{7*7}} ${7*7} {% raw %} {0.__class__} {name} {} %s %(x)s %n",
        "'; DROP TABLE teams; -- \" OR 1=1",
        "../../etc/passwd",
        r"..\..\con\0.txt",
        '=HYPERLINK("http://evil.example","눌러요")',
        "=cmd|'/c calc'!A1",
        "+1",
        "-1",
        "@SUM(A1:A9)",
        "\t=1+1",
        "\r=1+1",
        "",
        "   \n\t  ",
        "\u3000\u200b",
        "id:0 #0 -99999999999999999999 99999999999999999999 ٣ ² Ⅷ",
        "id:99999999999999999999",
        "99999999999999999999",
        "٣",
        "²",
        "9999-12-31",
        "0000-00-00 99:99",
        "\ud7ff\U0010ffff\ufffe",
        "가" * 6000,
    ]


def mixed_texts(seed: int) -> Iterator[str]:
    """Pieces of Markdown and markup among words, without end."""
    dice = random.Random(seed)
    while True:
        yield "".join(dice.choices((*FRAGMENTS, " 낱말 "), k=dice.randint(1, 14))).replace(WORD, "낱말")


AnyCommand = app_commands.Command[Any, ..., Any]
Ask = Callable[[], Awaitable[simcord.InteractionResult]]


@dataclass
class Attack:
    """What was attacked so far, in one simulated Discord; each answer is looked at."""

    team: StudyTeam
    cast: dict[str, simcord.MemberActor]
    bystander: simcord.MemberActor
    role: simcord.RoleHandle
    log: pytest.LogCaptureFixture
    forms: set[type] = field(default_factory=set)
    """The classes of the forms that were sent."""
    pressed: set[tuple[str, str]] = field(default_factory=set)
    """Buttons that were pressed, with numbers left out, and by whom."""
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        known, mixed = cycle(hostile_texts(self.bystander, self.role)), mixed_texts(SEED)
        self._texts = (next(mixed if turn % 4 == 3 else known) for turn in cycle(range(4)))
        self._seen = 0

    def next_text(self, limit: int) -> str:
        return next(self._texts)[:limit]

    async def commands(self) -> None:
        """Every text option of every command with several texts, its other options as they should be."""
        for command in self._walk():
            for options in _attacks(command, self.next_text):
                ask = self._call(command, options)
                await self.answered(ask, f"/{command.qualified_name} {options}", self._role(command), depth=0)

    async def openings(self) -> None:
        """Every command as it is meant, and each form and button that this leads to; and the menus of messages."""
        for menu in self.team.env.bot.tree.walk_commands(type=discord.AppCommandType.message):
            for text in (self.next_text(MESSAGE_LIMIT).strip() or "글" for _ in range(TEXTS_PER_FIELD)):
                message = await self.cast["member"].send(self.team.channel, text)
                open_menu = partial(self.cast["mod"].context_menu, self.team.channel, menu.name, message)
                await self.answered(open_menu, f"{menu.name}: {text}", "mod")
        for command in self._walk():
            if command.name not in SPARED:
                await self.opening(command)

    async def opening(self, command: AnyCommand) -> None:
        """A command as it is meant, and each form and button that it leads to."""
        await self.answered(self._call(command), f"/{command.qualified_name}", self._role(command))

    def _walk(self) -> list[AnyCommand]:
        commands = [c for c in self.team.env.bot.tree.walk_commands() if isinstance(c, app_commands.Command)]
        return sorted(commands, key=lambda command: command.name in LAST)

    def _role(self, command: AnyCommand) -> str:
        least = NEEDS[command.qualified_name][0]
        return least if least in ("admin", "author") else "mod"

    def _call(self, command: AnyCommand, options: dict[str, str] | None = None) -> Ask:
        """The command with these options and what it needs besides; without any, as it opens its form if it has one."""
        chosen = NEEDS[command.qualified_name][1] | (options or {})
        if options is None:
            optional = {p.display_name for p in command.parameters if not p.required and p.type in TEXT_OR_FILE}
            chosen = {name: value for name, value in chosen.items() if name not in optional}
        chosen = {name: self.cast.get(value, value) for name, value in chosen.items()}
        return partial(self.cast[self._role(command)].slash, self.team.channel, command.qualified_name, **chosen)

    async def buttons(self) -> None:
        """Every kind of button that the bot has posted, and those of the answers to it; forms that open are sent."""
        env, bot = self.team.env, self.team.env.bot.user.id
        stored = [message for channel in env.backend.messages.values() for message in channel.values()]
        for message in sorted(stored, key=lambda message: message.id, reverse=True):
            if message.author_id == bot and not message.is_ephemeral:
                for role in ("member", "mod"):
                    await self._press_all(to_discord_message(env, message), role)

    async def _press_all(self, message: discord.Message, role: str, depth: int = 3) -> None:
        for part in [part for part in walk(message.components) if isinstance(part, discord.Button)]:
            kind = re.sub(r"^[0-9a-f]{32}$", part.label or "", part.custom_id or "")
            kind = re.sub(r"\d+", "", kind)
            if (kind, role) in self.pressed or part.url or part.disabled or kind.startswith(SPARED_BUTTONS):
                continue
            self.pressed.add((kind, role))
            press = partial(self.cast[role].click, message, custom_id=part.custom_id)
            await self.answered(press, f"{role}: {kind}", role, depth)

    async def answered(self, ask: Ask, what: str, role: str, depth: int = 3) -> None:
        """Do something, and go on with the form or the buttons that come of it."""
        try:
            result = await ask()
        except SetupError:  # another button before it changed the message
            return
        self._answered(what, result)
        if result.modal is not None:
            await self._send_forms(result, ask, what, role)
        elif result.response is not None and depth:
            await self._press_all(result.response.message, role, depth - 1)

    async def _send_forms(self, shown: simcord.InteractionResult, ask: Ask, what: str, role: str) -> None:
        """Send a form with several texts in each of its text fields, one field at a time; open it again for each."""
        fields = [part["custom_id"] for part in _controls(shown.modal or {}) if _takes_text(part)]
        for turn in range(TEXTS_PER_FIELD * len(fields) or 1):
            if shown.modal is None:
                return  # what it was for is done
            await self._send_form(shown, turn, what, role)
            shown = await ask()

    async def _send_form(self, shown: simcord.InteractionResult, turn: int, what: str, role: str) -> None:
        modal = self.team.env.bot._connection._view_store._modals[shown.modal["custom_id"]]
        self.forms.add(type(modal))
        parts = list(_controls(shown.modal))
        values = {part["custom_id"]: _valid(part) or self._somebody(part) for part in parts}
        if fields := [part for part in parts if _takes_text(part)]:  # some forms only ask what a message is for
            part = fields[turn % len(fields)]
            text = self.next_text(part.get("max_length") or FORM_LIMIT)
            values[part["custom_id"]] = text or EMPTY[bool(part.get("required"))]
        values = {key: value for key, value in values.items() if value is not None}
        self._answered(f"{what}: {type(modal).__name__} {values}", await self.cast[role].submit_modal(shown, values))

    def _somebody(self, part: dict[str, Any]) -> list[simcord.MemberActor] | None:
        asked = part["type"] == discord.ComponentType.user_select.value and part.get("required", True)
        return [self.cast["member"]] if asked else None

    def _answered(self, what: str, result: simcord.InteractionResult) -> None:
        what = ascii(what)[:400]
        for record in self.log.get_records("call"):
            if record.levelno >= logging.ERROR:
                self.problems.append(f"{what}: {record.getMessage()}\n{record.exc_text}")
        self.log.clear()
        if not result.acknowledged or (result.deferred and not (result.modal or result.response or result.followups)):
            self.problems.append(f"{what}: no answer")
        self.look_for_pings(what, self._seen)

    def look_for_pings(self, what: str, after: int = 0) -> None:
        """Whether a message of the bot since then pings everybody, a role, or somebody whom only a text names."""
        bot = self.team.env.bot.user.id
        for messages in self.team.env.backend.messages.values():
            for message in messages.values():
                if message.id <= after or message.author_id != bot or message.system_metadata is not None:
                    continue
                self._seen = max(self._seen, message.id)
                pinged = self.bystander.id in message.ping_user_ids or message.ping_role_ids or message.mention_everyone
                if pinged or message.allowed_mentions.everyone:
                    self.problems.append(f"{what} pings: {message.content}")


def _attacks(command: app_commands.Command, next_text: Any) -> Iterator[dict[str, str]]:
    """Options to try: each text option with some texts; where there is a choice beside it, for each choice."""
    strings = [p for p in command.parameters if p.type is discord.AppCommandOptionType.string]
    choices = {p.display_name: [choice.value for choice in p.choices] for p in strings if p.choices and p.required}
    for option in (p for p in strings if not p.choices):
        limit = int(option.max_value or OPTION_LIMIT)
        turns = max(TEXTS_PER_FIELD, *map(len, choices.values())) if choices else TEXTS_PER_FIELD
        for turn in range(turns):
            text = next_text(limit)
            if len(text) < (option.min_value or 0):
                continue
            chosen = {name: values[turn % len(values)] for name, values in choices.items()}
            yield chosen | {option.display_name: text}


def _takes_text(part: dict[str, Any]) -> bool:
    return part["type"] == discord.ComponentType.text_input.value


def _valid(part: dict[str, Any]) -> Any:
    """What may stand in a part of a form: what does already, or the least that it asks for."""
    if _takes_text(part):
        return part.get("value") or ("https://example.org" if part.get("required") else None)
    if part.get("options"):
        chosen = [option["value"] for option in part["options"] if option.get("default")]
        return chosen or ([part["options"][0]["value"]] if part.get("required", True) else None)
    return None


def _controls(modal: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in modal["components"]:
        inner = [part["component"]] if "component" in part else part.get("components", [])
        yield from (each for each in inner if "custom_id" in each)


def every_form() -> set[type]:
    """The forms of the bot, found by what they are."""
    found, waiting = set(), [Form]
    while waiting:
        below = [form for form in waiting.pop().__subclasses__() if form.__module__.startswith(("bot.", "cogs."))]
        waiting += below
        found.update(below)
    return found
