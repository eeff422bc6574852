"""From what a person types to the JSON of a command: `"roster add"`, `member=…` → nested options and `resolved`."""

from dataclasses import dataclass, field
from typing import Any

from .payloads import (
    attachment_payload,
    interaction_channel_payload,
    member_payload,
    message_payload,
    role_payload,
    user_payload,
)
from .state import Channel, File, Guild, Member, Message, Role, User
from .world import World

SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 9, 10, 11

Payload = dict[str, Any]


@dataclass
class Resolved:
    """Objects named by id elsewhere in an interaction, once each."""

    world: World
    guild: Guild | None
    payload: Payload = field(default_factory=dict)

    def add(self, thing: Any) -> str:
        """Remember it and return its id."""
        if isinstance(thing, Member):
            thing = thing.user
        if isinstance(thing, File):
            thing = self.world.add_file(thing, folder="ephemeral-attachments/0", ephemeral=True)
            self._put("attachments", thing.id, attachment_payload(thing))
        elif isinstance(thing, User):
            self._add_user(thing)
        elif isinstance(thing, Role):
            self._put("roles", thing.id, role_payload(thing))
        elif isinstance(thing, Channel):
            permissions = self.world.bot_permissions(thing).value
            self._put("channels", thing.id, interaction_channel_payload(self.world, thing, permissions))
        elif isinstance(thing, Message):
            self._put("messages", thing.id, message_payload(self.world, thing))
        else:
            raise TypeError(f"{thing!r} is nobody and nothing that an interaction could name")
        return str(thing.id)

    def _add_user(self, user: User) -> None:
        self._put("users", user.id, user_payload(user))
        member = self.guild.members.get(user.id) if self.guild else None
        if self.guild and member:
            payload = member_payload(member)
            del payload["user"]
            payload["permissions"] = str(self.world.permissions(member, self.guild).value)
            self._put("members", user.id, payload)

    def _put(self, kind: str, number: int, payload: Payload) -> None:
        self.payload.setdefault(kind, {})[str(number)] = payload


def find_command(commands: list[Payload], path: str) -> tuple[Payload, list[Payload], Payload]:
    """The command, the (sub)groups on the way, and the part that takes the options. AssertionError says what exists."""
    first, *rest = path.lstrip("/").split(" ")
    by_name = {command["name"]: command for command in commands if command["type"] == 1}
    assert first in by_name, f"no command /{first}; the bot has put up {sorted(by_name)}"
    part, way = by_name[first], []
    for name in rest:
        inner = {o["name"]: o for o in part.get("options") or () if o["type"] in {SUBCOMMAND, GROUP}}
        assert name in inner, f"no {name!r} in /{path}; there are {sorted(inner)}"
        part = inner[name]
        way.append(part)
    unfinished = [o["name"] for o in part.get("options") or () if o["type"] in {SUBCOMMAND, GROUP}]
    assert not unfinished, f"/{path} needs one of {unfinished}"
    return by_name[first], way, part


def command_data(
    command: Payload, way: list[Payload], part: Payload, given: dict[str, Any], resolved: Resolved, *, focused: str = ""
) -> Payload:
    """`data` of the interaction. `given`: values by option name; a trailing underscore is dropped (`from_`).

    With `focused` (autocomplete) that option is being typed and the rest may still be missing.
    """
    given = {name.rstrip("_"): value for name, value in given.items()}
    offered = {option["name"]: option for option in part.get("options") or ()}
    unknown = given.keys() - offered.keys()
    assert not unknown, f"no option {sorted(unknown)}; there are {sorted(offered)}"
    missing = [name for name, option in offered.items() if option.get("required") and name not in given]
    assert focused or not missing, f"Discord would insist on {missing}"
    options = [_option(offered[name], value, resolved, focused == name) for name, value in given.items()]
    for outer in reversed(way):
        options = [{"name": outer["name"], "type": outer["type"], "options": options}]
    data = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | ({"resolved": resolved.payload} if resolved.payload else {})


def _option(option: Payload, value: Any, resolved: Resolved, focused: bool) -> Payload:
    payload = {"name": option["name"], "type": option["type"]}
    if focused:
        return payload | {"value": value, "focused": True}
    return payload | {"value": _value(option, value, resolved)}


def _value(option: Payload, value: Any, resolved: Resolved) -> Any:
    """Held to what Discord's client would let a person enter."""
    kind, name = option["type"], option["name"]
    if kind in {USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT}:
        return resolved.add(value)
    if option.get("choices"):
        by_name = {choice["name"]: choice["value"] for choice in option["choices"]}
        value = by_name.get(value, value)
        assert value in by_name.values(), f"{name}: {value!r} is not among the choices {by_name}"
    if kind == STRING:
        value = str(value)
        assert option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000), f"{name}: length"
    if kind in {INTEGER, NUMBER}:
        value = int(value) if kind == INTEGER else float(value)
        least, most = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
        assert least <= value <= most, f"{name}: {value} is not between {least} and {most}"
    if kind == BOOLEAN:
        assert isinstance(value, bool), f"{name}: {value!r} is not a bool"
    return value
