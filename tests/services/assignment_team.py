"""A team with assignments whose time passes only when a test says so, and what the bot posts meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bot.db.engine import Database
from bot.db.schema import migrate
from bot.db.tables import DeliveryRow
from bot.domain.catch_up import CATCH_UP
from bot.domain.deliveries import Delivery
from bot.domain.schedules import ASSIGNMENT_MORNING
from bot.domain.submissions import Work
from bot.domain.team import Caller
from bot.jobs.dispatch import Dispatcher
from bot.jobs.pace import Pace
from bot.jobs.posts import Post, Skip
from bot.services import Services
from bot.services.assignments import ASSIGNMENT_BOARD, ASSIGNMENT_REMINDER, ASSIGNMENT_SUMMARY
from bot.services.boards import Boards
from bot.services.deliveries import Deliveries
from bot.services.housekeeping import Housekeeping
from cogs.assignments import AssignmentPosts
from tests.database import reading

MORNING = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
"""09:00 in Seoul on a Monday."""

DEADLINE = datetime(2026, 1, 6, 14, 59, tzinfo=UTC)
"""`내일 23:59`."""

GUILD, CHANNEL = 1, 500
A_SNOWFLAKE = 10**18
"""Ids of people, as long as Discord's are by now."""


@dataclass
class FakeClock:
    instant: datetime = MORNING

    def now(self) -> datetime:
        return self.instant


@dataclass
class Channel:
    """An announcer that keeps what is sent; `arrives` says whether also where it answers with an `error`."""

    posts: list[Post] = field(default_factory=list)
    edits: list[Post] = field(default_factory=list)
    error: Exception | None = None
    arrives: bool = True

    async def send(self, guild_id: int, channel_id: int, post: Post, nonce: str) -> int:
        if self.error is None or self.arrives:
            self.posts.append(post)
        if self.error is not None:
            raise self.error
        return len(self.posts)

    async def find(self, guild_id: int, channel_id: int, post: Post, since: datetime) -> int | None:
        return self.posts.index(post) + 1 if post in self.posts else None

    async def finish(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        pass

    async def edit(self, guild_id: int, channel_id: int, message_id: int, post: Post) -> None:
        self.edits.append(post)


@dataclass
class Team:
    """A team whose time passes only when a test says so. The moderator is not on the roster."""

    database: Database
    services: Services
    clock: FakeClock
    channel: Channel
    moderator: Caller

    @property
    def admin(self) -> Caller:
        """The moderator, at this moment."""
        return replace(self.moderator, at=self.clock.now())

    def member(self, number: int) -> Caller:
        return replace(self.moderator, user_id=A_SNOWFLAKE + number, manage_guild=False, at=self.clock.now())

    async def grow(self, size: int) -> None:
        for number in range(size):
            await self.services.roster.add(self.moderator, A_SNOWFLAKE + number, f"팀원{number}")

    async def add(self, due: str = "내일 23:59", **options: str) -> int:
        added = await self.services.assignments.add(self.moderator, "Attention 구현", due, **options)
        return added.assignment.id

    async def submit(self, number: int, assignment_id: int, **work: str) -> None:
        await self.services.assignments.submit(self.member(number), assignment_id, Work(**(work or {"note": "끝"})))

    async def at(self, instant: datetime) -> list[Post]:
        """The bot runs at this instant, until it has nothing more to send; the reminders it posted then."""
        self.clock.instant = instant
        before = len(self.channel.posts)
        await Housekeeping(self.database).step(instant)
        dispatcher = Dispatcher(
            Deliveries(self.database), Boards(self.database), self.channel, self.clock, Pace(per_second=None)
        )
        for kind in CATCH_UP.keys() - dispatcher.kinds:
            dispatcher.compose(kind, leave_out)
        posts = AssignmentPosts(self.services.assignment_notices, self.clock)
        dispatcher.compose(ASSIGNMENT_REMINDER, posts.reminder)
        dispatcher.compose(ASSIGNMENT_SUMMARY, posts.summary)
        dispatcher.compose(ASSIGNMENT_MORNING, posts.morning)
        dispatcher.draw(ASSIGNMENT_BOARD, posts.board)
        for _tick in range(4):
            await dispatcher.dispatch()
            await dispatcher.finished()
        return [post for post in self.channel.posts[before:] if post.mentions]

    async def reminders(self) -> list[tuple[str, str | None]]:
        """State and reason of each planned reminder, in the order in which they fall due."""
        query = select(DeliveryRow.state, DeliveryRow.reason).where(DeliveryRow.kind == ASSIGNMENT_REMINDER)
        async with reading(self.database) as session:
            return [tuple(row) for row in await session.execute(query.order_by(DeliveryRow.slot))]

    async def pending(self, kind: str = ASSIGNMENT_REMINDER) -> list[str]:
        """Slots of what is planned and still to come, in order."""
        query = select(DeliveryRow.slot).where(DeliveryRow.kind == kind, DeliveryRow.state == "pending")
        async with reading(self.database) as session:
            return list(await session.scalars(query.order_by(DeliveryRow.slot)))

    async def rows(self, table):
        async with reading(self.database) as session:
            return list(await session.scalars(select(table).order_by(table.id)))


async def leave_out(delivery: Delivery) -> Skip:
    return Skip(f"{delivery.kind} is not about assignments")


def people(post: Post) -> list[int]:
    """The numbers of those whom a post pings."""
    return [user_id - A_SNOWFLAKE for user_id in post.mentions]


@asynccontextmanager
async def assignment_team(database_file: Path) -> AsyncIterator[Team]:
    """A team on Monday morning with nobody on its roster."""
    url = f"sqlite+aiosqlite:///{database_file}"
    await migrate(url)
    database = Database(url)
    services = Services.over(database, lambda: None)
    moderator = Caller(GUILD, (CHANNEL,), 2, "운영자", True, frozenset(), MORNING)
    await services.teams.setup(moderator, "스터디", {})
    yield Team(database, services, FakeClock(), Channel(), moderator)
    await database.dispose()
