"""`/healthz` on the loopback interface says that the process lives."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def health_server(port: int | None) -> AsyncIterator[None]:
    """Serve while the context is open; with no port, do nothing."""
    if port is None:
        yield
        return
    app = web.Application()
    app.router.add_get("/healthz", _alive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
