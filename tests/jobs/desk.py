"""A dispatcher over a real database, with a channel that can be made to fail."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import DeliveryRow, TeamRow
from bot.domain.deliveries import Delivery
from bot.jobs.dispatch import Dispatcher
from bot.jobs.posts import Button, Post, Refused, Skip
from bot.services.boards import Boards
from bot.services.days import day_of_entry
from bot.services.deliveries import plan

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
CHANNEL = 500


class FakeClock:
    def __init__(self) -> None:
        self.instant = NOON

    def now(self) -> datetime:
        return self.instant

    def advance(self, **time: float) -> None:
        self.instant += timedelta(**time)


@dataclass
class Channel:
    """An announcer whose answers are scripted: `arrives` says whether a failing send leaves its message behind."""

    messages: list[Post] = field(default_factory=list)
    failures: list[tuple[Exception, bool]] = field(default_factory=list)
    unreadable: bool = False
    attempts: int = 0
    reading: Exception | None = None
    drawn: list[Post] = field(default_factory=list)
    drawing: Exception | None = None
    finishing: Exception | None = None
    places: list[int] = field(default_factory=list)

    async def send(self, guild_id: int, channel_id: int, post: Post, nonce: str) -> int:
        self.attempts += 1
        self.places.append(channel_id)
        if self.failures:
            error, arrives = self.failures.pop(0)
            if arrives:
                self.messages.append(post)
            raise error
        self.messages.append(post)
        return len(self.messages)

    async def find(self, guild_id: int, channel_id: int, post: Post, since: datetime) -> int | None:
        if self.unreadable:
            raise Refused(50001, "Missing Access")
        if self.reading is not None:
            raise self.reading
        return self.messages.index(post) + 1 if post in self.messages else None

    async def finish(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        if self.finishing is not None:
            error, self.finishing = self.finishing, None
            raise error

    async def edit(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        if self.drawing is not None:
            raise self.drawing
        self.drawn.append(post)


@dataclass
class Desk:
    """A dispatcher and all it works with."""

    database: Database
    clock: FakeClock
    channel: Channel
    dispatcher: Dispatcher
    boards: Boards
    team_id: int

    async def plan(self, kind: str = "retro.prompt", **more: object) -> None:
        async with self.database.write() as session:
            await plan(session, team_id=self.team_id, kind=kind, subject_id=1, due_at=self.clock.now(), **more)

    async def day(self) -> int:
        """Id of the team's study day now."""
        async with self.database.write() as session:
            team = await session.get_one(TeamRow, self.team_id)
            return (await day_of_entry(session, team, self.clock.now())).id

    async def dispatch(self) -> list[tuple[str, str | None]]:
        """One tick, to its end: the deliveries' states and reasons."""
        await self.dispatcher.dispatch()
        await self.dispatcher.finished()
        return await self.states()

    async def states(self) -> list[tuple[str, str | None]]:
        async with self.database.read() as session:
            return list(await session.execute(select(DeliveryRow.state, DeliveryRow.reason).order_by(DeliveryRow.id)))


def saying(text: str) -> Callable[[Delivery], Awaitable[Post | Skip]]:
    async def compose(delivery: Delivery) -> Post | Skip:
        return Post(channel_id=CHANNEL, text=text, buttons=(Button("쓰기", f"retro:write:1:{delivery.id}"),))

    return compose
