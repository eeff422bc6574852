"""A small Discord on the loopback interface, for the real, unpatched discord.py.

It speaks as much of REST v10 and of the gateway as a bot with the guilds intent uses, keeps Discord's limits, and can
be made to fail. The bot is pointed at it by `DISCORD_API_URL` = `server.api_url`. Meanwhile the test plays the people:

    async with DiscordServer() as server:
        guild = server.add_guild("Study")
        room = server.add_channel(guild, "room")
        mina = server.add_person(guild, "민아")
        ...                                             # start the bot
        answer = await server.slash(mina, room, "roster join", name="민아")
        assert "민아" in answer.text

Who does what: `world` holds the state, `rest` carries requests past `faults` and `limits` to the `*_routes`, `gateway`
keeps the sessions, `people` builds interactions. Not spoken: voice, reactions of people, members' events, audit logs,
compression, system messages in threads.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

import discord
from aiohttp import web

from bot.clock import Clock, SystemClock

from .application_routes import ApplicationRoutes
from .faults import Faults
from .gateway import Gateway
from .interactions import Answer, InteractionRoutes
from .limits import RateLimits, Window
from .message_routes import MessageRoutes
from .payloads import channel_payload, guild_payload, role_payload
from .people import People
from .pulse import Pulse
from .rest import API, MOST_BYTES_PER_REQUEST, Call, Rest
from .state import DM, TEXT, Channel, File, Guild, Member, Message, Role, User
from .world import World

__all__ = ["Answer", "Channel", "DiscordServer", "File", "Guild", "Member", "Message", "Role", "User", "Window"]

T = TypeVar("T")

INVITED_WITH = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    manage_threads=True,
    manage_messages=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)


class DiscordServer:
    """One server, one bot. Everything is readable: `messages(channel)`, `commands`, `requests`, `gateway.sessions`."""

    def __init__(
        self,
        *,
        token: str = "wire-token",
        clock: Clock | None = None,
        shards: int = 1,
        seed: int = 0,
        limits: RateLimits | None = None,
    ) -> None:
        self.token = token
        self.port = 0
        self.defects: list[Exception] = []
        self.pulse = Pulse()
        self.faults = Faults(seed)
        self.limits = limits or RateLimits()
        self.world = World(clock or SystemClock())
        self.gateway = Gateway(self.world, self.pulse, token, lambda: self.gateway_url)
        self.rest = Rest(self.world, self.pulse, self.limits, self.faults, token)
        self.message_routes = MessageRoutes(self.world, self.gateway.dispatch)
        self.application_routes = ApplicationRoutes(self.world, lambda: self.gateway_url, shards)
        self.interactions = InteractionRoutes(self.world)
        people = People(self.world, self.pulse, self.gateway, self.application_routes, self.interactions)
        self.slash, self.autocomplete, self.menu = people.slash, people.autocomplete, people.menu
        self.click, self.select, self.submit_modal = people.click, people.select, people.submit_modal
        self.say = people.say

    # Running

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{API}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gw"

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=MOST_BYTES_PER_REQUEST, middlewares=[self._watch])
        application.router.add_get("/gw", self.gateway.serve)
        application.router.add_get("/gw/", self.gateway.serve)
        for part in (self.message_routes, self.application_routes, self.interactions):
            self.rest.register(application, part.routes())
        self.rest.register_rest(application)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await self._listen()
        return self

    async def __aexit__(self, kind: object, exception: BaseException | None, trace: object) -> None:
        self.rest.release()
        await self.gateway.drop(1001)
        await self._runner.cleanup()
        if self.defects and exception is None:
            raise ExceptionGroup("the pretend Discord itself failed", self.defects)

    @web.middleware
    async def _watch(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """aiohttp turns our own mistakes into a 500 that looks like a fault; they must fail the test instead."""
        try:
            return await handler(request)
        except (web.HTTPException, ConnectionError):
            raise  # the client went away or spoke no HTTP
        except Exception as defect:
            self.defects.append(defect)
            raise

    async def _listen(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await self._site.start()
        self.port = self._runner.addresses[-1][1]
        self.world.url = f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Inside, every connection is cut and every new one refused; afterwards Discord is back at the same address."""
        await self._site.stop()
        for connection in list(self._runner.server.connections if self._runner.server else ()):
            if connection.transport is not None:
                connection.transport.abort()
        try:
            yield
        finally:
            await self._listen()

    async def until(self, condition: Callable[[], T], *, within: float = 5.0, what: str = "it") -> T:
        """Wait for the first true value of `condition`, looked at again after every request and gateway event."""
        return await self.pulse.until(condition, within=within, what=what)

    async def connected(self, *, within: float = 20.0) -> None:
        """Until the bot has put up its commands and every shard has identified."""
        shards = self.application_routes.shards
        await self.until(lambda: len(self.gateway.connected) == shards, within=within, what="connecting")
        await self.until(lambda: self.commands, within=within, what="syncing commands")

    # What there is

    @property
    def commands(self) -> list[dict[str, Any]]:
        """The global commands, as the bot put them up."""
        return self.application_routes.commands[None]

    @property
    def requests(self) -> list[Call]:
        return self.rest.requests

    @property
    def unknown_requests(self) -> list[Call]:
        return self.rest.unknown_requests

    def requests_to(self, method: str, path: str) -> list[Call]:
        """Requests whose path matches the whole of this regular expression (without /api/v10)."""
        return [call for call in self.requests if call.method == method and re.fullmatch(path, call.path)]

    def messages(self, channel: Channel | int) -> list[Message]:
        """Oldest first, without the ephemeral ones."""
        number = channel if isinstance(channel, int) else channel.id
        return sorted(self.world.channel(number).messages.values(), key=lambda message: message.id)

    def thread_of(self, message: Message) -> Channel:
        return self.world.channel(message.thread_id or 0)

    def dm(self, user: User) -> list[Message]:
        """What stands in the bot's private channel with this person."""
        channels = self.world.channels.values()
        return [m for c in channels if c.type == DM and c.recipient is user for m in self.messages(c)]

    # What happens in it

    def add_guild(
        self, name: str = "Study", *, locale: str = "ko", owner: User | None = None,
        bot_permissions: discord.Permissions = INVITED_WITH,
    ) -> Guild:  # fmt: skip
        """A guild with @everyone, its owner and the bot. A connected bot is told that it has been invited."""
        owner = owner or self.world.add_user(f"{name}-owner")
        guild = self.world.add_guild(name, locale=locale, bot_permissions=bot_permissions, owner=owner)
        self.gateway.dispatch("GUILD_CREATE", guild_payload(self.world, guild), guild.id)
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """The bot is thrown out."""
        del self.world.guilds[guild.id]
        for channel in [c for c in self.world.channels.values() if c.guild_id == guild.id]:
            del self.world.channels[channel.id]
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    def guild_outage(self, guild: Guild, *, over: bool = False) -> None:
        """Discord cannot reach the guild for a while; `over` brings it back."""
        if over:
            payload = guild_payload(self.world, guild) | {"unavailable": False}
            self.gateway.dispatch("GUILD_CREATE", payload, guild.id)
        else:
            self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild.id)

    def add_channel(self, guild: Guild, name: str, *, kind: int = TEXT) -> Channel:
        channel = self.world.add_channel(guild, name, kind=kind)
        self.gateway.dispatch("CHANNEL_CREATE", channel_payload(self.world, channel), guild.id)
        return channel

    def delete_channel(self, channel: Channel) -> None:
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        payload = channel_payload(self.world, channel)
        del self.world.channels[channel.id]
        self.gateway.dispatch(event, payload, channel.guild_id)

    def deny(self, channel: Channel, *permissions: str) -> None:
        """Take permissions from the bot in a channel, by discord.py's names. Threads follow."""
        channel.denied |= set(permissions)
        self.gateway.dispatch("CHANNEL_UPDATE", channel_payload(self.world, channel), channel.guild_id)

    def allow(self, channel: Channel, *permissions: str) -> None:
        channel.denied -= set(permissions)
        self.gateway.dispatch("CHANNEL_UPDATE", channel_payload(self.world, channel), channel.guild_id)

    def add_role(self, guild: Guild, name: str, **permissions: bool) -> Role:
        """`add_role(guild, "mods", manage_guild=True)`"""
        role = self.world.add_role(guild, name, discord.Permissions(**permissions))
        payload = {"guild_id": str(guild.id), "role": role_payload(role)}
        self.gateway.dispatch("GUILD_ROLE_CREATE", payload, guild.id)
        return role

    def add_person(
        self, guild: Guild, name: str, *, roles: Iterable[Role] = (), nick: str | None = None, locale: str = "ko"
    ) -> User:
        """A new user who has joined the guild."""
        user = self.world.add_user(name, locale=locale)
        self.world.add_member(guild, user, roles=roles, nick=nick)
        return user

    def leave(self, guild: Guild, user: User) -> None:
        del guild.members[user.id]

    def delete_message(self, message: Message) -> None:
        """A moderator removes it."""
        del self.world.channel(message.channel_id).messages[message.id]
