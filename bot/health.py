"""On the loopback interface `/healthz` says how the process is, `/metrics` gives its figures to Prometheus."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.jobs.heartbeat import Heartbeat
from bot.metrics import CONTENT_TYPE, Metrics


class Health:
    """How the process is. Its heartbeat is another one after each failed attempt to reach Discord."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self._heartbeat: Heartbeat | None = None
        self._ready: Callable[[], bool] = lambda: False

    def watch(self, heartbeat: Heartbeat, ready: Callable[[], bool]) -> None:
        """From now on this heartbeat is the one that counts; `ready` says whether Discord is connected."""
        self._heartbeat, self._ready = heartbeat, ready
        heartbeat.tell(self.metrics.ticked)

    async def alive(self, _request: web.Request) -> web.Response:
        """503 where ticks have stopped to come; 200 also before Discord was reached.

        `ready`: Discord is connected, and ticks come. `lag`: seconds by which the last tick was late.
        """
        beat = self._heartbeat
        live = beat is None or not beat.stalled
        said = {
            "status": "ok" if live else "stalled",
            "live": live,
            "ready": beat is not None and beat.healthy and self._ready(),
            "lag": None if beat is None else round(beat.lag, 3),
        }
        return web.json_response(said, status=200 if live else 503)

    async def figures(self, _request: web.Request) -> web.Response:
        return web.Response(body=await self.metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})


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
    watching = asyncio.get_running_loop().create_task(health.metrics.watch_loop(), name="loop-lag")
    try:
        yield
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await runner.cleanup()
