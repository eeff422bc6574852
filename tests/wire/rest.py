"""HTTP: every request is read, logged, and passes the token, the faults and the rate limits before its handler."""

import asyncio
import json
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .errors import REQUEST_TOO_LARGE, UNAUTHORIZED, UNKNOWN_ROUTE, DiscordError
from .faults import Faults, Strike
from .limits import RateLimits, Verdict
from .pulse import Pulse
from .state import File
from .world import World

API = "/api/v10"
MOST_BYTES_PER_FILE = 10 * 1024 * 1024
MOST_BYTES_PER_REQUEST = 25 * 1024 * 1024

# Whoever knows an interaction's token needs no other; these do not count for the global limit either.
WITH_OWN_TOKEN = re.compile(r"/(interactions|webhooks)/\d+/[^/]+(/.*)?")


@dataclass(eq=False)
class Call:
    """One request: `path` without the API's prefix, `ids` from the route, `body` the JSON, `files` what came along.

    `status` is None while it is under way; `answered_at` is in seconds of `time.monotonic()`.
    """

    method: str
    path: str
    query: dict[str, str]
    ids: dict[str, str]
    body: Any = None
    files: list[File] = field(default_factory=list)
    authorized: bool = False
    status: int | None = None
    strike: Strike | None = None
    answered_at: float = 0.0

    def id(self, name: str) -> int:
        return int(self.ids[name])


Handler = Callable[[Call], Awaitable[Any]]
Route = tuple[str, str, Handler]


class Rest:
    """Carries calls to handlers. A handler returns what goes out as JSON (None: 204) or raises DiscordError."""

    def __init__(self, world: World, pulse: Pulse, limits: RateLimits, faults: Faults, token: str) -> None:
        self.world = world
        self.pulse = pulse
        self.limits = limits
        self.faults = faults
        self.token = token
        self.requests: list[Call] = []
        self.unknown_requests: list[Call] = []
        self._released = asyncio.Event()

    def register(self, application: web.Application, routes: list[Route]) -> None:
        for method, path, handler in routes:
            application.router.add_route(method, API + path, self._serving(handler))

    def register_rest(self, application: web.Application) -> None:
        """Everything else: remembered in `unknown_requests` and answered 404."""
        application.router.add_route("*", API + "/{rest:.*}", self._serving(self._unknown))
        for folder in ("attachments", "ephemeral-attachments"):
            application.router.add_get(f"/{folder}/{{channel}}/{{file}}/{{name}}", self._download)

    def release(self) -> None:
        """Let go of every request that hangs; they are closed without an answer."""
        self._released.set()
        self._released = asyncio.Event()

    async def _unknown(self, call: Call) -> None:
        self.unknown_requests.append(call)
        raise DiscordError(*UNKNOWN_ROUTE)

    async def _download(self, request: web.Request) -> web.Response:
        attachment = self.world.files.get(int(request.match_info["file"]))
        if attachment is None:
            return web.Response(status=404)
        return web.Response(body=attachment.data, content_type=attachment.content_type or "application/octet-stream")

    def _serving(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            call = await self._read(request)
            self.requests.append(call)
            call.strike = self.faults.draw(call.method, call.path)
            response = await self._in_time(call, handler, request)
            call.status, call.answered_at = response.status, asyncio.get_running_loop().time()
            if not _is_gone(request):
                # Written before anybody is told, so that a test never acts on what the bot has not been sent yet.
                await response.prepare(request)
                await response.write_eof()
            self.pulse.beat()
            return response

        return serve

    async def _read(self, request: web.Request) -> Call:
        path = request.path.removeprefix(API)
        authorized = request.headers.get("Authorization") == f"Bot {self.token}"
        call = Call(request.method, path, dict(request.query), dict(request.match_info), authorized=authorized)
        if request.content_type.startswith("multipart/"):
            await _read_parts(request, call)
        elif request.can_read_body:
            call.body = await request.json()
        return call

    async def _in_time(self, call: Call, handler: Handler, request: web.Request) -> web.Response:
        """The response after its latency, the effect in the midst of it."""
        seconds = self.faults.delay(call.path)
        if not seconds:
            return await self._respond(call, handler, request)
        self.pulse.beat()
        await asyncio.sleep(seconds / 2)
        if _is_gone(request) and self.faults.reaches_nobody():
            return web.Response(status=500)
        response = await self._respond(call, handler, request)
        self.pulse.beat()
        await asyncio.sleep(seconds / 2)
        return response

    async def _respond(self, call: Call, handler: Handler, request: web.Request) -> web.Response:
        strike = call.strike
        if strike is not None and not strike.accepted:
            return await self._break(strike, request)
        response = await self._handle(call, handler)
        return response if strike is None else await self._break(strike, request)

    async def _handle(self, call: Call, handler: Handler) -> web.Response:
        exempt = bool(WITH_OWN_TOKEN.fullmatch(call.path))
        now, wall = asyncio.get_running_loop().time(), self.world.now().timestamp()
        verdict = self.limits.judge(call.method, call.path, exempt=exempt, now=now, wall=wall)
        if verdict.retry_after is not None:
            return too_many_requests(verdict)
        try:
            if not (call.authorized or exempt):
                raise DiscordError(*UNAUTHORIZED)
            if any(len(file.data) > MOST_BYTES_PER_FILE for file in call.files):
                raise DiscordError(*REQUEST_TOO_LARGE)
            return answer(await handler(call), headers=verdict.headers)
        except DiscordError as refusal:
            return answer(refusal.payload(), status=refusal.status, headers=verdict.headers)

    async def _break(self, strike: Strike, request: web.Request) -> web.Response:
        kind = strike.answer
        if kind == 429:
            return too_many_requests(Verdict({}, strike.fault.retry_after, "shared"))
        if isinstance(kind, int):
            return answer({"message": strike.fault.message, "code": strike.fault.code}, status=kind)
        if kind == "hang":
            self.pulse.beat()
            await self._released.wait()
        if kind == "reset":
            _reset(request)
        elif request.transport is not None:
            request.transport.close()
        return web.Response(status=500)  # nobody receives it


def answer(data: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Discord's content type has no charset, and discord.py compares it to the letter."""
    if data is None:
        return web.Response(status=204, headers=headers)
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def too_many_requests(verdict: Verdict) -> web.Response:
    """Discord's own 429; without `Via` discord.py takes it for a ban by Cloudflare and gives up."""
    seconds = round(verdict.retry_after or 0.0, 3)
    headers = verdict.headers | {
        "Via": "1.1 google",
        "Retry-After": str(max(1, round(seconds))),
        "X-RateLimit-Scope": verdict.scope,
    }
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": verdict.scope == "global"}
    return answer(body, status=429, headers=headers)


async def _read_parts(request: web.Request, call: Call) -> None:
    """`payload_json` and `files[n]`, in the order of n; descriptions stand in the JSON's `attachments`."""
    files: dict[int, File] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        data = bytes(await part.read())
        if part.name == "payload_json":
            call.body = json.loads(data)
        elif found := re.fullmatch(r"files\[(\d+)\]", part.name or ""):
            files[int(found[1])] = File(part.filename or "unknown", data)
    call.files = [files[number] for number in sorted(files)]


def _is_gone(request: web.Request) -> bool:
    """Whether whoever asked has closed the connection."""
    return request.transport is None or request.transport.is_closing()


def _reset(request: web.Request) -> None:
    """Close so that the other side reads "connection reset by peer" instead of an orderly end."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
