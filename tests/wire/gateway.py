"""The WebSocket side: sessions that can be dropped, resumed and declared invalid."""

import asyncio
import contextlib
import itertools
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from .payloads import guild_payload, user_payload
from .pulse import Pulse
from .state import Guild
from .world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 7, 9, 10, 11
PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15  # members, presences, message content
AUTHENTICATION_FAILED, DISALLOWED_INTENTS = 4004, 4014


@dataclass(eq=False)
class Session:
    """One identified shard. Its events are kept, so that a RESUME can have what it missed."""

    shard: int
    shards: int
    intents: int
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    socket: web.WebSocketResponse | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    sent: int = 0
    resumes: int = 0
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    def record(self, event: str, data: dict[str, Any]) -> None:
        self.events.append({"op": DISPATCH, "s": len(self.events) + 1, "t": event, "d": data})

    async def send(self, frame: dict[str, Any]) -> None:
        if self.socket is not None and not self.socket.closed:
            # A connection that is gone is nothing special: the client resumes.
            with contextlib.suppress(ConnectionError):
                await self.socket.send_json(frame)

    async def catch_up(self) -> None:
        """Send what was recorded and not yet sent, in order."""
        async with self.sending:
            while self.socket is not None and self.sent < len(self.events):
                self.sent += 1
                await self.send(self.events[self.sent - 1])


class Gateway:
    """All sessions. `identifies` counts IDENTIFYs: Discord allows a thousand a day.

    `refusing`: answer every attempt to connect with 503. `allowed_intents`: privileged ones the bot may ask for.
    """

    def __init__(self, world: World, pulse: Pulse, token: str, url: Callable[[], str]) -> None:
        self.world = world
        self.pulse = pulse
        self.token = token
        self.url = url
        self.sessions: list[Session] = []
        self.identifies = 0
        self.heartbeats = 0
        self.heartbeat_seconds = 41.25
        self.refusing = False
        self.allowed_intents = 0
        self._sockets: set[web.WebSocketResponse] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pings = itertools.count(1)
        self._pongs: dict[bytes, asyncio.Future[None]] = {}

    # What a test does

    @property
    def connected(self) -> list[Session]:
        return [session for session in self.sessions if session.socket is not None]

    async def drop(self, code: int = 4000) -> None:
        """Close every connection; the sessions stay and may be resumed."""
        for session in self.connected:
            session.socket = None
        for socket in list(self._sockets):
            await socket.close(code=code)

    async def ask_to_reconnect(self) -> None:
        """Op 7: the client closes and resumes by itself."""
        for session in self.connected:
            await session.send({"op": RECONNECT, "d": None})

    async def invalidate(self) -> None:
        """Op 9 without a way back: the client must identify anew."""
        for session in self.connected:
            self.sessions.remove(session)
            await session.send({"op": INVALID_SESSION, "d": False})

    def dispatch(self, event: str, data: dict[str, Any], guild_id: int | None = None) -> None:
        """To the shard of the guild (shard 0 for private things), now, or when it resumes."""
        for session in self.sessions:
            if session.shard == ((guild_id or 0) >> 22) % session.shards:
                session.record(event, data)
                task = asyncio.create_task(session.catch_up())
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def seen(self) -> None:
        """Until the client has read everything sent so far, over HTTP too.

        A person clicks after seeing the answer. discord.py answers a ping from the loop that also reads its HTTP
        responses; two round trips later what was written before the first has been dealt with.
        """
        for session in self.connected:
            for _ in range(2):
                await self._ping(session)

    # The protocol

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.refusing:
            return web.Response(status=503)
        # Without autoping pongs come through to _receive, which seen() waits for.
        socket = web.WebSocketResponse(autoping=False, max_msg_size=0)
        await socket.prepare(request)
        self._sockets.add(socket)
        session: Session | None = None
        try:
            await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    session = await self._receive(socket, session, json.loads(message.data))
                elif message.type is WSMsgType.PING:
                    await socket.pong(message.data)
                elif message.type is WSMsgType.PONG:
                    self._pong(bytes(message.data))
        except ConnectionError:
            pass  # the other side is gone, which the client is free to be
        finally:
            self._sockets.discard(socket)
            if session is not None and session.socket is socket:
                self._part(session, socket.close_code)
            self.pulse.beat()
        return socket

    def _part(self, session: Session, close_code: int | None) -> None:
        """The client went away. Only after a farewell (1000, 1001) is there nothing to resume."""
        session.socket = None
        if close_code in {1000, 1001} and session in self.sessions:
            self.sessions.remove(session)

    async def _receive(
        self, socket: web.WebSocketResponse, session: Session | None, frame: dict[str, Any]
    ) -> Session | None:
        if frame["op"] == HEARTBEAT:
            self.heartbeats += 1
            await socket.send_json({"op": HEARTBEAT_ACK, "d": None})
        elif frame["op"] in {IDENTIFY, RESUME} and frame["d"]["token"] != self.token:
            await socket.close(code=AUTHENTICATION_FAILED)
        elif frame["op"] == IDENTIFY:
            return await self._identify(socket, frame["d"])
        elif frame["op"] == RESUME:
            return await self._resume(socket, frame["d"])
        return session

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        self.identifies += 1
        if data["intents"] & PRIVILEGED_INTENTS & ~self.allowed_intents:
            await socket.close(code=DISALLOWED_INTENTS)
            return None
        shard, shards = data.get("shard") or (0, 1)
        session = Session(shard, shards, data["intents"], socket=socket)
        guilds = [guild for guild in self.world.guilds.values() if (guild.id >> 22) % shards == shard]
        session.record("READY", self._ready(session, guilds))
        for guild in guilds:
            session.record("GUILD_CREATE", guild_payload(self.world, guild) | {"unavailable": False})
        self.sessions = [other for other in self.sessions if other.socket is not None or other.shard != shard]
        self.sessions.append(session)
        await session.catch_up()
        self.pulse.beat()
        return session

    def _ready(self, session: Session, guilds: list[Guild]) -> dict[str, Any]:
        return {
            "v": 10,
            "user": user_payload(self.world.bot) | {"verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url(),
            "shard": [session.shard, session.shards],
            "application": {"id": str(self.world.application_id), "flags": 0},
        }

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        for session in self.sessions:
            if session.id == data["session_id"]:
                session.socket = socket
                session.resumes += 1
                session.record("RESUMED", {})
                session.sent = data["seq"] or 0
                await session.catch_up()
                self.pulse.beat()
                return session
        await socket.send_json({"op": INVALID_SESSION, "d": False})
        return None

    async def _ping(self, session: Session) -> None:
        if session.socket is None or session.socket.closed:
            return
        name = str(next(self._pings)).encode()
        self._pongs[name] = asyncio.get_running_loop().create_future()
        try:
            await session.socket.ping(name)
            await asyncio.wait_for(self._pongs[name], 5.0)
        except (TimeoutError, ConnectionError):
            pass  # a client that hangs or went away has nothing to catch up with
        finally:
            self._pongs.pop(name)

    def _pong(self, name: bytes) -> None:
        if (waiting := self._pongs.get(name)) is not None and not waiting.done():
            waiting.set_result(None)
