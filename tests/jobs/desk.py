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
from bot.services.deliveries import UNDELIVERED, plan
from tests.database import reading, writing
from tests.wire.pulse import Pulse

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
CHANNEL = 500
DIRECT = 9000
PERSON = 7
ROOM = DIRECT + PERSON
"""The channel of that person's direct messages."""
REFUSED = Refused(50007, "Cannot send messages to this user")


class FakeClock:
    def __init__(self) -> None:
        self.instant = NOON

    def now(self) -> datetime:
        return self.instant

    def advance(self, **time: float) -> None:
        self.instant += timedelta(**time)


@dataclass
class Channel:
    """An announcer whose answers are scripted: `arrives` says whether a failing send leaves its message behind.

    `closed` refuses whatever is sent into a channel; `held` says in which channel each message stands.
    """

    messages: list[Post] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    closed: dict[int, Exception] = field(default_factory=dict)
    opening: Exception | None = None
    failures: list[tuple[Exception, bool]] = field(default_factory=list)
    unreadable: bool = False
    attempts: int = 0
    reading: Exception | None = None
    drawn: list[Post] = field(default_factory=list)
    redrawn: list[int] = field(default_factory=list)
    drawing: Exception | None = None
    finishing: Exception | None = None
    places: list[int] = field(default_factory=list)
    pulse: Pulse = field(default_factory=Pulse)
    """Beats whenever a message has come to be there."""

    async def open_direct(self, user_id: int) -> int:
        if self.opening is not None:
            raise self.opening
        return DIRECT + user_id

    async def send(self, guild_id: int, channel_id: int, post: Post, nonce: str) -> int:
        self.attempts += 1
        self.places.append(channel_id)
        if channel_id in self.closed:
            raise self.closed[channel_id]
        if self.failures:
            error, arrives = self.failures.pop(0)
            if arrives:
                self._keep(channel_id, post)
            raise error
        return self._keep(channel_id, post)

    def _keep(self, channel_id: int, post: Post) -> int:
        self.messages.append(post)
        self.held.append(channel_id)
        self.pulse.beat()
        return len(self.messages)

    async def find(self, guild_id: int, channel_id: int, post: Post, since: datetime) -> int | None:
        if self.unreadable:
            raise Refused(50001, "Missing Access")
        if self.reading is not None:
            raise self.reading
        for number, (place, message) in enumerate(zip(self.held, self.messages, strict=True), 1):
            if place == channel_id and (message.buttons, message.text) == (post.buttons, post.text):
                return number
        return None

    async def finish(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        if self.finishing is not None:
            error, self.finishing = self.finishing, None
            raise error

    async def edit(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        if self.drawing is not None:
            raise self.drawing
        self.drawn.append(post)
        self.redrawn.append(channel_id)


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
        async with writing(self.database) as session:
            await plan(session, team_id=self.team_id, kind=kind, subject_id=1, due_at=self.clock.now(), **more)

    async def day(self) -> int:
        """Id of the team's study day now."""
        async with writing(self.database) as session:
            team = await session.get_one(TeamRow, self.team_id)
            return (await day_of_entry(session, team, self.clock.now())).id

    async def dispatch(self) -> list[tuple[str, str | None]]:
        """One tick, to its end: the deliveries' states and reasons."""
        await self.dispatcher.dispatch()
        await self.dispatcher.finished()
        return await self.states()

    async def rows(self) -> list[DeliveryRow]:
        """Every delivery but the notices that tell of failures."""
        query = select(DeliveryRow).where(DeliveryRow.kind != UNDELIVERED)
        async with reading(self.database) as session:
            return list(await session.scalars(query.order_by(DeliveryRow.id)))

    async def states(self) -> list[tuple[str, str | None]]:
        return [(row.state, row.reason) for row in await self.rows()]


def saying(text: str) -> Callable[[Delivery], Awaitable[Post | Skip]]:
    async def compose(delivery: Delivery) -> Post | Skip:
        return Post(channel_id=CHANNEL, text=text, buttons=(Button("쓰기", f"retro:write:1:{delivery.id}"),))

    return compose


def telling(**more: object) -> Callable[[Delivery], Awaitable[Post | Skip]]:
    async def compose(delivery: Delivery) -> Post | Skip:
        return Post(text="아직 답이 없어요", buttons=(Button("보기", f"rotation:show:{delivery.id}"),), **more)

    return compose
