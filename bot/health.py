"""On the loopback interface `/healthz` says that the process lives, `/metrics` how it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import web

from bot.metrics import CONTENT_TYPE, Metrics


@asynccontextmanager
async def health_server(port: int | None, metrics: Metrics) -> AsyncIterator[None]:
    """Serve while the context is open; with no port, do nothing."""
    if port is None:
        yield
        return
    app = web.Application()
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/metrics", partial(_told, metrics))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _told(metrics: Metrics, _request: web.Request) -> web.Response:
    return web.Response(body=await metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})
