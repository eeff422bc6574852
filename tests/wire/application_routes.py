"""Who the bot is, where the gateway is, which commands it offers, and whom it may look up."""

import re
from collections.abc import Callable
from typing import Any

from .errors import UNKNOWN_USER, DiscordError, invalid_form
from .payloads import channel_payload, guild_payload, member_payload, role_payload, user_payload
from .rest import Call, Route
from .state import User
from .world import World

CHAT_INPUT = 1
NAME = re.compile(r"[-_'\w]{1,32}")
MOST_COMMANDS = {1: 100, 2: 15, 3: 15}


class ApplicationRoutes:
    """`commands`: what the bot has put up, in Discord's JSON, by guild id (None: global)."""

    def __init__(self, world: World, gateway_url: Callable[[], str], shards: int) -> None:
        self.world = world
        self.gateway_url = gateway_url
        self.shards = shards
        self.commands: dict[int | None, list[dict[str, Any]]] = {None: []}

    def routes(self) -> list[Route]:
        application = "/applications/{application}"
        return [
            ("GET", "/users/@me", self.me),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", "/gateway", self.gateway),
            ("GET", "/gateway/bot", self.gateway_bot),
            ("GET", f"{application}/commands", self.list_commands),
            ("PUT", f"{application}/commands", self.put_commands),
            ("GET", f"{application}/guilds/{{guild}}/commands", self.list_commands),
            ("PUT", f"{application}/guilds/{{guild}}/commands", self.put_commands),
            ("POST", "/users/@me/channels", self.open_dm),
            ("GET", "/users/{user}", self.user),
            ("GET", "/guilds/{guild}", self.guild),
            ("GET", "/guilds/{guild}/channels", self.guild_channels),
            ("GET", "/guilds/{guild}/roles", self.guild_roles),
            ("GET", "/guilds/{guild}/members/{user}", self.member),
        ]

    async def me(self, call: Call) -> Any:
        return user_payload(self.world.bot) | {"verified": True, "mfa_enabled": False, "flags": 0}

    async def application(self, call: Call) -> Any:
        return {
            "id": str(self.world.application_id), "name": self.world.bot.name, "description": "", "icon": None,
            "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0, "team": None,
            "owner": user_payload(self.world.owner), "bot": user_payload(self.world.bot),
        }  # fmt: skip

    async def gateway(self, call: Call) -> Any:
        return {"url": self.gateway_url()}

    async def gateway_bot(self, call: Call) -> Any:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
        return {"url": self.gateway_url(), "shards": self.shards, "session_start_limit": limit}

    # Commands

    async def list_commands(self, call: Call) -> Any:
        return self.commands.get(_guild_id(call), [])

    async def put_commands(self, call: Call) -> Any:
        """Replace them all. A command that stays keeps its id."""
        guild_id = _guild_id(call)
        check_commands(call.body)
        known = {_key(command): command["id"] for command in self.commands.get(guild_id, [])}
        self.commands[guild_id] = [self._command(command, known, guild_id) for command in call.body]
        return self.commands[guild_id]

    def _command(self, command: dict[str, Any], known: dict[Any, str], guild_id: int | None) -> dict[str, Any]:
        made = {"type": CHAT_INPUT, "description": "", "default_member_permissions": None, "nsfw": False} | command
        made["id"] = known.get(_key(made)) or str(self.world.new_id())
        made["application_id"] = str(self.world.application_id)
        made["version"] = str(self.world.new_id())
        return made | ({"guild_id": str(guild_id)} if guild_id else {})

    # People and places

    async def open_dm(self, call: Call) -> Any:
        return channel_payload(self.world, self.world.dm_with(self.world.user(int(call.body["recipient_id"]))))

    async def user(self, call: Call) -> Any:
        return user_payload(self._user(call))

    def _user(self, call: Call) -> User:
        if not call.ids["user"].isdecimal():
            raise DiscordError(*UNKNOWN_USER)
        return self.world.user(call.id("user"))

    async def guild(self, call: Call) -> Any:
        return guild_payload(self.world, self.world.guild(call.id("guild")))

    async def guild_channels(self, call: Call) -> Any:
        guild = self.world.guild(call.id("guild"))
        return [channel_payload(self.world, channel) for channel in self.world.channels_of(guild, threads=False)]

    async def guild_roles(self, call: Call) -> Any:
        return [role_payload(role) for role in self.world.guild(call.id("guild")).roles.values()]

    async def member(self, call: Call) -> Any:
        """10013 for somebody who does not exist, 10007 for somebody who is not (any more) in the guild."""
        guild, user = self.world.guild(call.id("guild")), self._user(call)
        return member_payload(self.world.member(guild, user.id))


def check_commands(commands: list[dict[str, Any]]) -> None:
    for kind, most in MOST_COMMANDS.items():
        if sum(command.get("type", CHAT_INPUT) == kind for command in commands) > most:
            raise invalid_form("commands", "APPLICATION_COMMAND_TOO_MANY", f"Must be {most} or fewer of type {kind}.")
    if len({_key(command) for command in commands}) != len(commands):
        raise invalid_form("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    for number, command in enumerate(commands):
        if command.get("type", CHAT_INPUT) == CHAT_INPUT:
            _check_named(command, f"{number}")
            if _characters(command) > 8000:
                raise invalid_form(f"{number}", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def _check_named(item: dict[str, Any], path: str) -> None:
    """A command, a subcommand or an option: its names, descriptions and, further in, options and choices."""
    names = [item["name"], *(item.get("name_localizations") or {}).values()]
    if not all(NAME.fullmatch(name) and name == name.lower() for name in names):
        raise invalid_form(f"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    descriptions = [item.get("description") or "", *(item.get("description_localizations") or {}).values()]
    if not all(1 <= len(description) <= 100 for description in descriptions):
        raise invalid_form(f"{path}.description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    options, choices = item.get("options") or [], item.get("choices") or []
    if max(len(options), len(choices)) > 25:
        raise invalid_form(f"{path}.options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        raise invalid_form(
            f"{path}.options", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must come first"
        )
    for number, option in enumerate(options):
        _check_named(option, f"{path}.options.{number}")


def _characters(item: dict[str, Any]) -> int:
    """What counts towards the 8000: names, descriptions and values; of the translations only the longest."""
    total = 0
    for key in ("name", "description"):
        total += max(map(len, [item.get(key) or "", *(item.get(f"{key}_localizations") or {}).values()]))
    total += len(item["value"]) if isinstance(item.get("value"), str) else 0
    children = [*(item.get("options") or ()), *(item.get("choices") or ())]
    return total + sum(map(_characters, children))


def _key(command: dict[str, Any]) -> tuple[int, str]:
    return command.get("type", CHAT_INPUT), command["name"]


def _guild_id(call: Call) -> int | None:
    return call.id("guild") if "guild" in call.ids else None
