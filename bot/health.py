"""On the loopback interface `/healthz` says whether the heartbeat beats, `/metrics` how much there is to deliver."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.jobs.heartbeat import Heartbeat
from bot.metrics import CONTENT_TYPE, Metrics


class Health:
    """How the process is. Its heartbeat is another one after each failed attempt to reach Discord."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._heartbeat: Heartbeat | None = None

    def watch(self, heartbeat: Heartbeat) -> None:
        """From now on this heartbeat is the one that counts."""
        self._heartbeat = heartbeat
        heartbeat.tell(self._metrics.ticked)

    async def alive(self, _request: web.Request) -> web.Response:
        """200 also before Discord was reached, 503 where ticks have stopped to come."""
        if self._heartbeat is not None and self._heartbeat.stalled:
            return web.json_response({"status": "stalled"}, status=503)
        return web.json_response({"status": "ok"})

    async def figures(self, _request: web.Request) -> web.Response:
        return web.Response(body=await self._metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})


@asynccontextmanager
async def health_server(port: int | None, health: Health) -> AsyncIterator[None]:
    """Serve while the context is open; with no port, do nothing."""
    if port is None:
        yield
        return
    app = web.Application()
    app.router.add_get("/healthz", health.alive)
    app.router.add_get("/metrics", health.figures)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()
