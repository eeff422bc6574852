"""What people do in Discord: type commands, click, choose, fill in forms, write."""

from typing import Any

import discord

from .application_routes import ApplicationRoutes
from .commands import Resolved, command_data, find_command
from .components import BUTTON, LINK_STYLE, SELECTS, STRING_SELECT, find
from .gateway import Gateway
from .interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Answer, InteractionRoutes
from .modals import filled
from .payloads import interaction_channel_payload, member_payload, message_payload, user_payload
from .pulse import Pulse
from .state import Channel, File, Guild, Message, User
from .world import World

Payload = dict[str, Any]


class People:
    """Every action waits for the bot's answer and hands it back; AssertionError where Discord's client would object."""

    def __init__(
        self, world: World, pulse: Pulse, gateway: Gateway, bot: ApplicationRoutes, interactions: InteractionRoutes
    ) -> None:
        self.world = world
        self.pulse = pulse
        self.gateway = gateway
        self.bot = bot
        self.interactions = interactions
        self.fill_within = 10.0

    async def slash(self, user: User, channel: Channel, command: str, /, **options: Any) -> Answer:
        """`slash(mina, room, "roster add", member=jun, name="준")`; people, roles, channels and Files as such."""
        top, way, part = find_command(self._commands(channel), command)
        self._check_offered(user, channel, top)
        resolved = self._resolved(channel)
        data = command_data(top, way, part, options, resolved)
        return await self._interact(COMMAND, user, channel, data, what=f"an answer to /{command}")

    async def autocomplete(
        self, user: User, channel: Channel, command: str, /, focused: str, text: str = "", **options: Any
    ) -> list[Payload]:
        """The choices (name, value) offered while `text` stands in the option `focused`."""
        top, way, part = find_command(self._commands(channel), command)
        options = {**options, focused: text}
        data = command_data(top, way, part, options, self._resolved(channel), focused=focused.rstrip("_"))
        answer = await self._interact(AUTOCOMPLETE, user, channel, data, what=f"suggestions for /{command}")
        return answer.choices

    async def menu(self, user: User, channel: Channel, command: str, target: Message | User) -> Answer:
        """A command of the Apps menu, on a message or a person."""
        kind = 3 if isinstance(target, Message) else 2
        by_name = {c["name"]: c for c in self._commands(channel) if c["type"] == kind}
        assert command in by_name, f"no {command!r} in the Apps menu; there are {sorted(by_name)}"
        self._check_offered(user, channel, by_name[command])
        resolved = self._resolved(channel)
        data = {"id": by_name[command]["id"], "name": command, "type": kind, "target_id": resolved.add(target)}
        data["resolved"] = resolved.payload
        return await self._interact(COMMAND, user, channel, data, what=f"an answer to {command!r}")

    async def click(self, user: User, where: Message | Answer, button: str) -> Answer:
        """A button, by its custom_id or else its label."""
        message = self._readable(user, where)
        component = find(message.components, button)
        clickable = component["type"] == BUTTON and component["style"] != LINK_STYLE
        assert clickable, f"{button!r} is no button to click"
        assert not component.get("disabled"), f"{button!r} is greyed out"
        return await self._use(user, message, component, {})

    async def select(self, user: User, where: Message | Answer, menu: str, *chosen: Any) -> Answer:
        """Options of a select by value or label; people, roles or channels themselves in the other kinds."""
        message = self._readable(user, where)
        component = find(message.components, menu)
        assert component["type"] in SELECTS, f"{menu!r} is nothing to choose from"
        assert not component.get("disabled"), f"{menu!r} is greyed out"
        least, most = component.get("min_values", 1), component.get("max_values", 1)
        assert least <= len(chosen) <= most, f"{menu!r} takes {least} to {most}"
        if component["type"] == STRING_SELECT:
            return await self._use(user, message, component, {"values": _values(component, chosen)})
        resolved = self._resolved(self.world.channel(message.channel_id))
        values = [resolved.add(thing) for thing in chosen]
        return await self._use(user, message, component, {"values": values, "resolved": resolved.payload})

    async def submit_modal(self, user: User, form: Answer, values: dict[str, Any]) -> Answer:
        """Fields by custom_id or label; what is not named keeps what stands in it."""
        assert form.modal is not None, f"the answer was {form.kind}, not a form"
        assert form.user is user, f"the form is open at {form.user.name}'s, not {user.name}'s"
        resolved = self._resolved(form.channel)
        components = filled(form.modal["components"], values, resolved)
        data = {"custom_id": form.modal["custom_id"], "components": components, "resolved": resolved.payload}
        return await self._interact(MODAL, user, form.channel, data, clicked=form.clicked, what="an answer to the form")

    def say(self, user: User, channel: Channel, content: str, *files: File) -> Message:
        """A message of a person. The bot hears nothing of it without the messages intent, but finds it in history."""
        kept = [self.world.add_file(file, folder=f"attachments/{channel.id}") for file in files]
        message = Message(
            self.world.new_id(), channel.id, user, self.world.now(), content=content, attachments=kept
        )  # fmt: skip
        channel.messages[message.id] = message
        return message

    # One interaction

    async def _use(self, user: User, message: Message, component: Payload, extra: Payload) -> Answer:
        channel = self.world.channel(message.channel_id)
        data = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component.get("id")}
        what = f"an answer to {component['custom_id']!r}"
        return await self._interact(COMPONENT, user, channel, data | extra, clicked=message, what=what)

    async def _interact(
        self, kind: int, user: User, channel: Channel, data: Payload, *, what: str, clicked: Message | None = None
    ) -> Answer:
        assert self.gateway.sessions, f"the bot is not connected, so {what} cannot come"
        await self.gateway.seen()
        answer = Answer(user, channel, self.world.new_id(), kind, clicked)
        self.interactions.open(answer)
        payload = self._payload(answer, data)
        self.gateway.dispatch("INTERACTION_CREATE", payload, channel.guild_id)
        await self.pulse.until(lambda: answer.kind, within=self.interactions.answer_within, what=what)
        if answer.kind == "thinking":
            what = f"{what} (the bot is still thinking)"
            await self.pulse.until(lambda: answer.kind != "thinking", within=self.fill_within, what=what)
        return answer

    def _payload(self, answer: Answer, data: Payload) -> Payload:
        channel, user = answer.channel, answer.user
        payload: Payload = {
            "id": str(answer.interaction_id),
            "application_id": str(self.world.application_id),
            "type": answer.interaction_type,
            "token": answer.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "locale": user.locale,
            "app_permissions": str(self.world.bot_permissions(channel).value),
            "entitlements": [],
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if answer.clicked is not None:
            payload["message"] = message_payload(self.world, answer.clicked)
        return payload | (self._in_dm(answer) if channel.guild_id is None else self._in_guild(answer))

    def _in_dm(self, answer: Answer) -> Payload:
        permissions = discord.Permissions.all().value
        return {
            "user": user_payload(answer.user),
            "channel": interaction_channel_payload(self.world, answer.channel, permissions),
            "context": 1,
            "authorizing_integration_owners": {"0": "0"},
        }

    def _in_guild(self, answer: Answer) -> Payload:
        guild, permissions = self._permissions(answer.user, answer.channel)
        member = member_payload(self.world.member(guild, answer.user.id))
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": member | {"permissions": str(permissions.value)},
            "channel": interaction_channel_payload(self.world, answer.channel, permissions.value),
            "context": 0,
            "authorizing_integration_owners": {"0": str(guild.id)},
        }

    def _permissions(self, user: User, channel: Channel) -> tuple[Guild, discord.Permissions]:
        guild = self.world.guild(channel.guild_id)
        return guild, self.world.permissions(self.world.member(guild, user.id), guild, channel)

    # What Discord's client would not let a person do

    def _commands(self, channel: Channel) -> list[Payload]:
        own = self.bot.commands.get(channel.guild_id, []) if channel.guild_id else []
        return [*own, *self.bot.commands[None]]

    def _check_offered(self, user: User, channel: Channel, command: Payload) -> None:
        """Where the command exists, and for whom: `contexts` and `default_member_permissions`."""
        context = 1 if channel.guild_id is None else 0
        contexts = command.get("contexts") or ([0] if command.get("dm_permission") is False else [0, 1])
        assert context in contexts, f"{command['name']} is not offered {'in DMs' if context else 'in servers'}"
        needed = command.get("default_member_permissions")
        if needed is None or channel.guild_id is None:
            return
        _, permissions = self._permissions(user, channel)
        assert permissions.administrator or int(needed) & ~permissions.value == 0, (
            f"{user.name} does not even see /{command['name']}"
        )

    def _readable(self, user: User, where: Message | Answer) -> Message:
        message = where.shown if isinstance(where, Answer) else where
        assert message.visible_to in {None, user}, f"{user.name} cannot see this message"
        here = self.world.channel(message.channel_id)
        assert message.ephemeral or message.id in here.messages, "this message has been deleted"
        return message

    def _resolved(self, channel: Channel) -> Resolved:
        return Resolved(self.world, self.world.guild(channel.guild_id) if channel.guild_id else None)


def _values(component: Payload, chosen: tuple[Any, ...]) -> list[str]:
    by_label = {option["label"]: option["value"] for option in component["options"]}
    values = [by_label.get(value, value) for value in chosen]
    assert set(values) <= set(by_label.values()), f"{chosen} not among {by_label}"
    return values
