"""The channel endpoints: messages, their history, their nonces, and the threads that grow from them."""

from collections.abc import Callable
from typing import Any

from .errors import (
    CANNOT_SEND_TO_USER,
    MISSING_PERMISSIONS,
    NOT_THE_AUTHOR,
    THREAD_ARCHIVED,
    THREAD_EXISTS,
    UNKNOWN_MESSAGE,
    DiscordError,
    invalid_form,
)
from .messages import compose, edit
from .payloads import channel_payload, message_payload
from .rest import Call, Route
from .state import Channel, Message
from .world import World

Dispatch = Callable[[str, dict[str, Any], int | None], None]


class MessageRoutes:
    """`nonce_seconds`: how long a nonce is remembered. Discord says "a few minutes"; 0 forgets at once."""

    def __init__(self, world: World, dispatch: Dispatch) -> None:
        self.world = world
        self.dispatch = dispatch
        self.nonce_seconds = 300.0
        self._nonces: dict[str, Message] = {}

    def routes(self) -> list[Route]:
        channel, message = "/channels/{channel}", "/channels/{channel}/messages/{message}"
        return [
            ("GET", channel, self.get_channel),
            ("PATCH", channel, self.edit_channel),
            ("POST", f"{channel}/typing", self.type),
            ("POST", f"{channel}/messages", self.create),
            ("GET", f"{channel}/messages", self.history),
            ("GET", message, self.get),
            ("PATCH", message, self.edit),
            ("DELETE", message, self.delete),
            ("PUT", f"{channel}/messages/pins/{{message}}", self.pin),
            ("PUT", f"{message}/reactions/{{emoji}}/@me", self.react),
            ("POST", f"{message}/threads", self.start_thread),
            ("POST", f"{channel}/threads", self.start_thread_alone),
            ("PUT", f"{channel}/thread-members/{{user}}", self.join_thread),
        ]

    # Channels

    async def get_channel(self, call: Call) -> Any:
        return channel_payload(self.world, self._visible(call))

    async def edit_channel(self, call: Call) -> Any:
        channel = self._visible(call)
        # The bot may archive and rename a thread of its own; anything else needs the permission.
        own = channel.is_thread and channel.owner_id == self.world.bot.id
        if not own:
            self.world.require(channel, "manage_threads" if channel.is_thread else "manage_channels")
        for key in ("name", "topic", "archived", "locked", "auto_archive_duration"):
            if key in call.body:
                setattr(channel, key, call.body[key])
        event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
        payload = channel_payload(self.world, channel)
        self.dispatch(event, payload, channel.guild_id)
        return payload

    async def type(self, call: Call) -> None:
        self.world.require(self._visible(call), "send_messages")

    # Messages

    async def create(self, call: Call) -> Any:
        channel = self._visible(call)
        self._check_may_send(channel, files=bool(call.files))
        if (earlier := self._earlier(call.body)) is not None:
            return self._with_nonce(earlier)
        message = compose(self.world, call.body, call.files, author=self.world.bot, channel=channel)
        self.post(channel, message)
        if message.nonce and call.body.get("enforce_nonce"):
            self._nonces[message.nonce] = message
        return self._with_nonce(message)

    def post(self, channel: Channel, message: Message) -> None:
        """Into the channel. Writing in an archived thread opens it again."""
        channel.messages[message.id] = message
        if channel.archived:
            channel.archived = False
            self.dispatch("THREAD_UPDATE", channel_payload(self.world, channel), channel.guild_id)

    def _earlier(self, body: dict[str, Any]) -> Message | None:
        """The message sent with this nonce, if still remembered; 10008 if it was deleted meanwhile."""
        earlier = self._nonces.get(body.get("nonce") or "") if body.get("enforce_nonce") else None
        if earlier is None or (self.world.now() - earlier.timestamp).total_seconds() >= self.nonce_seconds:
            return None
        if earlier.id not in self.world.channel(earlier.channel_id).messages:
            raise DiscordError(*UNKNOWN_MESSAGE)
        return earlier

    def _with_nonce(self, message: Message) -> dict[str, Any]:
        payload = message_payload(self.world, message)
        return payload | {"nonce": message.nonce} if message.nonce else payload

    def _check_may_send(self, channel: Channel, *, files: bool) -> None:
        if channel.recipient is not None and channel.recipient.dms_closed:
            raise DiscordError(*CANNOT_SEND_TO_USER)
        self.world.require(channel, "send_messages_in_threads" if channel.is_thread else "send_messages")
        if files:
            self.world.require(channel, "attach_files")

    async def history(self, call: Call) -> Any:
        """Newest first, whatever was asked for; without READ_MESSAGE_HISTORY an empty list, not an error."""
        channel = self._visible(call)
        if not self.world.bot_permissions(channel).read_message_history:
            return []
        limit = int(call.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise invalid_form("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.")
        chosen = choose(sorted(channel.messages.values(), key=lambda message: message.id), call.query, limit)
        return [message_payload(self.world, message) for message in reversed(chosen)]

    async def get(self, call: Call) -> Any:
        channel = self._visible(call)
        self.world.require(channel, "read_message_history")
        return message_payload(self.world, self.world.message(channel, call.id("message")))

    async def edit(self, call: Call) -> Any:
        channel = self._visible(call)
        message = self.world.message(channel, call.id("message"))
        if message.author is not self.world.bot:
            raise DiscordError(*NOT_THE_AUTHOR)
        if channel.archived:
            raise DiscordError(*THREAD_ARCHIVED)
        edit(self.world, message, call.body, call.files, channel=channel)
        return message_payload(self.world, message)

    async def delete(self, call: Call) -> None:
        channel = self._visible(call)
        message = self.world.message(channel, call.id("message"))
        if message.author is not self.world.bot:
            self.world.require(channel, "manage_messages")
        del channel.messages[message.id]

    async def pin(self, call: Call) -> None:
        channel = self._visible(call)
        self.world.require(channel, "manage_messages")
        self.world.message(channel, call.id("message")).pinned = True

    async def react(self, call: Call) -> None:
        channel = self._visible(call)
        self.world.require(channel, "add_reactions")
        self.world.message(channel, call.id("message")).reactions.append(call.ids["emoji"])

    # Threads

    async def start_thread(self, call: Call) -> Any:
        """The thread of a message has the message's id; there is never a second one (160004)."""
        channel = self._visible(call)
        message = self.world.message(channel, call.id("message"))
        self.world.require(channel, "create_public_threads")
        if message.thread_id is not None:
            raise DiscordError(*THREAD_EXISTS)
        message.thread_id = message.id
        return self._open_thread(channel, call.body, message.id)

    async def start_thread_alone(self, call: Call) -> Any:
        """Also a post in a forum, whose first message comes along in `message`."""
        channel = self._visible(call)
        self.world.require(channel, "create_public_threads")
        payload = self._open_thread(channel, call.body, self.world.new_id())
        if "message" not in call.body:
            return payload
        thread = self.world.channel(int(payload["id"]))
        message = compose(self.world, call.body["message"], call.files, author=self.world.bot, channel=thread)
        message.id = thread.id
        self.post(thread, message)
        return payload | {"message": message_payload(self.world, message)}

    def _open_thread(self, parent: Channel, body: dict[str, Any], thread_id: int) -> dict[str, Any]:
        name = body["name"]
        if not 1 <= len(name) <= 100:
            raise invalid_form("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        archive_after = body.get("auto_archive_duration") or 1440
        thread = self.world.add_thread(
            parent, name, owner=self.world.bot, thread_id=thread_id, archive_after=archive_after
        )
        payload = channel_payload(self.world, thread)
        self.dispatch("THREAD_CREATE", payload | {"newly_created": True}, thread.guild_id)
        return payload

    async def join_thread(self, call: Call) -> None:
        channel = self._visible(call)
        if channel.archived or not channel.is_thread:
            raise DiscordError(*MISSING_PERMISSIONS)
        user = call.ids["user"]
        channel.thread_members.add(self.world.bot.id if user == "@me" else int(user))

    def _visible(self, call: Call) -> Channel:
        channel = self.world.channel(call.id("channel"))
        self.world.require(channel)
        return channel


def choose(messages: list[Message], query: dict[str, str], limit: int) -> list[Message]:
    """The slice of history (oldest first) that `after`, `before` or `around` asks for; else the newest."""
    if "after" in query:
        return [message for message in messages if message.id > int(query["after"])][:limit]
    if "before" in query:
        return [message for message in messages if message.id < int(query["before"])][-limit:]
    if "around" in query:
        middle, half = int(query["around"]), limit // 2
        older = [message for message in messages if message.id < middle][-half:]
        return older + [message for message in messages if message.id >= middle][: limit - len(older)]
    return messages[-limit:]
